package app

import (
	"sync"
	"time"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// seen keeps what takes long to sum of a large ledger, for the pages of the next moments. What is
// decided or sent never reads it.
type seen struct {
	figures sums[[]Figure]
	ranks   sums[ranking]
	found   sums[*Found]
	reckons sums[*Reckoning]
}

// ranking is the customers who owe something, in the two orders of their list.
type ranking struct{ late, owed []store.Rank }

// forget says that something of a company has changed.
func (s *seen) forget(c id.Company) {
	s.figures.change(c)
	s.ranks.change(c)
	s.found.change(c)
	s.reckons.change(c)
}

// sums keeps one value a company. It is summed again when something changed here, and every so
// often because another machine may have written; but never more than a twentieth of the time: a
// sum that takes long stands that much longer, so that pages stay quick under a running import.
type sums[T any] struct {
	mu   sync.Mutex
	kept map[id.Company]*kept[T]
}

type kept[T any] struct {
	value   T
	day     cal.Date
	at      time.Time
	cost    time.Duration
	changed bool
}

// How long a sum stands: unchanged, and for each unit of time that it takes.
const (
	sumLife  = 20 * time.Second
	sumShare = 20
)

func (s *sums[T]) change(c id.Company) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.kept[c]; k != nil {
		k.changed = true
	}
}

// drop forgets a company's sum: who has just changed it sees the change.
func (s *sums[T]) drop(c id.Company) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, c)
}

func (s *sums[T]) look(c id.Company, day cal.Date) (v T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept[c]
	if k == nil || k.day != day {
		return v, false
	}
	// How long a page takes is measured by the machine's own clock, whatever day the desk is at.
	age, rest := time.Since(k.at), k.cost*sumShare
	if !k.changed {
		rest = max(rest, sumLife)
	}
	return k.value, age < rest
}

func (s *sums[T]) get(c id.Company, day cal.Date, sum func() (T, error)) (T, error) {
	if v, ok := s.look(c, day); ok {
		return v, nil
	}
	start := time.Now()
	v, err := sum()
	if err != nil {
		return v, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[id.Company]*kept[T]{}
	}
	k := &kept[T]{value: v, day: day, at: time.Now(), cost: time.Since(start)}
	if k.cost < quickSum {
		k.cost = 0 // nothing is gained by keeping it once something changed
	}
	s.kept[c] = k
	return v, nil
}

// quickSum is what may be summed for every page.
const quickSum = 15 * time.Millisecond
