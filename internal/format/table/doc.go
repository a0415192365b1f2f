// Package table reads lists of invoices, customers, contacts and payments, and the statements of banks,
// from CSV, TSV and XLSX files as people export them, and writes lists back.
//
// It knows how such files are bent: encodings, delimiters, titles above the header and totals
// below the lines, French and English headers of many programs, dates and amounts whose order and
// separators only the column itself proves. It proposes a Mapping (which column is what), to be
// shown, corrected and remembered, and streams one draft a line under it: a bad line is told
// with its number and leaves the others alone. It refuses to know what is already in the ledger,
// which lines make one invoice (but product lines, when they are mapped as such), and today.
//
// Main types: Sheet (an opened table), Mapping and Column (what its columns mean), Notes (what is
// wrong with a line), Cell (what is written).
package table
