// Package pdf prints letters: a letter.Document becomes an A4 PDF that fits the window of a French
// DL or C4 envelope (PRODUCT.md §4.5).
//
// It knows the sheet (window, margins, fold marks, foot), where lines and pages break, and the
// bytes of a PDF file. It refuses to know what a letter says: every text comes final from
// domain/letter. The same document always gives the same bytes: no clock, no random identifier.
//
// The walk: Document → chunks (what may not be cut) → pages of marks in millimetres → objects of
// the file. The layout is apart from the file so that it can be tested without reading PDF.
//
// Fonts are cut with fpdf's UTF8CutFont once at start, as DESIGN.md asks, but the file is written
// here: fpdf parses, encodes as JSON and compresses its fonts for each document, which took
// 6.4 ms (155 letters a second) before the first line of text was laid out; with the font streams
// kept ready a whole letter takes less than a tenth of that (BenchmarkLetter).
package pdf
