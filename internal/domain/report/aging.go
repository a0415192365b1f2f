package report

import (
	"slices"
	"strings"

	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

// Fact is an open item, or a credit that settles nothing yet, as it stands on a day.
type Fact struct {
	Customer string // code
	Name     string
	Currency money.Currency
	Due      cal.Date // not read for a credit
	Open     int64    // minor units, positive for debts and credits alike
	Credit   bool
}

// Bucket is an age class of the aged receivables.
type Bucket int

// The buckets, by days late.
const (
	NotDue Bucket = iota
	To30
	To60
	To90
	Over90
	bucketCount
)

// Buckets lists the buckets in the order of a table.
func Buckets() []Bucket { return []Bucket{NotDue, To30, To60, To90, Over90} }

// String is the name that scripts read (PRODUCT.md §7).
func (b Bucket) String() string { return [...]string{"not_due", "1-30", "31-60", "61-90", "91+"}[b] }

// BucketOf is the class of an item due on a day, seen on another: the due date itself is not late.
func BucketOf(due, asOf cal.Date) Bucket {
	switch late := asOf.Sub(due); {
	case due.IsZero() || late <= 0:
		return NotDue
	case late <= 30:
		return To30
	case late <= 60:
		return To60
	case late <= 90:
		return To90
	}
	return Over90
}

// Line is a row of aged receivables. Total = the buckets + Credits, always.
type Line struct {
	Total   int64
	Aged    [bucketCount]int64
	Credits int64 // negative: money in the customers' favour, in no bucket
	Count   int   // open items, credits not counted
}

// Late is what is past its due date.
func (l Line) Late() (sum int64) {
	for _, n := range l.Aged[To30:] {
		sum += n
	}
	return sum
}

func (l *Line) add(f Fact, asOf cal.Date) {
	if f.Credit {
		l.Credits -= f.Open
		l.Total -= f.Open
		return
	}
	l.Aged[BucketOf(f.Due, asOf)] += f.Open
	l.Total += f.Open
	l.Count++
}

// CustomerLine is one customer's row.
type CustomerLine struct {
	Customer, Name string
	Line
}

// Aging is one currency's table.
type Aging struct {
	Currency  money.Currency
	Line      // the total row
	Customers []CustomerLine
}

// Age makes the aged receivables at a day: one table a currency, in the order of their codes, with
// one row a customer, in the order of theirs. Settled facts (Open = 0) leave no trace.
func Age(asOf cal.Date, facts []Fact) []Aging {
	type key struct {
		currency money.Currency
		customer string
	}
	tables, rows := map[money.Currency]*Aging{}, map[key]*CustomerLine{}
	for _, f := range facts {
		if f.Open == 0 {
			continue
		}
		t := tables[f.Currency]
		if t == nil {
			t = &Aging{Currency: f.Currency}
			tables[f.Currency] = t
		}
		k := key{f.Currency, f.Customer}
		r := rows[k]
		if r == nil {
			r = &CustomerLine{Customer: f.Customer, Name: f.Name}
			rows[k] = r
		}
		t.add(f, asOf)
		r.add(f, asOf)
	}
	for k, r := range rows {
		tables[k.currency].Customers = append(tables[k.currency].Customers, *r)
	}
	out := make([]Aging, 0, len(tables))
	for _, t := range tables {
		slices.SortFunc(t.Customers, func(a, b CustomerLine) int { return strings.Compare(a.Customer, b.Customer) })
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b Aging) int { return strings.Compare(string(a.Currency), string(b.Currency)) })
	return out
}
