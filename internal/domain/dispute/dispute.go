package dispute

import (
	"cmp"
	"slices"

	"relance/internal/ground/cal"
)

// Category says what a dispute is about, who answers and within how many working days. A company may change
// owners and delays.
type Category struct {
	Code  string `json:"code"`
	Owner string `json:"owner,omitempty"` // who answers, by name; "": who opened it
	Days  int    `json:"days"`            // working days to answer
	Words string `json:"words,omitempty"` // what the customer is told when it opens, besides who answers and when; "": the shipped sentence
}

// Categories are the categories as shipped.
var Categories = []Category{
	{Code: "commercial", Days: 10},
	{Code: "delivery", Days: 5},
	{Code: "price", Days: 5},
	{Code: "quality", Days: 10},
	{Code: "administrative", Days: 3},
	{Code: "other", Days: 10},
}

// Find gives a category by its code, as the company has set it.
func Find(own []Category, code string) (Category, bool) {
	for _, list := range [][]Category{own, Categories} {
		for _, c := range list {
			if c.Code == code {
				return c, true
			}
		}
	}
	return Category{}, false
}

// Cause is what made a debtor contest or delay: told when a dispute closes.
type Cause struct {
	Code string
	Ours bool // a fault of the creditor: it could be prevented
}

// Causes lists the causes, those that are ours first.
var Causes = []Cause{
	{"order-number", true}, // a missing or wrong purchase order number
	{"address", true},      // invoice sent to the wrong place
	{"price", true},
	{"quantity", true},
	{"not-delivered", true},
	{"quality", true},
	{"document", true}, // a document was missing
	{"late-invoice", true},
	{"credit-awaited", true}, // promised and not issued
	{"already-paid", true},   // paid, and not recorded
	{"approval", false},      // still with its own people
	{"cash", false},          // no money
	{"unfounded", false},
	{"unknown", false},
}

// CauseOf finds a cause.
func CauseOf(code string) (Cause, bool) {
	for _, c := range Causes {
		if c.Code == code {
			return c, true
		}
	}
	return Cause{}, false
}

// Outcomes are how a dispute ends.
var Outcomes = []string{"accepted", "refused", "credit-note", "paid", "withdrawn"}

// Closed is a dispute that is over, as the count of causes sees it.
type Closed struct {
	Category, Cause string
	Opened, Closed  cal.Date
	Amount          int64 // minor units
}

// Count is what disputes have in common.
type Count struct {
	Code   string
	Ours   bool
	N      int
	Amount int64
	Days   int // that they lasted, in all
}

// Tally counts causes, the most frequent first, and tells how many of those that are known were our own fault.
// Those of unknown cause are counted apart.
func Tally(list []Closed) (counts []Count, ours, known int) {
	at := map[string]*Count{}
	for _, d := range list {
		code := d.Cause
		if _, ok := CauseOf(code); !ok {
			code = "unknown"
		}
		c := at[code]
		if c == nil {
			cause, _ := CauseOf(code)
			c = &Count{Code: code, Ours: cause.Ours}
			at[code] = c
		}
		c.N++
		c.Amount += d.Amount
		c.Days += max(0, d.Closed.Sub(d.Opened))
		if code != "unknown" {
			known++
			if c.Ours {
				ours++
			}
		}
	}
	for _, c := range at {
		counts = append(counts, *c)
	}
	slices.SortFunc(counts, func(a, b Count) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Code, b.Code)) })
	return counts, ours, known
}
