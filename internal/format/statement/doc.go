// Package statement is the one door of bank statements that are no tables: Detect tells the format of
// a file by its first bytes, Read reads it, whichever it is.
//
// It knows how a file of each format begins and which room reads it; it refuses to know anything of
// what they say. Statements in columns (CSV, XLSX) go by package table, because a person confirms
// what their columns mean.
package statement
