package bank

import (
	"cmp"
	"slices"

	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Past is a payment that was received and may come back.
type Past struct {
	Payment    id.Payment
	Customer   id.Customer
	Date       cal.Date
	Currency   money.Currency
	Amount     int64 // minor units, positive
	Method     cash.Method
	Numbers    []string // of the invoices that it settled
	References []string // the bank's and the sender's references of it
}

// Comeback is one way to read a payment that comes back.
type Comeback struct {
	Payment  id.Payment
	Customer id.Customer
	Score    int // 0–100
	Reasons  []Reason
}

// Recall is what Returned says of one line: which payment comes back, the likeliest first.
type Recall struct {
	Comebacks []Comeback
	Sure      bool
}

// returnDays is how far back a payment of the same amount is sought: a direct debit may come back for eight weeks, a
// cheque or a bill within days, and banks are slow. A reference is believed whatever the day.
const returnDays = 90

// What speaks for a payment that comes back.
const (
	weightRecalled = 60 // its reference
	weightItsSum   = 25
	weightOnly     = 15 // the only one of the customer
	weightMethod   = 5
	weightItsDay   = 10
	weightDiffers  = -30
)

// returning is a reading of a line that comes back.
type returning struct {
	past     *Past
	why      []why
	recalled bool // by its reference
	exact    bool
	known    bool // the customer is known beyond doubt, or by the number of the invoice
	recent   bool
	cited    bool // the line names an invoice that it settled
}

// Returned says which payment a line takes back: sure when the line repeats a reference of only one, or when the
// customer is known and has only one payment of that amount in the last 90 days that could come back so.
func (b *Book) Returned(on cal.Date, cur money.Currency, l *Line, past []Past) (r Recall) {
	line := *l
	if line.Amount < 0 {
		line.Amount = -line.Amount
	}
	if line.Amount <= 0 || line.Amount > maxAmount {
		return r
	}
	m := b.read(on, cur, &line)
	m.texts = append(m.texts, wordsOf(l.Original))
	var list []returning
	for i := range past {
		p := &past[i]
		if p.Currency == cur && p.Amount > 0 && p.Date <= on && comesBackAs(p.Method, cash.Method(l.Method)) {
			if x := m.returns(p); x.recalled || x.cited || x.exact && (x.recent || x.known) {
				list = append(list, x)
			}
		}
	}
	return choose(list)
}

// comesBackAs tells whether a payment of a method can come back in a line of another: banks do not always tell.
func comesBackAs(paid, back cash.Method) bool { return paid == "" || back == "" || paid == back }

func (m *matching) returns(p *Past) (x returning) {
	x = returning{past: p, exact: p.Amount == m.amount, recent: m.on.Sub(p.Date) <= returnDays}
	for _, ref := range p.References[:min(len(p.References), maxListed)] {
		if all := joined(wordsOf(ref)); !x.recalled && len(all) >= 4 && hasFigures(all) && m.says(all) {
			x.recalled = true
			x.why = append(x.why, because(weightRecalled, "bank.reason.back.reference", ref))
		}
	}
	if x.exact {
		x.why = append(x.why, because(weightItsSum, "bank.reason.back.amount"))
	} else {
		x.why = append(x.why, because(weightDiffers, "bank.reason.back.differs"))
	}
	m.returnedBy(p, &x)
	if p.Method != "" && string(p.Method) == m.line.Method {
		x.why = append(x.why, because(weightMethod, "bank.reason.back.method"))
	}
	if p.Date == m.line.Sent && !p.Date.IsZero() {
		x.why = append(x.why, because(weightItsDay, "bank.reason.back.day"))
	}
	if !x.recent {
		x.why = append(x.why, because(weightDoubt, "bank.reason.back.late"))
	}
	return x
}

// returnedBy adds what the line tells of the customer.
func (m *matching) returnedBy(p *Past, x *returning) {
	for _, number := range p.Numbers[:min(len(p.Numbers), maxListed)] {
		if all := wordsOf(number); !x.known && strengthOf(all) >= weightBrief && m.says(joined(all)) {
			x.known, x.cited = true, true
			x.why = append(x.why, because(weightNumber, "bank.reason.number", number))
		}
	}
	debtor := m.b.indexOf(p.Customer)
	if debtor < 0 {
		return
	}
	if s := m.payer(debtor); s != nil {
		x.why = append(x.why, s.reasons()...)
		x.known = x.known || m.who.certain(s)
	}
	if rival := m.who.against(debtor); rival != nil {
		x.why = append(x.why, because(weightAnother, "bank.reason.conflict", m.b.title(rival.debtor)))
		x.known = false
	}
}

func hasFigures(s string) bool {
	for i := 0; i < len(s); i++ {
		if kindOf(s[i]) == figures {
			return true
		}
	}
	return false
}

// choose puts the likeliest payment first and tells whether it is the only one.
func choose(list []returning) (r Recall) {
	recalled, known := 0, 0
	for _, x := range list {
		if x.recalled {
			recalled++
		}
		if x.exact && x.recent && x.known {
			known++
		}
	}
	claims := make([]claim, len(list))
	for i, x := range list {
		c := &claims[i]
		c.Customer, c.Same, c.why, c.day = x.past.Customer, x.past.Payment, x.why, x.past.Date
		switch {
		case x.recalled:
			c.may = recalled == 1 && x.exact
		case x.exact && x.recent && x.known:
			c.may = known == 1 && recalled == 0
			if known == 1 {
				c.why = append(c.why, because(weightOnly, "bank.reason.back.one"))
			} else {
				c.why = append(c.why, because(0, "bank.reason.back.several"))
			}
		}
	}
	slices.SortStableFunc(claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), cmp.Compare(b.day, a.day), cmp.Compare(a.Same, b.Same))
	})
	for i := range claims[:min(len(claims), maxProposals)] {
		c := &claims[i]
		c.finish()
		r.Comebacks = append(r.Comebacks, Comeback{c.Same, c.Customer, c.Score, c.Reasons})
	}
	r.Sure = len(claims) > 0 && claims[0].may && claims[0].weight() > 0 && (len(claims) == 1 || claims[1].weight()+tied <= claims[0].weight())
	return r
}
