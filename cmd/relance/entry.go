package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
)

// entryCmd lets old debts enter their scenarios.
type entryCmd struct {
	Propose entryPropose `cmd:"" help:"Where old debts would enter their scenarios, and how many messages a day that means."`
	Accept  entryAccept  `cmd:"" help:"Let them enter, as proposed or as --step says."`
}

// entryFlags are the choices of both.
type entryFlags struct {
	PerDay int               `placeholder:"N" help:"Customers written to for the first time each working day (default: 25)."`
	Step   map[string]string `placeholder:"INVOICE=STEP" help:"Another step for an invoice; may be repeated."`
}

func (f entryFlags) options() app.EntryOptions {
	return app.EntryOptions{PerDay: f.PerDay, Steps: f.Step}
}

type entryPropose struct{ entryFlags }

// Run proposes.
func (q entryPropose) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		p, err := d.ProposeEntry(c.ctx, q.options())
		if err != nil {
			return err
		}
		type entry struct {
			Customer   string   `json:"customer"`
			Invoice    string   `json:"invoice"`
			Instalment int      `json:"instalment"`
			Due        cal.Date `json:"due"`
			DaysLate   int      `json:"days_late"`
			Open       int64    `json:"open"`
			Currency   string   `json:"currency"`
			Scenario   string   `json:"scenario"`
			Step       string   `json:"step"`
			Choices    []string `json:"choices"`
			StartOn    cal.Date `json:"start_on"`
		}
		type day struct {
			Date     cal.Date `json:"date"`
			Messages int      `json:"messages"`
			Tasks    int      `json:"tasks"`
		}
		entries, days := []entry{}, []day{}
		for _, e := range p.Entries {
			entries = append(entries, entry{e.Customer.Code, e.Invoice, e.Instalment, e.Due, e.DaysLate, e.Open.Minor, string(e.Open.Currency), e.Scenario, e.Step,
				e.Choices, e.StartOn})
		}
		for _, x := range p.Days {
			days = append(days, day{x.Date, x.Messages, x.Tasks})
		}
		doc := map[string]any{"date": p.Day, "per_day": p.PerDay, "entries": entries, "days": days}
		return c.answer(doc, func(w io.Writer) {
			fmt.Fprintln(w, c.t("cmd.entry.head", len(entries), p.PerDay))
			for _, e := range p.Entries {
				fmt.Fprintf(w, "%s  %s  %s\n", e.Customer.Code, e.Invoice, c.t("cmd.entry.line", e.DaysLate, i18n.Amount(c.Lang, e.Open), e.Step, e.StartOn))
			}
			for _, x := range p.Days {
				fmt.Fprintf(w, "%s  %s\n", x.Date, i18n.Say("cmd.n.messages", x.Messages).In(c.Lang))
			}
		})
	})
}

type entryAccept struct{ entryFlags }

// Run accepts.
func (q entryAccept) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		n, err := d.AcceptEntry(c.ctx, q.options())
		if err != nil {
			return err
		}
		return c.answer(map[string]any{"entered": n}, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.entry.accepted", n)) })
	})
}
