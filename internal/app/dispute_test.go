package app

import (
	"fmt"
	"strings"
	"testing"

	"relance/internal/domain/dispute"
	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// dispute opens a dispute and gives it as the desk lists it.
func (s *stage) dispute(x Dispute) DisputeView {
	s.t.Helper()
	holds, err := s.desk.OpenDispute(s.ctx, x)
	s.must(err)
	v, err := s.desk.Dispute(s.ctx, holds[0].Dispute)
	s.must(err)
	return v
}

// disputed lists the open disputes: "F-1 200.00".
func (s *stage) disputed() string {
	s.t.Helper()
	list, err := s.desk.Disputes(s.ctx, 0, 100)
	s.must(err)
	var out []string
	for _, v := range list {
		out = append(out, v.Invoice+" "+euros(v.Amount))
	}
	return strings.Join(out, ", ")
}

func (s *stage) wantDisputed(want string) {
	s.t.Helper()
	if got := s.disputed(); got != want {
		s.t.Errorf("disputed: %q, want %q", got, want)
	}
}

// Of an invoice of 1,200.00 of which 200.00 are contested, 1,000.00 stay chased. A credit note of 200.00 closes the
// dispute; taking the credit note back opens it again.
func TestPartialDispute(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "1200.00")
		s.dispute(Dispute{Invoice: "F-26-001", Amount: 20000, Category: "price", Cause: "price"})
		s.wantDisputed("F-26-001 200.00")
		p, err := s.desk.Plan(s.ctx, 0)
		s.must(err)
		if len(p.Drafts) != 1 || p.Drafts[0].Row.Open != 100000 {
			s.t.Fatalf("the plan: %+v", told(p.Drafts))
		}
		s.run()
		s.wantStates("reminder-1 sent")
		s.day("2026-11-20")
		s.file(ImportInvoices, "number;kind;issued;amount;customer", "A-26-001;credit-note;2026-11-20;200.00;C1")
		s.must(s.desk.UseCredit(s.ctx, "A-26-001", "F-26-001", 0))
		s.wantDisputed("")
		s.wantOwed("F-26-001 1000.00, A-26-001 0.00")
		counts, ours, known, err := s.desk.DisputeTally(s.ctx, cal.MustParse("2026-11-01"), cal.MustParse("2026-11-30"))
		s.must(err)
		if len(counts) != 1 || counts[0].Code != "price" || ours != 1 || known != 1 || counts[0].Amount != 20000 {
			s.t.Errorf("the causes: %+v, %d of %d ours", counts, ours, known)
		}
		s.must(s.desk.ReleaseCredit(s.ctx, "A-26-001"))
		s.wantDisputed("F-26-001 200.00")
		s.wantOwed("F-26-001 1200.00, A-26-001 200.00")
		s.sums("C1")
	})
}

// A credit note that a file brings, naming the invoice, closes the dispute too.
func TestCreditNoteByFileClosesDispute(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "1200.00")
		s.dispute(Dispute{Invoice: "F-26-001", Amount: 20000, Category: "price"})
		rep, err := s.desk.Import(s.ctx, []ImportFile{FileIn("a.xml", []byte(strings.ReplaceAll(
			ublInvoice("381", "A-26-001", "732829320", buyer("Client C1", "", "75001"), "", "200.00", "F-26-001"), "2026-10-01", "2026-11-18")))}, ImportOptions{Kind: ImportInvoices})
		s.must(err)
		s.must(rep.Failure())
		s.wantOwed("F-26-001 1000.00")
		s.wantDisputed("")
		_, err = s.desk.UndoImport(s.ctx, rep.Files[0].ID)
		s.must(err)
		s.wantOwed("F-26-001 1200.00")
		s.wantDisputed("F-26-001 200.00")
	})
}

// A dispute over the whole of two instalments is over when both are paid, not one; undoing the payment opens it again.
func TestPaymentClosesDispute(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.file(ImportInvoices, "number;issued;due;amount;customer", "F-26-001;2026-10-01;2026-10-31;600.00;C1", "F-26-001;2026-10-01;2026-11-13;600.00;C1")
		s.dispute(Dispute{Invoice: "F-26-001", Category: "delivery"})
		if out := s.run(); out.Sent != 0 {
			s.t.Errorf("%d messages on what is contested", out.Sent)
		}
		pay := func() *store.Payment {
			p, err := s.desk.AddPayment(s.ctx, PaymentDraft{Invoice: "F-26-001", Amount: money.Of(60000, money.EUR)})
			s.must(err)
			return p
		}
		pay()
		s.wantDisputed("F-26-001 1200.00")
		last := pay()
		s.wantDisputed("")
		s.must(s.desk.CancelPayment(s.ctx, last.ID, "error"))
		s.wantDisputed("F-26-001 1200.00")
		_, err := s.desk.CloseDispute(s.ctx, "F-26-001", Ending{Outcome: "refused", Cause: "unfounded"})
		s.must(err)
		s.wantDisputed("")
		if _, err := s.desk.CloseDispute(s.ctx, "F-26-001", Ending{}); fault.Of(err) != fault.NotFound {
			s.t.Errorf("closed twice: %v", err)
		}
		for _, x := range []Dispute{{Invoice: "F-26-001", Amount: -1}, {Invoice: "F-26-001", Category: "weather"}, {Invoice: "F-99"}, {}} {
			if _, err := s.desk.OpenDispute(s.ctx, x); err == nil {
				s.t.Errorf("taken: %+v", x)
			}
		}
		if list, err := s.desk.Holds(s.ctx); err != nil || len(list) != 0 {
			s.t.Errorf("held still: %+v, %v", list, err)
		}
		s.must(s.desk.SetDisputeCategory(s.ctx, dispute.Category{Code: "price", Owner: "Paul", Days: 2}))
		if v := s.dispute(Dispute{Invoice: "F-26-001", Category: "price"}); v.Owner != "Paul" || v.AnswerBy.String() != "2026-11-20" {
			s.t.Errorf("owner %s, to answer by %s", v.Owner, v.AnswerBy)
		}
	})
}

// A colleague answers a question by its link, once, in its time, and sees nothing else.
func TestQuestionByLink(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "1200.00")
		v := s.dispute(Dispute{Invoice: "F-26-001", Amount: 20000, Category: "delivery"})
		ask := func() string {
			secret, err := s.desk.AskColleague(s.ctx, v.ID, "Luc", "luc@vasseur.example", "Livrés ?")
			s.must(err)
			return secret
		}
		first, second, third := ask(), ask(), ask()
		q, err := s.app.Question(s.ctx, first)
		s.must(err)
		if q.Invoice != "F-26-001" || q.Amount.Minor != 20000 || q.Question.Question != "Livrés ?" || q.Closed {
			s.t.Errorf("asked: %+v", q)
		}
		for _, wrong := range []string{"", first + "x", strings.ToUpper(first), tokenOf(first)} {
			if _, err := s.app.Question(s.ctx, wrong); fault.Of(err) != fault.NotFound {
				s.t.Errorf("%q opens: %v", wrong, err)
			}
		}
		long := strings.Repeat("é", maxWords)
		s.must(s.app.AnswerQuestion(s.ctx, first, "partly", long))
		if err := s.app.AnswerQuestion(s.ctx, first, "no", "encore"); fault.Of(err) != fault.Conflict {
			s.t.Errorf("answered twice: %v", err)
		}
		answers := make([]error, 2)
		_ = atOnceDo(func() error { answers[0] = s.app.AnswerQuestion(s.ctx, second, "yes", "oui"); return nil },
			func() error { answers[1] = s.app.AnswerQuestion(s.ctx, second, "no", "non"); return nil })
		if (answers[0] == nil) == (answers[1] == nil) {
			s.t.Errorf("answered at once: %v", answers)
		}
		tasks, err := s.desk.Tasks(s.ctx)
		s.must(err)
		if len(tasks) != 1 || tasks[0].Kind != "dispute" {
			s.t.Errorf("tasks: %+v", tasks)
		}
		other, err := s.app.CreateCompany(s.ctx, "XX", org.Profile{Name: "Autre"})
		s.must(err)
		if _, err := s.app.As(System(other.ID, "owner")).AskColleague(s.ctx, v.ID, "Luc", "", "?"); err == nil {
			s.t.Error("another company asks about our dispute")
		}
		s.day("2026-12-19")
		if err := s.app.AnswerQuestion(s.ctx, third, "yes", "trop tard"); fault.Key(err) != "app.question.over" {
			s.t.Errorf("answered after its time: %v", err)
		}
		fourth := ask()
		_, err = s.desk.CloseDispute(s.ctx, "F-26-001", Ending{Outcome: "accepted"})
		s.must(err)
		if err := s.app.AnswerQuestion(s.ctx, fourth, "yes", "oui"); fault.Key(err) != "app.question.over" {
			s.t.Errorf("answered after the dispute: %v", err)
		}
	})
}

// Behaviour 20 and 26: reminders switched off vanish at once, and resume without a burst.
func TestSwitchedOffAndOn(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-26-001", "C1", "2026-11-13", "1200.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		holds, err := s.desk.AddHold(s.ctx, HoldDraft{Customer: "C1", Reason: dunning.HoldPause})
		s.must(err)
		s.wantStates("reminder-1 cancelled")
		for _, day := range []string{"2026-11-19", "2026-12-10"} {
			s.day(day)
			if out := s.run(); out.Sent != 0 {
				s.t.Errorf("%s: %d messages to who is excluded", day, out.Sent)
			}
		}
		s.must(s.desk.EndHold(s.ctx, holds[0].ID))
		sent := 0
		for _, day := range []string{"2026-12-10", "2026-12-11", "2026-12-14"} {
			s.day(day)
			s.must(s.desk.SetPaymentsKnown(s.ctx, cal.MustParse(day)))
			sent += s.run().Sent
		}
		if sent != 1 {
			s.t.Errorf("%d messages in three days after it was switched on again: %s", sent, s.states())
		}
	})
}

// What a file says is paid closes the dispute too, whichever file it is; taken back with the file, the dispute stands again.
func TestDisputePaidByAFile(t *testing.T) {
	for name, f := range map[string]struct {
		kind ImportKind
		all  bool // a list of everything open
		text string
		how  string
	}{
		"payments":    {ImportPayments, false, "customer;date;amount;invoice\nC1;2026-11-17;1115.75;F-1\n", "paid"},
		"paid":        {ImportInvoices, false, "number;issued;due;amount;customer;paid\nF-1;2026-10-11;2026-11-10;1115.75;C1;1115.75\n", "paid"},
		"absent":      {ImportInvoices, true, "number;issued;due;amount;customer\nF-2;2026-10-11;2026-11-10;500.00;C1\n", "paid"},
		"credit note": {ImportInvoices, false, strings.ReplaceAll(ublInvoice("381", "A-1", "732829320", buyer("Client C1", "", "75001"), "", "1115.75", "F-1"), "2026-10-01", "2026-11-18"), "credit-note"},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, "2026-11-18", func(s *stage) {
				s.customers("C1 un@un.example")
				s.invoice("F-1", "C1", "2026-11-10", "1115.75")
				s.invoice("F-2", "C1", "2026-11-10", "500.00")
				v := s.dispute(Dispute{Invoice: "F-1", Category: "price"})
				put := func() *FileReport {
					rep, err := s.desk.Import(s.ctx, []ImportFile{FileIn("f.csv", []byte(f.text))}, ImportOptions{Kind: f.kind, Snapshot: f.all})
					s.must(err)
					s.must(rep.Failure())
					return rep.Files[0]
				}
				file := put()
				s.wantDisputed("")
				put()
				if v, err := s.desk.Dispute(s.ctx, v.ID); err != nil || v.Outcome != f.how {
					s.t.Errorf("it ended by %q, want %q (%v)", v.Outcome, f.how, err)
				}
				_, err := s.desk.UndoImport(s.ctx, file.ID)
				s.must(err)
				s.wantOwed("F-1 1115.75")
				s.wantDisputed("F-1 1115.75")
				if out := s.run(); out.Sent != 1 { // of F-2 only
					s.t.Errorf("%d messages: %s", out.Sent, s.states())
				}
			})
		})
	}
}

// A file that tells of a contested invoice and that it is paid says the same the second time.
func TestPaidAndContestedInOneFile(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 un@un.example")
		put := func(paid, want string) {
			s.t.Helper()
			const head = "number;issued;due;amount;customer;paid;disputed\nF-1;2026-10-11;2026-11-10;900.00;C1;"
			rep, err := s.desk.Import(s.ctx, []ImportFile{FileIn("f.csv", []byte(head+paid+";300.00\n"))}, ImportOptions{Kind: ImportInvoices})
			s.must(err)
			f := rep.Files[0]
			if got := fmt.Sprintf("%d created, %d updated, %d unchanged", f.Created, f.Updated, f.Unchanged); got != want {
				s.t.Errorf("paid %s: %s, want %s", paid, got, want)
			}
		}
		put("900.00", "1 created, 0 updated, 0 unchanged")
		put("900.00", "0 created, 0 updated, 1 unchanged")
		p, err := s.desk.Plan(s.ctx, 0)
		s.must(err)
		if len(p.Drafts) != 0 {
			s.t.Errorf("asked for, and paid: %v", told(p.Drafts))
		}
		put("400.00", "0 created, 1 updated, 0 unchanged")
		put("400.00", "0 created, 0 updated, 1 unchanged")
		p, err = s.desk.Plan(s.ctx, 0)
		s.must(err)
		if len(p.Drafts) != 1 || p.Drafts[0].Row.Open != 20000 {
			s.t.Errorf("500.00 are open, of which 300.00 are contested: %v", told(p.Drafts))
		}
	})
}

// Who contests the whole of an invoice contests what of it was paid too: taken back, that is not asked for. Once a person
// has closed the dispute, nothing opens it again.
func TestWholeDisputeCoversWhatWasPaid(t *testing.T) {
	for name, closed := range map[string]bool{"open": false, "closed": true} {
		t.Run(name, func(t *testing.T) {
			onStage(t, "2026-11-18", func(s *stage) {
				s.customers("C1 un@un.example")
				s.file(ImportInvoices, "number;issued;due;amount;customer", "F-1;2026-10-01;2026-10-31;600.00;C1", "F-1;2026-10-01;2026-11-10;600.00;C1")
				p, err := s.desk.AddPayment(s.ctx, PaymentDraft{Invoice: "F-1", Amount: money.Of(60000, money.EUR)})
				s.must(err)
				holds, err := s.desk.OpenDispute(s.ctx, Dispute{Invoice: "F-1", Category: "price"})
				s.must(err)
				if len(holds) != 1 {
					s.t.Errorf("%d instalments are held, and one is paid", len(holds))
				}
				want := 0
				if closed {
					n, err := s.desk.CloseDispute(s.ctx, "F-1", Ending{Outcome: "refused", Cause: "unfounded"})
					s.must(err)
					if want = 1; n != 1 {
						s.t.Errorf("%d disputes are closed", n)
					}
				}
				s.must(s.desk.CancelPayment(s.ctx, p.ID, "erreur"))
				s.wantOwed("F-1 1200.00")
				if out := s.run(); out.Sent != want {
					s.t.Errorf("%d messages, want %d: %s", out.Sent, want, s.states())
				}
			})
		})
	}
}

// Who has promised an invoice is not asked for the part of it that somebody had entered as paid by mistake; once the promise
// is broken, the whole is.
func TestPromiseCoversWhatWasPaid(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 un@un.example")
		s.file(ImportInvoices, "number;issued;due;amount;customer", "F-1;2026-10-01;2026-10-31;600.00;C1", "F-1;2026-10-01;2026-11-10;600.00;C1")
		p, err := s.desk.AddPayment(s.ctx, PaymentDraft{Invoice: "F-1", Amount: money.Of(60000, money.EUR)})
		s.must(err)
		_, err = s.desk.AddPromise(s.ctx, Promise{Invoice: "F-1", On: cal.MustParse("2026-11-20")})
		s.must(err)
		s.must(s.desk.CancelPayment(s.ctx, p.ID, "erreur"))
		s.wantOwed("F-1 1200.00")
		if out := s.run(); out.Sent != 0 {
			s.t.Errorf("%d messages on what is promised: %s", out.Sent, s.states())
		}
		sent := 0
		for _, day := range []string{"2026-11-20", "2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01"} {
			s.day(day)
			s.known()
			sent += s.run().Sent
		}
		if sent != 1 {
			s.t.Errorf("%d messages once the promise is broken: %s", sent, s.states())
		}
	})
}
