// Package corpus finds other people's files for the tests of the letterbox: real exports and
// invoices that are not part of the repository. It refuses to know what is in them.
package corpus
