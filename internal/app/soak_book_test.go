package app

import (
	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// notebook is what the test knows of a company by itself: written from what was brought to the desk, never from what the
// program made of it, but for the customer to whom a bank movement was given, which only the program can say.
type notebook struct {
	bills  map[string]*owing
	hand   map[id.Payment]*received
	net    map[account]int64 // all that is owed less all that is known to have come, without the bank
	spans  map[id.Hold]*span
	frozen map[string]cal.Date // customers, by the judgment that froze what was born before
	closed map[string]bool     // customers whose money is shared by rules that the book does not follow
	moves  map[string]int64    // the bank's movements, by their references

	steps   map[string]string     // of items, by the Message-ID that took them
	written map[string][]cal.Date // the days on which customers were written to
}

type account struct {
	customer string
	currency money.Currency
}

// owing is an invoice, or a credit note when its amount is negative.
type owing struct {
	number, customer string
	currency         money.Currency
	issued, due      cal.Date
	amount           int64
	paid             int64 // by what was said to pay it
	contested        int64
	parts            int
	odd              bool // its ledger says itself what is paid: people leave it alone
}

// received is money that was entered by hand, or came in a file.
type received struct {
	account
	number string // what it was said to pay, "" for none
	amount int64
}

// span is a time in which an invoice, or a customer, may not be asked for anything.
type span struct {
	number, customer string
	reason           dunning.HoldReason
	from, until      cal.Date // until is the last day on which it is sure to block; zero: until it is ended
}

func newNotebook() *notebook {
	return &notebook{bills: map[string]*owing{}, hand: map[id.Payment]*received{}, net: map[account]int64{}, spans: map[id.Hold]*span{},
		frozen: map[string]cal.Date{}, closed: map[string]bool{}, moves: map[string]int64{},
		steps: map[string]string{}, written: map[string][]cal.Date{}}
}

func (b *notebook) bill(o *owing) {
	b.bills[o.number] = o
	b.net[account{o.customer, o.currency}] += o.amount - o.paid
}

func (b *notebook) strike(number string) {
	if o := b.bills[number]; o != nil {
		b.net[account{o.customer, o.currency}] -= o.amount - o.paid
		delete(b.bills, number)
	}
}

// pay notes money; n is zero for what cannot be taken back by its identifier.
func (b *notebook) pay(n id.Payment, p *received) {
	b.net[p.account] -= p.amount
	if o := b.bills[p.number]; o != nil {
		o.paid += p.amount
		for n, s := range b.spans { // a promise that is kept is over
			if s.number == o.number && (s.reason == dunning.HoldPromise || s.reason == dunning.HoldPlan) {
				delete(b.spans, n)
			}
		}
	}
	if n != 0 {
		b.hand[n] = p
	}
}

// unpay takes money back: it came back, or was entered by mistake.
func (b *notebook) unpay(n id.Payment) {
	p := b.hand[n]
	b.net[p.account] += p.amount
	b.release(n)
	delete(b.hand, n)
}

// release leaves the money and takes back what it was said to pay.
func (b *notebook) release(n id.Payment) {
	p := b.hand[n]
	if o := b.bills[p.number]; o != nil {
		o.paid -= p.amount
	}
	p.number = ""
}

// blocked tells why an invoice may not be asked for on a day, as far as the book is sure of it; "" when it is not.
func (b *notebook) blocked(o *owing, on cal.Date) string {
	if day, frozen := b.frozen[o.customer]; frozen && o.issued < day {
		return "insolvency"
	}
	for _, s := range b.spans {
		if (s.number == o.number || s.number == "" && s.customer == o.customer) && s.from <= on && (s.until.IsZero() || on <= s.until) {
			return string(s.reason)
		}
	}
	return ""
}

// sure tells whether the book knows exactly what is open of an invoice.
func (b *notebook) sure(o *owing) bool { return !b.closed[o.customer] && o.parts == 1 && !o.odd }
