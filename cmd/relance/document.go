package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/wire"
)

// sums says the totals of messages, a currency each.
func (c *context) sums(list []wire.Message) (out []string) {
	by := map[string]int64{}
	for _, m := range list {
		by[m.Currency] += m.Total
	}
	for _, cur := range slices.Sorted(maps.Keys(by)) {
		out = append(out, i18n.Amount(c.Lang, money.Of(by[cur], money.Currency(cur))))
	}
	if len(out) == 0 {
		out = []string{i18n.Amount(c.Lang, money.Euros(0))}
	}
	return out
}

type statementCmd struct {
	Customer string   `arg:"" help:"Code of the customer."`
	Date     cal.Date `placeholder:"DATE" help:"The day (default: today)."`
	Output   string   `short:"o" placeholder:"FILE.pdf" help:"Write the statement as a letter."`
}

// statementShape is a statement of account as scripts read it.
type statementShape struct {
	Customer     string              `json:"customer"`
	CustomerName string              `json:"customer_name"`
	Date         cal.Date            `json:"date"`
	Currencies   []statementCurrency `json:"currencies"`
}

type statementCurrency struct {
	Currency string          `json:"currency"`
	Total    int64           `json:"total"` // items − credits
	Items    []statementItem `json:"items"`
	Credits  []statementItem `json:"credits"`
}

type statementItem struct {
	Number     string   `json:"number"`
	Instalment int      `json:"instalment,omitzero"`
	Issued     cal.Date `json:"issued,omitzero"`
	Due        cal.Date `json:"due,omitzero"`
	DaysLate   int      `json:"days_late"`
	Amount     int64    `json:"amount"`
	Paid       int64    `json:"paid"`
	Open       int64    `json:"open"`
	Level      int      `json:"level,omitzero"`
}

// Run answers everything open of a customer.
func (q statementCmd) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		s, err := d.Statement(c.ctx, q.Customer, q.Date)
		if err != nil {
			return err
		}
		if q.Output != "" {
			pdf, err := d.StatementPDF(c.ctx, q.Customer, q.Date)
			if err != nil {
				return err
			}
			if err := os.WriteFile(q.Output, pdf, 0o600); err != nil {
				return err
			}
		}
		doc := statementShape{Customer: s.Customer.Code, CustomerName: s.Customer.Name, Date: s.Date, Currencies: []statementCurrency{}}
		for _, x := range s.Currencies {
			doc.Currencies = append(doc.Currencies, statementCurrency{string(x.Currency), x.Total, statementItems(x.Lines), statementItems(x.Credits)})
		}
		return c.answer(doc, func(w io.Writer) {
			c.writeStatement(w, doc)
			c.sayWritten(q.Output)
		})
	})
}

// withCode is a customer's name and its code, once when they are the same words.
func withCode(name, code string) string {
	if name == code {
		return name
	}
	return name + " (" + code + ")"
}

func statementItems(list []app.StatementLine) []statementItem {
	out := []statementItem{}
	for _, l := range list {
		out = append(out, statementItem{l.Number, l.Instalment, l.Issued, l.Due, l.DaysLate, l.Amount, l.Paid, l.Open, l.Level})
	}
	return out
}

func (c *context) writeStatement(w io.Writer, doc statementShape) {
	fmt.Fprintln(w, c.t("cmd.statement.head", withCode(doc.CustomerName, doc.Customer), doc.Date))
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
	for _, x := range doc.Currencies {
		amount := func(n int64) string { return i18n.Amount(c.Lang, money.Of(n, money.Currency(x.Currency))) }
		for _, it := range x.Items {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", it.Number, i18n.DateShort(c.Lang, it.Due), c.t("cmd.statement.late", it.DaysLate), amount(it.Open))
		}
		for _, it := range x.Credits {
			fmt.Fprintf(t, "%s\t%s\t\t%s\n", it.Number, i18n.DateShort(c.Lang, it.Issued), amount(-it.Open))
		}
		fmt.Fprintf(t, "%s\t\t\t%s\n", c.t("cmd.total"), amount(x.Total))
	}
	_ = t.Flush() // w answers for itself
}

type penaltiesCmd struct {
	Invoice string   `arg:"" help:"Number of the invoice."`
	Date    cal.Date `placeholder:"DATE" help:"Statement day (default: today)."`
	Output  string   `short:"o" placeholder:"FILE.pdf" help:"Write the computation as a letter."`
}

// Run computes the interest and compensation of an invoice.
func (q penaltiesCmd) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		p, err := d.Penalties(c.ctx, q.Invoice, q.Date)
		if err != nil {
			return err
		}
		if q.Output != "" {
			pdf, err := d.PenaltiesPDF(p)
			if err != nil {
				return err
			}
			if err := os.WriteFile(q.Output, pdf, 0o600); err != nil {
				return err
			}
		}
		doc := struct {
			Invoice  string   `json:"invoice"`
			Currency string   `json:"currency"`
			Until    cal.Date `json:"until"`
			Kind     string   `json:"kind"`
			wire.Penalty
		}{q.Invoice, string(p.Currency), p.Case.Until, string(p.Case.Kind), wire.PenaltyOf(p.Result)}
		return c.answer(doc, func(w io.Writer) {
			c.sayPenalty(w, p.Case, p.Result, p.Currency)
			c.sayWritten(q.Output)
		})
	})
}

type letterCmd struct {
	Invoice string   `arg:"" help:"Number of the invoice."`
	Step    string   `required:"" help:"Step of the customer's scenario: reminder-1, formal-notice…"`
	Mail    string   `placeholder:"ADDRESS" help:"Send it to a mailbox of yours, under a banner; the debtor receives nothing."`
	Date    cal.Date `placeholder:"DATE" help:"The day (default: today)."`
	Output  string   `short:"o" placeholder:"FILE.pdf" help:"Write the letter."`
}

// Run writes the message of a step, whether its day has come or not; nothing is queued.
func (q letterCmd) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		x, err := d.Letter(c.ctx, q.Invoice, q.Step, q.Date)
		if err != nil {
			return err
		}
		if q.Output != "" {
			pdf, err := d.LetterPDF(x)
			if err != nil {
				return err
			}
			if err := os.WriteFile(q.Output, pdf, 0o600); err != nil {
				return err
			}
		}
		if q.Mail != "" {
			if err := d.SendMe(c.ctx, q.Invoice, q.Step, q.Mail); err != nil {
				return err
			}
		}
		doc := struct {
			Invoice  string   `json:"invoice"`
			Step     string   `json:"step"`
			Subject  string   `json:"subject"`
			Text     string   `json:"text"`
			HTML     string   `json:"html"`
			Total    int64    `json:"total"`
			Currency string   `json:"currency"`
			Problems []string `json:"problems"`
		}{q.Invoice, q.Step, x.Mail.Subject, x.Mail.Text, x.Mail.HTML, x.Draft.Row.Total, string(x.Draft.Row.Currency), []string{}}
		for _, l := range x.Lacks {
			doc.Problems = append(doc.Problems, c.t(l))
		}
		return c.answer(doc, func(w io.Writer) {
			fmt.Fprintf(w, "%s\n\n%s\n", x.Mail.Subject, x.Mail.Text)
			for _, p := range doc.Problems {
				fmt.Fprintln(c.errOut, c.t("cmd.letter.lacks", p))
			}
			c.sayWritten(q.Output)
			if q.Mail != "" {
				fmt.Fprintln(c.errOut, c.t("cmd.letter.mailed", q.Mail))
			}
		})
	})
}

// reportCmd groups the figures.
type reportCmd struct {
	Aging         reportAging         `cmd:"" help:"Aged receivables."`
	DSO           reportDSO           `cmd:"" name:"dso" help:"Days sales outstanding."`
	Forecast      reportForecast      `cmd:"" help:"Money expected, week by week."`
	Effectiveness reportEffectiveness `cmd:"" help:"What came in after each step."`
	Found         reportFound         `cmd:"" help:"What late payers still owe by the law on invoices that are paid."`
}

type reportAging struct {
	AsOf    cal.Date `placeholder:"DATE" help:"The day (default: today): facts dated on or before it."`
	Summary bool     `help:"Totals only."`
	Output  string   `short:"o" placeholder:"FILE" help:"Write a table: .csv or .xlsx."`
}

// Run answers the aged receivables.
func (q reportAging) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		day, tables, err := d.Aging(c.ctx, q.AsOf)
		if err != nil {
			return err
		}
		if q.Output != "" {
			if err := c.writeFile(q.Output, func(w io.Writer) error { return app.WriteAging(w, q.Output, c.Lang, day, tables) }); err != nil {
				return err
			}
		}
		if q.Summary {
			for i := range tables {
				tables[i].Customers = nil
			}
		}
		doc := wire.AgingOf(day, tables)
		return c.answer(doc, func(w io.Writer) {
			c.writeAging(w, doc)
			c.sayWritten(q.Output)
		})
	})
}

// sayWritten tells a person where the file went, beside the answer and not in it.
// written writes a document and says so.
func (c *context) written(name string, b []byte) error {
	if err := c.writeFile(name, func(w io.Writer) error { _, err := w.Write(b); return err }); err != nil {
		return err
	}
	return c.answer(map[string]any{"written": name}, func(io.Writer) { c.sayWritten(name) })
}

func (c *context) sayWritten(name string) {
	if name != "" {
		fmt.Fprintln(c.errOut, c.t("cmd.written", name))
	}
}

func (c *context) writeAging(w io.Writer, doc wire.Aging) {
	t := tabwriter.NewWriter(w, 2, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, c.t("cmd.aging.head", doc.AsOf))
	for _, x := range doc.Currencies {
		amount := func(n int64) string { return i18n.Decimal(c.Lang, money.Of(n, money.Currency(x.Currency))) }
		row := func(name string, l wire.AgingLine) {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", name, amount(l.NotDue), amount(l.To30), amount(l.To60), amount(l.To90), amount(l.Over90), amount(l.Credits), amount(l.Total))
		}
		fmt.Fprintf(t, "%s\t%s\t1–30\t31–60\t61–90\t91+\t%s\t%s\t\n", x.Currency, c.t("cmd.aging.not-due"), c.t("cmd.aging.credits"), c.t("cmd.total"))
		for _, l := range x.Customers {
			row(strings.TrimSpace(l.Customer+" "+nameBeside(l.Customer, l.Name)), l.AgingLine)
		}
		row(c.t("cmd.total"), x.AgingLine)
	}
	_ = t.Flush() // w answers for itself
}
