package watch

import (
	"context"

	"relance/internal/ground/fault"
)

// Kind is what a piece of work is. There are few: each is a name of a span and a label of a metric.
type Kind string

// The kinds of work.
const (
	Request Kind = "http"       // a request at a door; facts: method, route, status, company, user
	Job     Kind = "job"        // a piece of background work; facts: job, company
	Import  Kind = "import"     // files taken in; facts: company, files, rows, problems
	Batch   Kind = "send.batch" // a batch of messages handed over; facts: company, one count an outcome
	Render  Kind = "render"     // the bytes of a message made
	Dial    Kind = "smtp.dial"  // a mail server reached and signed in to
	Hand    Kind = "smtp.send"  // a message handed over
	Read    Kind = "sql.view"   // a transaction that reads
	Write   Kind = "sql.update" // a transaction that writes
)

// Fact is one thing known of a piece of work.
type Fact struct {
	Key  string
	Text string // "" when it is a number
	N    int64
}

// Word makes a fact of a word of the program's vocabulary.
func Word(key, text string) Fact { return Fact{Key: key, Text: text} }

// Num makes a fact of a count, or of the identifier of a row.
func Num[T ~int | ~int64](key string, n T) Fact { return Fact{Key: key, N: int64(n)} }

// Value is the fact as a string or an int64.
func (f Fact) Value() any {
	if f.Text != "" {
		return f.Text
	}
	return f.N
}

// Watcher is told of work that begins.
type Watcher interface {
	// Begin gives the context in which the work goes on: what begins there is a part of it.
	Begin(ctx context.Context, kind Kind, facts ...Fact) (context.Context, Work)
}

// Work is a piece of work that goes on. It is ended once.
type Work interface {
	Note(facts ...Fact)
	End(err error)
}

type key struct{}

// With makes w watch what is done in the context.
func With(ctx context.Context, w Watcher) context.Context { return context.WithValue(ctx, key{}, w) }

// Begin tells the context's watcher that work begins.
func Begin(ctx context.Context, kind Kind, facts ...Fact) (context.Context, Work) {
	w, ok := ctx.Value(key{}).(Watcher)
	if !ok {
		return ctx, unseen{}
	}
	return w.Begin(ctx, kind, facts...)
}

// unseen is work that nobody watches.
type unseen struct{}

// Note implements Work.
func (unseen) Note(...Fact) {}

// End implements Work.
func (unseen) End(error) {}

// Unseen is work that a watcher does not care about.
var Unseen Work = unseen{}

// Outcome is how work ended, in a word: "ok", or the kind of its error.
func Outcome(err error) string {
	if err == nil {
		return "ok"
	}
	return fault.Of(err).String()
}

// All watches with several eyes.
func All(ws ...Watcher) Watcher { return all(ws) }

type all []Watcher

// Begin implements Watcher.
func (a all) Begin(ctx context.Context, kind Kind, facts ...Fact) (context.Context, Work) {
	var seen every
	for _, w := range a {
		next, work := w.Begin(ctx, kind, facts...)
		ctx = next
		if work != Unseen {
			seen = append(seen, work)
		}
	}
	if len(seen) == 0 {
		return ctx, Unseen
	}
	return ctx, seen
}

type every []Work

// Note implements Work.
func (e every) Note(facts ...Fact) {
	for _, w := range e {
		w.Note(facts...)
	}
}

// End implements Work.
func (e every) End(err error) {
	for _, w := range e {
		w.End(err)
	}
}
