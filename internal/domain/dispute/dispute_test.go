package dispute

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"relance/internal/ground/cal"
)

// Seven delays of ten were our own faults: the count says which to prevent first.
func TestTally(t *testing.T) {
	d := cal.Of(2026, 10, 1)
	closed := func(cause string, days int, n int64) Closed {
		return Closed{"administrative", cause, d, d.AddDays(days), n}
	}
	counts, ours, known := Tally([]Closed{closed("order-number", 10, 100), closed("order-number", 20, 200), closed("address", 5, 50),
		closed("cash", 30, 1000), closed("", 1, 1), closed("nonsense", 1, 1)})
	want := []Count{{"order-number", true, 2, 300, 30}, {"unknown", false, 2, 2, 2}, {"address", true, 1, 50, 5}, {"cash", false, 1, 1000, 30}}
	if diff := cmp.Diff(want, counts); diff != "" || ours != 3 || known != 4 {
		t.Errorf("%d of %d are ours\n%s", ours, known, diff)
	}
}

func TestCategories(t *testing.T) {
	own := []Category{{Code: "price", Owner: "Léa Martin", Days: 2}}
	if c, ok := Find(own, "price"); !ok || c.Owner != "Léa Martin" || c.Days != 2 {
		t.Errorf("the company's own category: %+v", c)
	}
	if c, ok := Find(own, "delivery"); !ok || c.Days != 5 {
		t.Errorf("as shipped: %+v", c)
	}
	if _, ok := Find(own, "moon"); ok {
		t.Error("an unknown category was found")
	}
	for _, c := range Categories {
		if c.Days <= 0 {
			t.Errorf("%s has no delay", c.Code)
		}
	}
}
