package web

import (
	"net/url"
	"strconv"

	"relance/internal/app"
	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/page"
)

type bankPage struct {
	page.Frame
	Tab          string
	Tabs         []page.Chip
	Search, Args string // what is searched; the same lines in another form
	Empty        bool   // no statement ever came in
	View         *app.BankView
	Lines        []bankRow
	Told         []statementRow // the last statements
	Pager        page.Pager
}

// bankRow is a line as a page shows it.
type bankRow struct {
	app.LineView
	Best   *reading // the best proposal
	Others []reading
}

// reading is a proposal in words.
type reading struct {
	app.ProposalView
	No    int    // 1-based, as the form says it
	Sure  string // how likely it is, in a word
	Words string // why
}

// bankTabs are the parts of the page, each with the state of its lines.
var bankTabs = []struct{ name, state string }{{"todo", "open"}, {"applied", "settled"}, {"aside", "aside"}, {"statements", "-"}}

// maxReturns is for how many lines of a page the payments that may have come back are sought at once: the
// others have a page of their own.
const maxReturns = 10

// bankAsked is the part of the page and the word that an address asks for.
func (v *visit) bankAsked() (tab, state, search string) {
	t := bankTabs[0]
	for _, x := range bankTabs {
		if x.name == v.r.URL.Query().Get("tab") {
			t = x
		}
	}
	return t.name, t.state, v.ask([]string{""}, []string{""}).Search
}

func (v *visit) bank() error {
	tab, state, search := v.bankAsked()
	at := v.offset()
	view, err := v.desk.SearchBank(v.r.Context(), state, search, at, perPage)
	if err != nil {
		return err
	}
	p := bankPage{Tab: tab, View: view, Told: statementRows(view), Empty: len(view.Statements) == 0, Search: search, Args: "?" + url.Values{"tab": {tab}, "q": {search}}.Encode()}
	for _, t := range bankTabs {
		to := url.Values{"tab": {t.name}}
		if search != "" {
			to.Set("q", search)
		}
		p.Tabs = append(p.Tabs, page.Chip{Label: i18n.T(v.lang, "web.bank.tab."+t.name), Path: "/bank?" + to.Encode(), On: t.name == tab, HasCount: t.name == "todo", Count: view.Counts[t.state]})
	}
	sought := 0
	for _, l := range view.Lines {
		if l.Amount < 0 && tab == "todo" && sought < maxReturns {
			sought++
			if l.Comebacks, err = v.desk.Comebacks(v.r.Context(), l.ID); err != nil {
				return err
			}
		}
		p.Lines = append(p.Lines, v.bankRow(l))
	}
	total := view.Counts[state]
	if search != "" {
		total = -1
	}
	p.Pager = v.pager(at, len(view.Lines), total)
	p.Frame = v.frame("/bank", i18n.T(v.lang, "web.bank"))
	return v.render("bank", p)
}

// bankFile answers the lines of a part of the page as CSV or XLSX.
func (v *visit) bankFile() error {
	_, state, search := v.bankAsked()
	day, err := v.desk.Today(v.r.Context())
	if err != nil {
		return err
	}
	b, err := v.desk.LinesTable(v.r.Context(), v.r.URL.Path, v.lang, state, search)
	if err != nil {
		return err
	}
	v.tableNamed(i18n.T(v.lang, "web.bank.file"), day)
	_, _ = v.w.Write(b) // a reader who left is no fault of ours
	return nil
}

func (v *visit) bankRow(l app.LineView) bankRow {
	r := bankRow{LineView: l}
	for i, p := range l.Proposals {
		x := reading{ProposalView: p, No: i + 1, Sure: likely(p.Score)}
		for j, why := range p.Reasons {
			if j > 0 {
				x.Words += ", "
			}
			x.Words += i18n.T(v.lang, why.Key, why.Args...)
		}
		if i == 0 {
			r.Best = &x
		} else {
			r.Others = append(r.Others, x)
		}
	}
	return r
}

// likely says a score in a word.
func likely(score int) string {
	switch {
	case score >= 85:
		return "sure"
	case score >= 60:
		return "likely"
	}
	return "maybe"
}

// bankLinePage is one line, with everything that may be said of it.
type bankLinePage struct {
	page.Frame
	Line      bankRow
	Search    string
	Found     []app.CustomerRow
	Chosen    string // code of the customer whose invoices are listed
	Name      string
	Open      []app.AccountEntry // what that customer owes in the line's currency
	Elsewhere int64              // of the line, what its amount exceeds the customer's debts by
}

// foundCustomers is how many customers a search for a payer lists.
const foundCustomers = 8

func (v *visit) bankLine() error {
	n, err := number[id.Line](v)
	if err != nil {
		return err
	}
	return v.bankLinePage(n)
}

func (v *visit) bankLinePage(n id.Line) error {
	ctx := v.r.Context()
	l, err := v.desk.BankLine(ctx, n)
	if err != nil {
		return err
	}
	if l.Amount < 0 && l.State == "open" {
		if l.Comebacks, err = v.desk.Comebacks(ctx, n); err != nil {
			return err
		}
	}
	p := bankLinePage{Line: v.bankRow(l), Search: v.r.FormValue("q"), Chosen: v.r.FormValue("customer")}
	if p.Search == "" && p.Chosen == "" {
		p.Search = l.Payer.Name
	}
	if p.Search != "" {
		if _, p.Found, _, err = v.desk.CustomersPage(ctx, app.ListQuery{Search: p.Search, Sort: "name", Limit: foundCustomers}); err != nil {
			return err
		}
	}
	if p.Chosen != "" {
		a, err := v.desk.Account(ctx, p.Chosen)
		if err != nil {
			return err
		}
		p.Name, p.Elsewhere = a.Customer.Name, l.Amount
		for _, e := range a.Entries {
			if e.Open > 0 && e.Debit > 0 && e.Currency == l.Currency {
				p.Open = append(p.Open, e)
				p.Elsewhere -= e.Open
			}
		}
	}
	p.Frame = v.frame("/bank", i18n.T(v.lang, "web.bank.line", i18n.DateShort(v.lang, l.Booked)))
	return v.render("bank-line", p)
}

// lineGesture does something to a line and goes on with the next; a refusal shows the line with what was typed.
func (v *visit) lineGesture(form, key string, undo bool, do func(n id.Line) error) error {
	n, err := number[id.Line](v)
	if err != nil {
		return err
	}
	if err := do(n); err != nil {
		return v.again(err, form, func() error { return v.bankLinePage(n) })
	}
	x := said{Key: key, N: -1}
	if undo {
		x.Undo = "/bank/" + strconv.FormatInt(int64(n), 10) + "/reopen"
	}
	v.flash(x)
	if to := v.text("back"); to != "" {
		return v.redirect(back(to))
	}
	return v.redirect("/bank")
}

func (v *visit) settleLine() error {
	return v.lineGesture("settle", "web.bank.settled", true, func(n id.Line) error {
		if s := v.text("proposal"); s != "" {
			i, err := strconv.Atoi(s)
			if err != nil || i < 1 {
				return fault.New(fault.Invalid, "app.line.proposal", 0)
			}
			return v.desk.SettleLine(v.r.Context(), n, app.LineAnswer{Proposal: i})
		}
		a := app.LineAnswer{Customer: v.text("customer"), OnCredit: v.text("how") == "credit"}
		if v.text("how") == "parts" {
			l, err := v.desk.BankLine(v.r.Context(), n)
			if err != nil {
				return err
			}
			if a.Parts, err = v.parts(l.Currency); err != nil {
				return err
			}
		}
		return v.desk.SettleLine(v.r.Context(), n, a)
	})
}

// maxFormParts bounds the invoices that one form shares a payment among.
const maxFormParts = 500

// parts reads which invoices a payment settles, and for how much: those whose amount is given.
func (v *visit) parts(c money.Currency) (list []app.PaymentPart, err error) {
	for i := range maxFormParts {
		no := strconv.Itoa(i)
		invoice := v.text("invoice-" + no)
		if invoice == "" {
			break
		}
		n, err := v.amount("amount-"+no, c)
		if err != nil {
			return nil, err
		}
		seq, err := strconv.Atoi(v.text("instalment-" + no))
		if err != nil {
			return nil, fault.New(fault.Invalid, "web.form.amount")
		}
		if n > 0 {
			list = append(list, app.PaymentPart{Invoice: invoice, Instalment: seq, Amount: n})
		}
	}
	if len(list) == 0 {
		return nil, wrong("parts", "web.pay.parts.none")
	}
	return list, nil
}

func (v *visit) lineAside() error {
	return v.lineGesture("aside", "web.bank.set-aside", true, func(n id.Line) error { return v.desk.SetLineAside(v.r.Context(), n, v.text("why")) })
}

func (v *visit) reopenLine() error {
	return v.lineGesture("reopen", "web.bank.reopened", false, func(n id.Line) error { return v.desk.ReopenLine(v.r.Context(), n, v.text("why")) })
}

func (v *visit) returnLine() error {
	return v.lineGesture("return", "web.bank.returned", true, func(n id.Line) error {
		p, err := parseID(v.text("payment"))
		if err != nil {
			return fault.New(fault.Invalid, "web.bank.which")
		}
		return v.desk.ReturnLine(v.r.Context(), n, id.Payment(p))
	})
}

// matchLines looks again at what awaits an answer.
func (v *visit) matchLines() error {
	m, err := v.desk.Match(v.r.Context())
	if err != nil {
		return err
	}
	v.flash(said{Key: "web.bank.matched", N: m.Applied + m.Credited + m.Returned, Args: []string{i18n.Int(v.lang, m.Proposed+m.Unknown)}})
	return v.redirect("/bank")
}

// customerPath is the address of a line's page with a customer chosen.
func (p bankLinePage) CustomerPath(code string) string {
	return "/bank/" + strconv.FormatInt(int64(p.Line.ID), 10) + "?" + url.Values{"customer": {code}, "q": {p.Search}}.Encode() + "#other"
}

// statementRow is a statement as the page lists it.
type statementRow struct {
	Account          string
	Currency         money.Currency
	From, To         cal.Date
	Opening, Closing *bank.Balance
	Entries          int
	Moved, Break     int64
	Checked          bool // both balances are given
}

func statementRows(view *app.BankView) []statementRow {
	out := make([]statementRow, len(view.Statements))
	for i, s := range view.Statements {
		out[i] = statementRow{Account: s.Account, Currency: s.Currency, Opening: s.Opening, Closing: s.Closing, Entries: s.Entries, Moved: s.Moved}
		out[i].Break, out[i].Checked = s.Break()
		out[i].From, out[i].To = s.Days()
	}
	return out
}
