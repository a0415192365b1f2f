package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
	"relance/internal/store"
	"relance/internal/wire"
)

// insuranceCmd groups the credit insurance of customers.
type insuranceCmd struct {
	Set     insuranceSet     `cmd:"" help:"Cover and delays of a customer's credit insurance."`
	Show    insuranceShow    `cmd:"" help:"The credit insurance of a customer."`
	Declare insuranceDeclare `cmd:"" help:"What is overdue was declared to the insurer."`
	Remove  insuranceRemove  `cmd:"" help:"The customer is not insured any more."`
}

type insuranceSet struct {
	Customer      string         `arg:"" help:"Code of the customer."`
	Insurer       string         `required:"" placeholder:"NAME" help:"Insurer."`
	Policy        string         `placeholder:"NUMBER" help:"Number of the policy."`
	Cover         string         `placeholder:"AMOUNT" help:"Covered outstanding."`
	Currency      money.Currency `default:"EUR" placeholder:"EUR" help:"Its currency (EUR)."`
	ExtensionDays int            `placeholder:"DAYS" help:"How many days a debt may be put off."`
	DeclareDays   int            `placeholder:"DAYS" help:"Days after the due date within which an overdue debt is declared; the alarm comes 15 days before."`
	EndsOn        cal.Date       `placeholder:"DATE" help:"The day on which the cover ends."`
}

// Run keeps an insurance.
func (q insuranceSet) Run(c *context) error {
	if !q.Currency.Valid() {
		return usage(fault.New(fault.Invalid, "cmd.currency", string(q.Currency)))
	}
	cover, err := amountIn(q.Cover, q.Currency)
	if err != nil {
		return err
	}
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.SetInsurance(c.ctx, q.Customer, &store.Insurance{Insurer: q.Insurer, Policy: q.Policy, Cover: money.Of(cover, q.Currency),
			ExtensionDays: q.ExtensionDays, DeclareDays: q.DeclareDays, EndsOn: q.EndsOn}); err != nil {
			return err
		}
		return c.answerInsurance(d, q.Customer)
	})
}

// answerInsurance answers with a customer's insurance.
func (c *context) answerInsurance(d *app.Desk, customer string) error {
	x, err := d.Insurance(c.ctx, customer)
	if err != nil {
		return err
	}
	doc := wire.Insurance{Customer: customer, Insurer: x.Insurer, Policy: x.Policy, Cover: x.Cover.Minor, Currency: x.Cover.Currency,
		ExtensionDays: x.ExtensionDays, DeclareDays: x.DeclareDays, EndsOn: x.EndsOn}
	return c.answer(doc, func(w io.Writer) {
		fmt.Fprintln(w, c.t("cmd.insurance", customer, x.Insurer, x.Cover, x.ExtensionDays, x.DeclareDays))
	})
}

type insuranceShow struct {
	Customer string `arg:"" help:"Code of the customer."`
}

// Run shows an insurance.
func (q insuranceShow) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error { return c.answerInsurance(d, q.Customer) })
}

type insuranceDeclare struct {
	Customer string `arg:"" help:"Code of the customer."`
	dated
}

// Run records a declaration.
func (q insuranceDeclare) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.On(q.Date).DeclareInsurance(c.ctx, q.Customer); err != nil {
			return err
		}
		return c.done("cmd.insurance.declared", q.Customer)
	})
}

type insuranceRemove struct {
	Customer string `arg:"" help:"Code of the customer."`
}

// Run takes an insurance away.
func (q insuranceRemove) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.SetInsurance(c.ctx, q.Customer, nil); err != nil {
			return err
		}
		return c.done("cmd.insurance.removed", q.Customer)
	})
}
