package app

import (
	"fmt"
	"strings"
	"testing"

	"relance/internal/domain/cash"
	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// statement brings movements in as one of the bank's files.
func (s *stage) statement(name string, tell func(...movedOnce) string, list ...movedOnce) *FileReport {
	s.t.Helper()
	rep, err := s.desk.Import(s.ctx, []ImportFile{FileIn(name, []byte(tell(list...)))}, ImportOptions{Kind: ImportBank})
	s.must(err)
	s.must(rep.Failure())
	return rep.Files[0]
}

func camt053(list ...movedOnce) string { return asCAMT("053", list...) }

// line finds the only bank line of an amount.
func (s *stage) line(amount int64) LineView {
	s.t.Helper()
	v, err := s.desk.Bank(s.ctx, "", 0, 1000)
	s.must(err)
	var found []LineView
	for _, l := range v.Lines {
		if l.Amount == amount {
			found = append(found, l)
		}
	}
	if len(found) != 1 {
		s.t.Fatalf("%d lines of %s", len(found), euros(amount))
	}
	return found[0]
}

// owed tells what is open of invoices: "F-1 100.00, F-2 0.00".
func (s *stage) owed(numbers ...string) string {
	s.t.Helper()
	var out []string
	s.must(s.desk.view(s.ctx, func(tx *store.Tx) error {
		for _, n := range numbers {
			docs, err := tx.DocsByNumber(s.ctx, []string{n})
			if err != nil || len(docs) == 0 {
				return fmt.Errorf("%s: %w", n, err)
			}
			out = append(out, n+" "+euros(openOf(docs[0])))
		}
		return nil
	}))
	return strings.Join(out, ", ")
}

func (s *stage) wantOwed(want string) {
	s.t.Helper()
	var numbers []string
	for _, x := range strings.Split(want, ", ") {
		n, _, _ := strings.Cut(x, " ")
		numbers = append(numbers, n)
	}
	if got := s.owed(numbers...); got != want {
		s.t.Fatalf("owed: %s\nwant: %s", got, want)
	}
}

// aged is the total of the aged balance at a day, in euros.
func (s *stage) aged(day string) string {
	s.t.Helper()
	_, tables, err := s.desk.Aging(s.ctx, cal.MustParse(day))
	s.must(err)
	for _, a := range tables {
		if a.Currency == money.EUR {
			return euros(a.Total)
		}
	}
	return "0.00"
}

func (s *stage) wantAged(day, want string) {
	s.t.Helper()
	if got := s.aged(day); got != want {
		s.t.Errorf("the aged balance at %s: %s, want %s", day, got, want)
	}
}

// sums checks that ledger, aged balance, account and statement say the same of a customer today.
func (s *stage) sums(customer string) {
	s.t.Helper()
	a, err := s.desk.Account(s.ctx, customer)
	s.must(err)
	st, err := s.desk.Statement(s.ctx, customer, 0)
	s.must(err)
	_, tables, err := s.desk.Aging(s.ctx, 0)
	s.must(err)
	aged := int64(0)
	for _, t := range tables {
		for _, c := range t.Customers {
			if c.Customer == customer {
				aged += c.Total
			}
		}
	}
	stated := int64(0)
	for _, p := range st.Currencies {
		stated += p.Total
	}
	if a.Balances[money.EUR] != aged || stated != aged {
		s.t.Errorf("account %s, aged balance %s, statement %s", euros(a.Balances[money.EUR]), euros(aged), euros(stated))
	}
	if v, err := s.desk.VerifyJournal(s.ctx); err != nil || v.Broken != "" {
		s.t.Errorf("journal: %+v, %v", v, err)
	}
}

// level is the level that the only instalment of an invoice has reached.
func (s *stage) level(number string) int {
	s.t.Helper()
	w, err := s.desk.Why(s.ctx, number, 0)
	s.must(err)
	return w.Items[0].Level
}

// payments lists what a customer paid, oldest first.
func (s *stage) payments(code string) (list []*store.Payment) {
	s.t.Helper()
	s.must(s.desk.view(s.ctx, func(tx *store.Tx) error {
		c, err := tx.CustomerByCode(s.ctx, code)
		if err != nil {
			return err
		}
		list, err = tx.PaymentsOf(s.ctx, []id.Customer{c.ID})
		return err
	}))
	return list
}

// reminded is a customer who owes an invoice of 1,200.00 and has had the first reminder.
func (s *stage) reminded() {
	s.t.Helper()
	s.customers("C1 compta@un.example")
	s.invoice("F-26-001", "C1", "2026-11-13", "1200.00")
	s.run()
	s.wantStates("reminder-1 sent")
}

// A direct debit that comes back, told by a statement, by French records or by hand: the invoice is owed again with
// its reason and its level, a call is due the same day, an incident message waits; before that day the ledger says
// that it was paid.
func TestReturnedPayment(t *testing.T) {
	paid := movedOnce{day: "2026-11-24", amount: 120000, name: "CLIENT C1", text: "F-26-001", ref: "BQ1"}
	back := movedOnce{day: "2026-11-26", amount: -120000, name: "CLIENT C1", text: "F-26-001", ref: "BQ2", back: "AM04"}
	for _, c := range []struct {
		name    string
		happens func(s *stage)
	}{
		{"camt", func(s *stage) { s.statement("2.xml", camt053, back) }},
		{"cfonb", func(s *stage) { s.statement("2.cfo", asCFONB, back) }},
		{"by hand", func(s *stage) {
			s.must(s.desk.ReturnPayment(s.ctx, s.payments("C1")[0].ID, cal.MustParse("2026-11-26"), "AM04"))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			onStage(t, "2026-11-18", func(s *stage) {
				s.reminded()
				s.day("2026-11-25")
				if c.name == "cfonb" { // a direct debit: French banks tell of its return as one
					_, err := s.desk.AddPayment(s.ctx, PaymentDraft{Invoice: "F-26-001", Date: cal.MustParse("2026-11-24"), Amount: money.Of(120000, money.EUR),
						Method: cash.DirectDebit})
					s.must(err)
				} else {
					s.statement("1.xml", camt053, paid)
				}
				s.wantOwed("F-26-001 0.00")
				s.day("2026-11-26")
				c.happens(s)
				s.wantOwed("F-26-001 1200.00")
				if s.level("F-26-001") != 1 {
					s.t.Errorf("level %d after the return", s.level("F-26-001"))
				}
				s.wantStates("reminder-1 sent, incident proposed")
				tasks, err := s.desk.Tasks(s.ctx)
				s.must(err)
				if len(tasks) != 1 || tasks[0].Kind != string(dunning.Call) || !strings.Contains(tasks[0].Why, "AM04") {
					s.t.Errorf("tasks: %+v", tasks)
				}
				s.wantAged("2026-11-23", "1200.00")
				s.wantAged("2026-11-25", "0.00")
				s.wantAged("2026-11-26", "1200.00")
				s.sums("C1")
				if c.name == "by hand" { // interest runs as if nothing had been paid, and the scenario goes on
					s.until("2027-01-05", true)
					if n := strings.Count(s.states(), "reminder-2 sent"); n != 1 {
						s.t.Errorf("reminder 2 left %d times: %s", n, s.states())
					}
					return
				}
				s.must(s.desk.ReopenLine(s.ctx, s.line(-120000).ID, "the bank was wrong"))
				s.wantOwed("F-26-001 0.00")
				s.wantAged("2026-11-26", "0.00")
				s.sums("C1")
			})
		})
	}
}

// The statement that tells of the return may come before the one that tells of the payment.
func TestReturnBeforeItsPayment(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.reminded()
		s.day("2026-11-26")
		s.statement("2.xml", camt053, movedOnce{day: "2026-11-25", amount: -120000, name: "CLIENT C1", text: "F-26-001", back: "AM04"})
		s.wantOwed("F-26-001 1200.00")
		s.statement("1.xml", camt053, movedOnce{day: "2026-11-24", amount: 120000, name: "CLIENT C1", text: "F-26-001"})
		s.wantOwed("F-26-001 1200.00")
		s.wantAged("2026-11-24", "0.00")
		s.wantAged("2026-11-25", "1200.00")
		s.sums("C1")
	})
}

// A statement that is imported twice is kept once; one that tells more is another, and its known line stays one.
func TestStatementKeptOnce(t *testing.T) {
	onStage(t, "2026-11-26", func(s *stage) {
		m := movedOnce{day: "2026-11-24", amount: 120000, name: "CLIENT C1", text: "F-26-001"}
		s.statement("1.xml", camt053, m)
		s.statement("1-bis.xml", camt053, m)
		v, err := s.desk.Bank(s.ctx, "", 0, 10)
		s.must(err)
		if len(v.Statements) != 1 || len(v.Lines) != 1 {
			s.t.Fatalf("%d statements, %d lines", len(v.Statements), len(v.Lines))
		}
		s.statement("2.xml", camt053, m, movedOnce{day: "2026-11-25", amount: 500, name: "X", text: "Y"})
		v, err = s.desk.Bank(s.ctx, "", 0, 10)
		s.must(err)
		if len(v.Statements) != 2 || len(v.Lines) != 2 {
			s.t.Fatalf("%d statements, %d lines", len(v.Statements), len(v.Lines))
		}
	})
}

// A return stays recorded when a later import makes the program think again about the customer's other lines.
func TestReturnStaysAfterLaterImports(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.reminded()
		s.day("2026-11-26")
		s.statement("1.xml", camt053, movedOnce{day: "2026-11-24", amount: 120000, name: "CLIENT C1", text: "F-26-001"},
			movedOnce{day: "2026-11-25", amount: -120000, name: "CLIENT C1", text: "F-26-001", back: "AM04"})
		s.wantOwed("F-26-001 1200.00")
		s.invoice("F-26-002", "C1", "2026-11-20", "300.00")
		s.statement("2.xml", camt053, movedOnce{day: "2026-11-26", amount: 30000, name: "CLIENT C1", text: "F-26-002"})
		s.wantOwed("F-26-001 1200.00, F-26-002 0.00")
		if state := s.line(-120000).State; state != "settled" {
			s.t.Errorf("the line of the return is %s", state)
		}
		s.wantAged("2026-11-24", "300.00")
		s.wantAged("2026-11-26", "1200.00")
		s.sums("C1")
	})
}

// A person has said that a cheque came back before the bank's statement tells it: it is told once.
func TestReturnToldTwice(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.reminded()
		s.day("2026-11-25")
		s.statement("1.xml", camt053, movedOnce{day: "2026-11-24", amount: 120000, name: "CLIENT C1", text: "F-26-001"})
		s.must(s.desk.ReturnPayment(s.ctx, s.payments("C1")[0].ID, cal.MustParse("2026-11-25"), "by phone"))
		s.day("2026-11-26")
		s.statement("2.xml", camt053, movedOnce{day: "2026-11-26", amount: -120000, name: "CLIENT C1", text: "F-26-001", back: "AM04"})
		s.wantOwed("F-26-001 1200.00")
		s.wantStates("reminder-1 sent, incident proposed")
		s.sums("C1")
	})
}

// Undoing the statement that told of a return undoes the return; undoing the one that told of the payment takes
// both away, and importing it again finds both again.
func TestUndoOfReturns(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.reminded()
		s.day("2026-11-26")
		one := movedOnce{day: "2026-11-24", amount: 120000, name: "CLIENT C1", text: "F-26-001"}
		two := movedOnce{day: "2026-11-25", amount: -120000, name: "CLIENT C1", text: "F-26-001", back: "AM04"}
		first := s.statement("1.xml", camt053, one)
		second := s.statement("2.xml", camt053, two)
		s.wantOwed("F-26-001 1200.00")
		_, err := s.desk.UndoImport(s.ctx, second.ID)
		s.must(err)
		s.wantOwed("F-26-001 0.00")
		s.sums("C1")
		s.statement("2.xml", camt053, two)
		s.wantOwed("F-26-001 1200.00")
		_, err = s.desk.UndoImport(s.ctx, first.ID)
		s.must(err)
		s.wantOwed("F-26-001 1200.00")
		s.wantAged("2026-11-24", "1200.00")
		s.sums("C1")
		if n := len(s.payments("C1")); n != 0 {
			s.t.Errorf("%d payments are left", n)
		}
		s.statement("1.xml", camt053, one)
		s.wantOwed("F-26-001 1200.00")
		s.wantAged("2026-11-24", "0.00")
		s.sums("C1")
	})
}

// What a ledger asserts as paid gives way to the payment that a statement names, whichever came first; when that
// payment comes back, the invoice is owed.
func TestAssertedThenPaidThenReturned(t *testing.T) {
	onStage(t, "2026-11-26", func(s *stage) {
		s.customers("C1 compta@un.example")
		file := "F-26-001;2026-10-01;2026-10-31;1200.00;C1;1200.00"
		asserted := func() { s.file(ImportInvoices, "number;issued;due;amount;customer;paid", file) }
		one := movedOnce{day: "2026-11-24", amount: 120000, name: "CLIENT C1", text: "F-26-001"}
		asserted()
		s.statement("1.xml", camt053, one)
		s.wantOwed("F-26-001 0.00")
		s.wantAged("2026-11-25", "0.00")
		asserted()
		s.sums("C1")
		if out := s.run(); out.Sent != 0 {
			s.t.Errorf("%d messages on what is paid", out.Sent)
		}
		s.must(s.desk.ReopenLine(s.ctx, s.line(120000).ID, "not ours"))
		s.wantOwed("F-26-001 0.00") // the ledger's word stands again
		s.must(s.desk.SettleLine(s.ctx, s.line(120000).ID, LineAnswer{Customer: "C1", Parts: []PaymentPart{{Invoice: "F-26-001"}}}))
		s.wantOwed("F-26-001 0.00")
		s.statement("2.xml", camt053, movedOnce{day: "2026-11-25", amount: -120000, name: "CLIENT C1", text: "F-26-001", back: "AM04"})
		s.wantOwed("F-26-001 1200.00")
		s.sums("C1")
	})
}

// Money by hand: posted, released, allocated, refunded, written off, set off, cancelled; at every day that has passed
// the aged balance is what it was, to the cent.
func TestMoneyByHand(t *testing.T) {
	onStage(t, "2026-11-02", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-10-30", "1200.00")
		s.invoice("F-26-002", "C1", "2026-10-31", "300.05")
		past := map[string]string{}
		end := func() {
			s.t.Helper()
			day := dayOf(must(s.desk.Company(s.ctx))(s), s.at).String()
			past[day] = s.aged(day)
			s.sums("C1")
			for d, want := range past {
				s.wantAged(d, want)
			}
		}
		end()
		s.day("2026-11-03")
		p, err := s.desk.AddPayment(s.ctx, PaymentDraft{Customer: "C1", Amount: money.Of(130000, money.EUR), Method: cash.Transfer})
		s.must(err)
		s.wantOwed("F-26-001 0.00, F-26-002 200.05")
		end()
		s.day("2026-11-04")
		s.must(s.desk.ReleasePayment(s.ctx, p.ID))
		s.wantOwed("F-26-001 1200.00, F-26-002 300.05")
		if got := s.aged("2026-11-04"); got != "200.05" {
			s.t.Errorf("the balance after the release: %s", got)
		}
		s.must(s.desk.AllocatePayment(s.ctx, p.ID, []PaymentPart{{Invoice: "F-26-002"}}))
		s.wantOwed("F-26-001 1200.00, F-26-002 0.00")
		end()
		s.day("2026-11-05")
		_, err = s.desk.Refund(s.ctx, Refund{Customer: "C1", Payment: p.ID, Amount: money.Of(50000, money.EUR), Why: "trop perçu"})
		s.must(err)
		if got := s.aged("2026-11-05"); got != "700.05" {
			s.t.Errorf("the balance after the refund: %s", got)
		}
		end()
		s.day("2026-11-06")
		s.must(s.desk.WriteOff(s.ctx, "F-26-001", 0, 20000, "geste commercial"))
		s.must(s.desk.SetOff(s.ctx, "F-26-001", 0, 10000, "notre dette F-77"))
		s.wantOwed("F-26-001 900.00")
		end()
		s.day("2026-11-09")
		list := s.payments("C1")
		s.must(s.desk.CancelPayment(s.ctx, list[len(list)-1].ID, "saisi par erreur"))
		end()
		if err := s.desk.CancelPayment(s.ctx, list[len(list)-1].ID, "encore"); fault.Of(err) != fault.Conflict {
			s.t.Errorf("cancelled twice: %v", err)
		}
		s.day("2026-11-10")
		err = s.desk.CancelPayment(s.ctx, p.ID, "erreur")
		s.must(err)
		end()
	})
}

// must gives a value or ends the story.
func must[T any](v T, err error) func(*stage) T {
	return func(s *stage) T {
		s.t.Helper()
		s.must(err)
		return v
	}
}

// A payment makes void the reminder that waits, and comes back: the debt is asked for again, once.
func TestPaidWhileTheReminderWaits(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "1200.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		p, err := s.desk.AddPayment(s.ctx, PaymentDraft{Invoice: "F-26-001", Amount: money.Of(120000, money.EUR)})
		s.must(err)
		s.wantStates("reminder-1 cancelled")
		s.must(s.desk.CancelPayment(s.ctx, p.ID, "erreur"))
		s.run()
		s.wantStates("reminder-1 cancelled, reminder-1 sent")
	})
}

// A payment that had settled nothing comes back: a call is to be made, and no mail asks for nothing.
func TestCreditComesBack(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.statement("1.xml", camt053, movedOnce{day: "2026-11-16", amount: 7700, name: "CLIENT C1", text: "VIR", ref: "BQ1"})
		s.must(s.desk.SettleLine(s.ctx, s.line(7700).ID, LineAnswer{Customer: "C1", OnCredit: true}))
		s.must(s.desk.ReturnPayment(s.ctx, s.payments("C1")[0].ID, cal.MustParse("2026-11-17"), "AC04"))
		s.wantStates("")
		tasks, err := s.desk.Tasks(s.ctx)
		s.must(err)
		if len(tasks) != 1 || tasks[0].Kind != string(dunning.Call) {
			t.Errorf("tasks: %+v", tasks)
		}
	})
}
