package table

import (
	"errors"
	"strings"

	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Notes is what is wrong with one line. With Errors the draft must not be taken: it is as
// complete as the line allowed, so that the caller knows which invoice it spoils.
type Notes struct {
	Warnings []fault.Problem
	Errors   []fault.Problem
}

// line reads the cells of one row under a mapping.
type line struct {
	s     *Sheet
	cols  []Column
	at    map[string]int // field → place in cols
	cells []string
	no    int
	notes Notes
	buf   [64]byte
}

// reader binds a mapping to the sheet; the error names the columns that are missing.
func (s *Sheet) reader(m *Mapping) (*line, error) {
	cols, missing := m.bind(s)
	if len(missing) > 0 {
		return nil, fault.New(fault.Invalid, "format.table.missing", strings.Join(missing, ", "))
	}
	if len(cols) == 0 {
		return nil, fault.New(fault.Invalid, "format.table.unmapped")
	}
	l := &line{s: s, cols: cols, at: map[string]int{}}
	for i, c := range cols {
		l.at[c.Field] = i
	}
	return l, nil
}

// rows walks the table; do is called for each line that is not a total.
func (l *line) rows(do func() bool) error {
	return l.s.each(func(r row) bool {
		l.cells, l.no = r.cells, r.line
		l.notes = Notes{}
		if r.broken != "" {
			l.warn("line", "", r.broken)
		}
		return do()
	})
}

// text is the cell of a field, "" when it has no column.
func (l *line) text(field string) string {
	i, ok := l.at[field]
	if !ok || l.cols[i].Index >= len(l.cells) {
		return ""
	}
	return l.cells[l.cols[i].Index]
}

func (l *line) has(field string) bool { _, ok := l.at[field]; return ok }

func (l *line) warn(field, value, key string, args ...any) {
	l.notes.Warnings = append(l.notes.Warnings, l.problem(field, value, key, args))
}

func (l *line) fail(field, value, key string, args ...any) {
	l.notes.Errors = append(l.notes.Errors, l.problem(field, value, key, args))
}

func (l *line) problem(field, value, key string, args []any) fault.Problem {
	const readable = 80
	if r := []rune(value); len(r) > readable {
		value = string(r[:readable]) + "…"
	}
	return fault.Problem{Line: l.no, Field: field, Value: value, Key: key, Args: args}
}

// failWith tells a reason that the ground gave.
func (l *line) failWith(field, value string, err error) {
	var f *fault.Error
	if errors.As(err, &f) {
		l.fail(field, value, f.Key, f.Args...)
		return
	}
	l.fail(field, value, "format.unreadable", err.Error())
}

// date reads a date; an impossible one refuses the line.
func (l *line) date(field string) cal.Date {
	v := l.text(field)
	if v == "" || v == "-" || v == "0" || v == "00/00/0000" || v == "0000-00-00" {
		return 0
	}
	c := l.cols[l.at[field]]
	if l.s.date1904 {
		if f, err := readFigure(v, '.', l.buf[:]); err == nil && len(f.digits)-f.decimals >= 4 && !strings.ContainsAny(v, "-/") {
			serial, _ := f.rat().Float64() // spreadsheets count days in floats themselves
			d, err := cal.FromExcel(serial, true)
			if err != nil {
				l.failWith(field, v, err)
			}
			return d
		}
	}
	d, err := cal.Read(v, c.Order.order())
	if err != nil {
		l.failWith(field, v, err)
		return 0
	}
	return d
}

// figure reads the number of a field; ok is false when the cell is empty or refused.
func (l *line) figure(field string) (f figure, ok bool) {
	v := l.text(field)
	if v == "" || v == "-" || v == "–" {
		return f, false
	}
	if l.s.Format == "xlsx" {
		v = plainNumber(v)
	}
	c := l.cols[l.at[field]]
	var decimal byte
	if c.Decimal != "" {
		decimal = c.Decimal[0]
	}
	f, err := readFigure(v, decimal, make([]byte, 0, 24))
	if err != nil {
		l.fail(field, v, "amount.unreadable", v)
		return f, false
	}
	if f.doubt != 0 {
		l.fail(field, v, "amount.ambiguous", v)
		return f, false
	}
	return f, true
}

// noise is how many decimals show that a program computed with floats: they are rounded.
const noise = 4

// amount reads money; nil when the cell is empty or refused.
func (l *line) amount(field string, c money.Currency) *money.Amount {
	f, ok := l.figure(field)
	if !ok {
		return nil
	}
	mayRound := l.s.Format == "xlsx" || f.decimals > noise
	a, rounded, err := f.money(c, mayRound)
	if err != nil {
		e := amountFault(err, l.text(field))
		l.fail(field, l.text(field), e.Key, e.Args...)
		return nil
	}
	if rounded && f.decimals <= noise {
		l.warn(field, l.text(field), "format.amount.rounded", a)
	}
	return &a
}

// currency reads the currency of a line: its column, else the sign beside an amount, else euros.
func (l *line) currency(amounts ...string) money.Currency {
	if v := l.text("currency"); v != "" {
		c := money.Currency(strings.ToUpper(strings.TrimSpace(v)))
		for _, s := range signs {
			if v == s.sign || strings.EqualFold(v, s.sign) {
				c = s.code
			}
		}
		if strings.EqualFold(v, "euro") || strings.EqualFold(v, "euros") {
			c = money.EUR
		}
		if !c.Valid() {
			l.fail("currency", v, "format.currency.unknown")
			return money.EUR
		}
		return c
	}
	for _, field := range amounts {
		v := l.text(field)
		if v == "" || simple(v) {
			continue
		}
		if f, err := readFigure(v, 0, l.buf[:]); err == nil && f.currency != "" {
			return f.currency
		}
	}
	return money.EUR
}

// list splits labels.
func list(v string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ';' || r == '|' }) {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}
