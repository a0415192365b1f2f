package rate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"relance/internal/domain/party"
	"relance/internal/domain/rate"
	"relance/internal/ground/fault"
)

func lines(segments []rate.Segment) string {
	var out []string
	for _, s := range segments {
		out = append(out, fmt.Sprintf("%d d at %s on %d = %s", s.Days, s.Rate, s.Base, s.Cents()))
	}
	return strings.Join(out, "\n")
}

// TestRegimes holds what the vectors leave to the text of law-fr.md §1 to §4.1: penalty and
// compensation of 1,000.00 due on 31 March 2026, seen on 30 June 2026 (91 days).
func TestRegimes(t *testing.T) {
	tests := []struct {
		name                  string
		terms                 rate.Terms
		penalty, compensation int64
		warnings              []string
	}{
		{"professional", rate.Terms{Kind: party.Pro}, 30_29, 40_00, nil},
		{"professional, contract rate", rate.Terms{Kind: party.Pro, Rate: spec(t, "12 %")}, 29_92, 40_00, nil},
		{"professional, contract ECB + 8", rate.Terms{Kind: party.Pro, Rate: spec(t, "ECB + 8")}, 25_31, 40_00, nil},
		{"professional, twice the legal rate", rate.Terms{Kind: party.Pro, Rate: spec(t, "2xlegal")}, 13_06, 40_00, []string{rate.BelowFloor}},
		{"consumer never noticed", rate.Terms{Kind: party.Consumer}, 0, 0, []string{rate.NoNotice}},
		{"consumer noticed on 31 May", rate.Terms{Kind: party.Consumer, Notice: day("2026-05-31")}, 2_15, 0, nil},
		{"consumer noticed before the due date", rate.Terms{Kind: party.Consumer, Notice: day("2026-03-01")}, 6_53, 0, nil},
		{"a clause against a consumer", rate.Terms{Kind: party.Consumer, Notice: day("2026-05-31"), Rate: spec(t, "15")}, 2_15, 0, []string{rate.RateNotForKind}},
		{"association", rate.Terms{Kind: party.NonPro, Notice: day("2026-05-31")}, 2_15, 0, nil},
		{"public body", rate.Terms{Kind: party.Public}, 25_31, 40_00, nil},
		{"hospital", rate.Terms{Kind: party.PublicHealth}, 25_31, 40_00, nil},
		{"public enterprise", rate.Terms{Kind: party.PublicEnterprise}, 25_31, 40_00, nil},
		{"a lower rate against a public body", rate.Terms{Kind: party.Public, Rate: spec(t, "3")}, 25_31, 40_00, []string{rate.RateNotForKind}},
		{"nobody knows", rate.Terms{Kind: party.Unknown}, 0, 0, []string{rate.KindUnknown}},
		{"abroad", rate.Terms{Kind: party.Foreign}, 0, 0, []string{rate.NoForeignLaw}},
		{"abroad, contract rate", rate.Terms{Kind: party.Foreign, Rate: spec(t, "5")}, 12_47, 0, nil},
		{"insolvent on 1 May: stops on the eve", rate.Terms{Kind: party.Pro, Judgment: day("2026-05-01")}, 9_99, 40_00, nil},
		{"insolvent the day after the due date", rate.Terms{Kind: party.Pro, Judgment: day("2026-04-01")}, 0, 40_00, nil},
		{"insolvent on the due date: no charge", rate.Terms{Kind: party.Pro, Judgment: day("2026-03-31")}, 0, 0, nil},
		{"time granted by a judge in May", rate.Terms{Kind: party.Pro, Grace: []rate.Span{{From: day("2026-05-01"), To: day("2026-05-31")}}}, 19_97, 40_00, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := rate.Legal().Compute(rate.Case{Terms: test.terms, Debts: debt(1_000_00, "2026-03-31"), Until: day("2026-06-30")})
			if err != nil {
				t.Fatal(err)
			}
			if r.Penalty != test.penalty || r.Compensation != test.compensation {
				t.Errorf("penalty %d, compensation %d; want %d, %d", r.Penalty, r.Compensation, test.penalty, test.compensation)
			}
			if diff := cmp.Diff(test.warnings, r.Warnings); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFloating: each day at the rate of its own half-year, or the first one's where it is frozen
// by option (law-fr.md §2.1.5).
func TestFloating(t *testing.T) {
	c := rate.Case{Terms: rate.Terms{Kind: party.Pro}, Debts: debt(1_000_00, "2025-06-20"), Until: day("2026-07-10")}
	r, err := rate.Legal().Compute(c)
	if err != nil {
		t.Fatal(err)
	}
	want := "10 d at 13.15 on 100000 = 360.27…\n184 d at 12.15 on 100000 = 6124.93…\n181 d at 12.15 on 100000 = 6025.06…\n10 d at 12.40 on 100000 = 339.72…"
	if diff := cmp.Diff(want, lines(r.Segments)); diff != "" {
		t.Error(diff)
	}
	c.Frozen = true
	if r, err = rate.Legal().Compute(c); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("385 d at 13.15 on 100000 = 13870.54…", lines(r.Segments)); diff != "" {
		t.Error(diff)
	}
}

// TestBetweenDebts is C. civ. 1342-10: what is left of each principal after one payment.
func TestBetweenDebts(t *testing.T) {
	a := rate.Debt{Ref: "A", Principal: 1_000_00, Due: day("2026-02-28")}
	b := rate.Debt{Ref: "B", Principal: 1_000_00, Due: day("2026-03-31")}
	later := rate.Debt{Ref: "L", Principal: 1_000_00, Due: day("2026-12-31")}
	twin := rate.Debt{Ref: "T", Principal: 500_00, Due: day("2026-02-28")}
	// A public debt whose rate froze in the dearer half-year costs the debtor more.
	dear := rate.Debt{Ref: "D", Principal: 1_000_00, Due: day("2026-06-30")}
	cheap := rate.Debt{Ref: "C", Principal: 1_000_00, Due: day("2026-05-31")}
	tests := []struct {
		name     string
		kind     party.Kind
		debts    []rate.Debt
		payment  rate.Payment
		left     string
		warnings []string
	}{
		{"the oldest first", party.Pro, []rate.Debt{b, a}, rate.Payment{Amount: 300_00}, "B 100000, A 70000", nil},
		{"the rest goes on to the next", party.Pro, []rate.Debt{b, a}, rate.Payment{Amount: 1_300_00}, "B 70000, A 0", nil},
		{"the one designated", party.Pro, []rate.Debt{a, b}, rate.Payment{Amount: 300_00, Ref: "B"}, "A 100000, B 70000", nil},
		{"designated beyond its amount", party.Pro, []rate.Debt{a, b}, rate.Payment{Amount: 1_200_00, Ref: "B"}, "A 80000, B 0", nil},
		{"designating nothing known", party.Pro, []rate.Debt{a}, rate.Payment{Amount: 300_00, Ref: "Z"}, "A 70000", []string{rate.UnknownDebt}},
		{"due before not due", party.Pro, []rate.Debt{later, b}, rate.Payment{Amount: 300_00}, "L 100000, B 70000", nil},
		{"not due once nothing else is", party.Pro, []rate.Debt{later, b}, rate.Payment{Amount: 1_100_00}, "L 90000, B 0", nil},
		{"the dearest before the oldest", party.Public, []rate.Debt{cheap, dear}, rate.Payment{Amount: 300_00}, "C 100000, D 70000", nil},
		{"equals pro rata", party.Pro, []rate.Debt{a, twin}, rate.Payment{Amount: 300_01}, "A 79999, T 40000", nil},
		{"too much", party.Pro, []rate.Debt{twin}, rate.Payment{Amount: 10_000_00}, "T 0", []string{rate.Overpaid}},
		{"after the statement", party.Pro, []rate.Debt{twin}, rate.Payment{Amount: 100_00, On: day("2026-10-01")}, "T 50000", []string{rate.LatePayment}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.payment.On == 0 {
				test.payment.On = day("2026-07-31")
			}
			r, err := rate.Legal().Compute(rate.Case{Terms: rate.Terms{Kind: test.kind}, Debts: test.debts,
				Payments: []rate.Payment{test.payment}, Until: day("2026-07-31"), Imputation: rate.PrincipalFirst})
			if err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, d := range r.Debts {
				left = append(left, fmt.Sprintf("%s %d", d.Ref, d.PrincipalLeft))
			}
			if diff := cmp.Diff(test.left, strings.Join(left, ", ")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.warnings, r.Warnings); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestInsideADebt compares the two orders on vector P14's payment, and a credit note, which is no
// payment and never pays interest.
func TestInsideADebt(t *testing.T) {
	tests := []struct {
		name                     string
		imputation               rate.Imputation
		credit                   bool
		left, penalty, paid, tot int64
	}{
		{"interest first", rate.InterestFirst, false, 6_196_40, 322_22, 196_40, 6_362_22},
		{"principal first", rate.PrincipalFirst, false, 6_000_00, 318_23, 0, 6_358_23},
		{"credit note", rate.InterestFirst, true, 6_000_00, 318_23, 0, 6_358_23},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := rate.Legal().Compute(rate.Case{Terms: rate.Terms{Kind: party.Pro}, Debts: debt(10_000_00, "2026-01-31"), Until: day("2026-05-31"),
				Imputation: test.imputation, Payments: []rate.Payment{{On: day("2026-03-31"), Amount: 4_000_00, Credit: test.credit}}})
			if err != nil {
				t.Fatal(err)
			}
			if r.Principal != test.left || r.Penalty != test.penalty || r.PenaltyPaid != test.paid || r.Total != test.tot {
				t.Errorf("got %d %d %d %d", r.Principal, r.Penalty, r.PenaltyPaid, r.Total)
			}
		})
	}
}

// TestCapitalisation: paying the interest before the year is over leaves nothing to capitalise.
func TestCapitalisation(t *testing.T) {
	c := rate.Case{Terms: rate.Terms{Kind: party.Pro, Rate: spec(t, "12")}, Capitalise: true, Debts: debt(10_000_00, "2024-12-31"), Until: day("2026-12-31"),
		Payments: []rate.Payment{{On: day("2025-12-31"), Amount: 1_200_00}}}
	r, err := rate.Legal().Compute(c)
	if err != nil {
		t.Fatal(err)
	}
	if r.Penalty != 2_400_00 || r.PenaltyPaid != 1_200_00 {
		t.Errorf("paid on the last day of the year: %d, %d", r.Penalty, r.PenaltyPaid)
	}
	c.Payments[0].On = day("2026-01-01") // a day later it has become principal for one day
	if r, err = rate.Legal().Compute(c); err != nil {
		t.Fatal(err)
	}
	if r.Penalty != 2_400_39 {
		t.Errorf("paid a day later: %d", r.Penalty)
	}
}

// TestRefusals: what cannot be computed says why.
func TestRefusals(t *testing.T) {
	good := func() rate.Case {
		return rate.Case{Terms: rate.Terms{Kind: party.Pro}, Debts: debt(100_00, "2026-01-31"), Until: day("2026-05-31")}
	}
	tests := map[string]func(*rate.Case){
		"rate.debts":      func(c *rate.Case) { c.Debts = nil },
		"rate.amount":     func(c *rate.Case) { c.Debts[0].Principal = -1 },
		"rate.date":       func(c *rate.Case) { c.Debts[0].Due = 0 },
		"rate.span":       func(c *rate.Case) { c.Grace = []rate.Span{{From: day("2026-02-02"), To: day("2026-02-01")}} },
		"rate.unreadable": func(c *rate.Case) { c.Rate = rate.Spec{Basis: rate.Fixed, Value: -1} },
		"rate.bounds": func(c *rate.Case) {
			c.Capitalise, c.Rate = true, rate.Spec{Basis: rate.Fixed, Value: 100_000}
			c.Debts = debt(1e12, "1990-01-01")
		},
		"RATE_NOT_LOADED": func(c *rate.Case) { c.Debts = debt(100_00, "2007-05-31") },
	}
	for key, spoil := range tests {
		c := good()
		spoil(&c)
		if _, err := rate.Legal().Compute(c); fault.Key(err) != key {
			t.Errorf("want %s, got %v", key, err)
		}
	}
	for _, text := range []string{"beaucoup", "-3", "12.155", "10xlegal", "xlegal", "ecb+", "1001"} {
		if _, err := rate.ParseSpec(text); fault.Key(err) != "rate.unreadable" {
			t.Errorf("%q is read: %v", text, err)
		}
	}
}
