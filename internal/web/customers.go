package web

import (
	"strings"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/page"
)

type customersPage struct {
	page.Frame
	Day     cal.Date
	Rows    []app.CustomerRow
	Count   int
	Chips   []page.Chip
	Columns []page.Column
	Pager   page.Pager
	Search  string
	Any     bool // something is asked: an empty list is no empty house
}

func (v *visit) customers() error {
	l := v.ask([]string{"all", "owing", "late", "held", "unqualified"}, []string{"-late", "-owed", "name", "code"})
	q := l.ListQuery
	if q.Filter == "all" {
		q.Filter = ""
	}
	if q.Search != "" && !v.r.URL.Query().Has("sort") {
		l.Sort, l.Desc, q.Sort, q.Desc = "name", false, "name", false // what a word finds is read by name
	}
	day, rows, total, err := v.desk.CustomersPage(v.r.Context(), q)
	if err != nil {
		return err
	}
	p := customersPage{Day: day, Rows: rows, Count: total, Chips: v.chips(l, "web.customers.show."), Pager: v.pager(l.Offset, len(rows), total),
		Search: l.Search, Any: l.Search != "" || q.Filter != ""}
	p.Columns = []page.Column{v.column(l, "web.col.customer", "name", false), v.column(l, "web.col.code", "code", false), v.column(l, "web.col.kind", "", false),
		v.column(l, "web.col.follow", "", false), v.column(l, "web.col.owed", "owed", true), v.column(l, "web.col.late", "late", true), v.column(l, "web.col.oldest", "", false)}
	p.Frame = v.frame("/customers", i18n.T(v.lang, "web.customers"))
	return v.render("customers", p)
}

type invoicesPage struct {
	page.Frame
	Day     cal.Date
	Rows    []app.InvoiceRow
	Count   int
	Chips   []page.Chip
	Columns []page.Column
	Pager   page.Pager
	Search  string
	Any     bool
}

func (v *visit) invoices() error {
	l := v.ask([]string{"open", "late", "upcoming", "disputed", "settled", "all"}, []string{"due", "-issued", "number", "-open"})
	q := l.ListQuery
	if q.Filter == "settled" || q.Filter == "all" {
		// What is settled has no index by due date: the newest first is what people look for.
		if q.Sort == "due" || q.Sort == "open" {
			l.Sort, l.Desc = "issued", true
			q.Sort, q.Desc = "issued", true
		}
		l.sorts = []string{"-issued", "number"}
	}
	if q.Filter == "all" {
		q.Filter = ""
	}
	day, rows, total, err := v.desk.InvoicesPage(v.r.Context(), q)
	if err != nil {
		return err
	}
	by := func(s string) string {
		if len(l.sorts) == 2 {
			return ""
		}
		return s
	}
	p := invoicesPage{Day: day, Rows: rows, Count: total, Chips: v.chips(l, "web.invoices.show."), Pager: v.pager(l.Offset, len(rows), total),
		Search: l.Search, Any: l.Search != "" || l.Filter != "open"}
	p.Columns = []page.Column{v.column(l, "web.col.invoice", "number", false), v.column(l, "web.col.customer", "", false), v.column(l, "web.col.issued", "issued", false),
		v.column(l, "web.col.due", by("due"), false), v.column(l, "web.col.state", "", false), v.column(l, "web.col.amount", "", true), v.column(l, "web.col.open", by("open"), true)}
	p.Frame = v.frame("/invoices", i18n.T(v.lang, "web.invoices"))
	return v.render("invoices", p)
}

type searchPage struct {
	page.Frame
	Day       cal.Date
	Customers []app.CustomerRow
	Invoices  []app.InvoiceRow
	Words     string
}

// search goes straight to what has exactly that name, else lists customers and invoices.
func (v *visit) search() error {
	words := strings.TrimSpace(v.r.FormValue("q"))
	if r := []rune(words); len(r) > 100 {
		words = string(r[:100])
	}
	if words == "" {
		return v.redirect("/customers")
	}
	ctx := v.r.Context()
	if _, err := v.desk.Why(ctx, words, 0); err == nil {
		return v.redirect("/invoices/" + seg(words))
	} else if fault.Of(err) != fault.NotFound {
		return err
	}
	day, customers, _, err := v.desk.CustomersPage(ctx, app.ListQuery{Search: words, Sort: "name", Limit: 20})
	if err != nil {
		return err
	}
	if len(customers) == 1 && strings.EqualFold(customers[0].Customer.Code, words) {
		return v.redirect("/customers/" + seg(customers[0].Customer.Code))
	}
	_, invoices, _, err := v.desk.InvoicesPage(ctx, app.ListQuery{Search: words, Sort: "number", Limit: 20})
	if err != nil {
		return err
	}
	p := searchPage{Day: day, Customers: customers, Invoices: invoices, Words: words}
	p.Frame = v.frame("", i18n.T(v.lang, "web.search.title", words))
	return v.render("search", p)
}
