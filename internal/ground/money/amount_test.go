package money

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestDecimal(t *testing.T) {
	for _, v := range []struct {
		a    Amount
		want string
	}{
		{Euros(123456), "1234.56"}, {Euros(-5), "-0.05"}, {Euros(0), "0.00"}, {Of(1234, "JPY"), "1234"}, {Of(1234, "TND"), "1.234"},
	} {
		if got := v.a.Decimal(); got != v.want {
			t.Errorf("%d %s: %s, want %s", v.a.Minor, v.a.Currency, got, v.want)
		}
	}
	for text, want := range map[string]error{"1.234": ErrTooPrecise, "": ErrNotAnAmount, "1,5": ErrNotAnAmount, "10000000001": ErrTooLarge, "1.": nil, ".5": nil, "12.500": nil} {
		if _, err := ParseDecimal(text, EUR); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

// TestAllocate: no cent is lost or made, and no share is off by more than one.
func TestAllocate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Euros(rapid.Int64Range(-Max, Max).Draw(t, "cents"))
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 1, 20).Draw(t, "weights")
		var total, sum int64
		for _, w := range weights {
			total += w
		}
		for i, share := range a.Allocate(weights...) {
			sum += share.Minor
			if total > 0 {
				if q, _ := mulDiv(a.Minor, weights[i], total); abs(share.Minor-q) > 1 {
					t.Fatalf("share %d of %d is %d", i, a.Minor, share.Minor)
				}
			}
		}
		if sum != a.Minor {
			t.Fatalf("%d shared as %d", a.Minor, sum)
		}
	})
}

func TestTwoCurrenciesAreNeverAdded(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("euros and dollars were added")
		}
	}()
	Euros(1).Add(Of(1, "USD"))
}
