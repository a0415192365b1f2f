package app

import (
	"slices"
	"testing"
)

// Two movements that say the same take no turns: what was settled by the one stays so, however often they are thought over.
func TestTwoAlikeTakeNoTurns(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 un@un.example")
		s.invoice("FAC-26-001", "C1", "2026-11-10", "1196.72")
		alike := []movedOnce{{day: "2026-11-12", amount: 119672, text: "FACTURE FAC-26-001", ref: "B1"},
			{day: "2026-11-12", amount: 119672, text: "FACTURE FAC-26-001", ref: "B2"}}
		told := func() (out []string) {
			v, err := s.desk.Bank(s.ctx, "", 0, 10)
			s.must(err)
			for _, l := range v.Lines {
				out = append(out, l.Ref+" "+l.State)
			}
			slices.Sort(out)
			return out
		}
		s.statement("1.xml", camt053, alike...)
		s.wantOwed("FAC-26-001 0.00")
		first := told()
		for _, other := range []string{"FAC-26-002", "FAC-26-003", "FAC-26-004"} {
			s.invoice(other, "C1", "2026-12-10", "77.00") // the lines of C1 are thought over
			if now := told(); !slices.Equal(now, first) {
				t.Errorf("%v, and %v after another invoice", first, now)
			}
			s.wantOwed("FAC-26-001 0.00")
		}
	})
}

// What comes back leaves its invoice to the other movement that names it, in the same import: the next one changes nothing.
func TestRoomForTheOther(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 un@un.example", "C2 deux@deux.example")
		s.invoice("FAC-26-001", "C1", "2026-11-10", "892.38")
		s.invoice("FAC-26-002", "C2", "2026-11-10", "50.00")
		paid := []movedOnce{{day: "2026-11-12", amount: 89238, name: "CLIENT C1", text: "FACTURE FAC-26-001", ref: "B1"},
			{day: "2026-11-13", amount: 91724, name: "CLIENT C1", text: "FACTURE FAC-26-001", ref: "B2"}}
		s.statement("1.xml", camt053, paid...)
		s.wantOwed("FAC-26-001 0.00")
		back := movedOnce{day: "2026-11-18", amount: -89238, name: "CLIENT C1", text: "FACTURE FAC-26-001", ref: "B3", back: "AC04"}
		f := s.statement("2.xml", camt053, append(slices.Clone(paid), back, movedOnce{day: "2026-11-18", amount: 5000, name: "CLIENT C2", text: "FACTURE FAC-26-002", ref: "B4"})...)
		if f.Matched.Returned != 1 || f.Matched.Lines != 3 || f.Matched.Applied != 2 {
			t.Errorf("the figures: %+v", *f.Matched)
		}
		s.wantOwed("FAC-26-001 0.00")
		for range 2 {
			if f := s.statement("3.xml", camt053, append(slices.Clone(paid), back)...); f.Settled+f.Reopened+f.Matched.Taken > 0 {
				t.Errorf("told again: %d settled, %d owed again, %d taken back", f.Settled, f.Reopened, f.Matched.Taken)
			}
		}
		s.sums("C1")
	})
}
