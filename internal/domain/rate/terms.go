package rate

import (
	"strings"

	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Basis is where a rate comes from.
type Basis uint8

// The bases. The law's own rate is the zero value.
const (
	ByLaw      Basis = iota // ECB + margin, or the legal rate, as the kind says
	Fixed                   // a contract rate in basis points
	TimesLegal              // a contract rate of so many times the legal rate
	ECBPlus                 // a contract rate of the ECB rate and so many basis points
)

// Spec says which rate applies; the zero value is the law's.
type Spec struct {
	Basis Basis
	Value money.Rate // basis points for Fixed and ECBPlus; a whole number for TimesLegal
}

// ParseSpec reads "12.15", "12,15", "3xlegal" or "ecb+10"; an empty text is the law's rate.
// The error's key is "rate.unreadable".
func ParseSpec(text string) (Spec, error) {
	s := strings.ToLower(strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "%", "", ",", ".").Replace(text))
	if s == "" {
		return Spec{}, nil
	}
	spec := Spec{Basis: Fixed}
	if rest, ok := strings.CutPrefix(s, "ecb+"); ok {
		spec.Basis, s = ECBPlus, rest
	} else if rest, ok := strings.CutSuffix(s, "xlegal"); ok {
		if len(rest) != 1 || rest[0] < '1' || rest[0] > '9' {
			return Spec{}, fault.New(fault.Invalid, "rate.unreadable", text)
		}
		return Spec{TimesLegal, money.Rate(rest[0] - '0')}, nil
	}
	// A percentage has the form of an amount: hundredths of a percent are basis points.
	a, err := money.ParseDecimal(s, money.EUR)
	if err != nil || a.Minor < 0 || a.Minor > maxRate {
		return Spec{}, fault.New(fault.Invalid, "rate.unreadable", text)
	}
	spec.Value = money.Rate(a.Minor)
	return spec, nil
}

// DayCount says how days become years.
type DayCount uint8

// The day counts of law-fr.md §2.2; ACT/365F is the default.
const (
	Act365F DayCount = iota
	ActAct           // a day of a leap year is 1/366
)

func (d DayCount) scale() uint64 {
	if d == ActAct {
		return scaleACT
	}
	return scale365F
}

// perDay is the weight of a day of a year, in the denominator's units.
func (d DayCount) perDay(year int) uint64 {
	switch {
	case d == Act365F:
		return 1
	case leap(year):
		return 365
	}
	return 366
}

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

// Span is a number of days, both ends included.
type Span struct{ From, To cal.Date }

// Terms are what a debt bears, whatever its amount.
type Terms struct {
	Kind     party.Kind
	Rate     Spec
	DayCount DayCount
	Frozen   bool     // one rate for the whole delay, that of its first day; always so for public kinds
	Notice   cal.Date // day the formal notice took effect: CONSUMER and NON_PRO owe nothing before
	Judgment cal.Date // opening judgment of insolvency: interest stops on its eve (L622-28)
	Grace    []Span   // delays that a judge granted: no interest in them (C. civ. 1343-5)
}

// frozen tells whether the first day's half-year sets the rate for good: by text for public
// bodies (CCP R2192-31), else as an option (law-fr.md §2.1.5).
func (q *Terms) frozen() bool { return q.Frozen || q.Kind.IsPublic() }

// contract tells whether a contract rate applies: between professionals and abroad. Elsewhere the
// law's own rate stands, whatever is stipulated.
func (q *Terms) contract() bool {
	return q.Rate.Basis != ByLaw && (q.Kind == party.Pro || q.Kind == party.Foreign)
}

// bears tells whether interest runs at all.
func (q *Terms) bears() bool {
	switch {
	case q.Kind == party.Unknown || q.Kind == "":
		return false
	case q.Kind == party.Foreign:
		return q.contract() // no foreign law is loaded
	case q.Kind == party.Consumer || q.Kind == party.NonPro:
		return !q.Notice.IsZero()
	}
	return true
}

// first is the first day that bears interest for a debt due on a day (law-fr.md §1).
func (q *Terms) first(due cal.Date) cal.Date {
	if q.Kind == party.Consumer || q.Kind == party.NonPro {
		due = cal.Later(due, q.Notice)
	}
	return due + 1
}

// rate is the rate of a half-year under these terms.
func (q *Terms) rate(t *Table, s cal.Semester) (money.Rate, error) {
	if !q.contract() {
		r, _, err := t.Default(q.Kind, s)
		return r, err
	}
	switch q.Rate.Basis {
	case TimesLegal:
		r, err := t.LegalRate(s)
		return r * q.Rate.Value, err
	case ECBPlus:
		r, err := t.ECB(s)
		return r + q.Rate.Value, err
	}
	return q.Rate.Value, nil
}

// floats tells whether the rate changes with the half-year.
func (q *Terms) floats() bool {
	return !q.frozen() && !(q.contract() && q.Rate.Basis == Fixed)
}

func (q *Terms) check() error {
	if q.Rate.Value < 0 || q.Rate.Value > maxRate {
		return fault.New(fault.Invalid, "rate.unreadable", q.Rate.Value.String())
	}
	for _, g := range q.Grace {
		if g.To < g.From || g.From.IsZero() {
			return fault.New(fault.Invalid, "rate.span", g.From, g.To)
		}
	}
	return nil
}
