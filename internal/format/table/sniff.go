package table

import (
	"bytes"

	"relance/internal/format/charset"
	"relance/internal/ground/fault"
)

// headSize is how much of a file tells its dialect.
const headSize = 64 << 10

// Dialect is how a text file is cut in cells.
type Dialect struct {
	Charset   charset.Encoding
	Delimiter byte
	bom       int // bytes of the byte order mark
	eol       byte
}

// delimiters, the French one first: it wins among equals, since commas are decimal there.
var delimiters = []byte{';', '\t', ',', '|'}

// Sniff tells the dialect of a text by its head, already in UTF-8 or in an 8-bit encoding. The
// error says that it is no table.
func Sniff(head []byte) (Dialect, error) {
	d := Dialect{eol: '\n'}
	d.Charset, d.bom = charset.Detect(head)
	text := head[d.bom:]
	if bytes.IndexByte(text, 0) >= 0 {
		return d, notATable()
	}
	if bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0 {
		d.eol = '\r'
	}
	if sep, ok := declaredDelimiter(text); ok {
		d.Delimiter = sep
		return d, nil
	}
	best := 0
	for _, sep := range delimiters {
		if n := cutting(text, sep, d.eol); n > best {
			best, d.Delimiter = n, sep
		}
	}
	if best == 0 {
		return d, notATable()
	}
	return d, nil
}

func notATable() error { return fault.New(fault.Invalid, "format.table.not") }

// declaredDelimiter reads Excel's own first line "sep=;".
func declaredDelimiter(text []byte) (byte, bool) {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	line = bytes.Trim(bytes.TrimRight(line, "\r"), `"`)
	if len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) && bytes.IndexByte(delimiters, line[4]) >= 0 {
		return line[4], true
	}
	return 0, false
}

// cutting measures a delimiter: lines that it cuts in the usual number of cells, times the cuts.
// A decimal comma cuts the lines but not the header, so that it measures less.
func cutting(text []byte, sep, eol byte) int {
	sc := &scanner{buf: text, w: len(text), eof: true, delim: sep, eol: eol, enc: charset.CP1252}
	widths := map[int]int{}
	for range 100 {
		if sc.r >= len(text) {
			break
		}
		r, err := sc.next()
		if err != nil {
			break
		}
		widths[len(r.cells)]++
	}
	best := 0
	for width, lines := range widths {
		if width > 1 {
			best = max(best, lines*(width-1))
		}
	}
	return best
}
