package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/wire"
)

type promiseCmd struct {
	Add    promiseAdd    `cmd:"" help:"A promise to pay, or a plan of payments: reminders wait for it."`
	List   promiseList   `cmd:"" help:"Promises and plans as they stand."`
	Cancel promiseCancel `cmd:"" help:"End a promise or a plan: reminders resume."`
	Print  promisePrint  `cmd:"" help:"Print the acknowledgement of debt that the debtor signs."`
	Sign   promiseSign   `cmd:"" help:"The acknowledgement came back signed: limitation runs anew."`
}

type promiseAdd struct {
	Customer   string   `placeholder:"CODE" help:"Customer."`
	Invoice    string   `placeholder:"NUMBER" help:"Invoice; without it everything owed."`
	On         cal.Date `placeholder:"DATE" help:"The day promised."`
	Amount     string   `placeholder:"AMOUNT" help:"The amount promised (default: all)."`
	Part       []string `sep:"none" placeholder:"DATE=AMOUNT" help:"One of several dated sums, in place of --on. Repeatable."`
	Monthly    int      `placeholder:"N" help:"A plan of N equal parts, a month apart, in place of --on."`
	From       cal.Date `placeholder:"DATE" help:"The day of the first part of --monthly."`
	Plan       bool     `help:"A plan agreed with the customer, not only announced."`
	Accelerate bool     `help:"Terms of the plan: the whole is due on the first default."`
	Waive      bool     `name:"waive-interest" help:"Terms of the plan: interest is waived when it is kept."`
	Why        string   `help:"In your words."`
	dated
}

// Run records a promise.
func (q promiseAdd) Run(c *context) error {
	if q.Customer == "" && q.Invoice == "" {
		return usage(fault.New(fault.Invalid, "cmd.hold.subject"))
	}
	if err := q.check(); err != nil {
		return usage(err)
	}
	return c.withDesk(false, func(d *app.Desk) error {
		owed, err := d.On(q.Date).Owed(c.ctx, q.Customer, q.Invoice)
		if err != nil {
			return err
		}
		amount, err := amountIn(q.Amount, owed.Currency)
		if err != nil {
			return err
		}
		parts, err := q.parts(money.Of(cmp.Or(amount, owed.Minor), owed.Currency))
		if err != nil {
			return err
		}
		if len(parts) > 0 {
			amount = 0
		}
		holds, err := d.On(q.Date).AddPromise(c.ctx, app.Promise{Customer: q.Customer, Invoice: q.Invoice, On: q.On, Amount: amount, Parts: parts,
			Plan: q.isPlan(), Accelerate: q.Accelerate, Waive: q.Waive, Why: q.Why})
		if err != nil {
			return err
		}
		if len(parts) == 0 {
			parts = []promise.Part{{Due: q.On, Amount: cmp.Or(amount, owed.Minor)}}
		}
		doc := struct {
			Holds    []id.Hold          `json:"holds"`
			Promise  id.Plan            `json:"promise"`
			Currency money.Currency     `json:"currency"`
			Parts    []wire.PromisePart `json:"parts"`
		}{Holds: []id.Hold{}, Currency: owed.Currency}
		for _, h := range holds {
			doc.Holds, doc.Promise = append(doc.Holds, h.ID), h.Commitment
		}
		for _, p := range parts {
			doc.Parts = append(doc.Parts, wire.PromisePart{Due: p.Due, Amount: p.Amount, State: string(promise.Running)})
		}
		return c.answer(doc, func(w io.Writer) {
			fmt.Fprintln(w, c.t("cmd.promise.added", int(doc.Promise), c.partsSaid(doc.Parts, owed.Currency)))
		})
	})
}

// isPlan tells a plan from a promise: equal parts and terms are agreed.
func (q promiseAdd) isPlan() bool { return q.Plan || q.Monthly > 0 || q.Accelerate || q.Waive }

// check refuses days that are said in two ways, or in none.
func (q promiseAdd) check() error {
	ways := 0
	for _, given := range []bool{!q.On.IsZero(), len(q.Part) > 0, q.Monthly != 0} {
		if given {
			ways++
		}
	}
	switch {
	case ways != 1, (q.Monthly != 0) == q.From.IsZero(), len(q.Part) > 0 && q.Amount != "":
		return fault.New(fault.Invalid, "cmd.promise.days")
	case q.Monthly < 0 || q.Monthly > maxMonths:
		return fault.New(fault.Invalid, "app.plan.parts", maxMonths)
	}
	return nil
}

// maxMonths bounds a monthly plan.
const maxMonths = 60

// parts are the dated sums that the flags say, nil for a single day. Equal parts lose no cent.
func (q promiseAdd) parts(all money.Amount) (parts []promise.Part, err error) {
	if q.Monthly > 0 {
		weights := make([]int64, q.Monthly)
		for i := range weights {
			weights[i] = 1
		}
		for i, a := range all.Allocate(weights...) {
			parts = append(parts, promise.Part{Due: q.From.AddMonths(i), Amount: a.Minor})
		}
		return parts, nil
	}
	for _, s := range q.Part {
		day, text, found := strings.Cut(s, "=")
		on, err := cal.Parse(day)
		if !found || err != nil {
			return nil, usage(fault.New(fault.Invalid, "cmd.promise.part", s))
		}
		n, err := amountIn(text, all.Currency)
		if err != nil {
			return nil, err
		}
		parts = append(parts, promise.Part{Due: on, Amount: n})
	}
	return parts, nil
}

func (c *context) partsSaid(list []wire.PromisePart, cur money.Currency) string {
	var out []string
	for _, p := range list {
		said := i18n.DateShort(c.Lang, p.Due) + " " + i18n.Amount(c.Lang, money.Of(p.Amount, cur))
		if p.State != string(promise.Running) {
			said += " (" + c.t("cmd.promise.state."+p.State) + ")"
		}
		out = append(out, said)
	}
	return strings.Join(out, ", ")
}

type promiseList struct {
	State string `enum:"running,kept,partly,broken,cancelled,all" default:"running" help:"Those that stand so (${enum})."`
	Limit int    `default:"50" placeholder:"N" help:"At most so many (50)."`
}

// Run lists promises. Where one stands today may be more than what the last run has written of it.
func (q promiseList) Run(c *context) error {
	if q.Limit < 1 {
		return usage(fault.New(fault.Invalid, "cmd.limit"))
	}
	return c.withDesk(false, func(d *app.Desk) error {
		var list []app.Committed
		for _, s := range []promise.State{promise.Running, promise.Kept, promise.Partly, promise.Broken, promise.Cancelled} {
			some, err := d.Commitments(c.ctx, s, 0, q.Limit)
			if err != nil {
				return err
			}
			for _, x := range some {
				if q.State == "all" || string(x.Standing.State) == q.State {
					list = append(list, x)
				}
			}
		}
		slices.SortFunc(list, func(a, b app.Committed) int { return cmp.Compare(b.ID, a.ID) })
		doc := struct {
			Promises []wire.Promise `json:"promises"`
		}{promisesOf(list[:min(len(list), q.Limit)])}
		return c.answer(doc, func(w io.Writer) {
			if len(doc.Promises) == 0 {
				fmt.Fprintln(w, c.t("cmd.promise.none"))
			}
			for i := range doc.Promises {
				c.tellPromise(w, &doc.Promises[i])
			}
		})
	})
}

func promisesOf(list []app.Committed) []wire.Promise {
	out := make([]wire.Promise, len(list))
	for i, k := range list {
		out[i] = wire.Promise{Promise: k.ID, Kind: k.Kind, Customer: k.CustomerCode, CustomerName: k.CustomerName, Invoices: append([]string{}, k.Invoices...),
			Currency: k.Currency, Owed: k.Owed, State: string(k.Standing.State), MadeOn: k.MadeOn, Source: k.Source, Accelerate: k.Accelerate,
			Waive: k.Waive, Owner: k.Owner, Why: k.Why, Await: k.Standing.Await, Parts: []wire.PromisePart{}}
		for _, p := range k.Standing.Parts {
			out[i].Parts = append(out[i].Parts, wire.PromisePart{Due: p.Due, Amount: p.Amount, Paid: p.Paid, State: string(p.State), Until: p.Until})
		}
	}
	return out
}

func (c *context) tellPromise(w io.Writer, p *wire.Promise) {
	fmt.Fprintf(w, "%d  %s  %s  %s  %s  %s\n", p.Promise, c.t("cmd.promise.kind."+p.Kind), withCode(p.CustomerName, p.Customer),
		c.t("cmd.promise.state."+p.State), c.partsSaid(p.Parts, p.Currency), p.Why)
}

type promiseCancel struct {
	ID  id.Plan `arg:"" help:"Number of the promise or the plan."`
	Why string  `help:"In your words."`
	dated
}

// Run ends a promise.
func (q promiseCancel) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.On(q.Date).CancelCommitment(c.ctx, q.ID, q.Why); err != nil {
			return err
		}
		return c.done("cmd.promise.cancelled")
	})
}
