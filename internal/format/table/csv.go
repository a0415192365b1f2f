package table

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"relance/internal/format/charset"
	"relance/internal/ground/fault"
)

func (s *Sheet) openCSV(r io.ReaderAt, size int64, head []byte) (*Sheet, error) {
	if size > maxCSV {
		return nil, fault.New(fault.Invalid, "format.too-large", maxCSV>>20)
	}
	wide, bom := charset.Detect(head)
	is16 := wide == charset.UTF16LE || wide == charset.UTF16BE
	text := head
	if is16 {
		text, _ = io.ReadAll(charset.UTF16(bytes.NewReader(head[bom:]), wide)) // from memory: cannot fail
	}
	d, err := Sniff(text)
	if err != nil {
		return nil, err
	}
	s.Format, s.Charset, s.Delimiter = "csv", d.Charset, d.Delimiter
	if is16 {
		s.Charset = wide
	}
	s.rows = func() (source, error) {
		var in io.Reader = io.NewSectionReader(r, int64(max(bom, d.bom)), size)
		if is16 {
			in = charset.UTF16(in, wide)
		}
		return &scanner{in: in, buf: make([]byte, 2*maxRow), delim: d.Delimiter, eol: d.eol, enc: d.Charset}, nil
	}
	return s, s.settle()
}

// scanner cuts a text in rows (RFC 4180, with any line end and delimiter). Cells of one row share
// one string: a row costs one allocation.
type scanner struct {
	in    io.Reader
	buf   []byte
	r, w  int // unread part of buf
	eof   bool
	delim byte
	eol   byte
	enc   charset.Encoding
	line  int // lines read so far
	empty int
	row   []byte // the row being unquoted
	ends  []int  // ends of its cells
	cells []string
}

func (sc *scanner) close() {}

// maxSpan is how many lines one quoted row may hold; beyond, its quote was never closed.
const maxSpan = 200

// next gives the next row that is not empty.
func (sc *scanner) next() (row, error) {
	for {
		end, found := sc.endOfLine(sc.r)
		if !found && !sc.eof {
			if err := sc.fill(); err != nil {
				return row{}, err
			}
			continue
		}
		if sc.r >= sc.w {
			return row{}, io.EOF
		}
		at := sc.line + 1
		line := sc.buf[sc.r:end]
		if len(line) > maxRow {
			return row{}, fault.New(fault.Invalid, "format.line.too-long", at)
		}
		quoted := bytes.IndexByte(line, '"') >= 0
		if !quoted {
			sc.advance(end, 1)
			if line = bytes.TrimSuffix(line, []byte("\r")); blankLine(line, sc.delim) {
				if sc.empty++; sc.empty > maxEmpty {
					return row{}, fault.New(fault.Invalid, "format.empty-lines", at)
				}
				continue
			}
			sc.empty = 0
			sc.plain(line)
			return sc.give(at, line, "")
		}
		sc.empty = 0
		used, lines, closed := sc.quoted()
		if !closed && !sc.eof && sc.w-sc.r < 2*maxRow {
			if err := sc.fill(); err != nil {
				return row{}, err
			}
			continue
		}
		if !closed { // a lonely quote would swallow the rest of the file: it is taken as a letter
			line = append([]byte(nil), bytes.TrimSuffix(line, []byte("\r"))...)
			sc.advance(end, 1)
			sc.plain(line)
			return sc.give(at, line, "format.table.quote")
		}
		sc.advance(sc.r+used-1, lines)
		return sc.give(at, sc.row, "")
	}
}

// endOfLine is the place of the next line end, or the end of what is read.
func (sc *scanner) endOfLine(from int) (int, bool) {
	if i := bytes.IndexByte(sc.buf[from:sc.w], sc.eol); i >= 0 {
		return from + i, true
	}
	return sc.w, false
}

// advance moves behind the line end at `end`.
func (sc *scanner) advance(end, lines int) {
	sc.r = min(end+1, sc.w)
	sc.line += lines
}

// fill reads more; the unread part moves to the front. A line that fills the buffer is refused.
func (sc *scanner) fill() error {
	if sc.r == 0 && sc.w == len(sc.buf) {
		return fault.New(fault.Invalid, "format.line.too-long", sc.line+1)
	}
	copy(sc.buf, sc.buf[sc.r:sc.w])
	sc.w -= sc.r
	sc.r = 0
	for sc.w < len(sc.buf) {
		n, err := sc.in.Read(sc.buf[sc.w:])
		sc.w += n
		if err == io.EOF {
			sc.eof = true
			return nil
		}
		if err != nil {
			return fault.New(fault.Unavailable, "format.unreadable", err.Error())
		}
		if n > 0 && sc.w >= len(sc.buf)/2 {
			return nil
		}
	}
	return nil
}

func blankLine(b []byte, delim byte) bool {
	for _, c := range b {
		if c != ' ' && c != delim && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// plain cuts a line without quotes.
func (sc *scanner) plain(line []byte) {
	sc.ends = sc.ends[:0]
	for at := 0; ; {
		i := bytes.IndexByte(line[at:], sc.delim)
		if i < 0 {
			break
		}
		sc.ends = append(sc.ends, at+i)
		at += i + 1
	}
	sc.ends = append(sc.ends, len(line))
}

// quoted cuts the row at r whose cells may be quoted, over several lines. It gives the bytes
// used, the lines they span, and whether the row ends within what is read.
func (sc *scanner) quoted() (used, lines int, closed bool) {
	sc.row, sc.ends = sc.row[:0], sc.ends[:0]
	b := sc.buf[sc.r:sc.w]
	lines = 1
	for i := 0; ; {
		for i < len(b) && b[i] == ' ' && sc.delim != ' ' { // blanks before a quote
			i++
		}
		if i < len(b) && b[i] == '"' {
			for i++; ; i++ {
				if i >= len(b) {
					return 0, 0, false
				}
				if b[i] == '"' {
					if i+1 < len(b) && b[i+1] == '"' {
						i++
					} else {
						i++
						break
					}
				}
				if b[i] == '\n' || b[i] == sc.eol {
					lines++
				}
				sc.row = append(sc.row, b[i])
			}
		}
		for i < len(b) && b[i] != sc.delim && b[i] != sc.eol {
			sc.row = append(sc.row, b[i])
			i++
		}
		if i >= len(b) && !sc.eof || len(sc.row) > maxRow || lines > maxSpan {
			return 0, 0, false
		}
		last := i >= len(b) || b[i] == sc.eol
		if last && len(sc.row) > 0 && sc.row[len(sc.row)-1] == '\r' {
			sc.row = sc.row[:len(sc.row)-1]
		}
		sc.ends = append(sc.ends, len(sc.row))
		i++
		if last {
			return i, lines, true
		}
		sc.row = append(sc.row, sc.delim)
	}
}

// give turns the cells that ends marks in text into strings.
func (sc *scanner) give(at int, text []byte, broken string) (row, error) {
	sc.cells = sc.cells[:0]
	sc.ends = sc.ends[:min(len(sc.ends), maxColumns)]
	plain := sc.enc != charset.CP1252 && utf8.Valid(text) || ascii(text)
	var whole string
	if plain {
		whole = string(text)
	}
	start := 0
	for _, end := range sc.ends {
		var c string
		if plain {
			c = whole[start:end]
		} else {
			c = charset.Line(text[start:end], sc.enc)
		}
		start = end + 1
		sc.cells = append(sc.cells, tidy(c))
	}
	return row{line: at, cells: sc.cells, broken: broken}, nil
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// tidy trims a cell, cuts what no honest cell holds, and takes off the apostrophe that protects
// spreadsheets from formulas (see write.go).
func tidy(c string) string {
	if c == "" {
		return c
	}
	if strings.IndexByte(c, 0) >= 0 { // no text has it, and PostgreSQL keeps none that does
		c = strings.ReplaceAll(c, "\x00", "")
	}
	if c == "" {
		return c
	}
	if first, last := c[0], c[len(c)-1]; first <= ' ' || last <= ' ' || first >= utf8.RuneSelf || last >= utf8.RuneSelf {
		c = strings.TrimSpace(c)
	}
	if len(c) > maxCell {
		c = strings.ToValidUTF8(c[:maxCell], "")
	}
	if len(c) > 1 && c[0] == '\'' && strings.IndexByte("=+-@", c[1]) >= 0 {
		c = c[1:]
	}
	return c
}
