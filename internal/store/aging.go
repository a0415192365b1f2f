package store

import (
	"cmp"
	"context"
	"slices"

	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// openNow is what is owed and what is in the customers' favour when nothing is dated after the day:
// the index item_open answers alone.
const openNow = `
	SELECT customer, currency, due, sign, open AS n, 0 AS item FROM item WHERE company = $1 AND open <> 0 AND $2 <> ''
	UNION ALL SELECT customer, currency, '', -1, rest, 0 FROM payment WHERE company = $1 AND rest <> 0 AND cancelled_on = ''`

// openAt is the same at a day in the past, one row a part: what is open today, plus what was settled
// after the day. Facts dated after it are not seen. A part that was settled since names its item, which
// may have several.
const openAt = `
	SELECT i.customer, i.currency, i.due, i.sign, i.open AS n, 0 AS item FROM item i JOIN invoice d ON d.id = i.invoice
		WHERE i.company = $1 AND i.open <> 0 AND i.closed = 0 AND d.issued <= $2
	UNION ALL SELECT i.customer, i.currency, i.due, i.sign, a.amount, CASE WHEN i.open <> 0 AND i.closed = 0 THEN -1 ELSE i.id END
		FROM allocation a JOIN item i ON i.id = a.item JOIN invoice d ON d.id = i.invoice WHERE a.company = $1 AND a.day > $2 AND d.issued <= $2
	UNION ALL SELECT c.customer, c.currency, '', -1, a.amount, 0 FROM allocation a JOIN invoice c ON c.id = a.credit
		WHERE a.company = $1 AND a.day > $2 AND a.credit <> 0 AND c.issued <= $2
	UNION ALL SELECT p.customer, p.currency, '', -1, p.rest, 0 FROM payment p
		WHERE p.company = $1 AND p.rest <> 0 AND p.day <= $2 AND p.cancelled_on = ''
	UNION ALL SELECT p.customer, p.currency, '', -1, p.rest, 0 FROM payment p
		WHERE p.company = $1 AND p.cancelled_on > $2 AND p.cancelled_on <> '' AND p.rest <> 0 AND p.day <= $2
	UNION ALL SELECT p.customer, p.currency, '', -1, a.amount, 0 FROM allocation a JOIN payment p ON p.id = a.payment
		WHERE a.company = $1 AND a.day > $2 AND p.day <= $2`

// later tells whether any fact is dated after a day. The last day of each is asked for, and not "one
// after": PostgreSQL would look for that one through the whole table.
func (tx *Tx) later(ctx context.Context, day cal.Date) (bool, error) {
	var last [4]cal.Date
	err := tx.one(ctx, `SELECT coalesce((SELECT max(day) FROM allocation WHERE company = $1), ''),
		coalesce((SELECT max(issued) FROM invoice WHERE company = $1), ''), coalesce((SELECT max(day) FROM payment WHERE company = $1), ''),
		coalesce((SELECT max(cancelled_on) FROM payment WHERE company = $1 AND cancelled_on <> ''), '')`,
		[]any{tx.company}, on(&last[0]), on(&last[1]), on(&last[2]), on(&last[3]))
	return slices.Max(last[:]) > day, err
}

// ages puts due dates, which are few, into their columns, each looked at once.
type ages struct {
	asOf  cal.Date
	known map[string]report.Bucket
}

func (a ages) of(due string) report.Bucket {
	b, ok := a.known[due]
	if !ok {
		if d, err := cal.Parse(due); err == nil {
			b = report.BucketOf(d, a.asOf)
		}
		a.known[due] = b
	}
	return b
}

func (a ages) add(l *report.Line, due string, sign, n, count int64) {
	if sign < 0 {
		l.Credits -= n
		l.Total -= n
		return
	}
	l.Aged[a.of(due)] += n
	l.Total += n
	l.Count += int(count)
}

// AgingTotals is the total row of each currency at a day, in the order of the currencies.
func (tx *Tx) AgingTotals(ctx context.Context, asOf cal.Date) ([]report.Aging, error) {
	late, err := tx.later(ctx, asOf)
	if err != nil {
		return nil, err
	}
	if late {
		tables, _, err := tx.age(ctx, asOf, openAt)
		return tables, err
	}
	a, lines := ages{asOf, map[string]report.Bucket{}}, map[money.Currency]*report.Aging{}
	err = tx.each(ctx, `SELECT currency, due, sign, sum(open), count(*) FROM item WHERE company = $1 AND open <> 0 GROUP BY due, currency, sign
		UNION ALL SELECT currency, '', -1, sum(rest), 0 FROM payment WHERE company = $1 AND rest <> 0 AND cancelled_on = '' GROUP BY currency`,
		[]any{tx.company}, func(scan func(...any) error) error {
			var c money.Currency
			var due string
			var sign, n, count int64
			if err := scan(&c, &due, &sign, (*sum)(&n), &count); err != nil {
				return err
			}
			a.add(&table(lines, c).Line, due, sign, n, count)
			return nil
		})
	return inOrder(lines), err
}

func table(m map[money.Currency]*report.Aging, c money.Currency) *report.Aging {
	t := m[c]
	if t == nil {
		t = &report.Aging{Currency: c}
		m[c] = t
	}
	return t
}

func inOrder(m map[money.Currency]*report.Aging) []report.Aging {
	list := make([]report.Aging, 0, len(m))
	for _, t := range m {
		list = append(list, *t)
	}
	slices.SortFunc(list, func(a, b report.Aging) int { return cmp.Compare(a.Currency, b.Currency) })
	return list
}

// debtor is what a customer owes in a currency.
type debtor struct {
	customer id.Customer
	report.Line
}

// age sums by customer what a source gives, in one walk: cheaper than letting the database sort the
// rows, once for the totals and once for the customers.
func (tx *Tx) age(ctx context.Context, asOf cal.Date, source string) ([]report.Aging, map[money.Currency][]debtor, error) {
	type key struct {
		customer id.Customer
		currency money.Currency
	}
	a, lines := ages{asOf, map[string]report.Bucket{}}, map[money.Currency]*report.Aging{}
	at, rows, seen := map[key]int{}, map[money.Currency][]debtor{}, map[int64]bool{}
	err := tx.each(ctx, source, []any{tx.company, asOf.String()}, func(scan func(...any) error) error {
		var k key
		var due string
		var sign, n, item int64
		if err := scan(&k.customer, &k.currency, &due, &sign, &n, &item); err != nil {
			return err
		}
		count := int64(1)
		if item < 0 || seen[item] {
			count = 0
		} else if item > 0 {
			seen[item] = true
		}
		i, ok := at[k]
		if !ok {
			i = len(rows[k.currency])
			at[k], rows[k.currency] = i, append(rows[k.currency], debtor{customer: k.customer})
		}
		a.add(&table(lines, k.currency).Line, due, sign, n, count)
		a.add(&rows[k.currency][i].Line, due, sign, n, count)
		return nil
	})
	return inOrder(lines), rows, err
}

// AgingPage is the total row of each currency at a day and one page of the rows of a currency ("" for
// all), the largest total first.
func (tx *Tx) AgingPage(ctx context.Context, asOf cal.Date, c money.Currency, offset, limit int) ([]report.Aging, error) {
	late, err := tx.later(ctx, asOf)
	if err != nil {
		return nil, err
	}
	source := openNow
	if late {
		source = openAt
	}
	tables, rows, err := tx.age(ctx, asOf, source)
	if err != nil {
		return nil, err
	}
	for i := range tables {
		if t := &tables[i]; c == "" || t.Currency == c {
			if t.Customers, err = tx.agingRows(ctx, rows[t.Currency], offset, limit); err != nil {
				return nil, err
			}
		}
	}
	return tables, nil
}

// agingRows names the customers of a page. Those that owe the same come in the order of their codes:
// the page is read with whoever shares the totals of its ends.
func (tx *Tx) agingRows(ctx context.Context, all []debtor, offset, limit int) ([]report.CustomerLine, error) {
	slices.SortFunc(all, func(a, b debtor) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.customer, b.customer))
	})
	from, to := min(offset, len(all)), min(offset+limit, len(all))
	if from == to {
		return nil, nil
	}
	first, end := from, to
	for first > 0 && all[first-1].Total == all[from].Total {
		first--
	}
	for end < len(all) && all[end].Total == all[to-1].Total {
		end++
	}
	ids, at := make([]id.Customer, 0, end-first), make(map[id.Customer]*report.CustomerLine, end-first)
	list := make([]report.CustomerLine, end-first)
	for i := range list {
		d := all[first+i]
		list[i].Line, at[d.customer] = d.Line, &list[i]
		ids = append(ids, d.customer)
	}
	if err := tx.each(ctx, `SELECT id, code, name FROM customer WHERE +company = $1 AND `+tx.among("id", 2), []any{tx.company, ints(tx, ids)},
		func(scan func(...any) error) error {
			var n id.Customer
			var code, name string
			if err := scan(&n, &code, &name); err != nil {
				return err
			}
			at[n].Customer, at[n].Name = code, name
			return nil
		}); err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b report.CustomerLine) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.Customer, b.Customer))
	})
	return list[from-first : to-first], nil
}
