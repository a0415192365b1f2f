package ident

import "strings"

// Finding is what one look at an identifier tells.
type Finding struct {
	Value     string // as it is kept: capitals, no separators; "" when nothing can be kept
	Formatted string // as it is printed: "732 829 320"; "" when nothing can be printed
	Reason    string // why it is not valid, a message key; "" when it is valid
	Doubtful  bool   // the form is right and only the control figure is not: warn, never refuse
}

// Valid tells whether nothing was found wrong.
func (f Finding) Valid() bool { return f.Reason == "" }

// Reasons for which an identifier is not valid.
const (
	NotDigits      = "ident.digits"      // something else than digits
	BadCharacter   = "ident.character"   // a character that such an identifier never holds
	BadLength      = "ident.length"      // too long or too short
	BadForm        = "ident.form"        // letters and digits in the wrong places
	AllZero        = "ident.zero"        // 000000000 passes Luhn and names nobody
	ControlFigure  = "ident.control"     // the control figure does not match
	UnknownCountry = "ident.country"     // no country, or one whose format is not known here
	BadRIBKey      = "ident.rib-key"     // the French key inside the IBAN does not match
	BadSIREN       = "ident.siren-wrong" // the SIREN inside a SIRET is not valid
)

// maxText bounds what is looked at: no identifier is longer, separators included.
const maxText = 80

// compact drops the separators that people write and capitalises; ok is false for a text that is
// too long or holds other characters than ASCII letters, digits and those of extra.
func compact(s, extra string) (string, bool) {
	if len(s) > maxText {
		return "", false
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == ' ' || r == '.' || r == '-' || r == '\t' || r == '\u00a0' || r == '\u202f':
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', strings.ContainsRune(extra, r):
			b.WriteRune(r)
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		default:
			return "", false
		}
	}
	return b.String(), true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// spaced puts a space before each place of the printed form.
func spaced(s string, groups ...int) string {
	var b strings.Builder
	for _, n := range groups {
		if len(s) == 0 {
			break
		}
		n = min(n, len(s))
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s[:n])
		s = s[n:]
	}
	return b.String() + s
}

// fours prints in groups of four, as an IBAN.
func fours(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i += 4 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s[i:min(i+4, len(s))])
	}
	return b.String()
}

// mod97 is the remainder of ISO 7064 MOD 97-10, letters standing for 10 to 35.
func mod97(s string) int {
	r := 0
	for i := range len(s) {
		if c := s[i]; c >= 'A' {
			r = (r*100 + int(c-'A') + 10) % 97
		} else {
			r = (r*10 + int(c-'0')) % 97
		}
	}
	return r
}
