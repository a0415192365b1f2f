package litigation

import (
	"testing"

	"relance/internal/ground/cal"
)

// Vector J13 of law-fr.md §11.
func TestInsolvency(t *testing.T) {
	published := cal.Of(2026, 9, 18)
	d, err := Insolvency(published, false)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Deadlines{cal.Of(2026, 11, 18), cal.Of(2027, 3, 18), cal.Of(2026, 12, 18)}); d != want {
		t.Errorf("from %s: %+v, want %+v", published, d, want)
	}
	if d, err = Insolvency(published, true); err != nil || d.Claim != cal.Of(2027, 1, 18) {
		t.Errorf("from abroad: %+v %v", d, err)
	}
	if _, err = Insolvency(cal.Of(1999, 1, 1), false); err == nil {
		t.Error("a publication before the texts was given a delay")
	}
}

func TestEveryDelayHasItsSource(t *testing.T) {
	for _, d := range delays() {
		if d.source == "" || d.value == (cal.Delay{}) {
			t.Errorf("%+v", d)
		}
	}
}
