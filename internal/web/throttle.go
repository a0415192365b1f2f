package web

import (
	"strings"
	"sync"
	"time"
)

// throttle slows guessing of passwords down: after some failures an address (of mail, of network)
// waits, twice as long each time.
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

func keys(email, from string) [2]string {
	return [2]string{"mail:" + strings.ToLower(strings.TrimSpace(email)), "net:" + from}
}

// wait is how long an address has to wait, zero when it may try.
func (t *throttle) wait(email, from string) (longest time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys(email, from) {
		if a := t.seen[k]; a != nil {
			longest = max(longest, a.until.Sub(t.now()))
		}
	}
	return max(0, longest)
}

func (t *throttle) failed(email, from string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget()
	for i, k := range keys(email, from) {
		a := t.seen[k]
		if a == nil {
			a = &attempts{}
			t.seen[k] = a
		}
		a.failed++
		a.last = t.now()
		free := freeTries
		if i == 1 {
			free *= 4 // several people may share a network address
		}
		if n := a.failed - free; n >= 0 {
			a.until = t.now().Add(min(longestWait, firstWait<<min(n, 10)))
		}
	}
}

func (t *throttle) passed(email, from string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.seen, keys(email, from)[0])
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
