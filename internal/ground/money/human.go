package money

import (
	"strings"
	"unicode"
)

// Separator is the sign between units and decimals. Unknown lets each text speak for itself.
type Separator byte

// The separators.
const (
	Unknown Separator = 0
	Comma   Separator = ','
	Dot     Separator = '.'
)

// DetectSeparator reads a whole column: the decimal separator that its values prove. It is
// Unknown when nothing proves one ("1,234" alone) or when values contradict each other.
func DetectSeparator(samples []string) Separator {
	found := Unknown
	for _, s := range samples {
		body, _, err := unsigned(s, "")
		if err != nil {
			continue
		}
		switch sep, proven := separatorOf(body, Unknown); {
		case !proven || sep == Unknown:
		case found == Unknown:
			found = sep
		case found != sep:
			return Unknown
		}
	}
	return found
}

// ParseHuman reads an amount as people and programs write it: "1 234,56", "1,234.56", "1.234,56 €",
// "EUR 12", "(12,00)" and "12-" which are negative, with any kind of space or apostrophe between
// thousands. sep settles "1,234"; with Unknown such a text is ErrAmbiguous. The other errors are
// those of ParseDecimal; a text that contradicts sep is ErrAmbiguous too.
func ParseHuman(s string, c Currency, sep Separator) (Amount, error) {
	body, negative, err := unsigned(s, c)
	if err != nil {
		return Amount{}, err
	}
	decimal, proven := separatorOf(body, sep)
	if !proven {
		if c.Decimals() != 0 {
			return Amount{}, ErrAmbiguous
		}
		decimal = Unknown // no decimals in this currency: thousands
	}
	whole, frac := body, ""
	if decimal != Unknown {
		i := strings.LastIndexByte(body, byte(decimal))
		if i >= 0 {
			whole, frac = body[:i], body[i+1:]
		}
	}
	if whole, err = ungroup(whole); err != nil {
		return Amount{}, err
	}
	if negative {
		whole = "-" + whole
	}
	return ParseDecimal(whole+"."+frac, c)
}

// marks are the signs that stand beside an amount of a currency.
var marks = map[Currency][]string{
	"EUR": {"€", "EUROS", "EURO", "EUR"}, "USD": {"US$", "$", "USD"}, "GBP": {"£", "GBP"}, "JPY": {"¥", "JPY"}, "CHF": {"FR.", "CHF"},
}

// unsigned takes off the sign, the parentheses and the currency's mark, and makes every space one
// plain space. With no currency any mark is taken off.
func unsigned(s string, c Currency) (body string, negative bool, err error) {
	if len(s) > 64 {
		return "", false, ErrNotAnAmount
	}
	body = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r): // non-breaking and narrow ones too
			return ' '
		case r == '\u2212' || r == '\u2013':
			return '-'
		case r == '\u2019':
			return '\''
		}
		return unicode.ToUpper(r)
	}, s)
	body = unmark(strings.TrimSpace(body), c)
	signs := 0
	if inner, ok := strings.CutPrefix(body, "("); ok {
		if body, ok = strings.CutSuffix(inner, ")"); !ok {
			return "", false, ErrNotAnAmount
		}
		signs++
		body = unmark(strings.TrimSpace(body), c)
	}
	if rest, ok := strings.CutPrefix(body, "-"); ok {
		body, signs = rest, signs+1
	} else if rest, ok := strings.CutPrefix(body, "+"); ok {
		body = rest
	}
	if rest, ok := strings.CutSuffix(body, "-"); ok {
		body, signs = rest, signs+1
	}
	body = unmark(strings.TrimSpace(body), c)
	for i := range len(body) {
		if ch := body[i]; (ch < '0' || ch > '9') && ch != '.' && ch != ',' && ch != ' ' && ch != '\'' {
			return "", false, ErrNotAnAmount
		}
	}
	if signs > 1 || strings.Trim(body, "., '") == "" {
		return "", false, ErrNotAnAmount
	}
	return body, signs == 1, nil
}

func unmark(s string, c Currency) string {
	known := marks[c]
	if c != "" && known == nil {
		known = []string{string(c)}
	}
	if c == "" {
		for _, m := range marks {
			known = append(known, m...)
		}
	}
	for _, m := range known {
		if rest, ok := strings.CutPrefix(s, m); ok {
			return strings.TrimSpace(rest)
		}
		if rest, ok := strings.CutSuffix(s, m); ok {
			return strings.TrimSpace(rest)
		}
	}
	return s
}

// separatorOf is the decimal separator of a text; proven is false when the text leaves a doubt or
// contradicts the one that was given. A text of units alone proves nothing and doubts nothing:
// it answers what was given.
func separatorOf(s string, given Separator) (sep Separator, proven bool) {
	dots, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case dots+commas == 0:
		return given, true
	case dots > 0 && commas > 0: // the last one separates decimals, and stands once
		sep = Dot
		if strings.LastIndexByte(s, ',') > strings.LastIndexByte(s, '.') {
			sep = Comma
		}
	case dots > 1: // 1.234.567: thousands
		sep = Comma
	case commas > 1:
		sep = Dot
	default:
		sep = Dot
		if commas == 1 {
			sep = Comma
		}
		i := strings.IndexByte(s, byte(sep))
		if looksGrouped(s[:i], s[i+1:]) {
			if given == Unknown {
				return Unknown, false
			}
			return given, true
		}
	}
	return sep, given == Unknown || given == sep
}

// looksGrouped tells whether "1,234" may be thousands: one to three figures, then three.
func looksGrouped(before, after string) bool {
	return len(after) == 3 && len(before) >= 1 && len(before) <= 3 && before[0] != '0' &&
		!strings.ContainsAny(before+after, " '")
}

// ungroup drops what stands between thousands: one kind of sign, groups of three figures.
func ungroup(s string) (string, error) {
	i := strings.IndexAny(s, "., '")
	if i < 0 {
		return s, nil
	}
	groups := strings.Split(s, s[i:i+1])
	for n, g := range groups {
		if n == 0 && (len(g) < 1 || len(g) > 3) || n > 0 && len(g) != 3 || strings.ContainsAny(g, "., '") {
			return "", ErrNotAnAmount
		}
	}
	return strings.Join(groups, ""), nil
}
