// Package mt940 reads the account statement of SWIFT (MT940, customer statement message) as banks
// write it: bare or within the blocks of SWIFT, with the headers of ABN, ING or Rabobank between the
// messages, with structured information in the German (?20), the Dutch (/REMI/) or the SEPA (SVWZ+) way.
//
// It knows the fields of a message and what of them tells a payment: its days, its sign, who sent it and
// why. Messages of one account that follow each other by intermediate balances (62M, then 60M) are one
// statement. It refuses to know expected movements (MT942) and available balances (64, 65).
//
// Entries are handed over one by one and no file is kept in memory; what is wrong is told by line and
// leaves the other movements alone.
//
// Main function: Read.
package mt940
