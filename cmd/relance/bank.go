package main

import (
	"fmt"
	"io"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/bank"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/wire"
)

// bankCmd groups what is done with the lines of bank statements.
type bankCmd struct {
	List       bankList       `cmd:"" default:"withargs" help:"The lines that await an answer, each with its readings."`
	Show       bankShow       `cmd:"" help:"One line; of money out, the payments that it may take back."`
	Match      bankMatch      `cmd:"" help:"Look again at every line that awaits an answer."`
	Apply      bankApply      `cmd:"" help:"Say what a line pays."`
	Aside      bankAside      `cmd:"" help:"A line is no customer's payment."`
	Reopen     bankReopen     `cmd:"" help:"Take back what became of a line."`
	Returned   bankReturned   `cmd:"" help:"A line takes a payment back: it came back unpaid."`
	Statements bankStatements `cmd:"" help:"The last statements and whether their balances agree."`
}

type bankList struct {
	State string `enum:"open,settled,aside,all" default:"open" help:"Lines in this state (${enum})."`
	Limit int    `default:"50" placeholder:"N" help:"At most so many lines (50)."`
}

// Run lists lines.
func (q bankList) Run(c *context) error {
	if q.Limit < 1 {
		return usage(fault.New(fault.Invalid, "cmd.limit"))
	}
	state := q.State
	if state == "all" {
		state = ""
	}
	return c.withDesk(false, func(d *app.Desk) error {
		v, err := d.Bank(c.ctx, state, 0, q.Limit)
		if err != nil {
			return err
		}
		doc := struct {
			Lines  []wire.BankLine `json:"lines"`
			Counts map[string]int  `json:"counts"`
		}{[]wire.BankLine{}, map[string]int{"open": 0, "settled": 0, "aside": 0}}
		for s, n := range v.Counts {
			doc.Counts[s] = n
		}
		for i := range v.Lines {
			doc.Lines = append(doc.Lines, c.bankLine(&v.Lines[i]))
		}
		return c.answer(doc, func(w io.Writer) {
			if len(doc.Lines) == 0 {
				fmt.Fprintln(w, c.t("cmd.bank.none"))
			}
			for i := range doc.Lines {
				c.tellLine(w, &doc.Lines[i])
			}
		})
	})
}

// bankLine puts a line into its JSON shape.
func (c *context) bankLine(l *app.LineView) wire.BankLine {
	out := wire.BankLine{ID: l.ID, Account: l.Account, Booked: l.Booked, Value: l.Value, Amount: l.Amount, Currency: l.Currency,
		Payer: l.Payer.Name, IBAN: l.Payer.IBAN, Text: l.Text, Reference: lineReference(&l.Line), Method: l.Method, State: l.State,
		By: l.DecidedBy, Customer: l.Customer.Code, Settles: settlesOf(l.Settles), Proposals: []wire.BankProposal{}}
	if l.Return != nil {
		out.Return = &wire.BankReturn{Code: l.Return.Code, Text: l.Return.Text}
	}
	for i, p := range l.Proposals {
		if l.State != "open" {
			break // what was chosen stands in settles
		}
		out.Proposals = append(out.Proposals, wire.BankProposal{Proposal: i + 1, Score: p.Score, Customer: p.Customer.Code,
			Invoices: settlesOf(p.Settles), Rest: p.Rest, Payment: int(p.Same), Why: wire.Reasons(c.Lang, p.Reasons)})
	}
	for _, x := range l.Comebacks {
		out.Comebacks = append(out.Comebacks, wire.Comeback{Payment: x.Payment, Customer: x.Customer.Code, Date: x.On, Amount: x.Amount.Minor,
			Method: string(x.Method)})
	}
	return out
}

// lineReference is the reference that a payer gave: the structured one when there is one.
func lineReference(l *bank.Line) string {
	if l.Structured != "" {
		return l.Structured
	}
	return l.EndToEnd
}

func settlesOf(list []app.Settling) []wire.Settles {
	out := make([]wire.Settles, len(list))
	for i, s := range list {
		out[i] = wire.Settles{Invoice: s.Invoice, Instalment: s.Instalment, Paid: s.Paid, Discount: s.Discount, Charges: s.Charges, Rounding: s.Rounding}
	}
	return out
}

// tellLine writes a line for people: what the bank says, then what it settles or may settle.
func (c *context) tellLine(w io.Writer, l *wire.BankLine) {
	sum := func(n int64) string { return i18n.Amount(c.Lang, money.Of(n, l.Currency)) }
	said := strings.Join(strings.Fields(l.Payer+" "+strings.ReplaceAll(l.Text, "\n", " ")), " ")
	fmt.Fprintf(w, "%d  %s  %s  %s  %s\n", l.ID, i18n.DateShort(c.Lang, l.Booked), sum(l.Amount), c.t("cmd.bank.state."+l.State), said)
	switch {
	case l.State == "settled" && l.Amount < 0:
		fmt.Fprintln(w, "   ", c.t("cmd.bank.back", l.Customer, c.decidedBy(l.By)))
	case l.State == "settled":
		fmt.Fprintln(w, "   ", c.t("cmd.bank.settles", l.Customer, c.settlesSaid(l.Settles, l.Currency), c.decidedBy(l.By)))
	}
	for _, p := range l.Proposals {
		fmt.Fprintln(w, "   ", c.t("cmd.bank.proposal", p.Proposal, p.Score, p.Customer, c.proposalSaid(&p, l.Currency), strings.Join(p.Why, ", ")))
	}
	for _, x := range l.Comebacks {
		fmt.Fprintln(w, "   ", c.t("cmd.bank.comeback", int(x.Payment), x.Customer, x.Date, money.Of(x.Amount, l.Currency)))
	}
}

// decidedBy says who decided.
func (c *context) decidedBy(by string) string {
	if by == "auto" {
		return c.t("cmd.bank.auto")
	}
	return c.t("cmd.bank.by", by)
}

// proposalSaid is what a reading would do.
func (c *context) proposalSaid(p *wire.BankProposal, cur money.Currency) string {
	if p.Payment != 0 {
		return c.t("cmd.bank.same", p.Payment)
	}
	said := c.settlesSaid(p.Invoices, cur)
	if p.Rest > 0 && len(p.Invoices) > 0 {
		return c.t("cmd.bank.rest", said, money.Of(p.Rest, cur))
	}
	return said
}

// settlesSaid lists invoices with what is settled of each; nothing settled is a credit.
func (c *context) settlesSaid(list []wire.Settles, cur money.Currency) string {
	if len(list) == 0 {
		return c.t("cmd.bank.credit")
	}
	var out []string
	for _, s := range list {
		out = append(out, s.Invoice+" "+i18n.Amount(c.Lang, money.Of(s.Paid+s.Discount+s.Charges+s.Rounding, cur)))
	}
	return strings.Join(out, " + ")
}

type bankShow struct {
	Line id.Line `arg:"" help:"Number of the line."`
}

// Run shows a line.
func (q bankShow) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error { return c.answerLine(d, q.Line) })
}

// answerLine answers with a line as it stands.
func (c *context) answerLine(d *app.Desk, n id.Line) error {
	l, err := d.BankLine(c.ctx, n)
	if err != nil {
		return err
	}
	if l.Amount < 0 && l.State == "open" {
		if l.Comebacks, err = d.Comebacks(c.ctx, n); err != nil {
			return err
		}
	}
	doc := c.bankLine(&l)
	return c.answer(doc, func(w io.Writer) { c.tellLine(w, &doc) })
}

type bankMatch struct{}

// Run matches again.
func (bankMatch) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		m, err := d.Match(c.ctx)
		if err != nil {
			return err
		}
		doc := matchedOf(&m)
		return c.answer(doc, func(w io.Writer) { fmt.Fprintln(w, c.matchedSaid(doc)) })
	})
}

type bankApply struct {
	Line      id.Line  `arg:"" help:"Number of the line."`
	Proposal  int      `placeholder:"N" help:"One of its readings, as \"bank list\" numbers them."`
	Customer  string   `placeholder:"CODE" help:"Who paid; alone, it settles what the law settles first."`
	Invoice   []string `sep:"none" placeholder:"NUMBER[=AMOUNT]" help:"What it settles. Repeatable; without an amount, as much as is left."`
	OnAccount bool     `help:"All of it stays the customer's credit."`
}

// Run says what a line pays.
func (q bankApply) Run(c *context) error {
	said := q.Customer != "" || len(q.Invoice) > 0
	if q.Proposal < 0 || (q.Proposal > 0) == said || q.OnAccount && (q.Customer == "" || len(q.Invoice) > 0) {
		return usage(fault.New(fault.Invalid, "cmd.bank.which"))
	}
	return c.withDesk(false, func(d *app.Desk) error {
		l, err := d.BankLine(c.ctx, q.Line)
		if err != nil {
			return err
		}
		parts, err := partsOf(q.Invoice, l.Currency)
		if err != nil {
			return err
		}
		if err := d.SettleLine(c.ctx, q.Line, app.LineAnswer{Proposal: q.Proposal, Customer: q.Customer, Parts: parts, OnCredit: q.OnAccount}); err != nil {
			return err
		}
		return c.answerLine(d, q.Line)
	})
}

// partsOf reads NUMBER[=AMOUNT]; an invoice's number may itself hold the sign.
func partsOf(list []string, cur money.Currency) (parts []app.PaymentPart, err error) {
	for _, s := range list {
		p := app.PaymentPart{Invoice: s}
		if i := strings.LastIndex(s, "="); i >= 0 {
			n, err := amountIn(s[i+1:], cur)
			if err != nil {
				return nil, err
			}
			if n <= 0 {
				return nil, usage(fault.New(fault.Invalid, "app.payment.amount"))
			}
			p.Invoice, p.Amount = s[:i], n
		}
		parts = append(parts, p)
	}
	return parts, nil
}

type bankAside struct {
	Line id.Line `arg:"" help:"Number of the line."`
	Why  string  `help:"In your words."`
}

// Run sets a line aside.
func (q bankAside) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.SetLineAside(c.ctx, q.Line, q.Why); err != nil {
			return err
		}
		return c.answerLine(d, q.Line)
	})
}

type bankReopen struct {
	Line id.Line `arg:"" help:"Number of the line."`
	Why  string  `help:"In your words."`
}

// Run takes back what became of a line.
func (q bankReopen) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.ReopenLine(c.ctx, q.Line, q.Why); err != nil {
			return err
		}
		return c.answerLine(d, q.Line)
	})
}

type bankReturned struct {
	Line    id.Line    `arg:"" help:"Number of the line of money out."`
	Payment id.Payment `required:"" placeholder:"N" help:"The payment that it takes back, as \"bank show\" lists them."`
}

// Run says which payment a line takes back.
func (q bankReturned) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.ReturnLine(c.ctx, q.Line, q.Payment); err != nil {
			return err
		}
		return c.answerLine(d, q.Line)
	})
}

type bankStatements struct{}

// Run lists the last statements.
func (bankStatements) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		v, err := d.Bank(c.ctx, "open", 0, 1)
		if err != nil {
			return err
		}
		doc := struct {
			Statements []wire.BankStatement `json:"statements"`
		}{[]wire.BankStatement{}}
		for _, s := range v.Statements {
			doc.Statements = append(doc.Statements, wire.BankStatementOf(&s.Statement))
		}
		return c.answer(doc, func(w io.Writer) {
			if len(doc.Statements) == 0 {
				fmt.Fprintln(w, c.t("cmd.bank.no-statement"))
			}
			for _, s := range doc.Statements {
				fmt.Fprintln(w, c.t("cmd.bank.statement", account(s.Account), s.Number, s.From, s.To, c.t("cmd.n.lines", s.Entries)))
				c.tellBreak(w, s)
			}
		})
	})
}
