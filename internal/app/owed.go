package app

import (
	"context"

	"relance/internal/domain/party"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Owed is what is open of an invoice or a credit note, or what a customer owes in the currency that it owes most in:
// amounts that a person says about them are of that currency.
func (d *Desk) Owed(ctx context.Context, customer, invoice string) (a money.Amount, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		if invoice != "" {
			doc, err := invoiceNamed(ctx, tx, invoice)
			if err == nil {
				a = money.Of(openOf(doc), doc.Currency)
			}
			return err
		}
		co, err := company(ctx, tx)
		if err != nil {
			return err
		}
		m := &moment{Tx: tx, ctx: ctx, day: dayOf(co, d.now())}
		if !d.late.IsZero() {
			m.day = d.late
		}
		c, err := m.customerCoded(customer)
		if err != nil {
			return err
		}
		k := &store.Commitment{Customer: c.ID}
		err = m.owedNow(k, nil)
		a = money.Of(k.Owed, k.Currency)
		return err
	})
	return a, err
}

// PaymentOf is a payment with who made it and what it settles.
type PaymentOf struct {
	PaymentView
	Customer party.Customer
}

// Payment shows one payment.
func (d *Desk) Payment(ctx context.Context, n id.Payment) (v PaymentOf, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		p, err := paymentNo(ctx, tx, n)
		if err != nil {
			return err
		}
		if v.Customer, err = tx.Customer(ctx, p.Customer); err != nil {
			return err
		}
		allocs, err := tx.AllocatedOf(ctx, n)
		if err != nil {
			return err
		}
		items := make([]id.Instalment, len(allocs))
		for i, a := range allocs {
			items[i] = a.Item
		}
		names, err := tx.ItemNames(ctx, items)
		v.PaymentView = PaymentView{p, settledBy(allocs, names)}
		return err
	})
	return v, err
}
