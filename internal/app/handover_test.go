package app

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// waiting is a company with so many approved reminders, each to its own customer.
func (s *stage) waiting(n int) {
	s.t.Helper()
	var customers []string
	for i := range n {
		customers = append(customers, fmt.Sprintf("C%02d compta@c%02d.example", i, i))
	}
	s.customers(customers...)
	for i := range n {
		s.invoice(fmt.Sprintf("F-%02d", i), fmt.Sprintf("C%02d", i), "2026-11-16", "1200.00")
	}
	_, err := s.desk.Run(s.ctx, RunOptions{})
	s.must(err)
}

// claimed is what a worker that is about to go away has claimed.
func (s *stage) claimed(worker string) (list []*store.Message) {
	s.t.Helper()
	s.must(s.desk.update(s.ctx, org.VerbCollect, func(m *moment) (err error) {
		list, err = m.Claim(s.ctx, worker, []id.MailAccount{0}, s.at, defaultLease, m.day, 10)
		return err
	}))
	return list
}

func (s *stage) sends(o SendOptions) *Sent {
	s.t.Helper()
	out, err := s.desk.SendDue(s.ctx, o)
	s.must(err)
	return out
}

// Of what a worker held when it was killed, only what it was handing over is in doubt: what it had not handed over leaves
// by another, and what the server had told it to have taken is sent, on the day it left.
func TestKilledWhileSending(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.waiting(4)
		list := s.claimed("gone")
		if len(list) != 4 {
			t.Fatalf("%d claimed", len(list))
		}
		day := list[0].SendOn
		s.must(s.desk.update(s.ctx, org.VerbCollect, func(m *moment) error {
			var hand []store.Handover
			for _, x := range list[:3] {
				hand = append(hand, store.Handover{Message: x.ID, Day: day, At: s.at.UnixMilli(), SHA256: "abc"})
			}
			held, err := m.HandOver(s.ctx, "gone", hand)
			if len(held) != 3 {
				t.Errorf("%d held", len(held))
			}
			s.must(err)
			return m.Answered(s.ctx, "gone", []store.Handover{{Message: list[0].ID, Outcome: store.Taken, Reply: "250 queued as 7"}, {Message: list[1].ID, Outcome: store.NotTaken}})
		}))
		if got := s.sends(SendOptions{}); got.Sent+got.Uncertain != 0 {
			t.Fatalf("somebody else's lease was broken: %+v", got)
		}
		s.day("2026-11-24")
		if got := s.sends(SendOptions{}); got.Uncertain != 1 || got.Sent != 2 {
			t.Fatalf("%+v", got)
		}
		states := map[id.Message]*store.Message{}
		all, err := s.desk.Outbox(s.ctx, store.Sent, store.Uncertain)
		s.must(err)
		for _, m := range all {
			states[m.ID] = m.Message
		}
		for i, want := range []string{store.Sent, store.Sent, store.Uncertain, store.Sent} {
			if m := states[list[i].ID]; m == nil || m.State != want {
				t.Errorf("message %d is %+v, want %s", i, m, want)
			}
		}
		if m := states[list[0].ID]; m.SentOn != day || m.Reply != "250 queued as 7" || m.SHA256 != "abc" {
			t.Errorf("what the server had taken: %+v", m)
		}
		if len(s.mail.taken) != 2 {
			t.Errorf("%d mails left", len(s.mail.taken))
		}
		v, err := s.desk.VerifyJournal(s.ctx)
		if err != nil || v.Broken != "" {
			t.Error(v, err)
		}
	})
}

// A worker that slept past its lease hands nothing over that another has taken, and what the server tells it late is
// recorded.
func TestLeaseLost(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.waiting(2)
		list := s.claimed("asleep")
		s.at = s.at.Add(2 * defaultLease)
		if got := s.sends(SendOptions{}); got.Sent != 2 {
			t.Fatalf("%+v", got)
		}
		s.must(s.desk.update(s.ctx, org.VerbCollect, func(m *moment) error {
			held, err := m.HandOver(s.ctx, "asleep", []store.Handover{{Message: list[0].ID, Day: m.day}})
			if len(held) != 0 {
				t.Error("it still holds what another has sent")
			}
			return err
		}))
	})
	for what, says := range map[string]func(s *stage){
		"nobody has said anything":                   func(*stage) {},
		"a person has said that it left":             func(s *stage) { s.must(s.desk.Settle(s.ctx, s.ids(store.Uncertain)[0], true)) },
		"a person has said that it did not leave":    func(s *stage) { s.must(s.desk.Settle(s.ctx, s.ids(store.Uncertain)[0], false)) },
		"the server then says that it takes nothing": func(s *stage) { s.mail.answer = nil },
	} {
		t.Run(what, func(t *testing.T) {
			onStage(t, "2026-11-23", func(s *stage) {
				s.waiting(1)
				refused := strings.HasPrefix(what, "the server")
				s.mail.answer = func(string) error {
					s.at = s.at.Add(2 * defaultLease) // the machine slept
					if got := s.sends(SendOptions{}); got.Uncertain != 1 {
						t.Errorf("what nobody knows of is shown: %+v", got)
					}
					says(s)
					if refused {
						return fault.New(fault.Unavailable, "smtp.temporary", "451 later")
					}
					return nil
				}
				got := s.sends(SendOptions{})
				s.mail.answer = nil
				s.at = s.at.Add(time.Hour)
				if refused {
					if s.wantStates("reminder-1 approved"); s.sends(SendOptions{}).Sent != 1 {
						t.Error("what the server did not take is not tried again")
					}
				}
				s.wantStates("reminder-1 sent")
				if s.sends(SendOptions{}); len(s.mail.taken) != 1 {
					t.Errorf("%d mails left: %+v", len(s.mail.taken), got)
				}
			})
		})
	}
}

// The connections of an account are held across processes: a second sending waits for the first one's.
func TestConnectionsAcrossProcesses(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.waiting(9)
		busy := 0
		s.mail.answer = func(string) error {
			if got := s.sends(SendOptions{}); len(got.Closed) == 1 && got.Closed[0].Name == "busy" {
				busy++
			}
			return nil
		}
		if got := s.sends(SendOptions{Limit: 3}); got.Sent != 3 || busy == 0 {
			t.Errorf("%+v, %d found the account busy", got, busy)
		}
		s.mail.answer = nil
		if got := s.sends(SendOptions{}); got.Sent != 6 { // they were given back
			t.Errorf("%+v", got)
		}
	})
}

// An account that may send so many messages a minute sends no more, whoever asks.
func TestRate(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.must(s.desk.AddMailAccount(s.ctx, MailAccount{Host: "mail.example", TLS: "none", From: "compta@vasseur.example", Rate: 6}))
		s.waiting(13)
		left := map[time.Time]int{}
		for n := 0; n < 13; {
			got := s.sends(SendOptions{For: time.Second})
			if n += got.Sent; got.Sent == 0 && !got.More {
				t.Fatalf("%d left, and no more to come: %+v", n, got)
			}
			left[s.at] += got.Sent
			s.at = s.at.Add(max(got.Again, time.Second))
		}
		for from := range left {
			n := 0
			for at, k := range left {
				if !at.Before(from) && at.Before(from.Add(time.Minute)) {
					n += k
				}
			}
			if n > 6 {
				t.Errorf("%d messages in a minute", n)
			}
		}
	})
}

// A sending that is given a time gives its place to others when it is over.
func TestTurn(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.waiting(3)
		s.mail.answer = func(string) error { s.at = s.at.Add(defaultTurn); return nil }
		s.must(s.desk.AddMailAccount(s.ctx, MailAccount{Host: "mail.example", TLS: "none", From: "compta@vasseur.example", Connections: 1, Rate: 59}))
		if got := s.sends(SendOptions{For: defaultTurn}); got.Sent != 1 || !got.More {
			t.Errorf("%+v", got)
		}
	})
}

// An answer to something that happened takes no step of a scenario: found not to have left, it leaves.
func TestUncertainAnswerSettled(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-20", "1200.00")
		_, err := s.desk.OpenDispute(s.ctx, Dispute{Invoice: "F-1", Category: "price", Tell: true})
		s.must(err)
		s.mail.answer = refusing(fault.Unavailable, "smtp.uncertain")
		s.run()
		s.wantStates("dispute-noted uncertain")
		s.must(s.desk.Settle(s.ctx, s.ids(store.Uncertain)[0], false))
		s.mail.answer = nil
		if got := s.sends(SendOptions{}); got.Sent != 1 {
			t.Errorf("%+v", got)
		}
	})
}

// A message whose approval is taken back long after it was decided is too old at once: it is written again.
func TestUnapprovedLate(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.waiting(1)
		for _, day := range []string{"2026-11-27", "2026-11-30"} { // decided, and never sent
			s.day(day)
			s.known()
			_, err := s.desk.Run(s.ctx, RunOptions{})
			s.must(err)
		}
		s.must(s.desk.Unapprove(s.ctx, s.ids(store.Approved)))
		s.run()
		s.wantStates("reminder-1 cancelled, reminder-1 sent")
	})
}

// A customer follows another scenario for a while and comes back: what was done there is not done again.
func TestScenarioThereAndBack(t *testing.T) {
	onStage(t, "2026-11-16", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-23", "1200.00")
		s.run()
		s.wantStates("pre-due sent")
		s.must(s.desk.AssignScenario(s.ctx, "C1", "personal"))
		for _, day := range []string{"2026-11-26", "2026-12-03"} { // a call, then the mail that follows it
			s.day(day)
			s.known()
			_, err := s.desk.Run(s.ctx, RunOptions{})
			s.must(err)
		}
		s.must(s.desk.Skip(s.ctx, s.ids(store.Proposed), "seen"))
		s.must(s.desk.AssignScenario(s.ctx, "C1", "standard"))
		s.day("2026-12-10")
		s.known()
		s.run()
		s.wantStates("pre-due sent, follow-up skipped, reminder-1 sent")
	})
}

// A worker that is asked to stop in the middle of a batch leaves the rest to another, who need not wait.
func TestAskedToStop(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.waiting(5)
		ctx, stop := context.WithCancel(s.ctx)
		s.mail.answer = func(string) error { stop(); return nil }
		if _, err := s.desk.SendDue(ctx, SendOptions{}); err == nil {
			t.Fatal("it did not stop")
		}
		left := len(s.mail.taken)
		if left == 0 || left == 5 {
			t.Fatalf("%d of five were handed over", left)
		}
		s.mail.answer = nil
		if out := s.sends(SendOptions{}); out.Sent != 5-left || out.Uncertain > 0 {
			t.Errorf("%d had left, then %+v", left, out)
		}
	})
}
