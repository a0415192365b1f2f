package pdf

import "encoding/binary"

// unhint makes a font as a PDF file needs it: outlines and widths. The programs that fit outlines
// to the dots of an old screen are half of a cut font; neither paper nor a screen of today uses
// them. ISO 32000-1 (9.9) names the tables that must stay.
func unhint(t *tables) []byte {
	long := binary.BigEndian.Uint16(t.head[50:]) == 1
	at := func(i int) int {
		if long {
			return int(binary.BigEndian.Uint32(t.loca[4*i:]))
		}
		return 2 * int(binary.BigEndian.Uint16(t.loca[2*i:]))
	}
	n := int(binary.BigEndian.Uint16(t.maxp[4:]))
	var glyf, loca []byte
	for i := range n {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = appendOutline(glyf, t.glyf[at(i):at(i+1)])
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head := append([]byte{}, t.head...)
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets
	return assemble([]table{{"glyf", glyf}, {"head", head}, {"hhea", t.hhea}, {"hmtx", t.hmtx}, {"loca", loca}, {"maxp", t.maxp}})
}

// appendOutline copies a glyph without its instructions (OpenType, glyf).
func appendOutline(out, g []byte) []byte {
	if len(g) < 12 {
		return out
	}
	contours := int(int16(binary.BigEndian.Uint16(g)))
	if contours >= 0 {
		end := 10 + 2*contours
		skip := int(binary.BigEndian.Uint16(g[end:]))
		out = append(out, g[:end]...)
		out = append(out, 0, 0)
		return append(out, g[end+2+skip:]...)
	}
	const words, scale, more, xy, two, instructions = 1, 8, 32, 64, 128, 256
	start := len(out)
	out = append(out, g...)
	for i := start + 10; ; {
		flags := binary.BigEndian.Uint16(out[i:])
		binary.BigEndian.PutUint16(out[i:], flags&^instructions)
		i += 6
		if flags&words != 0 {
			i += 2
		}
		switch {
		case flags&scale != 0:
			i += 2
		case flags&xy != 0:
			i += 4
		case flags&two != 0:
			i += 8
		}
		if flags&more == 0 {
			return out[:i]
		}
	}
}

type table struct {
	name string
	data []byte
}

// assemble writes a TrueType file of tables in alphabetical order.
func assemble(list []table) []byte {
	n := len(list)
	out := []byte{0, 1, 0, 0, 0, byte(n), 0, 64, 0, 2, 0, byte(16*n - 64)} // search range of 4 to 7 tables
	pos := 12 + 16*n
	for _, t := range list {
		var sum uint32
		for i := 0; i < len(t.data); i += 4 {
			var w [4]byte
			copy(w[:], t.data[i:])
			sum += binary.BigEndian.Uint32(w[:])
		}
		out = append(out, t.name...)
		out = binary.BigEndian.AppendUint32(out, sum)
		out = binary.BigEndian.AppendUint32(out, uint32(pos))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		pos += (len(t.data) + 3) &^ 3
	}
	for _, t := range list {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}
