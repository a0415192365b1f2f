package store

import (
	"context"

	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Payment is a payment as it is kept.
type Payment struct {
	cash.Payment
	InvoiceNo   string // the invoice it was said to settle
	Fingerprint string // what makes it the same payment in another file
	Rest        int64  // what it has not settled yet
	Imported    id.Import
	CancelledOn cal.Date
	CancelWhy   string
	Line        id.Line // the bank line that it is, 0 for none
	BackLine    id.Line // the bank line by which it came back, 0 for none
}

// Allocation is what a payment or a credit note settles of an item.
type Allocation struct {
	ID       int64
	Customer id.Customer
	Payment  id.Payment
	Credit   id.Invoice
	Item     id.Instalment
	Amount   int64
	Day      cal.Date
	Imported id.Import
	Line     id.Line // the bank line that gives it, 0 for none
}

// InsertPayments creates payments and gives each its identifier.
func (tx *Tx) InsertPayments(ctx context.Context, list []*Payment) error {
	rows := make([][]any, len(list))
	for i, p := range list {
		n, err := tx.NewID(ctx)
		if err != nil {
			return err
		}
		p.ID = id.Payment(n)
		rows[i] = []any{p.ID, tx.company, p.Customer, p.Date.String(), p.Amount.Minor, string(p.Amount.Currency), string(p.Method),
			p.Reference, p.InvoiceNo, string(p.Source), p.Fingerprint, p.Rest, p.Imported, string(p.Kind), p.Line}
	}
	return tx.insertMany(ctx, "payment", []string{"id", "company", "customer", "day", "amount", "currency", "method",
		"reference", "invoice_no", "source", "fingerprint", "rest", "imported", "kind", "line"}, rows)
}

const paymentSelect = `SELECT id, customer, day, amount, currency, method, reference, invoice_no, source, fingerprint,
	rest, imported, cancelled_on, kind, cancel_why, line, back_line FROM payment `

func (tx *Tx) payments(ctx context.Context, where string, args ...any) (list []*Payment, err error) {
	err = tx.each(ctx, paymentSelect+where, args, func(scan func(...any) error) error {
		p := &Payment{}
		var minor int64
		var c money.Currency
		err := scan(&p.ID, &p.Customer, on(&p.Date), &minor, &c, &p.Method, &p.Reference, &p.InvoiceNo, &p.Source,
			&p.Fingerprint, &p.Rest, &p.Imported, on(&p.CancelledOn), &p.Kind, &p.CancelWhy, &p.Line, &p.BackLine)
		p.Amount = money.Of(minor, c)
		list = append(list, p)
		return err
	})
	return list, err
}

// PaymentsByFingerprint finds payments that are already known.
func (tx *Tx) PaymentsByFingerprint(ctx context.Context, prints []string) ([]*Payment, error) {
	return tx.payments(ctx, `WHERE company = $1 AND `+tx.keyed("payment", "payment", "fingerprint"), tx.company, texts(tx, prints))
}

// PaymentsOf lists the payments of customers, oldest first.
func (tx *Tx) PaymentsOf(ctx context.Context, customers []id.Customer) ([]*Payment, error) {
	return tx.payments(ctx, `WHERE +company = $1 AND `+tx.among("customer", 2)+` ORDER BY customer, day, id`, tx.company, ints(tx, customers))
}

// Payment finds one payment.
func (tx *Tx) Payment(ctx context.Context, n id.Payment) (*Payment, error) {
	return oneOf(tx.payments(ctx, `WHERE company = $1 AND id = $2`, tx.company, n))
}

// SetPayment keeps the amount, the rest and the cancellation of a payment.
func (tx *Tx) SetPayment(ctx context.Context, p *Payment) error {
	_, err := tx.exec(ctx, `UPDATE payment SET amount = $3, cancelled_on = $4, rest = $5, cancel_why = $6, back_line = $7 WHERE id = $1 AND company = $2`,
		p.ID, tx.company, p.Amount.Minor, p.CancelledOn.String(), p.Rest, p.CancelWhy, p.BackLine)
	return err
}

// NamePayment says which invoice a payment is to settle.
func (tx *Tx) NamePayment(ctx context.Context, p id.Payment, invoice string) error {
	_, err := tx.exec(ctx, `UPDATE payment SET invoice_no = $3 WHERE id = $1 AND company = $2`, p, tx.company, invoice)
	return err
}

// DeletePayment takes back a payment and what it settled; the caller restores the items.
func (tx *Tx) DeletePayment(ctx context.Context, n id.Payment) error {
	if _, err := tx.exec(ctx, `DELETE FROM allocation WHERE payment = $1 AND company = $2`, n, tx.company); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM payment WHERE id = $1 AND company = $2`, n, tx.company)
	return err
}

// InsertAllocations writes what settles what.
func (tx *Tx) InsertAllocations(ctx context.Context, list []*Allocation) error {
	rows := make([][]any, len(list))
	for i, a := range list {
		n, err := tx.NewID(ctx)
		if err != nil {
			return err
		}
		a.ID = n
		rows[i] = []any{n, tx.company, a.Customer, a.Payment, a.Credit, a.Item, a.Amount, a.Day.String(), a.Imported, a.Line}
	}
	return tx.insertMany(ctx, "allocation", []string{"id", "company", "customer", "payment", "credit", "item", "amount",
		"day", "imported", "line"}, rows)
}

// SetAllocation changes the amount of an allocation; zero takes it away.
func (tx *Tx) SetAllocation(ctx context.Context, a *Allocation) error {
	if a.Amount == 0 {
		_, err := tx.exec(ctx, `DELETE FROM allocation WHERE id = $1 AND company = $2`, a.ID, tx.company)
		return err
	}
	_, err := tx.exec(ctx, `UPDATE allocation SET amount = $3 WHERE id = $1 AND company = $2`, a.ID, tx.company, a.Amount)
	return err
}

func (tx *Tx) allocations(ctx context.Context, where string, args ...any) (list []*Allocation, err error) {
	err = tx.each(ctx, `SELECT id, customer, payment, credit, item, amount, day, imported, line FROM allocation `+where, args,
		func(scan func(...any) error) error {
			a := &Allocation{}
			err := scan(&a.ID, &a.Customer, &a.Payment, &a.Credit, &a.Item, &a.Amount, on(&a.Day), &a.Imported, &a.Line)
			list = append(list, a)
			return err
		})
	return list, err
}

// AllocationsOf lists what settles items of customers, oldest first.
func (tx *Tx) AllocationsOf(ctx context.Context, customers []id.Customer) ([]*Allocation, error) {
	return tx.allocations(ctx, `WHERE +company = $1 AND `+tx.among("customer", 2)+` ORDER BY customer, day, id`, tx.company, ints(tx, customers))
}

// AllocationsOn lists what settles these items.
func (tx *Tx) AllocationsOn(ctx context.Context, items []id.Instalment) ([]*Allocation, error) {
	return tx.allocations(ctx, `WHERE +company = $1 AND `+tx.among("item", 2)+` ORDER BY item, day, id`, tx.company, ints(tx, items))
}

// AllocatedOf is what a payment has settled.
func (tx *Tx) AllocatedOf(ctx context.Context, payment id.Payment) ([]*Allocation, error) {
	return tx.allocations(ctx, `WHERE company = $1 AND payment = $2 ORDER BY id`, tx.company, payment)
}

// Payments finds payments by identifier.
func (tx *Tx) Payments(ctx context.Context, ids []id.Payment) ([]*Payment, error) {
	return tx.payments(ctx, `WHERE +company = $1 AND `+tx.among("id", 2)+` ORDER BY id`, tx.company, ints(tx, ids))
}
