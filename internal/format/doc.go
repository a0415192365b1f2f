// Package format is the front of the letterbox: Detect tells which slot a file belongs to, by
// its first bytes and not by its name. The slots are the packages below: table, fec, ubl, cii,
// facturx and their neighbours. It refuses to read more than the head it is given.
package format
