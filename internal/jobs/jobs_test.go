package jobs

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"relance/internal/app"
	"relance/internal/domain/org"
	"relance/internal/store/storetest"
)

// The background decides the day by itself, and stops when it is told to.
func TestDecidesTheDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		now := func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
		st := storetest.Open(t, url)
		a := app.New(app.Options{Store: st, Now: now})
		co, err := a.CreateCompany(ctx, "AV", org.Profile{Name: "Atelier Vasseur"})
		if err != nil {
			t.Fatal(err)
		}
		d := a.As(app.System(co.ID, "test"))
		if _, err := d.Import(ctx, []app.ImportFile{app.FileIn("invoices.csv", []byte("number;issued;due;amount;customer\nF-1;2026-10-16;2026-11-16;1200.00;C1\n"))},
			app.ImportOptions{Kind: app.ImportInvoices}); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- Run(ctx, a, st.Queue(now)) }()
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			tasks, err := d.Tasks(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if len(tasks) == 1 && tasks[0].Kind == "address" {
				break
			}
			if time.Now().After(end) {
				t.Fatal("nobody asked where C1 is to be written to")
			}
		}
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	})
}

// broken is a queue that cannot work.
type broken struct{ err error }

// Work implements Queue.
func (b broken) Work(context.Context, func(context.Context, string, string) error) error {
	return b.err
}

// A queue that fails ends the background, with its reason.
func TestBrokenQueue(t *testing.T) {
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	st := storetest.Open(t, storetest.SQLite(t))
	start := time.Now()
	err := Run(ctx, app.New(app.Options{Store: st}), broken{errors.New("no table")})
	if err == nil || !strings.Contains(err.Error(), "no table") {
		t.Fatal(err)
	}
	if time.Since(start) > 5*time.Second {
		t.Fatal("the schedule went on without its queue")
	}
}

// A node whose house has moved stops, and says where it went.
func TestStopsWhenTheHouseHasMoved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
		defer stop()
		st := storetest.Open(t, url)
		a := app.New(app.Options{Store: st})
		if _, err := a.CreateCompany(ctx, "AV", org.Profile{Name: "Atelier Vasseur"}); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Move(ctx, storetest.Open(t, storetest.SQLite(t)), app.MoveOptions{To: "sqlite:there.db"}); err != nil {
			t.Fatal(err)
		}
		if err := Run(ctx, a, st.Queue(time.Now)); !app.Left(err) || ctx.Err() != nil {
			t.Errorf("it ended with %v", err)
		}
	})
}
