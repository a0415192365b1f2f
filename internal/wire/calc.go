package wire

import "relance/internal/ground/cal"

// DueDate answers `calc due-date`.
type DueDate struct {
	Due      cal.Date `json:"due"`
	Start    cal.Date `json:"start"`              // the day from which the terms were counted
	Counted  string   `json:"counted_from"`       // issued, delivered or received
	Ceiling  cal.Date `json:"ceiling,omitzero"`   // latest lawful date for such terms, where known
	Warnings []string `json:"warnings,omitempty"` // DUE_AFTER_LEGAL_CEILING (C. com. L441-16)
}

// DueDateOf says a due date with the fact it was counted from and the legal ceiling.
func DueDateOf(t cal.Terms, d cal.Dates, due cal.Date) DueDate {
	a := DueDate{Due: due}
	if start, clock, err := t.Start(d); err == nil {
		a.Start, a.Counted = start, string(clock)
	}
	if ceiling, err := t.Ceiling(d); err == nil {
		a.Ceiling = ceiling
		if due > ceiling {
			a.Warnings = []string{"DUE_AFTER_LEGAL_CEILING"}
		}
	}
	return a
}

// Deadline answers `calc deadline`: the last day of the delay, and the first working day from it.
type Deadline struct {
	Raw      cal.Date `json:"raw"`
	Deadline cal.Date `json:"deadline"`
}
