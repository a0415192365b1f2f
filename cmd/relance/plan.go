package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/wire"
)

type planCmd struct {
	Date    cal.Date `placeholder:"DATE" help:"The day (default: today)."`
	Summary bool     `help:"Leave the lists out."`
}

// Run answers the plan of a day; nothing changes.
func (q planCmd) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		p, err := d.Plan(c.ctx, q.Date)
		if err != nil {
			return err
		}
		doc := c.planOf(p)
		if q.Summary {
			return c.answer(summaryOf(doc), func(w io.Writer) { fmt.Fprintln(w, c.planLine(doc)) })
		}
		return c.answer(doc, func(w io.Writer) { c.writePlan(w, doc) })
	})
}

// planOf is the document of a plan.
func (c *context) planOf(p *app.Plan) *wire.Plan {
	doc := &wire.Plan{Date: p.Date, Company: p.Company.Code, Messages: []wire.Message{}, Tasks: []wire.Task{}, Held: []wire.Held{}, Waiting: []wire.Waiting{}}
	for _, x := range p.Decisions {
		doc.Add(&x.Customer, &x.Out, c.Lang)
	}
	for _, dr := range p.Drafts {
		m := c.messageOf(p, dr)
		doc.Messages = append(doc.Messages, m)
	}
	return doc
}

func (c *context) messageOf(p *app.Plan, dr *app.Draft) wire.Message {
	m := wire.MessageOf(&dr.Decision.Customer, dr.Message, p.Date, c.Lang)
	ch := dr.Charges()
	m.Penalties, m.Compensation, m.Deducted, m.Open, m.Total = ch.Penalties, ch.Compensation, ch.Deducted, ch.Open, ch.Total
	m.Mentioned = wire.Mentioned{Penalties: ch.MentionedInterest, Compensation: ch.MentionedCompensation}
	m.Language, m.ID, m.State = dr.Row.Language, dr.Row.ID, dr.Row.State
	m.Attachments = dr.Attachments()
	for _, g := range p.Gates {
		if g.Name == "mail-account" && m.Channel != "email" {
			continue
		}
		m.Gates = append(m.Gates, wire.Gate{Gate: g.Name, Why: g.Why.In(c.Lang)})
	}
	for _, g := range dr.Gates() {
		m.Gates = append(m.Gates, wire.Gate{Gate: g.Name, Why: g.Why.In(c.Lang)})
	}
	for _, lack := range dr.Lacks() {
		m.Gates = append(m.Gates, wire.Gate{Gate: "notice", Why: c.t(lack)})
	}
	return m
}

// planSummary is a plan without its lists.
type planSummary struct {
	Date     cal.Date `json:"date"`
	Company  string   `json:"company"`
	Messages int      `json:"messages"`
	Tasks    int      `json:"tasks"`
	Held     int      `json:"held"`
	Waiting  int      `json:"waiting"`
}

func summaryOf(p *wire.Plan) planSummary {
	return planSummary{p.Date, p.Company, len(p.Messages), len(p.Tasks), len(p.Held), len(p.Waiting)}
}

func (c *context) planLine(p *wire.Plan) string {
	return c.t("cmd.plan.line", p.Date, i18n.Say("cmd.n.messages", len(p.Messages)), i18n.Say("cmd.n.tasks", len(p.Tasks)), len(p.Held), len(p.Waiting))
}

// sharedGates are the gates that keep every message in: a person reads them once.
func sharedGates(list []wire.Message) []wire.Gate {
	shared := slices.Clone(list[0].Gates)
	for _, m := range list[1:] {
		shared = slices.DeleteFunc(shared, func(g wire.Gate) bool { return !slices.Contains(m.Gates, g) })
	}
	return shared
}

// only says the gates of one message that not all share.
func only(gates, shared []wire.Gate) string {
	var b strings.Builder
	for _, g := range gates {
		if !slices.Contains(shared, g) {
			b.WriteString(" ; " + g.Why)
		}
	}
	return b.String()
}

// nameBeside is the name to write next to a code: none when an import that has no codes took the
// name for the code, so that nobody reads the same words twice.
func nameBeside(code, name string) string {
	if code == name {
		return ""
	}
	return name
}

// taskKind says a kind of task as the desk does; one a scenario names stays as it is written.
func (c *context) taskKind(kind string) string {
	if key := "web.task." + kind; i18n.Has(key) {
		return c.t(key)
	}
	return kind
}

// writePlan says a plan to a person.
func (c *context) writePlan(w io.Writer, p *wire.Plan) {
	fmt.Fprintln(w, c.planLine(p))
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	if len(p.Messages) > 0 {
		fmt.Fprintln(t, "\n"+c.t("cmd.plan.messages"))
		shared := sharedGates(p.Messages)
		for _, g := range shared {
			fmt.Fprintln(t, "  – "+g.Why)
		}
		for _, m := range p.Messages {
			fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\n", m.Customer, nameBeside(m.Customer, m.CustomerName), m.Step, c.t("cmd.channel."+m.Channel),
				i18n.Amount(c.Lang, money.Of(m.Total, money.Currency(m.Currency))), c.t("cmd.automation."+m.Automation)+only(m.Gates, shared))
		}
	}
	if len(p.Tasks) > 0 {
		fmt.Fprintln(t, "\n"+c.t("cmd.plan.tasks"))
		for _, x := range p.Tasks {
			fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", x.Customer, nameBeside(x.Customer, x.CustomerName), c.taskKind(x.Kind), x.Why)
		}
	}
	if len(p.Held) > 0 {
		fmt.Fprintln(t, "\n"+c.t("cmd.plan.held"))
		for _, h := range p.Held {
			fmt.Fprintf(t, "  %s\t%s\t%s\n", h.Customer, h.Invoice, h.Why)
		}
	}
	if len(p.Waiting) > 0 {
		fmt.Fprintln(t, "\n"+c.t("cmd.plan.waiting"))
		for _, x := range p.Waiting {
			fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", x.Customer, x.Invoice, x.NextStep, x.Why)
		}
	}
	_ = t.Flush() // w answers for itself
}

type simulateCmd struct {
	From cal.Date `required:"" placeholder:"DATE" help:"First day."`
	To   cal.Date `required:"" placeholder:"DATE" help:"Last day."`
	On   []string `placeholder:"DATE,…" help:"Only these days run."`
}

// Run plays the days to come.
func (q simulateCmd) Run(c *context) error {
	var on []cal.Date
	for _, s := range q.On {
		day, err := cal.Parse(strings.TrimSpace(s))
		if err != nil {
			return usage(err)
		}
		on = append(on, day)
	}
	return c.withDesk(false, func(d *app.Desk) error {
		days, err := d.Simulate(c.ctx, q.From, q.To, on)
		if err != nil {
			return err
		}
		doc := wire.Simulation{Runs: []wire.SimulatedRun{}}
		for _, p := range days {
			doc.Runs = append(doc.Runs, c.simulated(p))
		}
		return c.answer(doc, func(w io.Writer) { c.writeSimulation(w, doc) })
	})
}

func (c *context) simulated(p *app.Plan) wire.SimulatedRun {
	plan := c.planOf(p)
	r := wire.SimulatedRun{Date: p.Date, Messages: plan.Messages, Tasks: plan.Tasks}
	r.Totals = wire.Totals{Messages: len(plan.Messages), Tasks: len(plan.Tasks), Postage: p.Postage(), Currencies: map[string]int64{}}
	for _, m := range plan.Messages {
		r.Totals.Currencies[m.Currency] += m.Open
	}
	r.Totals.Open = r.Totals.Currencies[string(money.EUR)]
	if len(r.Totals.Currencies) == 1 {
		for _, n := range r.Totals.Currencies {
			r.Totals.Open = n
		}
	}
	return r
}

func (c *context) writeSimulation(w io.Writer, s wire.Simulation) {
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	for _, r := range s.Runs {
		if r.Totals.Messages == 0 && r.Totals.Tasks == 0 {
			continue
		}
		var sums []string
		for cur, n := range r.Totals.Currencies {
			sums = append(sums, i18n.Amount(c.Lang, money.Of(n, money.Currency(cur))))
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", i18n.DateShort(c.Lang, r.Date), c.t("cmd.simulate.counts", i18n.Say("cmd.n.messages", r.Totals.Messages), i18n.Say("cmd.n.tasks", r.Totals.Tasks)),
			strings.Join(sums, " + "), i18n.Amount(c.Lang, money.Euros(r.Totals.Postage)))
	}
	_ = t.Flush() // w answers for itself
}
