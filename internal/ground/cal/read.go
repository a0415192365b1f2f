package cal

import (
	"math"
	"strconv"
	"strings"
	"time"

	"relance/internal/ground/fault"
)

// Order is how the figures of 03/04/2026 are meant.
type Order uint8

// The orders. DayFirst is the French reading, and the default.
const (
	DayFirst Order = iota
	MonthFirst
)

// Years of what people import; outside, a date is refused as a misprint.
const firstYear, lastYear = 1900, 2199

// DetectOrder reads a whole column: MonthFirst when at least one value can only be month first
// and none can only be day first. Anything else is DayFirst; the values that then make no date
// are refused one by one.
func DetectOrder(samples []string) Order {
	proven := false
	for _, s := range samples {
		f, ok := figures(clockless(s))
		if !ok || len(f[0]) > 2 {
			continue
		}
		a, b := number(f[0]), number(f[1])
		switch {
		case a > 12 && b <= 12:
			return DayFirst
		case b > 12 && a <= 12:
			proven = true
		}
	}
	if proven {
		return MonthFirst
	}
	return DayFirst
}

// Read reads a date as people and programs write it: 2026-11-22 (with or without a time of day),
// 22/11/2026, 22.11.26, 20261122, 22112026, "22 nov. 2026", "1er mars 2026", "22-Nov-2026", or an
// Excel serial (five digits). order settles 03/04/2026. Two-digit years below 70 are 20xx. Errors
// by key: "date.unreadable", "date.impossible" (31/02/2026), "date.range" (year before 1900 or
// after 2199); their argument is the text.
func Read(s string, order Order) (Date, error) {
	text := clockless(s)
	if text == "" || len(text) > 40 {
		return 0, unreadable(s)
	}
	if allDigits(text) {
		return readDigits(s, text)
	}
	if f, ok := figures(text); ok {
		if len(f[0]) == 4 {
			return civil(s, f[0], f[1], f[2])
		}
		if order == MonthFirst {
			return civil(s, f[2], f[0], f[1])
		}
		return civil(s, f[2], f[1], f[0])
	}
	if d, ok, err := readWords(s, text); ok {
		return d, err
	}
	if whole, frac, _ := strings.Cut(text, "."); len(whole) == 5 && allDigits(whole) && allDigits(frac) {
		return FromExcel(float64(number(whole)), false)
	}
	return 0, unreadable(s)
}

// FromExcel is the date of a spreadsheet serial: days since 1899-12-30, or 1904-01-01 for
// workbooks with the 1904 date system; the time of day is dropped. Serials before March 1900,
// which Excel counts wrongly, and years after 2199 are refused with "date.range".
func FromExcel(serial float64, date1904 bool) (Date, error) {
	origin := Of(1899, 12, 30)
	if date1904 {
		origin = Of(1904, 1, 1)
	}
	if !(serial >= 61 && serial < 110_000) {
		return 0, fault.New(fault.Invalid, "date.range", strconv.FormatFloat(serial, 'f', -1, 64))
	}
	return inRange(origin+Date(math.Floor(serial)), strconv.FormatFloat(serial, 'f', -1, 64))
}

// readDigits tells 20261122 and 22112026 apart (no text is both within 1900–2199), and takes five
// digits for a spreadsheet serial.
func readDigits(s, text string) (Date, error) {
	switch len(text) {
	case 8:
		if d, err := civil(s, text[:4], text[4:6], text[6:]); err == nil {
			return d, nil
		}
		if d, err := civil(s, text[4:], text[2:4], text[:2]); err == nil {
			return d, nil
		}
		return civil(s, text[:4], text[4:6], text[6:])
	case 5:
		return FromExcel(float64(number(text)), false)
	}
	return 0, unreadable(s)
}

// civil makes a date of three texts of digits and refuses what the calendar does not have.
func civil(s, year, month, day string) (Date, error) {
	y, m, d := number(year), number(month), number(day)
	if len(year) <= 2 {
		if y < 70 {
			y += 2000
		} else {
			y += 1900
		}
	}
	if y < firstYear || y > lastYear {
		return 0, fault.New(fault.Invalid, "date.range", s)
	}
	if m < 1 || m > 12 || d < 1 || d > Of(y, time.Month(m), 1).DaysInMonth() {
		return 0, fault.New(fault.Invalid, "date.impossible", s)
	}
	return Of(y, time.Month(m), d), nil
}

func inRange(d Date, s string) (Date, error) {
	if y := d.Year(); y < firstYear || y > lastYear {
		return 0, fault.New(fault.Invalid, "date.range", s)
	}
	return d, nil
}

// figures splits 22/11/2026, 2026-11-22 or 22.11.26 in its three figures.
func figures(s string) (f [3]string, ok bool) {
	n, start, sep := 0, 0, byte(0)
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] >= '0' && s[i] <= '9' {
			continue
		}
		if i < len(s) {
			if s[i] != '/' && s[i] != '-' && s[i] != '.' && s[i] != ' ' || sep != 0 && s[i] != sep {
				return f, false
			}
			sep = s[i]
		}
		if n == 3 || i == start || i-start > 4 || i-start == 3 {
			return f, false
		}
		f[n] = s[start:i]
		n++
		start = i + 1
	}
	if n != 3 || len(f[1]) > 2 || (len(f[0]) == 4) == (len(f[2]) == 4) && len(f[0]) == 4 {
		return f, false
	}
	return f, true
}

// clockless trims a text and cuts a time of day: "2026-11-22T10:00:00Z", "22/11/2026 10:30". The
// civil date is the one written, whatever the zone.
func clockless(s string) string {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, "\u202f", " ")), " ")
	if i := strings.IndexByte(s, ':'); i > 0 {
		if j := strings.LastIndexAny(s[:i], "T "); j > 0 {
			s = s[:j]
		}
	}
	return strings.TrimSuffix(s, "Z")
}

var monthNames = map[string]string{
	"jan": "1", "janv": "1", "janvier": "1", "january": "1",
	"feb": "2", "fev": "2", "fevr": "2", "fevrier": "2", "february": "2",
	"mar": "3", "mars": "3", "march": "3",
	"apr": "4", "avr": "4", "avril": "4", "april": "4",
	"may": "5", "mai": "5", "jun": "6", "juin": "6", "june": "6",
	"jul": "7", "juil": "7", "juillet": "7", "july": "7",
	"aug": "8", "aou": "8", "aout": "8", "august": "8",
	"sep": "9", "sept": "9", "septembre": "9", "september": "9",
	"oct": "10", "octobre": "10", "october": "10",
	"nov": "11", "novembre": "11", "november": "11",
	"dec": "12", "decembre": "12", "december": "12",
}

// readWords reads a date whose month is a word, day first, or month first as in "Nov 22, 2026".
func readWords(s, text string) (d Date, ok bool, err error) {
	w := strings.Fields(fold(strings.ReplaceAll(text, "/", " ")))
	if len(w) == 4 { // "dimanche 22 novembre 2026"
		w = w[1:]
	}
	if len(w) != 3 {
		return 0, false, nil
	}
	month, dayFirst := monthNames[w[1]]
	day := w[0]
	if !dayFirst {
		month, day = monthNames[w[0]], w[1]
	}
	day = strings.TrimRight(day, "erstndh")
	if month == "" || !allDigits(day) || len(day) > 2 || !allDigits(w[2]) || len(w[2]) != 2 && len(w[2]) != 4 {
		return 0, false, nil
	}
	d, err = civil(s, w[2], month, day)
	return d, true, err
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func unreadable(s string) error { return fault.New(fault.Invalid, "date.unreadable", s) }
