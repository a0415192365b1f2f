package app

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// What lists are made of, under names that a door may use.
type (
	CustomerRow = store.CustomerRow
	InvoiceRow  = store.InvoiceRow
	Heap        = store.Heap
	ReasonCount = store.ReasonCount
	ImportRow   = store.Import
)

// ListQuery is what a person asks of a list: words to search, one filter, an order, a page.
type ListQuery struct {
	Search, Filter, Sort string
	Desc                 bool
	Offset, Limit        int
}

// CustomersPage is one page of the customers, with how many there are in all.
func (d *Desk) CustomersPage(ctx context.Context, q ListQuery) (day cal.Date, list []store.CustomerRow, total int, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err := company(ctx, tx)
		if err != nil {
			return err
		}
		day = dayOf(c, d.now())
		if q.ranked() && !tx.Bound() { // what is ranked is everybody's
			list, total, err = d.rankedPage(ctx, tx, day, q)
			return err
		}
		list, total, err = tx.CustomersPage(ctx, store.CustomerQuery{Today: day, Search: q.Search, Filter: q.Filter, Sort: q.Sort,
			Desc: q.Desc, Offset: q.Offset, Limit: q.Limit})
		return err
	})
	return day, list, total, err
}

// ranked tells whether a page of the customers is one of the largest debts first, which are
// ranked once for all the pages of a moment.
func (q ListQuery) ranked() bool {
	return q.Search == "" && q.Desc && (q.Sort == "late" || q.Sort == "owed") && (q.Filter == "" || q.Filter == "late" || q.Filter == "owing")
}

func (d *Desk) rankedPage(ctx context.Context, tx *store.Tx, day cal.Date, q ListQuery) ([]store.CustomerRow, int, error) {
	r, err := d.seen.ranks.get(tx.Company(), day, func() (ranking, error) { return rank(ctx, tx, day) })
	if err != nil {
		return nil, 0, err
	}
	order, owes := r.owed, func(x store.Rank) bool { return x.Owed > 0 }
	if q.Sort == "late" {
		order, owes = r.late, func(x store.Rank) bool { return x.Late > 0 }
	}
	total := len(order)
	switch q.Filter {
	case "late":
		order = slices.DeleteFunc(slices.Clone(order), func(x store.Rank) bool { return x.Late == 0 })
		total = len(order)
	case "":
		if total, err = tx.CustomerCount(ctx); err != nil {
			return nil, 0, err
		}
		ranked := sort.Search(len(order), func(i int) bool { return !owes(order[i]) })
		if q.Offset+q.Limit > ranked && total > ranked {
			// Below the last debt come the customers who owe nothing: the database lists them.
			return tx.CustomersPage(ctx, store.CustomerQuery{Today: day, Sort: q.Sort, Desc: true, Offset: q.Offset, Limit: q.Limit})
		}
	}
	ids := make([]id.Customer, 0, q.Limit)
	for _, x := range order[min(q.Offset, total, len(order)):min(q.Offset+q.Limit, total, len(order))] {
		ids = append(ids, x.Customer)
	}
	list, err := tx.CustomerRows(ctx, day, ids)
	return list, total, err
}

// rank orders the customers who owe something, as the database would: largest first, then the
// oldest customer.
func rank(ctx context.Context, tx *store.Tx, day cal.Date) (r ranking, err error) {
	if r.late, err = tx.Ranks(ctx, day); err != nil {
		return r, err
	}
	r.owed = slices.Clone(r.late)
	slices.SortFunc(r.late, func(a, b store.Rank) int {
		return cmp.Or(cmp.Compare(b.Late, a.Late), cmp.Compare(a.Customer, b.Customer))
	})
	slices.SortFunc(r.owed, func(a, b store.Rank) int {
		return cmp.Or(cmp.Compare(b.Owed, a.Owed), cmp.Compare(a.Customer, b.Customer))
	})
	return r, nil
}

// InvoicesPage is one page of the instalments, and how many there are in all: −1 when they are not
// counted.
func (d *Desk) InvoicesPage(ctx context.Context, q ListQuery) (day cal.Date, list []store.InvoiceRow, total int, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err := company(ctx, tx)
		if err != nil {
			return err
		}
		day = dayOf(c, d.now())
		list, total, err = tx.InvoicesPage(ctx, store.InvoiceQuery{Today: day, Search: q.Search, Filter: q.Filter, Sort: q.Sort,
			Desc: q.Desc, Offset: q.Offset, Limit: q.Limit})
		return err
	})
	return day, list, total, err
}

// OutboxTabs lists the parts of the outbox in the order of the desk.
func OutboxTabs() []string { return store.OutboxTabs }

// OutboxView is one page of a part of the outbox.
type OutboxView struct {
	Day    cal.Date
	List   []*Queued
	Sums   []store.Heap   // of the whole part, by currency
	Counts map[string]int // of every part
}

// OutboxPage reads a page of a part of the outbox; on a day when one is given ("sent" only).
func (d *Desk) OutboxPage(ctx context.Context, tab string, on cal.Date, offset, limit int) (v *OutboxView, err error) {
	v = &OutboxView{Counts: map[string]int{}}
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err := company(ctx, tx)
		if err != nil {
			return err
		}
		v.Day = dayOf(c, d.now())
		rows, sums, err := tx.OutboxPage(ctx, store.OutboxQuery{Tab: tab, Day: on, Offset: offset, Limit: limit})
		if err != nil {
			return err
		}
		v.Sums = sums
		if v.List, err = d.queued(ctx, tx, rows); err != nil {
			return err
		}
		for _, t := range store.OutboxTabs {
			if v.Counts[t], err = tx.OutboxCount(ctx, t); err != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}
