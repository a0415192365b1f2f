package jobs

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"relance/internal/app"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

// slow is a mail server that takes its time, and remembers who came in which order.
type slow struct {
	mu    sync.Mutex
	order []string // senders
	most  map[string]int
	now   map[string]int
}

// Dial implements app.Mailer.
func (s *slow) Dial(_ context.Context, at app.MailServer) (app.MailConn, error) {
	s.count(at.Host, 1)
	return &slowLine{s, at.Host}, nil
}

func (s *slow) count(host string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now[host] += n
	s.most[host] = max(s.most[host], s.now[host])
}

type slowLine struct {
	s    *slow
	host string
}

// Send implements app.MailConn.
func (l *slowLine) Send(_ context.Context, from string, _ []string, _ []byte) (string, error) {
	time.Sleep(2 * time.Millisecond)
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	l.s.order = append(l.s.order, from)
	return "250 ok", nil
}

// Close implements app.MailConn.
func (l *slowLine) Close() error {
	l.s.count(l.host, -1)
	return nil
}

type noPaper struct{}

func (noPaper) Letter(*letter.Document) ([]byte, error)  { return nil, nil }
func (noPaper) Batch([]*letter.Document) ([]byte, error) { return nil, nil }

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// owed makes a company with so many approved reminders.
func owed(t *testing.T, a *app.App, code string, messages int) {
	t.Helper()
	ctx := t.Context()
	co, err := a.CreateCompany(ctx, code, org.Profile{Name: code, SIREN: "732829320", IBAN: "FR7630006000011234567890189",
		Address: party.Address{Lines: "12 rue des Forges", Postcode: "44000", City: "Nantes"}, SignatoryName: "Claire Vasseur"})
	if err != nil {
		t.Fatal(err)
	}
	d := a.As(app.System(co.ID, "test"))
	var c, f strings.Builder
	c.WriteString("code;name;kind;address;postcode;city;email\n")
	f.WriteString("number;issued;due;amount;customer\n")
	for i := range messages {
		fmt.Fprintf(&c, "C%d;Client %d;PRO;1 rue Haute;75001;Paris;compta@c%d.example\n", i, i, i)
		fmt.Fprintf(&f, "F-%d;2026-10-16;2026-11-16;1200.00;C%d\n", i, i)
	}
	for _, x := range []struct {
		kind app.ImportKind
		csv  string
	}{{app.ImportCustomers, c.String()}, {app.ImportInvoices, f.String()}} {
		rep, err := d.Import(ctx, []app.ImportFile{app.FileIn("a.csv", []byte(x.csv))}, app.ImportOptions{Kind: x.kind})
		if err != nil || rep.Failure() != nil {
			t.Fatal(err, rep.Failure())
		}
	}
	for _, err := range []error{
		d.AddMailAccount(ctx, app.MailAccount{Host: net.JoinHostPort(code, "x"), TLS: "none", From: "compta@" + strings.ToLower(code) + ".example"}),
		second(d.GoLive(ctx, true)), second(d.Run(ctx, app.RunOptions{Brief: true})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, problems, err := d.ApproveAll(ctx); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
}

func second[T any](_ T, err error) error { return err }

// A company with many messages does not keep one with ten waiting, however few the workers; two nodes share the work, and
// never hold more connections of an account than it bears.
func TestNobodyStarves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		s := &slow{most: map[string]int{}, now: map[string]int{}}
		now := func() time.Time { return monday.Add(time.Since(begun)) }
		st := storetest.Open(t, url)
		open := func() *app.App {
			return app.New(app.Options{Store: st, Now: now, Mail: s, Print: noPaper{}, Pace: app.Pace{Turn: 100 * time.Millisecond}})
		}
		a := open()
		const heavy, many, few = 9, 150, 10 // more heavy companies than workers
		for i := range heavy {
			owed(t, a, fmt.Sprintf("BIG%d", i), many)
		}
		owed(t, a, "ZSMALL", few)
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		nodes := 1
		if st.Dialect() == store.Postgres {
			nodes = 2
		}
		for range nodes {
			wg.Go(func() {
				if err := Run(ctx, open(), st.Queue(now)); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			})
		}
		for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
			s.mu.Lock()
			n := len(s.order)
			s.mu.Unlock()
			if n == heavy*many+few {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("%d messages have left", n)
			}
		}
		stop()
		wg.Wait()
		last := 0
		for i, from := range s.order {
			if from == "compta@zsmall.example" {
				last = i
			}
		}
		if last > heavy*many*3/4 {
			t.Errorf("the small company's last message left as number %d of %d", last+1, len(s.order))
		}
		for host, n := range s.most {
			if n > 2 {
				t.Errorf("%d connections to %s at once", n, host)
			}
		}
	})
}

var begun = time.Now()

// Work moves when the process that had it dies, or hangs: another node finds it within minutes.
func TestWorkMoves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		s := &slow{most: map[string]int{}, now: map[string]int{}}
		st := storetest.Open(t, url)
		at := monday
		a := app.New(app.Options{Store: st, Now: func() time.Time { return at }, Mail: s, Print: noPaper{}})
		owed(t, a, "ONE", 3)
		if err := a.Schedule(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		hung, let := make(chan struct{}, 9), make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			_ = st.Queue(func() time.Time { return at }).Work(ctx, func(context.Context, string, string) error {
				hung <- struct{}{}
				<-let
				return nil
			})
		})
		<-hung
		stop() // it takes nothing more, and never ends what it has
		at = at.Add(4 * time.Minute)
		other, end := context.WithCancel(t.Context())
		wg.Go(func() {
			if err := Run(other, a, st.Queue(func() time.Time { return at })); err != nil && other.Err() == nil {
				t.Error(err)
			}
		})
		for limit := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
			s.mu.Lock()
			n := len(s.order)
			s.mu.Unlock()
			if n == 3 {
				break
			}
			if time.Now().After(limit) {
				t.Fatalf("%d messages have left", n)
			}
		}
		end()
		close(let)
		wg.Wait()
	})
}
