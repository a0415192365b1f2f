package rate

import (
	"slices"

	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Interest is what one debt has borne by the end of a day, in cents, payments settling principal
// first as the books do (PRODUCT.md §5). It is Compute without the paper: nothing is allocated
// when the payments come in the order of their dates. principal is the debt before the payments;
// for the public kinds due is the last day of the payment delay.
// Errors: *MissingRate; "rate.bounds" for amounts beyond money.Max.
func (t *Table) Interest(q Terms, principal int64, due, until cal.Date, payments []Payment) (int64, error) {
	if principal < 0 || principal > money.Max || due.IsZero() {
		return 0, fault.New(fault.Invalid, "rate.bounds")
	}
	if until <= due || principal == 0 {
		return 0, nil
	}
	if err := q.check(); err != nil {
		return 0, err
	}
	byDate := func(a, b Payment) int { return int(a.On - b.On) }
	if !slices.IsSortedFunc(payments, byDate) {
		payments = slices.Clone(payments)
		slices.SortStableFunc(payments, byDate)
	}
	var a accrual
	a.begin(t, &q, due)
	a.principal = principal
	for _, p := range payments {
		if p.On > until || a.principal == 0 {
			break
		}
		if err := a.run(p.On); err != nil {
			return 0, err
		}
		a.payPrincipal(p.Amount)
	}
	if err := a.run(until); err != nil {
		return 0, err
	}
	return a.sum.round(a.scale), nil
}
