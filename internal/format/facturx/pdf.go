package facturx

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/hex"
	"io"

	"relance/internal/ground/fault"
)

// Budgets of one PDF. An invoice with scanned pages stays far below.
const (
	maxPDF     = 32 << 20
	maxObjects = 200_000
	maxInflate = 48 << 20 // over all the streams that are opened
	maxStream  = 16 << 20 // one stream
)

// place says where an object stands: in the file, or inside an object stream's content.
type place struct {
	buf        []byte
	at         int
	data       [2]int // of its stream, in the file; zero when it has none
	hasStream  bool
	embeddable bool // has /EF, or is an embedded file
}

// file is a PDF whose objects were found by reading it through.
type file struct {
	buf     []byte
	objs    map[int]place
	order   []int // embeddable objects as they stand
	root    ref
	work    int
	inflate int
}

// open reads a PDF through once. Errors: encrypted, or beyond the budgets.
func open(buf []byte) (*file, error) {
	f := &file{buf: buf, objs: map[int]place{}, work: 4*len(buf) + 1<<20, inflate: maxInflate}
	for pos := 0; ; {
		i := bytes.Index(buf[pos:], []byte("obj"))
		if i < 0 {
			break
		}
		at := pos + i
		num, ok := numberBefore(buf, at)
		if !ok {
			pos = at + 3
			continue
		}
		next, err := f.object(num, at+3)
		if err != nil {
			return nil, err
		}
		pos = next
	}
	if err := f.trailers(); err != nil {
		return nil, err
	}
	return f, nil
}

// numberBefore reads "12 0 " backwards from the keyword obj.
func numberBefore(buf []byte, at int) (int, bool) {
	i := at
	skip := func() {
		for i > 0 && blank(buf[i-1]) && at-i < 40 {
			i--
		}
	}
	digits := func() (n int, ok bool) {
		for scale := 1; i > 0 && buf[i-1] >= '0' && buf[i-1] <= '9' && scale < 1e9; scale *= 10 {
			i--
			n += int(buf[i]-'0') * scale
			ok = true
		}
		return n, ok
	}
	skip()
	if _, ok := digits(); !ok {
		return 0, false
	}
	skip()
	return digits()
}

// object notes the object whose body starts at `at` and returns where to go on.
func (f *file) object(num, at int) (int, error) {
	l := lexer{buf: f.buf, pos: at, work: &f.work}
	d, _ := l.next(0).(dict)
	if f.work < 0 || len(f.objs) >= maxObjects {
		return 0, fault.New(fault.Invalid, "format.pdf.bomb")
	}
	p := place{buf: f.buf, at: at}
	next := at
	if d != nil {
		next = l.pos
		p.embeddable = d["EF"] != nil || d["Type"] == name("EmbeddedFile")
		l.spaces()
		if bytes.HasPrefix(f.buf[min(l.pos, len(f.buf)):], []byte("stream")) {
			p.hasStream = true
			p.data, next = f.extent(d, l.pos+len("stream"))
		}
	}
	f.note(num, p)
	if d["Type"] == name("XRef") {
		if err := f.trailer(d); err != nil {
			return 0, err
		}
	}
	if d["Type"] == name("ObjStm") {
		return next, f.objectStream(d, p)
	}
	return next, nil
}

func (f *file) note(num int, p place) {
	f.objs[num] = p // the last definition of a number is the valid one (§7.5.6)
	if p.embeddable {
		f.order = append(f.order, num)
	}
}

// extent is where the data of a stream lie: its /Length when "endstream" follows, else up to the
// next "endstream": lengths lie more often than keywords.
func (f *file) extent(d dict, at int) (data [2]int, next int) {
	if at < len(f.buf) && f.buf[at] == '\r' {
		at++
	}
	if at < len(f.buf) && f.buf[at] == '\n' {
		at++
	}
	at = min(at, len(f.buf))
	if n, ok := d["Length"].(float64); ok && n >= 0 && n <= float64(len(f.buf)-at) {
		end := at + int(n)
		if bytes.HasPrefix(bytes.TrimLeft(f.buf[end:min(end+14, len(f.buf))], "\r\n \t"), []byte("endstream")) {
			return [2]int{at, end}, end
		}
	}
	i := bytes.Index(f.buf[at:], []byte("endstream"))
	if i < 0 {
		return [2]int{at, len(f.buf)}, len(f.buf)
	}
	return [2]int{at, at + i}, at + i
}

// objectStream notes the objects inside a compressed object (§7.5.7).
func (f *file) objectStream(d dict, p place) error {
	body, err := f.decode(d, p)
	if err != nil {
		return err
	}
	count, _ := d["N"].(float64)
	first, _ := d["First"].(float64)
	if first < 0 || int(first) > len(body) || count < 0 {
		return nil // damaged: the other objects may do
	}
	f.work += len(body) * 3
	head := lexer{buf: body[:int(first)], work: &f.work}
	for range int(min(count, maxObjects)) {
		num, ok1 := head.next(0).(float64)
		off, ok2 := head.next(0).(float64)
		at := int(first) + int(off)
		if !ok1 || !ok2 || off < 0 || at >= len(body) || len(f.objs) >= maxObjects {
			break
		}
		l := lexer{buf: body, pos: at, work: &f.work}
		in, _ := l.next(0).(dict)
		f.note(int(num), place{buf: body, at: at, embeddable: in["EF"] != nil})
	}
	if f.work < 0 {
		return fault.New(fault.Invalid, "format.pdf.bomb")
	}
	return nil
}

// trailers reads the classical trailers (§7.5.5); those of cross-reference streams were met as
// objects.
func (f *file) trailers() error {
	for pos := 0; ; {
		i := bytes.Index(f.buf[pos:], []byte("trailer"))
		if i < 0 {
			return nil
		}
		pos += i + len("trailer")
		l := lexer{buf: f.buf, pos: pos, work: &f.work}
		if d, ok := l.next(0).(dict); ok {
			if err := f.trailer(d); err != nil {
				return err
			}
		}
		if f.work < 0 {
			return fault.New(fault.Invalid, "format.pdf.bomb")
		}
	}
}

func (f *file) trailer(d dict) error {
	if d["Encrypt"] != nil {
		return fault.New(fault.Invalid, "format.pdf.encrypted")
	}
	if r, ok := d["Root"].(ref); ok {
		f.root = r
	}
	return nil
}

// get follows references to an object; nil when there is none.
func (f *file) get(v any) any {
	for range 8 {
		r, ok := v.(ref)
		if !ok {
			return v
		}
		p, ok := f.objs[int(r)]
		if !ok {
			return nil
		}
		l := lexer{buf: p.buf, pos: p.at, work: &f.work}
		v = l.next(0)
	}
	return nil
}

// decode opens a stream through its filters, within the budgets.
func (f *file) decode(d dict, p place) ([]byte, error) {
	raw := f.buf[p.data[0]:p.data[1]]
	var filters array
	switch v := f.get(d["Filter"]).(type) {
	case name:
		filters = array{v}
	case array:
		filters = v
	}
	if len(filters) > 4 {
		return nil, fault.New(fault.Invalid, "format.pdf.bomb")
	}
	for _, filter := range filters {
		n, _ := f.get(filter).(name)
		var err error
		if raw, err = f.unfilter(string(n), raw); err != nil {
			return nil, err
		}
	}
	return raw, nil
}

func (f *file) unfilter(filter string, raw []byte) ([]byte, error) {
	switch filter {
	case "FlateDecode", "Fl":
		return f.flate(raw)
	case "ASCIIHexDecode", "AHx":
		var clean []byte
		for _, c := range raw {
			if c == '>' {
				break
			}
			if !blank(c) {
				clean = append(clean, c)
			}
		}
		out := make([]byte, hex.DecodedLen(len(clean)))
		n, _ := hex.Decode(out, clean)
		return out[:n], nil
	case "ASCII85Decode", "A85":
		raw = bytes.TrimPrefix(bytes.TrimSpace(raw), []byte("<~"))
		raw, _, _ = bytes.Cut(raw, []byte("~>"))
		out := make([]byte, len(raw)*4+4) // "z" is four zeros
		n, _, _ := ascii85.Decode(out, raw, true)
		return out[:n], nil
	}
	return nil, fault.New(fault.Invalid, "format.pdf.filter", filter)
}

// flate inflates what can be: a wrong checksum or a missing end costs nothing when the content
// is there. What is larger than the budget is a bomb.
func (f *file) flate(raw []byte) ([]byte, error) {
	var src io.Reader
	zr, err := zlib.NewReader(bytes.NewReader(raw))
	if src = zr; err != nil {
		src = flate.NewReader(bytes.NewReader(raw))
	}
	limit := min(f.inflate, maxStream)
	var out bytes.Buffer
	_, _ = io.Copy(&out, io.LimitReader(src, int64(limit)+1)) // a damaged end is not held against it
	f.inflate -= out.Len()
	if out.Len() > limit {
		return nil, fault.New(fault.Invalid, "format.pdf.bomb")
	}
	return out.Bytes(), nil
}
