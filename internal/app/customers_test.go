package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"relance/internal/domain/dunning"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

// ledgerOfForty fills a ledger: some owe and are late, some owe what is not due, some owe nothing.
func ledgerOfForty(t *testing.T) *letterbox {
	l := newLetterbox(t)
	var b strings.Builder
	b.WriteString("number,issued,due,amount,customer,customer_name,paid\n")
	for i := range 40 {
		due, paid := "2026-10-01", ""
		switch i % 4 {
		case 1:
			due = "2026-12-20"
		case 2:
			paid = "100.00"
		}
		fmt.Fprintf(&b, "F-%02d,2026-09-01,%s,%d.00,C%02d,Client %c,%s\n", i, due, 100+(i*37%50)*10*(1-i%4/2), i, 'A'+i*7%26, paid)
	}
	l.put(ImportInvoices, "i.csv", b.String())
	return l
}

func codes(list []store.CustomerRow) (out []string) {
	for _, r := range list {
		out = append(out, r.Customer.Code)
	}
	return out
}

// TestRankedCustomers: the order kept in mind is the database's, on every page of every filter.
func TestRankedCustomers(t *testing.T) {
	l := ledgerOfForty(t)
	ctx := context.Background()
	for _, filter := range []string{"", "late", "owing"} {
		for _, sort := range []string{"late", "owed"} {
			for at := 0; at < 50; at += 7 {
				q := ListQuery{Filter: filter, Sort: sort, Desc: true, Offset: at, Limit: 7}
				day, got, total, err := l.d.CustomersPage(ctx, q)
				if err != nil {
					t.Fatal(err)
				}
				var want []store.CustomerRow
				n := 0
				if err := l.d.view(ctx, func(tx *store.Tx) error {
					want, n, err = tx.CustomersPage(ctx, store.CustomerQuery{Today: day, Filter: filter, Sort: sort, Desc: true, Offset: at, Limit: 7})
					return err
				}); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(codes(want), codes(got)); diff != "" || n != total {
					t.Errorf("%q by %s from %d: %d of %d\n%s", filter, sort, at, total, n, diff)
				}
			}
		}
	}
}

// TestCustomersAreFound by the middle of a name, whatever its accents, and the beginning of a code.
func TestCustomersAreFound(t *testing.T) {
	l := newLetterbox(t)
	l.put(ImportCustomers, "c.csv", "code,name\nK-100,Électricité Moreau\nK-200,Garage Saint-Michel\nk-300,100 % Bois\n")
	for words, want := range map[string]string{"electricite": "K-100", "MOREAU": "K-100", "saint michel": "K-200", "K-2": "K-200", "100 %": "k-300", "_": "", "%": "", "zzz": "", "k-3": "k-300"} {
		_, list, _, err := l.d.CustomersPage(context.Background(), ListQuery{Search: words, Sort: "code", Limit: 9})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(codes(list), " "); got != want {
			t.Errorf("%q finds %q, want %q", words, got, want)
		}
	}
}

// TestInvoicesAreFound by number, its beginning, or their customer; each filter keeps what it says.
func TestInvoicesAreFound(t *testing.T) {
	l := ledgerOfForty(t)
	for _, c := range []struct {
		q     ListQuery
		rows  int
		total int
	}{
		{ListQuery{Filter: "open"}, 30, 30}, {ListQuery{Filter: "late"}, 20, 20}, {ListQuery{Filter: "upcoming", Sort: "open", Desc: true}, 10, 10}, {ListQuery{Filter: "settled", Sort: "issued"}, 10, -1},
		{ListQuery{Sort: "number"}, 40, -1}, {ListQuery{Search: "f-0", Sort: "number"}, 10, -1}, {ListQuery{Search: "F-11"}, 1, -1}, {ListQuery{Search: "C07", Filter: "open"}, 1, -1},
		{ListQuery{Search: "client a", Sort: "number"}, 2, -1}, {ListQuery{Search: "nobody"}, 0, -1}, {ListQuery{Filter: "disputed"}, 0, 0},
	} {
		c.q.Limit = 100
		_, list, total, err := l.d.InvoicesPage(context.Background(), c.q)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != c.rows || total != c.total {
			t.Errorf("%+v: %d rows of %d, want %d of %d", c.q, len(list), total, c.rows, c.total)
		}
	}
}

// TestSumsStand: a sum that is quick follows every change, a slow one stands for its share of time.
func TestSumsStand(t *testing.T) {
	var s sums[int]
	n, cost := 0, time.Duration(0)
	sum := func() (int, error) { n++; time.Sleep(cost); return n, nil }
	get := func() int {
		v, err := s.get(1, 10, sum)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if first, second := get(), get(); first != 1 || second != 1 {
		t.Error("an unchanged sum is made twice")
	}
	s.change(1)
	if get() != 2 {
		t.Error("a quick sum does not follow a change")
	}
	cost = 2 * quickSum
	s.change(1)
	get()
	s.change(1)
	if get() != 3 {
		t.Error("a slow sum is made again at once")
	}
	if v, err := s.get(1, 11, sum); err != nil || v != 4 {
		t.Errorf("another day: %d, %v", v, err)
	}
	if _, err := s.get(2, 10, func() (int, error) { return 0, errors.New("closed") }); err == nil {
		t.Error("an error is kept")
	}
}

// TestTheDayAtAGlance: the figures of the day, what is blocked and to do, each part of the outbox.
func TestTheDayAtAGlance(t *testing.T) {
	l := ledgerOfForty(t)
	ctx := context.Background()
	if _, err := l.d.AddHold(ctx, HoldDraft{Customer: "C00", Reason: dunning.HoldPause, Why: "seen"}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.d.Run(ctx, RunOptions{Brief: true}); err != nil {
		t.Fatal(err)
	}
	o, err := l.d.Overview(ctx)
	if err != nil {
		t.Fatal(err)
	}
	f := o.Figures[0]
	if len(o.Figures) != 1 || f.Count != 30 || f.Late() == 0 || !f.HasDSO || o.Customers != 40 {
		t.Errorf("figures %+v of %d customers", f, o.Customers)
	}
	if len(o.Blocked) != 1 || o.Blocked[0] != (ReasonCount{Reason: "pause", Holds: 1, Customers: 1}) {
		t.Errorf("blocked: %v", o.Blocked)
	}
	held, _, err := l.d.Blocked(ctx, "pause", 0, 10)
	if err != nil || len(held) != 1 || held[0].CustomerCode != "C00" {
		t.Errorf("held: %v %v", held, err)
	}
	tasks, n, err := l.d.TasksPage(ctx, 0, 5)
	if err != nil || n != o.TaskCount || len(tasks) != min(n, 5) {
		t.Errorf("%d of %d tasks, %v", len(tasks), n, err)
	}
	seen := 0
	for _, tab := range OutboxTabs() {
		v, err := l.d.OutboxPage(ctx, tab, 0, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for _, h := range v.Sums {
			sum += h.Count
		}
		if len(v.List) != sum || v.Counts[tab] != sum {
			t.Errorf("%s: %d rows, %d summed, %d counted", tab, len(v.List), sum, v.Counts[tab])
		}
		seen += sum
	}
	if waiting, err := l.d.ToApprove(ctx); err != nil || seen == 0 && n == 0 {
		t.Errorf("nothing is to be done: %d messages, %d to approve, %v", seen, waiting, err)
	}
}

// TestListsOnPostgres reads the same lists on the other database.
func TestListsOnPostgres(t *testing.T) {
	if os.Getenv(storetest.Server) == "" {
		fmt.Printf("lists: %s names no server, they are read on SQLite alone\n", storetest.Server)
		return
	}
	database = storetest.Postgres
	defer func() { database = storetest.SQLite }()
	for name, list := range map[string]func(*testing.T){"ranked": TestRankedCustomers, "customers": TestCustomersAreFound, "invoices": TestInvoicesAreFound, "day": TestTheDayAtAGlance} {
		t.Run(name, list)
	}
}
