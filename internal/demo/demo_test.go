package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"net"
	"strconv"
	"testing"
	"time"

	"relance/internal/app"
	"relance/internal/gateway/pdf"
	"relance/internal/gateway/smtp"
	"relance/internal/gateway/smtp/catch"
	"relance/internal/ground/i18n"
	"relance/internal/store"
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

// played is the example company on a database, its past lived.
func played(t *testing.T, url string) (*Stage, *store.Store, *Mailbox) {
	t.Helper()
	ctx := context.Background()
	today := time.Date(2026, 11, 25, 10, 0, 0, 0, time.FixedZone("Paris", 3600))
	clock := NewClock(Begin(today))
	box := NewMailbox(clock.Now)
	server, err := catch.Listen("127.0.0.1:0", box.Take)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
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
	st := storetest.Open(t, url)
	a := app.New(app.Options{Store: st, Now: clock.Now, Mail: dialer{}, Print: printer})
	start := time.Now()
	s, err := Set(ctx, a, clock, box, printer, i18n.FR, host, n)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the past was lived in %s", time.Since(start).Round(time.Millisecond))
	return s, st, box
}

// TestLife plays the example company's past and ten days more, and looks at what an accountant
// would: books that add up, every situation on the desk, nothing sent twice.
func TestLife(t *testing.T) {
	ctx := context.Background()
	s, _, box := played(t, storetest.SQLite(t))
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

// TestMoves: the example company, with all that its five months have left, moves to each kind of database and
// back. The backups before and after hold the same bytes, document by document and line by line.
func TestMoves(t *testing.T) {
	ctx := context.Background()
	s, _, _ := played(t, storetest.SQLite(t))
	arrive := func(url string) (*store.Store, *app.App) {
		st, err := store.Door(ctx, url, true)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		return st, app.New(app.Options{Store: st})
	}
	want, m := backup(t, s.Desk.App)
	for table, least := range map[string]int{"customer": 200, "invoice": 500, "message": 200, "action": 500, "bank_line": 100, "commitment": 1,
		"dispute": 1, "hold": 1, "task": 1, "allocation": 100, "journal": 1000, "import_file": 1, "scenario": 1} {
		if m.Tables[table].Rows < least {
			t.Errorf("%d rows of %s: the company has too little to move", m.Tables[table].Rows, table)
		}
	}
	if m.Files < 100 {
		t.Errorf("%d documents", m.Files)
	}
	storetest.Each(t, func(t *testing.T, url string) {
		there, thereApp := arrive(url)
		r, err := s.Desk.Move(ctx, there, app.MoveOptions{Keep: true})
		if err != nil || r.Missing != 0 || r.Rows() != m.Rows() || r.Files != m.Files {
			t.Fatalf("%+v, %v", r, err)
		}
		same(t, want, thereApp)
		back, backApp := arrive(storetest.SQLite(t))
		if _, err := thereApp.Move(ctx, back, app.MoveOptions{}); err != nil {
			t.Fatal(err)
		}
		same(t, want, backApp)
		if v, err := backApp.As(s.Desk.Actor()).VerifyJournal(ctx); err != nil || v.Broken != "" || v.Sealed != r.Facts || v.Unsealed != 0 {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// backup digests each part of a backup.
func backup(t *testing.T, a *app.App) (map[string][32]byte, app.Manifest) {
	t.Helper()
	var b bytes.Buffer
	m, err := a.Backup(context.Background(), &b)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][32]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name != "manifest.json" { // it tells the instant
			out[f.Name] = sha256.Sum256(append(data, f.Comment...))
		}
	}
	return out, m
}

func same(t *testing.T, want map[string][32]byte, a *app.App) {
	t.Helper()
	got, _ := backup(t, a)
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s is not what it was", name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d parts, %d before", len(got), len(want))
	}
}
