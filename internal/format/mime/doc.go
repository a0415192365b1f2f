// Package mime writes e-mails and reads them back.
//
// It knows RFC 5322 (headers), RFC 2045 to 2047 and RFC 2231 (parts, encodings, names), and what
// no message of ours may carry: a line break in a header. It refuses to know accounts, servers and
// what a message says. The same message always gives the same bytes: the boundaries come from its
// identifier, so that what the journal holds can be made again and compared.
package mime
