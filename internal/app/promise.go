package app

import (
	"context"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/store"
)

// Promise is a dated commitment of the debtor.
type Promise struct {
	Customer, Invoice string
	On                cal.Date
	Amount            int64 // minor units; 0: all that is owed
	Why               string
}

// AddPromise holds the reminders until a promise may be called broken: three working days after
// its date (PRODUCT.md §3 rule 6).
func (d *Desk) AddPromise(ctx context.Context, p Promise) (holds []store.Hold, err error) {
	err = d.update(ctx, org.VerbCollect, func(m *moment) error {
		holds, err = m.promise(p)
		return err
	})
	return holds, err
}

func (m *moment) promise(p Promise) ([]store.Hold, error) {
	if p.On < m.day {
		return nil, fault.New(fault.Invalid, "app.promise.past", p.On)
	}
	return m.hold(HoldDraft{Customer: p.Customer, Invoice: p.Invoice, Reason: dunning.HoldPromise, PromisedOn: p.On, Promised: p.Amount,
		Until: m.company.Profile.Calendar.AddWorkingDays(p.On, promiseWait), Why: p.Why})
}
