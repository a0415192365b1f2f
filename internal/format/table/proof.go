package table

import (
	"strings"

	"relance/internal/ground/cal"
)

// DateOrder is how a column writes its dates.
type DateOrder string

// The orders; empty is not known, and then read day first.
const (
	DMY DateOrder = "dmy"
	MDY DateOrder = "mdy"
	ISO DateOrder = "iso"
)

func (o DateOrder) order() cal.Order {
	if o == MDY {
		return cal.MonthFirst
	}
	return cal.DayFirst
}

// profile is what the values of a column look like.
type profile struct {
	filled, dates, amounts, flags, short int
	negative                             int // amounts below zero

	iso, dayFirst, monthFirst int // dates that can only be read so
	dot, comma                int // amounts whose decimal separator is certain
	doubt                     bool
}

// look adds a value to the profile.
func (p *profile) look(v string, buf []byte) {
	if v == "" {
		return
	}
	p.filled++
	if len(v) <= 12 {
		p.short++
	}
	if _, ok := yesNo(v); ok {
		p.flags++
	}
	p.lookDate(v)
	f, err := readFigure(plainNumber(v), 0, buf)
	if err != nil {
		return
	}
	p.amounts++
	if f.negative {
		p.negative++
	}
	switch {
	case f.doubt != 0:
		p.doubt = true
	case f.decimals > 0:
		// The place of the last separator is that of the decimals.
		if strings.LastIndexByte(v, '.') > strings.LastIndexByte(v, ',') {
			p.dot++
		} else {
			p.comma++
		}
	case strings.Count(v, ".") > 1:
		p.comma++
	case strings.Count(v, ",") > 1:
		p.dot++
	}
}

func (p *profile) lookDate(v string) {
	if d := v[0]; len(v) > 40 || (d < '0' || d > '9') && len(v) < 6 {
		return
	}
	day, errDay := cal.Read(v, cal.DayFirst)
	month, errMonth := cal.Read(v, cal.MonthFirst)
	switch {
	case errDay == nil && errMonth == nil && day == month:
		p.dates++
		if len(v) >= 10 && v[4] == '-' {
			p.iso++
		}
	case errDay == nil && errMonth == nil:
		p.dates++
	case errDay == nil:
		p.dates++
		p.dayFirst++
	case errMonth == nil:
		p.dates++
		p.monthFirst++
	}
}

// order is the order of dates that the column proves: month first only when some value can be
// read in no other way, and none contradicts it.
func (p *profile) order() DateOrder {
	switch {
	case p.dates == 0:
		return ""
	case p.iso == p.dates:
		return ISO
	case p.monthFirst > 0 && p.dayFirst == 0:
		return MDY
	case p.dayFirst > 0:
		return DMY
	}
	return ""
}

// decimal is the separator that the column proves, 0 when it proves none or both.
func (p *profile) decimal() byte {
	switch {
	case p.dot > 0 && p.comma == 0:
		return '.'
	case p.comma > 0 && p.dot == 0:
		return ','
	}
	return 0
}

// mostly tells whether most values have the shape. Few values prove little, and an empty column
// contradicts nothing.
func (p *profile) mostly(s shape) bool {
	switch s {
	case isDate:
		return p.dates*2 >= p.filled
	case isAmount:
		return p.amounts*2 >= p.filled
	}
	return true
}

// profiles looks at the sample.
func (s *Sheet) profiles() []profile {
	out := make([]profile, len(s.headers))
	var buf [64]byte
	for _, cells := range s.sample {
		for i, c := range cells {
			if i < len(out) {
				out[i].look(c, buf[:])
			}
		}
	}
	return out
}

// prove settles the order of dates and the decimal separator of each mapped column: by the
// sample, by the rest of the file where the sample leaves a doubt, by the other columns of the
// file, which the same program wrote.
func (s *Sheet) prove(m *Mapping, seen []profile) {
	if !s.whole && m.doubtful(seen) {
		var buf [64]byte
		// What cannot be read shows again, and is told, when the drafts are made.
		_ = s.each(func(r row) bool {
			for _, c := range m.Columns {
				if c.Index < len(r.cells) && undecided(c, &seen[c.Index]) {
					seen[c.Index].look(r.cells[c.Index], buf[:])
				}
			}
			return m.doubtful(seen)
		})
	}
	var orders, decimals = map[string]int{}, map[string]int{}
	for i := range m.Columns {
		c := &m.Columns[i]
		switch shapes[c.Field] {
		case isDate:
			if c.Order = seen[c.Index].order(); c.Order == DMY || c.Order == MDY {
				orders[string(c.Order)]++
			}
		case isAmount:
			if d := seen[c.Index].decimal(); d != 0 {
				c.Decimal = string(d)
				decimals[c.Decimal]++
			}
		}
		c.Proved = c.Order != "" || c.Decimal != ""
	}
	for i := range m.Columns {
		c := &m.Columns[i]
		if shapes[c.Field] == isDate && c.Order == "" && len(orders) == 1 {
			for o := range orders {
				c.Order = DateOrder(o)
			}
		}
		if shapes[c.Field] == isAmount && c.Decimal == "" && len(decimals) == 1 {
			for d := range decimals {
				c.Decimal = d
			}
		}
		if shapes[c.Field] == isAmount && c.Decimal == "" && s.Format == "xlsx" {
			c.Decimal = "." // a workbook keeps numbers with a dot, whatever it shows
		}
	}
}

func (m *Mapping) doubtful(seen []profile) bool {
	for _, c := range m.Columns {
		if undecided(c, &seen[c.Index]) {
			return true
		}
	}
	return false
}

func undecided(c Column, p *profile) bool {
	switch shapes[c.Field] {
	case isDate:
		return p.filled > 0 && p.dates > p.iso && p.order() == ""
	case isAmount:
		return p.doubt && p.dot == 0 && p.comma == 0
	}
	return false
}
