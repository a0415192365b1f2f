package web

import (
	"cmp"
	"path"
	"slices"

	"relance/internal/app"
	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/page"

	"html/template"
)

type agingPage struct {
	page.Frame
	Day    cal.Date
	Today  cal.Date
	Tables []agingTable
	Args   string // of the same table in another form
}

// agingTable is one currency.
type agingTable struct {
	report.Aging
	Bar    template.HTML
	Shares []agingShare
	Pager  page.Pager
}

type agingShare struct {
	Class, Label string
	Amount       money.Amount
	Percent      int
}

// asOf is the day asked for, today when none is or when it cannot be read.
func (v *visit) asOf() (day, today cal.Date, err error) {
	if today, err = v.desk.Today(v.r.Context()); err != nil {
		return 0, 0, err
	}
	day, err = cal.Parse(v.r.URL.Query().Get("on"))
	if err != nil {
		day = today
	}
	return day, today, nil
}

// foreign orders the currencies: 0 is the euro, 1 is any other.
func foreign(c money.Currency) int {
	if c == money.EUR {
		return 0
	}
	return 1
}

func (v *visit) aging() error {
	day, today, err := v.asOf()
	if err != nil {
		return err
	}
	at := v.offset()
	cur := money.Currency(v.r.URL.Query().Get("currency"))
	limit := perPage
	if v.r.URL.Query().Has("print") {
		at, limit, cur = 0, maxPrinted, ""
	}
	_, tables, err := v.desk.AgingPage(v.r.Context(), day, "", at, limit)
	if err != nil {
		return err
	}
	// The house's own currency first, as on the day's page.
	slices.SortStableFunc(tables, func(a, b report.Aging) int {
		return cmp.Compare(foreign(a.Currency), foreign(b.Currency))
	})
	p := agingPage{Day: day, Today: today, Args: "on=" + day.String()}
	for _, t := range tables {
		if cur != "" && t.Currency != cur {
			continue
		}
		x := agingTable{Aging: t}
		x.Shares, x.Bar = v.shares(t)
		more := len(t.Customers) == limit
		total := at + len(t.Customers)
		if more {
			total++ // there may be more: the next page says
		}
		x.Pager = v.pager(at, len(t.Customers), total)
		if !more && at == 0 {
			x.Pager = page.Pager{}
		}
		p.Tables = append(p.Tables, x)
	}
	p.Frame = v.frame("/aging", i18n.T(v.lang, "web.aging"))
	return v.render("aging", p)
}

// maxPrinted bounds the rows of a printed list.
const maxPrinted = 5000

var ages = []string{"age0", "age1", "age2", "age3", "age4"}

// shares are the parts of the stacked bar, and the bar.
func (v *visit) shares(t report.Aging) ([]agingShare, template.HTML) {
	var owed int64
	for _, n := range t.Aged {
		owed += n
	}
	var out []agingShare
	var parts []page.Share
	for _, b := range report.Buckets() {
		n := t.Aged[b]
		a := money.Of(n, t.Currency)
		s := agingShare{Class: ages[b], Label: i18n.T(v.lang, "web.aging."+b.String()), Amount: a}
		if owed > 0 {
			s.Percent = int((n*1000/owed + 5) / 10)
		}
		out = append(out, s)
		parts = append(parts, page.Share{Class: s.Class, Value: n, Title: s.Label + " : " + i18n.Amount(v.lang, a)})
	}
	return out, page.Bar(parts, i18n.T(v.lang, "web.aging.bar", i18n.Amount(v.lang, money.Of(owed, t.Currency))))
}

// agingFile answers the whole table as CSV or XLSX.
func (v *visit) agingFile() error {
	day, _, err := v.asOf()
	if err != nil {
		return err
	}
	_, tables, err := v.desk.Aging(v.r.Context(), day)
	if err != nil {
		return err
	}
	return app.WriteAging(v.w, v.tableNamed(i18n.T(v.lang, "web.aging.file"), day), v.lang, day, tables)
}

// tableNamed says that the answer is a table, CSV or XLSX as the address ends, and gives its name.
func (v *visit) tableNamed(what string, day cal.Date) string {
	ext := path.Ext(v.r.URL.Path)
	name := what + "-" + day.String() + ext
	h := v.w.Header()
	h.Set("Content-Type", map[string]string{".csv": "text/csv; charset=utf-8", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}[ext])
	h.Set("Content-Disposition", disposition("attachment", name))
	return name
}
