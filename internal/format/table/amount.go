package table

import (
	"errors"
	"math/big"
	"strings"

	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// figure is an amount cut in its parts, before a currency gives it a meaning.
type figure struct {
	digits   []byte // whole part, then decimals
	decimals int
	negative bool
	currency money.Currency // written beside it: "€", "USD"
	side     byte           // 'D' or 'C' written behind it, as ledgers do
	// doubt is the only separator when nothing tells whether it parts thousands or decimals.
	doubt byte
}

var errNotAmount = errors.New("not an amount")

var signs = []struct {
	sign string
	code money.Currency
}{{"€", "EUR"}, {"EUR", "EUR"}, {"$", "USD"}, {"USD", "USD"}, {"£", "GBP"}, {"GBP", "GBP"}, {"CHF", "CHF"}}

// readFigure cuts an amount as people write it: 1 234,56 · 1,234.56 · 1'234.56 · (12,00) · 12,00-
// · 12,00 € · 12.00 C. decimal is the column's own separator where it is proved, else 0. buf is
// used for the digits.
func readFigure(s string, decimal byte, buf []byte) (f figure, err error) {
	if s, err = f.frame(s); err != nil {
		return f, err
	}
	f.digits = buf[:0]
	lastDot, lastComma, dots, commas, digits := -1, -1, 0, 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			lastDot, dots = i, dots+1
		case c == ',':
			lastComma, commas = i, commas+1
		case c == ' ' || c == '\'':
		default:
			return f, errNotAmount
		}
	}
	if digits == 0 || digits > 30 {
		return f, errNotAmount
	}
	point := -1
	switch {
	case dots > 0 && commas > 0:
		if point = max(lastDot, lastComma); dots > 1 && commas > 1 || s[point] == '.' && dots > 1 || s[point] == ',' && commas > 1 {
			return f, errNotAmount
		}
	case dots == 1:
		point = f.lone(s, lastDot, decimal)
	case commas == 1:
		point = f.lone(s, lastComma, decimal)
	}
	return f, f.take(s, point)
}

// lone tells whether the only separator of s is decimal (its place) or parts thousands (−1).
func (f *figure) lone(s string, at int, decimal byte) int {
	whole, after := s[:at], len(s)-at-1
	if after != 3 || len(strings.TrimLeft(whole, " ")) > 3 || whole == "" || whole == "0" || strings.ContainsAny(whole, " '") {
		return at
	}
	switch decimal {
	case s[at]:
		return at
	case 0:
		f.doubt = s[at]
		return at
	}
	return -1
}

// take copies the digits; separators of thousands must part three of them.
func (f *figure) take(s string, point int) error {
	group, parted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case i == point:
			if parted && group != 3 {
				return errNotAmount
			}
			f.decimals, parted, group = len(s)-i-1, false, 0
		case c >= '0' && c <= '9':
			f.digits = append(f.digits, c)
			group++
		case point >= 0 && i > point: // a separator among decimals
			return errNotAmount
		default:
			if parted && group != 3 || group == 0 || group > 3 {
				return errNotAmount
			}
			parted, group = true, 0
		}
	}
	if parted && group != 3 {
		return errNotAmount
	}
	return nil
}

// frame takes off what stands around the digits: blanks, currency, sign, side.
func (f *figure) frame(s string) (string, error) {
	if len(s) > 60 {
		return s, errNotAmount
	}
	if !simple(s) {
		s = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u2212", "-", "\u2013", "-", "\u2019", "'", "\t", " ").Replace(s)
		for _, sign := range signs {
			if t, ok := cutAround(s, sign.sign); ok {
				s, f.currency = t, sign.code
				break
			}
		}
		if n := len(s); n > 1 && (s[n-1] == 'C' || s[n-1] == 'D') {
			f.side, s = s[n-1], s[:n-1]
			s = strings.TrimSuffix(s, "-")
		}
	}
	s = strings.Trim(s, " ")
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' {
		f.negative, s = true, s[1:len(s)-1]
	}
	if n := len(s); n > 1 && s[n-1] == '-' {
		f.negative, s = !f.negative, s[:n-1]
	}
	if len(s) > 1 && (s[0] == '-' || s[0] == '+') {
		f.negative, s = f.negative != (s[0] == '-'), s[1:]
	}
	if f.side == 'C' {
		f.negative = !f.negative
	}
	return strings.Trim(s, " "), nil
}

// simple tells whether s holds nothing but digits, separators and a sign.
func simple(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c > '9' || c == '$' {
			return false
		}
	}
	return true
}

// cutAround takes a word off either end, after the sign too: "-€12", "€ 12", "12 EUR".
func cutAround(s, word string) (string, bool) {
	if t, ok := strings.CutSuffix(s, word); ok {
		return t, true
	}
	if t, ok := strings.CutPrefix(s, word); ok {
		return t, true
	}
	if len(s) > 1 && s[0] == '-' {
		if t, ok := strings.CutPrefix(strings.TrimLeft(s[1:], " "), word); ok {
			return "-" + strings.TrimLeft(t, " "), true
		}
	}
	return s, false
}

// money gives the figure its meaning in a currency. rounded: decimals beyond the currency's were
// rounded, half away from zero (spreadsheets compute 119.99999999999999).
func (f *figure) money(c money.Currency, mayRound bool) (a money.Amount, rounded bool, err error) {
	d := c.Decimals()
	keep := len(f.digits) - f.decimals + d // digits of the minor unit
	var n int64
	for i := range keep {
		n *= 10
		if i < len(f.digits) {
			n += int64(f.digits[i] - '0')
		}
		if n > money.Max {
			return a, false, money.ErrTooLarge
		}
	}
	for i := keep; i < len(f.digits); i++ {
		if f.digits[i] != '0' {
			rounded = true
		}
	}
	if rounded && !mayRound {
		return a, false, money.ErrTooPrecise
	}
	if rounded && f.digits[keep] >= '5' {
		n++
	}
	if f.negative {
		n = -n
	}
	return money.Of(n, c), rounded, nil
}

// rat is the exact value, for what is not money: quantities, unit prices, rates.
func (f *figure) rat() *big.Rat {
	r, _ := new(big.Rat).SetString(string(f.digits)) // digits only: cannot fail
	if f.decimals > 0 {
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(f.decimals)), nil)
		r.Quo(r, new(big.Rat).SetInt(scale))
	}
	if f.negative {
		r.Neg(r)
	}
	return r
}

// plainNumber writes a spreadsheet's 1.2E-3 as 0.0012: figures have no exponent. Others come back
// as they are.
func plainNumber(s string) string {
	e := strings.IndexAny(s, "eE")
	if e <= 0 || len(s) > 32 || len(s)-e > 4 {
		return s
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return s
	}
	return r.FloatString(12)
}

// amountFault is the reason for which an amount is refused, as the catalogue knows it.
func amountFault(err error, text string) *fault.Error {
	return fault.New(fault.Invalid, money.Refusal(err), text)
}
