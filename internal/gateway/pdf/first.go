package pdf

import (
	"relance/internal/domain/letter"
	"relance/internal/ground/i18n"
)

// firstPage draws what stands at fixed places: sender, recipient behind the window, place and
// date, references, registered mention.
func (s *setter) firstPage() {
	s.letterhead()
	s.recipient()
	g := s.page()
	const under = 86.0
	date, size := s.p.shrink(regular, body, small, right-windowX, s.p.drawable(clip(s.d.PlaceDate, 300)))
	g.text(windowX, under, regular, size, black, date)
	y := under - s.lead
	if s.d.Registered != "" {
		y = s.registered(y)
	}
	y = s.references(y)
	s.y = max(y, under+1) + s.gap*2
}

// letterhead: the logo, then the name and address of the firm; it ends above the fold.
func (s *setter) letterhead() {
	const end, width = 80.0, 80.0
	g := s.page()
	y := 13.0
	if x := s.p.gallery.picture(s.d.Logo); x != nil {
		w, h := x.fit(58, 20)
		g.marks = append(g.marks, mark{kind: pictureMark, x: left, y: y, w: w, h: h, picture: x})
		y += h + 2.5
	}
	for i, l := range lines(s.d.Letterhead) {
		f, size, lead, c := regular, small, smallLead, black
		if i == 0 {
			f, size, lead, c = bold, body, s.lead, s.firm
		}
		rows := s.p.atMost(s.p.wrap(f, size, width, clip(l, 500)), 2, size, width)
		for j := range rows {
			if y+lead > end-4 {
				return
			}
			y += lead
			g.row(left, y-lead*0.22, size, c, &rows[j])
		}
	}
}

// recipient stands behind the window: at most seven lines, whatever the address.
func (s *setter) recipient() {
	const most, lead = 7, 4.4
	all := lines(s.d.Recipient)
	var rows []row
	size := body
	// A long name takes two lines when there is room for it; smaller letters otherwise.
	for _, size = range []float64{body, 9.5, small, 7.5} {
		rows = rows[:0]
		for _, l := range all {
			rows = append(rows, s.p.atMost(s.p.wrap(regular, size, windowW, clip(l, 500)), 3, size, windowW)...)
		}
		if len(rows) <= most {
			break
		}
	}
	if len(rows) > most {
		// Posts read the last line: what is too much is taken from the middle.
		rows = append(rows[:most-1:most-1], rows[len(rows)-1])
	}
	y := windowY
	if len(rows) < most-1 {
		y += lead / 2
	}
	for i := range rows {
		y += lead
		s.page().row(windowX, min(y, windowEnd)-lead*0.22, size, black, &rows[i])
	}
}

func (s *setter) registered(y float64) float64 {
	width := windowX - left - 6
	rows := s.p.atMost(s.p.wrap(bold, small, width, clip(s.d.Registered, 300)), 3, small, width)
	for i := range rows {
		y += smallLead
		s.page().row(left, y, small, black, &rows[i])
	}
	return y + 1
}

func (s *setter) references(y float64) float64 {
	const most = 8
	width := windowX - left - 6
	var rows []row
	for i := range s.d.References {
		r := &s.d.References[i]
		text := r.Label + i18n.T(s.d.Lang, "letter.colon") + " " + r.Value
		rows = append(rows, s.p.atMost(s.p.wrap(regular, small, width, clip(text, 500)), 2, small, width)...)
	}
	rows = s.p.atMost(rows, most, small, width)
	for i := range rows {
		y += smallLead
		s.page().row(left, y, small, black, &rows[i])
	}
	return y
}

// subject is in bold, its label too: it is the first thing that is read.
func (s *setter) subject() []chunk {
	if s.d.Subject == "" {
		return nil
	}
	const most = 5
	text := clip(s.d.SubjectLabel+" "+s.d.Subject, 2000)
	rows := s.p.atMost(s.p.wrapRuns(body, wide, []letter.Run{{Text: text, Bold: true}}), most, body, wide)
	cs := s.textChunks(rows, left, body, s.lead, black)
	keepAll(cs)
	return cs
}
