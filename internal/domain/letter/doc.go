// Package letter writes: it turns one text and what it may say of one debt into an e-mail (HTML
// and plain text) and a letter.
//
// It knows the template language (Parse), the texts that ship with the program (Lookup), what
// every message must carry (PRODUCT.md §4.2), what may never be said to a kind of debtor
// (Forbidden) and what a formal notice needs to be one (CheckNotice, law-fr.md §5.2). Everything
// a message says stands in one struct, Message: this room reads no ledger, computes no interest,
// chooses no day and never asks the time.
//
// The walk: source → Parse (checked against the closed set of fields) → Compose (evaluated with
// a Message, then Markdown → []Block) → Mail (HTML, text) or Document (what gateway/pdf prints).
// The syntax is that of text/template, which people know and whose parser is well kept; the
// evaluation is our own, over the table in fields.go, because text/template calls methods,
// counts no steps and can loop over a number.
package letter
