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
		if tables, err = tx.AgingTotals(ctx, day); err != nil {
			return err
		}
		for i := range tables {
			if tables[i].Customers, err = tx.AgingRows(ctx, day, tables[i].Currency, 0, maxAgingRows); err != nil {
				return err
			}
		}
		return nil
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
		if tables, err = tx.AgingTotals(ctx, day); err != nil {
			return err
		}
		for i := range tables {
			if c == "" || tables[i].Currency == c {
				if tables[i].Customers, err = tx.AgingRows(ctx, day, tables[i].Currency, offset, limit); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return day, tables, err
}
