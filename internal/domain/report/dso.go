package report

import (
	"slices"

	"relance/internal/ground/cal"
)

// Tenths counts tenths of a day: 523 is 52.3 days.
type Tenths int64

// Billed is what was invoiced in a month, tax included, credit notes deducted, in minor units of
// one currency.
type Billed struct {
	Month  cal.Date // any day of the month
	Amount int64
}

// Simple is receivables over turnover: open / billed × days of the period. ok is false when
// nothing was billed.
func Simple(open, billed int64, days int) (dso Tenths, ok bool) {
	if billed <= 0 || days <= 0 {
		return 0, false
	}
	return divide(open, int64(days)*10, billed), true
}

// CountBack is the exhaustion method: the months are taken back from the day until their turnover
// has used up the receivables. The days of a month used up count whole, the last one's in
// proportion; the month of asOf counts its days so far. ok is false when the months do not reach
// back far enough: the figure is then the days that were covered.
func CountBack(asOf cal.Date, open int64, months []Billed) (dso Tenths, ok bool) {
	if open <= 0 {
		return 0, true
	}
	months = slices.Clone(months)
	slices.SortFunc(months, func(a, b Billed) int { return int(b.Month - a.Month) })
	end := asOf
	for _, m := range months {
		first := firstOf(m.Month)
		if first > end {
			continue
		}
		// Months without a line billed nothing: their days count.
		gap := Tenths(end.Sub(min(end, m.Month.EndOfMonth()))) * 10
		days := int64(min(end, m.Month.EndOfMonth()).Sub(first)) + 1
		dso += gap
		if m.Amount >= open && m.Amount > 0 {
			return dso + divide(open, days*10, m.Amount), true
		}
		dso += Tenths(days * 10)
		open -= max(0, m.Amount)
		end = first - 1
		if open == 0 {
			return dso, true
		}
	}
	return dso, false
}

func firstOf(d cal.Date) cal.Date {
	y, m, _ := d.Civil()
	return cal.Of(y, m, 1)
}

// divide is a × b / c, half up, in 128 bits.
func divide(a, b, c int64) Tenths {
	if a <= 0 {
		return 0
	}
	return Tenths(mulDiv(uint64(a), uint64(b), uint64(c)))
}
