package bank

import "relance/internal/ground/money"

// sepa are the countries of the single euro payments area, by the first letters of their accounts (European
// Payments Council, EPC409-09, 2025).
var sepa = set(`AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA`)

// isForeign tells whether banks on the way may have kept charges: another currency than the euro, or an
// account outside the euro payments area.
func isForeign(l *Line, cur money.Currency) bool {
	iban := plainIBAN(l.Payer.IBAN)
	return cur != money.EUR || len(iban) > 2 && !sepa[iban[:2]]
}
