package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"relance/internal/app"
	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/wire"
)

type reportDSO struct {
	AsOf cal.Date `placeholder:"DATE" help:"The day (default: today)."`
}

// Run answers the days of turnover that the receivables are.
func (q reportDSO) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		day, list, err := d.DSO(c.ctx, q.AsOf)
		if err != nil {
			return err
		}
		doc := wire.DSO{AsOf: day, Currencies: []wire.DSOCurrency{}}
		for _, x := range list {
			doc.Currencies = append(doc.Currencies, wire.DSOCurrency{Currency: string(x.Currency), Open: x.Open, NotDue: x.NotDue, Billed: x.Billed,
				Days: x.Days, DSO: wire.DaysOf(x.Simple, x.HasSimple), CountBack: wire.DaysOf(x.CountBack, x.HasCountBack),
				Best: wire.DaysOf(x.Best, x.HasSimple), Delay: wire.DaysOf(x.Simple-x.Best, x.HasSimple)})
		}
		return c.answer(doc, func(w io.Writer) {
			fmt.Fprintln(w, c.t("cmd.dso.head", day))
			for _, x := range doc.Currencies {
				fmt.Fprintf(w, "%s  %s\n", x.Currency, c.t("cmd.dso.line", c.days(x.DSO), c.days(x.CountBack), c.days(x.Best), c.days(x.Delay)))
			}
		})
	})
}

// days writes a number of days to a tenth, a dash when it cannot be told.
func (c *context) days(v *float64) string {
	if v == nil {
		return "–"
	}
	s := strconv.FormatFloat(*v, 'f', 1, 64)
	if c.Lang != i18n.EN {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

type reportForecast struct {
	AsOf cal.Date `placeholder:"DATE" help:"The day (default: today)."`
}

// Run answers the money expected in the weeks to come.
func (q reportForecast) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		day, all, err := d.Forecast(c.ctx, q.AsOf)
		if err != nil {
			return err
		}
		doc := wire.Forecast{AsOf: day, Currencies: []wire.ForecastCurrency{}}
		for _, cur := range slices.Sorted(maps.Keys(all)) {
			f := all[cur]
			x := wire.ForecastCurrency{Currency: string(cur), Total: f.Total, Later: f.Later, Uncertain: f.Uncertain, Weeks: []wire.ForecastWeek{}}
			for _, w := range f.Weeks {
				x.Weeks = append(x.Weeks, wire.ForecastWeek{Week: w.From, Expected: w.Expected, Promised: w.Promised})
			}
			doc.Currencies = append(doc.Currencies, x)
		}
		return c.answer(doc, func(w io.Writer) { c.writeForecast(w, doc) })
	})
}

func (c *context) writeForecast(w io.Writer, doc wire.Forecast) {
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, c.t("cmd.forecast.head", doc.AsOf))
	for _, x := range doc.Currencies {
		amount := func(n int64) string { return i18n.Decimal(c.Lang, money.Of(n, money.Currency(x.Currency))) }
		fmt.Fprintf(t, "%s\t%s\t%s\t\n", x.Currency, c.t("cmd.forecast.expected"), c.t("cmd.forecast.promised"))
		for _, k := range x.Weeks {
			fmt.Fprintf(t, "%s\t%s\t%s\t\n", k.Week, amount(k.Expected), amount(k.Promised))
		}
		fmt.Fprintf(t, "%s\t%s\t\t\n", c.t("cmd.forecast.later"), amount(x.Later))
		fmt.Fprintf(t, "%s\t%s\t\t\n", c.t("cmd.forecast.uncertain"), amount(x.Uncertain))
		fmt.Fprintf(t, "%s\t%s\t\t\n", c.t("cmd.total"), amount(x.Total))
	}
	_ = t.Flush() // w answers for itself
}

type reportEffectiveness struct {
	AsOf cal.Date `placeholder:"DATE" help:"The day (default: today)."`
}

// effectWindow is what the figures count: days after a step.
const effectWindow = 30

// Run answers what came in after each step over a year.
func (q reportEffectiveness) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		day, all, err := d.Effectiveness(c.ctx, q.AsOf)
		if err != nil {
			return err
		}
		doc := wire.Effectiveness{AsOf: day, Window: effectWindow, Currencies: []wire.EffectCurrency{}}
		for _, cur := range slices.Sorted(maps.Keys(all)) {
			x := wire.EffectCurrency{Currency: string(cur), Steps: []wire.Effect{}}
			for _, e := range all[cur] {
				x.Steps = append(x.Steps, wire.EffectOf(e))
			}
			doc.Currencies = append(doc.Currencies, x)
		}
		return c.answer(doc, func(w io.Writer) { c.writeEffects(w, all, day) })
	})
}

func (c *context) writeEffects(w io.Writer, all map[money.Currency][]report.Effect, day cal.Date) {
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, c.t("cmd.effect.head", day, effectWindow))
	for _, cur := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t\n", cur, c.t("cmd.effect.items"), c.t("cmd.effect.paid"), c.t("cmd.effect.rate"), c.t("cmd.effect.median"))
		for _, e := range all[cur] {
			median := "–"
			if e.MedianDays >= 0 {
				median = strconv.Itoa(e.MedianDays)
			}
			fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t\n", e.Step, e.Items, i18n.Decimal(c.Lang, money.Of(e.Paid, cur)), i18n.Rate(c.Lang, money.Rate(e.Rate)), median)
		}
	}
	_ = t.Flush() // w answers for itself
}

type reportFound struct{}

// Run answers what late payers still owe.
func (q reportFound) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		f, err := d.Found(c.ctx)
		if err != nil {
			return err
		}
		doc := wire.Found{AsOf: f.Day, Invoices: f.Count, Missing: f.Missing, Customers: []wire.FoundCustomer{}}
		for _, x := range f.Customers {
			y := wire.FoundCustomer{Customer: x.Customer.Code, Name: x.Customer.Name, Invoices: x.Count, Penalties: map[string]int64{}, Compensation: x.Compensation}
			for cur, n := range x.Penalty {
				y.Penalties[string(cur)] = n
			}
			doc.Customers = append(doc.Customers, y)
		}
		return c.answer(doc, func(w io.Writer) {
			fmt.Fprintln(w, c.t("cmd.found.head", f.Count, f.Day))
			for _, x := range f.Customers {
				compensation := x.Compensation
				for _, cur := range slices.Sorted(maps.Keys(x.Penalty)) {
					fmt.Fprintf(w, "%s  %s\n", nameWith(x.Customer.Code, x.Customer.Name), c.t("cmd.found.line", x.Count, money.Of(x.Penalty[cur], cur), money.Euros(compensation)))
					compensation = 0 // said once, whatever the currencies
				}
			}
		})
	})
}

// nameWith is a code with its name.
func nameWith(code, name string) string {
	if n := nameBeside(code, name); n != "" {
		return code + "  " + n
	}
	return code
}
