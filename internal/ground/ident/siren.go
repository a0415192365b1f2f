package ident

// laPoste numbers its establishments out of Luhn: a multiple of five is enough there.
const laPoste = "356000000"

// SIREN looks at the nine digits of a French business.
func SIREN(s string) Finding {
	v, bad := digits(s, 9)
	if bad != "" {
		return Finding{Reason: bad}
	}
	f := Finding{Value: v, Formatted: spaced(v, 3, 3, 3)}
	switch {
	case v == "000000000":
		return Finding{Reason: AllZero}
	case luhn(v) != 0:
		f.Reason, f.Doubtful = ControlFigure, true
	}
	return f
}

// SIRET looks at the fourteen digits of an establishment: SIREN and NIC, Luhn on both.
func SIRET(s string) Finding {
	v, bad := digits(s, 14)
	if bad != "" {
		return Finding{Reason: bad}
	}
	f := Finding{Value: v, Formatted: spaced(v, 3, 3, 3, 5)}
	siren := SIREN(v[:9])
	switch {
	case siren.Reason == AllZero:
		return Finding{Reason: AllZero}
	case v[:9] == laPoste && (luhn(v) == 0 || digitSum(v)%5 == 0):
	case luhn(v) != 0:
		f.Reason, f.Doubtful = ControlFigure, true
	case !siren.Valid():
		f.Reason, f.Doubtful = BadSIREN, true
	}
	return f
}

func digits(s string, n int) (v, reason string) {
	v, ok := compact(s, "")
	switch {
	case !ok || v != "" && !isDigits(v):
		return "", NotDigits
	case len(v) != n:
		return "", BadLength
	}
	return v, ""
}

// luhn is the remainder modulo 10 of the digits, every second one from the right doubled.
func luhn(v string) int {
	sum := 0
	for i := range len(v) {
		d := int(v[len(v)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum % 10
}

func digitSum(v string) (sum int) {
	for i := range len(v) {
		sum += int(v[i] - '0')
	}
	return sum
}
