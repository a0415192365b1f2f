package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"relance/internal/app"
)

// Queue hands out background work until ctx ends.
type Queue interface {
	Work(ctx context.Context, do func(ctx context.Context, kind, args string) error) error
}

// every is how often the schedule is asked.
const every = time.Minute

// Run works until ctx ends, or until the house has moved, which is an error: the schedule beside the
// queue's workers. It returns when what was in hand is done.
func Run(ctx context.Context, a *app.App, q Queue) error {
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	var left error
	wg.Go(func() {
		left = schedule(ctx, a)
		stop() // nobody works in a house that was left
	})
	err := q.Work(ctx, a.Work)
	stop() // a queue that cannot work ends the schedule too: the caller learns of it
	wg.Wait()
	return errors.Join(err, left)
}

// schedule asks for work every minute, until ctx ends or the house has moved.
func schedule(ctx context.Context, a *app.App) error {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		err := a.Schedule(ctx)
		switch {
		case app.Left(err):
			return err
		case err != nil && ctx.Err() == nil:
			slog.Error("schedule", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}
