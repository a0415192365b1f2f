package demo

import (
	"sync"
	"time"
)

// Clock is the demonstration's time: it stands still between two moves, at the morning of a day.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock starts at an instant.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now is the clock's instant.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// NextDay moves to ten in the morning of the next day.
func (c *Clock) NextDay() {
	c.mu.Lock()
	defer c.mu.Unlock()
	y, m, d := c.at.Date()
	c.at = time.Date(y, m, d+1, 10, 0, 0, 0, c.at.Location())
}
