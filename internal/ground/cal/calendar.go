package cal

import (
	"strings"
	"sync"
	"time"

	"relance/internal/ground/fault"
)

// Calendar says which days are worked in a place. It is a small value: copy it, compare it, use
// it from any number of goroutines. The zero value is metropolitan France.
type Calendar uint8

// The calendars. The overseas days are those of the abolition of slavery (law-fr.md §10.2);
// Target is the closing days of euro payments, which follow no national holiday.
const (
	Metropole Calendar = iota
	AlsaceMoselle
	Guadeloupe
	Martinique
	Guyane
	Reunion
	Mayotte
	Target
	calendarCount
)

var calendarNames = [calendarCount]string{
	"metropole", "alsace-moselle", "guadeloupe", "martinique", "guyane", "reunion", "mayotte", "target",
}

// Calendars lists every calendar, in the order of a form.
func Calendars() []Calendar {
	out := make([]Calendar, calendarCount)
	for i := range out {
		out[i] = Calendar(i)
	}
	return out
}

// String is the name that ParseCalendar reads.
func (c Calendar) String() string {
	if c < calendarCount {
		return calendarNames[c]
	}
	return calendarNames[Metropole]
}

// ParseCalendar reads a name such as "metropole" or "alsace-moselle", whatever its case and
// accents; an empty name is metropolitan France. The error's key is "cal.calendar.unknown".
func ParseCalendar(name string) (Calendar, error) {
	n := strings.NewReplacer("é", "e", "É", "e", " ", "-", "_", "-", "la-réunion", "reunion").
		Replace(strings.ToLower(strings.TrimSpace(name)))
	if n == "" {
		return Metropole, nil
	}
	for i, known := range calendarNames {
		if n == known {
			return Calendar(i), nil
		}
	}
	return Metropole, fault.New(fault.Invalid, "cal.calendar.unknown", name, strings.Join(calendarNames[:], ", "))
}

// MarshalText gives the name.
func (c Calendar) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a name.
func (c *Calendar) UnmarshalText(b []byte) (err error) {
	*c, err = ParseCalendar(string(b))
	return err
}

// IsWorkingDay tells whether d is a jour ouvré: Monday to Friday and no holiday. Saturday is
// never one, as in CPC 642.
func (c Calendar) IsWorkingDay(d Date) bool { return !c.isClosed(d) }

// NextWorkingDay is d itself when it is worked, else the first worked day after it.
func (c Calendar) NextWorkingDay(d Date) Date {
	for c.isClosed(d) {
		d++
	}
	return d
}

// PreviousWorkingDay is d itself when it is worked, else the last worked day before it.
func (c Calendar) PreviousWorkingDay(d Date) Date {
	for c.isClosed(d) {
		d--
	}
	return d
}

// AddWorkingDays moves n worked days on (back when n is negative): the start day does not count,
// and n = 0 is NextWorkingDay.
func (c Calendar) AddWorkingDays(d Date, n int) Date {
	if n == 0 {
		return c.NextWorkingDay(d)
	}
	step := Date(1)
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d += step
		if !c.isClosed(d) {
			n--
		}
	}
	return d
}

// WorkingDaysBetween counts the worked days after from, up to and including to.
func (c Calendar) WorkingDaysBetween(from, to Date) int {
	n := 0
	for d := from + 1; d <= to; d++ {
		if !c.isClosed(d) {
			n++
		}
	}
	return n
}

// The planner asks millions of times: the closed days of the usual years are one bit each, made
// once per calendar at first use (about 14 kB); any other year is computed each time.
const firstCached, lastCached = 1900, 2199

var (
	cacheFrom = Of(firstCached, time.January, 1)
	cacheTo   = Of(lastCached, time.December, 31)
	closed    = func() (tables [calendarCount]func() []uint64) {
		for i := range tables {
			tables[i] = sync.OnceValue(func() []uint64 { return closedBits(Calendar(i)) })
		}
		return tables
	}()
)

func closedBits(c Calendar) []uint64 {
	bits := make([]uint64, (cacheTo-cacheFrom)/64+1)
	set := func(d Date) { n := d - cacheFrom; bits[n/64] |= 1 << (n % 64) }
	for d := cacheFrom; d <= cacheTo; d++ {
		if isWeekend(d) {
			set(d)
		}
	}
	for y := firstCached; y <= lastCached; y++ {
		for _, h := range c.Holidays(y) {
			set(h.Date)
		}
	}
	return bits
}

func (c Calendar) isClosed(d Date) bool {
	if c >= calendarCount {
		c = Metropole
	}
	if d >= cacheFrom && d <= cacheTo {
		n := d - cacheFrom
		return closed[c]()[n/64]>>(n%64)&1 == 1
	}
	if isWeekend(d) {
		return true
	}
	_, holiday := c.Holiday(d)
	return holiday
}

// isWeekend needs no civil date: 0001-01-01, day 1, is a Monday.
func isWeekend(d Date) bool {
	r := d % 7
	return r == 6 || r == 0 || r == -1
}
