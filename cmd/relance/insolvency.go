package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/wire"
)

// insolvencyCmd groups what is done when a customer is insolvent.
type insolvencyCmd struct {
	Open    insolvencyOpen    `cmd:"" help:"An opening judgment: what was owed before it is frozen, its claim is to be declared."`
	Publish insolvencyPublish `cmd:"" help:"The judgment was published in the BODACC: the delays run."`
	Declare insolvencyDeclare `cmd:"" help:"The claim was declared."`
	Show    insolvencyShow    `cmd:"" help:"The insolvency of a customer and its last days."`
	Close   insolvencyClose   `cmd:"" help:"It is over: the customer is chased again."`
}

type insolvencyOpen struct {
	Customer      string   `arg:"" help:"Code of the customer."`
	Kind          string   `required:"" enum:"sauvegarde,redressement,liquidation" help:"${enum}"`
	Judgment      cal.Date `required:"" placeholder:"DATE" help:"Day of the opening judgment."`
	Published     cal.Date `placeholder:"DATE" help:"Day of its publication in the BODACC, when it is known."`
	Court         string   `placeholder:"NAME" help:"Court."`
	Mandatary     string   `placeholder:"NAME" help:"To whom the claim is declared."`
	Administrator string   `placeholder:"ADDRESS" help:"E-mail address where what is born after the judgment is asked."`
}

// Run opens an insolvency.
func (q insolvencyOpen) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.OpenInsolvency(c.ctx, app.Insolvency{Customer: q.Customer, Kind: q.Kind, Judgment: q.Judgment, Published: q.Published,
			Court: q.Court, Mandatary: q.Mandatary, Administrator: q.Administrator}); err != nil {
			return err
		}
		return c.answerInsolvency(d, q.Customer)
	})
}

// answerInsolvency answers with a customer's insolvency as it stands.
func (c *context) answerInsolvency(d *app.Desk, customer string) error {
	x, err := d.Insolvency(c.ctx, customer)
	if err != nil {
		return err
	}
	doc := wire.Insolvency{Customer: customer, Kind: x.Kind, Judgment: x.Judgment, Published: x.Published, Court: x.Court, Mandatary: x.Mandatary,
		Administrator: x.Administrator, DeclareBy: x.DeclareBy, ReliefBy: x.ReliefBy, ReclaimBy: x.ReclaimBy, DeclaredOn: x.DeclaredOn}
	return c.answer(doc, func(w io.Writer) {
		fmt.Fprintln(w, customer, c.t("app.insolvency."+x.Kind, x.Judgment), x.Court)
		switch {
		case !x.DeclaredOn.IsZero():
			fmt.Fprintln(w, c.t("cmd.insolvency.declared", x.DeclaredOn))
		case x.DeclareBy.IsZero():
			fmt.Fprintln(w, c.t("app.task.declare.unpublished"))
		default:
			fmt.Fprintln(w, c.t("app.task.declare", x.DeclareBy, x.Mandatary))
		}
	})
}

type insolvencyPublish struct {
	Customer string   `arg:"" help:"Code of the customer."`
	On       cal.Date `arg:"" placeholder:"DATE" help:"Day of the publication."`
}

// Run keeps the day of the publication.
func (q insolvencyPublish) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.PublishInsolvency(c.ctx, q.Customer, q.On); err != nil {
			return err
		}
		return c.answerInsolvency(d, q.Customer)
	})
}

type insolvencyDeclare struct {
	Customer string   `arg:"" help:"Code of the customer."`
	On       cal.Date `placeholder:"DATE" help:"The day (default: today)."`
}

// Run records the declaration.
func (q insolvencyDeclare) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.DeclareClaim(c.ctx, q.Customer, q.On); err != nil {
			return err
		}
		return c.answerInsolvency(d, q.Customer)
	})
}

type insolvencyShow struct {
	Customer string `arg:"" help:"Code of the customer."`
}

// Run shows an insolvency.
func (q insolvencyShow) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error { return c.answerInsolvency(d, q.Customer) })
}

type insolvencyClose struct {
	Customer string `arg:"" help:"Code of the customer."`
	Why      string `help:"In your words."`
}

// Run ends an insolvency.
func (q insolvencyClose) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.CloseInsolvency(c.ctx, q.Customer, q.Why); err != nil {
			return err
		}
		return c.done("cmd.hold.ended")
	})
}
