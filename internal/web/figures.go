package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/page"
)

// figuresPage is how long customers take, what is expected of them and what each step brings.
type figuresPage struct {
	page.Frame
	Day       cal.Date
	DSO       []dsoRow
	Forecasts []forecastTable
	Effects   []effectTable
	Found     *app.Found
}

// dsoRow is the turnover that waits at customers, in days.
type dsoRow struct {
	app.DSO
	Late int64 // tenths of days that delays add to the best possible
}

type forecastTable struct {
	Currency money.Currency
	report.Forecast
	Rows []weekRow
}

// weekRow is a week with its bar.
type weekRow struct {
	report.Week
	Share int // of the best week, in percent: the length of the bar
}

type effectTable struct {
	Currency money.Currency
	Rows     []effectRow
}

type effectRow struct {
	report.Effect
	Name string
}

func (v *visit) figures() (err error) {
	var p figuresPage
	r, err := v.desk.Reckoning(v.r.Context())
	if err != nil {
		return err
	}
	p.Day = r.Day
	for _, x := range r.DSO {
		p.DSO = append(p.DSO, dsoRow{x, int64(x.Simple - x.Best)})
	}
	slices.SortFunc(p.DSO, func(a, b dsoRow) int { return euroFirst(a.Currency, b.Currency) })
	for _, c := range inOrder(r.Forecasts) {
		p.Forecasts = append(p.Forecasts, byWeek(c, r.Forecasts[c]))
	}
	for _, c := range inOrder(r.Effects) {
		t := effectTable{Currency: c}
		for _, e := range r.Effects[c] {
			t.Rows = append(t.Rows, effectRow{e, v.stepWord(e.Step)})
		}
		p.Effects = append(p.Effects, t)
	}
	if p.Found, err = v.desk.FoundLately(v.r.Context()); err != nil {
		return err
	}
	p.Frame = v.frame("/figures", i18n.T(v.lang, "web.figures.title"))
	return v.render("figures", p)
}

// byWeek draws the weeks against the best of them; the empty ones at the end are left out.
func byWeek(c money.Currency, f report.Forecast) forecastTable {
	t := forecastTable{Currency: c, Forecast: f}
	best, last := int64(1), 0
	for i, w := range f.Weeks {
		best = max(best, w.Expected)
		if w.Expected != 0 {
			last = i + 1
		}
	}
	for _, w := range f.Weeks[:last] {
		t.Rows = append(t.Rows, weekRow{w, int(max(0, w.Expected) * 100 / best)})
	}
	return t
}

// inOrder are the currencies of a table, the euro first.
func inOrder[T any](m map[money.Currency]T) []money.Currency {
	return slices.SortedFunc(maps.Keys(m), euroFirst)
}

// stepWord says a step whose scenario is not at hand; a company may have given it a name of its own.
func (v *visit) stepWord(step string) string {
	if n, is := strings.CutPrefix(step, "reminder-"); is {
		if level, err := strconv.Atoi(n); err == nil {
			return i18n.T(v.lang, "web.kindof.reminder", level)
		}
	}
	if key := "web.kindof." + step; i18n.Has(key) {
		return i18n.T(v.lang, key)
	}
	return v.stepNamed(nil, step)
}
