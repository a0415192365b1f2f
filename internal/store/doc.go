// Package store is the cellar: what is known, in SQLite or PostgreSQL.
//
// It knows tables, statements and transactions, one file an aggregate; dialect.go alone knows how
// the two databases differ. It refuses to decide anything: domain rooms decide, the hall calls.
// Every statement carries the company; the exceptions stand in a list that a test reads.
package store
