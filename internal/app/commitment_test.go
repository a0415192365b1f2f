package app

import (
	"strings"
	"testing"

	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// promised is a customer who was reminded of 1,200.00 on 18 November and promises it for the 27th.
func (s *stage) promised(p Promise) {
	s.t.Helper()
	s.reminded()
	p.Invoice, p.Source = "F-26-001", "call"
	if len(p.Parts) == 0 {
		p.On = cal.MustParse("2026-11-27")
	}
	_, err := s.desk.AddPromise(s.ctx, p)
	s.must(err)
}

// until runs every day up to one, the payments known up to each when they are told to be.
func (s *stage) until(day string, known bool) {
	s.t.Helper()
	for d := dayOf(must(s.desk.Company(s.ctx))(s), s.at) + 1; d <= cal.MustParse(day); d++ {
		s.day(d.String())
		if known {
			s.must(s.desk.SetPaymentsKnown(s.ctx, d))
		}
		s.run()
	}
}

func (s *stage) pay(amount int64) {
	s.t.Helper()
	_, err := s.desk.AddPayment(s.ctx, PaymentDraft{Invoice: "F-26-001", Amount: money.Of(amount, money.EUR)})
	s.must(err)
}

// commitment is the only one, as it stands.
func (s *stage) commitment() Committed {
	s.t.Helper()
	var all []Committed
	for _, state := range []promise.State{promise.Running, promise.Kept, promise.Partly, promise.Broken, promise.Cancelled} {
		list, err := s.desk.Commitments(s.ctx, state, 0, 10)
		s.must(err)
		all = append(all, list...)
	}
	if len(all) != 1 {
		s.t.Fatalf("%d commitments", len(all))
	}
	return all[0]
}

// wantAwaiting counts the commitments that only a statement can judge.
func (s *stage) wantAwaiting(want int) {
	s.t.Helper()
	list, err := s.desk.AwaitingCommitments(s.ctx)
	s.must(err)
	if len(list) != want {
		s.t.Errorf("%d commitments await a statement, want %d", len(list), want)
	}
}

func (s *stage) wantCommitment(want promise.State) {
	s.t.Helper()
	if c := s.commitment(); c.State != want {
		s.t.Errorf("the commitment is %s, want %s", c.State, want)
	}
}

// A promise kept before its day is kept; nothing leaves to who has paid.
func TestPromiseKeptEarly(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.promised(Promise{})
		s.until("2026-11-23", true)
		s.pay(120000)
		s.until("2026-12-10", true)
		s.wantCommitment(promise.Kept)
		if s.held() != "" || strings.Contains(s.states(), "reminder-2") {
			s.t.Errorf("held %q; %s", s.held(), s.states())
		}
		s.sums("C1")
	})
}

// A promise that nobody keeps is broken three working days after its day, when payments are known up to it: a call is
// to be made once, and the scenario goes on one step further, never repeating one.
func TestPromiseBroken(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.promised(Promise{})
		s.until("2026-12-02", true)
		s.wantCommitment(promise.Running)
		if s.held() != "promise 2026-12-02" {
			s.t.Errorf("held: %q", s.held())
		}
		s.until("2026-12-03", true)
		s.wantCommitment(promise.Broken)
		if s.todo() != "call" || s.held() != "" {
			s.t.Errorf("to do %q, held %q", s.todo(), s.held())
		}
		s.until("2026-12-18", true)
		if n := strings.Count(s.states(), "reminder-1"); n != 1 {
			s.t.Errorf("reminder 1 left %d times: %s", n, s.states())
		}
		if n := strings.Count(s.states(), "reminder-2 sent"); n != 1 {
			s.t.Errorf("reminder 2 left %d times: %s", n, s.states())
		}
	})
	onStage(t, "2026-11-18", func(s *stage) { // nobody knows what was paid since
		s.promised(Promise{})
		s.must(s.desk.SetPaymentsKnown(s.ctx, cal.MustParse("2026-11-18")))
		s.until("2026-11-30", false)
		s.wantAwaiting(0)
		s.until("2026-12-08", false)
		s.wantAwaiting(1)
		s.wantCommitment(promise.Running)
		if !s.commitment().Standing.Await || strings.Contains(s.states(), "reminder-2") {
			s.t.Errorf("%+v; %s", s.commitment().Standing, s.states())
		}
		s.statement("1.xml", camt053, movedOnce{day: "2026-12-08", amount: -1000, name: "EDF", text: "PRELEVEMENT"})
		s.wantAwaiting(0)
		s.run()
		s.wantCommitment(promise.Broken)
	})
}

// Kept for the greater part it opens a call and no step.
func TestPromiseKeptInPart(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.promised(Promise{})
		s.until("2026-11-26", true)
		s.pay(96000)
		s.until("2026-12-03", true)
		s.wantCommitment(promise.Partly)
		if s.todo() != "call" || strings.Contains(s.states(), "reminder-2") {
			s.t.Errorf("to do %q; %s", s.todo(), s.states())
		}
		s.sums("C1")
	})
}

func thirds(days ...string) (list []promise.Part) {
	for _, d := range days {
		list = append(list, promise.Part{Due: cal.MustParse(d), Amount: 40000})
	}
	return list
}

// A plan of three dates of which the second is missed: with acceleration the whole is due at once; without, a person
// decides and the reminders wait.
func TestPlanMissed(t *testing.T) {
	for name, accelerate := range map[string]bool{"accelerated": true, "not accelerated": false} {
		t.Run(name, func(t *testing.T) {
			onStage(t, "2026-11-18", func(s *stage) {
				s.promised(Promise{Plan: true, Accelerate: accelerate, Parts: thirds("2026-11-25", "2026-12-02", "2026-12-21")})
				s.until("2026-11-25", true)
				s.pay(40000)
				s.until("2026-12-07", true)
				s.wantCommitment(promise.Running)
				s.until("2026-12-08", true)
				s.wantCommitment(promise.Broken)
				if !strings.Contains(s.todo(), "call") {
					s.t.Errorf("to do: %q", s.todo())
				}
				s.until("2026-12-18", true)
				if left := strings.Contains(s.states(), "reminder-2 sent"); left != accelerate {
					s.t.Errorf("reminder 2 left: %v; held %q; %s", left, s.held(), s.states())
				}
				s.sums("C1")
			})
		})
	}
}

// A plan that a person ends holds nothing any more; what a plan may not be is refused.
func TestPlanCancelled(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.promised(Promise{Plan: true, Parts: thirds("2026-11-25", "2026-12-02", "2026-12-21")})
		s.must(s.desk.CancelCommitment(s.ctx, s.commitment().ID, "accord caduc"))
		s.wantCommitment(promise.Cancelled)
		if s.held() != "" {
			s.t.Errorf("held: %q", s.held())
		}
		if err := s.desk.CancelCommitment(s.ctx, s.commitment().ID, "encore"); fault.Key(err) != "app.promise.over" {
			s.t.Errorf("ended twice: %v", err)
		}
		s.until("2026-12-18", true)
		if n := strings.Count(s.states(), "reminder-2 sent"); n != 1 {
			s.t.Errorf("reminder 2 left %d times: %s", n, s.states())
		}
		for _, bad := range []Promise{{On: cal.MustParse("2026-11-01")}, {Parts: thirds("2026-12-20", "2026-12-21", "2026-12-22", "2026-12-23")},
			{Parts: []promise.Part{{Due: cal.MustParse("2026-12-20")}, {Due: cal.MustParse("2026-12-21")}}}, {On: cal.MustParse("2026-12-20"), Amount: -1}} {
			bad.Invoice = "F-26-001"
			if _, err := s.desk.AddPromise(s.ctx, bad); fault.Of(err) != fault.Invalid {
				s.t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

// A payment that kept a promise and comes back leaves the invoice owed.
func TestKeptThenReturned(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.promised(Promise{})
		s.until("2026-11-25", true)
		s.pay(120000)
		s.until("2026-11-26", true)
		s.wantCommitment(promise.Kept)
		s.must(s.desk.ReturnPayment(s.ctx, s.payments("C1")[0].ID, 0, "AM04"))
		s.wantOwed("F-26-001 1200.00")
		if s.level("F-26-001") != 1 || !strings.Contains(s.todo(), "call") {
			s.t.Errorf("level %d, to do %q", s.level("F-26-001"), s.todo())
		}
		s.sums("C1")
	})
}
