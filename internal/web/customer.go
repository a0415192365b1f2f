package web

import (
	"cmp"
	"slices"

	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/page"
)

type customerPage struct {
	page.Frame
	*app.Account
	Balance  []balance
	Groups   []accountGroup
	Next     nextStep
	Story    []event
	More     int // events of the story beyond those shown
	Line     lineOf
	Kinds    []page.Option
	Reasons  []page.Option
	Roles    []page.Option
	Answers  []app.AnswerKind
	Invoices []page.Option // open ones, for a gesture
	Choices  []page.Option // scenarios
	All      bool          // settled lines of the account too
	Money    customerMoney

	Insolvency *app.OpenProcedure // the one that is open
	Procedures []page.Option
	Policy     policyForm
	Cheque     chequeForm
}

// balance is what the account comes to in one currency.
type balance struct {
	Currency      money.Currency
	Owed, Overdue int64
}

// accountGroup is the account in one currency: an accountant never adds two.
type accountGroup struct {
	Currency      money.Currency
	Entries       []app.AccountEntry
	Debit, Credit int64
	Balance       int64
	Hidden        int // settled lines that are not shown
}

// nextStep is what comes next for a customer, and why.
type nextStep struct {
	On      cal.Date
	Step    string
	Said    i18n.Said
	Held    bool
	Until   cal.Date
	Nothing bool
	Reasons []reason
}

// reason is one open item's answer to "why?".
type reason struct {
	Invoice string
	Text    string
	Held    bool
	On      cal.Date
}

// maxSettled is how many lines of an account are shown whole before settled ones are folded away.
const maxSettled = 40

func (v *visit) customer() error {
	v.form.Name = v.r.URL.Query().Get("do") // a link may open one of the gestures
	return v.customerPage(v.r.PathValue("code"))
}

// customerPage shows a customer; forms that were refused come back to it.
func (v *visit) customerPage(code string) error {
	a, err := v.desk.Account(v.r.Context(), code)
	if err != nil {
		return err
	}
	p := customerPage{Account: a, Kinds: v.kinds(), Reasons: v.reasons(), Roles: v.roles(), Answers: app.AnswerKinds, All: v.r.URL.Query().Has("all")}
	for _, c := range currencies(a) {
		p.Balance = append(p.Balance, balance{c, a.Balances[c], a.Overdue[c]})
		p.Groups = append(p.Groups, group(a, c, p.All))
	}
	p.Next = nextOf(a, v.lang)
	p.Story = v.story(a)
	if n := len(p.Story); n > maxEvents && !p.All {
		p.More, p.Story = n-maxEvents, p.Story[:maxEvents]
	}
	p.Line = v.lineOfAccount(a)
	p.Invoices = v.owing(a)
	p.Insolvency, p.Procedures, p.Policy, p.Cheque = openInsolvency(a), v.procedures(), v.policy(a.Insured), v.cheque(a)
	if p.Money, err = v.customerMoney(&p); err != nil {
		return err
	}
	list, err := v.desk.ScenarioNames(v.r.Context())
	if err != nil {
		return err
	}
	p.Choices = []page.Option{{Value: "", Label: i18n.T(v.lang, "web.scenario.by-table")}}
	for _, s := range list {
		p.Choices = append(p.Choices, page.Option{Value: s.Name, Label: v.scenarioTitle(s)})
	}
	p.Frame = v.frame("/customers", a.Customer.Name)
	return v.render("customer", p)
}

// owing lists the invoices of an account that are owed, for a form.
func (v *visit) owing(a *app.Account) (list []page.Option) {
	for _, e := range a.Entries {
		if e.Open > 0 && e.Debit > 0 && !slices.ContainsFunc(list, func(o page.Option) bool { return o.Value == e.Number }) {
			list = append(list, page.Option{Value: e.Number, Label: e.Number + " · " + i18n.Amount(v.lang, money.Of(e.Open, e.Currency))})
		}
	}
	return list
}

// currencies lists those of an account, the euro first.
func currencies(a *app.Account) []money.Currency {
	var out []money.Currency
	for _, e := range a.Entries {
		if !slices.Contains(out, e.Currency) {
			out = append(out, e.Currency)
		}
	}
	slices.SortFunc(out, euroFirst)
	return out
}

func euroFirst(x, y money.Currency) int {
	if (x == money.EUR) != (y == money.EUR) {
		if x == money.EUR {
			return -1
		}
		return 1
	}
	return cmp.Compare(x, y)
}

// group is the account in one currency: everything when it is short, else what is not settled.
func group(a *app.Account, c money.Currency, all bool) accountGroup {
	g := accountGroup{Currency: c}
	n := 0
	for _, e := range a.Entries {
		if e.Currency == c {
			n++
			g.Debit, g.Credit = g.Debit+e.Debit, g.Credit+e.Credit
			g.Balance = e.Balance
		}
	}
	for _, e := range a.Entries {
		if e.Currency != c {
			continue
		}
		if !all && n > maxSettled && e.Open == 0 {
			g.Hidden++
			continue
		}
		g.Entries = append(g.Entries, e)
	}
	return g
}

// nextOf finds what comes next: what leaves today, else the earliest step, else what blocks.
func nextOf(a *app.Account, l i18n.Lang) nextStep {
	var n nextStep
	out := a.Outcome
	for _, m := range out.Messages {
		n.On, n.Step, n.Said = a.Date, m.Scenario.Steps[m.Step].ID, m.Why
		for _, line := range m.Lines {
			n.Reasons = append(n.Reasons, reason{Invoice: line.Item.Invoice, Text: m.Why.In(l), On: a.Date})
		}
	}
	for _, w := range out.Waiting {
		n.Reasons = append(n.Reasons, reason{Invoice: w.Item.Invoice, Text: w.Why.In(l), On: w.NextOn})
		if !w.NextOn.IsZero() && (n.On.IsZero() || w.NextOn < n.On) {
			n.On, n.Step, n.Said = w.NextOn, w.NextStep, w.Why
		}
		if n.On.IsZero() && n.Step == "" {
			n.Step, n.Said = w.NextStep, w.Why
		}
	}
	for _, h := range out.Held {
		n.Reasons = append(n.Reasons, reason{Invoice: h.Item.Invoice, Text: h.Why.In(l), Held: true, On: h.Until})
		if n.On.IsZero() && n.Said.Key == "" {
			n.Held, n.Until, n.Said = true, h.Until, h.Why
		}
	}
	n.Nothing = n.Said.Key == ""
	return n
}

func (v *visit) kinds() []page.Option {
	var out []page.Option
	for _, k := range party.Kinds {
		if k != party.Unknown {
			out = append(out, page.Option{Value: string(k), Label: i18n.T(v.lang, "web.kind."+string(k))})
		}
	}
	return out
}

func (v *visit) roles() []page.Option {
	var out []page.Option
	for _, r := range party.Roles {
		out = append(out, page.Option{Value: string(r), Label: i18n.T(v.lang, "web.role."+string(r))})
	}
	return out
}

// scenarioTitle is a scenario's name for people.
func (v *visit) scenarioTitle(s *dunning.Scenario) string {
	if t := s.Title[string(v.lang)]; t != "" {
		return t
	}
	if key := "web.scenario.name." + s.Name; i18n.Has(key) {
		return i18n.T(v.lang, key)
	}
	return s.Name
}
