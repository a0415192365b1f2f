package pdf

import (
	"strconv"
	"strings"
)

// A4, in millimetres.
const (
	sheetW = 210.0
	sheetH = 297.0
)

// ink is a colour.
type ink struct{ r, g, b uint8 }

var (
	black = ink{}
	grey  = ink{95, 95, 95}
	pale  = ink{200, 200, 200}
	alert = ink{176, 26, 26}
)

// parseInk reads "#rrggbb"; anything else is the fallback.
func parseInk(s string, fallback ink) ink {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	if err != nil || len(s) != 7 || s[0] != '#' {
		return fallback
	}
	c := ink{uint8(n >> 16), uint8(n >> 8), uint8(n)}
	// A firm's yellow is not readable as text on white paper.
	if 299*int(c.r)+587*int(c.g)+114*int(c.b) > 170_000 {
		return fallback
	}
	return c
}

// mark is one thing on a page. Positions are millimetres from the upper left corner; a text
// stands on its base line.
type mark struct {
	kind       markKind
	x, y, w, h float64
	text       string
	face       face
	size       float64
	ink        ink
	picture    *picture
	code       *code
}

type markKind uint8

const (
	textMark markKind = iota
	lineMark          // from x, y to x+w, y+h; size is the width of the line
	boxMark           // outline
	pictureMark
	codeMark
	linkMark // text is the target
)

// page is a sheet with its marks, in drawing order.
type page struct {
	marks []mark
}

func (g *page) text(x, y float64, f face, size float64, c ink, s string) {
	if s != "" {
		g.marks = append(g.marks, mark{kind: textMark, x: x, y: y, text: s, face: f, size: size, ink: c})
	}
}

// line draws a level line.
func (g *page) line(x, y, w, width float64, c ink) {
	g.marks = append(g.marks, mark{kind: lineMark, x: x, y: y, w: w, size: width, ink: c})
}

func (g *page) box(x, y, w, h, width float64, c ink) {
	g.marks = append(g.marks, mark{kind: boxMark, x: x, y: y, w: w, h: h, size: width, ink: c})
}

// row draws a wrapped line; a link covers its words.
func (g *page) row(x, y, size float64, c ink, r *row) {
	for i := range r.pieces {
		p := &r.pieces[i]
		g.text(x, y, p.face, size, c, p.text)
		if p.link != "" {
			g.link(x, y-size/mm*0.8, p.w, size/mm, p.link)
		}
		x += p.w
	}
}

func (g *page) link(x, y, w, h float64, to string) {
	g.marks = append(g.marks, mark{kind: linkMark, x: x, y: y, w: w, h: h, text: to})
}
