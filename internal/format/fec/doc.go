// Package fec reads a French general ledger export, the "fichier des écritures comptables"
// (LPF art. A47 A-1, law-fr.md §8), and finds in it what customers still owe.
//
// It knows the eighteen columns and the ways in which real exports bend them, the accounts of
// customers (411, 4117 retention, 413 bills, 416 doubtful, 4191 deposits), lettering, and how to
// match a ledger that has none. It refuses to know due dates: a ledger holds none.
//
// Main types: Ledger (what Read gives), Item (what a customer was charged, and what is open of
// it), Credit (money or credit note in the customer's favour), Entry (one line).
package fec
