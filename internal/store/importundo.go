package store

import (
	"context"
	"errors"

	"relance/internal/ground/id"
)

// LaterImport finds an import after n, not undone, that changed a row which n created or changed:
// what it made stands on what n made.
func (tx *Tx) LaterImport(ctx context.Context, n id.Import) (later id.Import, err error) {
	err = tx.one(ctx, `SELECT f.id FROM import_before b JOIN import_file f ON f.id = b.imported
		WHERE f.company = $1 AND f.id > $2 AND f.state = 'done' AND (
			EXISTS (SELECT 1 FROM import_before m WHERE m.imported = $2 AND m.entity = b.entity AND m.id = b.id)
			OR b.entity = 'import' AND b.id = $2
			OR b.entity = 'invoice' AND EXISTS (SELECT 1 FROM invoice x WHERE x.id = b.id AND x.imported = $2)
			OR b.entity = 'customer' AND EXISTS (SELECT 1 FROM customer x WHERE x.id = b.id AND x.imported = $2)
			OR b.entity = 'payment' AND EXISTS (SELECT 1 FROM payment x WHERE x.id = b.id AND x.imported = $2))
		ORDER BY f.id LIMIT 1`, []any{tx.company, n}, &later)
	if errors.Is(err, errNone) {
		return 0, nil
	}
	return later, err
}

// TakeBack deletes allocations, then payments, that an import created, at most limit of each, and
// gives the items and payments whose sums must be counted again. Nothing is left when both are empty.
func (tx *Tx) TakeBack(ctx context.Context, n id.Import, limit int) (items []id.Instalment, payments []id.Payment, err error) {
	var gone []int64
	err = tx.each(ctx, `SELECT id, item, payment, credit FROM allocation WHERE company = $1 AND imported = $2 ORDER BY id LIMIT $3`,
		[]any{tx.company, n, limit}, func(scan func(...any) error) error {
			var a Allocation
			err := scan(&a.ID, &a.Item, &a.Payment, &a.Credit)
			gone, items = append(gone, a.ID), append(items, a.Item)
			if a.Payment != 0 {
				payments = append(payments, a.Payment)
			}
			return err
		})
	if err != nil {
		return nil, nil, err
	}
	if len(gone) > 0 {
		credits, err := tx.creditItems(ctx, gone)
		if err != nil {
			return nil, nil, err
		}
		items = append(items, credits...)
		_, err = tx.exec(ctx, `DELETE FROM allocation WHERE +company = $1 AND `+tx.among("id", 2), tx.company, ints(tx, gone))
		return items, payments, err
	}
	return nil, nil, nil
}

// creditItems are the items of the credit notes that these allocations used.
func (tx *Tx) creditItems(ctx context.Context, allocations []int64) (items []id.Instalment, err error) {
	err = tx.each(ctx, `SELECT i.id FROM allocation a JOIN item i ON i.invoice = a.credit WHERE a.company = $1 AND a.credit <> 0 AND `+
		tx.among("a.id", 2), []any{tx.company, ints(tx, allocations)}, func(scan func(...any) error) error {
		var n id.Instalment
		err := scan(&n)
		items = append(items, n)
		return err
	})
	return items, err
}

// Recount makes what is open on items, and what payments have not settled, equal to what the
// allocations say.
func (tx *Tx) Recount(ctx context.Context, items []id.Instalment, payments []id.Payment) error {
	if len(items) > 0 {
		if _, err := tx.exec(ctx, `UPDATE item SET open = CASE WHEN closed = 1 THEN 0 ELSE amount
			- coalesce((SELECT sum(a.amount) FROM allocation a WHERE a.item = item.id), 0)
			- CASE WHEN sign = 1 THEN 0 ELSE coalesce((SELECT sum(a.amount) FROM allocation a WHERE a.credit = item.invoice AND a.credit <> 0), 0) END END
			WHERE +company = $1 AND `+tx.among("id", 2), tx.company, ints(tx, items)); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, `UPDATE item SET paid_on = CASE WHEN open <> 0 THEN '' ELSE coalesce((SELECT max(x.day)
			FROM (SELECT a.day FROM allocation a WHERE a.item = item.id
			UNION ALL SELECT a.day FROM allocation a WHERE item.sign = -1 AND a.credit = item.invoice AND a.credit <> 0) AS x), '') END
			WHERE +company = $1 AND `+tx.among("id", 2), tx.company, ints(tx, items)); err != nil {
			return err
		}
	}
	if len(payments) == 0 {
		return nil
	}
	_, err := tx.exec(ctx, `UPDATE payment SET rest = CASE WHEN source = 'asserted' THEN 0 ELSE amount
		- coalesce((SELECT sum(a.amount) FROM allocation a WHERE a.payment = payment.id AND a.payment <> 0), 0) END
		WHERE +company = $1 AND `+tx.among("id", 2), tx.company, ints(tx, payments))
	return err
}

// DeletePaymentsOf takes back payments that an import created and that settle nothing any more.
func (tx *Tx) DeletePaymentsOf(ctx context.Context, n id.Import) error {
	_, err := tx.exec(ctx, `DELETE FROM payment WHERE company = $1 AND imported = $2
		AND NOT EXISTS (SELECT 1 FROM allocation a WHERE a.payment = payment.id)`, tx.company, n)
	return err
}

// DeleteDocs takes back invoices that an import created, with their items and what they state;
// those that were chased, or that something else settles, stay. It gives how many are gone.
func (tx *Tx) DeleteDocs(ctx context.Context, docs []id.Invoice) (int, error) {
	list := ints(tx, docs)
	mine := `(SELECT i.customer, i.id FROM item i WHERE +i.company = $1 AND ` + tx.among("i.invoice", 2) + `)`
	for _, q := range []string{
		`DELETE FROM action WHERE company = $1 AND state = 'entry' AND (customer, item) IN ` + mine,
		`DELETE FROM item_state WHERE company = $1 AND (customer, item) IN ` + mine,
		`DELETE FROM hold WHERE company = $1 AND (customer, item) IN ` + mine,
		`DELETE FROM item WHERE +company = $1 AND ` + tx.among("invoice", 2),
	} {
		if _, err := tx.exec(ctx, q, tx.company, list); err != nil {
			return 0, err
		}
	}
	n, err := tx.exec(ctx, `DELETE FROM invoice WHERE +company = $1 AND `+tx.among("id", 2), tx.company, list)
	return int(n), err
}

// DocsOfImport lists invoices that an import created, at most limit after one.
func (tx *Tx) DocsOfImport(ctx context.Context, n id.Import, after id.Invoice, limit int) (docs []id.Invoice, err error) {
	err = tx.each(ctx, `SELECT id FROM invoice WHERE company = $1 AND imported = $2 AND id > $3 ORDER BY id LIMIT $4`,
		[]any{tx.company, n, after, limit}, func(scan func(...any) error) error {
			var d id.Invoice
			err := scan(&d)
			docs = append(docs, d)
			return err
		})
	return docs, err
}

// CustomersOfDocs are the customers of invoices.
func (tx *Tx) CustomersOfDocs(ctx context.Context, docs []id.Invoice) ([]id.Customer, error) {
	return tx.customerIDs(ctx, `SELECT DISTINCT customer FROM invoice WHERE +company = $1 AND `+tx.among("id", 2), tx.company, ints(tx, docs))
}

// DeleteBareCustomers takes back customers that an import created and on whom nothing stands.
func (tx *Tx) DeleteBareCustomers(ctx context.Context, n id.Import) error {
	if _, err := tx.exec(ctx, `DELETE FROM supplier WHERE company = $1 AND imported = $2`, tx.company, n); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM customer WHERE company = $1 AND imported = $2
		AND NOT EXISTS (SELECT 1 FROM invoice x WHERE x.customer = customer.id)
		AND NOT EXISTS (SELECT 1 FROM payment x WHERE x.customer = customer.id)
		AND NOT EXISTS (SELECT 1 FROM message x WHERE x.customer = customer.id)
		AND NOT EXISTS (SELECT 1 FROM hold x WHERE x.customer = customer.id)
		AND NOT EXISTS (SELECT 1 FROM task x WHERE x.customer = customer.id)
		AND NOT EXISTS (SELECT 1 FROM contact x WHERE x.customer = customer.id)`, tx.company, n)
	return err
}

// RestoreAllocation puts an allocation back as it was, deleted or changed since.
func (tx *Tx) RestoreAllocation(ctx context.Context, a *Allocation) error {
	_, err := tx.exec(ctx, `INSERT INTO allocation (id, company, customer, payment, credit, item, amount, day, imported)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET amount = excluded.amount`,
		a.ID, tx.company, a.Customer, a.Payment, a.Credit, a.Item, a.Amount, a.Day.String(), a.Imported)
	return err
}

// ReopenHold takes the end of a hold back.
func (tx *Tx) ReopenHold(ctx context.Context, h id.Hold) error {
	_, err := tx.exec(ctx, `UPDATE hold SET ended_on = '', ended_why = '' WHERE id = $1 AND company = $2`, h, tx.company)
	return err
}

// DeleteItems takes back instalments that an import added to an invoice.
func (tx *Tx) DeleteItems(ctx context.Context, items []id.Instalment) error {
	for _, table := range []string{"item_state", "action"} {
		if _, err := tx.exec(ctx, `DELETE FROM `+table+` WHERE company = $1 AND (customer, item) IN
			(SELECT i.customer, i.id FROM item i WHERE +i.company = $1 AND `+tx.among("i.id", 2)+`)`, tx.company, ints(tx, items)); err != nil {
			return err
		}
	}
	_, err := tx.exec(ctx, `DELETE FROM item WHERE +company = $1 AND `+tx.among("id", 2), tx.company, ints(tx, items))
	return err
}
