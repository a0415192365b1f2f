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

// even draws 0 … n−1, each as likely as the other: rapid's own ranges prefer the smallest numbers,
// and a delay of no days or a principal of one cent proves little.
func even(t *rapid.T, label string, n int64) int64 {
	var x uint64
	for bits := n * 16; bits > 0; bits /= 2 {
		x *= 2
		if rapid.Bool().Draw(t, label) {
			x++
		}
	}
	return int64(x % uint64(n))
}

func dayAfter(t *rapid.T, label string, from cal.Date, low, high int64) cal.Date {
	return from + cal.Date(low+even(t, label, high-low+1))
}

func drawCase(t *rapid.T) rate.Case {
	due := dayAfter(t, "due", day("2013-05-01"), 0, 4400)
	c := rate.Case{
		Terms: rate.Terms{
			Kind:     kinds[even(t, "kind", int64(len(kinds)))],
			DayCount: rate.DayCount(even(t, "count", 2)),
			Frozen:   even(t, "frozen", 4) == 0,
		},
		Debts:      []rate.Debt{{Principal: drawAmount(t, "principal"), Due: due}},
		Until:      dayAfter(t, "until", due, -5, 500),
		Imputation: rate.PrincipalFirst,
	}
	if even(t, "noticed", 4) > 0 {
		c.Notice = dayAfter(t, "notice", due, -20, 120)
	}
	if even(t, "contract", 3) == 0 {
		c.Rate = rate.Spec{Basis: rate.Fixed, Value: money.Rate(even(t, "bp", 3000))}
	}
	if even(t, "insolvent", 4) == 0 {
		c.Judgment = dayAfter(t, "judgment", due, -20, 500)
	}
	for range even(t, "payments", 4) {
		c.Payments = append(c.Payments, rate.Payment{On: dayAfter(t, "on", due, -20, 520),
			Amount: 1 + even(t, "amount", c.Debts[0].Principal)})
	}
	return c
}

// drawAmount draws up to the largest sum, of every order of magnitude.
func drawAmount(t *rapid.T, label string) int64 {
	top := int64(10)
	for range even(t, label, 12) {
		top *= 10
	}
	return 1 + even(t, label, top)
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
	cases, bearing := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCase(rt)
		want := byDay(t, c)
		if cases++; want > 0 {
			bearing++
		}
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
	if bearing*3 < cases {
		t.Errorf("only %d of %d cases bear interest: they prove too little", bearing, cases)
	}
}

// TestSound: what must hold of any case, with either imputation.
func TestSound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := drawCase(rt)
		c.Imputation = rate.Imputation(even(rt, "imputation", 2))
		c.Capitalise = even(rt, "capitalise", 2) == 0
		for i := range even(rt, "more", 4) {
			c.Debts = append(c.Debts, rate.Debt{Ref: string(rune('B' + i)), Principal: drawAmount(rt, "p"),
				Due: dayAfter(rt, "d", c.Debts[0].Due, 0, 40)})
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
		c.Until += cal.Date(1 + even(rt, "days", 60))
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
