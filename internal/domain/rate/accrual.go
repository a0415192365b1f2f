package rate

import (
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// accrual is one debt while interest runs on it. It allocates nothing unless segments are kept,
// so that the engine computes a hundred thousand of them in a run.
type accrual struct {
	table *Table
	terms Terms
	scale uint64
	next  cal.Date // first day not counted yet
	principal,
	capital int64 // interest that bears interest (capitalised)
	yearly  cal.Date // end of the year at which interest is capitalised; zero: never
	opening cal.Date // first day that bears interest
	paid    int64    // interest paid
	sum     exact    // interest so far
	frozen  money.Rate
	keep    bool
	kept    []Segment
}

func (a *accrual) begin(t *Table, q *Terms, due cal.Date) {
	a.table, a.terms, a.scale = t, *q, q.DayCount.scale()
	a.next = q.first(due)
	a.opening, a.frozen = a.next, notLoaded
}

// run counts the days up to and including `to`, each at the rate of its own half-year
// (law-fr.md §2.2).
func (a *accrual) run(to cal.Date) error {
	if j := a.terms.Judgment; !j.IsZero() {
		to = min(to, j-1)
	}
	if !a.terms.bears() {
		return nil
	}
	for a.next <= to {
		base := a.principal + a.capital
		if base <= 0 {
			a.next = to + 1
			return nil
		}
		if uint64(base) > maxBase || to.Sub(a.opening) > maxDays {
			return fault.New(fault.Invalid, "rate.bounds")
		}
		end, free := a.piece(to)
		if !free {
			if err := a.count(end, base); err != nil {
				return err
			}
		}
		a.next = end + 1
		if end == a.yearly {
			a.capitalise()
		}
	}
	return nil
}

// piece is the last day of the stretch that begins at next and changes neither rate, weight of a
// day nor grace; free tells that no interest runs in it.
func (a *accrual) piece(to cal.Date) (end cal.Date, free bool) {
	end = to
	if a.terms.floats() {
		end = min(end, a.table.half(cal.SemesterOf(a.next)).end)
	}
	if a.terms.DayCount == ActAct {
		end = min(end, cal.Of(a.next.Year(), 12, 31))
	}
	if !a.yearly.IsZero() {
		end = min(end, a.yearly)
	}
	for _, g := range a.terms.Grace {
		switch {
		case a.next >= g.From && a.next <= g.To:
			return min(end, g.To), true
		case g.From > a.next:
			end = min(end, g.From-1)
		}
	}
	return end, free
}

func (a *accrual) count(end cal.Date, base int64) error {
	r := a.frozen
	if r == notLoaded {
		day := a.next
		if !a.terms.floats() {
			day = a.opening
		}
		var err error
		if r, err = a.terms.rate(a.table, cal.SemesterOf(day)); err != nil {
			return err
		}
		if !a.terms.floats() {
			a.frozen = r
		}
	}
	days := end.Sub(a.next) + 1
	year := 0
	if a.terms.DayCount == ActAct {
		year = a.next.Year()
	}
	part := product(uint64(base), uint64(r)*uint64(days)*a.terms.DayCount.perDay(year))
	a.sum = a.sum.plus(part)
	if a.keep {
		a.segment(Segment{From: a.next, To: end, Days: days, Rate: r, Base: base, num: part, den: a.scale})
	}
	return nil
}

// segment keeps a stretch; one that only a payment elsewhere or a date without effect had cut is
// joined to the one before, half-years stay apart.
func (a *accrual) segment(s Segment) {
	if n := len(a.kept) - 1; n >= 0 {
		l := &a.kept[n]
		apart := a.terms.floats() && cal.SemesterOf(l.From) != cal.SemesterOf(s.From) ||
			a.terms.DayCount == ActAct && l.From.Year() != s.From.Year()
		if l.To+1 == s.From && l.Rate == s.Rate && l.Base == s.Base && !apart {
			l.To, l.Days, l.num = s.To, l.Days+s.Days, l.num.plus(s.num)
			return
		}
	}
	a.kept = append(a.kept, s)
}

// owed is the interest due and unpaid, in cents: the whole accrued sum is rounded, never its
// pieces.
func (a *accrual) owed() int64 { return a.sum.round(a.scale) - a.paid }

// capitalise makes a full year's unpaid interest bear interest (C. civ. 1343-2).
func (a *accrual) capitalise() {
	a.capital = a.owed()
	years := 1
	for a.opening.AddMonths(12*years)-1 <= a.yearly {
		years++
	}
	a.yearly = a.opening.AddMonths(12*years) - 1
}

// payInterest takes up to x cents of interest; the oldest, that is the capitalised, goes first.
func (a *accrual) payInterest(x int64) (taken int64) {
	taken = min(x, a.owed())
	a.paid += taken
	a.capital = max(0, a.capital-taken)
	return taken
}

func (a *accrual) payPrincipal(x int64) (taken int64) {
	taken = min(x, a.principal)
	a.principal -= taken
	return taken
}
