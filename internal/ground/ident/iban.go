package ident

import (
	"fmt"

	"relance/internal/ground/fault"
)

// ibanLengths is the length of each country's IBAN (ISO 13616 registry). French overseas
// territories use FR.
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29,
	"BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20,
	"EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27,
	"GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30,
	"KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22,
	"MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
	"QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26,
	"UA": 29, "VA": 22, "VG": 24, "XK": 20,
}

// IBAN looks at a bank account number: form, length of its country, control figures, and in
// France and Monaco the RIB key inside. A wrong one is refused: money would go astray.
func IBAN(s string) Finding {
	v, ok := compact(s, "")
	switch {
	case !ok:
		return Finding{Reason: BadCharacter}
	case len(v) < 15 || len(v) > 34:
		return Finding{Reason: BadLength}
	case v[0] < 'A' || v[1] < 'A' || !isDigits(v[2:4]):
		return Finding{Reason: BadForm}
	}
	if n, known := ibanLengths[v[:2]]; known && n != len(v) {
		return Finding{Reason: BadLength}
	}
	if mod97(v[4:]+v[:4]) != 1 || v[2:4] < "02" || v[2:4] > "98" {
		return Finding{Reason: ControlFigure}
	}
	f := Finding{Value: v, Formatted: fours(v)}
	if c := v[:2]; c == "FR" || c == "MC" {
		key, ok := ribKey(v[4:9], v[9:14], v[14:25])
		if !ok {
			return Finding{Reason: BadForm}
		}
		if v[25:] != key {
			return Finding{Reason: BadRIBKey}
		}
	}
	return f
}

// RIBKey is the two-figure key of a French account: five figures of bank, five of branch, eleven
// figures or letters of account. The error's key is "ident.form".
func RIBKey(bank, branch, account string) (string, error) {
	b, ok1 := compact(bank, "")
	g, ok2 := compact(branch, "")
	a, ok3 := compact(account, "")
	if key, ok := ribKey(b, g, a); ok && ok1 && ok2 && ok3 {
		return key, nil
	}
	return "", fault.New(fault.Invalid, BadForm)
}

func ribKey(bank, branch, account string) (string, bool) {
	if len(bank) != 5 || len(branch) != 5 || len(account) != 11 || !isDigits(bank) || !isDigits(branch) {
		return "", false
	}
	n := 89*ribNumber(bank) + 15*ribNumber(branch) + 3*ribNumber(account)
	return fmt.Sprintf("%02d", 97-n%97), true
}

// ribNumber reads letters as the RIB does: A and J are 1, B, K and S are 2, and so on to 9.
func ribNumber(s string) int {
	n := 0
	for i := range len(s) {
		var d int
		switch c := s[i]; {
		case c >= 'S':
			d = int(c-'S') + 2
		case c >= 'J':
			d = int(c-'J') + 1
		case c >= 'A':
			d = int(c-'A') + 1
		default:
			d = int(c - '0')
		}
		n = n*10 + d
	}
	return n
}

// MakeIBAN is the IBAN of a French account, its RIB key computed.
func MakeIBAN(bank, branch, account string) (string, error) {
	b, ok1 := compact(bank, "")
	g, ok2 := compact(branch, "")
	a, ok3 := compact(account, "")
	key, ok := ribKey(b, g, a)
	if !ok || !ok1 || !ok2 || !ok3 {
		return "", fault.New(fault.Invalid, BadForm)
	}
	bban := b + g + a + key
	return fmt.Sprintf("FR%02d%s", 98-mod97(bban+"FR00"), bban), nil
}

// BIC looks at a bank's code (ISO 9362): eight or eleven characters.
func BIC(s string) Finding {
	v, ok := compact(s, "")
	switch {
	case !ok:
		return Finding{Reason: BadCharacter}
	case len(v) != 8 && len(v) != 11:
		return Finding{Reason: BadLength}
	}
	for i := range 6 { // institution (letters in practice) and country
		if c := v[i]; i >= 4 && c < 'A' {
			return Finding{Reason: BadForm}
		}
	}
	f := Finding{Value: v, Formatted: v}
	return f
}
