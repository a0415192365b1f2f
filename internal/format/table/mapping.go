package table

import (
	"slices"
	"strings"

	"relance/internal/ground/i18n"
)

// Mapping says what the columns of a table mean. It is proposed, shown, corrected and remembered
// as JSON; applied to another file, it finds its columns by their titles.
type Mapping struct {
	Kind    Kind     `json:"kind"`
	Source  string   `json:"source,omitempty"` // program that wrote the file: "sage", "odoo"…
	Columns []Column `json:"columns"`
	// ProductLines: each line is a product of an invoice; lines of one number are summed.
	ProductLines bool        `json:"product_lines,omitempty"`
	Confidence   int         `json:"confidence"` // 0–100: how much of what is needed was found
	Doubts       []i18n.Said `json:"doubts,omitempty"`
}

// Column is one column with its meaning.
type Column struct {
	Index   int       `json:"index"`             // 0-based place
	Header  string    `json:"header"`            // as written
	Field   string    `json:"field"`             // one of Fields
	Order   DateOrder `json:"order,omitempty"`   // of a date
	Decimal string    `json:"decimal,omitempty"` // "," or "." of an amount; "": each value tells
	Proved  bool      `json:"proved,omitempty"`  // the column itself proves Order or Decimal
}

// Has tells whether a column gives the field.
func (m *Mapping) Has(field string) bool {
	return slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Field == field })
}

// Fits tells whether every column of a remembered mapping is in the sheet.
func (m *Mapping) Fits(s *Sheet) bool {
	_, missing := m.bind(s)
	return len(m.Columns) > 0 && len(missing) == 0
}

// bind finds the columns in the sheet by their titles; the first free one of equal titles, at the
// remembered place when the title still stands there.
func (m *Mapping) bind(s *Sheet) (cols []Column, missing []string) {
	taken := map[int]bool{}
	for _, c := range m.Columns {
		at := -1
		if c.Index >= 0 && c.Index < len(s.headers) && strings.EqualFold(s.headers[c.Index], c.Header) {
			at = c.Index
		} else {
			for i, h := range s.headers {
				if !taken[i] && fold(h) == fold(c.Header) {
					at = i
					break
				}
			}
		}
		if at < 0 {
			missing = append(missing, c.Header)
			continue
		}
		taken[at] = true
		c.Index = at
		cols = append(cols, c)
	}
	return cols, missing
}

// pair is a column that may have a meaning.
type pair struct {
	col   int
	field string
	score int
}

// Propose says what each column of a sheet most likely means for a kind of table.
func Propose(s *Sheet, kind Kind) Mapping {
	m := Mapping{Kind: kind, Source: recognise(s.Name, s.headers)}
	seen := s.profiles()
	usedCol, usedField := map[int]bool{}, map[string]bool{}
	for _, p := range pairs(s, kind, seen) {
		if usedCol[p.col] || usedField[p.field] {
			continue
		}
		usedCol[p.col], usedField[p.field] = true, true
		m.Columns = append(m.Columns, Column{Index: p.col, Header: s.headers[p.col], Field: p.field})
	}
	slices.SortFunc(m.Columns, func(a, b Column) int { return a.Index - b.Index })
	m.adjust()
	m.ownAccount(s)
	s.prove(&m, seen)
	m.judge(s)
	return m
}

// pairs lists the possible meanings, the surest first. A title whose values have another shape is
// no candidate, unless it is canonical: then the values are wrong, and told line by line.
func pairs(s *Sheet, kind Kind, seen []profile) []pair {
	var out []pair
	for i, h := range s.headers {
		if canonical(kind, h) {
			out = append(out, pair{i, strings.ToLower(h), scoreCanonical})
			continue
		}
		for _, c := range meanings[kind][fold(h)] {
			if seen[i].mostly(shapes[c.field]) {
				out = append(out, pair{i, c.field, c.score})
			}
		}
		if kind == Invoices && seen[i].flags > 0 && seen[i].flags == seen[i].filled && paidTitle[fold(h)] {
			out = append(out, pair{i, "paid_flag", scoreFirst + 1})
		}
	}
	slices.SortStableFunc(out, func(a, b pair) int { return b.score - a.score })
	return out
}

// paidTitle lists the titles under which programs say yes or no.
var paidTitle = map[string]bool{"paye": true, "payee": true, "regle": true, "reglee": true, "solde": true, "soldee": true,
	"paid": true, "facture payee": true, "facture reglee": true, "acquittee": true, "is paid": true, "lettree": true, "lettre": true}

// adjust mends what titles alone cannot tell.
func (m *Mapping) adjust() {
	if m.Kind != Invoices {
		return
	}
	if !m.Has("number") { // "Référence" is the number where no other column is
		m.rename("reference", "number")
	}
	if !m.Has("customer") && !m.Has("customer_name") {
		m.rename("label", "customer_name")
	}
	if !m.Has("amount") && !m.Has("net") && !m.Has("debit") && !m.Has("open") {
		m.ProductLines = m.Has("line_total") || m.Has("quantity") && m.Has("unit_price")
	}
}

func (m *Mapping) rename(from, to string) {
	for i := range m.Columns {
		// "reference", as PRODUCT.md §7 writes it, means itself; "Référence" and "Reference" are people's.
		if c := &m.Columns[i]; c.Field == from && c.Header != from {
			c.Field = to
			return
		}
	}
}

// judge counts what is needed and says what is missing.
func (m *Mapping) judge(s *Sheet) {
	doubt := func(key string, args ...any) { m.Doubts = append(m.Doubts, i18n.Say(key, args...)) }
	any := func(fields ...string) bool { return slices.ContainsFunc(fields, m.Has) }
	if s.bare {
		doubt("format.table.no-header")
	}
	switch m.Kind {
	case Invoices:
		m.weigh(30, any("customer", "customer_name"), "customer", doubt)
		m.weigh(30, any("amount", "net", "debit", "open") || m.ProductLines, "amount", doubt)
		m.weigh(20, any("due"), "due", doubt)
		if m.weigh(20, any("number"), "", doubt); !any("number") {
			doubt("format.table.number.made")
		}
		if !any("amount", "debit") && m.Has("net") && !m.Has("tax") {
			doubt("format.table.net")
		}
	case Customers:
		m.weigh(50, any("name", "legal_name"), "name", doubt)
		m.weigh(30, any("code"), "code", doubt)
		m.weigh(20, any("email", "address", "siren", "siret", "vat", "phone", "terms"), "", doubt)
	case Contacts:
		m.weigh(40, any("customer", "customer_name"), "customer", doubt)
		m.weigh(40, any("email", "phone", "mobile"), "email", doubt)
		m.weigh(20, any("name"), "", doubt)
	case Payments:
		m.weigh(40, any("amount", "credit"), "amount", doubt)
		m.weigh(30, any("date"), "date", doubt)
		m.weigh(30, any("customer", "customer_name", "invoice", "reference"), "customer", doubt)
	case Bank:
		m.weigh(30, any("amount", "credit", "debit"), "amount", doubt)
		m.weigh(25, any("date"), "date", doubt)
		m.weigh(45, any("label", "name"), "label", doubt) // amounts that nothing is said of are some other table's
	}
	for _, c := range m.Columns {
		if shapes[c.Field] == isDate && c.Order == MDY {
			doubt("format.table.order.mdy", c.Header)
		}
	}
}

func (m *Mapping) weigh(points int, found bool, field string, doubt func(string, ...any)) {
	if found {
		m.Confidence += points
	} else if field != "" {
		doubt("format.table.no-" + field)
	}
}
