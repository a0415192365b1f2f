package main

import (
	"fmt"
	"io"

	"relance/internal/ground/cal"
	"relance/internal/wire"
)

// calcCmd groups the calculators: the program's own rules, for anybody's script.
type calcCmd struct {
	DueDate    calcDueDate    `cmd:"" help:"Due date of an invoice under its payment terms."`
	Deadline   calcDeadline   `cmd:"" help:"Procedural deadline (CPC 640 to 642)."`
	Penalty    calcPenalty    `cmd:"" help:"Late payment interest and recovery charge."`
	Identifier calcIdentifier `cmd:"" help:"Validate or make a SIREN, SIRET, VAT number, IBAN or RF reference."`
}

type calcDueDate struct {
	Issued    cal.Date `placeholder:"DATE" help:"Date of the invoice."`
	Delivered cal.Date `placeholder:"DATE" help:"Date of delivery or performance, where the clock starts there."`
	Received  cal.Date `placeholder:"DATE" help:"Date on which the customer received the invoice."`
	Terms     string   `required:"" placeholder:"TERMS" help:"\"net 30\", \"45 days eom\", \"30 days eom the 10th\", default, periodic, perishable, \"perishable periodic\", livestock, alcohol, wine, transport, export."`
	Method    string   `enum:"add-then-eom,eom-then-add" default:"add-then-eom" help:"How end of month is counted (${enum})."`
}

// Run answers {"due":"2026-03-31"}.
func (q calcDueDate) Run(c *context) error {
	terms, err := cal.ParseTerms(q.Terms)
	if err != nil {
		return usage(err)
	}
	dates := cal.Dates{Issued: q.Issued, Delivered: q.Delivered, Received: q.Received}
	due, err := terms.Due(dates, cal.Method(q.Method))
	if err != nil {
		return usage(err)
	}
	a := wire.DueDateOf(terms, dates, due)
	return c.answer(a, func(w io.Writer) {
		fmt.Fprintln(w, c.t("calc.due", due))
		for _, warning := range a.Warnings {
			fmt.Fprintln(c.errOut, c.t("calc.warning."+warning, a.Ceiling))
		}
	})
}

type calcDeadline struct {
	From     cal.Date     `required:"" placeholder:"DATE" help:"The day of the act; it does not count itself."`
	Delay    cal.Delay    `required:"" placeholder:"6m|15d|2y" help:"The delay."`
	Calendar cal.Calendar `default:"metropole" placeholder:"NAME" help:"metropole, alsace-moselle, guadeloupe, martinique, guyane, reunion, mayotte."`
}

// Run answers {"raw":"2027-02-28","deadline":"2027-03-01"}.
func (q calcDeadline) Run(c *context) error {
	raw, deadline := cal.Deadline(q.From, q.Delay, q.Calendar)
	return c.answer(wire.Deadline{Raw: raw, Deadline: deadline}, func(w io.Writer) {
		fmt.Fprintln(w, c.t("calc.deadline", deadline))
		if raw != deadline {
			fmt.Fprintln(w, c.t("calc.deadline.extended", raw))
		}
	})
}
