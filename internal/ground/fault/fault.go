package fault

import (
	"errors"
	"fmt"
)

// Kind says what a caller may do about an error.
type Kind uint8

// The kinds, from "mend your input" to "call the maintainer".
const (
	Internal    Kind = iota // a bug or a broken machine
	Invalid                 // the input is wrong: Place and Message say where and why
	NotFound                // no such thing in this company
	Conflict                // the thing changed, or already exists
	Forbidden               // the actor may not do this
	Unavailable             // try again later: database busy, mail server closed
)

func (k Kind) String() string {
	switch k {
	case Invalid:
		return "invalid"
	case NotFound:
		return "not found"
	case Conflict:
		return "conflict"
	case Forbidden:
		return "forbidden"
	case Unavailable:
		return "unavailable"
	default:
		return "internal"
	}
}

// Error is a failure with enough context to be shown to a person and to be found in a log.
type Error struct {
	Kind Kind
	Op   string // the operation, for the log: "import.invoices"
	Key  string // message key or stable code: "RATE_NOT_LOADED", "error.scenario.first-after"
	Args []any  // arguments of the message
	Err  error  // the cause, may be nil
}

func (e *Error) Error() string {
	s := e.Key
	if len(e.Args) > 0 {
		s += fmt.Sprint(e.Args)
	}
	if e.Err != nil {
		if s != "" {
			s += ": "
		}
		s += e.Err.Error()
	}
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// New makes an error of a kind with a message key and its arguments.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Wrap adds an operation to *err when it is not nil; meant for one deferred line.
// The kind and key of a *Error below are kept.
func Wrap(err *error, op string) {
	if *err == nil {
		return
	}
	var f *Error
	if errors.As(*err, &f) && f.Op == "" {
		f.Op = op
		return
	}
	*err = fmt.Errorf("%s: %w", op, *err)
}

// Of tells the kind of err: Internal when no *Error is in its chain.
func Of(err error) Kind {
	var f *Error
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// Key returns the message key of err, or "" when it has none.
func Key(err error) string {
	var f *Error
	if errors.As(err, &f) {
		return f.Key
	}
	return ""
}
