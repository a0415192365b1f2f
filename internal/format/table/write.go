package table

import (
	"bufio"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// dangerous tells whether a spreadsheet would run a text as a formula when it opens the file
// (OWASP "CSV injection"; where East Asian letters are typed, their wide signs begin one too). Plain numbers are not.
func dangerous(c string) bool {
	if c == "" {
		return false
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(c, wide) {
			return true
		}
	}
	switch c[0] {
	case '=', '@', '\t', '\r', '\n':
		return true
	case '+', '-':
		for i := 1; i < len(c); i++ {
			if d := c[i]; (d < '0' || d > '9') && d != '.' && d != ',' && d != ' ' {
				return true
			}
		}
		return len(c) == 1
	}
	return false
}

// guard puts an apostrophe before what a spreadsheet would run; tidy takes it off again.
func guard(c string) string {
	if dangerous(c) {
		return "'" + c
	}
	return c
}

// Cell is one value to write.
type Cell struct {
	text   string
	amount money.Amount
	date   cal.Date
	whole  int64
	kind   cellKind
}

type cellKind uint8

const (
	textCell cellKind = iota
	amountCell
	dateCell
	wholeCell
)

// Text is a text.
func Text(s string) Cell { return Cell{text: s} }

// Money is an amount, written without its currency.
func Money(a money.Amount) Cell { return Cell{amount: a, kind: amountCell} }

// Day is a date; zero is an empty cell.
func Day(d cal.Date) Cell { return Cell{date: d, kind: dateCell} }

// Whole is a number of things.
func Whole(n int) Cell { return Cell{whole: int64(n), kind: wholeCell} }

// WriteCSV writes a list as the spreadsheets of a language read it: in French, semicolons and
// decimal commas; elsewhere commas and dots. UTF-8 with its mark, without which Excel reads
// accents wrongly; dates are ISO everywhere.
func WriteCSV(w io.Writer, l i18n.Lang, header []string, rows iter.Seq[[]Cell]) error {
	b := bufio.NewWriter(w)
	sep, comma := byte(';'), true
	if l == i18n.EN {
		sep, comma = ',', false
	}
	b.WriteString("\ufeff")
	cells := make([]string, len(header))
	copy(cells, header)
	writeLine(b, sep, cells)
	for r := range rows {
		cells = cells[:0]
		for _, c := range r {
			cells = append(cells, c.plain(comma))
		}
		writeLine(b, sep, cells)
	}
	return b.Flush() // keeps the first error of the writes above
}

func (c Cell) plain(comma bool) string {
	switch c.kind {
	case amountCell:
		s := c.amount.Decimal()
		if comma {
			s = strings.Replace(s, ".", ",", 1)
		}
		return s
	case dateCell:
		return c.date.String()
	case wholeCell:
		return strconv.FormatInt(c.whole, 10)
	}
	return guard(c.text)
}

func writeLine(b *bufio.Writer, sep byte, cells []string) {
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(sep)
		}
		if strings.ContainsAny(c, "\"\r\n;,\t") || c != strings.TrimSpace(c) {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		b.WriteString(c)
	}
	b.WriteString("\r\n")
}

// WriteXLSX writes a list as a workbook of one tab: amounts are numbers, dates are dates, texts
// are texts whatever they begin with.
func WriteXLSX(w io.Writer, tab string, header []string, rows iter.Seq[[]Cell]) (err error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", tab); err != nil {
		return err
	}
	st, err := styles(f)
	if err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(tab)
	if err != nil {
		return err
	}
	if err := sw.SetColWidth(1, max(1, len(header)), 18); err != nil {
		return err
	}
	top := make([]any, len(header))
	for i, h := range header {
		top[i] = excelize.Cell{StyleID: st.bold, Value: h}
	}
	if err := sw.SetRow("A1", top); err != nil {
		return err
	}
	n := 1
	for r := range rows {
		n++
		cells := make([]any, len(r))
		for i, c := range r {
			cells[i] = st.cell(c)
		}
		if err := sw.SetRow("A"+strconv.Itoa(n), cells); err != nil {
			return err
		}
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	return f.Write(w)
}

type sheetStyles struct{ bold, amount, date int }

func styles(f *excelize.File) (s sheetStyles, err error) {
	amount, date := "#,##0.00", "yyyy-mm-dd"
	if s.bold, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return s, err
	}
	if s.amount, err = f.NewStyle(&excelize.Style{CustomNumFmt: &amount}); err != nil {
		return s, err
	}
	s.date, err = f.NewStyle(&excelize.Style{CustomNumFmt: &date})
	return s, err
}

func (s sheetStyles) cell(c Cell) any {
	switch c.kind {
	case amountCell:
		// A spreadsheet knows only floats; fifteen digits hold every amount up to money.Max exactly.
		v, _ := strconv.ParseFloat(c.amount.Decimal(), 64)
		return excelize.Cell{StyleID: s.amount, Value: v}
	case dateCell:
		if c.date.IsZero() {
			return nil
		}
		return excelize.Cell{StyleID: s.date, Value: c.date.Sub(cal.Of(1899, 12, 30))}
	case wholeCell:
		return c.whole
	}
	return c.text
}
