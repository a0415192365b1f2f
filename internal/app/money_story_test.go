package app

import (
	"strings"
	"testing"

	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// text is what the last mail said, its blanks made one.
func (s *stage) text() string {
	s.t.Helper()
	if len(s.mail.taken) == 0 {
		s.t.Fatal("no mail left")
	}
	return strings.Join(strings.Fields(s.mail.taken[len(s.mail.taken)-1].msg.Text), " ")
}

// An unmatched payment of 50 against 100: the message says so and asks for the difference (behaviour 7).
func TestUnmatchedPaymentIsDeducted(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "100.00")
		_, err := s.desk.AddPayment(s.ctx, PaymentDraft{Customer: "C1", Amount: money.Of(5000, money.EUR), OnAccount: true})
		s.must(err)
		if out := s.run(); out.Sent != 1 {
			s.t.Fatalf("%d messages: %s", out.Sent, s.states())
		}
		if text := s.text(); !strings.Contains(text, "50,00 €") || !strings.Contains(text, "100,00 €") {
			s.t.Error(text)
		}
		list, err := s.desk.Outbox(s.ctx, store.Sent)
		s.must(err)
		if list[0].Total != 5000 {
			s.t.Errorf("asked: %s", euros(list[0].Total))
		}
		s.sums("C1")
	})
}

// Credits as great as what is owed: no message (behaviour 8).
func TestCreditsCoverTheDebt(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "100.00")
		_, err := s.desk.AddPayment(s.ctx, PaymentDraft{Customer: "C1", Amount: money.Of(10000, money.EUR), OnAccount: true})
		s.must(err)
		if out := s.run(); out.Sent != 0 {
			s.t.Errorf("%d messages: %s", out.Sent, s.states())
		}
	})
}

// Only the overdue instalment is chased; paying it settles; cancelling the payment re-opens the step where it was
// (behaviour 13).
func TestInstalmentPaidAndCancelled(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.file(ImportInvoices, "number;issued;due;amount;customer", "F-26-001;2026-10-13;2026-11-13;600.00;C1", "F-26-001;2026-10-13;2027-01-31;400.00;C1")
		s.run()
		list, err := s.desk.Outbox(s.ctx, store.Sent)
		s.must(err)
		if len(list) != 1 || list[0].Open != 60000 {
			s.t.Fatalf("sent: %s", s.states())
		}
		p, err := s.desk.AddPayment(s.ctx, PaymentDraft{Parts: []PaymentPart{{"F-26-001", 1, 60000}}, Amount: money.Of(60000, money.EUR)})
		s.must(err)
		s.wantOwed("F-26-001 400.00")
		s.must(s.desk.CancelPayment(s.ctx, p.ID, "erreur"))
		s.wantOwed("F-26-001 1000.00")
		if s.level("F-26-001") != 1 {
			s.t.Errorf("level %d", s.level("F-26-001"))
		}
		s.until("2026-12-07", true)
		if strings.Count(s.states(), "reminder-1") != 1 || strings.Count(s.states(), "reminder-2 sent") != 1 {
			s.t.Error(s.states())
		}
	})
}

// An allocated credit note settles; an unallocated one does not but is deducted in the message; taking it back re-opens
// (behaviour 14).
func TestCreditNote(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "100.00")
		s.file(ImportInvoices, "number;kind;issued;amount;customer", "A-26-001;credit-note;2026-11-16;30.00;C1")
		s.wantOwed("F-26-001 100.00")
		s.run()
		list, err := s.desk.Outbox(s.ctx, store.Sent)
		s.must(err)
		if len(list) != 1 || list[0].Total != 7000 {
			s.t.Fatalf("asked: %+v", list)
		}
		s.must(s.desk.UseCredit(s.ctx, "A-26-001", "F-26-001", 0))
		s.wantOwed("F-26-001 70.00, A-26-001 0.00")
		s.must(s.desk.ReleaseCredit(s.ctx, "A-26-001"))
		s.wantOwed("F-26-001 100.00, A-26-001 30.00")
		_, err = s.desk.Refund(s.ctx, Refund{Credit: "A-26-001", Why: "à sa demande"})
		s.must(err)
		s.wantOwed("F-26-001 100.00, A-26-001 0.00")
		s.wantAged("2026-11-18", "100.00")
		s.sums("C1")
	})
}

// Two invoices of one debtor, each with its own open amount, in the one message (behaviour 15).
func TestTwoInvoicesOneMessage(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-12", "100.00")
		s.invoice("F-26-002", "C1", "2026-11-13", "200.00")
		s.pay(2500)
		s.day("2026-11-30") // a part payment gives a week
		s.must(s.desk.SetPaymentsKnown(s.ctx, cal.MustParse("2026-11-30")))
		if out := s.run(); out.Sent != 1 {
			s.t.Fatalf("%d messages: %s", out.Sent, s.states())
		}
		for _, said := range []string{"F-26-001", "75,00 €", "F-26-002", "200,00 €", "275,00 €"} {
			if !strings.Contains(s.text(), said) {
				s.t.Errorf("%q is missing: %s", said, s.text())
			}
		}
	})
}

// A payment from elsewhere, an adjustment, a credit note clear; a refund and a return open again (behaviour 19).
func TestWhatClearsAndWhatReopens(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "100.00")
		s.file(ImportPayments, "customer;date;amount;invoice", "C1;2026-11-17;60.00;F-26-001")
		s.must(s.desk.WriteOff(s.ctx, "F-26-001", 0, 10_00, "geste"))
		s.must(s.desk.SetOff(s.ctx, "F-26-001", 0, 30_00, "notre dette"))
		s.wantOwed("F-26-001 0.00")
		if out := s.run(); out.Sent != 0 {
			s.t.Errorf("%d messages", out.Sent)
		}
		s.must(s.desk.ReturnPayment(s.ctx, s.payments("C1")[0].ID, 0, "MD06"))
		s.wantOwed("F-26-001 60.00")
		s.wantAged("2026-11-17", "40.00") // before the write-off and the set-off of the 18th
		s.sums("C1")
	})
}

// A parent company pays for its subsidiary: who pays and who was invoiced differ (behaviour 21).
func TestParentPays(t *testing.T) {
	onStage(t, "2026-11-25", func(s *stage) {
		s.file(ImportCustomers, "code;name;kind;parent;email", "P;Groupe Lemaire;PRO;;a@un.example", "C1;Menuiserie Durand;PRO;P;b@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "1200.00")
		s.statement("1.xml", camt053, movedOnce{day: "2026-11-24", amount: 120000, name: "GROUPE LEMAIRE", text: "F-26-001"})
		s.wantOwed("F-26-001 0.00")
		if out := s.run(); out.Sent != 0 {
			s.t.Errorf("%d messages on what the parent has paid", out.Sent)
		}
		s.sums("C1")
		s.sums("P")
	})
}

// A customer who pays less a cent, less the bank's charges told by the bank: the difference is told as what it is, and
// taking the line back takes it back too.
func TestSmallDifferences(t *testing.T) {
	onStage(t, "2026-11-25", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "1200.00")
		s.statement("1.xml", camt053, movedOnce{day: "2026-11-24", amount: 119999, name: "CLIENT C1", text: "F-26-001"})
		s.wantOwed("F-26-001 0.00")
		kinds := map[cash.Kind]int64{}
		for _, p := range s.payments("C1") {
			kinds[p.Kind] += p.Amount.Minor
		}
		if kinds[cash.Money] != 119999 || kinds[cash.Rounding] != 1 {
			s.t.Errorf("paid: %v", kinds)
		}
		s.sums("C1")
		s.must(s.desk.ReopenLine(s.ctx, s.line(119999).ID, "no"))
		s.wantOwed("F-26-001 1200.00")
		if n := len(s.payments("C1")); n != 0 {
			s.t.Errorf("%d payments are left", n)
		}
		s.sums("C1")
	})
}
