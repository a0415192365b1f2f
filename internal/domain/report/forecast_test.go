package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"relance/internal/domain/report"
)

// Customer 1 pays about twenty days late, customer 2 was never seen, customer 3 promised Friday week.
func TestForecast(t *testing.T) {
	var history []report.Paid
	for _, late := range []int{10, 20, 20, 20, 60} {
		history = append(history, report.Paid{Customer: 1, Late: late})
	}
	f := report.Expect(day("2026-11-25"), 4, []report.Awaited{
		{Customer: 1, Due: day("2026-11-20"), Open: 100},                                // + 20: 10 December, the third week
		{Customer: 1, Due: day("2026-10-20"), Open: 200},                                // 36 days late: only the delay of 60 is left, 19 December
		{Customer: 1, Due: day("2026-06-01"), Open: 400},                                // later than anything ever paid
		{Customer: 2, Due: day("2026-11-10"), Open: 800},                                // as the others: + 20, 30 November
		{Customer: 3, Due: day("2026-01-01"), Open: 1600, Promised: day("2026-12-04")},  // its word
		{Customer: 3, Due: day("2026-11-30"), Open: 3200, Doubtful: true},               // contested
		{Customer: 1, Due: day("2027-01-31"), Open: 6400},                               // beyond the weeks
		{Customer: 3, Due: day("2026-11-20"), Open: 12800, Promised: day("2026-11-20")}, // a promise of the past says nothing
	}, history)
	want := report.Forecast{Weeks: []report.Week{{From: day("2026-11-23")}, {day("2026-11-30"), 800 + 1600, 1600}, {day("2026-12-07"), 100 + 12800, 0},
		{day("2026-12-14"), 200, 0}}, Later: 6400, Uncertain: 400 + 3200, Total: 25500}
	if d := cmp.Diff(want, f); d != "" {
		t.Error(d)
	}
}

// Whatever is owed is expected once, or said to be uncertain.
func TestForecastLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) report.Awaited {
			return report.Awaited{Customer: rapid.Int64Range(1, 3).Draw(t, "c"), Due: day("2026-11-01").AddDays(rapid.IntRange(-200, 200).Draw(t, "due")),
				Open: rapid.Int64Range(1, 1e6).Draw(t, "open"), Doubtful: rapid.Bool().Draw(t, "doubtful")}
		}), 0, 20).Draw(t, "items")
		history := rapid.SliceOf(rapid.Custom(func(t *rapid.T) report.Paid {
			return report.Paid{Customer: rapid.Int64Range(1, 3).Draw(t, "c"), Late: rapid.IntRange(-30, 120).Draw(t, "late")}
		})).Draw(t, "history")
		f := report.Expect(day("2026-11-25"), 6, items, history)
		sum, owed := f.Later+f.Uncertain, int64(0)
		for _, w := range f.Weeks {
			sum += w.Expected
		}
		for _, it := range items {
			owed += it.Open
		}
		if sum != owed || f.Total != owed {
			t.Fatalf("%d owed, %d told", owed, sum)
		}
	})
}
