package promise

import (
	"cmp"
	"slices"

	"relance/internal/ground/cal"
)

// State is where a commitment, or a part of one, stands.
type State string

// The states.
const (
	Running   State = "running"   // its days are to come, or what was paid is not known yet
	Kept      State = "kept"      // paid in full
	Partly    State = "partly"    // paid for the greater part: a call, not a step
	Broken    State = "broken"    // not paid
	Cancelled State = "cancelled" // a person ended it
)

// What the product decides (PRODUCT.md §3 rule 6).
const (
	GraceDays = 3  // working days after the promised day before it is broken
	Enough    = 80 // percent of a part from which it is partly kept
)

// Part is one dated sum of a commitment, minor units.
type Part struct {
	Due    cal.Date
	Amount int64
}

// Calendar counts working days.
type Calendar interface {
	AddWorkingDays(cal.Date, int) cal.Date
}

// Judged is a part with what became of it.
type Judged struct {
	Part
	Paid  int64 // of it, the earlier parts first
	State State
	Until cal.Date // the last day on which it may still be paid in time
}

// Standing is a commitment at a day.
type Standing struct {
	State State
	Parts []Judged
	Since cal.Date // the first day on which it is broken or partly kept; zero otherwise
	// Await tells that the day of a part has passed and that payments are not known up to it: nobody may say that
	// it was broken (fresh payment data, PRODUCT.md §3 rule 6).
	Await bool
	Next  cal.Date // the next day on which something may change by itself; zero: none
}

// Judge says where the parts of a commitment stand at a day. paid is what was paid since it was made, minor
// units; known is the day up to which payments are known, zero when no source of payments was ever given:
// then the ledger itself is believed.
func Judge(parts []Part, paid int64, today, known cal.Date, c Calendar) Standing {
	list := slices.Clone(parts)
	slices.SortStableFunc(list, func(a, b Part) int { return cmp.Compare(a.Due, b.Due) })
	s := Standing{State: Kept}
	left := paid
	for _, p := range list {
		j := Judged{Part: p, Paid: max(0, min(left, p.Amount)), Until: c.AddWorkingDays(p.Due, GraceDays)}
		left -= j.Paid
		j.State = state(&j, today, known, &s)
		s.Parts = append(s.Parts, j)
		s.State = worst(s.State, j.State)
	}
	return s
}

// state judges one part and notes in s what it means for the whole.
func state(j *Judged, today, known cal.Date, s *Standing) State {
	switch {
	case j.Paid >= j.Amount:
		return Kept
	case today <= j.Until:
		s.next(j.Until + 1)
		return Running
	case !known.IsZero() && known < j.Due:
		s.Await = true
		return Running
	}
	if s.Since.IsZero() || j.Until+1 < s.Since {
		s.Since = j.Until + 1
	}
	if j.Paid*100 >= j.Amount*Enough {
		return Partly
	}
	return Broken
}

func (s *Standing) next(d cal.Date) {
	if s.Next.IsZero() || d < s.Next {
		s.Next = d
	}
}

// worst is what a whole is when its parts are these: broken outweighs all, one that runs outweighs those kept.
func worst(a, b State) State {
	rank := map[State]int{Kept: 0, Running: 1, Partly: 2, Broken: 3}
	if rank[b] > rank[a] {
		return b
	}
	return a
}
