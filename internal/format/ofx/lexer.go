package ofx

import (
	"bufio"
	"bytes"
	"errors"
	"html"
	"io"
	"strings"

	"relance/internal/format/charset"
	"relance/internal/ground/fault"
)

// mark is one mark of the file and the text that stands behind it, up to the next.
type mark struct {
	name   string // in capitals, without the slash
	closes bool   // </NAME>
	text   string
	line   int
}

// lexer cuts a file into marks. SGML and XML are the same to it: attributes are dropped, entities are
// the characters they stand for, and no file can define its own (a DOCTYPE is refused).
type lexer struct {
	in   *bufio.Reader
	line int
	left int64 // bytes that the file may still have
	text []byte
}

func newLexer(r io.Reader) *lexer {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(4096) // what cannot be read shows again below
	switch e, bom := charset.Detect(head); e {
	case charset.UTF16LE, charset.UTF16BE:
		in = bufio.NewReaderSize(charset.UTF16(in, e), 64<<10)
	default:
		_, _ = in.Discard(bom) // peeked: cannot fail
	}
	return &lexer{in: in, line: 1, left: maxBytes}
}

// begins tells whether the mark OFX stands near the beginning.
func (lx *lexer) begins() bool {
	head, _ := lx.in.Peek(maxHeader)
	return bytes.Contains(bytes.ToUpper(head), []byte("<OFX"))
}

func (lx *lexer) byte() (byte, error) {
	c, err := lx.in.ReadByte()
	switch {
	case errors.Is(err, io.EOF):
		return 0, io.EOF
	case err != nil:
		return 0, fault.New(fault.Invalid, "format.unreadable", err.Error())
	}
	if c == '\n' {
		lx.line++
	}
	if lx.left--; lx.left < 0 {
		return 0, fault.New(fault.Invalid, "format.too-large", maxBytes>>20)
	}
	return c, nil
}

// next gives the next mark; io.EOF after the last. The text before the first mark is the header of
// version 1, of which nothing is needed.
func (lx *lexer) next() (mark, error) {
	for {
		if err := lx.value(); err != nil { // up to the mark's "<"
			return mark{}, err
		}
		m, err := lx.name()
		if err != nil {
			return mark{}, err
		}
		if m.name == "" {
			continue // an XML declaration
		}
		if err := lx.value(); err != nil && !errors.Is(err, io.EOF) {
			return mark{}, err
		}
		m.text = lx.plain()
		return m, nil
	}
}

// value collects text up to the next mark and leaves its "<" unread. Comments are dropped, a CDATA
// section is text, a "<" that opens no mark is a character.
func (lx *lexer) value() error {
	lx.text = lx.text[:0]
	for {
		next, _ := lx.in.Peek(9)
		switch {
		case len(next) == 0:
			_, err := lx.byte()
			return err
		case next[0] != '<' || len(next) < 2 || !opens(next[1]):
			c, err := lx.byte()
			if err != nil {
				return err
			}
			lx.keep(c)
		case bytes.HasPrefix(next, []byte("<!--")):
			if err := lx.until("-->", false); err != nil {
				return err
			}
		case bytes.HasPrefix(next, []byte("<![CDATA[")):
			if err := lx.until("]]>", true); err != nil {
				return err
			}
		case next[1] == '!':
			return fault.New(fault.Invalid, "format.xml.doctype", lx.line)
		default:
			return nil
		}
	}
}

// opens tells the characters that may follow the "<" of a mark.
func opens(c byte) bool {
	return c == '/' || c == '?' || c == '!' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func (lx *lexer) keep(c byte) {
	if len(lx.text) < maxText {
		lx.text = append(lx.text, c)
	}
}

// until reads a comment or a CDATA section, whose text is kept escaped: it is no markup.
func (lx *lexer) until(end string, keep bool) error {
	var last []byte
	for n := 0; ; n++ {
		c, err := lx.byte()
		if err != nil {
			return lx.cut(err)
		}
		if last = append(last, c); len(last) > len(end) {
			last = last[1:]
		}
		if string(last) == end {
			if keep {
				lx.text = lx.text[:max(0, len(lx.text)-len(end)+1)]
			}
			return nil
		}
		switch {
		case !keep || n < len("<![CDATA["):
		case c == '&':
			for _, e := range []byte("&amp;") {
				lx.keep(e)
			}
		default:
			lx.keep(c)
		}
	}
}

// cut says that a file ends where it may not.
func (lx *lexer) cut(err error) error {
	if errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "bank.ofx.cut", lx.line)
	}
	return err
}

// name reads a mark whole. That of an XML declaration is "".
func (lx *lexer) name() (mark, error) {
	m := mark{line: lx.line}
	if _, err := lx.byte(); err != nil { // "<"
		return m, err
	}
	var b []byte
	for {
		c, err := lx.byte()
		switch {
		case err != nil:
			return m, lx.cut(err)
		case c == '>':
			if len(b) > 0 && b[0] == '?' {
				return m, nil
			}
			m.closes = len(b) > 0 && b[0] == '/'
			name, _, _ := strings.Cut(strings.Trim(string(b), "/"), " ")
			m.name = strings.ToUpper(strings.TrimSpace(strings.Trim(name, "/")))
			return m, nil
		case len(b) >= maxMark:
			return m, fault.New(fault.Invalid, "format.line.too-long", m.line)
		case c == '\n' || c == '\r' || c == '\t':
			c = ' '
		}
		b = append(b, c)
	}
}

// plain is the text behind a mark: UTF-8 when it is valid, else Windows-1252, whatever the header
// announces; blanks made one, entities resolved.
func (lx *lexer) plain() string {
	b := bytes.TrimSpace(lx.text)
	if len(b) == 0 {
		return ""
	}
	if len(lx.text) == maxText { // the limit may cut a character
		b = bytes.TrimRightFunc(b, func(r rune) bool { return r >= 0x80 })
	}
	return strings.Join(strings.Fields(html.UnescapeString(charset.Line(b, charset.UTF8))), " ")
}
