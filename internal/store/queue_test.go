package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"relance/internal/store"
	"relance/internal/store/storetest"
)

// worked collects the jobs that a queue hands out.
type worked struct {
	mu   sync.Mutex
	list []string
	done chan struct{}
	want int
}

func (w *worked) do(_ context.Context, kind, args string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, kind+args)
	if len(w.list) == w.want {
		close(w.done)
	}
	return nil
}

// TestQueue is the conformance suite of background work: a job is kept with the transaction of its
// cause or not at all, the same work does not wait twice, and everything is worked on.
func TestQueue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s := storetest.Open(t, url)
		add := func(fail error, jobs ...store.Job) error {
			return s.Update(ctx, 0, func(tx *store.Tx) error {
				for _, j := range jobs {
					if err := tx.Enqueue(ctx, j); err != nil {
						return err
					}
				}
				return fail
			})
		}
		undone := errors.New("undone")
		if err := add(undone, store.Job{Kind: "lost", Args: "{}"}); !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if err := add(nil, store.Job{Kind: "run", Args: "1", Key: "run:1"}, store.Job{Kind: "run", Args: "1", Key: "run:1"},
			store.Job{Kind: "send", Args: "2", Key: "send:2"}); err != nil {
			t.Fatal(err)
		}
		if err := add(nil, store.Job{Kind: "run", Args: "1", Key: "run:1"}, store.Job{Kind: "later", Args: "{}", At: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		q := s.Queue(time.Now)
		w := &worked{done: make(chan struct{}), want: 2}
		run, stop := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- q.Work(run, w.do) }()
		select {
		case <-w.done:
		case <-time.After(30 * time.Second):
			t.Fatalf("only %v was worked on", w.list)
		}
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		counts := map[string]int{}
		for _, x := range w.list {
			counts[x]++
		}
		if counts["run1"] != 1 || counts["send2"] != 1 || len(w.list) != 2 {
			t.Fatalf("worked on %v", w.list)
		}
	})
}

// TestQueueTriesAgain: a job that fails is tried again, one that panics does not take the worker
// with it.
func TestQueueTriesAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s := storetest.Open(t, url)
		if err := s.Update(ctx, 0, func(tx *store.Tx) error {
			for _, k := range []string{"panics", "fails", "works"} {
				if err := tx.Enqueue(ctx, store.Job{Kind: k, Args: "{}"}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		q := s.Queue(time.Now)
		w := &worked{done: make(chan struct{}), want: 1}
		var failed sync.WaitGroup
		failed.Add(2)
		var once [2]sync.Once
		run, stop := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() {
			ended <- q.Work(run, func(ctx context.Context, kind, args string) error {
				switch kind {
				case "panics":
					once[0].Do(failed.Done)
					panic("boom")
				case "fails":
					once[1].Do(failed.Done)
					return errors.New("not yet")
				}
				return w.do(ctx, kind, args)
			})
		}()
		failed.Wait()
		select {
		case <-w.done:
		case <-time.After(30 * time.Second):
			t.Fatal("a failing job stopped the others")
		}
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	})
}
