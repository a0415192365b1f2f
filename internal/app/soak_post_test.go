package app

import (
	"context"
	"hash/fnv"
	"strings"
	"sync"
	"sync/atomic"

	mail "relance/internal/format/mime"
	"relance/internal/ground/fault"
)

// postman is a mail server on its bad days: it is down, refuses, takes and says nothing. What it does to a mail is told by
// the seed, the mail and how often it came, so that a life is the same however many connections race.
type postman struct {
	mu    sync.Mutex
	seed  uint64
	down  bool
	kind  bool           // it takes everything
	tries map[string]int // of each mail
	took  map[string]int // how often each Message-ID was taken
	fresh []taken        // since they were last looked at
	bad   int            // times it was of no use
}

func newPostman(seed uint64) *postman {
	return &postman{seed: seed, tries: map[string]int{}, took: map[string]int{}}
}

// Dial implements Mailer.
func (p *postman) Dial(context.Context, MailServer) (MailConn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		p.bad++
		return nil, fault.New(fault.Unavailable, "smtp.connect", "mail.example")
	}
	return p, nil
}

// Close implements MailConn.
func (p *postman) Close() error { return nil }

// Send implements MailConn.
func (p *postman) Send(_ context.Context, _ string, to []string, msg []byte) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, err := mail.Read(strings.NewReader(string(msg)))
	if err != nil {
		return "", err
	}
	p.tries[m.MessageID]++
	h := fnv.New64a()
	h.Write([]byte{byte(p.seed), byte(p.seed >> 8), byte(p.tries[m.MessageID])})
	h.Write([]byte(m.MessageID))
	chance := h.Sum64() % 100
	if p.kind {
		chance = 99
	}
	switch {
	case chance < 4:
		p.bad++
		return "", fault.New(fault.Unavailable, "smtp.temporary", "451 later")
	case chance < 6:
		p.bad++
		return "", fault.New(fault.Invalid, "smtp.refused", "554 no")
	case chance < 7:
		p.bad++
		return "", fault.New(fault.Invalid, "smtp.recipient", to[0], "550 unknown")
	case chance < 9:
		p.bad++
		return "", fault.New(fault.Unavailable, "smtp.uncertain")
	case chance < 11: // it took the mail, and the connection was cut before it said so
		p.bad++
		err = fault.New(fault.Unavailable, "smtp.uncertain")
	}
	p.takes(taken{to, m})
	return "250 ok", err
}

func (p *postman) takes(x taken) {
	p.took[x.msg.MessageID]++
	p.fresh = append(p.fresh, x)
}

// tired is a context that gives up at its n-th question: a database that goes away in the middle of a verb, at a place that
// the seed tells.
type tired struct {
	context.Context
	left   atomic.Int64
	giveUp context.CancelFunc
}

func tire(ctx context.Context, n int) *tired {
	ctx, cancel := context.WithCancel(ctx)
	t := &tired{Context: ctx, giveUp: cancel}
	t.left.Store(int64(n))
	return t
}

// Done implements context.Context.
func (t *tired) Done() <-chan struct{} {
	if t.left.Add(-1) == 0 {
		t.giveUp()
	}
	return t.Context.Done()
}

// Err implements context.Context.
func (t *tired) Err() error {
	if t.left.Add(-1) == 0 {
		t.giveUp()
	}
	return t.Context.Err()
}

// insist does a thing, sometimes on a database that gives up in the middle; then it is done again, as a person would.
// Only what may safely be done twice is.
func (l *life) insist(what string, do func(ctx context.Context) error) error {
	if l.r.IntN(12) == 0 {
		n := 1 + l.r.IntN(150)
		t := tire(l.ctx, n)
		err := do(t)
		t.giveUp()
		if err == nil {
			return nil
		}
		if t.Err() == nil {
			return err // it failed by itself
		}
		l.sum.faults++
		l.say("  %s gave up at %d: %v", what, n, err)
	}
	return do(l.ctx)
}
