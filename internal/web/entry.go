package web

import (
	"slices"
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/page"
)

// entryPage proposes where old debts enter their scenarios (PRODUCT.md §3 rule 4).
type entryPage struct {
	page.Frame
	*app.EntryPlan
	Rows   []entryRow
	Bars   []entryBar
	Shown  int
	Beyond int // entries that enter as proposed and are not shown
}

type entryRow struct {
	app.Entry
	Options []page.Option
}

// entryBar is a day with its messages.
type entryBar struct {
	app.EntryDay
	Share int // of the fullest day, in percent
}

// shownEntries is how many proposals the page lists; the others enter as proposed.
const shownEntries = 500

func (v *visit) entry() error {
	perDay, _ := strconv.Atoi(v.r.URL.Query().Get("per_day")) // what is no number is the usual one
	return v.entryPage(app.EntryOptions{PerDay: min(max(perDay, 0), 1000)})
}

func (v *visit) entryPage(o app.EntryOptions) (err error) {
	var p entryPage
	if p.EntryPlan, err = v.desk.ProposeEntry(v.r.Context(), o); err != nil {
		return err
	}
	for _, e := range p.Entries[:min(len(p.Entries), shownEntries)] {
		row := entryRow{Entry: e}
		for _, s := range e.Choices {
			row.Options = append(row.Options, page.Option{Value: s, Label: v.stepWord(s)})
		}
		p.Rows = append(p.Rows, row)
	}
	p.Shown, p.Beyond = len(p.Rows), len(p.Entries)-len(p.Rows)
	most := 1
	for _, d := range p.Days {
		most = max(most, d.Messages)
	}
	for _, d := range p.Days {
		if d.Messages+d.Tasks > 0 {
			p.Bars = append(p.Bars, entryBar{d, d.Messages * 100 / most})
		}
	}
	p.Frame = v.frame("/", i18n.T(v.lang, "web.entry"))
	return v.render("entry", p)
}

// acceptEntry lets the old debts enter, the steps that were changed as they were.
func (v *visit) acceptEntry() error {
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	perDay, err := strconv.Atoi(v.text("per_day"))
	if err != nil || perDay < 1 || perDay > 1000 {
		return v.again(fault.New(fault.Invalid, "web.entry.per-day.bounds"), "entry", func() error { return v.entryPage(app.EntryOptions{}) })
	}
	o := app.EntryOptions{PerDay: perDay, Steps: map[string]string{}}
	for name, step := range v.r.PostForm {
		if invoice, is := strings.CutPrefix(name, "step:"); is && !slices.Equal(step, v.r.PostForm["was:"+invoice]) {
			o.Steps[invoice] = step[0]
		}
	}
	n, err := v.desk.AcceptEntry(v.r.Context(), o)
	if err != nil {
		return v.again(err, "entry", func() error { return v.entryPage(app.EntryOptions{PerDay: perDay}) })
	}
	v.flash(said{Key: "web.done.entry", N: n})
	return v.redirect("/")
}
