package cal

import (
	"fmt"
	"time"
)

// Date is a civil date, counted in days from 0001-01-01 which is 1. Zero means "no date".
// Dates compare with < and ==, and differ by subtraction.
type Date int32

var epoch = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

const secondsPerDay = 86400

// Of makes a date; months and days out of range roll over as in time.Date.
func Of(year int, month time.Month, day int) Date {
	return fromTime(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// In is the civil date of an instant in a place: the only bridge from clocks to dates.
func In(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return Of(y, m, d)
}

func fromTime(t time.Time) Date { return Date((t.Unix()-epoch.Unix())/secondsPerDay) + 1 }

func (d Date) time() time.Time {
	return time.Unix(epoch.Unix()+int64(d-1)*secondsPerDay, 0).UTC()
}

// Civil splits the date in year, month and day.
func (d Date) Civil() (year int, month time.Month, day int) { return d.time().Date() }

// Year is the civil year.
func (d Date) Year() int { return d.time().Year() }

// Weekday is Sunday … Saturday.
func (d Date) Weekday() time.Weekday { return d.time().Weekday() }

// IsZero tells whether there is no date.
func (d Date) IsZero() bool { return d == 0 }

// AddDays moves by calendar days.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths keeps the day number, or takes the last day of a shorter month (CPC 641).
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Civil()
	first := Of(y, m+time.Month(n), 1)
	return first + Date(min(day, first.DaysInMonth())-1)
}

// DaysInMonth is 28 to 31.
func (d Date) DaysInMonth() int {
	y, m, _ := d.Civil()
	return int(Of(y, m+1, 1) - Of(y, m, 1))
}

// EndOfMonth is the last day of the date's month.
func (d Date) EndOfMonth() Date {
	y, m, _ := d.Civil()
	return Of(y, m+1, 1) - 1
}

// Sub is the number of days from e to d.
func (d Date) Sub(e Date) int { return int(d - e) }

// String is the ISO form 2026-11-22, or "" for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.time().Format(time.DateOnly)
}

// Parse reads the ISO form and refuses impossible dates such as 2026-02-31.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("not a date (YYYY-MM-DD): %q", s)
	}
	return fromTime(t), nil
}

// MustParse is Parse for literals in tests and tables.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// MarshalText gives the ISO form, so that JSON shapes carry dates as strings.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form; an empty text is no date.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	*d, err = Parse(string(b))
	return err
}

// Later returns the later of two dates.
func Later(a, b Date) Date { return max(a, b) }
