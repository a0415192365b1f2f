// Package cii reads UN/CEFACT Cross Industry Invoices: the CII syntax of EN 16931 (D16B, D22B:
// Factur-X, ZUGFeRD 2, XRechnung, XP Z12-012) and its ancestor ZUGFeRD 1.0.
//
// It knows element names and nothing else: what they mean for a debt is en16931's matter. It
// recognises life-cycle messages (CDAR) and refuses them by name. It refuses to know PDF.
package cii
