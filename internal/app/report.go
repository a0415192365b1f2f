package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/promise"
	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Bounds of the reports.
const (
	countBackMonths = 36      // how far back turnover is asked for
	delayMonths     = 24      // payments from which habits are learned
	maxDelays       = 200_000 // the latest ones
	forecastWeeks   = 13      // a quarter
	effectWindow    = 30      // days after a step within which money counts as its effect
	effectMonths    = 12
	maxChased       = 500_000
)

// DSO is days sales outstanding in one currency at a day.
type DSO struct {
	Currency     money.Currency
	Open         int64 // receivables, credits deducted
	NotDue       int64
	Billed       int64 // over Days
	Days         int
	Simple       report.Tenths
	HasSimple    bool
	CountBack    report.Tenths
	HasCountBack bool
	Best         report.Tenths // if nothing were overdue
}

// DSO says how many days of turnover the receivables are, at a day (zero: today), a currency a row.
func (d *Desk) DSO(ctx context.Context, asOf cal.Date) (day cal.Date, list []DSO, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, asOf)
		if err != nil {
			return err
		}
		day = s.day
		totals, err := tx.AgingTotals(ctx, day)
		if err != nil {
			return err
		}
		months, err := tx.BilledByMonth(ctx, day.AddMonths(-countBackMonths).EndOfMonth(), day)
		if err != nil {
			return err
		}
		for _, t := range totals {
			x := DSO{Currency: t.Currency, Open: t.Total, NotDue: t.Aged[report.NotDue], Days: dsoDays}
			if x.Billed, err = tx.Billed(ctx, t.Currency, day.AddDays(-dsoDays), day); err != nil {
				return err
			}
			x.Simple, x.HasSimple = report.Simple(x.Open, x.Billed, dsoDays)
			x.Best, _ = report.Simple(x.NotDue, x.Billed, dsoDays)
			x.CountBack, x.HasCountBack = report.CountBack(day, x.Open, months[t.Currency])
			list = append(list, x)
		}
		return nil
	})
	return day, list, err
}

// Forecast is the money expected in the weeks to come, by currency.
func (d *Desk) Forecast(ctx context.Context, asOf cal.Date) (day cal.Date, out map[money.Currency]report.Forecast, err error) {
	out = map[money.Currency]report.Forecast{}
	items := map[money.Currency][]report.Awaited{}
	err = d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, asOf)
		if err != nil {
			return err
		}
		day = s.day
		history, err := tx.PaidDelays(ctx, day.AddMonths(-delayMonths), day, maxDelays)
		if err != nil {
			return err
		}
		if err := eachOwing(ctx, tx, day, func(ids []id.Customer) error {
			list, err := s.gather(ctx, tx, ids)
			for _, x := range list {
				for c, more := range x.awaited() {
					items[c] = append(items[c], more...)
				}
			}
			return err
		}); err != nil {
			return err
		}
		for c, list := range items {
			out[c] = report.Expect(day, forecastWeeks, list, history[c])
		}
		return nil
	})
	return day, out, err
}

// awaited are the items of a customer whose money is awaited; those of a commitment on its dates.
func (d *Decision) awaited() map[money.Currency][]report.Awaited {
	out := map[money.Currency][]report.Awaited{}
	left, stopped := map[id.Instalment]int64{}, map[id.Instalment]bool{}
	for i := range d.In.Items {
		it := &d.In.Items[i]
		left[it.ID], stopped[it.ID] = it.Open, d.doubtful(it)
	}
	for _, c := range d.ledger.Running {
		for _, p := range d.standings[c.ID].Parts {
			want := p.Amount - p.Paid
			if p.State != promise.Running || want <= 0 {
				continue
			}
			for _, n := range c.Items {
				if part := min(want, left[n]); part > 0 && !stopped[n] { // a promise is worth nothing in an insolvency
					want, left[n] = want-part, left[n]-part
					out[c.Currency] = append(out[c.Currency], report.Awaited{Customer: int64(d.Customer.ID), Due: p.Due, Promised: p.Due, Open: part})
				}
			}
		}
	}
	for i := range d.In.Items {
		it := &d.In.Items[i]
		disputed := min(d.contested(it), left[it.ID])
		if disputed > 0 {
			out[it.Currency] = append(out[it.Currency], report.Awaited{Customer: int64(d.Customer.ID), Due: it.Due, Open: disputed, Doubtful: true})
		}
		if rest := left[it.ID] - disputed; rest > 0 {
			out[it.Currency] = append(out[it.Currency], report.Awaited{Customer: int64(d.Customer.ID), Due: it.Due, Open: rest, Doubtful: it.State.Review || stopped[it.ID]})
		}
	}
	return out
}

// doubtful tells whether nobody can say when an item will be paid.
func (d *Decision) doubtful(it *dunning.Item) bool {
	for _, h := range d.In.Holds {
		stops := h.Reason == dunning.HoldInsolvency || h.Reason == dunning.HoldPlatform || h.Reason == dunning.HoldDispute && h.Amount == 0
		if stops && (h.Item == 0 || h.Item == it.ID) && live(h, d.In.Today) && !h.Spares(it) {
			return true
		}
	}
	return false
}

// Effectiveness says what came in after each step, over the last year, by currency.
func (d *Desk) Effectiveness(ctx context.Context, asOf cal.Date) (day cal.Date, out map[money.Currency][]report.Effect, err error) {
	out = map[money.Currency][]report.Effect{}
	err = d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, asOf)
		if err != nil {
			return err
		}
		day = s.day
		totals, err := tx.AgingTotals(ctx, day)
		if err != nil {
			return err
		}
		currencies := []money.Currency{money.EUR}
		for _, t := range totals {
			if !slices.Contains(currencies, t.Currency) {
				currencies = append(currencies, t.Currency)
			}
		}
		for _, c := range currencies {
			facts, err := reminded(ctx, tx, c, day)
			if err != nil {
				return err
			}
			if len(facts) > 0 {
				out[c] = report.Effectiveness(effectWindow, facts)
			}
		}
		return nil
	})
	return day, out, err
}

// reminded joins the steps that left with what came in after each, before the next one.
func reminded(ctx context.Context, tx *store.Tx, c money.Currency, day cal.Date) (facts []report.Reminded, err error) {
	list, err := tx.ChasedBetween(ctx, c, day.AddMonths(-effectMonths), day, maxChased)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(list, 5000) {
		var items []id.Instalment
		for _, x := range part {
			items = append(items, x.Item)
		}
		allocs, err := tx.AllocationsOn(ctx, items)
		if err != nil {
			return nil, err
		}
		of := map[id.Instalment][]*store.Allocation{}
		for _, a := range allocs {
			of[a.Item] = append(of[a.Item], a)
		}
		for i, x := range part {
			until := x.On.AddDays(effectWindow)
			if i+1 < len(part) && part[i+1].Item == x.Item {
				until = min(until, part[i+1].On)
			}
			f := report.Reminded{Step: x.Step, Level: x.Level, SentOn: x.On, Open: x.Amount, PaidOn: x.PaidOn}
			for _, a := range of[x.Item] {
				switch {
				case a.Day <= x.On:
					f.Open -= a.Amount
				case a.Day <= until && a.Day <= day && a.Payment != 0:
					f.Paid += a.Amount
				}
			}
			if f.Open > 0 {
				f.Paid = max(0, f.Paid)
				facts = append(facts, f)
			}
		}
	}
	return facts, nil
}
