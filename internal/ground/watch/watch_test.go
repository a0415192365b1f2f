package watch

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"relance/internal/ground/fault"
)

// diary writes what it is told of one kind of work.
type diary struct {
	kind Kind
	b    *strings.Builder
}

func (d diary) Begin(ctx context.Context, kind Kind, facts ...Fact) (context.Context, Work) {
	if kind != d.kind {
		return ctx, Unseen
	}
	w := entry{d.b}
	w.Note(facts...)
	return context.WithValue(ctx, d, true), w
}

type entry struct{ b *strings.Builder }

func (e entry) Note(facts ...Fact) {
	for _, f := range facts {
		fmt.Fprintf(e.b, "%s=%v ", f.Key, f.Value())
	}
}

func (e entry) End(err error) { fmt.Fprintf(e.b, "%s\n", Outcome(err)) }

// Several eyes see the same work, each what it cares about; nobody's context is lost.
func TestAll(t *testing.T) {
	var jobs, again, reads strings.Builder
	a, b := diary{Job, &jobs}, diary{Job, &again}
	ctx := With(context.Background(), All(a, diary{Read, &reads}, b))
	in, w := Begin(ctx, Job, Word("job", "run"))
	w.Note(Num("company", 7))
	if in.Value(a) != true || in.Value(b) != true {
		t.Error("a watcher's context is lost")
	}
	_, part := Begin(in, Read)
	part.End(errors.New("disk"))
	w.End(fault.New(fault.Unavailable, "store.busy"))
	if jobs.String() != "job=run company=7 unavailable\n" || again.String() != jobs.String() || reads.String() != "internal\n" {
		t.Errorf("%q %q %q", jobs.String(), again.String(), reads.String())
	}
	if _, w := Begin(ctx, Hand); w != Unseen {
		t.Errorf("nobody cares about %s, and it is watched", Hand)
	}
	same, w := Begin(context.Background(), Job)
	w.Note(Num("company", 7))
	w.End(nil)
	if same != context.Background() || w != Unseen {
		t.Error("without a watcher there is something to see")
	}
}

// BenchmarkUnwatched is what a piece of work pays that nobody watches.
func BenchmarkUnwatched(b *testing.B) {
	ctx := context.WithValue(context.Background(), b, b)
	for b.Loop() {
		_, w := Begin(ctx, Write)
		w.End(nil)
	}
}
