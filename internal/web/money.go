package web

import (
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/cash"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/page"
)

// customerMoney is what a customer's page shows of payments and of what was promised and contested.
type customerMoney struct {
	Credits  []creditRow
	Payments []app.PaymentView
	Older    int // payments beyond those shown
	Promises []app.Committed
	Disputes []app.DisputeView
	Methods  []page.Option
	Hows     []page.Option // what a payment settles
	Coins    []page.Option // currencies, when the account has several
}

// creditRow is money of the customer's that settles nothing yet: a credit note, or what a payment has left.
type creditRow struct {
	Key     string // names its forms
	Label   string
	On      cal.Date
	Left    money.Amount
	Payment id.Payment
	Credit  string
	Used    bool // a credit note that settles something already
	Options []page.Option
}

// shownPayments is how many payments the page lists before "all of them".
const shownPayments = 8

func (v *visit) customerMoney(p *customerPage) (m customerMoney, err error) {
	x, err := v.desk.CustomerMoney(v.r.Context(), p.Customer.Code)
	if err != nil {
		return m, err
	}
	m = customerMoney{Payments: x.Payments, Promises: x.Promises, Disputes: x.Disputes, Methods: v.methods()}
	owed := func(c money.Currency) (list []page.Option) {
		for _, e := range p.Entries {
			if e.Open > 0 && e.Debit > 0 && e.Currency == c && (len(list) == 0 || list[len(list)-1].Value != e.Number) {
				list = append(list, page.Option{Value: e.Number, Label: e.Number + " · " + i18n.Amount(v.lang, money.Of(e.Open, c))})
			}
		}
		return list
	}
	for _, c := range x.Credits {
		m.Credits = append(m.Credits, creditRow{Key: "credit-" + c.Number, Label: i18n.T(v.lang, "web.story.credit", c.Number), Left: c.Open, Credit: c.Number, Used: c.Used, Options: owed(c.Open.Currency)})
	}
	for _, y := range x.Payments {
		if y.Rest > 0 && y.CancelledOn.IsZero() && y.Kind == cash.Money {
			m.Credits = append(m.Credits, creditRow{Key: "payment-" + strconv.FormatInt(int64(y.ID), 10), Label: i18n.T(v.lang, "web.story.payment"), On: y.Date,
				Left: money.Of(y.Rest, y.Amount.Currency), Payment: y.ID, Options: owed(y.Amount.Currency)})
		}
	}
	if n := len(m.Payments); n > shownPayments && !p.All {
		m.Older, m.Payments = n-shownPayments, m.Payments[:shownPayments]
	}
	m.Hows = []page.Option{{Value: "", Label: i18n.T(v.lang, "web.pay.law")}, {Value: "credit", Label: i18n.T(v.lang, "web.pay.credit")}}
	for _, o := range p.Invoices {
		m.Hows = append(m.Hows, page.Option{Value: "on:" + o.Value, Label: i18n.T(v.lang, "web.pay.on", o.Label)})
	}
	if len(p.Groups) > 1 {
		for _, g := range p.Groups {
			m.Coins = append(m.Coins, page.Option{Value: string(g.Currency), Label: string(g.Currency)})
		}
	}
	return m, nil
}

// coin is the currency that a form says, the euro when it says none.
func (v *visit) coin() money.Currency {
	if s := v.text("currency"); s != "" {
		return money.Currency(s)
	}
	return money.EUR
}

// addPayment records a payment by hand.
func (v *visit) addPayment() error {
	return v.gesture("payment", "web.done.payment", func(code string) error {
		on, err := v.day("on", true)
		if err != nil {
			return err
		}
		d := app.PaymentDraft{Customer: code, Date: on, Method: cash.Method(v.text("method")), Reference: v.text("reference"), OnAccount: v.text("how") == "credit"}
		c := v.coin()
		if s, named := strings.CutPrefix(v.text("how"), "on:"); named {
			if d.Invoice = s; v.text("currency") == "" {
				if c, err = v.currencyOf(s); err != nil {
					return err
				}
			}
		}
		n, err := v.amount("amount", c)
		if err != nil {
			return err
		}
		d.Amount = money.Of(n, c)
		_, err = v.desk.AddPayment(v.r.Context(), d)
		return err
	})
}

// writeOff gives up a debt, or a part of it.
func (v *visit) writeOff() error {
	return v.gesture("write-off", "web.done.write-off", func(string) error {
		invoice := v.text("invoice")
		c, err := v.currencyOf(invoice)
		if err != nil {
			return err
		}
		n, err := v.amount("amount", c)
		if err != nil {
			return err
		}
		return v.desk.WriteOff(v.r.Context(), invoice, 0, n, v.text("why"))
	})
}

// useCredit lets a credit settle an invoice.
func (v *visit) useCredit() error {
	return v.gesture("use-"+v.text("key"), "web.done.used", func(string) error {
		n, err := v.amount("amount", v.coin())
		if err != nil {
			return err
		}
		if credit := v.text("credit"); credit != "" {
			return v.desk.UseCredit(v.r.Context(), credit, v.text("invoice"), n)
		}
		p, err := parseID(v.text("payment"))
		if err != nil {
			return err
		}
		return v.desk.AllocatePayment(v.r.Context(), id.Payment(p), []app.PaymentPart{{Invoice: v.text("invoice"), Amount: n}})
	})
}

// refund gives a credit back.
func (v *visit) refund() error {
	return v.gesture("refund-"+v.text("key"), "web.done.refund", func(code string) error {
		on, err := v.day("on", false)
		if err != nil {
			return err
		}
		c := v.coin()
		n, err := v.amount("amount", c)
		if err != nil {
			return err
		}
		r := app.Refund{Customer: code, Credit: v.text("credit"), Amount: money.Of(n, c), Date: on, Why: v.text("why")}
		if s := v.text("payment"); s != "" {
			p, err := parseID(s)
			if err != nil {
				return err
			}
			r.Payment = id.Payment(p)
		}
		_, err = v.desk.Refund(v.r.Context(), r)
		return err
	})
}

// releaseCredit takes back what a credit note settled.
func (v *visit) releaseCredit() error {
	return v.gesture("use-"+v.text("key"), "web.done.released", func(string) error { return v.desk.ReleaseCredit(v.r.Context(), v.text("credit")) })
}

// onPayment does something to a payment of the customer's.
func (v *visit) onPayment(form, key string, do func(n id.Payment) error) error {
	n, err := number[id.Payment](v)
	if err != nil {
		return err
	}
	return v.gesture(form+"-"+strconv.FormatInt(int64(n), 10), key, func(string) error { return do(n) })
}

func (v *visit) releasePayment() error {
	return v.onPayment("release", "web.done.released", func(n id.Payment) error { return v.desk.ReleasePayment(v.r.Context(), n) })
}

func (v *visit) cancelPayment() error {
	return v.onPayment("cancel", "web.done.payment-cancelled", func(n id.Payment) error { return v.desk.CancelPayment(v.r.Context(), n, v.text("why")) })
}

func (v *visit) returnPayment() error {
	return v.onPayment("return", "web.bank.returned", func(n id.Payment) error {
		on, err := v.day("on", true)
		if err != nil {
			return err
		}
		return v.desk.ReturnPayment(v.r.Context(), n, on, v.text("why"))
	})
}

// planPage is where a plan of payments is agreed: the dates may be filled at once, then changed.
type planPage struct {
	page.Frame
	*app.Account
	Balance  []balance
	Invoices []page.Option
	Rows     []planRow
	N        int
	First    cal.Date
	Total    string
}

// planRow is one date of a plan.
type planRow struct{ On, Amount string }

// Bounds of a plan: the rows that the form has at least, and at most.
const (
	fewestRows = 3
	mostRows   = 60
)

func (v *visit) plan() error { return v.planPage(v.r.PathValue("code")) }

func (v *visit) planPage(code string) error {
	a, err := v.desk.Account(v.r.Context(), code)
	if err != nil {
		return err
	}
	p := planPage{Account: a, N: fewestRows, First: a.Date.AddMonths(1)}
	for _, c := range currencies(a) {
		p.Balance = append(p.Balance, balance{c, a.Balances[c], a.Overdue[c]})
	}
	p.Invoices = v.owing(a)
	if err := v.fillPlan(&p); err != nil {
		v.form = page.Form{Name: "fill", Values: v.r.Form, Error: i18n.Error(v.lang, err), Field: fieldOf(err)}
		v.status = statuses[fault.Invalid]
	}
	p.Frame = v.frame("/customers", i18n.T(v.lang, "web.plan.title", a.Customer.Name))
	return v.render("plan", p)
}

// fillPlan gives the rows: those typed, else equal instalments a month apart, else empty ones.
func (v *visit) fillPlan(p *planPage) error {
	for i := range mostRows {
		no := strconv.Itoa(i)
		row := planRow{v.text("on-" + no), v.text("amount-" + no)}
		if row.On != "" || row.Amount != "" {
			p.Rows = append(p.Rows, row)
		}
	}
	defer func() {
		for len(p.Rows) < fewestRows {
			p.Rows = append(p.Rows, planRow{})
		}
	}()
	q := v.r.URL.Query()
	if len(p.Rows) > 0 || !q.Has("n") {
		return nil
	}
	n, err := strconv.Atoi(q.Get("n"))
	if err != nil || n < 1 || n > mostRows {
		return wrong("n", "web.plan.count", mostRows)
	}
	first := p.First
	if s := q.Get("first"); s != "" {
		if first, err = cal.Parse(s); err != nil {
			return wrong("first", "web.form.day")
		}
	}
	p.N, p.First, p.Total = n, first, strings.TrimSpace(q.Get("total"))
	c, all := mainCurrency(p.Account)
	if p.Total != "" {
		a, err := v.readAmount(p.Total, c)
		if err != nil || a <= 0 {
			return wrong("total", "web.form.amount")
		}
		all = a
	}
	weights := make([]int64, n)
	for i := range weights {
		weights[i] = 1
	}
	for i, part := range money.Of(all, c).Allocate(weights...) {
		p.Rows = append(p.Rows, planRow{first.AddMonths(i).String(), i18n.Decimal(v.lang, part)})
	}
	return nil
}

// mainCurrency is the one that a customer owes most in, and how much.
func mainCurrency(a *app.Account) (c money.Currency, owed int64) {
	c = money.EUR
	for _, x := range currencies(a) {
		n := int64(0)
		for _, e := range a.Entries {
			if e.Currency == x && e.Debit > 0 && e.Date <= a.Date {
				n += e.Open
			}
		}
		if n > owed {
			c, owed = x, n
		}
	}
	return c, owed
}

// agreePlan keeps a plan of payments.
func (v *visit) agreePlan() error {
	code := v.r.PathValue("code")
	err := v.keepPlan(code)
	if err != nil {
		return v.again(err, "plan", func() error { return v.planPage(code) })
	}
	v.done("web.done.plan")
	return v.redirect("/customers/" + seg(code))
}

func (v *visit) keepPlan(code string) error {
	p := app.Promise{Customer: code, Invoice: v.text("invoice"), Plan: true, Accelerate: v.text("accelerate") != "", Waive: v.text("waive") != "", Source: "desk", Why: v.text("why")}
	c, err := v.currencyOf(p.Invoice)
	if err != nil {
		return err
	}
	for i := range mostRows {
		no := strconv.Itoa(i)
		if v.text("on-"+no) == "" && v.text("amount-"+no) == "" {
			continue
		}
		on, err := v.day("on-"+no, true)
		if err != nil {
			return err
		}
		n, err := v.amount("amount-"+no, c)
		if err != nil {
			return err
		}
		p.Parts = append(p.Parts, promise.Part{Due: on, Amount: n})
	}
	if len(p.Parts) == 0 {
		return wrong("on-0", "web.plan.empty")
	}
	_, err = v.desk.AddPromise(v.r.Context(), p)
	return err
}
