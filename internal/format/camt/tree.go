package camt

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"relance/internal/format/charset"
	"relance/internal/ground/fault"
)

// node is an element: its local name, its text with blanks made one, the currency it is marked with.
type node struct {
	name, text, ccy string
	line            int
	kids            []*node
}

// at walks down by local names; a step may give alternatives, "Dt|DtTm". The first match of each
// step is taken; nil when there is none, and nil can be walked again.
func (n *node) at(path ...string) *node {
	for _, step := range path {
		if n == nil {
			return nil
		}
		n = n.kid(step)
	}
	return n
}

func (n *node) kid(step string) *node {
	for _, k := range n.kids {
		if named(step, k.name) {
			return k
		}
	}
	return nil
}

func named(step, name string) bool {
	for step != "" {
		var one string
		one, step, _ = strings.Cut(step, "|")
		if one == name {
			return true
		}
	}
	return false
}

// all gives every child of that name (alternatives as in at).
func (n *node) all(step string) (out []*node) {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if named(step, k.name) {
			out = append(out, k)
		}
	}
	return out
}

// str is the text of the element, "" of nil.
func (n *node) str() string {
	if n == nil {
		return ""
	}
	return n.text
}

// token gives the next token of the file. Names are local, nesting is checked by who reads, and a
// DOCTYPE is refused: no statement needs one, and entity bombs do.
func (rd *reader) token() (xml.Token, error) {
	tok, err := rd.dec.RawToken()
	rd.src.left = maxToken
	switch tok.(type) {
	case xml.Directive:
		return nil, fault.New(fault.Invalid, "format.xml.doctype", rd.at())
	}
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return tok, err
	case errors.Is(err, errLongToken):
		return nil, fault.New(fault.Invalid, "format.line.too-long", rd.at())
	case errors.Is(err, errLongFile):
		return nil, fault.New(fault.Invalid, "format.too-large", maxBytes>>20)
	}
	var s *xml.SyntaxError
	if errors.As(err, &s) {
		return nil, rd.malformed(s.Msg)
	}
	return nil, fault.New(fault.Invalid, "format.unreadable", err.Error())
}

func (rd *reader) at() int { line, _ := rd.dec.InputPos(); return line }

func (rd *reader) malformed(why string) error {
	return fault.New(fault.Invalid, "format.xml.malformed", rd.at(), why)
}

// closes checks that an element is closed by its own name.
func (rd *reader) closes(open, end string) error {
	if open != end {
		return rd.malformed("<" + open + "> </" + end + ">")
	}
	return nil
}

// element reads what stands between a start and its end. Each child that off names is handed to it
// when it ends, and dropped: a batch of thousands is never held as a tree.
func (rd *reader) element(start xml.StartElement, depth int, off func(*node) bool) (*node, error) {
	if rd.nodes++; depth > maxDepth || rd.nodes > maxNodes {
		return nil, fault.New(fault.Invalid, "format.xml.too-deep", rd.at())
	}
	n := &node{name: start.Name.Local, line: rd.at()}
	for _, a := range start.Attr {
		if a.Name.Local == "Ccy" {
			n.ccy = strings.ToUpper(strings.TrimSpace(cut(a.Value)))
		}
	}
	var text []byte
	for {
		tok, err := rd.token()
		switch {
		case errors.Is(err, io.EOF):
			return nil, rd.malformed("<" + n.name + ">")
		case err != nil:
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.CharData:
			if len(text) == 0 && len(bytes.TrimSpace(tok)) == 0 {
				continue
			}
			text = append(text, tok[:min(len(tok), maxText-min(len(text), maxText))]...)
		case xml.StartElement:
			kid, err := rd.element(tok, depth+1, off)
			if err != nil {
				return nil, err
			}
			if off == nil || !off(kid) {
				n.kids = append(n.kids, kid)
			}
		case xml.EndElement:
			n.text = plain(text)
			return n, rd.closes(n.name, tok.Name.Local)
		}
	}
}

// plain makes runs of blanks one space; a character cut by maxText is dropped.
func plain(b []byte) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(b), "")), " ")
}

var (
	errLongToken = errors.New("token too long")
	errLongFile  = errors.New("file too long")
)

// source gives the bytes of a file as UTF-8, whatever its declaration says: what is no UTF-8 is read
// as Windows-1252. It stops a token, or a file, that has no end.
type source struct {
	src  io.Reader
	buf  [32 << 10]byte
	tail []byte // beginning of a character that the buffer cut
	out  []byte
	err  error
	left int   // bytes that the token under way may still take
	all  int64 // bytes that the file may still take
}

func (s *source) Read(p []byte) (int, error) {
	for len(s.out) == 0 {
		if s.err != nil {
			return 0, s.err
		}
		s.fill()
	}
	if s.left <= 0 {
		return 0, errLongToken
	}
	n := copy(p[:min(len(p), s.left)], s.out)
	s.out = s.out[n:]
	s.left -= n
	return n, nil
}

func (s *source) fill() {
	held := copy(s.buf[:], s.tail)
	n, err := s.src.Read(s.buf[held:])
	b := s.buf[:held+n]
	if s.all -= int64(n); s.all < 0 {
		err = errLongFile
	}
	s.err, s.tail = err, nil
	if err == nil {
		if whole := wholeRunes(b); whole < len(b) {
			s.tail = append([]byte(nil), b[whole:]...)
			b = b[:whole]
		}
	}
	if utf8.Valid(b) {
		s.out = b
		return
	}
	s.out = make([]byte, 0, len(b)+len(b)/8)
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			r = charset.Char(b[0])
		}
		s.out = utf8.AppendRune(s.out, r)
		b = b[size:]
	}
}

// wholeRunes is the length of b without a character that its end cuts.
func wholeRunes(b []byte) int {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return len(b) - i
			}
			break
		}
	}
	return len(b)
}
