package i18n

import (
	"fmt"
	"strconv"
	"strings"

	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

// French typography: U+202F between thousands and before the currency, so that a figure never
// breaks at the end of a line.
const narrow = "\u202f"

var symbols = map[money.Currency]string{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}

// Amount writes 1 234,56 € in French, €1,234.56 in English; a currency without a common symbol
// keeps its code.
func Amount(l Lang, a money.Amount) string {
	n := Decimal(l, a)
	sym, ok := symbols[a.Currency]
	if l == EN && ok {
		if rest, neg := strings.CutPrefix(n, "-"); neg {
			return "-" + sym + rest
		}
		return sym + n
	}
	if !ok {
		sym = string(a.Currency)
	}
	return n + narrow + sym
}

// Decimal writes the figure alone, with the language's separators: 1 234,56 or 1,234.56.
func Decimal(l Lang, a money.Amount) string {
	plain := a.Decimal()
	neg := ""
	if rest, ok := strings.CutPrefix(plain, "-"); ok {
		neg, plain = "-", rest
	}
	whole, frac, hasFrac := strings.Cut(plain, ".")
	sep, dot := narrow, ","
	if l == EN {
		sep, dot = ",", "."
	}
	out := neg + group(whole, sep)
	if hasFrac {
		out += dot + frac
	}
	return out
}

func group(digits, sep string) string {
	if len(digits) <= 3 {
		return digits
	}
	var b strings.Builder
	head := len(digits) % 3
	b.WriteString(digits[:head])
	for i := head; i < len(digits); i += 3 {
		if b.Len() > 0 {
			b.WriteString(sep)
		}
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}

// Int writes a count with thousands separated.
func Int(l Lang, n int) string {
	sep := narrow
	if l == EN {
		sep = ","
	}
	s := strconv.Itoa(n)
	if rest, neg := strings.CutPrefix(s, "-"); neg {
		return "-" + group(rest, sep)
	}
	return group(s, sep)
}

// Rate writes 12,15 % in French, 12.15% in English.
func Rate(l Lang, r money.Rate) string {
	if l == EN {
		return r.String() + "%"
	}
	return strings.Replace(r.String(), ".", ",", 1) + narrow + "%"
}

var monthsFR = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
	"septembre", "octobre", "novembre", "décembre"}

var monthsShortFR = [...]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août",
	"sept.", "oct.", "nov.", "déc."}

// Date writes a date as in a letter: 22 novembre 2026, 1er mai 2026; 22 November 2026.
func Date(l Lang, d cal.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Civil()
	if l == EN {
		return fmt.Sprintf("%d\u00a0%s\u00a0%d", day, m, y)
	}
	if day == 1 {
		return fmt.Sprintf("1er\u00a0%s\u00a0%d", monthsFR[m-1], y)
	}
	return fmt.Sprintf("%d\u00a0%s\u00a0%d", day, monthsFR[m-1], y)
}

// DateShort writes a date as on a screen: 22 nov. 2026; 22 Nov 2026.
func DateShort(l Lang, d cal.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Civil()
	if l == EN {
		return fmt.Sprintf("%d\u00a0%s\u00a0%d", day, m.String()[:3], y)
	}
	return fmt.Sprintf("%d\u00a0%s\u00a0%d", day, monthsShortFR[m-1], y)
}

// DateNumeric writes a date as in a narrow table: 22/11/2026 in both languages, as French
// letters are read by French accountants; the day comes first in British English too.
func DateNumeric(d cal.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Civil()
	return fmt.Sprintf("%02d/%02d/%04d", day, int(m), y)
}
