package rate_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"relance/internal/domain/party"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

var kinds = []party.Kind{party.Pro, party.Public, party.Consumer, party.NonPro, party.Unknown, party.Foreign}

func drawCase(t *rapid.T) rate.Case {
	due := day("2013-01-01") + cal.Date(rapid.IntRange(0, 4500).Draw(t, "due"))
	c := rate.Case{
		Terms: rate.Terms{
			Kind:     rapid.SampledFrom(kinds).Draw(t, "kind"),
			DayCount: rate.DayCount(rapid.IntRange(0, 1).Draw(t, "count")),
			Frozen:   rapid.Bool().Draw(t, "frozen"),
		},
		Debts:      []rate.Debt{{Principal: rapid.Int64Range(1, 1e12).Draw(t, "principal"), Due: due}},
		Until:      due + cal.Date(rapid.IntRange(-5, 400).Draw(t, "until")),
		Imputation: rate.PrincipalFirst,
	}
	if rapid.Bool().Draw(t, "noticed") {
		c.Notice = due + cal.Date(rapid.IntRange(-20, 200).Draw(t, "notice"))
	}
	if rapid.Bool().Draw(t, "contract") {
		c.Rate = rate.Spec{Basis: rate.Fixed, Value: money.Rate(rapid.IntRange(0, 3000).Draw(t, "bp"))}
	}
	if rapid.Bool().Draw(t, "insolvent") {
		c.Judgment = due + cal.Date(rapid.IntRange(-20, 400).Draw(t, "judgment"))
	}
	for range rapid.IntRange(0, 3).Draw(t, "payments") {
		c.Payments = append(c.Payments, rate.Payment{On: due + cal.Date(rapid.IntRange(-20, 420).Draw(t, "on")),
			Amount: rapid.Int64Range(1, 1e12).Draw(t, "amount")})
	}
	return c
}

// byDay is the law said again in the most stupid way, one fraction a day: the oracle.
func byDay(t *testing.T, c rate.Case) int64 {
	t.Helper()
	table, sum := rate.Legal(), new(big.Rat)
	d, left := c.Debts[0], c.Debts[0].Principal
	payments := slices.Clone(c.Payments)
	slices.SortStableFunc(payments, func(a, b rate.Payment) int { return int(a.On - b.On) })
	civil := c.Kind == party.Consumer || c.Kind == party.NonPro
	contract := c.Rate.Basis == rate.Fixed && (c.Kind == party.Pro || c.Kind == party.Foreign)
	begins := d.Due + 1
	if civil {
		begins = max(d.Due, c.Notice) + 1
	}
	for on := d.Due - 30; on <= c.Until; on++ {
		runs := on >= begins && (c.Judgment == 0 || on < c.Judgment) && !(civil && c.Notice == 0)
		if runs {
			half := cal.SemesterOf(on)
			if c.Frozen || c.Kind.IsPublic() {
				half = cal.SemesterOf(begins)
			}
			r, ok, err := table.Default(c.Kind, half)
			if err != nil {
				t.Fatal(err)
			}
			if contract {
				r, ok = c.Rate.Value, true
			}
			if ok {
				year := int64(365)
				if y := on.Year(); c.DayCount == rate.ActAct && (y%4 == 0 && y%100 != 0 || y%400 == 0) {
					year = 366
				}
				sum.Add(sum, new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(left), big.NewInt(int64(r))), big.NewInt(10_000*year)))
			}
		}
		for _, p := range payments {
			if p.On == on {
				left -= min(left, p.Amount)
			}
		}
	}
	double := new(big.Rat).Add(new(big.Rat).Mul(sum, big.NewRat(2, 1)), big.NewRat(1, 1))
	return new(big.Int).Div(double.Num(), new(big.Int).Mul(double.Denom(), big.NewInt(2))).Int64()
}

// TestExact: the engine's short way, the full computation and the oracle agree to the cent.
func TestExact(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCase(rt)
		want := byDay(t, c)
		r, err := rate.Legal().Compute(c)
		if err != nil {
			rt.Fatal(err)
		}
		short, err := rate.Legal().Interest(c.Terms, c.Debts[0].Principal, c.Debts[0].Due, c.Until, c.Payments)
		if err != nil {
			rt.Fatal(err)
		}
		if r.Penalty != want || short != want {
			rt.Fatalf("full %d, short %d, day by day %d", r.Penalty, short, want)
		}
	})
}

// TestSound: what must hold of any case, with either imputation.
func TestSound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCase(rt)
		c.Imputation = rate.Imputation(rapid.IntRange(0, 1).Draw(rt, "imputation"))
		c.Capitalise = rapid.Bool().Draw(rt, "capitalise")
		for i := range rapid.IntRange(0, 3).Draw(rt, "more") {
			c.Debts = append(c.Debts, rate.Debt{Ref: string(rune('B' + i)), Principal: rapid.Int64Range(1, 1e12).Draw(rt, "p"),
				Due: c.Debts[0].Due + cal.Date(rapid.IntRange(0, 40).Draw(rt, "d"))})
		}
		r, err := rate.Legal().Compute(c)
		if err != nil {
			rt.Fatal(err)
		}
		var principal, received, paid int64
		for _, d := range c.Debts {
			principal += d.Principal
		}
		for _, p := range c.Payments {
			if p.On <= c.Until {
				received += p.Amount
			}
		}
		perDebt, next := map[string]int64{}, map[string]cal.Date{}
		for _, s := range r.Segments {
			if s.Days != s.To.Sub(s.From)+1 || s.Days < 1 || s.From < next[s.Ref] || s.To > c.Until {
				rt.Fatalf("segment %v", s)
			}
			next[s.Ref] = s.To + 1
			whole, _ := new(big.Int).SetString(beforeDot(s.Cents()), 10)
			perDebt[s.Ref] += whole.Int64()
		}
		for _, d := range r.Debts {
			if d.Penalty < 0 || d.PenaltyPaid > d.Penalty || d.PrincipalLeft < 0 {
				rt.Fatalf("debt %+v", d)
			}
			// The segments cut to the cent lose less than a cent each.
			if low := perDebt[d.Ref]; d.Penalty < low || d.Penalty > low+int64(len(r.Segments))+1 {
				rt.Fatalf("penalty %d, segments %d", d.Penalty, low)
			}
			paid += d.PrincipalPaid + d.PenaltyPaid
		}
		if paid+r.Unallocated != received || principal-r.Principal+r.PenaltyPaid != paid {
			rt.Fatalf("received %d, used %d, left over %d", received, paid, r.Unallocated)
		}
		if r.Total != r.Principal+r.Penalty-r.PenaltyPaid+r.Compensation {
			rt.Fatal("total")
		}
		c.Until += cal.Date(rapid.IntRange(1, 60).Draw(rt, "days"))
		if c.Until > day("2026-12-31") {
			return
		}
		if later, err := rate.Legal().Compute(c); err != nil || later.Penalty < r.Penalty {
			rt.Fatalf("penalty falls from %d to %d (%v)", r.Penalty, later.Penalty, err)
		}
	})
}

func beforeDot(s string) string {
	for i := range s {
		if s[i] == '.' {
			return s[:i]
		}
	}
	return s
}

// TestInterestAllocatesNothing keeps the engine's way what it is for.
func TestInterestAllocatesNothing(t *testing.T) {
	q := rate.Terms{Kind: party.Pro}
	payments := []rate.Payment{{On: day("2026-05-02"), Amount: 1_000}}
	due, until := day("2025-11-30"), day("2026-09-30")
	if n := testing.AllocsPerRun(100, func() {
		if _, err := rate.Legal().Interest(q, 123_456, due, until, payments); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkInterest(b *testing.B) {
	q := rate.Terms{Kind: party.Pro}
	due, until := day("2026-03-31"), day("2026-09-30")
	for b.Loop() {
		if _, err := rate.Legal().Interest(q, 123_456, due, until, nil); err != nil {
			b.Fatal(err)
		}
	}
}
