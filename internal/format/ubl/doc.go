// Package ubl reads OASIS UBL 2.x invoices and credit notes, the other syntax of EN 16931
// (Peppol, XRechnung, XP Z12-012).
//
// It knows element names and nothing else: what they mean for a debt is en16931's matter.
package ubl
