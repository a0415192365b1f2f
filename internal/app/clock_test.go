package app

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"relance/internal/ground/cal"
)

// tick does what the background does at an instant.
func (s *stage) tick(at time.Time) {
	s.t.Helper()
	s.at = at
	run, mail, err := s.app.due(s.ctx, at)
	s.must(err)
	for _, c := range run {
		args := fmt.Sprintf(`{"company":%d}`, c)
		s.must(s.app.Work(s.ctx, workRun, args))
		s.must(s.app.Work(s.ctx, workSend, args))
	}
	for _, c := range mail {
		s.must(s.app.Work(s.ctx, workSend, fmt.Sprintf(`{"company":%d}`, c)))
	}
}

// zone moves the company.
func (s *stage) zone(name string, workingDays bool) {
	s.t.Helper()
	c, err := s.desk.Company(s.ctx)
	s.must(err)
	c.Profile.TimeZone = name
	s.must(s.desk.SetProfile(s.ctx, c.Profile))
	if workingDays {
		return
	}
	_, _, problems, err := s.desk.ImportScenario(s.ctx, []byte("name: any-day\nworking_days: false\nsteps:\n"+
		"  - {id: reminder-1, kind: reminder, at: 5, channels: [email], to: [accounting], template: standard/reminder-1, automation: auto}\n"))
	s.must(err)
	if len(problems) > 0 {
		s.t.Fatal(problems)
	}
	c.Profile.Scenario = "any-day"
	s.must(s.desk.SetProfile(s.ctx, c.Profile))
}

// Ticks around the two nights on which the clock changes, wherever the company is: one message, on its own civil day,
// inside its hours (story 24). The day of the change is a Sunday: what falls on it leaves on Monday.
func TestNightsOfTheClockChange(t *testing.T) {
	for _, zone := range []string{"Europe/Paris", "America/Martinique", "Pacific/Noumea", "America/Miquelon"} {
		for due, monday := range map[string]string{"2026-03-24": "2026-03-30", "2026-10-20": "2026-10-26"} { // due + 5 is the Sunday
			t.Run(zone+" "+monday, func(t *testing.T) {
				onStage(t, due, func(s *stage) {
					s.zone(zone, false)
					s.customers("C1 compta@un.example")
					s.invoice("F-1", "C1", due, "1200.00")
					s.known()
					where, err := time.LoadLocation(zone)
					s.must(err)
					y, m, d := cal.MustParse(monday).AddDays(-2).Civil()
					for at, end := time.Date(y, m, d, 12, 0, 0, 0, time.UTC), time.Date(y, m, d+4, 0, 0, 0, 0, time.UTC); at.Before(end); at = at.Add(10 * time.Minute) {
						before := len(s.mail.taken)
						s.tick(at)
						if now := at.In(where); len(s.mail.taken) > before && (now.Format("2006-01-02") != monday || now.Format("15:04") < "08:30" || now.Format("15:04") >= "17:30") {
							t.Errorf("it left at %s", now)
						}
					}
					if len(s.mail.taken) != 1 {
						t.Errorf("%d messages", len(s.mail.taken))
					}
				})
			})
		}
	}
}

// A run every minute of a day sends each message once.
func TestEveryMinute(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.waiting(3)
		from := time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)
		for minute := range 24 * 60 {
			s.tick(from.Add(time.Duration(minute) * time.Minute))
		}
		if len(s.mail.taken) != 3 {
			t.Errorf("%d messages", len(s.mail.taken))
		}
	})
}

// The clock set back changes nothing that was sent, and nothing is sent again when it is right again; the next step comes on
// its day.
func TestClockSetBack(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.waiting(2)
		right := s.at
		s.tick(right)
		for _, back := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour, 10 * 24 * time.Hour, 400 * 24 * time.Hour} {
			s.tick(right.Add(-back))
			s.tick(right)
		}
		if len(s.mail.taken) != 2 {
			t.Fatalf("%d messages", len(s.mail.taken))
		}
		s.at = right.Add(-time.Hour)
		if got := s.sends(SendOptions{}); len(got.Closed) != 1 || got.Closed[0].Name != "clock" {
			t.Errorf("the door of a clock that is behind: %+v", got)
		}
		for day := range 30 {
			s.known()
			s.tick(right.AddDate(0, 0, day))
		}
		second := map[string]int{}
		for _, x := range s.mail.taken {
			second[x.to[0]]++
		}
		for to, n := range second {
			if n != 2 {
				t.Errorf("%s has %d messages after a month", to, n)
			}
		}
	})
}

// Ten days off: what fell in them leaves on the first day back, one message a customer, and the next step keeps its distance.
func TestTenDaysOff(t *testing.T) {
	onStage(t, "2026-11-20", func(s *stage) {
		var customers []string
		for i := range 4 {
			customers = append(customers, fmt.Sprintf("C%02d compta@c%02d.example", i, i))
		}
		s.customers(customers...)
		for i, due := range []string{"2026-11-02", "2026-11-16", "2026-11-19", "2026-11-24"} { // their steps fall on eight days
			s.invoice(fmt.Sprintf("F-%02d", i), fmt.Sprintf("C%02d", i), due, "1200.00")
		}
		days := map[string][]cal.Date{}
		for day := range 40 {
			if day > 0 && day <= 10 {
				continue // the machine is off
			}
			s.day(cal.MustParse("2026-11-20").AddDays(day).String())
			s.known()
			before := len(s.mail.taken)
			s.tick(s.at)
			for _, x := range s.mail.taken[before:] {
				days[x.to[0]] = append(days[x.to[0]], cal.MustParse("2026-11-20").AddDays(day))
			}
		}
		for i := range 4 {
			to := fmt.Sprintf("compta@c%02d.example", i)
			list := days[to]
			if len(list) == 0 {
				t.Errorf("%s was forgotten", to)
			}
			for k := range list {
				if k > 0 && list[k]-list[k-1] < 7 {
					t.Errorf("%s was written to on %s and %s", to, list[k-1], list[k])
				}
			}
			if i > 0 && !slices.Contains(list, cal.MustParse("2026-12-01")) {
				t.Errorf("%s was written to on %v, not on the first day back", to, list)
			}
		}
	})
}

// Runs and sendings started at once, in as many processes as there are, make one message a customer.
func TestAtOnce(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		const n = 40
		s.waiting(n / 2)
		var who []string
		for i := n / 2; i < n; i++ {
			who = append(who, fmt.Sprintf("D%02d compta@d%02d.example", i, i))
		}
		s.customers(who...)
		for i := n / 2; i < n; i++ {
			s.invoice(fmt.Sprintf("G-%02d", i), fmt.Sprintf("D%02d", i), "2026-11-16", "1200.00")
		}
		var wg sync.WaitGroup
		for range 4 {
			other := New(Options{Store: s.app.store, Now: s.app.now, Mail: s.mail, Print: paper{}}).As(System(s.desk.actor.Company, "other"))
			wg.Go(func() {
				if err := retry(s.ctx, func() error { _, err := other.Run(s.ctx, RunOptions{}); return err }); err != nil {
					t.Error(err)
				}
				if _, err := other.SendDue(s.ctx, SendOptions{}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		s.sends(SendOptions{})
		got := map[string]int{}
		for _, x := range s.mail.taken {
			got[x.to[0]]++
		}
		if len(got) != n || len(s.mail.taken) != n {
			t.Errorf("%d messages to %d customers, of %d", len(s.mail.taken), len(got), n)
		}
	})
}

// The schedule asks for nothing in the night, nor on a day on which nothing leaves.
func TestScheduleKeepsQuiet(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.waiting(1)
		for at, want := range map[string]bool{"2026-11-23T05:00": false, "2026-11-23T09:00": true, "2026-11-23T20:00": false, "2026-11-22T09:00": false} {
			now, err := time.Parse("2006-01-02T15:04", at)
			s.must(err)
			_, mail, err := s.app.due(s.ctx, now)
			s.must(err)
			if got := len(mail) == 1 && mail[0] == s.desk.actor.Company; got != want {
				t.Errorf("mail at %s: %v", at, mail)
			}
		}
	})
}
