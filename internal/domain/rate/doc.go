// Package rate knows what a late payment costs by law: reference rates with their effective
// dates and sources, late payment interest, the fixed recovery charge, imputation of payments
// and public payment delays, for every regime of law-fr.md §1 to §4.1.
//
// It computes exactly: interest is a fraction of a cent until one half-up rounding on the total
// of an invoice. A rate that is not loaded is an error, never an extrapolation. It refuses to
// know scenarios, letters and the ledger, and it classifies nobody: the kind of a debtor is
// given to it.
//
// The main types are Table (the law's figures), Case and Result (one computation).
package rate
