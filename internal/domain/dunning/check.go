package dunning

import (
	"fmt"
	"time"

	"relance/internal/ground/fault"
)

func monthOf(m int) time.Month { return time.Month(m) }

// Check says everything that is wrong with a scenario, each with the line of its step; an empty
// answer means it can be saved.
func (s *Scenario) Check() []fault.Problem {
	var ps []fault.Problem
	bad := func(line int, field, value, key string, args ...any) {
		ps = append(ps, fault.Problem{Line: line, Field: field, Value: value, Key: key, Args: args})
	}
	if s.Name == "" {
		bad(1, "name", "", "scenario.name.missing")
	}
	seen := map[string]bool{}
	for i, st := range s.Steps {
		if st.ID == "" {
			bad(st.Line, "id", "", "scenario.step.id.missing", i+1)
		} else if seen[st.ID] {
			bad(st.Line, "id", st.ID, "scenario.step.id.twice", st.ID)
		}
		seen[st.ID] = true
		s.checkStep(i, bad)
	}
	return ps
}

func (s *Scenario) checkStep(i int, bad func(line int, field, value, key string, args ...any)) {
	st := s.Steps[i]
	if st.When.IsAfter && i == 0 {
		// Story 12: nothing stands before the first step.
		bad(st.Line, "after", fmt.Sprint(st.When.Days), "scenario.first.after")
	}
	if st.When.IsAfter && st.When.Days < 0 {
		bad(st.Line, "after", fmt.Sprint(st.When.Days), "scenario.after.negative")
	}
	if (st.Kind == FormalNotice || st.Kind == Handover) && st.Automation == Auto {
		bad(st.Line, "automation", string(st.Automation), "scenario.never.auto", st.ID)
	}
	if st.Kind.IsWritten() && len(st.Channels) == 0 {
		bad(st.Line, "channels", "", "scenario.channels.missing", st.ID)
	}
	if st.Kind == PreDue && !st.When.IsAfter && (st.When.From == "" || st.When.From == FromDue) && st.When.Days >= 0 {
		bad(st.Line, "at", fmt.Sprint(st.When.Days), "scenario.predue.after")
	}
	if st.Kind == PreDue && (st.Penalties == ClaimFull || st.Compensation == ClaimFull) {
		bad(st.Line, "claim", "", "scenario.predue.claim")
	}
	if st.When.From == FromNoticeDeadline && !s.noticeBefore(i) {
		bad(st.Line, "at", "", "scenario.deadline.without.notice", st.ID)
	}
	if st.Kind == FormalNotice && !s.reminderBefore(i) {
		bad(st.Line, "kind", string(st.Kind), "scenario.notice.first", st.ID)
	}
	if st.Kind == Handover && i != len(s.Steps)-1 {
		bad(st.Line, "kind", string(st.Kind), "scenario.handover.last", st.ID)
	}
	if i > 0 && s.fallsBefore(i) {
		bad(st.Line, "at", fmt.Sprint(st.When.Days), "scenario.order", st.ID, s.Steps[i-1].ID)
	}
}

// fallsBefore compares two neighbours that count from the same anchor.
func (s *Scenario) fallsBefore(i int) bool {
	a, b := s.Steps[i-1].When, s.Steps[i].When
	if a.IsAfter || b.IsAfter || a.From != b.From || a.EndOfMonth != b.EndOfMonth {
		return false
	}
	return b.Days < a.Days
}

func (s *Scenario) noticeBefore(i int) bool { return s.hasBefore(i, FormalNotice) }

func (s *Scenario) reminderBefore(i int) bool { return s.hasBefore(i, Reminder) }

func (s *Scenario) hasBefore(i int, k StepKind) bool {
	for _, st := range s.Steps[:i] {
		if st.Kind == k {
			return true
		}
	}
	return false
}
