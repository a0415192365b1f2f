// Package charset turns the bytes of a file into UTF-8.
//
// It knows the encodings that French accounting exports really use: UTF-8 with or without a byte
// order mark, UTF-16, Windows-1252 and its cousin ISO 8859-15. It refuses to know what the text
// means, and never fails: a byte that fits nowhere becomes a character of Windows-1252.
package charset
