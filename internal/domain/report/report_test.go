package report_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

func day(s string) cal.Date { return cal.MustParse(s) }

// TestAgedReceivables is a table an accountant can add up.
func TestAgedReceivables(t *testing.T) {
	eur, usd := money.EUR, money.Currency("USD")
	facts := []report.Fact{
		{Customer: "C2", Name: "Zoé", Currency: eur, Due: day("2026-06-30"), Open: 100},  // due today: not late
		{Customer: "C2", Name: "Zoé", Currency: eur, Due: day("2026-06-29"), Open: 200},  // 1 day
		{Customer: "C2", Name: "Zoé", Currency: eur, Due: day("2026-05-31"), Open: 400},  // 30 days
		{Customer: "C1", Name: "Ana", Currency: eur, Due: day("2026-05-30"), Open: 800},  // 31
		{Customer: "C1", Name: "Ana", Currency: eur, Due: day("2026-04-30"), Open: 1600}, // 61
		{Customer: "C1", Name: "Ana", Currency: eur, Due: day("2026-03-31"), Open: 3200}, // 91
		{Customer: "C1", Name: "Ana", Currency: eur, Open: 50, Credit: true},
		{Customer: "C1", Name: "Ana", Currency: usd, Due: day("2026-04-01"), Open: 7}, // 90
		{Customer: "C3", Name: "Paid", Currency: eur, Due: day("2026-04-01")},
	}
	var got []string
	for _, a := range report.Age(day("2026-06-30"), facts) {
		got = append(got, fmt.Sprintf("%s %v credits %d total %d count %d late %d", a.Currency, a.Aged, a.Credits, a.Total, a.Count, a.Late()))
		for _, c := range a.Customers {
			got = append(got, fmt.Sprintf("  %s %s %v credits %d total %d count %d", c.Customer, c.Name, c.Aged, c.Credits, c.Total, c.Count))
		}
	}
	want := []string{
		"EUR [100 600 800 1600 3200] credits -50 total 6250 count 6 late 6200",
		"  C1 Ana [0 0 800 1600 3200] credits -50 total 5550 count 3",
		"  C2 Zoé [100 600 0 0 0] credits 0 total 700 count 3",
		"USD [0 0 0 7 0] credits 0 total 7 count 1 late 7",
		"  C1 Ana [0 0 0 7 0] credits 0 total 7 count 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestAgedAddsUp: total = buckets + credits, in every row, and the rows add up to the total.
func TestAgedAddsUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		facts := rapid.SliceOf(rapid.Custom(func(rt *rapid.T) report.Fact {
			return report.Fact{Customer: rapid.SampledFrom([]string{"A", "B", "C"}).Draw(rt, "c"),
				Currency: rapid.SampledFrom([]money.Currency{"EUR", "USD"}).Draw(rt, "cur"),
				Due:      day("2026-01-01") + cal.Date(rapid.IntRange(0, 300).Draw(rt, "due")),
				Open:     rapid.Int64Range(0, 1e9).Draw(rt, "open"), Credit: rapid.Bool().Draw(rt, "credit")}
		})).Draw(rt, "facts")
		want := map[money.Currency]int64{}
		for _, f := range facts {
			if f.Credit {
				f.Open = -f.Open
			}
			want[f.Currency] += f.Open
		}
		for _, a := range report.Age(day("2026-06-30"), facts) {
			if a.Total != want[a.Currency] {
				rt.Fatalf("%s: %d, want %d", a.Currency, a.Total, want[a.Currency])
			}
			var rows report.Line
			for _, c := range a.Customers {
				check(rt, c.Line)
				for i, n := range c.Aged {
					rows.Aged[i] += n
				}
				rows.Total += c.Total
				rows.Credits += c.Credits
				rows.Count += c.Count
			}
			check(rt, a.Line)
			if rows != a.Line {
				rt.Fatalf("rows %v, total row %v", rows, a.Line)
			}
		}
	})
}

func check(t *rapid.T, l report.Line) {
	sum := l.Credits
	for _, n := range l.Aged {
		sum += n
	}
	if sum != l.Total || l.Credits > 0 {
		t.Fatalf("row does not add up: %+v", l)
	}
}

func TestDaysSalesOutstanding(t *testing.T) {
	if got, ok := report.Simple(150_000, 900_000, 365); !ok || got != 608 {
		t.Errorf("simple: %d %v, want 60.8 days", got, ok)
	}
	if _, ok := report.Simple(1, 0, 365); ok {
		t.Error("nothing billed has no DSO")
	}
	// 30 June, 100,000 open; June billed 40,000 (30 days), May 50,000 (31), April 30,000: 10,000 of
	// it is a third of 30 days.
	months := []report.Billed{{day("2026-04-15"), 30_000}, {day("2026-06-01"), 40_000}, {day("2026-05-31"), 50_000}}
	tests := []struct {
		name   string
		asOf   string
		open   int64
		months []report.Billed
		want   report.Tenths
		ok     bool
	}{
		{"three months", "2026-06-30", 100_000, months, 710, true},
		{"inside the last month", "2026-06-30", 10_000, months, 75, true},
		{"exactly two months", "2026-06-30", 90_000, months, 610, true},
		{"in the middle of a month", "2026-06-15", 40_000, months, 150, true},
		{"a month without turnover", "2026-07-31", 40_000, months, 610, true},
		{"more than was ever billed", "2026-06-30", 500_000, months, 910, false},
		{"nothing open", "2026-06-30", 0, months, 0, true},
	}
	for _, test := range tests {
		if got, ok := report.CountBack(day(test.asOf), test.open, test.months); got != test.want || ok != test.ok {
			t.Errorf("%s: %d %v, want %d %v", test.name, got, ok, test.want, test.ok)
		}
	}
}

func TestEffectiveness(t *testing.T) {
	sent := day("2026-03-02")
	got := report.Effectiveness(15, []report.Reminded{
		{Step: "reminder-2", Level: 2, SentOn: sent, Open: 1_000},
		{Step: "reminder-1", Level: 1, SentOn: sent, Open: 1_000, Paid: 1_000, PaidOn: sent + 4},
		{Step: "reminder-1", Level: 1, SentOn: sent, Open: 1_000, Paid: 250},
		{Step: "reminder-1", Level: 1, SentOn: sent, Open: 1_000, Paid: 1_500, PaidOn: sent + 9},
		{Step: "reminder-1", Level: 1, SentOn: sent, Open: 1_000, PaidOn: sent + 16}, // too late to count
	})
	want := []report.Effect{
		{Step: "reminder-1", Level: 1, Items: 4, Settled: 2, Open: 4_000, Paid: 2_250, Rate: 56_25, MedianDays: 4},
		{Step: "reminder-2", Level: 2, Items: 1, Open: 1_000, MedianDays: -1},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(report.Effect{})); diff != "" {
		t.Error(diff)
	}
}
