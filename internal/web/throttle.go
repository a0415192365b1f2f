package web

import (
	"strings"
	"sync"
	"time"
)

// throttle slows guessing of passwords down: after some failures an address (of mail, of network)
// waits, twice as long each time. A browser in which the person has signed in before is counted by itself: whoever
// guesses elsewhere keeps nobody out of their own.
type throttle struct {
	mu    sync.Mutex
	now   func() time.Time
	seen  map[string]*attempts
	rooms chan struct{} // a password's check takes memory: so many at once
}

type attempts struct {
	failed int
	until  time.Time
	last   time.Time
}

// Limits of the throttle.
const (
	freeTries   = 5
	firstWait   = 15 * time.Second
	longestWait = 15 * time.Minute
	forgetAfter = time.Hour
	maxTracked  = 10_000
	checksAtOne = 4
)

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, seen: map[string]*attempts{}, rooms: make(chan struct{}, checksAtOne)}
}

// enter waits for a room in which to check a password; the function it gives leaves it.
func (t *throttle) enter() (leave func()) {
	t.rooms <- struct{}{}
	return func() { <-t.rooms }
}

// asker is who tries: by which address of mail, from which of network, in a browser that the person is known by or not.
type asker struct {
	email, from string
	known       bool
}

// counter is what tries are counted under, and how many are free.
type counter struct {
	key  string
	free int
}

func (a asker) counters() []counter {
	email := strings.ToLower(strings.TrimSpace(a.email))
	if a.known {
		return []counter{{"known:" + email, freeTries}}
	}
	return []counter{{"mail:" + email, freeTries}, {"net:" + a.from, 4 * freeTries}} // several people may share a network address
}

// wait is how long an address has to wait, zero when it may try.
func (t *throttle) wait(who asker) (longest time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range who.counters() {
		if a := t.seen[c.key]; a != nil {
			longest = max(longest, a.until.Sub(t.now()))
		}
	}
	return max(0, longest)
}

func (t *throttle) failed(who asker) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget()
	for _, c := range who.counters() {
		a := t.seen[c.key]
		if a == nil {
			a = &attempts{}
			t.seen[c.key] = a
		}
		a.failed++
		a.last = t.now()
		if n := a.failed - c.free; n >= 0 {
			a.until = t.now().Add(min(longestWait, firstWait<<min(n, 10)))
		}
	}
}

func (t *throttle) passed(who asker) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.seen, who.counters()[0].key)
}

// forget drops what is old, and everything when there is too much of it.
func (t *throttle) forget() {
	for k, a := range t.seen {
		if t.now().Sub(a.last) > forgetAfter {
			delete(t.seen, k)
		}
	}
	if len(t.seen) > maxTracked {
		clear(t.seen)
	}
}
