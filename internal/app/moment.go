package app

import (
	"context"
	"encoding/json"
	"time"

	"relance/internal/domain/journal"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// moment is one change: one transaction, one instant, the entries of the journal that tell it and
// the customers it touches, who are planned again (PRODUCT.md §3 rule 5).
type moment struct {
	*store.Tx
	ctx     context.Context
	company org.Company
	actor   Actor
	at      time.Time
	day     cal.Date
	entries []journal.Entry
	touched map[id.Customer]bool
}

// update runs one change: all of it is kept, with its journal, or nothing.
func (d *Desk) update(ctx context.Context, v org.Verb, fn func(m *moment) error) error {
	if err := d.may(v); err != nil {
		return err
	}
	at := d.now()
	return d.store.Update(ctx, d.actor.Company, func(tx *store.Tx) error {
		tx.AfterCommit(func() { d.seen.forget(d.actor.Company) })
		c, err := company(ctx, tx)
		if err != nil {
			return err
		}
		m := &moment{Tx: d.bind(tx), ctx: ctx, company: c, actor: d.actor, at: at, day: dayOf(c, at), touched: map[id.Customer]bool{}}
		if !d.late.IsZero() {
			m.day = d.late
		}
		if err := fn(m); err != nil {
			return err
		}
		return m.close()
	})
}

// close writes the journal and plans the touched customers again.
func (m *moment) close() error {
	if err := m.within(); err != nil {
		return err
	}
	if len(m.touched) > 0 {
		ids := make([]id.Customer, 0, len(m.touched))
		for c := range m.touched {
			ids = append(ids, c)
		}
		if err := m.PlanAgain(m.ctx, ids, atOnce); err != nil {
			return err
		}
	}
	return m.Record(m.ctx, m.entries...)
}

// atOnce is the day of a customer whom a fact has touched: whatever day the next run is for, it
// looks at them.
var atOnce = cal.Of(1900, 1, 1)

// subject is what a fact is about; zero parts do not apply.
type subject struct {
	customer id.Customer
	invoice  id.Invoice
	message  id.Message
}

// note adds a fact to the journal; body is anything that JSON writes.
func (m *moment) note(kind journal.Kind, s subject, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	m.entries = append(m.entries, journal.Entry{At: m.at, Day: m.day, Actor: m.actor.Name, Kind: kind,
		Customer: s.customer, Invoice: s.invoice, Message: s.message, Body: string(b)})
	return nil
}

// lang is the language of what the company's people read.
func (m *moment) lang() i18n.Lang {
	l, _ := i18n.Match(m.company.Profile.Language)
	return l
}

// touch plans a customer again.
func (m *moment) touch(c id.Customer) { m.touched[c] = true }
