package store

import (
	"context"

	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

// Heap is how many messages of a currency, for how much and to how many customers.
type Heap struct {
	Currency  money.Currency
	Count     int
	Customers int
	Total     int64
}

func (tx *Tx) heaps(ctx context.Context, where string, args ...any) (list []Heap, err error) {
	err = tx.each(ctx, `SELECT currency, count(*), count(DISTINCT customer), sum(total) FROM message WHERE `+where+
		` GROUP BY currency ORDER BY 2 DESC, 1`, args, func(scan func(...any) error) error {
		var h Heap
		err := scan(&h.Currency, &h.Count, &h.Customers, (*sum)(&h.Total))
		list = append(list, h)
		return err
	})
	return list, err
}

// HeapsIn sums the messages of a state in which something is still to be done.
func (tx *Tx) HeapsIn(ctx context.Context, state string) ([]Heap, error) {
	return tx.heaps(ctx, `company = $1 AND state = $2`+undone, tx.company, state)
}

// HeapsSentOn sums what left on a day.
func (tx *Tx) HeapsSentOn(ctx context.Context, day cal.Date) ([]Heap, error) {
	return tx.heaps(ctx, `company = $1 AND sent_on = $2 AND sent_on <> ''`, tx.company, day.String())
}

// ReasonCount is how many holds stand for a reason, on how many customers.
type ReasonCount struct {
	Reason    string
	Holds     int
	Customers int
}

// HoldReasons counts the holds that block on a day, by reason.
func (tx *Tx) HoldReasons(ctx context.Context, today cal.Date) (list []ReasonCount, err error) {
	err = tx.each(ctx, `SELECT reason, count(*), count(DISTINCT customer) FROM hold WHERE company = $1 AND ended_on = ''
		AND (until_day = '' OR until_day >= $2) GROUP BY reason ORDER BY 2 DESC, 1`, []any{tx.company, today.String()},
		func(scan func(...any) error) error {
			var r ReasonCount
			err := scan(&r.Reason, &r.Holds, &r.Customers)
			list = append(list, r)
			return err
		})
	return list, err
}

// HoldsFor is a page of the holds that block on a day for a reason ("" for all), the first to end
// first.
func (tx *Tx) HoldsFor(ctx context.Context, today cal.Date, reason string, offset, limit int) ([]Hold, error) {
	return tx.holds(ctx, `WHERE company = $1 AND ended_on = '' AND (until_day = '' OR until_day >= $2) AND ($3 = '' OR reason = $3)
		ORDER BY until_day = '', until_day, id LIMIT $4 OFFSET $5`, tx.company, today.String(), reason, limit, offset)
}

// TaskCount counts the open tasks whose day has come.
func (tx *Tx) TaskCount(ctx context.Context, today cal.Date) (n int, err error) {
	err = tx.one(ctx, `SELECT count(*) FROM task WHERE company = $1 AND state = 'open' AND start_on <= $2`, []any{tx.company, today.String()}, &n)
	return n, err
}

// TasksPage is a page of the open tasks whose day has come, the oldest first.
func (tx *Tx) TasksPage(ctx context.Context, today cal.Date, offset, limit int) ([]Task, error) {
	return tx.tasks(ctx, `WHERE company = $1 AND state = 'open' AND start_on <= $2 ORDER BY created_on, id LIMIT $3 OFFSET $4`,
		tx.company, today.String(), limit, offset)
}

// Billed sums what was invoiced in a currency after a day and up to another, credit notes
// deducted.
func (tx *Tx) Billed(ctx context.Context, c money.Currency, after, to cal.Date) (n int64, err error) {
	err = tx.one(ctx, `SELECT sum(CASE WHEN kind = 'credit-note' THEN -total ELSE total END) FROM invoice
		WHERE company = $1 AND issued > $2 AND issued <= $3 AND currency = $4 AND kind NOT IN ('debit-note', 'refund')`,
		[]any{tx.company, after.String(), to.String(), string(c)}, (*sum)(&n))
	return n, err
}
