package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/wire"
)

type disputeCmd struct {
	Open   disputeOpen   `cmd:"" help:"A contested amount, whole or partial: the rest stays chased."`
	Close  disputeClose  `cmd:"" help:"The dispute is over."`
	List   disputeList   `cmd:"" help:"The open disputes, the first to answer first."`
	Ask    disputeAsk    `cmd:"" help:"Ask a colleague, who answers by a link and needs no account."`
	Causes disputeCauses `cmd:"" help:"What made customers contest, and how much of it was our own fault."`
}

// causes are the words of --cause, for help.
const causes = "order-number, address, price, quantity, not-delivered, quality, document, late-invoice, credit-awaited, already-paid, approval, cash, unfounded, unknown."

type disputeOpen struct {
	Invoice  string `arg:"" help:"Number of the invoice."`
	Amount   string `placeholder:"AMOUNT" help:"Contested part (default: all)."`
	Category string `enum:"commercial,delivery,price,quality,administrative,other" default:"other" help:"${enum}"`
	Cause    string `placeholder:"CAUSE" help:"Where it is known: order-number, address, price, quantity… (see dispute close)."`
	Owner    string `placeholder:"NAME" help:"Who answers (default: the category's, else you)."`
	Why      string `help:"In the customer's words."`
	dated
}

// Run opens a dispute.
func (q disputeOpen) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		owed, err := d.Owed(c.ctx, "", q.Invoice)
		if err != nil {
			return err
		}
		amount, err := amountIn(q.Amount, owed.Currency)
		if err != nil {
			return err
		}
		holds, err := d.On(q.Date).OpenDispute(c.ctx, app.Dispute{Invoice: q.Invoice, Amount: amount, Category: q.Category, Cause: q.Cause,
			Owner: q.Owner, Why: q.Why})
		if err != nil {
			return err
		}
		return c.answerHolds(holds)
	})
}

type disputeClose struct {
	Invoice string `arg:"" help:"Number of the invoice."`
	Outcome string `enum:"accepted,refused,credit-note,paid,withdrawn," default:"" placeholder:"OUTCOME" help:"accepted, refused, credit-note, paid or withdrawn."`
	Cause   string `placeholder:"CAUSE" help:"Whose fault it was: ${causes}"`
	Why     string `help:"In your words."`
	dated
}

// Run closes a dispute.
func (q disputeClose) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		n, err := d.On(q.Date).CloseDispute(c.ctx, q.Invoice, app.Ending{Outcome: q.Outcome, Cause: q.Cause, Why: q.Why})
		if err != nil {
			return err
		}
		return c.done("cmd.dispute.closed", n)
	})
}

type disputeList struct {
	Limit int `default:"50" placeholder:"N" help:"At most so many (50)."`
}

// Run lists disputes.
func (q disputeList) Run(c *context) error {
	if q.Limit < 1 {
		return usage(fault.New(fault.Invalid, "cmd.limit"))
	}
	return c.withDesk(false, func(d *app.Desk) error {
		list, err := d.Disputes(c.ctx, 0, q.Limit)
		if err != nil {
			return err
		}
		doc := struct {
			Disputes []wire.Dispute `json:"disputes"`
		}{disputesOf(list)}
		return c.answer(doc, func(w io.Writer) {
			if len(doc.Disputes) == 0 {
				fmt.Fprintln(w, c.t("cmd.dispute.none"))
			}
			for i := range doc.Disputes {
				c.tellDispute(w, &doc.Disputes[i])
			}
		})
	})
}

func disputesOf(list []app.DisputeView) []wire.Dispute {
	out := make([]wire.Dispute, len(list))
	for i, x := range list {
		out[i] = wire.Dispute{Dispute: x.ID, Customer: x.Customer.Code, CustomerName: x.Customer.Name, Invoice: x.Invoice, Amount: x.Amount,
			Currency: x.Currency, Category: x.Category, Cause: x.Cause, Owner: x.Owner, OpenedOn: x.OpenedOn, AnswerBy: x.AnswerBy, Late: x.Late,
			Why: x.Why, Questions: []wire.Question{}}
		for _, q := range x.Questions {
			out[i].Questions = append(out[i].Questions, wire.Question{To: q.Name, Email: q.Email, AskedOn: q.AskedOn, Question: q.Question,
				AnsweredOn: q.AnsweredOn, Agrees: q.Agrees, Answer: q.Answer})
		}
	}
	return out
}

func (c *context) tellDispute(w io.Writer, x *wire.Dispute) {
	late := ""
	if x.Late {
		late = c.t("cmd.dispute.late")
	}
	fmt.Fprintf(w, "%s  %s  %s  %s  %s %s  %s\n", x.Invoice, withCode(x.CustomerName, x.Customer), i18n.Amount(c.Lang, money.Of(x.Amount, x.Currency)),
		c.t("web.category."+x.Category), c.t("cmd.dispute.owner", x.Owner, x.AnswerBy), late, x.Why)
	for _, q := range x.Questions {
		fmt.Fprintln(w, "   ", c.t("cmd.dispute.asked", q.To, q.AskedOn, q.Question))
		if !q.AnsweredOn.IsZero() {
			fmt.Fprintln(w, "     →", q.Answer)
		}
	}
}

type disputeAsk struct {
	Invoice  string `arg:"" help:"Number of the contested invoice."`
	Question string `arg:"" help:"What you want to know."`
	To       string `required:"" placeholder:"NAME" help:"Who is asked."`
	Email    string `placeholder:"ADDRESS" help:"Their e-mail address."`
	dated
}

// Run asks a colleague. The link is told once: only its digest is kept.
func (q disputeAsk) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		x, err := c.openDispute(d, q.Invoice)
		if err != nil {
			return err
		}
		secret, err := d.On(q.Date).AskColleague(c.ctx, x.ID, q.To, q.Email, q.Question)
		if err != nil {
			return err
		}
		path := "/question/" + secret
		return c.answer(map[string]any{"dispute": x.ID, "to": q.To, "path": path},
			func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.dispute.link", q.To, path)) })
	})
}

// disputesRead is how many disputes are read at once.
const disputesRead = 500

// openDispute finds the open dispute of an invoice.
func (c *context) openDispute(d *app.Desk, invoice string) (x app.DisputeView, err error) {
	for at := 0; ; at += disputesRead {
		list, err := d.Disputes(c.ctx, at, disputesRead)
		if err != nil {
			return x, err
		}
		for _, x := range list {
			if x.Invoice == invoice {
				return x, nil
			}
		}
		if len(list) < disputesRead {
			return x, fault.New(fault.NotFound, "app.dispute.none", invoice)
		}
	}
}

type disputeCauses struct {
	From cal.Date `placeholder:"DATE" help:"Disputes opened from this day on (default: a year ago)."`
	To   cal.Date `placeholder:"DATE" help:"And up to this one (default: today)."`
}

// Run counts causes.
func (q disputeCauses) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if q.To.IsZero() {
			today, err := d.Today(c.ctx)
			if err != nil {
				return err
			}
			q.To = today
		}
		if q.From.IsZero() {
			q.From = q.To.AddMonths(-12)
		}
		counts, ours, known, err := d.DisputeTally(c.ctx, q.From, q.To)
		if err != nil {
			return err
		}
		doc := wire.Causes{From: q.From, To: q.To, Causes: []wire.Cause{}, Ours: ours, Known: known}
		for _, x := range counts {
			doc.Causes = append(doc.Causes, wire.Cause{Cause: x.Code, Ours: x.Ours, Count: x.N, Days: x.Days})
		}
		return c.answer(doc, func(w io.Writer) {
			fmt.Fprintln(w, c.t("cmd.causes.head", q.From, q.To))
			for _, x := range doc.Causes {
				fmt.Fprintf(w, "  %4d  %s\n", x.Count, c.t("web.cause."+x.Cause))
			}
			if known > 0 {
				fmt.Fprintln(w, c.t("cmd.causes.ours", ours, known, ours*100/known))
			}
		})
	})
}
