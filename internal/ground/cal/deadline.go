package cal

import (
	"strconv"
	"strings"

	"relance/internal/ground/fault"
)

// Delay is a legal delay in years, months and days: "6m", "15d", "1m8d".
type Delay struct{ Years, Months, Days int }

// maxDelay bounds what is read from outside, in any unit.
const maxDelay = 100_000

// ParseDelay reads "6m", "15d", "2y", or several units, largest first ("1y6m"). French letters
// work too: j for days, a for years. The error's key is "cal.delay.unreadable".
func ParseDelay(s string) (Delay, error) {
	bad := fault.New(fault.Invalid, "cal.delay.unreadable", s)
	rest := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), " ", ""))
	var d Delay
	if rest == "" {
		return d, bad
	}
	for last := -1; rest != ""; {
		i := 0
		for i < len(rest) && rest[i] >= '0' && rest[i] <= '9' {
			i++
		}
		n, err := strconv.Atoi(rest[:i])
		if err != nil || n > maxDelay || i == len(rest) {
			return Delay{}, bad
		}
		unit := strings.IndexByte("yamdj", rest[i]) // y a | m | d j
		if unit < 0 || unit <= last {
			return Delay{}, bad
		}
		switch rest[i] {
		case 'y', 'a':
			d.Years, last = n, 1
		case 'm':
			d.Months, last = n, 2
		default:
			d.Days, last = n, 4
		}
		rest = rest[i+1:]
	}
	return d, nil
}

// String is the form that ParseDelay reads.
func (d Delay) String() string {
	s := ""
	for _, u := range []struct {
		n    int
		unit string
	}{{d.Years, "y"}, {d.Months, "m"}, {d.Days, "d"}} {
		if u.n != 0 {
			s += strconv.Itoa(u.n) + u.unit
		}
	}
	if s == "" {
		return "0d"
	}
	return s
}

// MarshalText gives the form that ParseDelay reads.
func (d Delay) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "6m".
func (d *Delay) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDelay(string(b))
	return err
}

// After is the last day of the delay counted from a day that does not count itself, before any
// extension: months and years first, to the same day-number or the last day of a shorter month,
// then days (CPC 640 and 641). It is also the date of prescription and of payment delays, which
// are never extended (law-fr.md §10.1).
func (d Delay) After(from Date) Date { return from.AddMonths(12*d.Years + d.Months).AddDays(d.Days) }

// Deadline counts a procedural delay: raw is its last day, deadline the first working day from
// it (CPC 642). A deadline that we must meet is watched on raw; a wait before we act, on deadline.
func Deadline(from Date, delay Delay, c Calendar) (raw, deadline Date) {
	raw = delay.After(from)
	return raw, c.NextWorkingDay(raw)
}

// EndOfYearAfter is 31 December of the n-th year after d's: the four years that bar a claim on a
// public body (law 68-1250, n = 4), the two years to reclaim VAT on a lost debt (n = 2).
func EndOfYearAfter(d Date, n int) Date { return Of(d.Year()+n, 12, 31) }
