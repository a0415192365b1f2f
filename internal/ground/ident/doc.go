// Package ident knows the identifiers that invoices and bank texts carry: SIREN, SIRET, VAT
// numbers, IBAN, BIC, the French RIB key and the ISO 11649 creditor reference (law-fr.md §9.3).
//
// It tells whether an identifier is well formed, how it is printed and kept, and makes those that
// are computed. A control figure of a SIREN, SIRET or VAT number that does not match makes a
// Finding doubtful, a thing to warn of and never to refuse: registers hold exceptions. It refuses
// to ask any register whether the identifier exists.
//
// The main type is Finding.
package ident
