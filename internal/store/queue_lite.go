package store

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"relance/internal/ground/fault"
)

// liteQueue is the runner of SQLite: one process, a few workers, the job table.
type liteQueue struct {
	s    *Store
	wake chan struct{} // somebody enqueued
	now  func() time.Time
}

const (
	liteWorkers = 2
	litePoll    = 2 * time.Second
)

func enqueueLite(ctx context.Context, tx *Tx, j Job) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	at := j.At
	if at.IsZero() {
		at = time.UnixMilli(0)
	}
	if _, err := tx.exec(ctx, `INSERT INTO job (id, kind, args, unique_key, run_at, state) VALUES ($1, $2, $3, $4, $5, 'ready')
		ON CONFLICT DO NOTHING`, n, j.Kind, j.Args, j.Key, at.UnixMilli()); err != nil {
		return err
	}
	tx.AfterCommit(func() {
		select {
		case tx.s.wake <- struct{}{}:
		default: // the runner is awake already
		}
	})
	return nil
}

type liteJob struct {
	id       int64
	kind     string
	args     string
	attempts int
}

// Work runs the workers until ctx ends.
func (q *liteQueue) Work(ctx context.Context, do Do) error {
	hand, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(patience, drop) })
	defer stop()
	var wg sync.WaitGroup
	for range liteWorkers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			q.worker(ctx, hand, do)
		}()
	}
	wg.Wait()
	return nil
}

// worker takes jobs until ctx ends; what it has in hand goes on in a context of its own.
func (q *liteQueue) worker(ctx, hand context.Context, do Do) {
	tick := time.NewTicker(litePoll)
	defer tick.Stop()
	for ctx.Err() == nil {
		j, err := q.take(ctx)
		if err != nil && ctx.Err() == nil && fault.Of(err) != fault.Unavailable {
			slog.Error("queue", "err", err)
		}
		if j == nil {
			select {
			case <-ctx.Done():
			case <-q.wake:
			case <-tick.C:
			}
			continue
		}
		q.finish(context.WithoutCancel(ctx), j, safely(hand, do, j.kind, j.args))
	}
}

// take claims the first ready job, or one whose worker is gone.
func (q *liteQueue) take(ctx context.Context) (*liteJob, error) {
	now := q.now()
	waiting := false
	// Most of the time there is nothing to do: a reader finds out without the writer.
	if err := q.s.View(ctx, 0, func(tx *Tx) error {
		var n int
		err := tx.one(ctx, `SELECT count(*) FROM (SELECT 1 FROM job WHERE (state = 'ready' AND run_at <= $1)
			OR (state = 'running' AND lease_until <= $1) LIMIT 1) AS j`, []any{now.UnixMilli()}, &n)
		waiting = n > 0
		return err
	}); err != nil || !waiting {
		return nil, err
	}
	j := &liteJob{}
	err := q.s.Update(ctx, 0, func(tx *Tx) error {
		return tx.one(ctx, `UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = $2 WHERE id = (SELECT id FROM job
			WHERE (state = 'ready' AND run_at <= $1) OR (state = 'running' AND lease_until <= $1) ORDER BY run_at, id LIMIT 1)
			RETURNING id, kind, args, attempts`, []any{now.UnixMilli(), now.Add(jobLease).UnixMilli()}, &j.id, &j.kind, &j.args, &j.attempts)
	})
	if fault.Of(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return j, nil
}

func (q *liteQueue) finish(ctx context.Context, j *liteJob, outcome error) {
	later := Later{}
	goesOn := errors.As(outcome, &later)
	err := q.s.Update(ctx, 0, func(tx *Tx) error {
		if outcome == nil {
			_, err := tx.exec(ctx, `DELETE FROM job WHERE id = $1`, j.id)
			return err
		}
		state, wait := "ready", jobBackOff(j.attempts)
		if goesOn {
			wait, j.attempts = later.After, j.attempts-1
		} else if j.attempts >= maxJobAttempts {
			state = "dead"
		}
		// The same work may have been asked for again meanwhile: then that one stands.
		_, err := tx.exec(ctx, `UPDATE job SET state = $2, run_at = $3, error = $4, attempts = $5,
			unique_key = CASE WHEN EXISTS (SELECT 1 FROM job o WHERE o.unique_key = job.unique_key AND o.state = 'ready' AND o.id <> job.id)
			THEN '' ELSE unique_key END WHERE id = $1`, j.id, state, q.now().Add(wait).UnixMilli(), fault.Brief(outcome), j.attempts)
		return err
	})
	if err != nil {
		slog.Error("queue", "job", j.kind, "err", err)
	}
	if outcome != nil && !goesOn && j.attempts >= maxJobAttempts {
		slog.Error("job given up", "job", j.kind, "attempts", j.attempts, "err", outcome)
	}
}

// jobBackOff is 1, 4, 9 … minutes.
func jobBackOff(attempts int) time.Duration { return time.Duration(attempts*attempts) * time.Minute }

// safely works on a job; a panic is its failure, not the process's. One that was cut because this process stops goes on
// elsewhere at once: it has not failed.
func safely(ctx context.Context, do Do, kind, args string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("job panicked", "job", kind, "panic", fault.Panic(r), "stack", string(debug.Stack()))
			err = fault.New(fault.Internal, "store.job.panic", kind)
		}
	}()
	if err = do(ctx, kind, args); err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return Later{}
	}
	return err
}
