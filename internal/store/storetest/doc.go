// Package storetest gives tests a real, empty database: a SQLite file always, and a schema of
// PostgreSQL where RELANCE_TEST_POSTGRES names a server. Storage is never mocked.
package storetest
