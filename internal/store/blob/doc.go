// Package blob keeps files by their SHA-256: each once, compressed when that saves room.
//
// It knows bytes, their hash and their media type. It refuses to know whose they are: the rows of
// the store name them by hash. On SQLite they lie in a second file beside the first, so that a
// large document never holds the ledger's writer; on PostgreSQL in a table.
package blob
