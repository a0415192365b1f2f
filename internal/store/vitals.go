package store

import (
	"context"
	"time"
)

// Vitals is the state of the house as an operator watches it: counts and ages, of every company
// together, nothing of anybody.
type Vitals struct {
	Jobs      map[string]int // background work by state: ready, running, dead
	Oldest    time.Time      // when the job that has waited longest could have begun; zero: none waits
	Uncertain int            // messages that may have left, for a person to settle
	Backup    time.Time      // the last backup that was written whole; zero: none is known
}

// Vitals takes them.
func (tx *Tx) Vitals(ctx context.Context, now time.Time) (Vitals, error) {
	v := Vitals{Jobs: map[string]int{"ready": 0, "running": 0, "dead": 0}}
	// Differs because the queue of PostgreSQL is River's: what it calls discarded is given up, what
	// it will try again is ready at its time.
	states, oldest := `SELECT state, count(*) FROM job GROUP BY state`, `SELECT coalesce(min(run_at), 0) FROM job WHERE state = 'ready'`
	if tx.s.dialect == Postgres {
		states = `SELECT CASE state WHEN 'running' THEN 'running' WHEN 'discarded' THEN 'dead' ELSE 'ready' END AS s, count(*) FROM river_job
			WHERE state NOT IN ('completed', 'cancelled') GROUP BY s`
		oldest = `SELECT coalesce((extract(epoch FROM min(scheduled_at)) * 1000)::bigint, 0) FROM river_job
			WHERE state IN ('available', 'retryable', 'scheduled')`
	}
	err := tx.each(ctx, states, nil, func(scan func(...any) error) error {
		var state string
		var n int
		err := scan(&state, &n)
		v.Jobs[state] = n
		return err
	})
	if err != nil {
		return v, err
	}
	var since, backup int64
	if err := tx.one(ctx, oldest, nil, &since); err != nil {
		return v, err
	}
	if v.Jobs["ready"] > 0 {
		// A job that may begin as soon as possible bears the instant 0 on SQLite: it waits since the
		// last look at the queue, seconds ago.
		if v.Oldest = time.UnixMilli(since); since == 0 {
			v.Oldest = now
		}
	}
	if err := tx.one(ctx, `SELECT count(*) FROM message WHERE company IN (SELECT id FROM company) AND state = 'uncertain'`+undone,
		nil, &v.Uncertain); err != nil {
		return v, err
	}
	if err := tx.one(ctx, `SELECT coalesce(max(at), 0) FROM upkeep WHERE what = 'backup'`, nil, &backup); err != nil {
		return v, err
	}
	if backup > 0 {
		v.Backup = time.UnixMilli(backup)
	}
	return v, nil
}

// KeptUp remembers when something was last done for the house itself: "backup".
func (tx *Tx) KeptUp(ctx context.Context, what string, at time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO upkeep (what, at) VALUES ($1, $2) ON CONFLICT (what) DO UPDATE SET at = excluded.at`, what, at.UnixMilli())
	return err
}

// Clock is the database server's own clock; SQLite's is the machine's.
func (tx *Tx) Clock(ctx context.Context) (time.Time, error) {
	q := `SELECT cast(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)`
	if tx.s.dialect == Postgres {
		// Differs because only a server may have a clock of its own.
		q = `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint`
	}
	var ms int64
	err := tx.one(ctx, q, nil, &ms)
	return time.UnixMilli(ms), err
}

// Connections is how the connections to the database are used now.
type Connections struct {
	Pool            string // "writer" and "reader" on SQLite, "pool" on PostgreSQL
	Open, Busy, Max int
	Waits           int64         // how often somebody waited for one, since the start
	Waited          time.Duration // how long in all
}

// Connections lists the pools.
func (s *Store) Connections() []Connections {
	if s.dialect == Postgres {
		p := s.pool.Stat()
		return []Connections{{"pool", int(p.TotalConns()), int(p.AcquiredConns()), int(p.MaxConns()), p.EmptyAcquireCount(), p.AcquireDuration()}}
	}
	w, r := s.writer.Stats(), s.readers.Stats()
	return []Connections{{"writer", w.OpenConnections, w.InUse, w.MaxOpenConnections, w.WaitCount, w.WaitDuration},
		{"reader", r.OpenConnections, r.InUse, r.MaxOpenConnections, r.WaitCount, r.WaitDuration}}
}
