package store

import (
	"context"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// Charge is what became of the interest and compensation of an invoice.
type Charge struct {
	Customer     id.Customer
	Invoice      id.Invoice
	State        string // claimed, waived
	Day          cal.Date
	Penalty      int64 // minor units of the invoice's currency
	Compensation int64 // euro cents
	Until        cal.Date
	DebitNote    id.Invoice // that claims it
	Why, Actor   string
}

// InsertCharges keeps what became of interest and compensation.
func (tx *Tx) InsertCharges(ctx context.Context, list []Charge) error {
	rows := make([][]any, len(list))
	for i, c := range list {
		n, err := tx.NewID(ctx)
		if err != nil {
			return err
		}
		rows[i] = []any{n, tx.company, c.Customer, c.Invoice, c.State, c.Day.String(), c.Penalty, c.Compensation, c.Until.String(), c.DebitNote, c.Why, c.Actor}
	}
	return tx.insertMany(ctx, "charge", []string{"id", "company", "customer", "invoice", "state", "day", "penalty", "compensation", "until_day",
		"debit_note", "why", "actor"}, rows)
}

// ChargesOn lists what became of the interest of invoices, oldest first.
func (tx *Tx) ChargesOn(ctx context.Context, invoices []id.Invoice) (list []Charge, err error) {
	err = tx.each(ctx, `SELECT customer, invoice, state, day, penalty, compensation, until_day, debit_note, why, actor FROM charge WHERE +company = $1 AND `+
		tx.among("invoice", 2)+` ORDER BY id`, []any{tx.company, ints(tx, invoices)}, func(scan func(...any) error) error {
		var c Charge
		err := scan(&c.Customer, &c.Invoice, &c.State, on(&c.Day), &c.Penalty, &c.Compensation, on(&c.Until), &c.DebitNote, &c.Why, &c.Actor)
		list = append(list, c)
		return err
	})
	return list, err
}

// PaidLate lists invoices due since a day that were paid in full after an instalment's due date, by professional and
// public customers whose kind is confirmed, and of whose interest nothing has become yet, of one customer or (zero) of all. What
// only an undated word of a ledger says is paid has no day to count from, and is left out.
func (tx *Tx) PaidLate(ctx context.Context, since cal.Date, of id.Customer) (ids []id.Invoice, err error) {
	err = tx.each(ctx, `SELECT DISTINCT i.invoice FROM item i JOIN customer c ON c.id = i.customer JOIN invoice d ON d.id = i.invoice
		WHERE i.company = $1 AND i.due >= $2 AND i.open = 0 AND i.sign = 1 AND i.closed = 0 AND i.paid_on > i.due AND ($3 = 0 OR i.customer = $3)
		AND c.kind_confirmed = 1 AND c.kind IN ('PRO', 'PUBLIC', 'PUBLIC_HEALTH', 'PUBLIC_ENTERPRISE') AND d.kind NOT IN ('debit-note', 'refund')
		AND NOT EXISTS (SELECT 1 FROM charge x WHERE x.invoice = i.invoice)
		AND NOT EXISTS (SELECT 1 FROM item o WHERE o.invoice = i.invoice AND o.open <> 0)
		AND NOT EXISTS (SELECT 1 FROM allocation a JOIN payment p ON p.id = a.payment WHERE a.item = i.id AND (p.kind <> ''
			OR p.source = 'asserted' AND p.fingerprint NOT LIKE 'settled:%'))
		ORDER BY i.invoice`, []any{tx.company, since.String(), of}, func(scan func(...any) error) error {
		var n id.Invoice
		err := scan(&n)
		ids = append(ids, n)
		return err
	})
	return ids, err
}

// ChargedBy lists the invoices whose interest a debit note claims.
func (tx *Tx) ChargedBy(ctx context.Context, note id.Invoice) (ids []id.Invoice, err error) {
	err = tx.each(ctx, `SELECT invoice FROM charge WHERE company = $1 AND debit_note = $2 AND debit_note <> 0 ORDER BY invoice`, []any{tx.company, note},
		func(scan func(...any) error) error {
			var n id.Invoice
			err := scan(&n)
			ids = append(ids, n)
			return err
		})
	return ids, err
}
