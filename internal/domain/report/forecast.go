package report

import (
	"slices"

	"relance/internal/ground/cal"
)

// Awaited is an open item whose money is awaited.
type Awaited struct {
	Customer int64
	Due      cal.Date
	Promised cal.Date // the day promised or agreed, zero for none
	Open     int64    // minor units of one currency
	Doubtful bool     // contested, in an insolvency or under review: nobody can say when
}

// Paid is how late an item was paid, in days; negative before its due date.
type Paid struct {
	Customer int64
	Late     int
}

// Week is what a week is expected to bring, minor units.
type Week struct {
	From     cal.Date // Monday
	Expected int64    // promised ones too
	Promised int64
}

// Forecast is the money expected, week by week.
type Forecast struct {
	Weeks     []Week
	Later     int64 // after the last week
	Uncertain int64 // doubtful, or later than anything that was ever paid
	Total     int64
}

// enoughPaid is from how many payments on a customer's own habits are believed.
const enoughPaid = 5

// Expect forecasts cash: a promised item on its day; the others when the customer's own delays say, or those of all
// customers while it has too few. An item that is late already is expected after the middle of the delays that were longer still: what is
// late is not counted as money of tomorrow. History is what was paid; weeks begin with that of asOf.
func Expect(asOf cal.Date, weeks int, items []Awaited, history []Paid) Forecast {
	all, own := make([]int, 0, len(history)), map[int64][]int{}
	for _, h := range history {
		all = append(all, h.Late)
		own[h.Customer] = append(own[h.Customer], h.Late)
	}
	slices.Sort(all)
	for c := range own {
		slices.Sort(own[c])
	}
	monday := asOf
	for monday.Weekday() != 1 {
		monday--
	}
	f := Forecast{Weeks: make([]Week, weeks)}
	for i := range f.Weeks {
		f.Weeks[i].From = monday.AddDays(7 * i)
	}
	for _, it := range items {
		f.Total += it.Open
		on, ok := it.Promised, it.Promised >= asOf
		if !ok && !it.Doubtful {
			delays := own[it.Customer]
			if len(delays) < enoughPaid {
				delays = all
			}
			on, ok = expected(asOf, it.Due, delays)
		}
		switch i := on.Sub(monday) / 7; {
		case !ok || it.Doubtful:
			f.Uncertain += it.Open
		case i >= weeks:
			f.Later += it.Open
		default:
			f.Weeks[i].Expected += it.Open
			if it.Promised >= asOf {
				f.Weeks[i].Promised += it.Open
			}
		}
	}
	return f
}

// expected is the day on which an item is most likely paid: the median of the delays that its own has not passed yet.
// ok is false when nothing was ever paid so late.
func expected(asOf, due cal.Date, delays []int) (on cal.Date, ok bool) {
	late := asOf.Sub(due)
	i, _ := slices.BinarySearch(delays, late)
	left := delays[i:]
	switch {
	case len(delays) == 0: // nothing is known: the due date is all there is to believe
		return due, due >= asOf
	case len(left) == 0:
		return 0, false
	}
	return cal.Later(asOf, due.AddDays(left[(len(left)-1)/2])), true
}
