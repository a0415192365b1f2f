package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// dated is the flag of what may be entered after it happened.
type dated struct {
	Date cal.Date `placeholder:"DATE" help:"The day it happened, where that is not today."`
}

type holdCmd struct {
	Add  holdAdd  `cmd:"" help:"Stop the steps of a customer or an invoice."`
	End  holdEnd  `cmd:"" help:"Lift a hold."`
	List holdList `cmd:"" default:"1" help:"The holds that block today."`
}

type holdAdd struct {
	Customer   string             `placeholder:"CODE" help:"Customer."`
	Invoice    string             `placeholder:"NUMBER" help:"Invoice; without it the whole customer is held."`
	Instalment int                `placeholder:"N" help:"One instalment of the invoice."`
	Reason     dunning.HoldReason `default:"pause" placeholder:"REASON" help:"dispute, promise, plan, pause, reply, cheque, bill, direct-debit, credit-awaited, document, platform, assigned, set-off, intercompany, insolvency."`
	Until      cal.Date           `placeholder:"DATE" help:"Blocks on it, frees on the next day."`
	Amount     string             `placeholder:"AMOUNT" help:"Contested part of a dispute."`
	Why        string             `help:"In your words."`
	dated
}

// Run sets a hold.
func (q holdAdd) Run(c *context) error {
	if q.Customer == "" && q.Invoice == "" {
		return usage(fault.New(fault.Invalid, "cmd.hold.subject"))
	}
	return c.withDesk(false, func(d *app.Desk) error {
		amount := int64(0)
		if q.Amount != "" {
			owed, err := d.On(q.Date).Owed(c.ctx, q.Customer, q.Invoice)
			if err != nil {
				return err
			}
			if amount, err = amountIn(q.Amount, owed.Currency); err != nil {
				return err
			}
		}
		holds, err := d.On(q.Date).AddHold(c.ctx, app.HoldDraft{Customer: q.Customer, Invoice: q.Invoice, Instalment: q.Instalment, Reason: q.Reason,
			Until: q.Until, Amount: amount, Why: q.Why})
		if err != nil {
			return err
		}
		return c.answerHolds(holds)
	})
}

func (c *context) answerHolds(holds []store.Hold) error {
	doc := struct {
		Holds []id.Hold `json:"holds"`
	}{[]id.Hold{}}
	for _, h := range holds {
		doc.Holds = append(doc.Holds, h.ID)
	}
	return c.answer(doc, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.hold.set", len(holds))) })
}

type holdEnd struct {
	ID id.Hold `arg:"" help:"Number of the hold."`
	dated
}

// Run lifts a hold.
func (q holdEnd) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.On(q.Date).EndHold(c.ctx, q.ID); err != nil {
			return err
		}
		return c.done("cmd.hold.ended")
	})
}

type holdList struct{}

// heldShape is a live hold as scripts read it.
type heldShape struct {
	ID         id.Hold  `json:"id"`
	Customer   string   `json:"customer"`
	Invoice    string   `json:"invoice,omitempty"`
	Instalment int      `json:"instalment,omitzero"`
	Reason     string   `json:"reason"`
	From       cal.Date `json:"from"`
	Until      cal.Date `json:"until"`
	Amount     int64    `json:"amount,omitzero"`
	Promised   cal.Date `json:"promised_on,omitzero"`
	Owner      string   `json:"owner"`
	Why        string   `json:"why"`
}

// Run lists the holds.
func (holdList) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		list, err := d.Holds(c.ctx)
		if err != nil {
			return err
		}
		doc := struct {
			Holds []heldShape `json:"holds"`
		}{[]heldShape{}}
		for _, h := range list {
			doc.Holds = append(doc.Holds, heldShape{h.ID, h.CustomerCode, h.Invoice, h.Instalment, string(h.Reason), h.From, h.Until, h.Amount,
				h.PromisedOn, h.Owner, h.Why})
		}
		return c.answer(doc, func(w io.Writer) {
			for _, h := range doc.Holds {
				fmt.Fprintln(w, h.ID, h.Customer, h.Invoice, c.t("why.hold."+h.Reason), h.Until, h.Why)
			}
		})
	})
}
