package letter

import (
	"strings"

	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// sort is the kind of a value in the template language.
type sort uint8

const (
	aText sort = iota
	aNumber
	aBool
	aDate
	anAmount
	aList
)

func (s sort) String() string {
	return [...]string{"text", "number", "yes/no", "date", "amount", "list"}[s]
}

// value is what a field or a function gives.
type value struct {
	sort   sort
	text   string
	num    int
	date   cal.Date
	amount money.Amount
	list   []any // *Item, *Deduction, *Earlier
}

func text(s string) value         { return value{sort: aText, text: s} }
func number(n int) value          { return value{sort: aNumber, num: n} }
func date(d cal.Date) value       { return value{sort: aDate, date: d} }
func amount(a money.Amount) value { return value{sort: anAmount, amount: a} }
func yes(b bool) value {
	v := value{sort: aBool}
	if b {
		v.num = 1
	}
	return v
}

func list[T any](xs []T) value {
	v := value{sort: aList, list: make([]any, len(xs))}
	for i := range xs {
		v.list[i] = &xs[i]
	}
	return v
}

// truth: empty texts, zero numbers, no date, nothing owed and empty lists are false.
func (v value) truth() bool {
	switch v.sort {
	case aText:
		return v.text != ""
	case aDate:
		return !v.date.IsZero()
	case anAmount:
		return !v.amount.IsZero()
	case aList:
		return len(v.list) > 0
	}
	return v.num != 0
}

// say writes the value as a reader of the language expects it.
func (v value) say(l i18n.Lang) string {
	switch v.sort {
	case aText:
		return v.text
	case aNumber:
		return i18n.Int(l, v.num)
	case aDate:
		return i18n.Date(l, v.date)
	case anAmount:
		return i18n.Amount(l, v.amount)
	case aBool:
		if v.num != 0 {
			return i18n.T(l, "yes")
		}
		return i18n.T(l, "no")
	}
	return i18n.Int(l, len(v.list))
}

// compare orders two values of one sort.
func (v value) compare(w value) int {
	switch v.sort {
	case aText:
		return strings.Compare(v.text, w.text)
	case aDate:
		return int(v.date - w.date)
	case anAmount:
		switch {
		case v.amount.Minor < w.amount.Minor:
			return -1
		case v.amount.Minor > w.amount.Minor:
			return 1
		}
		return 0
	}
	return v.num - w.num
}

// clean takes out of a text from outside what could break a line, hide a word or forge a mark:
// controls, line ends and the characters that reverse the direction of writing.
func clean(s string) string {
	bad := strings.IndexFunc(s, unsafe) >= 0
	if bad {
		s = strings.Map(func(r rune) rune {
			switch {
			case r == '\n', r == '\r', r == '\t', r == '\u2028', r == '\u2029', r == '\u0085':
				return ' '
			case unsafe(r):
				return -1
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s)
}

func unsafe(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r >= '\u202a' && r <= '\u202e' ||
		r >= '\u2066' && r <= '\u2069' || r == '\u2028' || r == '\u2029' || r == '\ufeff' ||
		r == '\u200b' || r == '\u200e' || r == '\u200f' || r == '\ufffd'
}

// escape makes a text from outside inert in Markdown: CommonMark lets a backslash stand before
// any ASCII punctuation.
func escape(s string) string {
	s = clean(s)
	if strings.IndexFunc(s, punct) < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for _, r := range s {
		if punct(r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func punct(r rune) bool {
	return r >= '!' && r <= '/' || r >= ':' && r <= '@' || r >= '[' && r <= '`' || r >= '{' && r <= '~'
}
