// Package money counts: integer minor units with their currency, never floats.
//
// It knows how many decimals a currency has, how to read an amount written by people or
// machines, and how to share an amount without losing a cent. How an amount looks on a page is
// ground/i18n's matter.
package money
