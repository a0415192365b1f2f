package table

import (
	"math/big"

	"relance/internal/domain/bill"
	"relance/internal/ground/money"
)

// maxProducts bounds the invoices that are summed from their product lines.
const maxProducts = 500_000

// basket is an invoice while its product lines are met.
type basket struct {
	draft bill.Draft
	notes Notes
	gross *big.Rat // with tax
}

// products sums the lines of each number. Each line is rounded before tax, then its tax: of the
// usual ways it is the only one that agrees to the cent with the payments of a real export (the
// milk invoices of ekylibre, see TestEkylibre).
func (l *line) products(yield func(*bill.Draft, *Notes) bool) error {
	found := map[string]*basket{}
	var order []*basket
	err := l.rows(func() bool {
		if l.sumsOthers() {
			return true
		}
		number := l.text("number")
		b := found[number]
		if b == nil || number == "" {
			if len(order) >= maxProducts {
				l.fail("line", "", "format.table.rows", maxProducts)
				return false
			}
			b = &basket{gross: new(big.Rat)}
			found[number] = b
			order = append(order, b)
			l.head(&b.draft)
			if number == "" {
				l.fail("number", "", "format.missing")
			}
		}
		l.product(b)
		b.notes.Errors = append(b.notes.Errors, l.notes.Errors...)
		b.notes.Warnings = append(b.notes.Warnings, l.notes.Warnings...)
		return true
	})
	for _, b := range order {
		l.no = b.draft.Line
		b.sum()
		if !yield(&b.draft, &b.notes) {
			break
		}
	}
	return err
}

// head reads what the lines of one invoice share.
func (l *line) head(d *bill.Draft) {
	d.Line, d.Number = l.no, l.text("number")
	l.readKind(d)
	d.Currency = l.currency("line_total", "unit_price")
	d.Issued, d.Received, d.Delivered = l.date("issued"), l.date("received"), l.date("delivered")
	d.Customer = l.invoiced()
	d.Reference, d.Order, d.Terms = l.text("reference"), l.text("order"), l.text("terms")
	d.Instalments = []bill.DraftInstalment{{Line: l.no, Due: l.date("due")}}
	if d.Customer.Code == "" && d.Customer.Name == "" {
		l.fail("customer", "", "format.missing")
	}
}

// product adds one line.
func (l *line) product(b *basket) {
	if l.has("line_total") {
		if f, ok := l.figure("line_total"); ok {
			b.gross.Add(b.gross, f.rat())
			return
		}
	}
	q, okQ := l.figure("quantity")
	p, okP := l.figure("unit_price")
	if !okQ || !okP {
		if len(l.notes.Errors) == 0 {
			l.fail("amount", "", "format.missing")
		}
		return
	}
	line := roundTo(new(big.Rat).Mul(q.rat(), p.rat()), b.draft.Currency)
	b.gross.Add(b.gross, line)
	if f, ok := l.figure("tax_rate"); ok {
		rate := f.rat()
		if rate.Cmp(big.NewRat(1, 1)) >= 0 { // 20 is 20 %, and so is 0.2
			rate.Quo(rate, big.NewRat(100, 1))
		}
		b.gross.Add(b.gross, roundTo(rate.Mul(rate, line), b.draft.Currency))
	}
}

func (b *basket) sum() {
	d := &b.draft
	total := roundTo(b.gross, d.Currency)
	a, ok := minor(total, d.Currency)
	if !ok {
		b.notes.Errors = append(b.notes.Errors, problemAt(d.Line, "amount", total.FloatString(2), "amount.large", total.FloatString(2)))
	}
	if a.Minor < 0 {
		d.Kind, a = bill.CreditNote, a.Neg()
	}
	d.Total, d.Payable, d.Prepaid = a, a, money.Of(0, d.Currency)
	d.Instalments[0].Amount = a
}

// roundTo rounds to the currency's minor unit, half away from zero.
func roundTo(r *big.Rat, c money.Currency) *big.Rat {
	out, _ := new(big.Rat).SetString(r.FloatString(c.Decimals())) // a decimal: cannot fail
	return out
}

func minor(r *big.Rat, c money.Currency) (money.Amount, bool) {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Decimals())), nil)
	n := new(big.Rat).Mul(r, new(big.Rat).SetInt(scale))
	if !n.IsInt() || !n.Num().IsInt64() || n.Num().Int64() > money.Max || n.Num().Int64() < -money.Max {
		return money.Of(0, c), false
	}
	return money.Of(n.Num().Int64(), c), true
}
