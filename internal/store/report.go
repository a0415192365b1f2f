package store

import (
	"context"

	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// BilledByMonth sums what was invoiced in each month after a day and up to another, by currency, credit notes
// deducted. What the program itself issues (debit notes, refunds) is no turnover.
func (tx *Tx) BilledByMonth(ctx context.Context, after, to cal.Date) (map[money.Currency][]report.Billed, error) {
	out := map[money.Currency][]report.Billed{}
	err := tx.each(ctx, `SELECT currency, substr(issued, 1, 7), sum(CASE WHEN kind = 'credit-note' THEN -total ELSE total END) FROM invoice
		WHERE company = $1 AND issued > $2 AND issued <= $3 AND kind NOT IN ('debit-note', 'refund') GROUP BY 1, 2 ORDER BY 1, 2`,
		[]any{tx.company, after.String(), to.String()}, func(scan func(...any) error) error {
			var c money.Currency
			var month string
			var b report.Billed
			if err := scan(&c, &month, (*sum)(&b.Amount)); err != nil {
				return err
			}
			var err error
			b.Month, err = cal.Parse(month + "-01")
			out[c] = append(out[c], b)
			return err
		})
	return out, err
}

// PaidDelays lists how late items due after a day and paid by another were paid, by currency. A day that only an
// undated word of a ledger gives is no delay.
func (tx *Tx) PaidDelays(ctx context.Context, after, by cal.Date, limit int) (map[money.Currency][]report.Paid, error) {
	out := map[money.Currency][]report.Paid{}
	err := tx.each(ctx, `SELECT i.currency, i.customer, i.due, i.paid_on FROM item i WHERE i.company = $1 AND i.due > $2 AND i.due <= $3
		AND i.open = 0 AND i.sign = 1 AND i.closed = 0 AND i.paid_on <> '' AND i.paid_on <= $3 AND EXISTS (SELECT 1 FROM allocation a
		JOIN payment p ON p.id = a.payment WHERE a.item = i.id AND p.kind = '' AND (p.source = 'identified' OR p.fingerprint LIKE 'settled:%'))
		ORDER BY i.due DESC LIMIT $4`, []any{tx.company, after.String(), by.String(), limit}, func(scan func(...any) error) error {
		var c money.Currency
		var p report.Paid
		var due, paid cal.Date
		err := scan(&c, &p.Customer, on(&due), on(&paid))
		p.Late = paid.Sub(due)
		out[c] = append(out[c], p)
		return err
	})
	return out, err
}

// Chasing is a step that left for an item.
type Chasing struct {
	Item   id.Instalment
	Step   string
	Level  int
	On     cal.Date
	Amount int64 // of the item, minor units
	PaidOn cal.Date
}

// ChasedBetween lists the written steps that left between two days in a currency, by item then day, at most limit.
func (tx *Tx) ChasedBetween(ctx context.Context, c money.Currency, from, to cal.Date, limit int) (list []Chasing, err error) {
	err = tx.each(ctx, `SELECT a.item, a.step, a.level, a.day, i.amount, i.paid_on FROM action a JOIN message m ON m.id = a.message AND m.trial = 0
		JOIN item i ON i.customer = a.customer AND i.id = a.item WHERE a.company = $1 AND a.state = 'sent' AND a.day >= $2 AND a.day <= $3
		AND i.currency = $4 ORDER BY a.item, a.day, a.level LIMIT $5`, []any{tx.company, from.String(), to.String(), string(c), limit},
		func(scan func(...any) error) error {
			var x Chasing
			err := scan(&x.Item, &x.Step, &x.Level, on(&x.On), &x.Amount, on(&x.PaidOn))
			list = append(list, x)
			return err
		})
	return list, err
}
