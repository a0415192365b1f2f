package store

import (
	"context"
	"fmt"

	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// openAt is what is owed and what is in the customers' favour at a day, one row a part: what is
// open today, plus what was settled after the day. Facts dated after it are not seen.
const openAt = `
	SELECT i.id AS item, i.customer, i.currency, i.due, i.sign, i.open AS n FROM item i JOIN invoice d ON d.id = i.invoice
		WHERE i.company = $1 AND i.open <> 0 AND i.closed = 0 AND d.issued <= $2
	UNION ALL SELECT i.id, i.customer, i.currency, i.due, i.sign, a.amount FROM allocation a JOIN item i ON i.id = a.item
		JOIN invoice d ON d.id = i.invoice WHERE a.company = $1 AND a.day > $2 AND d.issued <= $2
	UNION ALL SELECT -c.id, c.customer, c.currency, '', -1, a.amount FROM allocation a JOIN invoice c ON c.id = a.credit
		WHERE a.company = $1 AND a.day > $2 AND a.credit <> 0 AND c.issued <= $2
	UNION ALL SELECT -p.id, p.customer, p.currency, '', -1, p.rest FROM payment p
		WHERE p.company = $1 AND p.rest <> 0 AND p.day <= $2 AND p.cancelled_on = ''
	UNION ALL SELECT -p.id, p.customer, p.currency, '', -1, a.amount FROM allocation a JOIN payment p ON p.id = a.payment
		WHERE a.company = $1 AND a.day > $2 AND p.day <= $2`

// openNow is openAt when nothing is dated after the day: the covering index answers alone.
const openNow = `
	SELECT id AS item, customer, currency, due, sign, open AS n FROM item WHERE company = $1 AND open <> 0 AND due > '' AND $2 <> ''
	UNION ALL SELECT -id, customer, currency, '', -1, rest FROM payment WHERE company = $1 AND rest <> 0 AND cancelled_on = ''`

// sums are the columns of a row of aged receivables; $3, $4, $5 are the days 30, 60 and 90 before.
const sums = `sum(CASE WHEN sign > 0 THEN n ELSE -n END),
	sum(CASE WHEN sign > 0 AND due >= $2 THEN n ELSE 0 END),
	sum(CASE WHEN sign > 0 AND due < $2 AND due >= $3 THEN n ELSE 0 END),
	sum(CASE WHEN sign > 0 AND due < $3 AND due >= $4 THEN n ELSE 0 END),
	sum(CASE WHEN sign > 0 AND due < $4 AND due >= $5 THEN n ELSE 0 END),
	sum(CASE WHEN sign > 0 AND due < $5 THEN n ELSE 0 END),
	sum(CASE WHEN sign < 0 THEN -n ELSE 0 END), `

// later tells whether any fact is dated after a day.
func (tx *Tx) later(ctx context.Context, day cal.Date) (bool, error) {
	var n int
	err := tx.one(ctx, `SELECT (SELECT count(*) FROM (SELECT 1 FROM allocation WHERE company = $1 AND day > $2 LIMIT 1) AS a)
		+ (SELECT count(*) FROM (SELECT 1 FROM invoice WHERE company = $1 AND issued > $2 LIMIT 1) AS b)
		+ (SELECT count(*) FROM (SELECT 1 FROM payment WHERE company = $1 AND day > $2 LIMIT 1) AS c)`,
		[]any{tx.company, day.String()}, &n)
	return n > 0, err
}

// parts is the source of aged receivables at a day and how its items are counted.
func (tx *Tx) parts(ctx context.Context, asOf cal.Date) (source, count string, err error) {
	late, err := tx.later(ctx, asOf)
	if late {
		return openAt, "count(DISTINCT CASE WHEN sign > 0 THEN item END)", err
	}
	return openNow, "sum(CASE WHEN sign > 0 THEN 1 ELSE 0 END)", err
}

func agingArgs(c id.Company, asOf cal.Date) []any {
	return []any{c, asOf.String(), asOf.AddDays(-30).String(), asOf.AddDays(-60).String(), asOf.AddDays(-90).String()}
}

// AgingTotals is the total row of each currency at a day, in the order of the currencies.
func (tx *Tx) AgingTotals(ctx context.Context, asOf cal.Date) (list []report.Aging, err error) {
	source, count, err := tx.parts(ctx, asOf)
	if err != nil {
		return nil, err
	}
	q := fmt.Sprintf(`SELECT currency, %s%s FROM (%s) AS x GROUP BY currency ORDER BY currency`, sums, count, source)
	err = tx.each(ctx, q, agingArgs(tx.company, asOf), func(scan func(...any) error) error {
		var a report.Aging
		err := scanAging(scan, &a.Line, &a.Currency)
		list = append(list, a)
		return err
	})
	return list, err
}

func scanAging(scan func(...any) error, l *report.Line, head ...any) error {
	return scan(append(head, (*sum)(&l.Total), (*sum)(&l.Aged[report.NotDue]), (*sum)(&l.Aged[report.To30]), (*sum)(&l.Aged[report.To60]),
		(*sum)(&l.Aged[report.To90]), (*sum)(&l.Aged[report.Over90]), (*sum)(&l.Credits), &l.Count)...)
}

// AgingRows is one page of the rows of a currency, the largest total first.
func (tx *Tx) AgingRows(ctx context.Context, asOf cal.Date, c money.Currency, offset, limit int) (list []report.CustomerLine, err error) {
	source, count, err := tx.parts(ctx, asOf)
	if err != nil {
		return nil, err
	}
	q := fmt.Sprintf(`SELECT c.code, c.name, r.* FROM (SELECT customer, %s%s FROM (%s) AS x WHERE currency = $6
		GROUP BY customer) AS r JOIN customer c ON c.id = r.customer ORDER BY 4 DESC, c.code LIMIT $7 OFFSET $8`, sums, count, source)
	err = tx.each(ctx, q, append(agingArgs(tx.company, asOf), string(c), limit, offset), func(scan func(...any) error) error {
		var l report.CustomerLine
		var n int64
		err := scanAging(scan, &l.Line, &l.Customer, &l.Name, &n)
		list = append(list, l)
		return err
	})
	return list, err
}
