package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansbolditalic"
	"github.com/go-fonts/liberation/liberationsansitalic"
	"github.com/go-fonts/liberation/liberationsansregular"
)

// face is a style of the one typeface.
type face uint8

// The styles.
const (
	regular face = iota
	bold
	italic
	boldItalic
	faces
)

var faceFiles = [faces]struct {
	name string
	file []byte
}{
	{"LiberationSans", liberationsansregular.TTF},
	{"LiberationSans-Bold", liberationsansbold.TTF},
	{"LiberationSans-Italic", liberationsansitalic.TTF},
	{"LiberationSans-BoldItalic", liberationsansbolditalic.TTF},
}

// top is above every character of the two sets: tables by character have this length.
const top = 0x2600

// font is one cut of one face, its streams ready to be copied in a file.
type font struct {
	name       string // with the tag of a subset
	file       []byte // compressed
	size       int    // before compression
	unicode    []byte // compressed ToUnicode map
	widths     string // the W array
	descriptor string // all but the reference of the file
	glyph      [top]uint16
}

// cut makes a font of the characters of set; width receives their advances in thousandths of the
// size. A character that the typeface lacks stays without a glyph.
func cut(f face, tag, set string, width *[top]uint16) (*font, error) {
	t, err := readTables(fpdf.UTF8CutFont(faceFiles[f].file, set))
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", faceFiles[f].name, err)
	}
	ttf := unhint(t)
	out := &font{name: tag + "+" + faceFiles[f].name, size: len(ttf), file: deflate(ttf)}
	var advances, maps strings.Builder
	n := 0
	for _, r := range set {
		g := t.glyph(r)
		if g == 0 {
			continue
		}
		w := t.advance(g)
		out.glyph[r], width[r] = g, w
		fmt.Fprintf(&advances, "%d[%d]", g, w)
		// A section of a map holds at most a hundred characters (Adobe Technical Note 5014).
		if n%100 == 0 {
			if n > 0 {
				maps.WriteString("endbfchar\n")
			}
			maps.WriteString("%d beginbfchar\n")
		}
		fmt.Fprintf(&maps, "<%04X> <%04X>\n", g, r)
		n++
	}
	if n == 0 {
		return nil, fmt.Errorf("font %s: no glyph", faceFiles[f].name)
	}
	maps.WriteString("endbfchar\n")
	var counts []any
	for left := n; left > 0; left -= 100 {
		counts = append(counts, min(left, 100))
	}
	out.unicode = deflate([]byte(cmapHead + fmt.Sprintf(maps.String(), counts...) + cmapFoot))
	out.widths = advances.String()
	out.descriptor = t.descriptor(f, out.name)
	return out, nil
}

const (
	cmapHead = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
	cmapFoot = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
)

func deflate(b []byte) []byte {
	var out bytes.Buffer
	w, _ := zlib.NewWriterLevel(&out, zlib.BestCompression) // the level is a valid constant
	_, _ = w.Write(b)                                       // a buffer takes everything
	_ = w.Close()
	return out.Bytes()
}

// tables are the parts of a TrueType file that say which glyph a character has, how wide it is and
// how it is drawn.
type tables struct {
	head, hhea, hmtx, maxp, loca, glyf []byte
	cmap                               []byte // the subtable of format 4
	metrics                            int    // glyphs with an advance of their own
}

func readTables(ttf []byte) (*tables, error) {
	if len(ttf) < 12 {
		return nil, fmt.Errorf("cut to nothing")
	}
	find := func(name string) []byte {
		for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
			e := ttf[12+16*i:]
			if string(e[:4]) == name {
				at, n := binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
				return ttf[at : at+n]
			}
		}
		return nil
	}
	t := &tables{head: find("head"), hhea: find("hhea"), hmtx: find("hmtx"), maxp: find("maxp"), loca: find("loca"), glyf: find("glyf")}
	cmap := find("cmap")
	if len(t.head) < 54 || len(t.hhea) < 36 || len(t.maxp) < 6 || len(t.glyf) == 0 || len(cmap) < 20 {
		return nil, fmt.Errorf("tables are missing")
	}
	t.metrics = int(binary.BigEndian.Uint16(t.hhea[34:]))
	t.cmap = cmap[binary.BigEndian.Uint32(cmap[8:]):]
	if binary.BigEndian.Uint16(t.cmap) != 4 || t.metrics == 0 {
		return nil, fmt.Errorf("unexpected tables")
	}
	return t, nil
}

// glyph reads format 4: segments of consecutive characters, each with one shift (OpenType, cmap).
// fpdf writes no other kind of segment.
func (t *tables) glyph(r rune) uint16 {
	u := func(i int) uint16 { return binary.BigEndian.Uint16(t.cmap[i:]) }
	n := int(u(6)) / 2
	for i := range n {
		last, first := u(14+2*i), u(16+2*n+2*i)
		if rune(last) < r {
			continue
		}
		if rune(first) > r || last == 0xffff {
			return 0
		}
		return uint16(r) + u(16+4*n+2*i)
	}
	return 0
}

func (t *tables) unit() int { return int(binary.BigEndian.Uint16(t.head[18:])) }

// advance is in thousandths of the size.
func (t *tables) advance(glyph uint16) uint16 {
	i := 4 * min(int(glyph), t.metrics-1)
	return uint16((int(binary.BigEndian.Uint16(t.hmtx[i:]))*1000 + t.unit()/2) / t.unit())
}

func (t *tables) descriptor(f face, name string) string {
	s16 := func(b []byte, i int) int { return int(int16(binary.BigEndian.Uint16(b[i:]))) * 1000 / t.unit() }
	flags, angle, stem := 32, 0, 80
	if f == italic || f == boldItalic {
		flags, angle = 32|64, -12
	}
	if f == bold || f == boldItalic {
		stem = 140
	}
	return fmt.Sprintf("/Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle %d/Ascent %d/Descent %d/CapHeight 729/StemV %d",
		name, flags, s16(t.head, 36), s16(t.head, 38), s16(t.head, 40), s16(t.head, 42), angle, s16(t.hhea, 4), s16(t.hhea, 6), stem)
}

// typeface is every cut of every face.
type typeface struct {
	fonts []*font // cut i of face f is at len(sets)*f + i
	width [faces][top]uint16
}

func loadTypeface() (*typeface, error) {
	t := &typeface{}
	for f := range faces {
		for _, set := range sets {
			// Tags of six capitals mark a subset (ISO 32000-1, 9.6.4).
			x, err := cut(f, "RELAN"+string(rune('A'+len(t.fonts))), set, &t.width[f])
			if err != nil {
				return nil, err
			}
			t.fonts = append(t.fonts, x)
		}
	}
	return t, nil
}

// font finds the cut that holds r, -1 when none does.
func (t *typeface) font(f face, r rune) int {
	for i := range sets {
		if n := len(sets)*int(f) + i; t.fonts[n].glyph[r] != 0 {
			return n
		}
	}
	return -1
}

// known tells which characters every face can draw.
func (t *typeface) known() []bool {
	out := make([]bool, top)
	for r := range out {
		out[r] = true
		for f := range faces {
			out[r] = out[r] && t.font(f, rune(r)) >= 0
		}
	}
	return out
}
