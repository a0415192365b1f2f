package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"relance/internal/domain/letter"
)

// invoices is the table of items with its totals and notes. The totals never stand on a page
// without a row above them.
func (s *setter) invoices(t *letter.InvoiceTable) []chunk {
	var out []chunk
	if t.Title != "" {
		out = s.textChunks(s.p.wrap(bold, small, wide, clip(t.Title, 500)), left, small, smallLead, black)
		for i := range out {
			out[i].keep = true
		}
	}
	cols := []column{{head: t.Head.Number}, {head: t.Head.Issued}, {head: t.Head.Due}, {head: t.Head.Late, right: true},
		{head: t.Head.Amount, right: true}, {head: t.Head.Paid, right: true}, {head: t.Head.Open, right: true}, {head: t.Head.Level}}
	entries := make([]entry, len(t.Rows))
	for i := range t.Rows {
		r := &t.Rows[i]
		entries[i].cells = []string{r.Number, r.Issued, r.Due, r.Late, r.Amount, r.Paid, r.Open, r.Level}
		for j, c := range entries[i].cells {
			entries[i].cells[j] = s.p.drawable(clip(c, 400))
		}
		entries[i].under = clip(strings.Trim(r.Label+" · "+r.Note, " ·"), 800)
	}
	cols, entries = without(cols, entries)
	out = append(out, s.newGrid(cols, entries).chunks(entries)...)
	totals := s.totals(t.Totals)
	if len(totals) > 0 {
		out[len(out)-1].keep = true
		keepAll(totals)
		out = append(out, totals...)
	}
	return append(out, s.notes(t.Notes, len(totals) > 0, out)...)
}

// notes stand under the totals; the first keeps with them.
func (s *setter) notes(notes []string, keep bool, above []chunk) []chunk {
	var out []chunk
	for _, n := range notes {
		cs := s.textChunks(s.p.wrap(regular, small, wide, clip(n, 4000)), left, small, smallLead, grey)
		if len(cs) == 0 {
			continue
		}
		cs[0].before = 1.2
		keepEnds(cs)
		out = append(out, cs...)
	}
	if keep && len(out) > 0 && len(above) > 0 {
		above[len(above)-1].keep = true
	}
	return out
}

// totals are lines with the figure at the right edge, the label before it.
func (s *setter) totals(ls []letter.Line) []chunk {
	out := make([]chunk, 0, len(ls))
	column := 20.0
	for i := range ls {
		column = max(column, s.p.width(bold, body, s.p.drawable(clip(ls[i].Value, 400))))
	}
	for i := range ls {
		c := s.total(&ls[i], min(column, wide*0.4)+6)
		if i == 0 {
			c.before = 1
		}
		out = append(out, c)
	}
	return out
}

func (s *setter) total(l *letter.Line, column float64) chunk {
	const most = 3
	f, size, lead, c := regular, small, smallLead, black
	if l.Strong {
		f, size, lead, c = bold, body, s.lead, s.figure
	}
	figure, fsize := s.p.shrink(f, size, leastPt, wide*0.4, s.p.drawable(clip(l.Value, 400)))
	labelEnd := right - column
	width := labelEnd - left
	label := s.p.atMost(s.p.wrap(f, size, width, clip(l.Label, 800)), most, size, width)
	h := lead*float64(max(len(label), 1)) + 0.6
	if l.Strong {
		h += 1.2
	}
	return chunk{h: h, paint: func(g *page, y float64) {
		if l.Strong {
			g.line(left+wide/2, y+0.4, wide/2, 0.25, s.firm)
			y += 1.2
		}
		for i := range label {
			r := &label[i]
			g.row(labelEnd-r.w, y+lead*(float64(i)+0.76), size, c, r)
		}
		// The figure stands on the last line of its label.
		s.alignRight(g, right, y+lead*(float64(max(len(label), 1)-1)+0.76), f, fsize, c, figure)
	}}
}

// annex is the computation of interest on pages of its own (PRODUCT.md §4.2).
func (s *setter) annex(a *letter.AnnexTable) []chunk {
	out := s.textChunks(s.p.wrap(bold, body, wide, clip(a.Title, 500)), left, body, s.lead, s.firm)
	for i := range out {
		out[i].keep = true
	}
	if len(a.Head) > 0 {
		cols := make([]column, len(a.Head))
		for i, h := range a.Head {
			cols[i] = column{head: capital(h), right: i > 2} // invoice, from, to; then figures
		}
		entries := make([]entry, len(a.Rows))
		for i, r := range a.Rows {
			entries[i].cells = make([]string, len(cols))
			for j := range min(len(r), len(cols)) {
				entries[i].cells[j] = s.p.drawable(clip(r[j], 400))
			}
		}
		rows := s.newGrid(cols, entries).chunks(entries)
		rows[0].before = s.gap
		out = append(out, rows...)
	}
	if a.Total.Value != "" {
		if n := len(out); n > 0 {
			out[n-1].keep = true
		}
		out = append(out, s.totals([]letter.Line{a.Total})...)
	}
	method := s.notes(a.Method, false, nil)
	if len(method) > 0 {
		method[0].before = s.gap * 2
	}
	return append(out, method...)
}

// capital begins a head with a capital: the mail uses the same word, "jours", after a figure.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
