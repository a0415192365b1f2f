package rate_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"relance/internal/domain/party"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
)

func day(s string) cal.Date { return cal.MustParse(s) }

func debt(principal int64, due string) []rate.Debt {
	return []rate.Debt{{Principal: principal, Due: day(due)}}
}

func spec(t *testing.T, s string) rate.Spec {
	t.Helper()
	out, err := rate.ParseSpec(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// expected is what an accountant checks on the paper, in cents.
type expected struct {
	principal, penalty, paid, compensation, total int64
	segments                                      string // "days@rate on base = cents", one a line
	warnings                                      []string
}

// TestVectors holds every penalty vector of law-fr.md §11, and the worked examples of §2.2.
func TestVectors(t *testing.T) {
	pro := rate.Terms{Kind: party.Pro}
	tests := []struct {
		name string
		c    rate.Case
		want expected
	}{
		{"P1 one half-year", rate.Case{Terms: pro, Debts: debt(12_000_00, "2026-04-30"), Until: day("2026-06-15")},
			expected{principal: 12_000_00, penalty: 183_75, compensation: 40_00, total: 12_223_75,
				segments: "46 d at 12.15 on 1200000 = 18374.79…"}},
		{"P2 two half-years, rounded once", rate.Case{Terms: pro, Debts: debt(10_000_00, "2026-05-15"), Until: day("2026-08-15")},
			expected{principal: 10_000_00, penalty: 309_40, compensation: 40_00, total: 10_349_40,
				segments: "46 d at 12.15 on 1000000 = 15312.32…\n46 d at 12.40 on 1000000 = 15627.39…"}},
		{"P4 leap year, 365 days", rate.Case{Terms: pro, Debts: debt(8_000_00, "2024-01-31"), Until: day("2024-03-31")},
			expected{principal: 8_000_00, penalty: 190_68, compensation: 40_00, total: 8_230_68,
				segments: "60 d at 14.50 on 800000 = 19068.49…"}},
		{"P4 leap year, 366 days", rate.Case{Terms: rate.Terms{Kind: party.Pro, DayCount: rate.ActAct}, Debts: debt(8_000_00, "2024-01-31"), Until: day("2024-03-31")},
			expected{principal: 8_000_00, penalty: 190_16, compensation: 40_00, total: 8_230_16,
				segments: "60 d at 14.50 on 800000 = 19016.39…"}},
		{"P6 three times the legal rate", rate.Case{Terms: rate.Terms{Kind: party.Pro, Rate: spec(t, "3xlegal")}, Debts: debt(3_600_00, "2026-02-28"), Until: day("2026-03-30")},
			expected{principal: 3_600_00, penalty: 23_26, compensation: 40_00, total: 3_663_26,
				segments: "30 d at 7.86 on 360000 = 2325.69…"}},
		{"P8 one day, at the rate of 1 July", rate.Case{Terms: pro, Debts: debt(999_99, "2026-06-30"), Until: day("2026-07-01")},
			expected{principal: 999_99, penalty: 34, compensation: 40_00, total: 1_040_33,
				segments: "1 d at 12.40 on 99999 = 33.97…"}},
		{"half a cent rounds up", rate.Case{Terms: rate.Terms{Kind: party.Pro, Rate: spec(t, "10")}, Debts: debt(18_25, "2026-04-30"), Until: day("2026-05-01")},
			expected{principal: 18_25, penalty: 1, compensation: 40_00, total: 58_26, segments: "1 d at 10.00 on 1825 = 0.50"}},
		{"P10 paid on the due date", rate.Case{Terms: pro, Debts: debt(1_000_00, "2026-04-30"), Until: day("2026-06-15"),
			Payments: []rate.Payment{{On: day("2026-04-30"), Amount: 1_000_00}}},
			expected{}},
		{"P10 looked at on the due date", rate.Case{Terms: pro, Debts: debt(1_000_00, "2026-04-30"), Until: day("2026-04-30")},
			expected{principal: 1_000_00, total: 1_000_00}},
		{"P11 contract rate under the floor", rate.Case{Terms: rate.Terms{Kind: party.Pro, Rate: spec(t, "5,00")}, Debts: debt(1_000_00, "2026-09-30"), Until: day("2026-10-01")},
			expected{principal: 1_000_00, penalty: 14, compensation: 40_00, total: 1_040_14,
				segments: "1 d at 5.00 on 100000 = 13.69…", warnings: []string{rate.BelowFloor}}},
		{"P13 three late invoices, one transfer", rate.Case{Terms: pro, Until: day("2026-05-31"), Imputation: rate.PrincipalFirst,
			Debts:    []rate.Debt{{Ref: "A", Principal: 100_00, Due: day("2026-03-31")}, {Ref: "B", Principal: 200_00, Due: day("2026-03-31")}, {Ref: "C", Principal: 300_00, Due: day("2026-04-30")}},
			Payments: []rate.Payment{{On: day("2026-05-31"), Amount: 600_00}}},
			expected{penalty: 2_03 + 4_06 + 3_10, compensation: 120_00, total: 129_19,
				segments: "61 d at 12.15 on 10000 = 203.05…\n61 d at 12.15 on 20000 = 406.10…\n31 d at 12.15 on 30000 = 309.57…"}},
		{"P14 part payment, interest first", rate.Case{Terms: pro, Debts: debt(10_000_00, "2026-01-31"), Until: day("2026-05-31"),
			Payments: []rate.Payment{{On: day("2026-03-31"), Amount: 4_000_00}}},
			expected{principal: 6_196_40, penalty: 196_40 + 125_82, paid: 196_40, compensation: 40_00, total: 6_362_22,
				segments: "59 d at 12.15 on 1000000 = 19639.72…\n61 d at 12.15 on 619640 = 12582.08…"}},
		{"P17 yearly capitalisation", rate.Case{Terms: rate.Terms{Kind: party.Pro, Rate: spec(t, "12")}, Capitalise: true, Debts: debt(10_000_00, "2024-12-31"), Until: day("2026-12-31")},
			expected{principal: 10_000_00, penalty: 1_200_00 + 1_344_00, compensation: 40_00, total: 12_584_00,
				segments: "365 d at 12.00 on 1000000 = 120000\n365 d at 12.00 on 1120000 = 134400"}},
		{"P18 consumer, from the formal notice", rate.Case{Terms: rate.Terms{Kind: party.Consumer, Notice: day("2026-07-10")}, Debts: debt(1_500_00, "2026-05-31"), Until: day("2026-10-10")},
			expected{principal: 1_500_00, penalty: 10_40, total: 1_510_40,
				segments: "92 d at 2.75 on 150000 = 1039.72…"}},
		{"P20 public body, rate frozen", rate.Case{Terms: rate.Terms{Kind: party.Public}, Debts: []rate.Debt{{Principal: 20_000_00, Received: day("2026-05-04")}}, Until: day("2026-07-20")},
			expected{principal: 20_000_00, penalty: 261_40, compensation: 40_00, total: 20_301_40,
				segments: "47 d at 10.15 on 2000000 = 26139.72…"}},
		{"P21 public body, delay ends in the second half", rate.Case{Terms: rate.Terms{Kind: party.Public}, Debts: []rate.Debt{{Principal: 20_000_00, Received: day("2026-06-10")}}, Until: day("2026-08-31")},
			expected{principal: 20_000_00, penalty: 296_33, compensation: 40_00, total: 20_336_33,
				segments: "52 d at 10.40 on 2000000 = 29632.87…"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := rate.Legal().Compute(test.c)
			if err != nil {
				t.Fatal(err)
			}
			got := expected{principal: r.Principal, penalty: r.Penalty, paid: r.PenaltyPaid, compensation: r.Compensation,
				total: r.Total, segments: lines(r.Segments), warnings: r.Warnings}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(expected{})); diff != "" {
				t.Errorf("(-law +program)\n%s", diff)
			}
		})
	}
}

// TestMissingRate is vector P12: never an extrapolation.
func TestMissingRate(t *testing.T) {
	for _, q := range []rate.Terms{{Kind: party.Pro}, {Kind: party.Pro, Rate: rate.Spec{Basis: rate.TimesLegal, Value: 3}},
		{Kind: party.Consumer, Notice: day("2026-12-01")}} {
		_, err := rate.Legal().Compute(rate.Case{Terms: q, Debts: debt(100_00, "2026-11-30"), Until: day("2027-01-02")})
		var m *rate.MissingRate
		if !errors.As(err, &m) || fault.Key(err) != "RATE_NOT_LOADED" || fault.Of(err) != fault.Invalid {
			t.Fatalf("%v: got %v", q, err)
		}
		if diff := cmp.Diff(map[string]any{"period": "2027-S1"}, m.Fields()); diff != "" {
			t.Error(diff)
		}
	}
	// A public debt late since December keeps its rate: the missing one is not needed.
	r, err := rate.Legal().Compute(rate.Case{Terms: rate.Terms{Kind: party.Public}, Debts: debt(100_00, "2026-11-30"), Until: day("2027-01-02")})
	if err != nil || r.Penalty != 94 {
		t.Errorf("public: %d, %v", r.Penalty, err)
	}
}

// TestTableOfTheLaw compares the half-years with the table of law-fr.md §3.2.
func TestTableOfTheLaw(t *testing.T) {
	want := []string{
		"2009-S1 2.50 12.50 - 3.79 11.37", "2009-S2 1.00 11.00 - 3.79 11.37",
		"2010-S1 1.00 11.00 - 0.65 1.95", "2010-S2 1.00 11.00 - 0.65 1.95",
		"2011-S1 1.00 11.00 - 0.38 1.14", "2011-S2 1.25 11.25 - 0.38 1.14",
		"2012-S1 1.00 11.00 - 0.71 2.13", "2012-S2 1.00 11.00 - 0.71 2.13",
		"2013-S1 0.75 10.75 8.75 0.04 0.12", "2013-S2 0.50 10.50 8.50 0.04 0.12",
		"2014-S1 0.25 10.25 8.25 0.04 0.12", "2014-S2 0.15 10.15 8.15 0.04 0.12",
		"2015-S1 0.05 10.05 8.05 0.93 2.79", "2015-S2 0.05 10.05 8.05 0.99 2.97",
		"2016-S1 0.05 10.05 8.05 1.01 3.03", "2016-S2 0.00 10.00 8.00 0.93 2.79",
		"2017-S1 0.00 10.00 8.00 0.90 2.70", "2017-S2 0.00 10.00 8.00 0.90 2.70",
		"2018-S1 0.00 10.00 8.00 0.89 2.67", "2018-S2 0.00 10.00 8.00 0.88 2.64",
		"2019-S1 0.00 10.00 8.00 0.86 2.58", "2019-S2 0.00 10.00 8.00 0.87 2.61",
		"2020-S1 0.00 10.00 8.00 0.87 2.61", "2020-S2 0.00 10.00 8.00 0.84 2.52",
		"2021-S1 0.00 10.00 8.00 0.79 2.37", "2021-S2 0.00 10.00 8.00 0.76 2.28",
		"2022-S1 0.00 10.00 8.00 0.76 2.28", "2022-S2 0.00 10.00 8.00 0.77 2.31",
		"2023-S1 2.50 12.50 10.50 2.06 6.18", "2023-S2 4.00 14.00 12.00 4.22 12.66",
		"2024-S1 4.50 14.50 12.50 5.07 15.21", "2024-S2 4.25 14.25 12.25 4.92 14.76",
		"2025-S1 3.15 13.15 11.15 3.71 11.13", "2025-S2 2.15 12.15 10.15 2.76 8.28",
		"2026-S1 2.15 12.15 10.15 2.62 7.86", "2026-S2 2.40 12.40 10.40 2.75 8.25",
	}
	var got []string
	for _, r := range rate.Legal().Rows() {
		public := "-"
		if r.PublicDefault >= 0 {
			public = r.PublicDefault.String()
		}
		got = append(got, r.Period.String()+" "+r.ECB.String()+" "+r.ProDefault.String()+" "+public+" "+r.Legal.String()+" "+r.ContractualFloor.String())
		if r.Source == "" || r.ECBSource == "" || !slices.Contains([]string{"A", "B", "C"}, r.Confidence) || !slices.Contains([]string{"A", "B", "C"}, r.ECBConfidence) {
			t.Errorf("%s: a figure without its source", r.Period)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-law +table)\n%s", diff)
	}
}

// TestPublicDelay counts calendar days, without extension (law-fr.md §4.1).
func TestPublicDelay(t *testing.T) {
	table := rate.Legal()
	for kind, want := range map[party.Kind]string{party.Public: "2026-06-03", party.PublicHealth: "2026-06-23",
		party.PublicEnterprise: "2026-07-03", party.Pro: ""} {
		if got := table.PublicDelay(kind, day("2026-05-04")).String(); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
	if got := rate.PublicReceipt(0, day("2026-05-04")); got != day("2026-05-06") {
		t.Errorf("receipt unknown: %s", got)
	}
	if got := rate.PublicReceipt(day("2026-05-04"), day("2026-05-01")); got != day("2026-05-04") {
		t.Errorf("receipt known: %s", got)
	}
	// Suspended on the tenth day of 30: a new delay of 30; on the fifth of 60: the 55 that were left.
	for kind, want := range map[party.Kind]string{party.Public: "2026-07-01", party.PublicEnterprise: "2026-07-21"} {
		got, err := table.SuspendedDelay(kind, day("2026-05-04"), day("2026-05-14"), day("2026-06-01"))
		if err != nil || got.String() != want {
			t.Errorf("%s suspended: %s %v, want %s", kind, got, err, want)
		}
	}
	if _, err := table.SuspendedDelay(party.Public, day("2026-05-04"), day("2026-06-04"), day("2026-06-10")); fault.Key(err) != "rate.suspension" {
		t.Errorf("suspended after its end: %v", err)
	}
}
