package money

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// Currency is an ISO 4217 alphabetic code in capitals.
type Currency string

// EUR is the currency of French law: compensation and legal floors are always in euros.
const EUR Currency = "EUR"

// decimals lists the currencies whose minor unit is not the hundredth (ISO 4217).
var decimals = map[Currency]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
	"RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// Decimals is the number of digits of the minor unit: 2 for most currencies.
func (c Currency) Decimals() int {
	if d, ok := decimals[c]; ok {
		return d
	}
	return 2
}

// Valid tells whether c has the form of an ISO 4217 code.
func (c Currency) Valid() bool {
	if len(c) != 3 {
		return false
	}
	for i := range 3 {
		if c[i] < 'A' || c[i] > 'Z' {
			return false
		}
	}
	return true
}

// Amount is a sum of money in minor units (cents) of one currency.
type Amount struct {
	Minor    int64
	Currency Currency
}

// Euros makes an amount of cents in euros.
func Euros(cents int64) Amount { return Amount{cents, EUR} }

// Of makes an amount of minor units in a currency.
func Of(minor int64, c Currency) Amount { return Amount{minor, c} }

// Max bounds what is read from outside: far above any invoice, far below overflow of a sum of
// a million of them.
const Max = int64(1e12)

// Add returns a + b. Amounts of two currencies are never added: that is a bug, so it panics.
func (a Amount) Add(b Amount) Amount { return Amount{a.Minor + b.Minor, a.same(b)} }

// Sub returns a − b; same rule as Add.
func (a Amount) Sub(b Amount) Amount { return Amount{a.Minor - b.Minor, a.same(b)} }

// Neg returns −a.
func (a Amount) Neg() Amount { return Amount{-a.Minor, a.Currency} }

// Min returns the smaller of a and b; same rule as Add.
func (a Amount) Min(b Amount) Amount { a.same(b); a.Minor = min(a.Minor, b.Minor); return a }

// IsZero tells whether nothing is counted, whatever the currency.
func (a Amount) IsZero() bool { return a.Minor == 0 }

func (a Amount) same(b Amount) Currency {
	switch {
	case a.Currency == b.Currency:
		return a.Currency
	case a.Currency == "" && a.Minor == 0:
		return b.Currency
	case b.Currency == "" && b.Minor == 0:
		return a.Currency
	}
	panic(fmt.Sprintf("money: %s and %s are never added", a.Currency, b.Currency))
}

// String is the plain machine form, "1234.56 EUR": for logs and tests, never for people.
func (a Amount) String() string { return a.Decimal() + " " + string(a.Currency) }

// Decimal is the plain decimal form with a dot and the currency's decimals: "1234.56".
func (a Amount) Decimal() string {
	d := a.Currency.Decimals()
	neg, n := "", a.Minor
	if n < 0 {
		neg, n = "-", -n
	}
	if d == 0 {
		return fmt.Sprintf("%s%d", neg, n)
	}
	p := int64(1)
	for range d {
		p *= 10
	}
	return fmt.Sprintf("%s%d.%0*d", neg, n/p, d, n%p)
}

// Allocate shares a among weights (all ≥ 0, not all 0) without losing a cent: the largest
// remainders take the cents left over, the first of equals first.
func (a Amount) Allocate(weights ...int64) []Amount {
	var total int64
	for _, w := range weights {
		total += w
	}
	out := make([]Amount, len(weights))
	if total == 0 {
		for i := range out {
			out[i].Currency = a.Currency
		}
		if len(out) > 0 {
			out[0] = a
		}
		return out
	}
	rest := a.Minor
	rem := make([]int64, len(weights))
	for i, w := range weights {
		q, r := mulDiv(a.Minor, w, total)
		out[i] = Amount{q, a.Currency}
		rem[i] = abs(r)
		rest -= q
	}
	step := int64(1)
	if rest < 0 {
		step = -1
	}
	for ; rest != 0; rest -= step {
		best := 0
		for i := range rem {
			if rem[i] > rem[best] {
				best = i
			}
		}
		out[best].Minor += step
		rem[best] = -1
	}
	return out
}

func mulDiv(a, b, c int64) (q, r int64) {
	x := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	y, z := new(big.Int).QuoRem(x, big.NewInt(c), new(big.Int))
	return y.Int64(), z.Int64()
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// Reasons for which an amount is refused.
var (
	ErrNotAnAmount = errors.New("not an amount")
	ErrTooPrecise  = errors.New("more decimals than the currency has")
	ErrTooLarge    = errors.New("amount out of bounds")
	ErrAmbiguous   = errors.New("thousands or decimals: the separator is ambiguous")
)

// Refusal is the catalogue's key of the reason for which an amount is refused; the amount as it was written is its
// argument.
func Refusal(err error) string {
	switch {
	case errors.Is(err, ErrTooPrecise):
		return "amount.precise"
	case errors.Is(err, ErrTooLarge):
		return "amount.large"
	case errors.Is(err, ErrAmbiguous):
		return "amount.ambiguous"
	}
	return "amount.unreadable"
}

// ParseDecimal reads the machine form: optional sign, digits, optional dot and decimals. Zeros
// beyond the currency's decimals are accepted ("12.500" euros), other digits are ErrTooPrecise.
func ParseDecimal(s string, c Currency) (Amount, error) {
	s = strings.TrimSpace(s)
	body, neg := strings.CutPrefix(s, "-")
	if !neg {
		body = strings.TrimPrefix(body, "+")
	}
	whole, frac, _ := strings.Cut(body, ".")
	if whole == "" && frac == "" || len(s) > 64 {
		return Amount{}, ErrNotAnAmount
	}
	d := c.Decimals()
	for len(frac) > d && frac[len(frac)-1] == '0' {
		frac = frac[:len(frac)-1]
	}
	for i := range len(whole) {
		if whole[i] < '0' || whole[i] > '9' {
			return Amount{}, ErrNotAnAmount
		}
	}
	for i := range len(frac) {
		if frac[i] < '0' || frac[i] > '9' {
			return Amount{}, ErrNotAnAmount
		}
	}
	if len(frac) > d {
		return Amount{}, ErrTooPrecise
	}
	var n int64
	for _, ch := range whole + frac + strings.Repeat("0", d-len(frac)) {
		n = n*10 + int64(ch-'0')
		if n > Max*100 {
			return Amount{}, ErrTooLarge
		}
	}
	if n > Max {
		return Amount{}, ErrTooLarge
	}
	if neg {
		n = -n
	}
	return Amount{n, c}, nil
}
