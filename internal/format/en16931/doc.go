// Package en16931 is the meaning of a European e-invoice, whatever its syntax: the semantic
// model of EN 16931 (BT-1, BG-10…) as far as a debt is concerned, and how it becomes a bill.Draft.
//
// It knows the bounded XML tree that formats cii and ubl walk, document types (UNTDID 1001),
// which totals are trusted, and which faults are a warning or a refusal: the debt is what the
// file says is payable (BT-115), a total that does not add up only warns. It refuses to know
// element names, PDF, and whether the seller is us: the hall decides.
//
// Main types: Tree (XML within limits), Invoice (raw fields with their lines), Reading (the
// draft, with what is wrong or doubtful).
package en16931
