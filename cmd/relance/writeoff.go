package main

import (
	gocontext "context"
	"fmt"
	"io"

	"relance/internal/app"
)

// givenUp is a debt, or a part of one, that is settled without money.
type givenUp struct {
	Invoice    string `arg:"" help:"Number of the invoice."`
	Instalment int    `placeholder:"N" help:"One instalment of it."`
	Amount     string `placeholder:"AMOUNT" help:"A part of it (default: all that is open)."`
	Why        string `required:"" help:"In your words."`
	dated
}

type writeOffCmd struct{ givenUp }

// Run gives a debt up.
func (q writeOffCmd) Run(c *context) error {
	return q.settle(c, "cmd.write-off.done", (*app.Desk).WriteOff)
}

type setOffCmd struct{ givenUp }

// Run settles a debt against what is owed to the customer.
func (q setOffCmd) Run(c *context) error {
	return q.settle(c, "cmd.set-off.done", (*app.Desk).SetOff)
}

func (q givenUp) settle(c *context, key string, do func(d *app.Desk, ctx gocontext.Context, invoice string, instalment int, amount int64, why string) error) error {
	return c.withDesk(false, func(d *app.Desk) error {
		owed, err := d.Owed(c.ctx, "", q.Invoice)
		if err != nil {
			return err
		}
		n, err := amountIn(q.Amount, owed.Currency)
		if err != nil {
			return err
		}
		if err := do(d.On(q.Date), c.ctx, q.Invoice, q.Instalment, n, q.Why); err != nil {
			return err
		}
		if owed, err = d.Owed(c.ctx, "", q.Invoice); err != nil {
			return err
		}
		return c.answer(map[string]any{"done": true, "invoice": q.Invoice, "open": owed.Minor, "currency": owed.Currency},
			func(w io.Writer) { fmt.Fprintln(w, c.t(key, q.Invoice, owed)) })
	})
}
