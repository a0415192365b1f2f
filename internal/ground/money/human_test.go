package money

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseHuman(t *testing.T) {
	for _, v := range []struct {
		text string
		sep  Separator
		want int64
		err  error
	}{
		{"1 234,56", Unknown, 123456, nil},
		{"1\u00a0234,56\u00a0€", Unknown, 123456, nil},
		{"1\u202f234\u202f567,8", Unknown, 123456780, nil},
		{"1,234.56", Unknown, 123456, nil},
		{"1.234,56", Unknown, 123456, nil},
		{"1'234.50", Unknown, 123450, nil},
		{"1’234.50", Unknown, 123450, nil},
		{"1.234.567", Unknown, 123456700, nil},
		{"1234567", Unknown, 123456700, nil},
		{"€1,234.56", Unknown, 123456, nil},
		{"EUR 12", Unknown, 1200, nil},
		{"12 euros", Unknown, 1200, nil},
		{"(12,00)", Unknown, -1200, nil},
		{"(12,00 €)", Unknown, -1200, nil},
		{"12-", Unknown, -1200, nil},
		{"-12,5", Unknown, -1250, nil},
		{"\u221212,5", Unknown, -1250, nil},
		{"- 12,5 €", Unknown, -1250, nil},
		{"+12.5", Unknown, 1250, nil},
		{"0,5", Unknown, 50, nil},
		{",5", Unknown, 50, nil},
		{"12,", Unknown, 1200, nil},
		{"12,500", Dot, 1250000, nil},
		{"12,500", Comma, 1250, nil},
		{"12.500", Comma, 1250000, nil},
		{"0.500", Unknown, 50, nil},
		{"1234,560", Unknown, 123456, nil},
		{"12,500", Unknown, 0, ErrAmbiguous},
		{"12.500", Unknown, 0, ErrAmbiguous},
		{"12,50", Dot, 0, ErrAmbiguous},
		{"1,234.56", Comma, 0, ErrAmbiguous},
		{"12,345", Comma, 0, ErrTooPrecise},
		{"1 23,45", Unknown, 0, ErrNotAnAmount},
		{"1.23.456", Unknown, 0, ErrNotAnAmount},
		{"1,234.56.78", Unknown, 0, ErrNotAnAmount},
		{"--12", Unknown, 0, ErrNotAnAmount},
		{"(-12)", Unknown, 0, ErrNotAnAmount},
		{"(12", Unknown, 0, ErrNotAnAmount},
		{"$12", Unknown, 0, ErrNotAnAmount},
		{"12 USD", Unknown, 0, ErrNotAnAmount},
		{"1e5", Unknown, 0, ErrNotAnAmount},
		{"", Unknown, 0, ErrNotAnAmount},
		{"€", Unknown, 0, ErrNotAnAmount},
		{"-", Unknown, 0, ErrNotAnAmount},
		{",", Unknown, 0, ErrNotAnAmount},
		{"99999999999999", Unknown, 0, ErrTooLarge},
		{strings.Repeat("9", 65), Unknown, 0, ErrNotAnAmount},
	} {
		got, err := ParseHuman(v.text, EUR, v.sep)
		if !errors.Is(err, v.err) || got.Minor != v.want {
			t.Errorf("%q with %q: %s, %v, want %d, %v", v.text, byte(v.sep), got, err, v.want, v.err)
		}
	}
	if got, err := ParseHuman("1,234", "JPY", Unknown); err != nil || got.Minor != 1234 {
		t.Errorf("yens have no decimals: %s, %v", got, err)
	}
	if _, err := ParseHuman("1,234", "TND", Unknown); !errors.Is(err, ErrAmbiguous) {
		t.Errorf("dinars have three decimals: %v", err)
	}
}

func TestDetectSeparator(t *testing.T) {
	for _, v := range []struct {
		samples []string
		want    Separator
	}{
		{[]string{"1,234", "12,5"}, Comma},
		{[]string{"1,234", "12.5"}, Dot},
		{[]string{"1 234", "(1 234,567)"}, Comma},
		{[]string{"1.234.567 €"}, Comma},
		{[]string{"$1,234,567"}, Dot},
		{[]string{"1,234", "1.234", "12", "", "soon"}, Unknown},
		{[]string{"12,5", "12.5"}, Unknown},
	} {
		if got := DetectSeparator(v.samples); got != v.want {
			t.Errorf("%q: %q, want %q", v.samples, byte(got), byte(v.want))
		}
	}
}

// TestHumanReadsWhatIsWritten: an amount written in either manner reads back the same, alone or
// with its column.
func TestHumanReadsWhatIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(-Max, Max).Draw(t, "cents")
		manner := rapid.SampledFrom([]struct {
			sep              Separator
			thousand, before string
			after            string
		}{{Comma, "\u202f", "", " €"}, {Comma, ".", "", ""}, {Dot, ",", "€", ""}, {Dot, "'", "", ""}, {Comma, "", "", ""}, {Dot, "", "", ""}}).Draw(t, "manner")
		plain, negative := strings.CutPrefix(Euros(cents).Decimal(), "-")
		whole, frac, _ := strings.Cut(plain, ".")
		text := whole
		for i := len(whole) - 3; i > 0; i -= 3 {
			text = text[:i] + manner.thousand + text[i:]
		}
		text = manner.before + text + string(rune(manner.sep)) + frac + manner.after
		if negative {
			text = "(" + text + ")"
		}
		for _, sep := range []Separator{Unknown, manner.sep, DetectSeparator([]string{text})} {
			if got, err := ParseHuman(text, EUR, sep); err != nil || got.Minor != cents {
				t.Fatalf("%q with %q: %s, %v, want %d cents", text, byte(sep), got, err, cents)
			}
		}
	})
}

func FuzzParseHuman(f *testing.F) {
	for _, s := range []string{"1 234,56", "(12,00)", "12-", "€1,234.56", "1.234.567", "\xff"} {
		f.Add(s, byte(0))
		f.Add(s, byte(','))
	}
	f.Fuzz(func(t *testing.T, s string, sep byte) {
		if sep != 0 && sep != ',' && sep != '.' {
			return
		}
		a, err := ParseHuman(s, EUR, Separator(sep))
		if err != nil {
			return
		}
		if back, err := ParseDecimal(a.Decimal(), EUR); err != nil || back != a {
			t.Errorf("%q: %s reads back as %s, %v", s, a.Decimal(), back, err)
		}
	})
}
