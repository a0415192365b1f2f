package store_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"relance/internal/ground/fault"
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

// TestQueueFinishes: a job in hand when the program stops goes on to its end, and none is begun.
func TestQueueFinishes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		s := storetest.Open(t, url)
		add := func(kind string) {
			t.Helper()
			if err := s.Update(ctx, 0, func(tx *store.Tx) error { return tx.Enqueue(ctx, store.Job{Kind: kind, Args: "{}"}) }); err != nil {
				t.Fatal(err)
			}
		}
		add("slow")
		run, stop := context.WithCancel(ctx)
		began, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		var mu sync.Mutex
		var done []string
		go func() {
			ended <- s.Queue(time.Now).Work(run, func(ctx context.Context, kind, _ string) error {
				if kind == "slow" {
					close(began)
					<-goOn
				}
				mu.Lock()
				defer mu.Unlock()
				done = append(done, kind)
				return ctx.Err()
			})
		}()
		<-began
		stop()
		add("late")
		close(goOn)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if len(done) != 1 || done[0] != "slow" {
			t.Errorf("worked on %v", done)
		}
		v, err := vitals(s)
		if err != nil || v.Jobs["ready"] != 1 || v.Jobs["running"] != 0 || v.Jobs["dead"] != 0 || v.Oldest.IsZero() {
			t.Errorf("left: %+v, %v", v, err)
		}
	})
}

// What a node that stops had to cut goes on at another at once, and has not failed.
func TestCutGoesOn(t *testing.T) {
	defer store.Impatient(100 * time.Millisecond)()
	storetest.Each(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		if err := s.Update(t.Context(), 0, func(tx *store.Tx) error {
			return tx.Enqueue(t.Context(), store.Job{Kind: "long", Args: "{}", Key: "long"})
		}); err != nil {
			t.Fatal(err)
		}
		began := make(chan struct{}, 9)
		node := func(do store.Do) (stop func()) {
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- s.Queue(time.Now).Work(ctx, do) }()
			return func() {
				cancel()
				if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}
		}
		first := node(func(ctx context.Context, _, _ string) error {
			began <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		})
		<-began
		first()
		second := node(func(context.Context, string, string) error { began <- struct{}{}; return nil })
		defer second()
		select {
		case <-began:
		case <-time.After(20 * time.Second): // a failure would wait for a minute
			t.Error("nobody goes on with it")
		}
	})
}

func vitals(s *store.Store) (v store.Vitals, err error) {
	ctx := context.Background()
	err = s.View(ctx, 0, func(tx *store.Tx) error {
		v, err = tx.Vitals(ctx, time.Now())
		return err
	})
	return v, err
}

// TestSchema: a database is looked at without being touched, and told whether it is the program's.
func TestSchema(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		if _, err := store.Look(ctx, url); strings.HasPrefix(url, "sqlite:") && fault.Key(err) != "store.no-database" {
			t.Errorf("a file that does not exist: %v", err)
		}
		s := storetest.Open(t, url)
		at, err := store.Look(ctx, url)
		if err != nil || at.Current() != nil || at.At == 0 || at.Server == "" || at.Dialect != s.Dialect() {
			t.Fatalf("%+v, %v", at, err)
		}
		at.Want++
		if fault.Key(at.Current()) != "store.older" {
			t.Error(at.Current())
		}
		at.Want -= 2
		if fault.Key(at.Current()) != "store.newer" {
			t.Error(at.Current())
		}
		v, err := vitals(s)
		if err != nil || !v.Backup.IsZero() || !v.Oldest.IsZero() || v.Uncertain != 0 {
			t.Errorf("a new house: %+v, %v", v, err)
		}
		when := time.UnixMilli(1_790_000_000_123)
		for range 2 {
			if err := s.Update(ctx, 0, func(tx *store.Tx) error { return tx.KeptUp(ctx, "backup", when) }); err != nil {
				t.Fatal(err)
			}
		}
		if v, err = vitals(s); err != nil || !v.Backup.Equal(when) {
			t.Errorf("the backup was at %v, %v", v.Backup, err)
		}
		if err := s.View(ctx, 0, func(tx *store.Tx) error {
			c, err := tx.Clock(ctx)
			if d := time.Since(c); d > time.Hour || d < -time.Hour {
				t.Errorf("the database's clock says %v", c)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(s.Connections()) == 0 {
			t.Error("no connections")
		}
	})
}

// A job that says "later" gives its place to the others and goes on at the end of the line, as often as it likes: it has not
// failed.
func TestLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		if err := s.Update(t.Context(), 0, func(tx *store.Tx) error {
			return tx.Enqueue(t.Context(), store.Job{Kind: "long", Args: "{}", Key: "long"})
		}); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		turns, done := 0, make(chan struct{})
		ended := make(chan error, 1)
		go func() {
			ended <- s.Queue(time.Now).Work(ctx, func(context.Context, string, string) error {
				if turns++; turns < 16 { // more than a job may fail
					return store.Later{}
				}
				close(done)
				return nil
			})
		}()
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatal("it was given up")
		}
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	})
}
