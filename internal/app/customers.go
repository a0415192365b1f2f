package app

import (
	"context"

	"relance/internal/ground/cal"
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
		list, total, err = tx.CustomersPage(ctx, store.CustomerQuery{Today: day, Search: q.Search, Filter: q.Filter, Sort: q.Sort,
			Desc: q.Desc, Offset: q.Offset, Limit: q.Limit})
		return err
	})
	return day, list, total, err
}

// InvoicesPage is one page of the instalments, with how many there are in all.
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
