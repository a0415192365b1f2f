package app

import (
	"io"
	"iter"
	"path/filepath"
	"strings"

	"relance/internal/domain/report"
	"relance/internal/format/table"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// WriteAging writes aged receivables as a table: XLSX when the name says so, else CSV.
func WriteAging(w io.Writer, name string, l i18n.Lang, asOf cal.Date, tables []report.Aging) error {
	head := []string{i18n.T(l, "app.col.currency"), i18n.T(l, "app.col.customer"), i18n.T(l, "app.col.name"), i18n.T(l, "app.aging.not-due"),
		"1-30", "31-60", "61-90", "91+", i18n.T(l, "app.aging.credits"), i18n.T(l, "app.col.total")}
	rows := func(yield func([]table.Cell) bool) {
		for _, t := range tables {
			for _, c := range t.Customers {
				if !yield(agingCells(t.Currency, c.Customer, c.Name, c.Line)) {
					return
				}
			}
			if !yield(agingCells(t.Currency, i18n.T(l, "app.col.total"), i18n.DateShort(l, asOf), t.Line)) {
				return
			}
		}
	}
	return writeTable(w, name, l, i18n.T(l, "app.aging.title"), head, rows)
}

func agingCells(c money.Currency, code, name string, l report.Line) []table.Cell {
	out := []table.Cell{table.Text(string(c)), table.Text(code), table.Text(name)}
	for _, b := range report.Buckets() {
		out = append(out, table.Money(money.Of(l.Aged[b], c)))
	}
	return append(out, table.Money(money.Of(l.Credits, c)), table.Money(money.Of(l.Total, c)))
}

// writeTable writes rows in the form that a file's name asks for.
func writeTable(w io.Writer, name string, l i18n.Lang, tab string, head []string, rows iter.Seq[[]table.Cell]) error {
	if strings.EqualFold(filepath.Ext(name), ".xlsx") {
		return table.WriteXLSX(w, tab, head, rows)
	}
	return table.WriteCSV(w, l, head, rows)
}
