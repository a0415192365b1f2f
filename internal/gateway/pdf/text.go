package pdf

import (
	"strings"
	"unicode/utf8"

	"relance/internal/domain/letter"
)

// Two sizes, in points, and the space from one small line to the next, in millimetres; that of
// the body is the setter's.
const (
	body      = 10.0
	small     = 8.5
	smallLead = 3.9
)

const mm = 72.0 / 25.4 // points

// width of a drawable text in millimetres.
func (p *Printer) width(f face, size float64, s string) float64 {
	w, n := &p.types.width[f], 0
	for _, r := range s {
		n += int(w[r])
	}
	return float64(n) * size / 1000 / mm
}

// piece is a stretch of a line in one style.
type piece struct {
	text string
	face face
	link string
	w    float64
}

// row is one line of text.
type row struct {
	pieces []piece
	w      float64
}

func (r *row) add(p piece) {
	if n := len(r.pieces); n > 0 && r.pieces[n-1].face == p.face && r.pieces[n-1].link == p.link {
		r.pieces[n-1].text += p.text
		r.pieces[n-1].w += p.w
	} else {
		r.pieces = append(r.pieces, p)
	}
	r.w += p.w
}

// runFace is the style of a run.
func runFace(r *letter.Run) face {
	switch {
	case r.Bold && r.Italic:
		return boldItalic
	case r.Bold:
		return bold
	case r.Italic:
		return italic
	}
	return regular
}

// wrap breaks a text of one style in lines.
func (p *Printer) wrap(f face, size, width float64, s string) []row {
	w := wrapper{p: p, size: size, max: width}
	w.text(f, "", s)
	return w.end()
}

// wrapRuns breaks runs in lines. Lines break at spaces, and inside a word that is longer than a
// line; a space that does not break belongs to its word.
func (p *Printer) wrapRuns(size, width float64, runs []letter.Run) []row {
	w := wrapper{p: p, size: size, max: width}
	for i := range runs {
		r := &runs[i]
		if r.Break {
			w.flushWord()
			w.newline()
		}
		f := runFace(r)
		w.text(f, r.Link, r.Text)
		if a := address(r); a != "" {
			w.text(f, r.Link, " ("+a+")")
		}
	}
	return w.end()
}

// address is what a reader on paper types, when the words of a link do not say it.
func address(r *letter.Run) string {
	a, ok := strings.CutPrefix(r.Link, "https://")
	if !ok {
		a, ok = strings.CutPrefix(r.Link, "http://")
	}
	if !ok || strings.Contains(r.Text, strings.TrimSuffix(a, "/")) {
		return ""
	}
	return a
}

// wrapper fills lines with words; a word may be made of pieces of several styles.
type wrapper struct {
	p     *Printer
	size  float64
	max   float64
	out   []row
	line  row
	word  []piece
	wordW float64
	gap   piece // the space before the word
}

func (w *wrapper) text(f face, link, s string) {
	s = w.p.drawable(s)
	for s != "" {
		i := strings.IndexByte(s, ' ')
		part := s
		if i >= 0 {
			part = s[:i]
		}
		if part != "" {
			pw := w.p.width(f, w.size, part)
			w.word = append(w.word, piece{part, f, link, pw})
			w.wordW += pw
		}
		if i < 0 {
			return
		}
		w.flushWord()
		w.gap = piece{" ", f, link, w.p.width(f, w.size, " ")}
		s = s[i+1:]
	}
}

// fits leaves room for the rounding of sums: a column as wide as its text holds it.
func (w *wrapper) fits(x float64) bool { return x <= w.max+1e-6 }

func (w *wrapper) flushWord() {
	if len(w.word) == 0 {
		return
	}
	if len(w.line.pieces) > 0 {
		if w.fits(w.line.w + w.gap.w + w.wordW) {
			w.line.add(w.gap)
		} else {
			w.newline()
		}
	}
	if w.fits(w.line.w + w.wordW) {
		for _, x := range w.word {
			w.line.add(x)
		}
	} else {
		for _, x := range w.word {
			w.split(x)
		}
	}
	w.word, w.wordW, w.gap = w.word[:0], 0, piece{}
}

// split breaks a word that no line holds, after a hyphen or a slash when there is one.
func (w *wrapper) split(x piece) {
	from, at := 0, 0 // of the part being measured; after the last sign
	sum, atSum := 0.0, 0.0
	for i, r := range x.text {
		rw := w.p.width(x.face, w.size, string(r))
		if !w.fits(w.line.w+sum+rw) && w.line.w+sum > 0 {
			if at > from {
				w.line.add(piece{x.text[from:at], x.face, x.link, atSum})
				from, sum = at, sum-atSum
			} else {
				if i > from {
					w.line.add(piece{x.text[from:i], x.face, x.link, sum})
				}
				from, sum = i, 0
			}
			w.newline()
		}
		sum += rw
		if strings.ContainsRune("-/_@&", r) {
			at, atSum = i+1, sum
		}
	}
	w.line.add(piece{x.text[from:], x.face, x.link, sum})
}

func (w *wrapper) newline() {
	w.out = append(w.out, w.line)
	w.line = row{}
	w.gap = piece{}
}

func (w *wrapper) end() []row {
	w.flushWord()
	if len(w.line.pieces) > 0 {
		w.newline()
	}
	return w.out
}

// atMost keeps n lines and says by an ellipsis that there was more.
func (p *Printer) atMost(rows []row, n int, size, width float64) []row {
	if len(rows) <= n {
		return rows
	}
	rows = rows[:n]
	last := &rows[n-1]
	if k := len(last.pieces); k > 0 {
		x := &last.pieces[k-1]
		before := last.w - x.w
		x.text = p.shorten(x.face, size, width-before, x.text+"…")
		x.w = p.width(x.face, size, x.text)
		last.w = before + x.w
	}
	return rows
}

// shorten cuts a text to a width; what is cut is said by an ellipsis.
func (p *Printer) shorten(f face, size, width float64, s string) string {
	if p.width(f, size, s) <= width+1e-6 {
		return s
	}
	s = strings.TrimSuffix(s, "…")
	left := width - p.width(f, size, "…")
	for i, r := range s {
		left -= float64(p.types.width[f][r]) * size / 1000 / mm
		if left < 0 {
			return strings.TrimRight(s[:i], " \u00a0,;") + "…"
		}
	}
	return s
}

// shrink makes a text of one line fit: a smaller size, down to least, then an ellipsis.
func (p *Printer) shrink(f face, size, least, width float64, s string) (string, float64) {
	w := p.width(f, size, s)
	if w <= width+1e-6 {
		return s, size
	}
	if size *= width / w; size >= least {
		return s, size
	}
	return p.shorten(f, least, width, s), least
}

// clip bounds what is looked at of one text: no line of a letter is longer than this.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
