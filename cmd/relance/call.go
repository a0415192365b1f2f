package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/wire"
)

// callCmd groups what is done by phone.
type callCmd struct {
	Sheet  callSheet  `cmd:"" help:"What to know before a call: whom to ask for, what is owed, what was said."`
	Record callRecord `cmd:"" help:"What came of a call; its result acts."`
}

type callSheet struct {
	Customer string `arg:"" help:"Code of the customer."`
}

// Run shows a call sheet.
func (q callSheet) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		s, err := d.CallSheet(c.ctx, q.Customer, 0)
		if err != nil {
			return err
		}
		doc := callSheetOf(s)
		return c.answer(doc, func(w io.Writer) { c.tellCallSheet(w, &doc) })
	})
}

func callSheetOf(s *app.CallSheet) wire.CallSheet {
	out := wire.CallSheet{Date: s.Day, Customer: s.Customer.Code, CustomerName: s.Customer.Name, Phone: s.Customer.Phone, Contacts: []wire.CallContact{},
		Owed: sumsOf(s.Owed), Overdue: sumsOf(s.Overdue), Upcoming: s.Upcoming, Items: []wire.CallItem{}, Contacted: []wire.Contacted{},
		Promises: promisesOf(s.Promises), Kept: s.Kept, Broken: s.Broken, Disputes: disputesOf(s.Disputes), Scenario: s.Scenario,
		NextStep: s.NextStep, NextOn: s.NextOn, MayMail: s.MayMail}
	if s.Task != nil {
		out.Task, out.Why = s.Task.ID, s.Task.Why
	}
	for _, k := range s.Contacts {
		out.Contacts = append(out.Contacts, wire.CallContact{Name: k.Name, Role: string(k.Role), Phone: k.Phone, Email: k.Email})
	}
	for i := range s.Items {
		it := &s.Items[i]
		out.Items = append(out.Items, wire.CallItem{Invoice: it.Invoice, Instalment: it.Instalment, Due: it.Due, DaysLate: s.Day.Sub(it.Due),
			Open: it.Open, Currency: string(it.Currency)})
	}
	for _, x := range s.Contacted {
		out.Contacted = append(out.Contacted, wire.Contacted{On: x.On, Kind: x.Kind, What: x.What, Channel: x.Channel, By: x.By})
	}
	return out
}

func sumsOf(m map[money.Currency]int64) map[string]int64 {
	out := map[string]int64{}
	for cur, n := range m {
		out[string(cur)] = n
	}
	return out
}

// tellCallSheet writes a call sheet for people: whom to ask for first, then why, then what was said before.
func (c *context) tellCallSheet(w io.Writer, s *wire.CallSheet) {
	fmt.Fprintln(w, withCode(s.CustomerName, s.Customer), s.Phone)
	for _, k := range s.Contacts {
		fmt.Fprintln(w, "  ", strings.Join([]string{k.Name, c.t("web.role." + k.Role), k.Phone, k.Email}, "  "))
	}
	if s.Why != "" {
		fmt.Fprintln(w, s.Why)
	}
	fmt.Fprintln(w, c.t("cmd.call.owed", c.currencies(s.Owed), c.currencies(s.Overdue)))
	for _, it := range s.Items {
		fmt.Fprintf(w, "  %s  %s  %s  %s\n", it.Invoice, i18n.DateShort(c.Lang, it.Due), c.t("cmd.statement.late", it.DaysLate),
			i18n.Amount(c.Lang, money.Of(it.Open, money.Currency(it.Currency))))
	}
	for _, x := range s.Contacted {
		fmt.Fprintf(w, "  %s  %s  %s  %s\n", i18n.DateShort(c.Lang, x.On), c.t("cmd.contact."+x.Kind), x.What, x.By)
	}
	if len(s.Promises) > 0 {
		fmt.Fprintln(w, c.t("cmd.call.promises", s.Kept, s.Broken))
		for i := range s.Promises {
			c.tellPromise(w, &s.Promises[i])
		}
	}
	for i := range s.Disputes {
		c.tellDispute(w, &s.Disputes[i])
	}
	if s.NextStep != "" {
		fmt.Fprintln(w, c.t("cmd.call.next", s.NextStep, s.NextOn))
	}
}

// currencies says sums, a currency each.
func (c *context) currencies(m map[string]int64) string {
	var out []string
	for _, cur := range slices.Sorted(maps.Keys(m)) {
		out = append(out, i18n.Amount(c.Lang, money.Of(m[cur], money.Currency(cur))))
	}
	if len(out) == 0 {
		return i18n.Amount(c.Lang, money.Euros(0))
	}
	return strings.Join(out, " + ")
}

type callRecord struct {
	Customer string         `arg:"" optional:"" help:"Code of the customer."`
	Task     id.Task        `placeholder:"N" help:"The task that asked for the call, in place of the customer."`
	Result   app.CallResult `required:"" enum:"promise,already-paid,dispute,call-back,no-answer,wrong-number,spoken" help:"${enum}"`
	With     string         `placeholder:"NAME" help:"Who was reached."`
	On       cal.Date       `placeholder:"DATE" help:"The day promised, or on which to call back."`
	Amount   string         `placeholder:"AMOUNT" help:"Promised or contested (default: all)."`
	Invoice  string         `placeholder:"NUMBER" help:"What it was about (default: all that is owed)."`
	Category string         `enum:"commercial,delivery,price,quality,administrative,other" default:"other" help:"Of a dispute: ${enum}"`
	PaidBy   string         `enum:"transfer,cheque,card,cash," default:"" placeholder:"METHOD" help:"Already paid by transfer, cheque, card or cash."`
	PaidOn   cal.Date       `placeholder:"DATE" help:"The day they say they paid."`
	Phone    string         `placeholder:"NUMBER" help:"The number that was wrong."`
	Why      string         `help:"In your words."`
	Advance  bool           `help:"The call stands for the step that comes next."`
	Confirm  bool           `help:"A message that confirms what was said leaves in the same gesture."`
	dated
}

// Run records a call.
func (q callRecord) Run(c *context) error {
	if (q.Customer == "") == (q.Task == 0) {
		return usage(fault.New(fault.Invalid, "cmd.call.who"))
	}
	return c.withDesk(false, func(d *app.Desk) error {
		amount, err := q.amount(c, d)
		if err != nil {
			return err
		}
		if err := d.On(q.Date).RecordCall(c.ctx, app.Call{Task: q.Task, Customer: q.Customer, Invoice: q.Invoice, Result: q.Result, With: q.With,
			Phone: q.Phone, On: q.On, Amount: amount, Category: q.Category, Paid: app.PaidHow{Method: q.PaidBy, On: q.PaidOn}, Why: q.Why,
			Advance: q.Advance, Confirm: q.Confirm}); err != nil {
			return err
		}
		return c.done("cmd.call.recorded", c.t("cmd.call.result."+string(q.Result)))
	})
}

// amount reads the amount in the currency of what the call was about.
func (q callRecord) amount(c *context, d *app.Desk) (int64, error) {
	if q.Amount == "" {
		return 0, nil
	}
	code := q.Customer
	if q.Task != 0 && q.Invoice == "" {
		s, err := d.CallSheet(c.ctx, "", q.Task)
		if err != nil {
			return 0, err
		}
		code = s.Customer.Code
	}
	owed, err := d.On(q.Date).Owed(c.ctx, code, q.Invoice)
	if err != nil {
		return 0, err
	}
	return amountIn(q.Amount, owed.Currency)
}
