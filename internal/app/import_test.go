package app

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"relance/internal/domain/org"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

// letterbox is a desk over a fresh database on the 25th of November 2026.
type letterbox struct {
	t testing.TB
	d *Desk
	s *store.Store
}

func newLetterbox(t testing.TB) *letterbox {
	t.Helper()
	return letterboxOn(t, database(t))
}

func letterboxOn(t testing.TB, url string) *letterbox {
	t.Helper()
	s, err := store.Open(context.Background(), url, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	a := New(Options{Store: s, Now: func() time.Time { now = now.Add(time.Second); return now }})
	c, err := a.CreateCompany(context.Background(), "MAIN", org.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	return &letterbox{t, a.As(System(c.ID, "test")), s}
}

// put imports one text as a file and gives its report.
func (l *letterbox) put(kind ImportKind, name, text string, opts ...func(*ImportOptions)) *FileReport {
	l.t.Helper()
	o := ImportOptions{Kind: kind}
	for _, f := range opts {
		f(&o)
	}
	rep, err := l.d.Import(context.Background(), []ImportFile{FileIn(name, []byte(text))}, o)
	if err != nil {
		l.t.Fatalf("import %s: %v", name, err)
	}
	return rep.Files[0]
}

// database is where the stories of these tests are told.
var database = storetest.SQLite

// TestImportOnPostgres tells the same stories on the other database.
func TestImportOnPostgres(t *testing.T) {
	if os.Getenv(storetest.Server) == "" {
		fmt.Printf("import: %s names no server, the stories are told on SQLite alone\n", storetest.Server)
		return
	}
	database = storetest.Postgres
	defer func() { database = storetest.SQLite }()
	for name, story := range map[string]func(*testing.T){"invoices": TestImportInvoices, "paid": TestPaidIsCumulative, "payments": TestPayments,
		"instalments": TestInstalmentsFollowTheirFile, "snapshot": TestSnapshot, "undo": TestUndo, "e-invoices": TestEInvoices, "fec": TestImportFEC,
		"zip": TestZip, "interrupted": TestInterrupted, "levels": TestLevels, "customers": TestCustomersAndContacts, "ledgers": TestLedgersReconcile} {
		t.Run(name, story)
	}
}

func snapshot(o *ImportOptions) { o.Snapshot = true }
func dryRun(o *ImportOptions)   { o.DryRun = true }

func counts(r *FileReport) string {
	if r.Failure != nil {
		return r.Failure.Error()
	}
	s := fmt.Sprintf("read %d created %d updated %d unchanged %d rejected %d", r.Read, r.Created, r.Updated, r.Unchanged, r.Rejected)
	for _, p := range r.Errors {
		s += fmt.Sprintf("; line %d %s: %s", p.Line, p.Field, i18n.T(i18n.EN, p.Key, p.Args...))
	}
	return s
}

func (l *letterbox) want(got *FileReport, want string) {
	l.t.Helper()
	if s := counts(got); s != want {
		l.t.Errorf("got  %s\nwant %s", s, want)
	}
}

// ledger writes every customer, invoice and payment as an accountant would note them.
func (l *letterbox) ledger() string {
	l.t.Helper()
	var b strings.Builder
	err := l.d.view(context.Background(), func(tx *store.Tx) error {
		ctx := context.Background()
		customers, err := tx.AllCustomers(ctx)
		if err != nil {
			return err
		}
		for _, c := range customers {
			fmt.Fprintf(&b, "%s %s", c.Code, c.Name)
			if c.KindConfirmed {
				fmt.Fprintf(&b, " %s", c.Kind)
			} else if c.KindProposed != "" {
				fmt.Fprintf(&b, " %s?", c.KindProposed)
			}
			b.WriteString("\n")
			docs, err := tx.DocsOf(ctx, idsOf[id.Customer]([]int64{int64(c.ID)}))
			if err != nil {
				return err
			}
			for _, d := range docs {
				fmt.Fprintf(&b, "  %s %s %s", d.Number, d.Kind, d.Payable)
				for _, it := range d.Items {
					fmt.Fprintf(&b, " [%s %d open %d", it.Due, it.Amount, it.Open)
					if it.Closed {
						b.WriteString(" closed")
					}
					b.WriteString("]")
				}
				if d.DueSource != "stated" {
					fmt.Fprintf(&b, " due %s", d.DueSource)
				}
				b.WriteString("\n")
			}
			pays, err := tx.PaymentsOf(ctx, idsOf[id.Customer]([]int64{int64(c.ID)}))
			if err != nil {
				return err
			}
			for _, p := range pays {
				if p.Amount.Minor == 0 && p.Rest == 0 {
					continue
				}
				fmt.Fprintf(&b, "  %s %s %s rest %d\n", p.Source, p.Date, p.Amount, p.Rest)
			}
			holds, err := tx.HoldsOf(ctx, idsOf[id.Customer]([]int64{int64(c.ID)}))
			if err != nil {
				return err
			}
			for _, h := range holds {
				if h.EndedOn.IsZero() {
					fmt.Fprintf(&b, "  hold %s until %s amount %d\n", h.Reason, h.Until, h.Amount)
				}
			}
		}
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return b.String()
}

func (l *letterbox) holds(want string) {
	l.t.Helper()
	if got := l.ledger(); strings.TrimSpace(got) != strings.TrimSpace(want) {
		l.t.Errorf("ledger is\n%s\nwant\n%s", got, want)
	}
	l.balanced()
}

// balanced checks that every open sum is what the allocations leave.
func (l *letterbox) balanced() {
	l.t.Helper()
	before := l.ledger()
	err := l.s.Update(context.Background(), l.d.actor.Company, func(tx *store.Tx) error {
		ctx := context.Background()
		customers, err := tx.AllCustomers(ctx)
		if err != nil {
			return err
		}
		for _, c := range customers {
			docs, err := tx.DocsOf(ctx, idsOf[id.Customer]([]int64{int64(c.ID)}))
			if err != nil {
				return err
			}
			for _, d := range docs {
				for _, it := range d.Items {
					if err := tx.Recount(ctx, idsOf[id.Instalment]([]int64{int64(it.ID)}), nil); err != nil {
						return err
					}
				}
			}
			pays, err := tx.PaymentsOf(ctx, idsOf[id.Customer]([]int64{int64(c.ID)}))
			if err != nil {
				return err
			}
			for _, p := range pays {
				if err := tx.Recount(ctx, nil, idsOf[id.Payment]([]int64{int64(p.ID)})); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
	if after := l.ledger(); after != before {
		l.t.Errorf("open sums and allocations disagree: kept\n%s\nsummed\n%s", before, after)
	}
}

func TestImportInvoices(t *testing.T) {
	l := newLetterbox(t)
	const file = "number,issued,due,amount,customer,customer_name,paid,disputed\n" +
		"F-1,2026-10-01,2026-10-31,600.00,C1,ACME,100.00,\n" +
		"F-1,2026-10-01,2026-11-30,600.00,C1,ACME,,\n" +
		"F-2,2026-10-02,2026-11-01,50.00,C2,Beta,,20.00\n" +
		"A-1,2026-10-03,,-30.00,C1,ACME,,\n" +
		"F-3,2026-02-31,2026-11-01,50.00,C2,Beta,,\n" +
		"F-2,2026-10-02,2026-11-01,50.00,C2,Beta,,20.00\n" +
		"F-4,2026-10-05,,80.00,C2,Beta,,\n"
	const first = "read 5 created 4 updated 0 unchanged 0 rejected 1; line 6 issued: there is no such date: “2026-02-31”"
	l.want(l.put(ImportInvoices, "a.csv", file, dryRun), first)
	l.holds("")
	l.want(l.put(ImportInvoices, "a.csv", file), first)
	const ledger = `
C1 ACME
  F-1 invoice 1200.00 EUR [2026-10-31 60000 open 50000] [2026-11-30 60000 open 60000]
  A-1 credit-note 30.00 EUR [2026-10-03 3000 open 3000]
  asserted 2026-10-01 100.00 EUR rest 0
C2 Beta
  F-2 invoice 50.00 EUR [2026-11-01 5000 open 5000]
  F-4 invoice 80.00 EUR [2026-11-04 8000 open 8000] due default
  hold dispute until  amount 2000
`
	l.holds(ledger)
	l.want(l.put(ImportInvoices, "a.csv", file), "read 5 created 0 updated 0 unchanged 4 rejected 1; line 6 issued: there is no such date: “2026-02-31”")
	l.holds(ledger)
}

func TestPaidIsCumulative(t *testing.T) {
	l := newLetterbox(t)
	row := func(paid string) string {
		return "number,issued,due,amount,customer,paid\nF-1,2026-10-01,2026-10-31,100.00,C1," + paid + "\n"
	}
	l.put(ImportInvoices, "1.csv", row("40.00"))
	pay := "customer,date,amount,invoice,reference\nC1,2026-11-02,%s,F-1,%s\n"
	l.want(l.put(ImportPayments, "p.csv", fmt.Sprintf(pay, "25.00", "VIR1")), "read 1 created 1 updated 0 unchanged 0 rejected 0")
	l.holds(`
C1 C1
  F-1 invoice 100.00 EUR [2026-10-31 10000 open 6000]
  asserted 2026-10-01 15.00 EUR rest 0
  identified 2026-11-02 25.00 EUR rest 0`)
	l.want(l.put(ImportInvoices, "1.csv", row("40.00")), "read 1 created 0 updated 0 unchanged 1 rejected 0")
	l.want(l.put(ImportPayments, "p.csv", fmt.Sprintf(pay, "25.00", "VIR1")), "read 1 created 0 updated 0 unchanged 1 rejected 0")
	l.put(ImportPayments, "p2.csv", fmt.Sprintf(pay, "60.00", "VIR2"))
	l.holds(`
C1 C1
  F-1 invoice 100.00 EUR [2026-10-31 10000 open 1500]
  identified 2026-11-02 25.00 EUR rest 0
  identified 2026-11-02 60.00 EUR rest 0`)
	r := l.put(ImportInvoices, "2.csv", row("100.00"))
	l.want(r, "read 1 created 0 updated 1 unchanged 0 rejected 0")
	if r.Settled != 1 {
		t.Errorf("settled %d, want 1", r.Settled)
	}
	l.put(ImportInvoices, "3.csv", row("90.00"))
	l.holds(`
C1 C1
  F-1 invoice 100.00 EUR [2026-10-31 10000 open 1000]
  asserted 2026-10-01 5.00 EUR rest 0
  identified 2026-11-02 25.00 EUR rest 0
  identified 2026-11-02 60.00 EUR rest 0`)
}

func TestPayments(t *testing.T) {
	l := newLetterbox(t)
	l.put(ImportInvoices, "i.csv", "number,issued,due,amount,customer,customer_name\nF-1,2026-10-01,2026-10-31,100.00,C1,ACME\nF-2,2026-10-01,2026-11-10,70.00,C1,ACME\nF-3,2026-10-01,2026-11-10,70.00,C2,Beta\n")
	const file = "customer,date,amount,invoice,reference,method\n" +
		"C1,2026-11-03,30.00,F-1,,transfer\nC1,2026-11-03,30.00,F-1,,transfer\n" + // two of the same are two
		"ACME,2026-11-04,70.00,,,cheque\n" + // the only exact match
		"C2,2026-11-04,10.00,,,\n" + // nothing names an invoice: the customer's credit
		"C2,2026-11-05,80.00,F-3,,\n" + // more than the invoice
		"C9,2026-11-05,80.00,,,\nC1,2026-11-05,-3.00,F-1,,\n"
	l.want(l.put(ImportPayments, "p.csv", file), "read 7 created 5 updated 0 unchanged 0 rejected 2; line 8 amount: zero or negative amount: a refund or a returned payment is entered by hand; line 7 customer: unknown customer")
	const ledger = `
C1 ACME
  F-1 invoice 100.00 EUR [2026-10-31 10000 open 4000]
  F-2 invoice 70.00 EUR [2026-11-10 7000 open 0]
  identified 2026-11-03 30.00 EUR rest 0
  identified 2026-11-03 30.00 EUR rest 0
  identified 2026-11-04 70.00 EUR rest 0
C2 Beta
  F-3 invoice 70.00 EUR [2026-11-10 7000 open 0]
  identified 2026-11-04 10.00 EUR rest 1000
  identified 2026-11-05 80.00 EUR rest 1000
`
	l.holds(ledger)
	l.put(ImportPayments, "p.csv", file)
	l.holds(ledger)
}

func TestInstalmentsFollowTheirFile(t *testing.T) {
	l := newLetterbox(t)
	head := "number,issued,due,amount,customer\n"
	l.put(ImportInvoices, "1.csv", head+"F-1,2026-10-01,2026-10-31,60.00,C1\nF-1,2026-10-01,2026-11-30,40.00,C1\n")
	l.put(ImportPayments, "p.csv", "customer,date,amount,invoice\nC1,2026-11-02,60.00,F-1\n")
	l.put(ImportInvoices, "2.csv", head+"F-1,2026-10-01,2026-12-15,100.00,C1\n")
	l.holds(`
C1 C1
  F-1 invoice 100.00 EUR [2026-12-15 10000 open 4000] [2026-11-30 4000 open 0 closed]
  identified 2026-11-02 60.00 EUR rest 0`)
	l.put(ImportInvoices, "3.csv", head+"F-1,2026-10-01,2026-12-15,50.00,C1\n")
	l.holds(`
C1 C1
  F-1 invoice 50.00 EUR [2026-12-15 5000 open 0] [2026-11-30 4000 open 0 closed]
  identified 2026-11-02 60.00 EUR rest 1000`)
}

func TestSnapshot(t *testing.T) {
	l := newLetterbox(t)
	head := "Client;Pièce;Échéance;Solde\n"
	full := head + "C1;F-1;31/10/2026;100,00\nC1;F-2;30/11/2026;50,00\n"
	l.want(l.put(ImportInvoices, "balance.csv", full, snapshot), "read 2 created 2 updated 0 unchanged 0 rejected 0")
	r := l.put(ImportInvoices, "balance2.csv", head+"C1;F-2;30/11/2026;20,00\n", snapshot, dryRun)
	if len(r.Absent) != 1 || r.Absent[0].Number != "F-1" {
		t.Errorf("absent: %+v", r.Absent)
	}
	r = l.put(ImportInvoices, "balance2.csv", head+"C1;F-2;30/11/2026;20,00\n", snapshot)
	if s := r.Sentence().In(i18n.EN); s != "1 settled, 0 new, 1 changed, 0 reminders cancelled, 0 rejected" {
		t.Error(s)
	}
	l.holds(`
C1 C1
  F-1 invoice 100.00 EUR [2026-10-31 10000 open 0]
  F-2 invoice 50.00 EUR [2026-11-30 5000 open 2000]
  asserted 2026-11-25 30.00 EUR rest 0
  asserted 2026-11-25 100.00 EUR rest 0`)
	r = l.put(ImportInvoices, "balance3.csv", full, snapshot)
	if r.Reopened != 1 {
		t.Errorf("reopened %d", r.Reopened)
	}
	l.holds(`
C1 C1
  F-1 invoice 100.00 EUR [2026-10-31 10000 open 10000]
  F-2 invoice 50.00 EUR [2026-11-30 5000 open 5000]`)
}

func TestUndo(t *testing.T) {
	l := newLetterbox(t)
	head := "number,issued,due,amount,customer,paid,disputed\n"
	first := l.put(ImportInvoices, "1.csv", head+"F-1,2026-10-01,2026-10-31,100.00,C1,10.00,\nF-2,2026-10-01,2026-10-31,20.00,C1,,\n")
	before := l.ledger()
	second := l.put(ImportInvoices, "2.csv", head+"F-1,2026-10-01,2026-11-15,90.00,C1,30.00,yes\nF-1,2026-10-01,2026-12-15,5.00,C1,,\nF-9,2026-10-01,2026-10-31,20.00,C9,,\n")
	l.want(second, "read 2 created 1 updated 1 unchanged 0 rejected 0")
	pay := l.put(ImportPayments, "p.csv", "customer,date,amount,invoice\nC1,2026-11-02,50.00,F-1\n")
	ctx := context.Background()
	if _, err := l.d.UndoImport(ctx, second.ID); err == nil {
		t.Error("an import on which a later one stands was taken back")
	}
	for _, r := range []*FileReport{pay, second} {
		if _, err := l.d.UndoImport(ctx, r.ID); err != nil {
			t.Fatal(err)
		}
	}
	l.holds(before)
	if _, err := l.d.UndoImport(ctx, first.ID); err != nil {
		t.Fatal(err)
	}
	l.holds("")
	if _, err := l.d.UndoImport(ctx, first.ID); err == nil {
		t.Error("taken back twice")
	}
}
