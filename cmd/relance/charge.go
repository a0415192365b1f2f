package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

// chargeCmd claims or waives what late payments bear.
type chargeCmd struct {
	List  chargeList  `cmd:"" help:"Invoices of a customer that were paid late, and what they bear."`
	Claim chargeClaim `cmd:"" help:"Make the note de débit of them, without VAT."`
	Waive chargeWaive `cmd:"" help:"Give them up, with a reason."`
	Print chargePrint `cmd:"" help:"Print a note de débit with its computation."`
}

type chargeList struct {
	Customer string `arg:"" help:"Code of the customer."`
}

// Run lists what a customer's late payments bear.
func (q chargeList) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		list, err := d.FoundOf(c.ctx, q.Customer)
		if err != nil {
			return err
		}
		type row struct {
			Invoice      string   `json:"invoice"`
			Due          cal.Date `json:"due"`
			PaidOn       cal.Date `json:"paid_on"`
			DaysLate     int      `json:"days_late"`
			Currency     string   `json:"currency"`
			Amount       int64    `json:"amount"`
			Penalty      int64    `json:"penalty"`
			Compensation int64    `json:"compensation"`
		}
		rows := []row{}
		for _, l := range list {
			rows = append(rows, row{l.Invoice, l.Due, l.PaidOn, l.DaysLate, string(l.Currency), l.Amount, l.Penalty, l.Compensation})
		}
		return c.answer(map[string]any{"customer": q.Customer, "invoices": rows}, func(w io.Writer) {
			for _, l := range list {
				fmt.Fprintf(w, "%s  %s\n", l.Invoice, c.t("cmd.charge.line", l.Due, l.PaidOn, l.DaysLate, money.Of(l.Penalty, l.Currency), money.Euros(l.Compensation)))
			}
		})
	})
}

type chargeClaim struct {
	Customer string   `arg:"" help:"Code of the customer."`
	Invoices []string `arg:"" optional:"" help:"Numbers of invoices (default: all of them)."`
}

// Run makes a note de débit.
func (q chargeClaim) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		n, err := d.ClaimCharges(c.ctx, q.Customer, q.Invoices)
		if err != nil {
			return err
		}
		return c.answer(map[string]any{"debit_note": n}, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.charge.claimed", n)) })
	})
}

type chargeWaive struct {
	Customer string   `arg:"" help:"Code of the customer."`
	Invoices []string `arg:"" optional:"" help:"Numbers of invoices (default: all of them)."`
	Why      string   `required:"" help:"Why."`
}

// Run gives up what late payments bear.
func (q chargeWaive) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		n, err := d.WaiveCharges(c.ctx, q.Customer, q.Invoices, q.Why)
		if err != nil {
			return err
		}
		return c.answer(map[string]any{"waived": n}, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.charge.waived", n)) })
	})
}

type chargePrint struct {
	Number string `arg:"" help:"Number of the note."`
	Output string `short:"o" required:"" placeholder:"FILE" help:"The PDF to write."`
}

// Run prints a note de débit.
func (q chargePrint) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		pdf, err := d.DebitNotePDF(c.ctx, q.Number)
		if err != nil {
			return err
		}
		return c.written(q.Output, pdf)
	})
}
