package store

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"relance/internal/ground/fault"
)

// work is the one kind of job that River knows: which work it is stands inside, so that a node
// that does not know a kind yet fails it loudly and another takes it.
type work struct {
	Work string `json:"work"`
	Args string `json:"args"`
	Key  string `json:"key" river:"unique"`
}

// Kind implements river.JobArgs.
func (work) Kind() string { return "relance" }

// waiting are the states in which the same work is not enqueued again. River asks that running be
// one of them: work that comes while its twin runs is picked up by the next minute's schedule.
var waitingStates = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled}

func insertOptions(j Job) *river.InsertOpts {
	o := &river.InsertOpts{MaxAttempts: maxJobAttempts, ScheduledAt: j.At}
	if j.Key != "" {
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: waitingStates}
	}
	return o
}

// migrateRiver brings River's own tables up to date; its migrator takes a lock of its own.
func migrateRiver(ctx context.Context, pool *pgxpool.Pool) error {
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: quietLog})
	if err != nil {
		return err
	}
	// Two nodes may start at once: one waits for the other. River's steps cannot share one
	// transaction, so the lock is the session's.
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock(7303)`); err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if _, e := c.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(7303)`); err == nil {
		err = e
	}
	return err
}

var quietLog = slog.New(slog.DiscardHandler)

// enqueueRiver inserts through a client that only inserts.
func enqueueRiver(ctx context.Context, tx *Tx, j Job) error {
	_, err := tx.s.river.InsertTx(ctx, tx.c.(pgConn).pgExecer.(pgx.Tx), work{j.Kind, j.Args, j.Key}, insertOptions(j))
	return told(err)
}

func newInserter(pool *pgxpool.Pool) (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: quietLog})
}

// riverQueue is River's client of this node.
type riverQueue struct{ pool *pgxpool.Pool }

const riverWorkers = 4

// worker hands River's jobs to do.
type worker struct {
	river.WorkerDefaults[work]
	do Do
}

// Work implements river.Worker.
func (w *worker) Work(ctx context.Context, j *river.Job[work]) error {
	err := safely(ctx, w.do, j.Args.Work, j.Args.Args)
	if err == nil {
		return nil
	}
	if later := (Later{}); errors.As(err, &later) {
		return river.JobSnooze(later.After)
	}
	if j.Attempt >= maxJobAttempts {
		slog.Error("job given up", "job", j.Args.Work, "attempts", j.Attempt, "err", err)
	}
	return errors.New(fault.Brief(err)) // River keeps the text: nobody's address stays in it
}

// Timeout implements river.Worker: the drain of a large outbox takes its time.
func (w *worker) Timeout(*river.Job[work]) time.Duration { return jobLease }

// NextRetry implements river.Worker.
func (w *worker) NextRetry(j *river.Job[work]) time.Time {
	if j.AttemptedAt == nil {
		return time.Time{} // River's own policy
	}
	return j.AttemptedAt.Add(jobBackOff(j.Attempt))
}

// Work starts the node's workers until ctx ends.
func (q riverQueue) Work(ctx context.Context, do Do) error {
	ws := river.NewWorkers()
	river.AddWorker(ws, &worker{do: do})
	c, err := river.NewClient(riverpgxv5.New(q.pool), &river.Config{Workers: ws, Logger: quietLog, RescueStuckJobsAfter: jobLease + time.Minute,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: riverWorkers}}, FetchPollInterval: time.Second})
	if err != nil {
		return err
	}
	// River would end its jobs' context with the one it is started with: those in hand go on.
	hand := context.WithoutCancel(ctx)
	if err := c.Start(hand); err != nil {
		return err
	}
	<-ctx.Done()
	soft, cancel := context.WithTimeout(hand, patience)
	defer cancel()
	if err := c.Stop(soft); err == nil || !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	hard, cancel := context.WithTimeout(hand, patience)
	defer cancel()
	return c.StopAndCancel(hard)
}
