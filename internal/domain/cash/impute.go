package cash

import (
	"cmp"
	"slices"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Debt is an open item that a payment may settle.
type Debt struct {
	Item   id.Instalment
	Number string
	Seq    int
	Issued cal.Date
	Due    cal.Date
	Open   int64 // minor units
	RateBP int   // interest that it bears, basis points a year: what the debtor had interest to discharge
}

// Part is what a payment settles of a debt, minor units.
type Part struct {
	Item   id.Instalment
	Amount int64
}

// Impute shares a payment of n minor units among debts for which the debtor has designated none (C. civ.
// 1342-10, law-fr.md §2.5): those that are due first; among them those that cost the debtor most, then the
// oldest; equal ones in proportion. What no debt takes is left: it is the customer's credit. The debts are of one
// customer and one currency; principal alone is counted, interest is a claim of its own (PRODUCT.md §5).
func Impute(n int64, c money.Currency, on cal.Date, debts []Debt) (parts []Part, left int64) {
	list := slices.Clone(debts)
	list = slices.DeleteFunc(list, func(d Debt) bool { return d.Open <= 0 })
	order := func(a, b Debt) int {
		return cmp.Or(cmp.Compare(later(a, on), later(b, on)), cmp.Compare(b.RateBP, a.RateBP), cmp.Compare(a.Due, b.Due), cmp.Compare(a.Issued, b.Issued))
	}
	slices.SortStableFunc(list, func(a, b Debt) int {
		return cmp.Or(order(a, b), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Seq, b.Seq))
	})
	for len(list) > 0 && n > 0 {
		same := 1
		for same < len(list) && order(list[0], list[same]) == 0 {
			same++
		}
		sum := int64(0)
		weights := make([]int64, same)
		for i, d := range list[:same] {
			weights[i] = d.Open
			sum += d.Open
		}
		share := money.Of(min(n, sum), c).Allocate(weights...)
		for i, d := range list[:same] {
			if share[i].Minor > 0 {
				parts = append(parts, Part{d.Item, share[i].Minor})
			}
		}
		n -= min(n, sum)
		list = list[same:]
	}
	return parts, n
}

// later is 1 for a debt that is not due yet.
func later(d Debt, on cal.Date) int {
	if d.Due > on {
		return 1
	}
	return 0
}
