package promise

import (
	"testing"

	"relance/internal/ground/cal"
)

// france counts Saturdays and Sundays as rest.
type france struct{}

func (france) AddWorkingDays(d cal.Date, n int) cal.Date {
	for n > 0 {
		if d++; d.Weekday() != 0 && d.Weekday() != 6 {
			n--
		}
	}
	return d
}

func on(s string) cal.Date {
	d, err := cal.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// A promise of 1,000.00 for Friday 2 October 2026, told day by day.
func TestPromise(t *testing.T) {
	one := []Part{{on("2026-10-02"), 100000}}
	for _, c := range []struct {
		story              string
		paid               int64
		today, known, next string
		want               State
		await              bool
	}{
		{"its day has not come", 0, "2026-10-01", "2026-10-01", "2026-10-08", Running, false},
		{"three working days are given: Wednesday is the last", 0, "2026-10-07", "2026-10-07", "2026-10-08", Running, false},
		{"on Thursday it is broken", 0, "2026-10-08", "2026-10-07", "", Broken, false},
		{"but not while payments are unknown since the day before it", 0, "2026-10-20", "2026-10-01", "", Running, true},
		{"payments known to the very day are enough", 0, "2026-10-20", "2026-10-02", "", Broken, false},
		{"a ledger that never saw a payment file is believed", 0, "2026-10-08", "", "", Broken, false},
		{"paid in full: kept, even early", 100000, "2026-09-30", "2026-09-30", "", Kept, false},
		{"four fifths: a call, not a step", 80000, "2026-10-08", "2026-10-08", "", Partly, false},
		{"a cent under four fifths is broken", 79999, "2026-10-08", "2026-10-08", "", Broken, false},
	} {
		known := cal.Date(0)
		if c.known != "" {
			known = on(c.known)
		}
		s := Judge(one, c.paid, on(c.today), known, france{})
		next := ""
		if !s.Next.IsZero() {
			next = s.Next.String()
		}
		if s.State != c.want || s.Await != c.await || next != c.next {
			t.Errorf("%s: %s (await %v, next %s), want %s (await %v, next %s)", c.story, s.State, s.Await, next, c.want, c.await, c.next)
		}
	}
}

// A plan of three months: the first part is paid, the second missed.
func TestPlan(t *testing.T) {
	plan := []Part{{on("2026-12-01"), 10000}, {on("2026-10-01"), 10000}, {on("2026-11-02"), 10000}}
	s := Judge(plan, 10000, on("2026-10-15"), on("2026-10-15"), france{})
	if s.State != Running || s.Parts[0].State != Kept || s.Parts[1].State != Running || s.Next != on("2026-11-06") {
		t.Errorf("after the first part: %+v", s)
	}
	s = Judge(plan, 10000, on("2026-11-06"), on("2026-11-05"), france{})
	if s.State != Broken || s.Parts[1].State != Broken || s.Parts[2].State != Running || s.Since != on("2026-11-06") {
		t.Errorf("the second missed: %+v", s)
	}
	s = Judge(plan, 25000, on("2026-11-06"), on("2026-11-05"), france{})
	if s.State != Running || s.Parts[2].Paid != 5000 {
		t.Errorf("ahead of its dates: %+v", s)
	}
	s = Judge(plan, 30000, on("2026-11-06"), on("2026-11-05"), france{})
	if s.State != Kept || !s.Next.IsZero() {
		t.Errorf("all paid: %+v", s)
	}
}
