// Package facturx reads Factur-X, ZUGFeRD 1 and 2 and XRechnung PDF invoices: it finds the XML
// that the PDF carries and hands it to cii (or ubl).
//
// It knows just enough PDF to find attached files: objects, object streams, the names tree and
// the AF array. It reads objects where they stand instead of trusting the cross-reference table,
// so that a PDF whose header or table lies is read like another, and every step has a budget: a
// general PDF library inflates what a hostile file tells it to. The tests pin what it finds
// in every PDF of the corpora. It refuses to know pages, fonts, signatures and encryption.
package facturx
