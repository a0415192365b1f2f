package app

import (
	"context"

	"relance/internal/domain/org"
	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Overview is the day at a glance: what is to approve, what left, what is blocked and why, what
// people have to do, and what is owed.
type Overview struct {
	Day       cal.Date
	Company   org.Company
	Gates     []Gate
	Figures   []Figure
	Proposed  []store.Heap // by currency
	Approved  int          // e-mails that leave when their window opens
	ToPost    int
	SentToday []store.Heap
	Failed    int
	Uncertain int
	Blocked   []store.ReasonCount
	Tasks     []ToDo // the oldest ones
	TaskCount int
	Customers int // in the books
	Accounts  int // mail accounts
}

// Figure is what one currency owes at the day.
type Figure struct {
	report.Aging
	DSO     report.Tenths // simple, over dsoDays
	HasDSO  bool
	DSODays int
}

// dsoDays is the period of the simple days sales outstanding: a quarter, what credit managers
// compare from one month to the next.
const dsoDays = 90

// shownTasks is how many tasks the day shows before "all of them".
const shownTasks = 8

// Overview reads the day at a glance.
func (d *Desk) Overview(ctx context.Context) (*Overview, error) {
	o := &Overview{}
	err := d.view(ctx, func(tx *store.Tx) (err error) {
		if o.Company, err = company(ctx, tx); err != nil {
			return err
		}
		o.Day = dayOf(o.Company, d.now())
		if o.Gates, err = d.gates(ctx, tx, &scene{company: o.Company, day: o.Day}); err != nil {
			return err
		}
		if o.Figures, err = d.figures(ctx, tx, o.Day); err != nil {
			return err
		}
		if o.Proposed, err = tx.HeapsIn(ctx, store.Proposed); err != nil {
			return err
		}
		if o.SentToday, err = tx.HeapsSentOn(ctx, o.Day); err != nil {
			return err
		}
		for _, c := range []struct {
			tab string
			n   *int
		}{{"approved", &o.Approved}, {"post", &o.ToPost}, {"failed", &o.Failed}, {"uncertain", &o.Uncertain}} {
			if *c.n, err = tx.OutboxCount(ctx, c.tab); err != nil {
				return err
			}
		}
		if o.Blocked, err = tx.HoldReasons(ctx, o.Day); err != nil {
			return err
		}
		if o.TaskCount, err = tx.TaskCount(ctx, o.Day); err != nil {
			return err
		}
		rows, err := tx.TasksPage(ctx, o.Day, 0, shownTasks)
		if err != nil {
			return err
		}
		if o.Tasks, err = todos(ctx, tx, rows); err != nil {
			return err
		}
		if o.Customers, err = tx.CustomerCount(ctx); err != nil {
			return err
		}
		accounts, err := tx.MailAccounts(ctx)
		o.Accounts = len(accounts)
		return err
	})
	return o, err
}

// figures sums what is owed, once for all the pages of a moment.
func (d *Desk) figures(ctx context.Context, tx *store.Tx, day cal.Date) ([]Figure, error) {
	if tx.Bound() { // what is kept is everybody's
		return figures(ctx, tx, day)
	}
	return d.seen.figures.get(tx.Company(), day, func() ([]Figure, error) { return figures(ctx, tx, day) })
}

func figures(ctx context.Context, tx *store.Tx, day cal.Date) ([]Figure, error) {
	totals, err := tx.AgingTotals(ctx, day)
	if err != nil {
		return nil, err
	}
	list := make([]Figure, len(totals))
	for i, t := range totals {
		list[i] = Figure{Aging: t, DSODays: dsoDays}
		billed, err := tx.Billed(ctx, t.Currency, day.AddDays(-dsoDays), day)
		if err != nil {
			return nil, err
		}
		list[i].DSO, list[i].HasDSO = report.Simple(t.Total, billed, dsoDays)
	}
	// The house's own currency first.
	for i := range list {
		if list[i].Currency == money.EUR && i > 0 {
			f := list[i]
			copy(list[1:i+1], list[:i])
			list[0] = f
		}
	}
	return list, nil
}

// TasksPage is a page of what people have to do, the oldest first.
func (d *Desk) TasksPage(ctx context.Context, offset, limit int) (list []ToDo, total int, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err := company(ctx, tx)
		if err != nil {
			return err
		}
		today := dayOf(c, d.now())
		rows, err := tx.TasksPage(ctx, today, offset, limit)
		if err != nil {
			return err
		}
		if list, err = todos(ctx, tx, rows); err != nil {
			return err
		}
		total, err = tx.TaskCount(ctx, today)
		return err
	})
	return list, total, err
}

// Blocked is a page of the holds that stop reminders today, for a reason ("" for all), with the
// count of each reason.
func (d *Desk) Blocked(ctx context.Context, reason string, offset, limit int) (list []Held, counts []store.ReasonCount, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err := company(ctx, tx)
		if err != nil {
			return err
		}
		day := dayOf(c, d.now())
		if counts, err = tx.HoldReasons(ctx, day); err != nil {
			return err
		}
		rows, err := tx.HoldsFor(ctx, day, reason, offset, limit)
		if err != nil {
			return err
		}
		list, err = named(ctx, tx, rows)
		return err
	})
	return list, counts, err
}
