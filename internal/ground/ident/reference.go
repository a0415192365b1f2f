package ident

import (
	"fmt"

	"relance/internal/ground/fault"
)

// maxReference is what ISO 11649 leaves after "RF" and its two control figures.
const maxReference = 21

// CreditorReference looks at an ISO 11649 reference: RF, two control figures, up to 21 letters
// and figures. A wrong one is refused: a payment would not find its invoice.
func CreditorReference(s string) Finding {
	v, ok := compact(s, "")
	switch {
	case !ok:
		return Finding{Reason: BadCharacter}
	case len(v) < 5 || len(v) > 4+maxReference:
		return Finding{Reason: BadLength}
	case v[:2] != "RF" || !isDigits(v[2:4]):
		return Finding{Reason: BadForm}
	case mod97(v[4:]+v[:4]) != 1:
		return Finding{Reason: ControlFigure}
	}
	return Finding{Value: v, Formatted: fours(v)}
}

// MakeCreditorReference makes the ISO 11649 reference of an invoice number or any text of letters
// and figures; separators are dropped. Errors: "ident.character", "ident.length".
func MakeCreditorReference(text string) (string, error) {
	v, ok := compact(text, "")
	switch {
	case !ok:
		return "", fault.New(fault.Invalid, BadCharacter)
	case v == "" || len(v) > maxReference:
		return "", fault.New(fault.Invalid, BadLength)
	}
	return fmt.Sprintf("RF%02d%s", 98-mod97(v+"RF00"), v), nil
}
