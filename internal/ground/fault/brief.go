package fault

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strings"
)

// Brief is an error as a log may keep it: its operations, kinds and keys, without what fills the
// sentences. The arguments of a message name people, invoices and sums; a mail server's answer
// quotes addresses. The person at the screen is told everything (i18n.Error), the log is not.
func Brief(err error) string {
	if err == nil {
		return ""
	}
	if f, ok := err.(*Error); ok { //nolint:errorlint // the chain is walked link by link
		return join(": ", f.Op, join(" ", f.Kind.String(), f.Key), Brief(f.Err))
	}
	switch e := err.(type) { //nolint:errorlint // likewise
	case interface{ Unwrap() []error }:
		var parts []string
		for _, x := range e.Unwrap() {
			parts = append(parts, Brief(x))
		}
		return join("; ", parts...)
	case interface{ Unwrap() error }:
		inner := e.Unwrap()
		if !holdsFault(inner) {
			break // a library's own chain: its whole text is of one piece
		}
		head, _ := strings.CutSuffix(err.Error(), ": "+inner.Error())
		if !operation.MatchString(head) {
			head = "" // a sentence, not an operation: it may say anything
		}
		return join(": ", head, Brief(inner))
	}
	return Clean(err.Error())
}

func holdsFault(err error) bool {
	var f *Error
	return errors.As(err, &f)
}

func join(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}

// private is what may tell of a person in the text of a library: addresses, what it quotes, and
// accounts, identifiers or telephone numbers.
var private = regexp.MustCompile(`\S+@\S+|"[^"]*"|«[^»]*»|“[^”]*”|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{3,4}){3,}\b|\+?\d(?:[ .]?\d){7,}`)

// operation is how the house names what was being done: "import.invoices".
var operation = regexp.MustCompile(`^[a-z][a-z0-9.-]*$`)

// Clean takes out of a text what may tell of a person.
func Clean(s string) string { return private.ReplaceAllString(s, "…") }

// Panic is what a log may keep of a panic's value: its text only when the runtime wrote it.
func Panic(v any) string {
	if e, ok := v.(runtime.Error); ok {
		return Clean(e.Error())
	}
	return fmt.Sprintf("%T", v)
}
