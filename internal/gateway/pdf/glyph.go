package pdf

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// box stands for a character that the typeface does not have: visible, so that somebody notices.
const box = '\u25a1'

// sets are the cuts of each face, by need: a letter carries the first, some 15 kB a face, and the
// others only where a name asks for them.
var sets = []string{
	// French and English.
	runes(0x20, 0x7e, 0xa0, 0xa0, 0xa7, 0xa7, 0xab, 0xab, 0xb0, 0xb0, 0xb7, 0xb7, 0xbb, 0xbb, 0xd7, 0xd7,
		0xc0, 0xc0, 0xc2, 0xc2, 0xc6, 0xcb, 0xce, 0xcf, 0xd4, 0xd4, 0xd9, 0xd9, 0xdb, 0xdc,
		0xe0, 0xe0, 0xe2, 0xe2, 0xe6, 0xeb, 0xee, 0xef, 0xf4, 0xf4, 0xf9, 0xf9, 0xfb, 0xfc, 0xff, 0xff,
		0x152, 0x153, 0x2013, 0x2014, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2022, 0x2026, 0x2026,
		0x20ac, 0x20ac, 0x2116, 0x2116, box, box),
	// The other languages in Latin letters of the Union.
	runes(0xa1, 0xa6, 0xa8, 0xaa, 0xac, 0xac, 0xae, 0xaf, 0xb1, 0xb6, 0xb8, 0xba, 0xbc, 0xbf, 0xc1, 0xc1, 0xc3, 0xc5,
		0xcc, 0xcd, 0xd0, 0xd3, 0xd5, 0xd6, 0xd8, 0xd8, 0xda, 0xda, 0xdd, 0xdf, 0xe1, 0xe1, 0xe3, 0xe5, 0xec, 0xed,
		0xf0, 0xf3, 0xf5, 0xf8, 0xfa, 0xfa, 0xfd, 0xfe, 0x100, 0x151, 0x154, 0x17f, 0x218, 0x21b,
		0x1e80, 0x1e85, 0x1e9e, 0x1e9e, 0x2010, 0x2010, 0x2012, 0x2012, 0x2015, 0x2015, 0x201a, 0x201a, 0x201e, 0x201e,
		0x2032, 0x2033, 0x2039, 0x203a, 0x2122, 0x2122, 0x2212, 0x2212),
	// Greek, Cyrillic, the rest.
	runes(0x180, 0x217, 0x21c, 0x24f, 0x384, 0x3ce, 0x400, 0x45f, 0x490, 0x491, 0x20a4, 0x20ab, 0x2190, 0x2193,
		0x2248, 0x2248, 0x2260, 0x2260, 0x2264, 0x2265),
}

func runes(ranges ...rune) string {
	var b strings.Builder
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// stand are the characters that another one says as well.
var stand = map[rune]string{
	'\u202f': "\u00a0", '\u2007': "\u00a0", '\u2011': "-", '\u2009': " ", '\u2003': " ", '\u2002': " ", '\u3000': " ",
	'\ufb01': "fi", '\ufb02': "fl", '\u2044': "/", '\u2043': "-", '\u25cf': "\u2022",
	'\t': " ", '\n': " ", '\r': " ", '\u2028': " ", '\u2029': " ",
}

// drawable makes a text that the typeface can draw: controls, marks of direction and pictographs vanish,
// letters with unknown accents lose them, what remains unknown becomes a box. Names and numbers
// come from files: nothing here may fail.
func (p *Printer) drawable(s string) string {
	clean := true
	for _, r := range s {
		if !p.has(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		p.draw(&b, r)
	}
	return b.String()
}

func (p *Printer) draw(b *strings.Builder, r rune) {
	switch other, ok := stand[r]; {
	case p.has(r):
		b.WriteRune(r)
	case ok:
		b.WriteString(other)
	case r == unicode.ReplacementChar:
		b.WriteRune(box) // broken bytes are seen
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Me, unicode.So, unicode.Sk):
	default:
		drawn := false
		for _, x := range norm.NFKD.String(string(r)) {
			if x != r && p.has(x) {
				b.WriteRune(x)
				drawn = true
			}
		}
		if !drawn {
			b.WriteRune(box)
		}
	}
}

// has tells whether every face draws r.
func (p *Printer) has(r rune) bool {
	return r >= 0 && int(r) < len(p.known) && p.known[r]
}
