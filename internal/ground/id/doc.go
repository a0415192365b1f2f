// Package id gives each kind of thing its own identifier type, so that a customer's number can
// never be passed where an invoice's is meant. Identifiers are positive 64-bit integers handed
// out by the store in blocks; zero means "not stored yet". Codes that people type (customer C001,
// invoice F-1) are strings and live in the domain.
package id
