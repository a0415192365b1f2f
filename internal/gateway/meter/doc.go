// Package meter counts and times the house's work for Prometheus.
//
// It knows the metrics, each in one table, and what is asked of the house at each scrape. It
// refuses to know whom: no label holds more than a word of the program's vocabulary, so that the
// number of series is a function of the program and never of the ledger.
package meter
