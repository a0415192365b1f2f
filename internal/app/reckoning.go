package app

import (
	"context"

	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Reckoning is the figures that read the whole ledger, as the pages of today show them: they may be some moments old.
type Reckoning struct {
	Day       cal.Date
	DSO       []DSO
	Forecasts map[money.Currency]report.Forecast
	Effects   map[money.Currency][]report.Effect
}

// Reckoning gives today's figures.
func (d *Desk) Reckoning(ctx context.Context) (*Reckoning, error) {
	reckon := func() (r *Reckoning, err error) {
		r = &Reckoning{}
		if r.Day, r.DSO, err = d.DSO(ctx, 0); err != nil {
			return nil, err
		}
		if _, r.Forecasts, err = d.Forecast(ctx, 0); err != nil {
			return nil, err
		}
		_, r.Effects, err = d.Effectiveness(ctx, 0)
		return r, err
	}
	return lately(ctx, d, &d.seen.reckons, reckon)
}

// FoundLately is what Found gives, as the pages show it.
func (d *Desk) FoundLately(ctx context.Context) (*Found, error) {
	return lately(ctx, d, &d.seen.found, func() (*Found, error) { return d.Found(ctx) })
}

// lately gives what is kept of a sum, or sums it. What is kept is everybody's: who sees a part only has it summed.
func lately[T any](ctx context.Context, d *Desk, kept *sums[T], sum func() (T, error)) (v T, err error) {
	bound, day := false, cal.Date(0)
	if err := d.view(ctx, func(tx *store.Tx) error {
		bound = tx.Bound()
		c, err := company(ctx, tx)
		day = dayOf(c, d.now())
		return err
	}); err != nil {
		return v, err
	}
	if bound {
		return sum()
	}
	return kept.get(d.actor.Company, day, sum)
}
