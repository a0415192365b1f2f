package ident

import (
	"fmt"
	"regexp"
	"strconv"

	"relance/internal/ground/fault"
)

// vatForms is the form of each member state's number after its prefix, as VIES takes it. EL is
// Greece, XI is Northern Ireland.
var vatForms = func() map[string]*regexp.Regexp {
	m := map[string]*regexp.Regexp{}
	for country, form := range map[string]string{
		"AT": `U\d{8}`, "BE": `[01]\d{9}`, "BG": `\d{9,10}`, "CY": `\d{8}[A-Z]`, "CZ": `\d{8,10}`,
		"DE": `\d{9}`, "DK": `\d{8}`, "EE": `\d{9}`, "EL": `\d{9}`, "ES": `[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z]`,
		"FI": `\d{8}`, "FR": `[0-9A-HJ-NP-Z]{2}\d{9}`, "HR": `\d{11}`, "HU": `\d{8}`,
		"IE": `\d{7}[A-W][A-IW]?|\d[A-Z+*]\d{5}[A-W]`, "IT": `\d{11}`, "LT": `\d{9}|\d{12}`, "LU": `\d{8}`,
		"LV": `\d{11}`, "MT": `\d{8}`, "NL": `[0-9A-Z+*]{9}B\d{2}`, "PL": `\d{10}`, "PT": `\d{9}`,
		"RO": `\d{2,10}`, "SE": `\d{12}`, "SI": `\d{8}`, "SK": `\d{10}`, "XI": `\d{9}|\d{12}|GD\d{3}|HA\d{3}`,
	} {
		m[country] = regexp.MustCompile(`^(?:` + form + `)$`)
	}
	return m
}()

// VAT looks at the VAT number of a member state of the Union, by its form; of a French one by its
// key too. The number of another country is doubtful: its form is not known here.
func VAT(s string) Finding {
	v, ok := compact(s, "+*")
	switch {
	case !ok:
		return Finding{Reason: BadCharacter}
	case len(v) < 4 || len(v) > 14:
		return Finding{Reason: BadLength}
	case v[0] < 'A' || v[1] < 'A':
		return Finding{Reason: UnknownCountry}
	}
	country, number := v[:2], v[2:]
	if country == "GR" { // people write the ISO code, the tax office writes EL
		country = "EL"
	}
	v = country + number
	f := Finding{Value: v, Formatted: country + " " + number}
	form, known := vatForms[country]
	if !known {
		f.Reason, f.Doubtful = UnknownCountry, true
		return f
	}
	if !form.MatchString(number) {
		return Finding{Reason: BadForm}
	}
	if country == "FR" {
		f.Formatted = "FR " + spaced(number, 2, 3, 3, 3)
		if key, siren := number[:2], number[2:]; isDigits(key) && key != vatKey(siren) {
			f.Reason, f.Doubtful = ControlFigure, true
		}
	}
	return f
}

// MakeVAT is the French VAT number of a SIREN. The error's key is the finding's reason.
func MakeVAT(siren string) (string, error) {
	f := SIREN(siren)
	if !f.Valid() {
		return "", fault.New(fault.Invalid, f.Reason)
	}
	return "FR" + vatKey(f.Value) + f.Value, nil
}

func vatKey(siren string) string {
	n, _ := strconv.Atoi(siren) // nine digits
	return fmt.Sprintf("%02d", (12+3*(n%97))%97)
}
