// Package cfonb reads what French banks send in records of fixed length: the account statement of
// 120 characters (CFONB, "Relevé de compte sur support informatique", July 2004; law-fr.md §9.5) and
// the operations of 240 characters that they hand back to their customers, unpaid items above all.
//
// It knows where each zone stands, the sign hidden in the last figure of an amount, what the
// interbank operation codes say of a movement (a transfer, a cheque, something that comes back) and
// the qualifiers of the detail records. It refuses to know whose invoice a movement pays, and it keeps
// no file in memory: entries are handed over one by one.
//
// What is wrong is told by line and leaves the other records alone. An error met outside any
// statement stands with the statement before it, else with the one after it; a file without any
// gives one statement without an account that holds its errors.
//
// Main functions: Read (120), Read240.
package cfonb
