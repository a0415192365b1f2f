package cal

import (
	"fmt"
	"time"

	"relance/internal/ground/fault"
)

// Semester is half a civil year, the period of French legal rates: twice the year, plus one for
// the second half. Semesters compare with <.
type Semester int

// SemesterOf is the semester of a date.
func SemesterOf(d Date) Semester {
	y, m, _ := d.Civil()
	return semester(y, m > time.June)
}

func semester(year int, second bool) Semester {
	if second {
		return Semester(2*year + 1)
	}
	return Semester(2 * year)
}

// Year is its civil year.
func (s Semester) Year() int { return int(s) / 2 }

// Start is 1 January or 1 July.
func (s Semester) Start() Date { return Of(s.Year(), time.January+6*time.Month(s%2), 1) }

// End is 30 June or 31 December.
func (s Semester) End() Date { return (s + 1).Start() - 1 }

// String is the form 2026-S2.
func (s Semester) String() string { return fmt.Sprintf("%04d-S%d", s.Year(), s%2+1) }

// ParseSemester reads 2026-S2. The error's key is "cal.semester.unreadable".
func ParseSemester(text string) (Semester, error) {
	var y, h int
	if len(text) == 7 {
		if n, err := fmt.Sscanf(text, "%4d-S%1d", &y, &h); err == nil && n == 2 && y > 0 && (h == 1 || h == 2) {
			return semester(y, h == 2), nil
		}
	}
	return 0, fault.New(fault.Invalid, "cal.semester.unreadable", text)
}

// MarshalText gives the form 2026-S2.
func (s Semester) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads 2026-S2.
func (s *Semester) UnmarshalText(b []byte) (err error) {
	*s, err = ParseSemester(string(b))
	return err
}
