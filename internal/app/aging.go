package app

import (
	"context"

	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Aging is the aged receivables at a day (zero: today), a table a currency, every customer's row
// with it; facts dated on or before the day count. Rows stop at maxAgingRows a currency.
func (d *Desk) Aging(ctx context.Context, asOf cal.Date) (day cal.Date, tables []report.Aging, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err := company(ctx, tx)
		if err != nil {
			return err
		}
		if day = asOf; day.IsZero() {
			day = dayOf(c, d.now())
		}
		tables, err = tx.AgingPage(ctx, day, "", 0, maxAgingRows)
		return err
	})
	return day, tables, err
}

const maxAgingRows = 1_000_000

// AgingPage is the totals at a day and one page of the rows of a currency.
func (d *Desk) AgingPage(ctx context.Context, asOf cal.Date, c money.Currency, offset, limit int) (day cal.Date, tables []report.Aging, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		co, err := company(ctx, tx)
		if err != nil {
			return err
		}
		if day = asOf; day.IsZero() {
			day = dayOf(co, d.now())
		}
		tables, err = tx.AgingPage(ctx, day, c, offset, limit)
		return err
	})
	return day, tables, err
}
