package table

import (
	"archive/zip"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"relance/internal/format/charset"
	"relance/internal/ground/fault"
)

// maxWide is how many rows may be wider than maxColumns: a hostile sheet with a cell at the far
// right of each row costs a megabyte of blanks a row.
const maxWide = 1000

func (s *Sheet) openXLSX(r io.ReaderAt, size int64, tab string) (*Sheet, error) {
	if size > maxXLSX {
		return nil, fault.New(fault.Invalid, "format.too-large", maxXLSX>>20)
	}
	if err := checkZip(r, size); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: 64 << 20})
	if err != nil {
		return nil, notATable()
	}
	s.Format, s.Charset, s.Tabs = "xlsx", charset.UTF8, f.GetSheetList()
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		s.date1904 = *props.Date1904
	}
	if tab != "" && !slices.Contains(s.Tabs, tab) {
		return nil, fault.New(fault.Invalid, "format.table.tab", tab, strings.Join(s.Tabs, ", "))
	}
	if tab == "" {
		tab = promising(f, s.Tabs)
	}
	s.Tab = tab
	s.rows = func() (source, error) {
		rows, err := f.Rows(tab)
		if err != nil {
			return nil, notATable()
		}
		return &tabRows{rows: rows}, nil
	}
	return s, s.settle()
}

// checkZip refuses archives that are no workbook, or that say of themselves that they are bombs.
func checkZip(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil || len(z.File) > 10_000 {
		return notATable()
	}
	var sum uint64
	book := false
	for _, f := range z.File {
		if sum += f.UncompressedSize64; f.UncompressedSize64 > maxUnzip || sum > maxUnzip {
			return fault.New(fault.Invalid, "format.too-large", maxUnzip>>20)
		}
		book = book || strings.HasSuffix(strings.ToLower(f.Name), "workbook.xml")
	}
	if !book {
		return notATable()
	}
	return nil
}

// promising chooses the tab whose header holds most known titles, the first visible of equals.
func promising(f *excelize.File, tabs []string) string {
	best, chosen := -1, ""
	for _, tab := range tabs[:min(len(tabs), 50)] {
		if visible, err := f.GetSheetVisible(tab); err == nil && !visible {
			continue
		}
		rows, err := f.Rows(tab)
		if err != nil {
			continue
		}
		src := &tabRows{rows: rows}
		score := 0
		for range preamble {
			r, err := src.next()
			if err != nil {
				break
			}
			score = max(score, 10*knownTitles(r.cells)+min(filled(r.cells), 9))
		}
		src.close()
		if score > best {
			best, chosen = score, tab
		}
	}
	if chosen == "" && len(tabs) > 0 {
		return tabs[0]
	}
	return chosen
}

// tabRows gives the rows of a tab.
type tabRows struct {
	rows *excelize.Rows
	line int
	wide int
}

func (t *tabRows) close() { _ = t.rows.Close() } // only read: nothing is lost

func (t *tabRows) next() (row, error) {
	for t.rows.Next() {
		t.line++
		cells, err := t.rows.Columns()
		if err != nil {
			return row{}, fault.New(fault.Invalid, "format.unreadable", err.Error())
		}
		if len(cells) > maxColumns {
			cells = cells[:maxColumns]
			if t.wide++; t.wide > maxWide {
				return row{}, fault.New(fault.Invalid, "format.table.columns", maxColumns)
			}
		}
		for i := range cells {
			cells[i] = tidy(cells[i])
		}
		if filled(cells) > 0 {
			return row{line: t.line, cells: cells}, nil
		}
	}
	if err := t.rows.Error(); err != nil {
		return row{}, fault.New(fault.Invalid, "format.unreadable", err.Error())
	}
	return row{}, io.EOF
}
