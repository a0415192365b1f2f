package app

import (
	"context"
	"time"

	"relance/internal/store"
)

// Vitals is the state of the house as an operator watches it; every company's together, and nothing
// of anybody.
type Vitals = store.Vitals

// Vitals takes them.
func (a *App) Vitals(ctx context.Context) (v Vitals, err error) {
	err = a.store.View(ctx, 0, func(tx *store.Tx) error {
		v, err = tx.Vitals(ctx, a.now())
		return err
	})
	return v, err
}

// Ready tells why the house cannot be entered: its database does not answer, or its schema is not
// the program's (another version of the program has changed it meanwhile), or everybody has moved out. Nil: it can.
func (a *App) Ready(ctx context.Context) error {
	if err := a.store.Lived(ctx); err != nil {
		return err
	}
	s, err := a.store.Schema(ctx)
	if err != nil {
		return err
	}
	return s.Current()
}

// Clocks are the clocks that should agree.
type Clocks struct {
	Machine  time.Time
	Database time.Time
	Written  time.Time // the newest fact of the company's journal, zero when there is none
}

// Clocks reads them.
func (d *Desk) Clocks(ctx context.Context) (c Clocks, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		if c.Database, err = tx.Clock(ctx); err != nil {
			return err
		}
		c.Machine = d.now()
		last, err := tx.Journal(ctx, 1)
		if len(last) > 0 {
			c.Written = last[0].At
		}
		return err
	})
	return c, err
}
