package demo

import (
	"context"
	"net"
	"strconv"
	"testing"
	"time"

	"relance/internal/app"
	"relance/internal/gateway/pdf"
	"relance/internal/gateway/smtp"
	"relance/internal/gateway/smtp/catch"
	"relance/internal/ground/i18n"
	"relance/internal/store/storetest"
)

// dialer joins the hall's port to the gateway.
type dialer struct{}

func (dialer) Dial(ctx context.Context, s app.MailServer) (app.MailConn, error) {
	c, err := smtp.Dial(ctx, smtp.Account{Host: s.Host, Port: s.Port, TLS: s.TLS})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// TestLife plays the example company's past and ten days more, and looks at what an accountant
// would: books that add up, every situation on the desk, nothing sent twice.
func TestLife(t *testing.T) {
	ctx := context.Background()
	today := time.Date(2026, 11, 25, 10, 0, 0, 0, time.FixedZone("Paris", 3600))
	clock := NewClock(Begin(today))
	box := NewMailbox(clock.Now)
	server, err := catch.Listen("127.0.0.1:0", box.Take)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	host, port, err := net.SplitHostPort(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	printer, err := pdf.New()
	if err != nil {
		t.Fatal(err)
	}
	st := storetest.Open(t, storetest.SQLite(t))
	a := app.New(app.Options{Store: st, Now: clock.Now, Mail: dialer{}, Print: printer})
	start := time.Now()
	s, err := Set(ctx, a, clock, box, printer, i18n.FR, host, n)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the past was lived in %s", time.Since(start).Round(time.Millisecond))
	for range 10 {
		if err := s.NextDay(ctx, false); err != nil {
			t.Fatal(err)
		}
	}
	v, err := s.Desk.VerifyJournal(ctx)
	if err != nil || v.Broken != "" || v.Sealed == 0 {
		t.Fatalf("journal: %+v %v", v, err)
	}
	_, mails := box.Mails(0, 1)
	outbox, err := s.Desk.Outbox(ctx)
	if err != nil {
		t.Fatal(err)
	}
	holds, err := s.Desk.Holds(ctx)
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := s.Desk.Tasks(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d mails, %d under way, %d holds, %d tasks, %d facts", mails, len(outbox), len(holds), len(tasks), v.Sealed)
	if mails < 200 || len(outbox) == 0 || len(holds) == 0 || len(tasks) == 0 {
		t.Error("the example company is not alive")
	}
	bank, err := s.Desk.Bank(ctx, "open", 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the bank: %v", bank.Counts)
	proposed := 0
	for _, l := range bank.Lines {
		if len(l.Proposals) > 0 {
			proposed++
		}
	}
	if bank.Counts["settled"] < 100 || bank.Counts["aside"] == 0 || proposed == 0 || bank.Counts["open"] > bank.Counts["settled"]/4 {
		t.Errorf("the bank is not alive: %v, %d with proposals", bank.Counts, proposed)
	}
	levels := map[int]bool{}
	sent, err := s.Desk.Outbox(ctx, "sent")
	if err != nil {
		t.Fatal(err)
	}
	twice := map[string]bool{}
	for _, q := range sent {
		levels[q.Level] = true
		if q.CopyOf != 0 {
			continue
		}
		for _, invoice := range q.Invoices {
			key := q.SentOn.String() + " " + invoice + " " + q.Channel
			if twice[key] {
				t.Errorf("%s written twice on one day", key)
			}
			twice[key] = true
		}
	}
	for _, l := range []int{0, 1, 2, 3, 4} {
		if !levels[l] {
			t.Errorf("nothing was ever sent at level %d", l)
		}
	}
}
