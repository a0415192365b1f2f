package main

import (
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/wire"
)

// paymentCmd groups what is done with payments.
type paymentCmd struct {
	Add      paymentAdd      `cmd:"" help:"Money came in: what it settles is chased no more."`
	List     paymentList     `cmd:"" help:"The payments of a customer, what they settle, and its credits."`
	Allocate paymentAllocate `cmd:"" help:"Let what a payment has left settle invoices."`
	Release  paymentRelease  `cmd:"" help:"Take back what a payment settled: it is the customer's credit."`
	Cancel   paymentCancel   `cmd:"" help:"A payment was entered by mistake."`
	Returned paymentReturned `cmd:"" help:"A payment came back unpaid: its invoices are owed again, a call is asked for."`
}

type paymentAdd struct {
	Customer  string         `placeholder:"CODE" help:"Who paid; may be left out where an invoice is named."`
	Amount    string         `required:"" placeholder:"AMOUNT" help:"What came in: 1 234,56 or 1234.56."`
	Currency  money.Currency `default:"EUR" placeholder:"EUR" help:"Its currency (EUR)."`
	Date      cal.Date       `placeholder:"DATE" help:"The day it came in (default: today)."`
	Method    cash.Method    `enum:"transfer,cheque,bill,direct-debit,card,cash," default:"" placeholder:"METHOD" help:"transfer, cheque, bill, direct-debit, card or cash."`
	Reference string         `placeholder:"TEXT" help:"Number of the cheque, words of the transfer."`
	Invoice   []string       `sep:"none" placeholder:"NUMBER[=AMOUNT]" help:"What it settles; repeatable. Without it, what the law settles first (C. civ. 1342-10)."`
	OnAccount bool           `help:"All of it stays the customer's credit."`
}

// Run records a payment.
func (q paymentAdd) Run(c *context) error {
	if q.Customer == "" && len(q.Invoice) == 0 {
		return usage(fault.New(fault.Invalid, "cmd.hold.subject"))
	}
	if q.OnAccount && len(q.Invoice) > 0 {
		return usage(fault.New(fault.Invalid, "cmd.payment.account"))
	}
	if !q.Currency.Valid() {
		return usage(fault.New(fault.Invalid, "cmd.currency", string(q.Currency)))
	}
	amount, err := amountIn(q.Amount, q.Currency)
	if err != nil {
		return err
	}
	parts, err := partsOf(q.Invoice, q.Currency)
	if err != nil {
		return err
	}
	return c.withDesk(false, func(d *app.Desk) error {
		row, err := d.AddPayment(c.ctx, app.PaymentDraft{Customer: q.Customer, Parts: parts, Date: q.Date, Amount: money.Of(amount, q.Currency),
			Method: q.Method, Reference: q.Reference, OnAccount: q.OnAccount})
		if err != nil {
			return err
		}
		return c.answerPayment(d, row.ID)
	})
}

// amountIn reads an amount that a person typed as minor units of a currency; empty is zero.
func amountIn(text string, cur money.Currency) (int64, error) {
	if text == "" {
		return 0, nil
	}
	a, err := money.ParseHuman(text, cur, money.Unknown)
	if err != nil {
		return 0, usage(fault.New(fault.Invalid, money.Refusal(err), text))
	}
	return a.Minor, nil
}

// answerPayment answers with a payment as it stands.
func (c *context) answerPayment(d *app.Desk, n id.Payment) error {
	p, err := d.Payment(c.ctx, n)
	if err != nil {
		return err
	}
	doc := paymentOf(p.Customer.Code, p.PaymentView)
	return c.answer(doc, func(w io.Writer) { c.tellPayment(w, &doc) })
}

func paymentOf(customer string, p app.PaymentView) wire.Payment {
	return wire.Payment{Payment: p.ID, Customer: customer, Date: p.Date, Amount: p.Amount.Minor, Currency: p.Amount.Currency, Kind: string(p.Kind),
		Method: string(p.Method), Reference: p.Reference, Rest: p.Rest, Line: p.Line, CancelledOn: p.CancelledOn, CancelWhy: p.CancelWhy,
		Settles: settlesOf(p.Settles)}
}

// tellPayment writes a payment for people.
func (c *context) tellPayment(w io.Writer, p *wire.Payment) {
	how := p.Kind
	if how == "" {
		how = p.Method
	}
	if how != "" {
		how = c.t("cmd.pay." + how)
	}
	fmt.Fprintf(w, "%d  %s  %s  %s  %s\n", p.Payment, i18n.DateShort(c.Lang, p.Date), i18n.Amount(c.Lang, money.Of(p.Amount, p.Currency)), how, p.Reference)
	switch {
	case !p.CancelledOn.IsZero():
		fmt.Fprintln(w, "   ", c.t("cmd.payment.cancelled", p.CancelledOn, p.CancelWhy))
	case p.Rest > 0 && len(p.Settles) > 0:
		fmt.Fprintln(w, "   ", "→", c.t("cmd.bank.rest", c.settlesSaid(p.Settles, p.Currency), money.Of(p.Rest, p.Currency)))
	default:
		fmt.Fprintln(w, "   ", "→", c.settlesSaid(p.Settles, p.Currency))
	}
}

type paymentList struct {
	Customer string `required:"" placeholder:"CODE" help:"Customer."`
}

// Run lists the payments of a customer.
func (q paymentList) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		v, err := d.CustomerMoney(c.ctx, q.Customer)
		if err != nil {
			return err
		}
		doc := struct {
			Customer string         `json:"customer"`
			Payments []wire.Payment `json:"payments"`
			Credits  []wire.Credit  `json:"credits"`
		}{v.Customer.Code, []wire.Payment{}, []wire.Credit{}}
		for _, p := range v.Payments {
			doc.Payments = append(doc.Payments, paymentOf(v.Customer.Code, p))
		}
		for _, x := range v.Credits {
			doc.Credits = append(doc.Credits, wire.Credit{Credit: x.Number, Open: x.Open.Minor, Currency: x.Open.Currency, Used: x.Used})
		}
		return c.answer(doc, func(w io.Writer) {
			if len(doc.Payments)+len(doc.Credits) == 0 {
				fmt.Fprintln(w, c.t("cmd.payment.none"))
			}
			for i := range doc.Payments {
				c.tellPayment(w, &doc.Payments[i])
			}
			for _, x := range doc.Credits {
				fmt.Fprintln(w, c.t("cmd.credit.open", x.Credit, money.Of(x.Open, x.Currency)))
			}
		})
	})
}

type paymentAllocate struct {
	ID      id.Payment `arg:"" help:"Number of the payment."`
	Invoice []string   `sep:"none" required:"" placeholder:"NUMBER[=AMOUNT]" help:"What it settles; repeatable."`
}

// Run allocates what a payment has left.
func (q paymentAllocate) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		p, err := d.Payment(c.ctx, q.ID)
		if err != nil {
			return err
		}
		parts, err := partsOf(q.Invoice, p.Amount.Currency)
		if err != nil {
			return err
		}
		if err := d.AllocatePayment(c.ctx, q.ID, parts); err != nil {
			return err
		}
		return c.answerPayment(d, q.ID)
	})
}

type paymentRelease struct {
	ID id.Payment `arg:"" help:"Number of the payment."`
}

// Run takes back what a payment settled.
func (q paymentRelease) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.ReleasePayment(c.ctx, q.ID); err != nil {
			return err
		}
		return c.answerPayment(d, q.ID)
	})
}

type paymentCancel struct {
	ID  id.Payment `arg:"" help:"Number of the payment."`
	Why string     `help:"In your words."`
	dated
}

// Run takes a payment back.
func (q paymentCancel) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.On(q.Date).CancelPayment(c.ctx, q.ID, q.Why); err != nil {
			return err
		}
		return c.answerPayment(d, q.ID)
	})
}

type paymentReturned struct {
	ID     id.Payment `arg:"" help:"Number of the payment."`
	Reason string     `required:"" placeholder:"TEXT" help:"Why it came back, as the bank says it."`
	Date   cal.Date   `placeholder:"DATE" help:"The day it came back (default: today)."`
}

// Run records that a payment came back.
func (q paymentReturned) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.ReturnPayment(c.ctx, q.ID, q.Date, q.Reason); err != nil {
			return err
		}
		return c.answerPayment(d, q.ID)
	})
}
