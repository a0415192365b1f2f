package pdf

import (
	"fmt"
	"strings"

	"relance/internal/domain/letter"
	"relance/internal/ground/fault"
)

// Where things stand on the sheet, in millimetres.
const (
	left  = 20.0
	right = sheetW - 20.0
	wide  = right - left

	// The window of a DL or C4 envelope (NF Z 10-011): whatever the sheet's play, what stands from
	// 105 to 195 mm and from 45 to 75 mm shows, and nothing else may.
	windowX   = 110.0
	windowY   = 46.0
	windowW   = right - windowX
	windowEnd = 77.0

	topNext = 20.0 // of the text on following pages
	footY   = 289.0
)

// chunk is what may not be cut: a line of a paragraph, a row of a table, the payment box.
type chunk struct {
	h      float64
	before float64 // space above, dropped at the top of a page
	keep   bool    // on the page of the next chunk
	head   *chunk  // of a table: repeated when a page begins with this chunk
	paint  func(g *page, y float64)
}

// setter lays out one document.
type setter struct {
	p      *Printer
	d      *letter.Document
	lead   float64 // from one line of the body to the next
	gap    float64 // between blocks
	firm   ink     // the firm's own colour
	figure ink     // of key figures
	pages  []page
	// letterPages are those before the annex.
	letterPages int
	y           float64 // top of the free space of the current page
	bottom      float64
	foot        []row
}

// lay makes the pages of a document. A letter that runs over its page is set closer, and stays so
// when that saves the page: nobody likes to receive a page with two lines and a signature.
func (p *Printer) lay(d *letter.Document) ([]page, error) {
	s := p.set(d, 4.7, 2.6)
	if s.letterPages > 1 && s.letterPages < 4 {
		if close := p.set(d, 4.3, 1.9); close.letterPages < s.letterPages {
			s = close
		}
	}
	if len(s.pages) > maxPages {
		return nil, fault.New(fault.Invalid, "pdf.too-long", maxPages)
	}
	s.finish()
	return s.pages, nil
}

// set lays out with a space between lines and one between blocks.
func (p *Printer) set(d *letter.Document, lead, gap float64) *setter {
	s := &setter{p: p, d: d, lead: lead, gap: gap, firm: parseInk(d.Color, black), figure: black}
	if d.Insistent {
		s.figure = alert
	}
	s.layFoot()
	s.newPage()
	s.firstPage()
	s.flow(s.bodyChunks())
	s.letterPages = len(s.pages)
	if d.Annex != nil && len(s.pages) < maxPages {
		s.newPage()
		s.flow(s.annex(d.Annex))
	}
	return s
}

func (s *setter) page() *page { return &s.pages[len(s.pages)-1] }

func (s *setter) newPage() {
	s.pages = append(s.pages, page{marks: make([]mark, 0, 96)})
	s.y = topNext
}

// flow places chunks one below the other. Chunks that are kept together move to the next page as
// one when the rest of this page does not hold them, unless no page would.
func (s *setter) flow(cs []chunk) {
	for i := 0; i < len(cs); {
		end, h := i+1, cs[i].h
		for end < len(cs) && cs[end-1].keep {
			h += cs[end].before + cs[end].h
			end++
		}
		c := &cs[i]
		if !s.fresh() && s.y+c.before+h > s.bottom && h <= s.bottom-topNext-c.headHeight() {
			s.turn(c)
		}
		for ; i < end; i++ {
			s.place(&cs[i])
		}
		if len(s.pages) > maxPages {
			return
		}
	}
}

func (c *chunk) headHeight() float64 {
	if c.head == nil {
		return 0
	}
	return c.head.h
}

// fresh tells whether nothing was placed on the page yet.
func (s *setter) fresh() bool { return s.y == topNext }

func (s *setter) turn(c *chunk) {
	s.newPage()
	if c.head != nil {
		c.head.paint(s.page(), s.y)
		s.y += c.head.h
	}
}

func (s *setter) place(c *chunk) {
	if !s.fresh() {
		if s.y+c.before+c.h > s.bottom+1e-6 {
			s.turn(c)
		} else {
			s.y += c.before
		}
	}
	c.paint(s.page(), s.y)
	s.y += c.h
}

// layFoot wraps the legal identity that stands at the foot of each page.
func (s *setter) layFoot() {
	const most = 4
	for _, l := range lines(s.d.Foot) {
		s.foot = append(s.foot, s.p.wrap(regular, small, wide-24, clip(l, 2000))...)
	}
	s.foot = s.p.atMost(s.foot, most, small, wide-24)
	s.bottom = footY - 3 - smallLead*float64(max(len(s.foot), 1))
}

// finish draws what needs the number of pages: foot, page x/y, heads of the following pages.
func (s *setter) finish() {
	for i := range s.pages {
		g := &s.pages[i]
		y := footY - smallLead*float64(len(s.foot)-1)
		for j := range s.foot {
			r := &s.foot[j]
			g.row(left, y+smallLead*float64(j), small, grey, r)
		}
		g.line(left, y-smallLead-0.4, wide, 0.15, pale)
		if s.d.PageOf != "" {
			s.alignRight(g, right, footY, regular, small, grey, s.pageOf(i+1))
		}
		// Folds in three for a DL envelope.
		g.line(4, 99, 4, 0.15, pale)
		g.line(4, 198, 4, 0.15, pale)
		s.banner(g)
		if i > 0 {
			s.nextHead(g)
		}
	}
}

func (s *setter) pageOf(n int) string {
	if strings.Count(s.d.PageOf, "%d") != 2 || strings.Count(s.d.PageOf, "%") != 2 {
		return fmt.Sprintf("%d/%d", n, len(s.pages))
	}
	return s.p.drawable(fmt.Sprintf(s.d.PageOf, n, len(s.pages)))
}

// nextHead says on each following page to whom and about what the letter is.
func (s *setter) nextHead(g *page) {
	if len(s.d.Recipient) == 0 && s.d.Subject == "" {
		return
	}
	who := ""
	if len(s.d.Recipient) > 0 {
		who = s.p.shorten(regular, small, wide*0.4, s.p.drawable(clip(s.d.Recipient[0], 300)))
	}
	g.text(left, 13, regular, small, grey, who)
	room := wide - s.p.width(regular, small, who) - 8
	s.alignRight(g, right, 13, regular, small, grey, s.p.shorten(regular, small, room, s.p.drawable(clip(s.d.Subject, 500))))
	g.line(left, 15, wide, 0.15, pale)
}

// banner warns on each page that the letter is a trial.
func (s *setter) banner(g *page) {
	if s.d.Banner == "" {
		return
	}
	const most = 2
	rows := s.p.atMost(s.p.wrap(bold, small, wide-4, clip(s.d.Banner, 2000)), most, small, wide-4)
	h := 1.6 + smallLead*float64(len(rows))
	g.box(left, 10.8-h, wide, h, 0.3, alert)
	for i := range rows {
		g.row(left+2, 10.8-h+3.6+smallLead*float64(i), small, alert, &rows[i])
	}
}

func (s *setter) alignRight(g *page, x, y float64, f face, size float64, c ink, text string) {
	g.text(x-s.p.width(f, size, text), y, f, size, c, text)
}

// lines drops the empty ones.
func lines(s []string) []string {
	var out []string
	for _, x := range s {
		if strings.TrimSpace(x) != "" {
			out = append(out, x)
		}
	}
	return out
}
