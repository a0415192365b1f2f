package pdf

import (
	"strconv"
)

const hex = "0123456789ABCDEF"

// content writes the marks of a page in the language of pages (ISO 32000-1, 8 and 9); used
// receives the fonts that were needed.
func (p *Printer) content(b []byte, g *page, used []bool, names map[*picture]int) []byte {
	in := ink{}
	for i := range g.marks {
		m := &g.marks[i]
		if m.kind == linkMark {
			continue
		}
		if m.ink != in {
			in = m.ink
			b = colour(b, in)
		}
		switch m.kind {
		case textMark:
			b = p.say(b, m, used)
		case lineMark:
			b = number(append(number(b, m.size*mm), "w "...), m.x*mm)
			b = append(number(b, (sheetH-m.y)*mm), "m "...)
			b = number(b, (m.x+m.w)*mm)
			b = append(number(b, (sheetH-m.y-m.h)*mm), "l S\n"...)
		case boxMark:
			b = append(number(b, m.size*mm), "w "...)
			b = append(rectangle(b, m.x, m.y, m.w, m.h), "S\n"...)
		case pictureMark:
			b = append(b, "q "...)
			b = append(number(b, m.w*mm), "0 0 "...)
			b = number(number(b, m.h*mm), m.x*mm)
			b = append(number(b, (sheetH-m.y-m.h)*mm), "cm /P"...)
			b = append(strconv.AppendInt(b, int64(names[m.picture]), 10), " Do Q\n"...)
		case codeMark:
			b = m.code.draw(b, m.x, m.y, m.w)
		}
	}
	return b
}

// say writes a text; it changes font where a character is in the other cut of the face.
func (p *Printer) say(b []byte, m *mark, used []bool) []byte {
	b = append(b, "BT "...)
	b = number(b, m.x*mm)
	b = append(number(b, (sheetH-m.y)*mm), "Td "...)
	in := -1
	for _, r := range m.text {
		f := p.types.font(m.face, r)
		if f != in {
			if in >= 0 {
				b = append(b, ">Tj "...)
			}
			b = strconv.AppendInt(append(b, "/F"...), int64(f), 10)
			b = append(number(append(b, ' '), m.size), "Tf <"...)
			in = f
			used[f] = true
		}
		g := p.types.fonts[f].glyph[r]
		b = append(b, hex[g>>12], hex[g>>8&15], hex[g>>4&15], hex[g&15])
	}
	if in >= 0 {
		b = append(b, ">Tj "...)
	}
	return append(b, "ET\n"...)
}

func colour(b []byte, c ink) []byte {
	for _, op := range []string{"rg ", "RG\n"} {
		b = number(b, float64(c.r)/255)
		b = number(b, float64(c.g)/255)
		b = append(number(b, float64(c.b)/255), op...)
	}
	return b
}

func rectangle(b []byte, x, y, w, h float64) []byte {
	b = number(number(b, x*mm), (sheetH-y-h)*mm)
	return append(number(number(b, w*mm), h*mm), "re "...)
}

// number writes two decimals: a three-hundredth of a millimetre.
func number(b []byte, v float64) []byte {
	n := int64(v*100 + 0.5)
	if v < 0 {
		n = int64(v*100 - 0.5)
	}
	if n < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendInt(b, n/100, 10)
	if n %= 100; n != 0 {
		b = append(b, '.', byte('0'+n/10))
		if n%10 != 0 {
			b = append(b, byte('0'+n%10))
		}
	}
	return append(b, ' ')
}
