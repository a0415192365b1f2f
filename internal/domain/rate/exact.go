package rate

import (
	"math/bits"
	"strconv"
)

// exact is a numerator over the denominator of its computation, in cents. Interest is a sum of
// base × rate × days, so one denominator serves a whole case and nothing is ever rounded on the
// way: 10,000 × 365, or 10,000 × 365 × 366 where days of leap years count for 1/366.
type exact struct{ hi, lo uint64 }

const (
	basis     = 10_000
	scale365F = basis * 365
	scaleACT  = basis * 365 * 366
	maxRate   = 100_000      // 1,000 %, in basis points
	maxDays   = 300 * 366    // of one debt
	maxBase   = uint64(1e15) // cents bearing interest: keeps every quotient inside an int64
)

func product(a, b uint64) exact {
	hi, lo := bits.Mul64(a, b)
	return exact{hi, lo}
}

func (x exact) plus(y exact) exact {
	lo, carry := bits.Add64(x.lo, y.lo, 0)
	hi, _ := bits.Add64(x.hi, y.hi, carry)
	return exact{hi, lo}
}

// half up, once: the rounding of law-fr.md §2.2.
func (x exact) round(den uint64) int64 {
	q, r := bits.Div64(x.hi, x.lo, den)
	if r >= den-r {
		q++
	}
	return int64(q)
}

// String is cents as a decimal cut after two figures; the ellipsis says that more follow.
func (x exact) string(den uint64) string {
	q, r := bits.Div64(x.hi, x.lo, den)
	s := strconv.FormatUint(q, 10)
	if r == 0 {
		return s
	}
	hundredths, rest := r*100/den, r*100%den
	s += "." + strconv.FormatUint(hundredths/10, 10) + strconv.FormatUint(hundredths%10, 10)
	if rest != 0 {
		s += "…"
	}
	return s
}
