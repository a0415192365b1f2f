// Package fault is the one error type that crosses floors.
//
// It knows the kind of a failure (invalid, not found, conflict…), the operation in which it
// happened and a message key that a door translates for the person who reads it. It refuses to
// know status codes, exit codes and languages: each door translates once.
package fault
