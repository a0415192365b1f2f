package table

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

	"relance/internal/format/charset"
	"relance/internal/ground/fault"
)

// Limits of a table. A row of an export has some hundred bytes; a million of them, some hundred
// megabytes.
const (
	maxCSV     = 4 << 30
	maxXLSX    = 64 << 20
	maxUnzip   = 1 << 30
	maxRow     = 256 << 10 // bytes of one row, quoted line ends included
	maxColumns = 512
	maxRows    = 10_000_000
	maxEmpty   = 100_000 // empty lines in a row
	maxCell    = 8 << 10 // characters kept of one cell
)

// preamble is how many lines are searched for the header: titles and filters stand above it.
const preamble = 50

// sampled is how many rows are looked at to guess and to prove.
const sampled = 1000

// Sheet is one table of an opened file. It reads the file again for each pass, and is not meant
// for two passes at the same time.
type Sheet struct {
	Name       string   // base name of the file
	Format     string   // "csv" or "xlsx"
	Tab        string   // the chosen tab of a workbook
	Tabs       []string // every tab of a workbook, in order
	HeaderLine int      // 1-based line of the header
	Charset    charset.Encoding
	Delimiter  byte

	headers  []string
	sample   [][]string
	whole    bool // sample holds every row
	bare     bool // no header was recognised: the first line was taken
	date1904 bool
	rows     func() (source, error) // from the top of the table, preamble included
}

// row is one line of cells; they are valid for ever, but the slice only until the next row.
type row struct {
	line   int
	cells  []string
	broken string // message key of what is wrong with the line as such
}

// source gives the rows of a table; io.EOF after the last one.
type source interface {
	next() (row, error)
	close()
}

// Open opens the table of a file, or the most promising tab of a workbook. Errors are
// fault.Invalid: "format.table.not" (no table in it), "format.too-large", "format.unreadable".
func Open(name string, r io.ReaderAt, size int64) (*Sheet, error) {
	return OpenTab(name, r, size, "")
}

// OpenTab is Open for a tab of a workbook chosen by name; "" lets the reader choose.
func OpenTab(name string, r io.ReaderAt, size int64, tab string) (*Sheet, error) {
	head := make([]byte, min(size, headSize))
	if n, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "format.unreadable", err.Error())
	} else {
		head = head[:n]
	}
	s := &Sheet{Name: path.Base(strings.ReplaceAll(name, `\`, "/"))}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return s.openXLSX(r, size, tab)
	}
	return s.openCSV(r, size, head)
}

// Headers are the titles of the columns, as written.
func (s *Sheet) Headers() []string { return s.headers }

// Sample gives the first n rows at most (a thousand are kept).
func (s *Sheet) Sample(n int) [][]string { return s.sample[:min(n, len(s.sample))] }

// settle finds the header in the first rows and keeps a sample of what follows.
func (s *Sheet) settle() error {
	src, err := s.rows()
	if err != nil {
		return err
	}
	defer src.close()
	var top []row
	for len(top) < preamble+sampled {
		r, err := src.next()
		if errors.Is(err, io.EOF) {
			s.whole = true
			break
		}
		if err != nil {
			return err
		}
		r.cells = append([]string(nil), r.cells...)
		top = append(top, r)
	}
	at, known := headerRow(top)
	if at < 0 {
		return fault.New(fault.Invalid, "format.table.not")
	}
	s.bare = !known
	s.HeaderLine = top[at].line
	for _, h := range top[at].cells {
		s.headers = append(s.headers, strings.Join(strings.Fields(h), " "))
	}
	for _, r := range top[at+1:] {
		s.sample = append(s.sample, r.cells)
	}
	return nil
}

// each walks the rows below the header until yield says no. What stops the file early is given
// back.
func (s *Sheet) each(yield func(row) bool) error {
	src, err := s.rows()
	if err != nil {
		return err
	}
	defer src.close()
	for n := 0; ; n++ {
		r, err := src.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if r.line <= s.HeaderLine {
			continue
		}
		if n > maxRows {
			return fault.New(fault.Invalid, "format.table.rows", maxRows)
		}
		if !yield(r) {
			return nil
		}
	}
}

// headerRow finds the line of titles: the first of those with most known titles, at least two;
// else the first line with the usual number of cells. −1 when no line has two cells.
func headerRow(top []row) (at int, known bool) {
	at = -1
	best := 1
	for i, r := range top[:min(len(top), preamble)] {
		if n := knownTitles(r.cells); n > best {
			at, best = i, n
		}
	}
	if at >= 0 {
		return at, true
	}
	widths := map[int]int{}
	usual := 0
	for _, r := range top {
		n := filled(r.cells)
		if widths[n]++; n > 1 && (usual == 0 || widths[n] > widths[usual]) {
			usual = n
		}
	}
	for i, r := range top[:min(len(top), preamble)] {
		if filled(r.cells) >= usual && usual > 1 {
			return i, false
		}
	}
	return -1, false
}

func filled(cells []string) (n int) {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}
