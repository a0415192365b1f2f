package app

import (
	"relance/internal/domain/bill"
	"relance/internal/domain/dunning"
	"relance/internal/format/table"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// incoming is one invoice as a file asserts it: the lines of its number joined.
type incoming struct {
	d     bill.Draft // of the first line
	parts []part
	errs  []fault.Problem
	warns []fault.Problem
	skip  bool // a line that asks for nothing: only its warnings count
	// openOnly: the file knows a balance and no amount.
	openOnly bool
	// estimated: the source holds no due dates at all (FEC).
	estimated bool
	holds     []wanted
	at        []int // where each part stands in a known document
	review    bool  // already doubtful: with the lawyers or nearly
}

// part is one instalment as a file asserts it; amounts are minor units, nil asserts nothing.
type part struct {
	line     int
	due      cal.Date
	amount   int64
	paid     *int64 // cumulative
	settled  cal.Date
	disputed *int64
	level    *int
	sentOn   cal.Date
}

// wanted is a hold that a file asks for.
type wanted struct {
	reason dunning.HoldReason
	from   cal.Date // zero: always
	until  cal.Date
	amount int64  // of a partial dispute
	key    string // of the sentence that says why; "" for that of the reason
}

func newIncoming(d *bill.Draft, n *table.Notes) *incoming {
	in := &incoming{d: *d, errs: n.Errors, warns: n.Warnings, openOnly: d.Open != nil && d.Total.Currency == ""}
	if len(n.Errors) == 0 {
		for _, p := range d.Instalments {
			in.parts = append(in.parts, partOf(d, p))
		}
	}
	return in
}

func partOf(d *bill.Draft, i bill.DraftInstalment) part {
	p := part{line: i.Line, due: i.Due, amount: i.Amount.Minor, settled: d.SettledOn, level: d.LastLevel, sentOn: d.LastSentOn}
	switch {
	case d.Open != nil:
		paid := max(0, i.Amount.Minor-d.Open.Minor)
		p.paid = &paid
	case d.Paid != nil:
		paid := d.Paid.Minor
		p.paid = &paid
	}
	if d.Disputed != nil {
		n := d.Disputed.Minor
		p.disputed = &n
	}
	return p
}

// join adds another line of the same number: an instalment, or the same line again. Lines that
// contradict each other spoil the whole invoice: nothing is half-imported.
func (in *incoming) join(d *bill.Draft, n *table.Notes) {
	in.warns = append(in.warns, n.Warnings...)
	in.errs = append(in.errs, n.Errors...)
	if len(in.errs) > 0 {
		return
	}
	bad := func(field, value, key string, args ...any) {
		in.errs = append(in.errs, fault.Problem{Line: d.Line, Field: field, Value: value, Key: key, Args: args})
	}
	a := &in.d
	switch {
	case d.Customer.Code != a.Customer.Code || a.Customer.Code == "" && d.Customer.Name != a.Customer.Name:
		bad("customer", d.Customer.Code+d.Customer.Name, "import.join.customer", d.Number)
	case d.Currency != a.Currency:
		bad("currency", string(d.Currency), "import.join.currency", d.Number)
	case d.Kind != a.Kind:
		bad("amount", "", "import.join.kind", d.Number)
	}
	if len(in.errs) > 0 {
		return
	}
	for _, i := range d.Instalments {
		p := partOf(d, i)
		switch at, same := in.sameDue(p); {
		case at < 0:
			in.parts = append(in.parts, p)
		case same:
			in.warns = append(in.warns, fault.Problem{Line: d.Line, Field: "number", Value: d.Number, Key: "import.duplicate"})
			continue
		default:
			bad("amount", money.Of(p.amount, d.Currency).Decimal(), "import.join.amount", d.Number, p.due)
			continue
		}
		sum := func(x *money.Amount, y money.Amount) {
			if x.Currency != "" && y.Currency != "" {
				*x = x.Add(y)
			}
		}
		sum(&a.Total, d.Total)
		sum(&a.Payable, d.Payable)
	}
}

// sameDue finds a part that falls due on the same day, and tells whether it is the same line.
func (in *incoming) sameDue(p part) (at int, same bool) {
	for i, q := range in.parts {
		if q.due == p.due {
			return i, q.amount == p.amount
		}
	}
	return -1, false
}

// paid is what the file asserts as paid in all; ok is false when it asserts nothing.
func (in *incoming) paid() (sum int64, ok bool) {
	for _, p := range in.parts {
		if p.paid != nil {
			sum, ok = sum+min(*p.paid, p.amount), true
		}
	}
	return sum, ok
}

// spreadPaid mends a column of invoice-wide payments repeated on each line would count twice. When
// every line states the same payment and it does not fit into one of them, it is the invoice's.
func (in *incoming) spreadPaid() {
	if len(in.parts) < 2 {
		return
	}
	first := in.parts[0].paid
	over := false
	for _, p := range in.parts {
		if p.paid == nil || first == nil || *p.paid != *first {
			return
		}
		over = over || *p.paid > p.amount
	}
	if !over {
		return
	}
	left := *first
	for i := range in.parts {
		n := min(left, in.parts[i].amount)
		left -= n
		in.parts[i].paid = &n
	}
}
