package app

import (
	"strings"
	"testing"

	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

// A plan of three months: each date is told three working days before, the reminders rest; the second date is missed
// and a call is asked for; the plan is over and the scenario goes on where it stood, one step further.
func TestPlanOfPayments(t *testing.T) {
	onStage(t, "2026-09-07", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-08-31", "3000.00")
		s.run()
		s.wantStates("reminder-1 sent")
		_, err := s.desk.AddPromise(s.ctx, Promise{Customer: "C1", Plan: true, Accelerate: true, Parts: []promise.Part{
			{Due: cal.MustParse("2026-10-01"), Amount: 100000}, {Due: cal.MustParse("2026-11-02"), Amount: 100000}, {Due: cal.MustParse("2026-12-01"), Amount: 100000}}})
		s.must(err)
		s.eachDay("2026-09-08", "2026-09-27")
		s.wantStates("reminder-1 sent")
		s.eachDay("2026-09-28", "2026-09-30")
		s.wantStates("reminder-1 sent, plan-notice sent")
		notice := s.mail.taken[len(s.mail.taken)-1].msg
		text := strings.ReplaceAll(notice.Text, "\u00a0", " ")
		if !strings.Contains(text, "1 000,00 €") && !strings.Contains(strings.ReplaceAll(text, "\u202f", " "), "1 000,00 €") || !strings.Contains(text, "1 octobre 2026") && !strings.Contains(text, "1er octobre 2026") {
			t.Errorf("the notice:\n%s", notice.Text)
		}
		s.file(ImportPayments, "customer;date;amount;invoice", "C1;2026-10-01;1000.00;F-1")
		s.eachDay("2026-10-01", "2026-11-05")
		s.wantStates("reminder-1 sent, plan-notice sent, plan-notice sent")
		list, err := s.desk.Commitments(s.ctx, promise.Running, 0, 10)
		s.must(err)
		if len(list) != 1 || list[0].Standing.Parts[0].State != promise.Kept || list[0].Standing.Parts[1].State != promise.Running {
			t.Fatalf("%+v", list)
		}
		s.eachDay("2026-11-06", "2026-11-06")
		tasks, err := s.desk.Tasks(s.ctx)
		s.must(err)
		if len(tasks) == 0 || tasks[0].Kind != "call" || !strings.Contains(tasks[0].Why, "2 novembre 2026") && !strings.Contains(tasks[0].Why, "2\u00a0novembre\u00a02026") {
			t.Errorf("no call about the missed date: %+v", tasks)
		}
		s.eachDay("2026-11-07", "2026-11-20")
		if got := s.states(); !strings.HasSuffix(got, "reminder-2 sent") {
			t.Errorf("the scenario has not gone on one step further: %s", got)
		}
		if list, err = s.desk.Commitments(s.ctx, promise.Broken, 0, 10); err != nil || len(list) != 1 {
			t.Errorf("%+v %v", list, err)
		}
	})
}

// A word of thanks leaves for a payment that settles what was asked for, once, where the company wishes it.
func TestThanks(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		c, err := s.desk.Company(s.ctx)
		s.must(err)
		c.Profile.ThankYou = true
		s.must(s.desk.SetProfile(s.ctx, c.Profile))
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.run()
		s.day("2026-11-25")
		_, err = s.desk.AddPayment(s.ctx, PaymentDraft{Customer: "C1", Amount: money.Euros(120000)})
		s.must(err)
		s.run()
		s.wantStates("reminder-1 sent, thank-you sent")
		if m := s.mail.taken[len(s.mail.taken)-1].msg; !strings.Contains(m.Subject, "bien reçu") {
			t.Errorf("%s\n%s", m.Subject, m.Text)
		}
	})
}

// eachDay runs every day from one to another, payments known each day.
func (s *stage) eachDay(from, to string) {
	s.t.Helper()
	for d := cal.MustParse(from); d <= cal.MustParse(to); d++ {
		s.day(d.String())
		s.known()
		s.run()
	}
}
