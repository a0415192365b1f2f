package dunning

import "relance/internal/ground/cal"

// maxEntryLevel is the firmest reminder at which an old debt may enter: nobody knows what was said of it before.
const maxEntryLevel = 2

// EntryStep proposes at which step an old item of which nothing was sent enters its scenario (rule 4): the reminder
// that its delay deserves, the second at most; never a formal notice, which always follows a reminder. choices are the
// steps at which it may enter. step is −1 when the item is not late enough for a choice: it starts where every item
// does.
func EntryStep(in Input, it *Item) (step int, choices []int) {
	p := &planner{in: in}
	s := it.Scenario
	step = -1
	if s == nil || it.State.Step != "" || it.State.Pending != "" || it.State.Review || it.Open <= 0 || it.Due >= in.Today {
		return -1, nil
	}
	for i := range s.Steps {
		st := &s.Steps[i]
		if st.Kind == FormalNotice || st.Kind == Handover {
			break
		}
		if st.Kind != Reminder || s.Level(i) > maxEntryLevel {
			continue
		}
		choices = append(choices, i)
		asked := p.nominal(it, i)
		if st.When.IsAfter { // counted from a step that was never done: as the one before it, and the wait
			asked = p.nominal(it, max(0, i-1)).AddDays(st.When.Days)
		}
		if step < 0 || asked <= in.Today {
			step = i
		}
	}
	if len(choices) < 2 {
		return -1, choices
	}
	return step, choices
}

// Enter is the state of an item that enters its scenario at a step: the step before it counts as passed, long enough
// ago for this one to be next; nothing was sent, so nothing will be cited.
func (s *Scenario) Enter(it *Item, step int, today cal.Date) State {
	st := State{Cycle: it.State.Cycle}
	if step <= 0 || step >= len(s.Steps) {
		return st
	}
	gap := s.StepGap
	if w := s.Steps[step].When; w.IsAfter {
		gap = max(gap, w.Days)
	}
	return st.Passed(s.Steps[step-1].ID, today.AddDays(-max(gap, 1)))
}
