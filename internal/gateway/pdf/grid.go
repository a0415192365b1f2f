package pdf

import "slices"

// column of a table; the first one takes what is left and may wrap.
type column struct {
	head  string
	right bool // figures
	w     float64
}

// entry is one row of a table; under is a second line across the table.
type entry struct {
	cells []string
	under string
}

const (
	gutter   = 3.5
	cellLead = 4.0
	padding  = 0.9
	leastRow = 26.0 // width that the first column keeps
	leastPt  = 5.5
)

// grid is a table with a head that is repeated on each page.
type grid struct {
	s    *setter
	cols []column
	size float64
	head *chunk
}

// newGrid measures the columns: each as wide as its widest cell; where they do not fit, all
// letters become smaller; what is left over is shared.
func (s *setter) newGrid(cols []column, entries []entry) *grid {
	t := &grid{s: s, cols: cols, size: small}
	first, others := 0.0, 0.0
	for i := range cols {
		c := &cols[i]
		c.head = s.p.drawable(clip(c.head, 200))
		c.w = s.p.width(bold, small, c.head)
		for _, e := range entries {
			c.w = max(c.w, s.p.width(regular, small, e.cells[i]))
		}
		if i == 0 {
			first = c.w
		} else {
			others += c.w + gutter
		}
	}
	if need := min(first, leastRow) + others; need > wide {
		// The gutters do not shrink: solve for the rest.
		g := gutter * float64(len(cols)-1)
		k := (wide - g) / (need - g)
		t.size = max(small*k, leastPt)
		for i := range cols {
			cols[i].w *= k
		}
		others, first = (others-g)*k+g, first*k
	}
	cols[0].w = min(first, wide-others)
	share := (wide - cols[0].w - others) / float64(len(cols))
	for i := range cols {
		cols[i].w += share
	}
	t.head = t.headChunk()
	return t
}

func (t *grid) headChunk() *chunk {
	const h = cellLead + 2*padding + 0.6
	return &chunk{h: h, keep: true, paint: func(g *page, y float64) {
		x := left
		for i := range t.cols {
			c := &t.cols[i]
			text, size := t.s.p.shrink(bold, t.size, leastPt, c.w, c.head)
			t.cell(g, x, y+padding+cellLead*0.74, c, bold, size, text)
			x += c.w + gutter
		}
		g.line(left, y+h-0.4, wide, 0.35, t.s.firm)
	}}
}

func (t *grid) cell(g *page, x, y float64, c *column, f face, size float64, text string) {
	if c.right {
		t.s.alignRight(g, x+c.w, y, f, size, black, text)
	} else {
		g.text(x, y, f, size, black, text)
	}
}

// chunks are the head and the rows, a hair line under each.
func (t *grid) chunks(entries []entry) []chunk {
	out := make([]chunk, 0, len(entries)+1)
	out = append(out, *t.head)
	for i := range entries {
		out = append(out, t.row(&entries[i]))
	}
	return out
}

func (t *grid) row(e *entry) chunk {
	const most = 5
	p := t.s.p
	name := p.atMost(p.wrap(regular, t.size, t.cols[0].w, e.cells[0]), most, t.size, t.cols[0].w)
	under := p.atMost(p.wrap(regular, t.size, wide-4, e.under), most, t.size, wide-4)
	n := max(len(name), 1)
	h := cellLead*float64(n+len(under)) + 2*padding
	return chunk{h: h, head: t.head, paint: func(g *page, y float64) {
		base := y + padding + cellLead*0.74
		for i := range name {
			g.row(left, base+cellLead*float64(i), t.size, black, &name[i])
		}
		x := left + t.cols[0].w + gutter
		for i := 1; i < len(t.cols); i++ {
			c := &t.cols[i]
			text, size := p.shrink(regular, t.size, 4, c.w, e.cells[i])
			t.cell(g, x, base, c, regular, size, text)
			x += c.w + gutter
		}
		for i := range under {
			g.row(left+4, base+cellLead*float64(n+i), t.size, grey, &under[i])
		}
		g.line(left, y+h, wide, 0.1, pale)
	}}
}

// without drops the columns that no row fills.
func without(cols []column, entries []entry) ([]column, []entry) {
	for i := len(cols) - 1; i > 0; i-- {
		if slices.ContainsFunc(entries, func(e entry) bool { return e.cells[i] != "" }) {
			continue
		}
		cols = slices.Delete(cols, i, i+1)
		for j := range entries {
			entries[j].cells = slices.Delete(entries[j].cells, i, i+1)
		}
	}
	return cols, entries
}
