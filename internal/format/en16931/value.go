package en16931

import (
	"errors"
	"strings"

	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

// date reads a date of the format that the file announces. An ISO date under format 102, or the
// reverse, is taken with a warning: it is unambiguous. An impossible one refuses the invoice.
func (r *Reading) date(t Text, field string, must bool) cal.Date {
	if t.Value == "" {
		return 0
	}
	d, strange, ok := parseDate(t)
	switch {
	case !ok && must:
		r.refuse(t, field, "format.date.impossible")
		return 0
	case !ok:
		r.warn(t, field, "format.date.ignored")
		return 0
	case strange:
		r.warn(t, field, "format.date.strange")
	}
	return d
}

func (r *Reading) dateOrWarn(t Text, field string) cal.Date { return r.date(t, field, false) }

func parseDate(t Text) (d cal.Date, strange, ok bool) {
	s := t.Value
	compact := t.Format == "102" || t.Format == "" && len(s) == 8
	switch {
	case len(s) == 8 && digits(s):
		strange = !compact || t.Format == "" // UBL writes ISO
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	case len(s) >= 10 && zone(s[10:]):
		strange = t.Format != ""
		s = s[:10]
	default:
		return 0, false, false
	}
	d, err := cal.Parse(s)
	if err != nil || d.Year() < 1950 || d.Year() > 2150 {
		return 0, false, false
	}
	return d, strange, true
}

// zone tells whether s is what xs:date or xs:dateTime may put after the day.
func zone(s string) bool {
	if s == "" || s == "Z" || s[0] == 'T' {
		return true
	}
	return len(s) == 6 && (s[0] == '+' || s[0] == '-') && s[3] == ':'
}

// amount reads a figure in the invoice's currency. Decimals beyond the minor unit are rounded
// half away from zero and a decimal comma is read, each with a warning; what is no number at all
// refuses the invoice.
func (r *Reading) amount(t Text, field string) (a money.Amount, ok bool) {
	c := r.Draft.Currency
	a = money.Of(0, c)
	if t.Value == "" {
		return a, false
	}
	s := t.Value
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
		r.warn(t, field, "format.amount.comma")
	}
	a, err := money.ParseDecimal(s, c)
	if errors.Is(err, money.ErrTooPrecise) {
		if a, err = round(s, c); err == nil {
			r.warn(t, field, "format.amount.rounded", a)
		}
	}
	if err != nil {
		r.refuse(t, field, "format.amount.impossible")
		return money.Of(0, c), false
	}
	if t.Currency != "" && !strings.EqualFold(t.Currency, string(c)) {
		r.warn(t, field, "format.amount.currency", t.Currency)
	}
	return a, true
}

// round keeps the decimals of the currency; the first one dropped decides, 5 away from zero.
func round(s string, c money.Currency) (money.Amount, error) {
	dot := strings.IndexByte(s, '.')
	cut := dot + 1 + c.Decimals()
	a, err := money.ParseDecimal(s[:cut], c)
	if err != nil {
		return a, err
	}
	if s[cut] >= '5' {
		if strings.HasPrefix(s, "-") {
			a.Minor--
		} else {
			a.Minor++
		}
	}
	return a, nil
}
