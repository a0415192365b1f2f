package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

type whyCmd struct {
	Invoice string   `arg:"" help:"Number of the invoice."`
	Date    cal.Date `placeholder:"DATE" help:"The day (default: today)."`
}

// whyShape answers where an invoice stands and why.
type whyShape struct {
	Invoice      string    `json:"invoice"`
	Customer     string    `json:"customer"`
	CustomerName string    `json:"customer_name"`
	Date         cal.Date  `json:"date"`
	Currency     string    `json:"currency"`
	Instalments  []whyItem `json:"instalments"`
}

type whyItem struct {
	Instalment int          `json:"instalment"`
	Due        cal.Date     `json:"due"`
	Amount     int64        `json:"amount"`
	Open       int64        `json:"open"`
	Status     string       `json:"status"`
	Level      int          `json:"level"`
	Scenario   string       `json:"scenario,omitempty"`
	Version    int          `json:"version,omitzero"`
	NextStep   string       `json:"next_step,omitempty"`
	NextOn     cal.Date     `json:"next_on,omitzero"`
	Reason     string       `json:"reason,omitempty"`
	Until      cal.Date     `json:"until,omitzero"`
	Owner      string       `json:"owner,omitempty"`
	Rule       string       `json:"rule,omitempty"`
	Why        string       `json:"why"`
	Passed     []passedStep `json:"passed"`
}

type passedStep struct {
	Step  string   `json:"step"`
	State string   `json:"state"`
	On    cal.Date `json:"on"`
}

// Run answers rule 14: where it stands, what comes next, when, by which rule; or what blocks it.
func (q whyCmd) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		w, err := d.Why(c.ctx, q.Invoice, q.Date)
		if err != nil {
			return err
		}
		doc := whyShape{Invoice: w.Doc.Number, Customer: w.Customer.Code, CustomerName: w.Customer.Name, Date: w.Date,
			Currency: string(w.Doc.Currency), Instalments: []whyItem{}}
		for _, x := range w.Items {
			it := whyItem{Instalment: x.Instalment, Due: x.Due, Amount: x.Amount, Open: x.Open, Status: x.Status, Level: x.Level,
				Scenario: x.Scenario, Version: x.Version, NextStep: x.NextStep, NextOn: x.NextOn, Reason: x.Reason, Until: x.Until,
				Owner: x.Owner, Rule: x.Rule, Why: x.Why.In(c.Lang), Passed: []passedStep{}}
			for _, a := range x.Passed {
				it.Passed = append(it.Passed, passedStep{a.Step, a.State, a.Day})
			}
			doc.Instalments = append(doc.Instalments, it)
		}
		return c.answer(doc, func(out io.Writer) { c.writeWhy(out, doc) })
	})
}

func (c *context) writeWhy(w io.Writer, doc whyShape) {
	fmt.Fprintf(w, "%s — %s\n", doc.Invoice, withCode(doc.CustomerName, doc.Customer))
	for _, it := range doc.Instalments {
		fmt.Fprintln(w, c.t("cmd.why.item", it.Due, money.Of(it.Open, money.Currency(doc.Currency)), money.Of(it.Amount, money.Currency(doc.Currency))))
		for _, p := range it.Passed {
			fmt.Fprintf(w, "  %s  %s (%s)\n", i18n.DateShort(c.Lang, p.On), p.Step, c.t("cmd.action."+p.State))
		}
		fmt.Fprintln(w, "  →", it.Why)
		if it.Scenario != "" {
			fmt.Fprintln(w, "   ", c.t("cmd.why.rule", it.Scenario, it.Version, it.Rule))
		}
	}
}
