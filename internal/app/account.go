package app

import (
	"context"
	"slices"
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/dunning"
	"relance/internal/domain/journal"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Account is a customer as an extrait de compte, with what comes next and everything that passed.
type Account struct {
	Customer     party.Customer
	Contacts     []party.Contact
	Date         cal.Date
	Entries      []AccountEntry
	Balances     map[money.Currency]int64 // open debts − credits
	Overdue      map[money.Currency]int64
	Scenario     *dunning.Scenario
	Outcome      dunning.Outcome
	Holds        []Held
	Tasks        []ToDo
	Messages     []*Queued
	Journal      []journal.Entry
	Next         cal.Date
	Supplier     []store.Supplier // what the company owes this customer as a supplier: it may be set off
	Insured      *store.Insurance
	Insolvencies []*store.Insolvency
}

// AccountEntry is one line of the account: an invoice, an avoir or money received.
type AccountEntry struct {
	Date       cal.Date
	Kind       string // invoice kinds of bill, or "payment"
	Number     string
	Invoice    id.Invoice
	Instalment int
	Of         int
	Due        cal.Date
	Currency   money.Currency
	Debit      int64
	Credit     int64
	Balance    int64 // running, in the entry's currency
	Open       int64
	Lettering  string // the same letters on what settles one another
	Level      int
	DaysLate   int
	Disputed   bool
	Original   string // SHA-256 of the document
	FileName   string
	Estimated  bool
}

// Account reads a customer by code.
func (d *Desk) Account(ctx context.Context, code string) (*Account, error) {
	a := &Account{}
	err := d.view(ctx, func(tx *store.Tx) error {
		c, err := tx.CustomerByCode(ctx, code)
		if fault.Of(err) == fault.NotFound {
			return fault.New(fault.NotFound, "app.no-customer", code)
		}
		if err != nil {
			return err
		}
		s, err := d.scene(ctx, tx, 0)
		if err != nil {
			return err
		}
		list, err := s.decide(ctx, tx, []id.Customer{c.ID})
		if err != nil {
			return err
		}
		x := list[0]
		a.Customer, a.Contacts, a.Date, a.Outcome, a.Next = x.Customer, x.Contacts, s.day, x.Out, x.ledger.Next
		a.Scenario = s.catalog.latest[s.catalog.nameFor(&x.Customer, x.ledger.Owed()[money.EUR])]
		if err := a.entries(ctx, tx, x); err != nil {
			return err
		}
		return a.around(ctx, tx, d, x)
	})
	return a, err
}

// entries lays the ledger out as an accountant reads it.
func (a *Account) entries(ctx context.Context, tx *store.Tx, x *Decision) error {
	who := []id.Customer{x.Customer.ID}
	docs, err := tx.DocsOf(ctx, who)
	if err != nil {
		return err
	}
	payments, err := tx.PaymentsOf(ctx, who)
	if err != nil {
		return err
	}
	allocations, err := tx.AllocationsOf(ctx, who)
	if err != nil {
		return err
	}
	letters := lettering(docs, allocations)
	for _, doc := range docs {
		for _, it := range doc.Items {
			if it.Closed {
				continue
			}
			e := AccountEntry{Date: doc.Issued, Kind: string(doc.Kind), Number: doc.Number, Invoice: doc.ID, Instalment: it.Seq, Of: len(doc.Items),
				Due: it.Due, Currency: doc.Currency, Open: it.Open, Original: doc.Original, FileName: doc.FileName,
				Lettering: letters[int64(it.ID)], Estimated: doc.DueSource == bill.DueEstimated}
			if it.Credit {
				e.Credit, e.Kind = it.Amount, string(bill.CreditNote)
			} else {
				e.Debit = it.Amount
				if it.Open > 0 && it.Due < a.Date {
					e.DaysLate = a.Date.Sub(it.Due)
				}
			}
			if open := x.item(it.ID); open != nil {
				e.Level, e.Disputed = open.State.Level, x.contested(open) > 0 || x.disputed(open)
			}
			a.Entries = append(a.Entries, e)
		}
	}
	for _, p := range payments {
		if p.CancelledOn.IsZero() {
			a.Entries = append(a.Entries, AccountEntry{Date: p.Date, Kind: "payment", Number: paymentName(p), Currency: p.Amount.Currency,
				Credit: p.Amount.Minor, Open: p.Rest, Lettering: letters[-int64(p.ID)]})
		}
	}
	slices.SortStableFunc(a.Entries, func(x, y AccountEntry) int {
		if x.Date != y.Date {
			return int(x.Date - y.Date)
		}
		return strings.Compare(x.Number, y.Number)
	})
	a.balance()
	return nil
}

func paymentName(p *store.Payment) string {
	if p.Reference != "" {
		return p.Reference
	}
	if p.Source == cash.Asserted {
		return ""
	}
	return string(p.Method)
}

func (a *Account) balance() {
	running := map[money.Currency]int64{}
	a.Balances, a.Overdue = map[money.Currency]int64{}, map[money.Currency]int64{}
	for i := range a.Entries {
		e := &a.Entries[i]
		running[e.Currency] += e.Debit - e.Credit
		e.Balance = running[e.Currency]
		if e.Debit > 0 {
			a.Balances[e.Currency] += e.Open
			if e.DaysLate > 0 {
				a.Overdue[e.Currency] += e.Open
			}
		} else {
			a.Balances[e.Currency] -= e.Open
		}
	}
}

// disputed tells whether an item is contested as a whole.
func (d *Decision) disputed(it *dunning.Item) bool {
	for _, h := range d.In.Holds {
		if h.Reason == dunning.HoldDispute && (h.Item == 0 || h.Item == it.ID) && live(h, d.In.Today) {
			return true
		}
	}
	return false
}

// lettering gives the same letters (A, B … Z, AA) to what settles one another, as on a French
// account: items by their identifier, payments by the opposite of theirs.
func lettering(docs []*store.Doc, list []*store.Allocation) map[int64]string {
	parent := map[int64]int64{}
	var find func(int64) int64
	find = func(n int64) int64 {
		if p, ok := parent[n]; ok && p != n {
			r := find(p)
			parent[n] = r
			return r
		}
		parent[n] = n
		return n
	}
	credit := map[id.Invoice]int64{}
	for _, d := range docs {
		for _, it := range d.Items {
			if it.Credit {
				credit[d.ID] = int64(it.ID)
			}
		}
	}
	var order []int64
	for _, a := range list {
		other := -int64(a.Payment)
		if a.Credit != 0 {
			other = credit[a.Credit]
		}
		x, y := find(int64(a.Item)), find(other)
		if x != y {
			parent[y] = x
		}
		order = append(order, int64(a.Item))
	}
	names, out := map[int64]string{}, map[int64]string{}
	for _, n := range order {
		root := find(n)
		if names[root] == "" {
			names[root] = letters(len(names))
		}
	}
	for n := range parent {
		out[n] = names[find(n)]
	}
	return out
}

func letters(n int) string {
	s := ""
	for n++; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

// around reads what stands beside the account.
func (a *Account) around(ctx context.Context, tx *store.Tx, d *Desk, x *Decision) error {
	who := []id.Customer{x.Customer.ID}
	holds, err := tx.HoldsOf(ctx, who)
	if err != nil {
		return err
	}
	holds = slices.DeleteFunc(holds, func(h store.Hold) bool { return !h.EndedOn.IsZero() || !h.Until.IsZero() && h.Until < a.Date })
	if a.Holds, err = named(ctx, tx, holds); err != nil {
		return err
	}
	tasks, err := tx.TasksOf(ctx, x.Customer.ID)
	if err != nil {
		return err
	}
	tasks = slices.DeleteFunc(tasks, func(t store.Task) bool { return t.State != "open" })
	if a.Tasks, err = todos(ctx, tx, tasks); err != nil {
		return err
	}
	rows, err := tx.MessagesOf(ctx, who)
	if err != nil {
		return err
	}
	if a.Messages, err = d.queued(ctx, tx, rows); err != nil {
		return err
	}
	if a.Supplier, err = tx.SuppliersAmong(ctx, who); err != nil {
		return err
	}
	a.Insured = x.ledger.Insurance
	if a.Insolvencies, err = tx.InsolvenciesOf(ctx, who); err != nil {
		return err
	}
	a.Journal, err = tx.JournalOf(ctx, x.Customer.ID)
	return err
}
