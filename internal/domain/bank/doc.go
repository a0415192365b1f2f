// Package bank knows what a bank says of an account and which debts a line of it pays.
//
// A Statement holds Entries, each with one or more Lines: who sent how much, and why. A Book holds what
// is owed and who owes it; Book.Match says what a line most likely settles, with a score and reasons that a
// person can read, and whether it is sure enough to be applied without one; Book.Returned says which payment
// comes back. The rules, in one table: score.go; as stories: testdata/match. Nothing here reads a file, a
// clock or a database; it refuses to know what is done with a proposal.
package bank
