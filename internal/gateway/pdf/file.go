package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strconv"
	"sync"
	"unicode/utf16"

	"relance/internal/domain/letter"
	"relance/internal/ground/cal"
)

// file is a PDF being written: objects by number, then the table of where each begins
// (ISO 32000-1, 7.5).
type file struct {
	buf []byte
	at  []int // offset of object i+1
}

// The first objects have fixed numbers.
const (
	catalogue = 1 + iota
	pageTree
	resources
	information
	firstFree
)

func newFile() *file {
	f := &file{buf: make([]byte, 0, 96<<10), at: make([]int, firstFree-1)}
	// The second line tells programs that the file is not text.
	f.buf = append(f.buf, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"...)
	return f
}

func (f *file) reserve() int {
	f.at = append(f.at, 0)
	return len(f.at)
}

func (f *file) object(n int, format string, args ...any) {
	f.at[n-1] = len(f.buf)
	f.buf = fmt.Appendf(f.buf, "%d 0 obj\n", n)
	f.buf = fmt.Appendf(f.buf, format, args...)
	f.buf = append(f.buf, "\nendobj\n"...)
}

// stream writes bytes that are compressed already.
func (f *file) stream(n int, dict string, data []byte) {
	f.at[n-1] = len(f.buf)
	f.buf = fmt.Appendf(f.buf, "%d 0 obj\n<<%s/Length %d>>\nstream\n", n, dict, len(data))
	f.buf = append(f.buf, data...)
	f.buf = append(f.buf, "\nendstream\nendobj\n"...)
}

func (f *file) end() []byte {
	start := len(f.buf)
	f.buf = fmt.Appendf(f.buf, "xref\n0 %d\n0000000000 65535 f \n", len(f.at)+1)
	for _, at := range f.at {
		f.buf = fmt.Appendf(f.buf, "%010d 00000 n \n", at)
	}
	f.buf = fmt.Appendf(f.buf, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.at)+1, catalogue, information, start)
	return f.buf
}

// compressor keeps the tables of zlib, which are larger than a letter.
type compressor struct {
	out bytes.Buffer
	w   *zlib.Writer
	raw []byte
}

var compressors = sync.Pool{New: func() any {
	c := &compressor{}
	c.w, _ = zlib.NewWriterLevel(&c.out, zlib.BestSpeed) // the level is a valid constant
	return c
}}

// compress fills c.out from c.raw.
func (c *compressor) compress() []byte {
	c.out.Reset()
	c.w.Reset(&c.out)
	_, _ = c.w.Write(c.raw) // a buffer takes everything
	_ = c.w.Close()
	return c.out.Bytes()
}

// write makes the file of pages.
func (p *Printer) write(pages []page, d *letter.Document) []byte {
	f := newFile()
	used := make([]bool, len(p.types.fonts))
	pictures, order := numbered(pages)
	kids := make([]byte, 0, 8*len(pages))
	c := compressors.Get().(*compressor)
	for i := range pages {
		c.raw = p.content(c.raw[:0], &pages[i], used, pictures)
		sheet, content := f.reserve(), f.reserve()
		f.stream(content, "/Filter/FlateDecode", c.compress())
		links := f.links(&pages[i])
		f.object(sheet, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 595.28 841.89]/Resources %d 0 R/Contents %d 0 R%s>>",
			pageTree, resources, content, links)
		kids = append(strconv.AppendInt(kids, int64(sheet), 10), " 0 R "...)
	}
	compressors.Put(c)
	f.object(pageTree, "<</Type/Pages/Count %d/Kids[%s]>>", len(pages), kids)
	f.object(resources, "<</ProcSet[/PDF/Text/ImageB/ImageC]/Font<<%s>>/XObject<<%s>>>>", p.putFonts(f, used), putPictures(f, order))
	f.object(catalogue, "<</Type/Catalog/Pages %d 0 R/Lang(%s)/ViewerPreferences<</DisplayDocTitle true>>>>", pageTree, literal(string(d.Lang)))
	f.object(information, "<</Title%s/Producer(Relance)/CreationDate(%s)/ModDate(%[2]s)>>", utf16Text(d.Title), instant(d.Created))
	return f.end()
}

func (p *Printer) putFonts(f *file, used []bool) []byte {
	var out []byte
	for i, needed := range used {
		if !needed {
			continue
		}
		x := p.types.fonts[i]
		top, cid, desc, file, uni := f.reserve(), f.reserve(), f.reserve(), f.reserve(), f.reserve()
		f.object(top, "<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", x.name, cid, uni)
		f.object(cid, "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
			"/CIDToGIDMap/Identity/FontDescriptor %d 0 R/W[%s]>>", x.name, desc, x.widths)
		f.object(desc, "<<%s/FontFile2 %d 0 R>>", x.descriptor, file)
		f.stream(file, "/Filter/FlateDecode/Length1 "+strconv.Itoa(x.size), x.file)
		f.stream(uni, "/Filter/FlateDecode", x.unicode)
		out = fmt.Appendf(out, "/F%d %d 0 R", i, top)
	}
	return out
}

// numbered gives each different picture of the pages a number.
func numbered(pages []page) (map[*picture]int, []*picture) {
	numbers := map[*picture]int{}
	var order []*picture
	for i := range pages {
		for j := range pages[i].marks {
			if x := pages[i].marks[j].picture; x != nil {
				if _, ok := numbers[x]; !ok {
					numbers[x] = len(order)
					order = append(order, x)
				}
			}
		}
	}
	return numbers, order
}

func putPictures(f *file, order []*picture) []byte {
	var out []byte
	for i, x := range order {
		n := f.reserve()
		f.stream(n, fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/%s/BitsPerComponent 8/Filter/%s",
			x.w, x.h, x.space, x.filter), x.data)
		out = fmt.Appendf(out, "/P%d %d 0 R", i, n)
	}
	return out
}

// links writes the links of a page and gives the entry of the page that names them.
func (f *file) links(g *page) []byte {
	var out []byte
	for i := range g.marks {
		m := &g.marks[i]
		if m.kind != linkMark {
			continue
		}
		n := f.reserve()
		f.object(n, "<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[%.2f %.2f %.2f %.2f]/A<</S/URI/URI(%s)>>>>",
			m.x*mm, (sheetH-m.y-m.h)*mm, (m.x+m.w)*mm, (sheetH-m.y)*mm, literal(m.text))
		out = fmt.Appendf(out, "%d 0 R ", n)
	}
	if out == nil {
		return nil
	}
	return fmt.Appendf(nil, "/Annots[%s]", out)
}

// literal escapes an address for a string between parentheses; what is not ASCII is not part of
// an address and is percent-encoded.
func literal(s string) []byte {
	var out []byte
	for i := range len(s) {
		switch c := s[i]; {
		case c == '(' || c == ')' || c == '\\':
			out = append(out, '\\', c)
		case c <= ' ' || c >= 0x7f:
			out = append(out, '%', hex[c>>4], hex[c&15])
		default:
			out = append(out, c)
		}
	}
	return out
}

// utf16Text writes any text as a string of the file.
func utf16Text(s string) []byte {
	out := []byte("<FEFF")
	for _, u := range utf16.Encode([]rune(clip(s, 500))) {
		out = append(out, hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15])
	}
	return append(out, '>')
}

// instant is noon of a day: the file must not tell when it was printed, only of which day it is.
func instant(d cal.Date) string {
	if d.IsZero() {
		return "D:19700101120000+00'00'"
	}
	y, m, day := d.Civil()
	return fmt.Sprintf("D:%04d%02d%02d120000+00'00'", y, int(m), day)
}
