package dunning

import (
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// Sent is the state after a step left: the only way a level rises.
func (s State) Sent(step string, level int, on, payBy cal.Date) State {
	s.Step, s.PassedOn, s.SentOn, s.PayBy = step, on, on, payBy
	s.Level, s.Pending = level, ""
	s.NextOn, s.NextStep = 0, ""
	return s
}

// Passed is the state after a step was skipped, dropped, or became a task: the level stays, and
// so does what the last message printed.
func (s State) Passed(step string, on cal.Date) State {
	s.Step, s.PassedOn, s.Pending = step, on, ""
	s.NextOn, s.NextStep = 0, ""
	return s
}

// Restarted is the state after a person starts an item again: the cycle rises, so that the same
// steps may be done once more (rule 9).
func (s State) Restarted() State { return State{Cycle: s.Cycle + 1} }

// Imagine applies an outcome as if every message had left and every task been made on the day:
// what the simulation sees as past (PRODUCT.md §7). A handover leaves the item in review.
func Imagine(in *Input, out Outcome) {
	at := map[id.Instalment]int{}
	for i := range in.Items {
		at[in.Items[i].ID] = i
	}
	for _, m := range out.Messages {
		w := Written{On: in.Today, Level: m.Level}
		for _, l := range append(append([]Line(nil), m.Lines...), m.Upcoming...) {
			if !l.Advances {
				continue
			}
			it := &in.Items[at[l.Item.ID]]
			it.State = it.State.Sent(l.Step, l.Level, in.Today, m.PayBy)
			w.Items = append(w.Items, l.Item.ID)
		}
		in.Written = append(in.Written, w)
		in.Customer.ConfirmFirst = false
	}
	for _, t := range out.Tasks {
		if t.Step == "" {
			continue
		}
		for _, ti := range t.Items {
			it := &in.Items[at[ti.ID]]
			it.State = it.State.Passed(t.Step, in.Today)
			if t.Kind == string(Handover) {
				it.State.Review = true
			}
		}
	}
}
