package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

type refundCmd struct {
	Payment id.Payment `placeholder:"N" help:"The payment of which something is left."`
	Credit  string     `placeholder:"NUMBER" help:"The credit note that is given back."`
	Amount  string     `placeholder:"AMOUNT" help:"What is given back (default: all that is left)."`
	Date    cal.Date   `placeholder:"DATE" help:"The day it was given back (default: today)."`
	Why     string     `help:"In your words."`
}

// Run records money given back.
func (q refundCmd) Run(c *context) error {
	if (q.Payment != 0) == (q.Credit != "") {
		return usage(fault.New(fault.Invalid, "cmd.refund.which"))
	}
	return c.withDesk(false, func(d *app.Desk) error {
		left, err := q.left(c, d)
		if err != nil {
			return err
		}
		n, err := amountIn(q.Amount, left.Currency)
		if err != nil {
			return err
		}
		number, err := d.Refund(c.ctx, app.Refund{Payment: q.Payment, Credit: q.Credit, Amount: money.Of(n, left.Currency), Date: q.Date, Why: q.Why})
		if err != nil {
			return err
		}
		if n == 0 {
			n = left.Minor
		}
		return c.answer(map[string]any{"refund": number, "amount": n, "currency": left.Currency},
			func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.refund.done", money.Of(n, left.Currency), number)) })
	})
}

// left is what may be given back.
func (q refundCmd) left(c *context, d *app.Desk) (money.Amount, error) {
	if q.Credit != "" {
		return d.Owed(c.ctx, "", q.Credit)
	}
	p, err := d.Payment(c.ctx, q.Payment)
	if err != nil {
		return money.Amount{}, err
	}
	return money.Of(p.Rest, p.Amount.Currency), nil
}

// creditCmd groups what is done with credit notes.
type creditCmd struct {
	Use     creditUse     `cmd:"" help:"Let a credit note settle an invoice of the same customer."`
	Release creditRelease `cmd:"" help:"Take back what a credit note settled."`
}

type creditUse struct {
	Credit  string `arg:"" help:"Number of the credit note."`
	Invoice string `arg:"" help:"Number of the invoice."`
	Amount  string `placeholder:"AMOUNT" help:"How much of it (default: as much as it can)."`
}

// Run uses a credit note.
func (q creditUse) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		left, err := d.Owed(c.ctx, "", q.Credit)
		if err != nil {
			return err
		}
		n, err := amountIn(q.Amount, left.Currency)
		if err != nil {
			return err
		}
		if err := d.UseCredit(c.ctx, q.Credit, q.Invoice, n); err != nil {
			return err
		}
		return c.answerOpen(d, q.Credit, q.Invoice)
	})
}

// answerOpen answers with what is left open of a credit note and of the invoice that it settles.
func (c *context) answerOpen(d *app.Desk, credit, invoice string) error {
	left, err := d.Owed(c.ctx, "", credit)
	if err != nil {
		return err
	}
	owed, err := d.Owed(c.ctx, "", invoice)
	if err != nil {
		return err
	}
	return c.answer(map[string]any{"credit": credit, "left": left.Minor, "invoice": invoice, "open": owed.Minor, "currency": owed.Currency},
		func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.credit.used", credit, left, invoice, owed)) })
}

type creditRelease struct {
	Credit string `arg:"" help:"Number of the credit note."`
}

// Run takes back what a credit note settled.
func (q creditRelease) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.ReleaseCredit(c.ctx, q.Credit); err != nil {
			return err
		}
		left, err := d.Owed(c.ctx, "", q.Credit)
		if err != nil {
			return err
		}
		return c.answer(map[string]any{"credit": q.Credit, "left": left.Minor, "currency": left.Currency},
			func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.credit.open", q.Credit, left)) })
	})
}
