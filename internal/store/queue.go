package store

import (
	"context"
	"time"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// Job is a piece of background work: its kind, what it works on, and the key that keeps the same
// work from waiting twice.
type Job struct {
	Kind string
	Args string // JSON
	Key  string
	At   time.Time // zero: as soon as possible
}

// Later is how a job says that it is not over and gives its place to others: it goes on after a while, at the end of the
// line. It is no failure.
type Later struct{ After time.Duration }

// Error implements error.
func (l Later) Error() string { return "to go on in " + l.After.String() }

// Do works on one job; an error makes it wait and be tried again, less and less often, unless it is Later.
type Do = func(ctx context.Context, kind, args string) error

// Queue hands out background work. River does it on PostgreSQL, for any number of nodes; a small
// runner with the same semantics on SQLite: a job is enqueued in the transaction of its cause,
// worked on at least once, retried with back-off, given up after maxJobAttempts, and taken over
// when its worker is gone.
type Queue interface {
	// Work hands jobs to do until ctx ends, then waits for those in hand: their own context ends
	// only when they have not ended within patience.
	Work(ctx context.Context, do Do) error
}

// How often a job is tried, and when its worker counts as gone.
const (
	maxJobAttempts = 12
	jobLease       = 15 * time.Minute
)

// patience is how long what is in hand may go on once the node is asked to stop: a service manager kills after 90 seconds,
// a container's after 10 to 30.
var patience = 15 * time.Second

// Queue is the database's own queue, on the machine's clock.
func (s *Store) Queue(now func() time.Time) Queue {
	if s.dialect == Postgres {
		return riverQueue{s.pool}
	}
	return &liteQueue{s: s, wake: s.wake, now: now}
}

// Enqueue adds a job in this transaction: it is worked on once the transaction is kept.
func (tx *Tx) Enqueue(ctx context.Context, j Job) error {
	if tx.s.dialect == Postgres {
		// Differs because the queue there is River's.
		return enqueueRiver(ctx, tx, j)
	}
	return enqueueLite(ctx, tx, j)
}

// DueCompany is a company that may have something to do.
type DueCompany struct {
	Company id.Company
	Next    cal.Date // the earliest day of a customer to look at, zero when none is near
	Mail    bool     // an approved e-mail whose time has come, or one whose worker is gone
}

// DueCompanies lists the companies with a customer to look at on or before a day, or an e-mail to hand over: what the
// schedule asks every minute. It is one of the few questions that span companies.
func (tx *Tx) DueCompanies(ctx context.Context, day string, now time.Time) (list []DueCompany, err error) {
	err = tx.each(ctx, `SELECT id, next, mail FROM (SELECT id,
		coalesce((SELECT min(next_day) FROM customer WHERE company = c.id AND next_day <> ''), '') AS next,
		CASE WHEN EXISTS (SELECT 1 FROM message WHERE company = c.id AND state = 'approved' AND channel = 'email' AND next_try <= $1 AND send_on <= $2)
		OR EXISTS (SELECT 1 FROM message WHERE company = c.id AND state = 'sending' AND claimed_until <= $1) THEN 1 ELSE 0 END AS mail
		FROM company c) AS x WHERE next <> '' AND next <= $2 OR mail = 1 ORDER BY id`, []any{now.UnixMilli(), day}, func(scan func(...any) error) error {
		var d DueCompany
		err := scan(&d.Company, on(&d.Next), yes(&d.Mail))
		list = append(list, d)
		return err
	})
	return list, err
}
