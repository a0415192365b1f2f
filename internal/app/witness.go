package app

import (
	"context"

	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// witness writes down, for all the connections of a sending together, what each is about to hand over and what came of
// what it handed over before: one transaction, and one wait for the disk, for all that stand there. So every message's
// intent is durable before the mail server hears of it, and at most one message a connection is ever in doubt.
type witness struct {
	p    *post
	said chan *testimony
}

// testimony is what one connection tells.
type testimony struct {
	done, next *parcel // done is nil at first
	held       bool    // next is still this worker's
	err        error
	ready      chan struct{}
}

func newWitness(p *post) *witness { return &witness{p: p, said: make(chan *testimony)} }

// tell returns once both are on the disk; held is false when another worker took next over.
func (w *witness) tell(done, next *parcel) (held bool, err error) {
	t := &testimony{done: done, next: next, ready: make(chan struct{})}
	w.said <- t
	<-t.ready
	return t.held, t.err
}

// run listens until nobody has anything more to tell.
func (w *witness) run(ctx context.Context) {
	for t := range w.said {
		list := append(make([]*testimony, 0, 16), t)
		for waiting := true; waiting; {
			select {
			case t, open := <-w.said:
				if waiting = open; open {
					list = append(list, t)
				}
			default:
				waiting = false
			}
		}
		err := w.write(ctx, list)
		for _, t := range list {
			t.err = err
			close(t.ready)
		}
	}
}

func (w *witness) write(ctx context.Context, list []*testimony) error {
	at := w.p.now().UnixMilli()
	var next, done []store.Handover
	for _, t := range list {
		next = append(next, store.Handover{Message: t.next.row.ID, Day: w.p.day, At: at, SHA256: t.next.sha})
		if t.done != nil && !t.done.lost {
			if h := t.done.known(); h.Outcome != "" {
				done = append(done, h)
			}
		}
	}
	var held map[id.Message]bool
	err := retry(ctx, func() error {
		return w.p.store.Update(ctx, w.p.company.ID, func(tx *store.Tx) (err error) {
			if err := tx.Answered(ctx, w.p.worker, done); err != nil {
				return err
			}
			held, err = tx.HandOver(ctx, w.p.worker, next)
			return err
		})
	})
	for _, t := range list {
		t.held = held[t.next.row.ID]
	}
	return err
}

// known is what is known of a message that was in hand.
func (x *parcel) known() store.Handover {
	h := store.Handover{Message: x.row.ID}
	switch {
	case x.err == nil:
		h.Outcome, h.Reply = store.Taken, clip(x.reply)
	case fault.Key(x.err) != "smtp.uncertain":
		h.Outcome = store.NotTaken
	}
	return h
}
