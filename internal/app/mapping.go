package app

import (
	"slices"

	"relance/internal/format/table"
)

// ImportFields lists what a column of a table of that kind may mean.
func ImportFields(k ImportKind) []string { return table.Fields(table.Kind(k)) }

// Remap is a mapping with other meanings: by the place of the column, "" for a column that is not
// read. Meanings that a table of that kind does not have are left out.
func Remap(m *table.Mapping, headers []string, fields map[int]string) *table.Mapping {
	known := table.Fields(m.Kind)
	was := map[int]table.Column{}
	for _, c := range m.Columns {
		was[c.Index] = c
	}
	out := &table.Mapping{Kind: m.Kind, Source: m.Source, ProductLines: m.ProductLines, Confidence: 100}
	for i, h := range headers {
		f := fields[i]
		if f == "" || !slices.Contains(known, f) {
			continue
		}
		c := table.Column{Index: i, Header: h, Field: f}
		if w := was[i]; w.Field == f {
			c = w
		}
		out.Columns = append(out.Columns, c)
	}
	return out
}
