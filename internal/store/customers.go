package store

import (
	"context"
	"fmt"
	"strings"

	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// CustomerQuery says which page of the customers is wanted.
type CustomerQuery struct {
	Today         cal.Date
	Search        string // part of the name, or the beginning of the code
	Filter        string // "", owing, late, held, unqualified
	Sort          string // name, code, owed, late
	Desc          bool
	Offset, Limit int
}

// CustomerRow is a customer in a list, with what it owes in each currency.
type CustomerRow struct {
	Customer party.Customer
	Sums     []CustomerSum
	Level    int // highest level reached by what is open
	Held     bool
}

// CustomerSum is one currency of a customer.
type CustomerSum struct {
	Currency  money.Currency
	Owed      int64 // debts − credits
	Late      int64 // debts past their due date
	Items     int   // debts open
	OldestDue cal.Date
}

// owing is what each customer owes, the largest of its currencies: for an order, never shown.
const owing = `SELECT customer, max(late) AS late, max(owed) AS owed FROM (SELECT customer,
	sum(CASE WHEN due < $2 THEN open ELSE 0 END) AS late, sum(open) AS owed FROM item
	WHERE company = $1 AND open <> 0 AND sign = 1 GROUP BY customer, currency) AS x GROUP BY customer`

// where gives the conditions and the arguments after $1 (company) and $2 (today).
func (q CustomerQuery) where(tx *Tx, args *[]any) string {
	var b strings.Builder
	switch q.Filter {
	case "owing":
		b.WriteString(` AND c.id IN (SELECT customer FROM item WHERE company = $1 AND open <> 0 AND sign = 1)`)
	case "late":
		b.WriteString(` AND c.id IN (SELECT customer FROM item WHERE company = $1 AND open <> 0 AND sign = 1 AND due < $2)`)
	case "held":
		b.WriteString(` AND c.id IN (SELECT customer FROM hold WHERE company = $1 AND ended_on = '' AND (until_day = '' OR until_day >= $2))`)
	case "unqualified":
		b.WriteString(` AND c.kind_confirmed = 0`)
	}
	if key := NameKey(q.Search); key != "" {
		*args = append(*args, "%"+like(key)+"%", q.Search)
		n := len(*args)
		fmt.Fprintf(&b, ` AND c.id IN (SELECT id FROM customer WHERE company = $1 AND name_key LIKE $%d ESCAPE '!' UNION %s)`,
			n-1, tx.prefix("customer", "code", n))
	} else if q.Search != "" { // signs alone are in no name
		*args = append(*args, q.Search)
		fmt.Fprintf(&b, ` AND c.id IN (%s)`, tx.prefix("customer", "code", len(*args)))
	}
	return b.String()
}

// like makes what a person typed inert in a LIKE pattern.
func like(s string) string { return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) }

// prefix finds rows of a table whose column begins with $n, in any case. Differs because SQLite
// compares bytes, so that a range of the index answers; PostgreSQL orders by the language.
func (tx *Tx) prefix(table, column string, n int) string {
	if tx.s.dialect == Postgres {
		return fmt.Sprintf(`SELECT id FROM %s WHERE company = $1 AND starts_with(upper(%s), upper($%d))`, table, column, n)
	}
	return fmt.Sprintf(`SELECT id FROM %[1]s WHERE company = $1 AND %[2]s >= $%[3]d AND %[2]s < $%[3]d || char(1114111)
		UNION SELECT id FROM %[1]s WHERE company = $1 AND %[2]s >= upper($%[3]d) AND %[2]s < upper($%[3]d) || char(1114111)`, table, column, n)
}

// CustomersPage is one page of the customers and how many there are in all: −1 when a word is
// searched, since finding it twice would take twice as long.
func (tx *Tx) CustomersPage(ctx context.Context, q CustomerQuery) (list []CustomerRow, total int, err error) {
	args := []any{tx.company, q.Today.String()}
	where := q.where(tx, &args)
	if total = -1; q.Search == "" {
		if err := tx.one(ctx, `SELECT count(*) FROM customer c WHERE c.company = $1 AND $2 <> ''`+where, args, &total); err != nil {
			return nil, 0, err
		}
	}
	order := map[string]string{"name": "c.name_key", "code": "c.code", "owed": "coalesce(b.owed, 0)", "late": "coalesce(b.late, 0)"}[q.Sort]
	join := ""
	if order == "" {
		order = "c.name_key"
	}
	if q.Sort == "owed" || q.Sort == "late" {
		join = ` LEFT JOIN (` + owing + `) AS b ON b.customer = c.id`
	}
	way := ""
	if q.Desc {
		way = " DESC"
	}
	args = append(args, q.Limit, q.Offset)
	ids, err := tx.customerIDs(ctx, fmt.Sprintf(`SELECT c.id FROM customer c%s WHERE c.company = $1 AND $2 <> ''%s ORDER BY %s%s, c.id LIMIT $%d OFFSET $%d`,
		join, where, order, way, len(args)-1, len(args)), args...)
	if err != nil {
		return nil, 0, err
	}
	list, err = tx.customerRows(ctx, q.Today, ids)
	return list, total, err
}

// Rank is what a customer owes in its largest currency: for an order, never shown.
type Rank struct {
	Customer   id.Customer
	Late, Owed int64
}

// Ranks lists every customer who owes something.
func (tx *Tx) Ranks(ctx context.Context, today cal.Date) (list []Rank, err error) {
	err = tx.each(ctx, owing, []any{tx.company, today.String()}, func(scan func(...any) error) error {
		var r Rank
		err := scan(&r.Customer, (*sum)(&r.Late), (*sum)(&r.Owed))
		list = append(list, r)
		return err
	})
	return list, err
}

// CustomerCount counts the customers of the company.
func (tx *Tx) CustomerCount(ctx context.Context) (n int, err error) {
	err = tx.one(ctx, `SELECT count(*) FROM customer WHERE company = $1`, []any{tx.company}, &n)
	return n, err
}

// CustomerRows reads what a list shows of customers, in the order asked for.
func (tx *Tx) CustomerRows(ctx context.Context, today cal.Date, ids []id.Customer) ([]CustomerRow, error) {
	return tx.customerRows(ctx, today, ids)
}

// customerRows reads what a list shows of customers, in the order asked for.
func (tx *Tx) customerRows(ctx context.Context, today cal.Date, ids []id.Customer) ([]CustomerRow, error) {
	list := make([]CustomerRow, len(ids))
	at := make(map[id.Customer]*CustomerRow, len(ids))
	for i, n := range ids {
		at[n] = &list[i]
	}
	customers, err := tx.Customers(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range customers {
		at[c.ID].Customer = c
	}
	who := ints(tx, ids)
	if err := tx.customerSums(ctx, today, who, at); err != nil {
		return nil, err
	}
	if err := tx.each(ctx, `SELECT s.customer, max(s.level) FROM item i JOIN item_state s ON s.customer = i.customer AND s.item = i.id WHERE +i.company = $1 AND `+
		tx.among("i.customer", 2)+` AND i.open <> 0 GROUP BY s.customer`, []any{tx.company, who}, func(scan func(...any) error) error {
		var c id.Customer
		var n int
		if err := scan(&c, &n); err != nil {
			return err
		}
		at[c].Level = n
		return nil
	}); err != nil {
		return nil, err
	}
	held, err := tx.customerIDs(ctx, `SELECT DISTINCT customer FROM hold WHERE +company = $1 AND `+tx.among("customer", 2)+`
		AND ended_on = '' AND (until_day = '' OR until_day >= $3)`, tx.company, who, today.String())
	if err != nil {
		return nil, err
	}
	for _, n := range held {
		at[n].Held = true
	}
	return list, nil
}

// customerSums reads what each customer owes and has in credit, currency by currency.
func (tx *Tx) customerSums(ctx context.Context, today cal.Date, who any, at map[id.Customer]*CustomerRow) error {
	if err := tx.each(ctx, `SELECT customer, currency, sum(CASE WHEN sign > 0 THEN open ELSE -open END),
		sum(CASE WHEN sign > 0 AND due < $3 THEN open ELSE 0 END), sum(CASE WHEN sign > 0 THEN 1 ELSE 0 END),
		coalesce(min(CASE WHEN sign > 0 THEN due END), '') FROM item WHERE +company = $1 AND `+tx.among("customer", 2)+` AND open <> 0
		GROUP BY customer, currency ORDER BY customer, currency`, []any{tx.company, who, today.String()}, func(scan func(...any) error) error {
		var c id.Customer
		var s CustomerSum
		if err := scan(&c, &s.Currency, (*sum)(&s.Owed), (*sum)(&s.Late), &s.Items, on(&s.OldestDue)); err != nil {
			return err
		}
		at[c].Sums = append(at[c].Sums, s)
		return nil
	}); err != nil {
		return err
	}
	return tx.each(ctx, `SELECT customer, currency, sum(rest) FROM payment WHERE +company = $1 AND `+tx.among("customer", 2)+`
		AND rest <> 0 AND cancelled_on = '' GROUP BY customer, currency`, []any{tx.company, who}, func(scan func(...any) error) error {
		var c id.Customer
		var cur money.Currency
		var n int64
		if err := scan(&c, &cur, (*sum)(&n)); err != nil {
			return err
		}
		at[c].credit(cur, n)
		return nil
	})
}

func (r *CustomerRow) credit(c money.Currency, n int64) {
	for i := range r.Sums {
		if r.Sums[i].Currency == c {
			r.Sums[i].Owed -= n
			return
		}
	}
	r.Sums = append(r.Sums, CustomerSum{Currency: c, Owed: -n})
}
