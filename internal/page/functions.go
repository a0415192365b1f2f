package page

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// functions are what templates may call, bound to a language.
func functions(l i18n.Lang) template.FuncMap {
	return template.FuncMap{
		"t":      func(key string, args ...any) string { return i18n.T(l, key, args...) },
		"has":    i18n.Has,
		"said":   func(s i18n.Said) string { return sentence(s.In(l)) },
		"cap":    sentence,
		"amount": func(a money.Amount) string { return i18n.Amount(l, a) },
		"sum":    func(n int64, c money.Currency) string { return i18n.Amount(l, money.Of(n, c)) },
		"plain":  func(n int64, c money.Currency) string { return plain(l, n, c) },
		"date":   func(d cal.Date) string { return i18n.DateShort(l, d) },
		"long":   func(d cal.Date) string { return i18n.Date(l, d) },
		"iso":    func(d cal.Date) string { return d.String() },
		"ago":    func(day, d cal.Date) string { return ago(l, day, d) },
		"due":    func(day, d cal.Date) string { return due(l, day, d) },
		"int":    func(n int) string { return i18n.Int(l, n) },
		"tenths": func(n any) string { return tenths(l, n) },
		"rate":   func(r money.Rate) string { return i18n.Rate(l, r) },
		"seg":    url.PathEscape,
		"iban":   func(s string) string { return ident.IBAN(s).Formatted },
		"account": func(s string) string { // an IBAN in groups of four, any other number as it is
			if f := ident.IBAN(s); f.Formatted != "" {
				return f.Formatted
			}
			return s
		},
		"oneline": func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, "\n", " · ")), " ") },
		"icon":    icon,
		"asset":   Asset,
		"field":   field,
		"join":    strings.Join,
		"add":     func(a, b int) int { return a + b },
		"dict":    dict,
		"str":     func(v any) string { return fmt.Sprint(v) },
		"cents":   func(n int64) string { return money.Euros(n).Decimal() },
		"cur":     func(c money.Currency) string { return string(c) },
		"short":   i18n.DateNumeric,
		"figure":  func(n int64, c money.Currency) string { return i18n.Decimal(l, money.Of(n, c)) },
		"minus":   func(n int) int { return -n },
		"list":    func(words ...string) []string { return words },
		"weekday": func(d cal.Date) string {
			return i18n.T(l, "web.weekday."+strings.ToLower(d.Weekday().String()))
		},
		"percent":   func(a, b int64) string { return percent(l, a, b) },
		"percentOf": func(n int) string { return percent(l, int64(n), 100) },
		"siren":     spaced,
		"method":    func(m string) string { return either(l, "web.method."+m, m) },
		"ageName": func(i int) string {
			return i18n.T(l, "web.aging."+[]string{"not_due", "1-30", "31-60", "61-90", "91+"}[i])
		},
		"problem":   func(key string, args []any) string { return sentence(i18n.T(l, key, args...)) },
		"fieldName": func(f string) string { return either(l, "web.field."+f, f) },
		"gate": func(name string, why i18n.Said) string {
			if key := "web.gate." + name; i18n.Has(key) {
				return i18n.T(l, key)
			}
			return sentence(why.In(l))
		},
		"colour":       colour,
		"scenarioName": func(name string) string { return either(l, "web.scenario.name."+name, name) },
	}
}

// either is a message, or the word itself when there is none.
func either(l i18n.Lang, key, word string) string {
	if i18n.Has(key) {
		return i18n.T(l, key)
	}
	return word
}

// percent is a part of a whole, without decimals.
func percent(l i18n.Lang, part, whole int64) string {
	if whole == 0 {
		return ""
	}
	s := strconv.FormatInt((part*200+whole)/(whole*2), 10)
	if l == i18n.EN {
		return s + "%"
	}
	return s + "\u202f%"
}

// spaced writes a SIREN in groups of three.
func spaced(s string) string {
	if len(s) != 9 {
		return s
	}
	return s[:3] + "\u202f" + s[3:6] + "\u202f" + s[6:]
}

// colour is a colour that a picker shows: the kit's accent where none is chosen.
func colour(s string) string {
	if len(s) == 7 && s[0] == '#' {
		return s
	}
	return "#0b5a60"
}

// sentence gives a text its capital.
func sentence(s string) string {
	for i, r := range s {
		if i == 0 {
			return strings.ToUpper(string(r)) + s[len(string(r)):]
		}
	}
	return s
}

// plain is the figure alone, nothing for zero: the columns of an account.
func plain(l i18n.Lang, n int64, c money.Currency) string {
	if n == 0 {
		return ""
	}
	return i18n.Decimal(l, money.Of(n, c))
}

// ago says a day from another: today, yesterday, in 3 days, 12 days ago.
func ago(l i18n.Lang, day, d cal.Date) string {
	if d.IsZero() || day.IsZero() {
		return ""
	}
	switch n := d.Sub(day); {
	case n == 0:
		return i18n.T(l, "web.rel.today")
	case n == 1:
		return i18n.T(l, "web.rel.tomorrow")
	case n == -1:
		return i18n.T(l, "web.rel.yesterday")
	case n > 0:
		return i18n.T(l, "web.rel.in", n)
	default:
		return i18n.T(l, "web.rel.ago", -n)
	}
}

// due says how late a debt is, or when it falls due.
func due(l i18n.Lang, day, d cal.Date) string {
	switch n := day.Sub(d); {
	case d.IsZero() || day.IsZero():
		return ""
	case n > 0:
		return i18n.T(l, "web.rel.late", n)
	case n == 0:
		return i18n.T(l, "web.rel.due-today")
	default:
		return i18n.T(l, "web.rel.due-in", -n)
	}
}

// tenths writes any whole number of tenths.
func tenths(l i18n.Lang, tenthsOf any) string {
	n, err := strconv.ParseInt(fmt.Sprint(tenthsOf), 10, 64)
	if err != nil {
		return ""
	}
	dot := ","
	if l == i18n.EN {
		dot = "."
	}
	return i18n.Int(l, int(n/10)) + dot + strconv.FormatInt(n%10, 10)
}

// dict makes the argument of a partial from names and values.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("dict: a name without a value")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}

// field makes a labelled field of a form: form, its name, the field's name, then names and values
// of what it is (label, type, value, help, options, required, …).
func field(f Form, form, name string, pairs ...any) (Field, error) {
	m, err := dict(pairs...)
	if err != nil {
		return Field{}, err
	}
	x := Field{ID: form + "-" + name, Name: name, Type: "text"}
	held := ""
	for k, v := range m {
		switch k {
		case "label":
			x.Label = fmt.Sprint(v)
		case "type":
			x.Type = fmt.Sprint(v)
		case "value":
			held = fmt.Sprint(v)
		case "help":
			x.Help = fmt.Sprint(v)
		case "placeholder":
			x.Placeholder = fmt.Sprint(v)
		case "auto":
			x.Auto = fmt.Sprint(v)
		case "min":
			x.Min = fmt.Sprint(v)
		case "max":
			x.Max = fmt.Sprint(v)
		case "mode":
			x.Mode = fmt.Sprint(v)
		case "required":
			x.Required, _ = v.(bool)
		case "wide":
			x.Wide, _ = v.(bool)
		case "short":
			x.Short, _ = v.(bool)
		case "rows":
			x.Rows, _ = v.(int)
			x.Type = "area"
		case "options":
			x.Options, _ = v.([]Option)
			x.Type = "select"
		default:
			return x, fmt.Errorf("field: %s is nothing a field has", k)
		}
	}
	x.Value = f.Value(form, name, held)
	if f.Name == form && f.Field == name {
		x.Error = f.Error
	}
	return x, nil
}
