// Package camt reads what a bank reports of an account in ISO 20022: camt.052 (account report),
// camt.053 (statement) and camt.054 (debit and credit notification), versions 1 to 14.
//
// It knows where each version keeps a fact (the schemas moved names, statuses and charges about),
// which balances are booked, what an entry and the transactions below it say of one another, and
// which transaction codes mean that a payment came back. It refuses to know whose payment it is,
// and to report what is not booked: pending entries are counted in a warning.
//
// An entry is read alone and handed over before the next, so that a file of a million entries needs
// no more memory than one of ten. Main function: Read.
package camt
