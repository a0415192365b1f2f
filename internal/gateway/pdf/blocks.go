package pdf

import (
	"strconv"

	"relance/internal/domain/letter"
)

// bodyChunks is the letter from its subject to its enclosures.
func (s *setter) bodyChunks() []chunk {
	cs := s.subject()
	for i := range s.d.Blocks {
		b := &s.d.Blocks[i]
		next := s.block(b)
		if len(next) == 0 {
			continue
		}
		space := s.gap
		if i == 0 || b.Kind == letter.Heading || b.Kind == letter.Payment {
			space = s.gap * 1.7
		}
		next[0].before = max(next[0].before, space)
		cs = append(cs, next...)
	}
	if sign := s.signature(); len(sign) > 0 {
		// A signature never stands alone on a page: the last lines go with it.
		const company = 5
		for i := max(0, len(cs)-company); i < len(cs); i++ {
			cs[i].keep = true
		}
		cs = append(cs, sign...)
	}
	return append(cs, s.enclosed()...)
}

func (s *setter) block(b *letter.Block) []chunk {
	switch b.Kind {
	case letter.Heading:
		runs := make([]letter.Run, len(b.Runs))
		for i, r := range b.Runs {
			r.Bold = true
			runs[i] = r
		}
		cs := s.textChunks(s.p.wrapRuns(body, wide, runs), left, body, s.lead, s.firm)
		keepAll(cs)
		if n := len(cs); n > 0 {
			cs[n-1].keep = true // with what it announces
		}
		return cs
	case letter.Paragraph:
		cs := s.textChunks(s.p.wrapRuns(body, wide, b.Runs), left, body, s.lead, black)
		keepEnds(cs)
		return cs
	case letter.List:
		return s.list(b)
	case letter.Table:
		if b.Table != nil {
			return s.invoices(b.Table)
		}
	case letter.Payment:
		if b.Payment != nil {
			return s.payment(b.Payment)
		}
	}
	return nil
}

// textChunks makes a chunk of each line.
func (s *setter) textChunks(rows []row, x, size, lead float64, c ink) []chunk {
	cs := make([]chunk, len(rows))
	for i := range rows {
		r := &rows[i]
		cs[i] = chunk{h: lead, paint: func(g *page, y float64) { g.row(x, y+lead*0.76, size, c, r) }}
	}
	return cs
}

// keepEnds lets no single line of a paragraph stand alone at the foot or the top of a page.
func keepEnds(cs []chunk) {
	if n := len(cs); n > 1 {
		cs[0].keep = true
		cs[n-2].keep = true
	}
}

// keepAll keeps a few lines on one page; the last is free of the next block.
func keepAll(cs []chunk) {
	for i := range len(cs) - 1 {
		cs[i].keep = true
	}
}

func (s *setter) list(b *letter.Block) []chunk {
	const indent = 6.0
	var out []chunk
	for i, runs := range b.Items {
		sign := "–"
		if b.Ordered {
			sign = strconv.Itoa(i+1) + "."
		}
		cs := s.textChunks(s.p.wrapRuns(body, wide-indent, runs), left+indent, body, s.lead, black)
		if len(cs) == 0 {
			continue
		}
		keepEnds(cs)
		words := cs[0].paint
		cs[0].paint = func(g *page, y float64) {
			g.text(left+1, y+s.lead*0.76, regular, body, black, sign)
			words(g, y)
		}
		if len(out) > 0 {
			cs[0].before = 0.8
		}
		out = append(out, cs...)
	}
	return out
}

// signature leaves room for a hand where there is no picture of one.
func (s *setter) signature() []chunk {
	names := lines(s.d.Signature)
	x := s.p.gallery.picture(s.d.SignatureImage)
	if len(names) == 0 && x == nil {
		return nil
	}
	const most = 6
	width := right - windowX
	var rows []row
	for i, l := range names {
		f := regular
		if i == 0 {
			f = bold
		}
		rows = append(rows, s.p.atMost(s.p.wrap(f, body, width, clip(l, 300)), 2, body, width)...)
	}
	rows = s.p.atMost(rows, most, body, width)
	room, w, h := 4.5*s.gap, 0.0, 0.0
	if x != nil {
		w, h = x.fit(55, 22)
		room = h + 2
	}
	return []chunk{{before: s.gap * 1.5, h: room + s.lead*float64(len(rows)), paint: func(g *page, y float64) {
		if x != nil {
			g.marks = append(g.marks, mark{kind: pictureMark, x: windowX, y: y, w: w, h: h, picture: x})
		}
		for i := range rows {
			g.row(windowX, y+room+s.lead*(float64(i)+0.76), body, black, &rows[i])
		}
	}}}
}

func (s *setter) enclosed() []chunk {
	cs := s.textChunks(s.p.wrap(regular, small, wide, s.d.Enclosed), left, small, smallLead, black)
	if len(cs) > 0 {
		cs[0].before = s.gap * 2
		keepEnds(cs)
	}
	return cs
}
