package app

import (
	"strings"
	"testing"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
)

// An administrator of another company of the same house finds nothing of this one by any verb that names something, with
// this one's own codes, numbers and identifiers, and changes nothing of it; what lists or does everything stays in its own.
func TestAnotherCompany(t *testing.T) {
	onStage(t, "2026-11-18", func(base *stage) {
		s := &shared{stage: base}
		s.open()
		s.live()
		s.find()
		imports, err := s.desk.Imports(s.ctx, 1)
		s.must(err)
		other, err := s.app.CreateCompany(s.ctx, "XX", org.Profile{Name: "Other", IBAN: ourAccount})
		s.must(err)
		stranger := s.app.As(System(other.ID, "Eve"))
		s.must(stranger.AddMailAccount(s.ctx, MailAccount{Host: "mail.other.example", TLS: "none", From: "compta@other.example"}))
		before, facts := s.rowsOf("A")+s.rowsOf("B"), s.entries()
		same := func(verb string) {
			t.Helper()
			if s.rowsOf("A")+s.rowsOf("B") != before || s.entries() != facts {
				t.Fatalf("%s by a stranger changes what is ours", verb)
			}
		}
		named := append(s.ofB(), gesture{"UndoImport", func(d *Desk) (any, error) { return d.UndoImport(s.ctx, imports[0].ID) }})
		for _, g := range named {
			v, err := g.call(stranger)
			if k := fault.Of(err); err != nil && k != fault.NotFound && k != fault.Invalid && k != fault.Conflict {
				t.Errorf("%s of ours by a stranger: %v", g.verb, err)
			}
			if got := answerOf(v); err == nil && got != "null" && got != "0" && got != "[]" {
				t.Errorf("%s tells a stranger %.200s", g.verb, got)
			}
			same(g.verb)
		}
		for _, g := range s.wide() {
			v, err := g.call(stranger)
			if k := fault.Of(err); err != nil && k != fault.NotFound && k != fault.Invalid && k != fault.Conflict {
				t.Errorf("%s by a stranger: %v", g.verb, err)
			}
			for _, m := range append([]string{"Durand", "FA-", "Nobody’s"}, marks...) {
				if got := answerOf(v); strings.Contains(got, m) {
					t.Errorf("%s tells a stranger of us (%s): %.300s", g.verb, m, got)
				}
			}
			same(g.verb)
		}
		if len(s.mail.taken) != 0 {
			t.Errorf("a stranger’s run sent our mail: %+v", s.mail.taken)
		}
	})
}

// Companies that keep the shipped scenarios share them, parsed once: a house of ten thousand weighs no more for it.
func TestScenariosAreShared(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		parsed := func() int {
			_, err := s.desk.Run(s.ctx, RunOptions{})
			s.must(err)
			return len(s.app.scenarios.parsed)
		}
		one := parsed()
		for _, code := range []string{"X1", "X2", "X3"} {
			other, err := s.app.CreateCompany(s.ctx, code, org.Profile{Name: code})
			s.must(err)
			_, err = s.app.As(System(other.ID, "x")).Run(s.ctx, RunOptions{})
			s.must(err)
		}
		if got := parsed(); one == 0 || got != one {
			t.Errorf("%d scenarios are kept for one company, %d for four", one, got)
		}
	})
}
