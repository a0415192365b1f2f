// Package ofx reads the statements of Open Financial Exchange files: 1.x, which is SGML and may leave
// out the closing marks of values, and 2.x, which is XML; of bank accounts and of credit cards.
//
// It knows that both are the same marks, that the encoding a header announces is often wrong, and how
// French banks write their labels ("VIR SEPA DUPONT", "REJET PRLV"), because OFX itself has no word for
// a transfer received or for a payment that comes back. It refuses to know opening balances: the format
// has none. Movements that are not booked are counted in a warning.
//
// Movements are handed over one by one; nothing else of the file is kept. Main function: Read.
package ofx
