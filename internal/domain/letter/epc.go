package letter

import (
	"strings"

	"relance/internal/ground/money"
)

// epc is the payload of the SEPA credit transfer code (EPC069-12, law-fr.md §9.4), "" when
// there is nothing that a bank's application could read: no IBAN, another currency, no amount.
func epc(name, iban, bic, reference string, a money.Amount) string {
	iban = strings.ReplaceAll(iban, " ", "")
	if iban == "" || name == "" || a.Currency != money.EUR || a.Minor < 1 || a.Minor > 99999999999 {
		return ""
	}
	structured, free := "", cut(plainASCII(clean(reference)), 140)
	if r := strings.ReplaceAll(free, " ", ""); strings.HasPrefix(r, "RF") && len(r) <= 25 {
		structured, free = r, ""
	}
	lines := []string{"BCD", "002", "1", "SCT", strings.ReplaceAll(bic, " ", ""), cut(plainASCII(name), 70), iban,
		"EUR" + a.Decimal(), "", structured, free}
	for lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if s := strings.Join(lines, "\n"); len(s) <= 331 {
		return s
	}
	return ""
}

func cut(s string, n int) string {
	if len(s) > n {
		return strings.TrimSpace(s[:n])
	}
	return s
}

// plainASCII takes accents away: some applications misread other names (DESIGN.md).
func plainASCII(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch base := fold(r); {
		case base != "":
			b.WriteString(base)
		case r >= ' ' && r < 0x7f:
			b.WriteRune(r)
		case r == '\u00a0' || r == '\u202f':
			b.WriteByte(' ')
		}
	}
	return b.String()
}

var folds = map[rune]string{
	'à': "a", 'á': "a", 'â': "a", 'ä': "a", 'ã': "a", 'å': "a", 'ç': "c", 'è': "e", 'é': "e", 'ê': "e", 'ë': "e",
	'ì': "i", 'í': "i", 'î': "i", 'ï': "i", 'ñ': "n", 'ò': "o", 'ó': "o", 'ô': "o", 'ö': "o", 'õ': "o", 'ø': "o",
	'ù': "u", 'ú': "u", 'û': "u", 'ü': "u", 'ý': "y", 'ÿ': "y", 'œ': "oe", 'æ': "ae", 'ß': "ss",
	'’': "'", '‘': "'", '–': "-", '—': "-",
}

func fold(r rune) string {
	if s, ok := folds[r]; ok {
		return s
	}
	for low, s := range map[rune]string{'À': "A", 'Â': "A", 'Ä': "A", 'Ç': "C", 'È': "E", 'É': "E", 'Ê': "E", 'Ë': "E", 'Î': "I",
		'Ï': "I", 'Ô': "O", 'Ö': "O", 'Ù': "U", 'Û': "U", 'Ü': "U", 'Œ': "OE", 'Æ': "AE", 'Á': "A", 'Í': "I", 'Ó': "O", 'Ú': "U", 'Ñ': "N", 'Ø': "O"} {
		if r == low {
			return s
		}
	}
	return ""
}
