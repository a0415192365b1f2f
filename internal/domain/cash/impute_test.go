package cash

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

func day(d int) cal.Date { return cal.Of(2026, 1, 1).AddDays(d) }

// The order of C. civ. 1342-10, one rule a case.
func TestImpute(t *testing.T) {
	on := day(100)
	old := Debt{Item: 1, Number: "F-1", Issued: day(0), Due: day(30), Open: 10000}
	young := Debt{Item: 2, Number: "F-2", Issued: day(20), Due: day(50), Open: 5000}
	future := Debt{Item: 3, Number: "F-3", Issued: day(5), Due: day(120), Open: 7000}
	twin := Debt{Item: 4, Number: "F-4", Issued: day(0), Due: day(30), Open: 5000}
	dear := Debt{Item: 5, Number: "F-5", Issued: day(20), Due: day(50), Open: 2000, RateBP: 1240}
	for _, c := range []struct {
		name  string
		n     int64
		debts []Debt
		want  []Part
		left  int64
	}{
		{"the oldest of what is due", 12000, []Debt{young, old}, []Part{{1, 10000}, {2, 2000}}, 0},
		{"what is due before what is not, whatever its age", 12000, []Debt{future, young, old}, []Part{{1, 10000}, {2, 2000}}, 0},
		{"then what is not due yet", 16000, []Debt{future, young, old}, []Part{{1, 10000}, {2, 5000}, {3, 1000}}, 0},
		{"what costs the debtor most", 2500, []Debt{old, dear}, []Part{{5, 2000}, {1, 500}}, 0},
		{"equal debts in proportion, no cent lost", 1000, []Debt{old, twin}, []Part{{1, 667}, {4, 333}}, 0},
		{"more than is owed stays a credit", 20000, []Debt{old, young}, []Part{{1, 10000}, {2, 5000}}, 5000},
		{"nothing is owed", 300, nil, nil, 300},
	} {
		parts, left := Impute(c.n, money.EUR, on, c.debts)
		if d := cmp.Diff(c.want, parts); d != "" || left != c.left {
			t.Errorf("%s: left %d, want %d\n%s", c.name, left, c.left, d)
		}
	}
}

// No cent is lost or made, no debt is overpaid, whatever the debts and their order.
func TestImputeKeepsEveryCent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		debts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Debt {
			return Debt{Issued: day(rapid.IntRange(0, 5).Draw(t, "issued")), Due: day(rapid.IntRange(90, 110).Draw(t, "due")),
				Open: rapid.Int64Range(0, 100000).Draw(t, "open"), RateBP: rapid.SampledFrom([]int{0, 1240}).Draw(t, "rate")}
		}), 0, 8).Draw(t, "debts")
		for i := range debts {
			debts[i].Item, debts[i].Number = id.Instalment(i+1), string(rune('A'+i))
		}
		n := rapid.Int64Range(0, 300000).Draw(t, "n")
		parts, left := Impute(n, money.EUR, day(100), debts)
		given := map[id.Instalment]int64{}
		sum := left
		for _, p := range parts {
			given[p.Item] += p.Amount
			sum += p.Amount
		}
		owed := int64(0)
		for _, d := range debts {
			owed += d.Open
			if given[d.Item] > d.Open {
				t.Fatalf("%s takes %d of %d", d.Number, given[d.Item], d.Open)
			}
		}
		if sum != n || left > 0 && left != n-owed {
			t.Fatalf("%d became %d, %d left of %d owed", n, sum, left, owed)
		}
		turned := append([]Debt(nil), debts...)
		for i, j := 0, len(turned)-1; i < j; i, j = i+1, j-1 {
			turned[i], turned[j] = turned[j], turned[i]
		}
		again, _ := Impute(n, money.EUR, day(100), turned)
		if d := cmp.Diff(parts, again); d != "" {
			t.Fatalf("the order of the debts decides: %s", d)
		}
	})
}
