package rate

import (
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
)

// MissingRate is the error of a half-year whose rate is not loaded; its fault is Invalid, with
// the key "RATE_NOT_LOADED".
type MissingRate struct {
	Period cal.Semester
	fault  *fault.Error
}

func missing(s cal.Semester) *MissingRate {
	return &MissingRate{s, fault.New(fault.Invalid, "RATE_NOT_LOADED", s.String())}
}

func (e *MissingRate) Error() string { return e.fault.Error() }

// Unwrap gives the fault, by which doors know the kind and the message.
func (e *MissingRate) Unwrap() error { return e.fault }

// Fields are the facts that scripts read beside the message.
func (e *MissingRate) Fields() map[string]any { return map[string]any{"period": e.Period.String()} }
