package bank

import (
	"slices"

	"relance/internal/ground/cal"
)

// How much each piece of evidence weighs. A proposal's score is the sum of what names the debts, who paid and
// how the amount is explained, at most 100; 80 is sure (Rules.Sure). Read it as:
//
//	reference or number + amount          sure, unless another customer is known to have paid
//	customer + amount of one invoice      sure, if nothing else of the customer explains the amount
//	number + customer + a part of it      sure
//	several invoices found by their sum   never sure: sums coincide
//	look-alike letters, a number cut      sure only with the customer
const (
	defaultSure = 80

	// What names the debts.
	weightReference = 60 // RF…, its check figures right
	weightNumber    = 50 // an invoice's number with letters and at least three figures
	weightZeros     = 45 // the same, zeros added or dropped
	weightFigures   = 45 // a number of at least six figures and no letter
	weightListed    = 45 // completed from the number before it: "F-2026-041/042"
	weightCut       = 35 // a new line inside
	weightAlike     = 35 // O for 0, l for 1…
	weightBrief     = 35 // letters and two figures
	weightNumeric   = 30 // four or five figures
	weightSpread    = 30 // a blank where the number has none
	weightOrder     = 25 // the customer's own order number
	weightFeeble    = 15 // short, or looks like a date, an amount, a contract; or the end of a number alone

	// Who paid. Kinds of evidence that agree add weightMore each.
	weightIBAN    = 45
	weightName    = 45
	weightSIREN   = 40
	weightLabel   = 35 // the name is all that the bank's label holds
	weightSome    = 20 // a part of the name, with two telling words
	weightClose   = 10 // one letter differs; one telling word
	weightCode    = 10
	weightMore    = 10
	maxWho        = 65
	certainWho    = 45 // from here a customer alone may be certain
	rivalWho      = 40 // from here another customer contradicts
	agreeingWho   = 20 // from here a customer confirms what a number says
	weightAnother = -30
	weightDoubt   = -10 // another customer, less well known

	// How the amount is explained.
	weightExact    = 35 // one item, the items named, the whole balance, all that is overdue
	weightCent     = 30 // but for the tolerance
	weightDiscount = 30 // less the discount, within its days
	weightNet      = 30 // less a credit note
	weightCharges  = 28 // less charges that the bank tells, or that a foreign payment bears
	weightSeveral  = 20 // several items found by their sum
	weightPart     = 15 // less than what is named
	weightMaybe    = 12 // charges or a late discount would explain it
	weightOver     = 10 // more than what is named
	weightLonely   = 25 // the amount alone
	weightSame     = 50 // a payment known from elsewhere, of this amount and these days

	// tied: two readings this near to one another leave it to a person.
	tied = 5
)

// why is a reason with its weight.
type why struct {
	weight int
	Reason
}

func because(weight int, key string, args ...any) why { return why{weight, Reason{key, args}} }

// claim is a proposal under way.
type claim struct {
	Proposal
	why       []why
	may       bool     // nothing forbids that it be sure
	explained bool     // the amount is accounted for
	account   bool     // nothing but the customer is known
	certain   bool     // who paid is certain
	first     int32    // the oldest item
	day       cal.Date // of a payment that comes back
}

// weight sums the evidence; it may pass 100, so that two readings that both are good still differ.
func (c *claim) weight() (n int) {
	for _, w := range c.why {
		n += w.weight
	}
	return n
}

// finish writes the score and the reasons, the weightiest first.
func (c *claim) finish() {
	c.Score = min(100, max(1, c.weight()))
	slices.SortStableFunc(c.why, func(a, b why) int { return abs(b.weight) - abs(a.weight) })
	c.Reasons = nil
	for _, w := range c.why {
		if w.Key != "" && !slices.ContainsFunc(c.Reasons, func(r Reason) bool { return r.Key == w.Key && slices.Equal(r.Args, w.Args) }) {
			c.Reasons = append(c.Reasons, w.Reason)
		}
	}
	if len(c.Reasons) > maxReasons {
		c.Reasons = c.Reasons[:maxReasons]
	}
}

// maxReasons is how many reasons a person reads.
const maxReasons = 8

func abs(n int) int { return max(n, -n) }
