package page

import (
	"fmt"
	"html"
	"html/template"
	"strings"
)

// Mark is a step on the line of a scenario.
type Mark struct {
	At    int    // days from the due date
	When  string // "J + 5"
	Label string // "Relance 1"
	Shape string // dot (written), ring (call, meeting, note), square (formal notice), flag (review)
	State string // past, next, held, "" to come
}

// Geometry of the line, in units of its view box.
const (
	lineWide, lineHigh = 1000, 148
	lineLeft, lineEnd  = 60, 940
	lineY              = 74
	apart              = 62 // at least, between two marks
)

// Line draws a scenario as a line with the due date as its zero: past steps are filled, the next
// one ringed, held ones hatched. Title says it to those who do not see it; zero names the due date.
func Line(marks []Mark, title, zero string) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="line" viewBox="0 0 %d %d" role="img" aria-label="%s">`, lineWide, lineHigh, html.EscapeString(title))
	b.WriteString(`<defs><pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1.6" height="4" class="hatch"/></pattern></defs>`)
	xs, origin := places(marks)
	fmt.Fprintf(&b, `<path class="axis" d="M%d %dH%d"/>`, lineLeft-30, lineY, lineEnd+30)
	if n := pastEnd(marks, xs); n > 0 {
		fmt.Fprintf(&b, `<path class="axis done" d="M%d %dH%d"/>`, lineLeft-30, lineY, n)
	}
	fmt.Fprintf(&b, `<path class="zero" d="M%d %dv44"/><text class="zero" x="%d" y="%d" text-anchor="middle">%s</text>`,
		origin, lineY-22, origin, lineY+38, html.EscapeString(zero))
	for i, m := range marks {
		drawMark(&b, m, xs[i], i%2 == 0)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// places spreads the marks by their days, never closer than apart; origin is the due date's.
func places(marks []Mark) (xs []int, origin int) {
	lo, hi := 0, 1
	for _, m := range marks {
		lo, hi = min(lo, m.At), max(hi, m.At)
	}
	at := func(day int) int { return lineLeft + (day-lo)*(lineEnd-lineLeft)/(hi-lo) }
	origin = at(0)
	xs = make([]int, len(marks))
	for i, m := range marks {
		xs[i] = at(m.At)
		if i > 0 {
			xs[i] = max(xs[i], xs[i-1]+apart)
		}
	}
	// What was pushed beyond the end pushes the others back.
	for i := len(xs) - 1; i >= 0; i-- {
		limit := lineEnd
		if i < len(xs)-1 {
			limit = xs[i+1] - apart
		}
		xs[i] = min(xs[i], limit)
	}
	return xs, origin
}

func pastEnd(marks []Mark, xs []int) (end int) {
	for i, m := range marks {
		if m.State == "past" {
			end = xs[i]
		}
	}
	return end
}

func drawMark(b *strings.Builder, m Mark, x int, above bool) {
	class := "mark " + m.State
	switch m.Shape {
	case "square":
		fmt.Fprintf(b, `<rect class="%s" x="%d" y="%d" width="16" height="16" rx="2"/>`, class, x-8, lineY-8)
	case "ring":
		fmt.Fprintf(b, `<path class="%s" d="M%d %dl9 9-9 9-9-9z"/>`, class, x, lineY-9)
	case "flag":
		fmt.Fprintf(b, `<path class="%s" d="M%d %dv20M%d %dh13l-4 5 4 5h-13"/>`, class, x, lineY-10, x, lineY-10)
	default:
		fmt.Fprintf(b, `<circle class="%s" cx="%d" cy="%d" r="8"/>`, class, x, lineY)
	}
	if m.State == "next" {
		fmt.Fprintf(b, `<circle class="halo" cx="%d" cy="%d" r="14"/>`, x, lineY)
	}
	label, when := lineY-38, lineY-22
	if !above {
		label, when = lineY+54, lineY+70
		fmt.Fprintf(b, `<path class="lead" d="M%d %dv12"/>`, x, lineY+16)
	}
	fmt.Fprintf(b, `<text class="label" x="%d" y="%d" text-anchor="middle">%s</text><text class="when" x="%d" y="%d" text-anchor="middle">%s</text>`,
		x, label, html.EscapeString(m.Label), x, when, html.EscapeString(m.When))
}

// Share is a part of a stacked bar.
type Share struct {
	Class string // colour, by a class of the style sheet
	Value int64
	Title string // said by the part: "31–60 j : 1 234,56 €"
}

// Bar draws parts as one stacked bar. A part that is not empty is never too thin to be seen.
func Bar(shares []Share, title string) template.HTML {
	const wide, high, least = 1000, 20, 6
	var total int64
	for _, s := range shares {
		total += max(0, s.Value)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="bar" viewBox="0 0 %d %d" preserveAspectRatio="none" role="img" aria-label="%s">`, wide, high, html.EscapeString(title))
	x, left := 0.0, float64(wide)
	for _, s := range shares {
		if s.Value <= 0 || total == 0 {
			continue
		}
		w := min(max(float64(s.Value)/float64(total)*wide, least), left)
		fmt.Fprintf(&b, `<rect class="%s" x="%.2f" y="0" width="%.2f" height="%d"><title>%s</title></rect>`, s.Class, x, max(0, w-1.5), high, html.EscapeString(s.Title))
		x += w
		left -= w
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}
