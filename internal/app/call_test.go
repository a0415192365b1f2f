package app

import (
	"strings"
	"testing"

	"relance/internal/domain/dunning"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// called is a customer who owes 1,200.00, has had the first reminder and is to be called.
func (s *stage) called() id.Task {
	s.t.Helper()
	s.reminded()
	s.day("2026-11-25")
	s.must(s.desk.SetPaymentsKnown(s.ctx, cal.MustParse("2026-11-25")))
	s.run()
	return s.callTask()
}

// callTask is the only call to make.
func (s *stage) callTask() id.Task {
	s.t.Helper()
	var found []id.Task
	list, err := s.desk.Tasks(s.ctx)
	s.must(err)
	for _, t := range list {
		if t.Kind == string(dunning.Call) {
			found = append(found, t.ID)
		}
	}
	if len(found) != 1 {
		s.t.Fatalf("%d calls to make: %+v", len(found), list)
	}
	return found[0]
}

// held lists the reasons that block today, with their ends.
func (s *stage) held() string {
	s.t.Helper()
	list, err := s.desk.Holds(s.ctx)
	s.must(err)
	var out []string
	for _, h := range list {
		out = append(out, string(h.Reason)+" "+h.Until.String())
	}
	return strings.Join(out, ", ")
}

// todo lists the kinds of what is to be done.
func (s *stage) todo() string {
	s.t.Helper()
	list, err := s.desk.Tasks(s.ctx)
	s.must(err)
	var out []string
	for _, t := range list {
		out = append(out, t.Kind)
	}
	return strings.Join(out, ", ")
}

// Each result of a call acts: what is held and until when, and what is left to do.
func TestCallResults(t *testing.T) {
	for _, c := range []struct {
		name       string
		call       Call
		held, todo string
	}{
		{"promise", Call{Result: CallPromise, On: cal.MustParse("2026-12-01")}, "promise 2026-12-04", ""},
		{"promise of parts", Call{Result: CallPromise, Parts: []promise.Part{{Due: cal.MustParse("2026-12-01"), Amount: 60000},
			{Due: cal.MustParse("2026-12-15"), Amount: 60000}}}, "promise 2026-12-18", ""},
		{"dispute", Call{Result: CallDispute, Invoice: "F-26-001", Amount: 20000, Category: "price"}, "dispute ", ""},
		{"call back", Call{Result: CallBack, On: cal.MustParse("2026-11-27")}, "reply 2026-11-27", "call"},
		{"no answer", Call{Result: CallNoAnswer}, "", "call"},
		{"wrong number", Call{Result: CallWrongNumber, Phone: "01 23 45 67 89"}, "", "phone"},
		{"paid by transfer", Call{Result: CallPaid, Paid: PaidHow{Method: "transfer", On: cal.MustParse("2026-11-24")}}, "reply 2026-12-02", ""},
		{"paid by cheque", Call{Result: CallPaid, Paid: PaidHow{Method: "cheque", On: cal.MustParse("2026-11-24")}}, "cheque 2026-12-03", ""},
		{"spoken", Call{Result: CallSpoken, Why: "vu"}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			onStage(t, "2026-11-18", func(s *stage) {
				c := c
				c.call.Task = s.called()
				s.must(s.desk.RecordCall(s.ctx, c.call))
				if got := s.held(); got != c.held {
					s.t.Errorf("held: %q, want %q", got, c.held)
				}
				if got := s.todo(); got != c.todo {
					s.t.Errorf("to do: %q, want %q", got, c.todo)
				}
				if c.todo == "" {
					if err := s.desk.RecordCall(s.ctx, c.call); fault.Key(err) != "app.call.done" {
						s.t.Errorf("the same call twice: %v", err)
					}
				}
				s.sums("C1")
			})
		})
	}
	onStage(t, "2026-11-18", func(s *stage) {
		task := s.called()
		for _, bad := range []Call{{Result: "shouted"}, {Result: CallPromise}, {Result: CallBack}, {Result: CallBack, On: cal.MustParse("2026-11-25")},
			{Result: CallPromise, On: cal.MustParse("2026-11-01")}, {Result: CallPromise, On: cal.MustParse("2026-12-01"), Amount: 500000}} {
			bad.Task = task
			if err := s.desk.RecordCall(s.ctx, bad); fault.Of(err) != fault.Invalid {
				s.t.Errorf("%+v: %v", bad, err)
			}
		}
		if s.todo() != "call" || s.held() != "" {
			s.t.Errorf("a refused call acted: %s; %s", s.todo(), s.held())
		}
	})
}

// The e-mail that confirms a call leaves in the same gesture and says what was said; paid before it leaves, it does not.
func TestCallConfirmed(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		task := s.called()
		before := len(s.mail.taken)
		s.must(s.desk.RecordCall(s.ctx, Call{Task: task, Result: CallPromise, With: "Mme Petit", On: cal.MustParse("2026-12-01"), Amount: 70000, Confirm: true}))
		_, err := s.desk.SendDue(s.ctx, SendOptions{})
		s.must(err)
		if len(s.mail.taken) != before+1 {
			s.t.Fatalf("%d mails left: %s", len(s.mail.taken)-before, s.states())
		}
		text := strings.Join(strings.Fields(s.mail.taken[before].msg.Text), " ")
		for _, said := range []string{"Mme Petit", "700,00", "1er décembre 2026"} {
			if !strings.Contains(text, said) {
				s.t.Errorf("the mail does not say %q:\n%s", said, text)
			}
		}
	})
	onStage(t, "2026-11-18", func(s *stage) {
		task := s.called()
		s.must(s.desk.RecordCall(s.ctx, Call{Task: task, Result: CallPromise, With: "Mme Petit", On: cal.MustParse("2026-12-01"), Confirm: true}))
		_, err := s.desk.AddPayment(s.ctx, PaymentDraft{Invoice: "F-26-001", Amount: money.Of(120000, money.EUR)})
		s.must(err)
		before := len(s.mail.taken)
		_, err = s.desk.SendDue(s.ctx, SendOptions{})
		s.must(err)
		if len(s.mail.taken) != before {
			s.t.Errorf("a call was confirmed of what is paid: %s", s.states())
		}
		list, err := s.desk.Outbox(s.ctx, store.Approved)
		s.must(err)
		if len(list) != 0 {
			s.t.Errorf("waiting: %+v", list)
		}
	})
	onStage(t, "2026-11-18", func(s *stage) { // nowhere to send it: nothing of the gesture is kept
		s.customers("C2 ")
		s.must(s.desk.update(s.ctx, "collect", func(m *moment) error {
			all, err := m.AllCustomers(s.ctx)
			if err != nil {
				return err
			}
			all[0].Address.Lines, all[0].Address.City, all[0].Address.Postcode = "", "", ""
			return m.UpdateCustomer(s.ctx, &all[0])
		}))
		s.invoice("F-26-002", "C2", "2026-11-13", "100.00")
		err := s.desk.RecordCall(s.ctx, Call{Customer: "C2", Result: CallPromise, On: cal.MustParse("2026-12-01"), Confirm: true})
		if fault.Key(err) != "app.call.no-address" || s.held() != "" {
			s.t.Errorf("%v; held %q", err, s.held())
		}
	})
}

// A call may stand for the step that comes next, which is then passed and never repeated.
func TestCallAdvances(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		task := s.called()
		w, err := s.desk.Why(s.ctx, "F-26-001", 0)
		s.must(err)
		if w.Items[0].NextStep != "reminder-2" {
			s.t.Fatalf("next: %+v", w.Items[0])
		}
		s.must(s.desk.RecordCall(s.ctx, Call{Task: task, Result: CallSpoken, Advance: true}))
		w, err = s.desk.Why(s.ctx, "F-26-001", 0)
		s.must(err)
		if w.Items[0].NextStep != "reminder-3" {
			s.t.Errorf("next after the call: %+v", w.Items[0])
		}
		for _, day := range []string{"2026-12-03", "2026-12-04", "2026-12-07"} {
			s.day(day)
			s.must(s.desk.SetPaymentsKnown(s.ctx, cal.MustParse(day)))
			s.run()
		}
		if strings.Contains(s.states(), "reminder-2") {
			s.t.Errorf("the step that the call stood for left: %s", s.states())
		}
	})
}
