package store

import (
	"context"

	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Balance is what a company's ledger holds in one currency.
type Balance struct {
	Currency money.Currency
	Owed     int64 // open on invoices
	Credits  int64 // open on credit notes
	Rests    int64 // payments that settle nothing yet
}

// Net is what the customers owe on the whole: the balance of account 411.
func (b Balance) Net() int64 { return b.Owed - b.Credits - b.Rests }

// Balances is what the ledger holds today, by currency.
func (tx *Tx) Balances(ctx context.Context) (list []Balance, err error) {
	err = tx.each(ctx, `SELECT currency, CAST(sum(owed) AS BIGINT), CAST(sum(credits) AS BIGINT), CAST(sum(rests) AS BIGINT) FROM (
		SELECT currency, sum(CASE WHEN sign = 1 THEN open ELSE 0 END) AS owed, sum(CASE WHEN sign = -1 THEN open ELSE 0 END) AS credits, 0 AS rests
		FROM item WHERE company = $1 AND open <> 0 GROUP BY currency
		UNION ALL SELECT currency, 0, 0, sum(rest) FROM payment WHERE company = $1 AND rest <> 0 GROUP BY currency) AS b
		GROUP BY currency ORDER BY currency`, []any{tx.company}, func(scan func(...any) error) error {
		var b Balance
		err := scan(&b.Currency, &b.Owed, &b.Credits, &b.Rests)
		list = append(list, b)
		return err
	})
	return list, err
}

// Chased tells which of these invoices have a history: a step was taken on one of their items.
func (tx *Tx) Chased(ctx context.Context, docs []id.Invoice) (map[id.Invoice]bool, error) {
	out := map[id.Invoice]bool{}
	err := tx.each(ctx, `SELECT DISTINCT i.invoice FROM item i JOIN action a ON a.customer = i.customer AND a.item = i.id WHERE +i.company = $1
		AND a.state <> 'entry' AND `+tx.among("i.invoice", 2), []any{tx.company, ints(tx, docs)}, func(scan func(...any) error) error {
		var n id.Invoice
		err := scan(&n)
		out[n] = true
		return err
	})
	return out, err
}

// WaitingOn counts the messages that wait to leave about these items.
func (tx *Tx) WaitingOn(ctx context.Context, items []id.Instalment) (n int, err error) {
	err = tx.one(ctx, `SELECT count(DISTINCT a.message) FROM item i JOIN action a ON a.customer = i.customer AND a.item = i.id
		WHERE +i.company = $1 AND a.state = 'pending' AND a.message <> 0 AND `+tx.among("i.id", 2), []any{tx.company, ints(tx, items)}, &n)
	return n, err
}

// HasDocs tells whether the company has any invoice.
func (tx *Tx) HasDocs(ctx context.Context) (bool, error) {
	var n int
	err := tx.one(ctx, `SELECT count(*) FROM (SELECT 1 FROM invoice WHERE company = $1 LIMIT 1) AS x`, []any{tx.company}, &n)
	return n > 0, err
}

// Refresh counts again what the database knows of the tables that an import fills. Differs because
// PostgreSQL chooses its ways by statistics that it refreshes once a minute at best: it would read
// the whole of a table that has grown since for every batch.
func (tx *Tx) Refresh(ctx context.Context) error {
	if tx.s.dialect != Postgres {
		return nil
	}
	_, err := tx.exec(ctx, `ANALYZE customer, invoice, item, payment, allocation`)
	return err
}
