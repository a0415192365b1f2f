package cal

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"relance/internal/ground/fault"
)

// TestDeadlineVectors runs the vectors J* of law-fr.md §11 that count a delay.
func TestDeadlineVectors(t *testing.T) {
	for _, v := range []struct{ id, from, delay, raw, deadline string }{
		{"J1", "2026-08-31", "6m", "2027-02-28", "2027-03-01"},
		{"J2", "2026-09-01", "3m", "2026-12-01", "2026-12-01"},
		{"J4", "2026-10-01", "1m", "2026-11-01", "2026-11-02"},
		{"J5", "2026-10-01", "2m", "2026-12-01", "2026-12-01"},
		{"J6", "2027-01-29", "1m", "2027-02-28", "2027-03-01"},
		{"J7", "2026-03-06", "1m", "2026-04-06", "2026-04-07"},
		{"J10", "2026-12-10", "15d", "2026-12-25", "2026-12-28"},
		{"J12", "2026-10-24", "8d", "2026-11-01", "2026-11-02"},
		{"J13 declaration", "2026-09-18", "2m", "2026-11-18", "2026-11-18"},
		{"J13 outside metropole", "2026-09-18", "4m", "2027-01-18", "2027-01-18"},
		{"J13 forclusion", "2026-09-18", "6m", "2027-03-18", "2027-03-18"},
		{"J13 revendication", "2026-09-18", "3m", "2026-12-18", "2026-12-18"},
		{"J15 month", "2026-10-15", "1m", "2026-11-15", "2026-11-16"},
		{"J15 not before", "2026-11-16", "8d", "2026-11-24", "2026-11-24"},
		{"J17", "2026-11-02", "15d", "2026-11-17", "2026-11-17"},
		{"J18", "2021-11-22", "5y", "2026-11-22", "2026-11-23"},
		{"leap day", "2024-02-29", "1y", "2025-02-28", "2025-02-28"},
		{"months, then days", "2026-01-31", "1m8d", "2026-03-08", "2026-03-09"},
	} {
		t.Run(v.id, func(t *testing.T) {
			delay, err := ParseDelay(v.delay)
			if err != nil {
				t.Fatal(err)
			}
			raw, deadline := Deadline(MustParse(v.from), delay, Metropole)
			if raw.String() != v.raw || deadline.String() != v.deadline {
				t.Errorf("%s + %s: %s → %s, want %s → %s", v.from, v.delay, raw, deadline, v.raw, v.deadline)
			}
		})
	}
}

// TestLimitationVectors runs J17, J18, J20 and J21, whose alert or end is no extended deadline.
func TestLimitationVectors(t *testing.T) {
	eq := func(id string, got Date, want string) {
		t.Helper()
		if got.String() != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	eq("J17 proof", Delay{Days: 15}.After(MustParse("2026-11-02"))+1, "2026-11-18")
	last := Delay{Years: 5}.After(MustParse("2021-11-22"))
	eq("J18 last day", last, "2026-11-22")
	eq("J18 alert", Metropole.PreviousWorkingDay(last), "2026-11-20")
	eq("J20", EndOfYearAfter(MustParse("2022-06-15"), 4), "2026-12-31")
	eq("J21", EndOfYearAfter(MustParse("2024-05-12"), 2), "2026-12-31")
}

func TestAlsaceMoselleExtendsFurther(t *testing.T) {
	// 15 days from 2026-12-11 end on Saturday 26 December, a holiday there: Monday 28 all the same;
	// but Good Friday 2027-03-26 pushes a delay to after Easter Monday.
	raw, deadline := Deadline(MustParse("2027-03-11"), Delay{Days: 15}, AlsaceMoselle)
	if raw.String() != "2027-03-26" || deadline.String() != "2027-03-30" {
		t.Errorf("Alsace-Moselle: %s → %s", raw, deadline)
	}
	if _, deadline = Deadline(MustParse("2027-03-11"), Delay{Days: 15}, Metropole); deadline.String() != "2027-03-26" {
		t.Errorf("metropole: %s", deadline)
	}
}

func TestDelayText(t *testing.T) {
	for text, want := range map[string]Delay{
		"6m": {Months: 6}, "15d": {Days: 15}, "2y": {Years: 2}, "15j": {Days: 15}, "1a": {Years: 1}, "1y6m2d": {1, 6, 2}, " 6 M ": {Months: 6},
	} {
		if got, err := ParseDelay(text); err != nil || got != want {
			t.Errorf("ParseDelay(%q) = %+v, %v", text, got, err)
		} else if back, err := ParseDelay(got.String()); err != nil || back != got {
			t.Errorf("%q reads back as %+v, %v", got.String(), back, err)
		}
	}
	for _, text := range []string{"", "6", "m", "6x", "-6m", "6m6m", "2d1m", "999999999999d", "6mm"} {
		if got, err := ParseDelay(text); fault.Key(err) != "cal.delay.unreadable" {
			t.Errorf("ParseDelay(%q) = %+v, %v", text, got, err)
		}
	}
}

func TestMovableFeasts(t *testing.T) { // law-fr.md §10.2
	for year, want := range map[int][4]string{
		2026: {"2026-04-03", "2026-04-06", "2026-05-14", "2026-05-25"},
		2027: {"2027-03-26", "2027-03-29", "2027-05-06", "2027-05-17"},
		2028: {"2028-04-14", "2028-04-17", "2028-05-25", "2028-06-05"},
		2029: {"2029-03-30", "2029-04-02", "2029-05-10", "2029-05-21"},
		2030: {"2030-04-19", "2030-04-22", "2030-05-30", "2030-06-10"},
	} {
		e := Easter(year)
		if got := [4]string{(e - 2).String(), (e + 1).String(), (e + 39).String(), (e + 50).String()}; got != want {
			t.Errorf("%d: %v, want %v", year, got, want)
		}
	}
}

func TestOverseasHolidays(t *testing.T) {
	for c, want := range map[Calendar]string{
		Mayotte: "2026-04-27", Martinique: "2026-05-22", Guadeloupe: "2026-05-27", Guyane: "2026-06-10", Reunion: "2027-12-20",
	} {
		d := MustParse(want)
		if c.IsWorkingDay(d) || !Metropole.IsWorkingDay(d) {
			t.Errorf("%s: %s is the abolition of slavery there, and a working day in metropole", c, d)
		}
	}
}

// TestCacheAgreesWithRule checks the bits against the rule, at both ends of the cached years too.
func TestCacheAgreesWithRule(t *testing.T) {
	for _, c := range Calendars() {
		for _, year := range []int{firstCached - 1, firstCached, 2008, 2026, lastCached, lastCached + 1} {
			for d := Of(year, 1, 1); d <= Of(year, 12, 31); d++ {
				_, holiday := c.Holiday(d)
				w := d.Weekday()
				if want := !holiday && w != time.Saturday && w != time.Sunday; c.IsWorkingDay(d) != want {
					t.Fatalf("%s %s: working %v", c, d, !want)
				}
			}
		}
	}
}

func TestWorkingDays(t *testing.T) {
	friday := MustParse("2026-11-20")
	for n, want := range map[int]string{0: "2026-11-20", 1: "2026-11-23", 5: "2026-11-27", 6: "2026-11-30", -1: "2026-11-19", -5: "2026-11-13", -8: "2026-11-09"} {
		if got := Metropole.AddWorkingDays(friday, n); got.String() != want {
			t.Errorf("%s %+d working days: %s, want %s", friday, n, got, want)
		}
	}
	if n := Metropole.WorkingDaysBetween(MustParse("2026-12-24"), MustParse("2027-01-04")); n != 5 {
		t.Errorf("24 December to 4 January: %d working days, want 5", n) // 28–31 December and 4 January
	}
}

func TestCalendarNames(t *testing.T) {
	for _, c := range Calendars() {
		if got, err := ParseCalendar(c.String()); err != nil || got != c {
			t.Errorf("%s reads back as %s, %v", c, got, err)
		}
	}
	if got, err := ParseCalendar("Réunion"); err != nil || got != Reunion {
		t.Errorf("Réunion: %s, %v", got, err)
	}
	if _, err := ParseCalendar("moon"); fault.Key(err) != "cal.calendar.unknown" {
		t.Errorf("moon: %v", err)
	}
}

func TestSemester(t *testing.T) {
	s, err := ParseSemester("2026-S2")
	if err != nil || s.Start().String() != "2026-07-01" || s.End().String() != "2026-12-31" || (s+1).String() != "2027-S1" {
		t.Errorf("2026-S2: %s %s %s %v", s.Start(), s.End(), s+1, err)
	}
	for day, want := range map[string]string{"2026-06-30": "2026-S1", "2026-07-01": "2026-S2", "2026-12-31": "2026-S2"} {
		if got := SemesterOf(MustParse(day)); got.String() != want {
			t.Errorf("%s is in %s, want %s", day, got, want)
		}
	}
	for _, text := range []string{"", "2026", "2026-S3", "2026-s1", "26-S1", "2026-S1x"} {
		if _, err := ParseSemester(text); err == nil {
			t.Errorf("ParseSemester(%q) accepted", text)
		}
	}
}

// TestCorpora compares 101 years of holidays with the published set, when RELANCE_TESTDATA is given.
func TestCorpora(t *testing.T) {
	root := os.Getenv("RELANCE_TESTDATA")
	if root == "" {
		fmt.Println("cal: RELANCE_TESTDATA is unset, the published holidays are not compared")
		return
	}
	for file, c := range map[string]Calendar{
		"jours_feries_seuls.csv": Metropole, "jours_feries_seuls_alsace_moselle.csv": AlsaceMoselle,
	} {
		t.Run(file, func(t *testing.T) {
			f, err := os.Open(filepath.Join(root, "6-reference", "jours-feries", file))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			rows, err := csv.NewReader(f).ReadAll()
			if err != nil || len(rows) < 1000 {
				t.Fatal(len(rows), err)
			}
			published := map[Date]bool{}
			for _, r := range rows[1:] {
				published[MustParse(r[0])] = true
			}
			for y := 1950; y <= 2050; y++ {
				for d := Of(y, 1, 1); d <= Of(y, 12, 31); d++ {
					if _, ours := c.Holiday(d); ours != published[d] {
						t.Errorf("%s: ours %v, published %v", d, ours, published[d])
					}
				}
			}
		})
	}
}

func BenchmarkIsWorkingDay(b *testing.B) {
	d := Of(2026, 1, 1)
	for b.Loop() {
		Metropole.IsWorkingDay(d)
		d = cacheFrom + (d+7)%(cacheTo-cacheFrom)
	}
}
