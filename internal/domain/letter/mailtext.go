package letter

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// width of the plain text part, so that a quoted answer still fits 80 columns.
const width = 72

type textWriter struct {
	strings.Builder
	colon string // with the space that French puts before it
}

// text is the message for those who read plain text: the same words, aligned tables.
func (c *Composition) text() string {
	m := c.msg
	w := &textWriter{colon: m.t("letter.colon")}
	w.Grow(4 << 10)
	if b := m.banner(); b != "" {
		w.para("*** " + b + " ***")
	}
	w.blocks(c.Blocks)
	w.blocks(c.Closing)
	for _, s := range c.Signature {
		w.line(s)
	}
	w.line("")
	if c.Enclosed != "" {
		w.para(c.Enclosed)
	}
	w.annex(c.Annex)
	w.line("-- ") // RFC 3676 §4.3: what follows is not quoted in an answer
	for _, f := range c.Foot {
		w.wrap(f, "", "")
	}
	// The narrow space breaks alignment in fixed-width faces; the usual no-break space does not.
	return strings.ReplaceAll(w.String(), "\u202f", "\u00a0")
}

func (w *textWriter) line(s string) { w.WriteString(s); w.WriteByte('\n') }

func (w *textWriter) para(s string) {
	for l := range strings.SplitSeq(s, "\n") {
		w.wrap(l, "", "")
	}
	w.line("")
}

// wrap breaks at spaces, never within a no-break space; a longer word keeps its line.
func (w *textWriter) wrap(s, first, rest string) {
	indent, n := first, 0
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }) {
		size := utf8.RuneCountInString(word)
		switch {
		case n == 0:
			w.WriteString(indent)
			n = utf8.RuneCountInString(indent)
		case n+1+size > width:
			w.WriteString("\n" + rest)
			n = utf8.RuneCountInString(rest)
		default:
			w.WriteByte(' ')
			n++
		}
		w.WriteString(word)
		n += size
	}
	w.WriteByte('\n')
}

func (w *textWriter) blocks(bs []Block) {
	for i := range bs {
		b := &bs[i]
		switch b.Kind {
		case Heading:
			s := linked(b.Runs)
			w.line(s)
			w.line(strings.Repeat("=", min(utf8.RuneCountInString(s), width)))
			w.line("")
		case Paragraph:
			w.para(linked(b.Runs))
		case List:
			for n, it := range b.Items {
				bullet := "- "
				if b.Ordered {
					bullet = strconv.Itoa(n+1) + ". "
				}
				w.wrap(strings.ReplaceAll(linked(it), "\n", " "), bullet, strings.Repeat(" ", len(bullet)))
			}
			w.line("")
		case Table:
			w.table(b.Table)
		case Payment:
			w.payment(b.Payment)
		}
	}
}

// linked writes runs with the address of a link behind its words.
func linked(rs []Run) string {
	var b strings.Builder
	for _, r := range rs {
		if r.Break {
			b.WriteByte('\n')
		}
		b.WriteString(r.Text)
		if r.Link != "" && r.Link != r.Text {
			b.WriteString(" <" + r.Link + ">")
		}
	}
	return b.String()
}

// table aligns number, dates, days late, amount and open balance; what else an item has to say
// stands on a line below it.
func (w *textWriter) table(t *InvoiceTable) {
	if t.Title != "" {
		w.line(t.Title)
	}
	cells := func(r *Row) []string { return []string{r.Number, r.Issued, r.Due, r.Late, r.Amount, r.Open} }
	head := cells(&t.Head)
	wide := make([]int, len(head))
	for i, h := range head {
		wide[i] = utf8.RuneCountInString(h)
	}
	late := false
	for i := range t.Rows {
		for j, c := range cells(&t.Rows[i]) {
			wide[j] = max(wide[j], utf8.RuneCountInString(c))
		}
		late = late || t.Rows[i].Late != ""
	}
	wide[0] = min(wide[0], 20)
	if !late {
		wide[3] = -1
	}
	w.columns(head, wide)
	total := -1
	for _, n := range wide {
		total += max(n+1, 0)
	}
	dashes := strings.Repeat("-", min(total, width))
	w.line(dashes)
	for i := range t.Rows {
		r := &t.Rows[i]
		w.columns(cells(r), wide)
		for _, more := range []string{join(r.Label, r.Level), r.Detail, r.Note} {
			if more != "" {
				w.wrap(more, "  ", "  ")
			}
		}
	}
	w.line(dashes)
	w.totals(t.Totals, min(total, width))
	w.line("")
	for _, n := range t.Notes {
		w.para(n)
	}
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

func (w *textWriter) columns(cells []string, wide []int) {
	var b strings.Builder
	for i, c := range cells {
		if wide[i] < 0 {
			continue
		}
		pad := strings.Repeat(" ", max(0, wide[i]-utf8.RuneCountInString(c)))
		if i > 0 {
			b.WriteByte(' ')
		}
		if i < 3 {
			b.WriteString(c + pad)
		} else {
			b.WriteString(pad + c)
		}
	}
	w.line(strings.TrimRight(b.String(), " "))
}

func (w *textWriter) totals(ls []Line, total int) {
	for _, l := range ls {
		gap := total - utf8.RuneCountInString(l.Label) - utf8.RuneCountInString(l.Value)
		if gap >= 1 {
			w.line(l.Label + strings.Repeat(" ", gap) + l.Value)
			continue
		}
		w.longTotal(l, total)
	}
}

// longTotal wraps a long label; the figure stands at the end of its last line.
func (w *textWriter) longTotal(l Line, total int) {
	room := total - utf8.RuneCountInString(l.Value) - 2
	line, n := "", 0
	for word := range strings.SplitSeq(l.Label, " ") {
		size := utf8.RuneCountInString(word)
		if n > 0 && n+1+size > room {
			w.line(line)
			line, n = "", 0
		}
		if n > 0 {
			line += " "
			n++
		}
		line += word
		n += size
	}
	w.line(line + strings.Repeat(" ", max(1, total-n-utf8.RuneCountInString(l.Value))) + l.Value)
}

func (w *textWriter) payment(p *PaymentBox) {
	w.line(p.Title)
	wide := 0
	for _, l := range p.Lines {
		wide = max(wide, utf8.RuneCountInString(l.Label))
	}
	for _, l := range p.Lines {
		w.line("  " + l.Label + strings.Repeat(" ", wide-utf8.RuneCountInString(l.Label)+2) + l.Value)
	}
	w.line("")
	for _, n := range append(append([]string{}, p.Notes...), p.Cheque) {
		if n != "" {
			w.para(n)
		}
	}
	if p.URL != "" {
		w.line(p.Button + w.colon + " " + p.URL)
		w.line("")
	}
}

func (w *textWriter) annex(a *AnnexTable) {
	if a == nil {
		return
	}
	w.line(a.Title)
	wide := make([]int, len(a.Head))
	for _, r := range a.Rows {
		for i, c := range r {
			wide[i] = max(wide[i], utf8.RuneCountInString(c))
		}
	}
	for _, r := range a.Rows {
		s := r[0] + strings.Repeat(" ", wide[0]-utf8.RuneCountInString(r[0])) + " " + r[1] + "–" + r[2]
		s += " " + strings.Repeat(" ", wide[3]-utf8.RuneCountInString(r[3])) + r[3] + " " + a.Head[3]
		w.line(s)
		w.line("  " + r[4] + " × " + r[5] + " = " + r[6])
	}
	w.line(a.Total.Label + "  " + a.Total.Value)
	w.line("")
	w.para(strings.Join(a.Method, " "))
}
