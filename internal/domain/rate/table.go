package rate

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

//go:embed data/*.csv
var data embed.FS

// Reference is one figure of the law with its origin, for the tables that are shown and printed.
type Reference struct {
	From       cal.Date   // effective day
	Rate       money.Rate // 0 for figures that are no rates
	Source     string
	Confidence string // A official text read, B secondary source, C own knowledge
}

// Table holds the reference rates and the rules of law, read-only once loaded.
type Table struct {
	ecb   []Reference // by day; the last row says up to when the series was read
	legal map[cal.Semester]legalRate
	rules []rule

	// The half-years in a row, for the engine: rows[0] is the half-year `first`.
	first cal.Semester
	rows  []half
}

type legalRate struct {
	persons money.Rate
	Reference
}

// rule is a figure that the law adds for a kind of debtor from a day on.
type rule struct {
	name  string
	kind  party.Kind
	value int64
	Reference
}

// half is one half-year's rates; −1 is a rate that is not loaded.
type half struct {
	end        cal.Date
	ecb, legal money.Rate
}

const notLoaded = money.Rate(-1)

// Legal is the embedded table.
var Legal = sync.OnceValue(func() *Table {
	t, err := load()
	if err != nil {
		panic("rate: embedded data: " + err.Error())
	}
	return t
})

func load() (*Table, error) {
	t := &Table{legal: map[cal.Semester]legalRate{}}
	if err := t.loadECB(); err != nil {
		return nil, err
	}
	if err := t.loadLegal(); err != nil {
		return nil, err
	}
	if err := t.loadRules(); err != nil {
		return nil, err
	}
	t.lineUp()
	return t, nil
}

func (t *Table) loadECB() error {
	rows, err := read("ecb.csv", 5)
	if err != nil {
		return err
	}
	for _, r := range rows {
		on, err := cal.Parse(r[0])
		if err != nil {
			return err
		}
		bp, err := strconv.ParseInt(r[1], 10, 32)
		if err != nil {
			return err
		}
		if n := len(t.ecb); n > 0 && t.ecb[n-1].From >= on {
			return fmt.Errorf("ecb.csv: %s is not after the row before it", on)
		}
		t.ecb = append(t.ecb, Reference{on, money.Rate(bp), r[3], r[4]})
	}
	return nil
}

func (t *Table) loadLegal() error {
	rows, err := read("legal.csv", 5)
	if err != nil {
		return err
	}
	for _, r := range rows {
		periods := []string{r[0]}
		if len(r[0]) == 4 { // one rate for the year
			periods = []string{r[0] + "-S1", r[0] + "-S2"}
		}
		persons, err := strconv.ParseInt(r[1], 10, 32)
		if err != nil {
			return err
		}
		other, err := strconv.ParseInt(r[2], 10, 32)
		if err != nil {
			return err
		}
		for _, period := range periods {
			s, err := cal.ParseSemester(period)
			if err != nil {
				return err
			}
			if _, twice := t.legal[s]; twice {
				return fmt.Errorf("legal.csv: %s stands twice", s)
			}
			t.legal[s] = legalRate{money.Rate(persons), Reference{s.Start(), money.Rate(other), r[3], r[4]}}
		}
	}
	return nil
}

func (t *Table) loadRules() error {
	rows, err := read("rules.csv", 6)
	if err != nil {
		return err
	}
	for _, r := range rows {
		from, err := cal.Parse(r[2])
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(r[3], 10, 32)
		if err != nil {
			return err
		}
		if !party.Kind(r[1]).Valid() {
			return fmt.Errorf("rules.csv: kind %s", r[1])
		}
		t.rules = append(t.rules, rule{r[0], party.Kind(r[1]), n, Reference{From: from, Source: r[4], Confidence: r[5]}})
	}
	return nil
}

func read(name string, fields int) ([][]string, error) {
	f, err := data.Open("data/" + name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f.(io.Reader))
	r.Comment, r.FieldsPerRecord = '#', fields
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows[1:], nil
}

// lineUp makes the row of half-years. The ECB rate of a half-year is the one in force on its
// first day (L441-10 II); a half-year that begins after the last observation is not known.
func (t *Table) lineUp() {
	t.first = cal.SemesterOf(t.ecb[0].From)
	last := cal.SemesterOf(t.ecb[len(t.ecb)-1].From)
	for s := range t.legal {
		last = max(last, s)
	}
	for s := t.first; s <= last; s++ {
		h := half{end: s.End(), ecb: notLoaded, legal: notLoaded}
		if s.Start() <= t.ecb[len(t.ecb)-1].From {
			i, exact := slices.BinarySearchFunc(t.ecb, s.Start(), func(r Reference, d cal.Date) int { return int(r.From - d) })
			if exact {
				i++
			}
			if i > 0 {
				h.ecb = t.ecb[i-1].Rate
			}
		}
		if l, ok := t.legal[s]; ok {
			h.legal = l.Rate
		}
		t.rows = append(t.rows, h)
	}
}

func (t *Table) half(s cal.Semester) half {
	if i := int(s - t.first); i >= 0 && i < len(t.rows) {
		return t.rows[i]
	}
	return half{end: s.End(), ecb: notLoaded, legal: notLoaded}
}

// ECB is the reference rate of a half-year: the one in force on its first day.
// The error is a *MissingRate.
func (t *Table) ECB(s cal.Semester) (money.Rate, error) { return loaded(t.half(s).ecb, s) }

// LegalRate is the taux d'intérêt légal of a half-year for a creditor who is a business.
// The error is a *MissingRate.
func (t *Table) LegalRate(s cal.Semester) (money.Rate, error) { return loaded(t.half(s).legal, s) }

// Floor is the least contract rate that L441-10 II allows in a half-year.
// The error is a *MissingRate.
func (t *Table) Floor(s cal.Semester) (money.Rate, error) {
	times, ok := t.rule("floor", party.Pro, s.Start())
	legal := t.half(s).legal
	if !ok || legal == notLoaded {
		return 0, missing(s)
	}
	return legal * money.Rate(times.value), nil
}

// Default is the rate that a kind of debtor owes in a half-year when no contract sets one: ECB and
// margin for PRO and the public kinds, the legal rate for CONSUMER and NON_PRO. ok is false for a
// kind that owes nothing without a contract. The error is a *MissingRate.
func (t *Table) Default(k party.Kind, s cal.Semester) (r money.Rate, ok bool, err error) {
	switch {
	case k.BearsLateInterest():
		m, known := t.rule("margin", k, s.Start())
		ecb := t.half(s).ecb
		if !known || ecb == notLoaded {
			return 0, true, missing(s)
		}
		return ecb + money.Rate(m.value), true, nil
	case k == party.Consumer || k == party.NonPro:
		r, err = t.LegalRate(s)
		return r, true, err
	}
	return 0, false, nil
}

// Compensation is the fixed recovery charge of one late invoice due on a day: zero for kinds and
// times that owe none. It is always in euros.
func (t *Table) Compensation(k party.Kind, due cal.Date) money.Amount {
	if !k.BearsCompensation() {
		return money.Euros(0)
	}
	r, _ := t.rule("compensation", k, due)
	return money.Euros(r.value)
}

// rule is the latest figure of that name in force on a day.
func (t *Table) rule(name string, k party.Kind, on cal.Date) (found rule, ok bool) {
	for i := range t.rules {
		if r := &t.rules[i]; r.name == name && r.kind == k && r.From <= on && (!ok || r.From > found.From) {
			found, ok = *r, true
		}
	}
	return found, ok
}

// Row is one half-year of the table as it is shown to people; −1 is "not loaded".
type Row struct {
	Period           cal.Semester
	ECB, Legal       money.Rate
	Source           string // of the legal rate
	Confidence       string
	ECBSource        string
	ECBConfidence    string
	LegalForPersons  money.Rate
	ProDefault       money.Rate
	PublicDefault    money.Rate
	ContractualFloor money.Rate
}

// Rows lists the half-years from the first that has a default rate, oldest first.
func (t *Table) Rows() []Row {
	var out []Row
	for i, h := range t.rows {
		s := t.first + cal.Semester(i)
		if _, ok := t.rule("margin", party.Pro, s.Start()); !ok {
			continue
		}
		r := Row{Period: s, ECB: h.ecb, Legal: h.legal, LegalForPersons: notLoaded, ProDefault: notLoaded,
			PublicDefault: notLoaded, ContractualFloor: notLoaded}
		if l, ok := t.legal[s]; ok {
			r.LegalForPersons, r.Source, r.Confidence = l.persons, l.Source, l.Confidence
		}
		for _, e := range t.ecb {
			if e.From <= s.Start() && h.ecb != notLoaded {
				r.ECBSource, r.ECBConfidence = e.Source, e.Confidence
			}
		}
		if d, ok, err := t.Default(party.Pro, s); ok && err == nil {
			r.ProDefault = d
		}
		if d, ok, err := t.Default(party.Public, s); ok && err == nil {
			r.PublicDefault = d
		}
		if f, err := t.Floor(s); err == nil {
			r.ContractualFloor = f
		}
		out = append(out, r)
	}
	return out
}

func loaded(r money.Rate, s cal.Semester) (money.Rate, error) {
	if r == notLoaded {
		return 0, missing(s)
	}
	return r, nil
}

// String names the table by the day up to which it was read, to print beside a computation.
func (t *Table) String() string {
	return strings.TrimSpace("ECB read to " + t.ecb[len(t.ecb)-1].From.String())
}
