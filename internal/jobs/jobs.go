package jobs

import (
	"context"
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

// Run works until ctx ends: the schedule beside the queue's workers. It returns when what was in
// hand is done.
func Run(ctx context.Context, a *app.App, q Queue) error {
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { schedule(ctx, a) })
	err := q.Work(ctx, a.Work)
	stop() // a queue that cannot work ends the schedule too: the caller learns of it
	wg.Wait()
	return err
}

func schedule(ctx context.Context, a *app.App) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		if err := a.Schedule(ctx); err != nil && ctx.Err() == nil {
			slog.Error("schedule", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}
