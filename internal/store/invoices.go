package store

import (
	"context"
	"fmt"
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// InvoiceQuery says which page of the invoices is wanted.
type InvoiceQuery struct {
	Today         cal.Date
	Search        string // the number or its beginning, or a customer
	Filter        string // open, late, upcoming, disputed, settled, "" for all
	Sort          string // due, issued, number, open
	Desc          bool
	Offset, Limit int
}

// InvoiceRow is an instalment in a list.
type InvoiceRow struct {
	Invoice                    id.Invoice
	Item                       id.Instalment
	Number                     string
	Kind                       bill.Kind
	CustomerCode, CustomerName string
	Issued, Due                cal.Date
	Estimated                  bool
	Seq, Parts                 int
	Currency                   money.Currency
	Amount, Open               int64
	Credit                     bool
	Level                      int
	Held                       string // reason of a hold that blocks it, "" for none
}

func (q InvoiceQuery) where(tx *Tx, args *[]any) string {
	var b strings.Builder
	switch q.Filter {
	case "open":
		b.WriteString(` AND i.open <> 0`)
	case "late":
		b.WriteString(` AND i.open <> 0 AND i.due < $2 AND i.sign = 1`)
	case "upcoming":
		b.WriteString(` AND i.open <> 0 AND i.due >= $2 AND i.sign = 1`)
	case "disputed":
		b.WriteString(` AND i.open <> 0 AND i.id IN (SELECT item FROM hold WHERE company = $1 AND ended_on = ''
			AND (until_day = '' OR until_day >= $2) AND reason = 'dispute')`)
	case "settled":
		b.WriteString(` AND i.open = 0`)
	}
	if q.Search != "" {
		key := like(NameKey(q.Search))
		if key == "" {
			key = "!!" // signs alone are in no name: this is in none either
		}
		*args = append(*args, q.Search, "%"+key+"%", maxLike)
		n := len(*args)
		fmt.Fprintf(&b, ` AND i.id IN (SELECT id FROM item WHERE invoice IN (%s) UNION SELECT id FROM item WHERE customer IN
			(SELECT id FROM (SELECT id FROM customer WHERE company = $1 AND name_key LIKE $%d ESCAPE '!' LIMIT $%d) AS named
			UNION SELECT id FROM customer WHERE company = $1 AND code = $%d))`, tx.prefix("invoice", "number", n-2), n-1, n, n-2)
	}
	return b.String()
}

// maxLike bounds the customers whose invoices a part of a name finds.
const maxLike = 300

// onlyOpen tells whether the filter keeps what is open: its index then answers, and an instalment
// that is open was never closed.
func (q InvoiceQuery) onlyOpen() bool { return q.Filter != "" && q.Filter != "settled" }

// Counted tells whether a total is known: counting what is settled, or what a word finds, would
// take longer than showing it.
func (q InvoiceQuery) Counted() bool { return q.onlyOpen() && q.Search == "" }

// order is the column and the way; only orders that an index gives, or the amount of what is open.
func (q InvoiceQuery) order() string {
	way := ""
	if q.Desc {
		way = " DESC"
	}
	switch q.Sort {
	case "issued":
		return "d.issued" + way + ", i.id" + way
	case "number":
		return "d.number" + way + ", i.seq"
	case "open":
		return "i.open" + way + ", i.id"
	}
	return "i.due" + way + ", i.id" + way
}

// InvoicesPage is one page of the instalments, and how many there are in all: −1 when they are not
// counted.
func (tx *Tx) InvoicesPage(ctx context.Context, q InvoiceQuery) (list []InvoiceRow, total int, err error) {
	args := []any{tx.company, q.Today.String()}
	from := ` FROM item i`
	if q.Sort == "issued" || q.Sort == "number" {
		from = ` FROM invoice d JOIN item i ON i.invoice = d.id`
	}
	where := from + ` WHERE i.company = $1 AND $2 <> ''` + q.where(tx, &args)
	if from != ` FROM item i` {
		where += ` AND d.company = $1`
	}
	if !q.onlyOpen() {
		where += ` AND i.closed = 0`
	}
	total = -1
	if q.Counted() {
		if err := tx.one(ctx, `SELECT count(*) FROM item i WHERE i.company = $1 AND $2 <> ''`+q.where(tx, &[]any{}), args, &total); err != nil {
			return nil, 0, err
		}
	}
	args = append(args, q.Limit, q.Offset)
	err = tx.each(ctx, fmt.Sprintf(`SELECT d.id, i.id, d.number, d.kind, c.code, c.name, d.issued, i.due, d.due_source, i.seq, d.parts, d.currency,
		i.amount, i.open, i.sign, coalesce(s.level, 0), coalesce((SELECT min(h.reason) FROM hold h WHERE h.customer = i.customer
		AND (h.item = 0 OR h.item = i.id) AND h.ended_on = '' AND (h.until_day = '' OR h.until_day >= $2)), '')
		FROM (SELECT i.id AS item%s ORDER BY %s LIMIT $%d OFFSET $%d) AS p JOIN item i ON i.id = p.item JOIN invoice d ON d.id = i.invoice
		JOIN customer c ON c.id = i.customer LEFT JOIN item_state s ON s.customer = i.customer AND s.item = i.id WHERE i.company = $1 ORDER BY %[2]s`,
		where, q.order(), len(args)-1, len(args)), args, func(scan func(...any) error) error {
		var r InvoiceRow
		var source bill.DueSource
		var sign int64
		err := scan(&r.Invoice, &r.Item, &r.Number, &r.Kind, &r.CustomerCode, &r.CustomerName, on(&r.Issued), on(&r.Due), &source,
			&r.Seq, &r.Parts, &r.Currency, &r.Amount, &r.Open, &sign, &r.Level, &r.Held)
		r.Estimated, r.Credit = source == bill.DueEstimated, sign < 0
		list = append(list, r)
		return err
	})
	return list, total, err
}
