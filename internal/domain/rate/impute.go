package rate

import (
	"slices"

	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

// impute shares a payment among the debts (C. civ. 1342-10): the one the payer designates, then
// those that are due, then those that cost the debtor most, then the oldest, equals pro rata.
func (k *computation) impute(p Payment) {
	order := k.order(p)
	rest := p.Amount
	principal := func(o *owing, x int64) int64 { return o.payPrincipal(x) }
	interest := func(o *owing, x int64) int64 { return o.payInterest(x) }
	both := func(o *owing, x int64) int64 {
		taken := o.payInterest(x)
		return taken + o.payPrincipal(x-taken)
	}
	left := func(o *owing) int64 { return o.principal }
	owed := func(o *owing) int64 { return o.owed() }
	switch {
	case p.Credit:
		rest = k.share(order, rest, p.On, left, principal)
	case k.c.Imputation == PrincipalFirst:
		rest = k.share(order, rest, p.On, left, principal)
		rest = k.share(order, rest, p.On, owed, interest)
	default:
		rest = k.share(order, rest, p.On, func(o *owing) int64 { return left(o) + owed(o) }, both)
	}
	k.unallocated += rest
}

// order lists the debts as the law pays them.
func (k *computation) order(p Payment) []*owing {
	out := make([]*owing, len(k.debts))
	found := p.Ref == ""
	for i := range k.debts {
		o := &k.debts[i]
		o.designated = p.Ref != "" && o.ref == p.Ref
		found = found || o.designated
		out[i] = o
	}
	if !found {
		k.warn(UnknownDebt)
	}
	slices.SortStableFunc(out, func(a, b *owing) int { return k.compare(a, b, p.On) })
	return out
}

func (k *computation) compare(a, b *owing, on cal.Date) int {
	if a.designated != b.designated {
		return first(a.designated)
	}
	if dueA, dueB := a.due <= on, b.due <= on; dueA != dueB {
		return first(dueA)
	}
	if ra, rb := k.burden(a, on), k.burden(b, on); ra != rb {
		return first(ra > rb)
	}
	return int(a.due - b.due)
}

func first(a bool) int {
	if a {
		return -1
	}
	return 1
}

// burden is the rate that a debt bears on a day: the debtor discharges the dearest with most
// interest. Only frozen rates differ from one debt to the other.
func (k *computation) burden(o *owing, on cal.Date) money.Rate {
	if k.c.floats() || on < o.opening || o.frozen == notLoaded {
		return 0
	}
	return o.frozen
}

// share gives the payment to the debts in their order, and pro rata to those that are equal in
// everything, without losing a cent.
func (k *computation) share(order []*owing, rest int64, on cal.Date, owed func(*owing) int64, pay func(*owing, int64) int64) int64 {
	for i := 0; i < len(order) && rest > 0; {
		j := i + 1
		for j < len(order) && k.compare(order[i], order[j], on) == 0 {
			j++
		}
		weights := make([]int64, 0, j-i)
		var total int64
		for _, o := range order[i:j] {
			weights = append(weights, owed(o))
			total += owed(o)
		}
		if total > 0 {
			for n, part := range money.Euros(min(rest, total)).Allocate(weights...) {
				rest -= pay(order[i+n], part.Minor)
			}
		}
		i = j
	}
	return rest
}
