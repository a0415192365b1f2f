package pdf

import (
	"relance/internal/domain/letter"
	"relance/internal/ground/i18n"
)

const (
	codeSide = 27.0
	inset    = 4.0
)

// payment is the box that says how to pay: figures on the left, the code on the right. A box that
// no page would hold (an abnormal text) is printed as lines without its frame.
func (s *setter) payment(b *letter.PaymentBox) []chunk {
	k := newCode(b.QR)
	width := wide - 2*inset
	if k != nil {
		width -= codeSide + 6
	}
	cs := s.paymentLines(b, width)
	h := 2 * inset * 0.8
	for i := range cs {
		h += cs[i].before + cs[i].h
	}
	var hint []row
	if k != nil {
		hint = s.p.atMost(s.p.wrap(regular, small, codeSide+6, clip(b.QRHint, 200)), 3, small, codeSide+6)
		h = max(h, inset+codeSide+1+smallLead*float64(len(hint))+inset*0.6)
	}
	if h > s.bottom-topNext {
		return cs
	}
	return []chunk{{h: h, paint: func(g *page, y float64) {
		g.box(left, y, wide, h, 0.25, s.frame())
		if k != nil {
			x := right - inset - codeSide
			g.marks = append(g.marks, mark{kind: codeMark, x: x, y: y + inset, w: codeSide, h: codeSide, code: k})
			for i := range hint {
				g.row(x+(codeSide-hint[i].w)/2, y+inset+codeSide+1+smallLead*(float64(i)+0.76), small, grey, &hint[i])
			}
		}
		y += inset * 0.8
		for i := range cs {
			y += cs[i].before
			cs[i].paint(g, y)
			y += cs[i].h
		}
	}}}
}

// frame is the firm's colour when it has one.
func (s *setter) frame() ink {
	if s.firm == black {
		return grey
	}
	return s.firm
}

// paymentLines are the texts of the box, each line a chunk.
func (s *setter) paymentLines(b *letter.PaymentBox, width float64) []chunk {
	const x = left + inset
	var out []chunk
	add := func(rows []row, size, lead, before float64, c ink) {
		cs := s.textChunks(rows, x, size, lead, c)
		if len(cs) > 0 && len(out) > 0 {
			cs[0].before = before
		}
		out = append(out, cs...)
	}
	add(s.p.wrap(bold, body, width, clip(b.Title, 300)), body, s.lead, 0, s.firm)
	label := 0.0
	for i := range b.Lines {
		label = max(label, s.p.width(regular, body, s.p.drawable(clip(b.Lines[i].Label, 200))))
	}
	label = min(label, width*0.4) + 5
	key := true
	for i := range b.Lines {
		// The amount and the day come first: they are the key figures.
		key = key && b.Lines[i].Strong
		tint := black
		if key {
			tint = s.figure
		}
		c := s.paymentLine(&b.Lines[i], tint, x, label, width)
		if i == 0 {
			c.before = 1
		}
		out = append(out, c)
	}
	add(s.p.wrap(regular, small, width, clip(b.Cheque, 1500)), small, smallLead, 1.4, black)
	if b.URL != "" {
		colon := i18n.T(s.d.Lang, "letter.colon")
		add(s.p.wrapRuns(small, width, []letter.Run{{Text: b.Button + colon + " " + clip(b.URL, 1000), Link: b.URL}}), small, smallLead, 1.4, black)
	}
	for _, n := range b.Notes {
		add(s.p.wrap(regular, small, width, clip(n, 2000)), small, smallLead, 1.4, black)
	}
	return out
}

func (s *setter) paymentLine(l *letter.Line, c ink, x, label, width float64) chunk {
	const most = 3
	f := regular
	if l.Strong {
		f = bold
	}
	room := width - label
	// An IBAN does not break: in a narrow box its letters become smaller.
	text, size := s.p.drawable(clip(l.Value, 600)), body
	if w := s.p.width(f, body, text); w > room && w < room*1.3 {
		text, size = s.p.shrink(f, body, small, room, text)
	}
	value := s.p.atMost(s.p.wrap(f, size, room, text), most, size, room)
	name, nsize := s.p.shrink(regular, body, small, label-5, s.p.drawable(clip(l.Label, 200)))
	return chunk{h: s.lead * float64(max(len(value), 1)), paint: func(g *page, y float64) {
		g.text(x, y+s.lead*0.76, regular, nsize, grey, name)
		for i := range value {
			g.row(x+label, y+s.lead*(float64(i)+0.76), size, c, &value[i])
		}
	}}
}
