package facturx

import (
	"bytes"
	"strconv"
)

// The objects of a PDF (ISO 32000-1 §7.3). Numbers are float64, booleans bool, null nil.
type (
	name   string
	ref    int
	str    string
	dict   map[name]any
	array  []any
	marker string // obj, stream, R…: what is none of the above
)

const maxNesting = 32

// lexer reads objects from buf; work counts the bytes looked at, over all lexers of a file.
type lexer struct {
	buf  []byte
	pos  int
	work *int
	bad  bool
}

func blank(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *lexer) spaces() {
	for l.pos < len(l.buf) {
		c := l.buf[l.pos]
		if c == '%' {
			for l.pos < len(l.buf) && l.buf[l.pos] != '\n' && l.buf[l.pos] != '\r' {
				l.step(1)
			}
			continue
		}
		if !blank(c) {
			return
		}
		l.step(1)
	}
}

// step moves on; past the budget everything reads as the end.
func (l *lexer) step(n int) {
	l.pos += n
	if *l.work -= n; *l.work < 0 {
		l.pos, l.bad = len(l.buf), true
	}
}

// next reads one object or marker; at the end, or on what makes no sense, it is marker("").
func (l *lexer) next(depth int) any {
	l.spaces()
	if l.pos >= len(l.buf) || depth > maxNesting {
		l.bad = true
		return marker("")
	}
	switch c := l.buf[l.pos]; {
	case c == '/':
		l.step(1)
		return l.name()
	case c == '(':
		return l.text()
	case c == '<' && l.at(1) == '<':
		l.step(2)
		return l.dict(depth)
	case c == '<':
		return l.hex()
	case c == '[':
		l.step(1)
		return l.array(depth)
	case delimiter(c):
		l.step(1)
		if c == '>' && l.at(0) == '>' {
			l.step(1)
			return marker(">>")
		}
		return marker(string(c))
	}
	return l.word()
}

func (l *lexer) at(n int) byte {
	if l.pos+n < len(l.buf) {
		return l.buf[l.pos+n]
	}
	return 0
}

func (l *lexer) word() any {
	start := l.pos
	for l.pos < len(l.buf) && !blank(l.buf[l.pos]) && !delimiter(l.buf[l.pos]) {
		l.step(1)
	}
	w := l.buf[start:min(l.pos, len(l.buf))]
	if len(w) > 40 {
		return marker("?")
	}
	switch s := string(w); s {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	default:
		if n, err := strconv.ParseFloat(s, 64); err == nil && s[0] != 'i' && s[0] != 'n' {
			return n
		}
		return marker(s)
	}
}

func (l *lexer) name() name {
	var b []byte
	for l.pos < len(l.buf) && !blank(l.buf[l.pos]) && !delimiter(l.buf[l.pos]) {
		c := l.buf[l.pos]
		if c == '#' && l.pos+2 < len(l.buf) {
			if n, err := strconv.ParseUint(string(l.buf[l.pos+1:l.pos+3]), 16, 8); err == nil {
				c = byte(n)
				l.step(2)
			}
		}
		if len(b) < 200 {
			b = append(b, c)
		}
		l.step(1)
	}
	return name(b)
}

func (l *lexer) array(depth int) array {
	var a array
	for {
		v := l.next(depth + 1)
		switch m := v.(type) {
		case marker:
			if m == "]" || m == "" {
				return a
			}
			if m == "R" && len(a) >= 2 {
				if n, ok := a[len(a)-2].(float64); ok {
					a = append(a[:len(a)-2], ref(n))
				}
			}
			continue
		}
		a = append(a, v)
	}
}

func (l *lexer) dict(depth int) dict {
	d := dict{}
	var key name
	var vals array
	set := func() {
		if key == "" {
			return
		}
		if n := len(vals); n >= 3 && vals[n-1] == marker("R") {
			if num, ok := vals[n-3].(float64); ok {
				d[key] = ref(num)
				return
			}
		}
		if len(vals) > 0 {
			d[key] = vals[0]
		}
	}
	for {
		v := l.next(depth + 1)
		if m, ok := v.(marker); ok && (m == ">>" || m == "") {
			set()
			return d
		}
		if n, ok := v.(name); ok && (key == "" || len(vals) > 0) {
			set()
			key, vals = n, vals[:0:0]
			continue
		}
		if len(vals) < 4 {
			vals = append(vals, v)
		}
	}
}

// text reads a literal string (§7.3.4.2).
func (l *lexer) text() str {
	l.step(1)
	var b []byte
	for open := 1; l.pos < len(l.buf); l.step(1) {
		c := l.buf[l.pos]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.step(1)
				return str(b)
			}
		case '\\':
			l.step(1)
			c = l.escape()
			if c == 0 {
				continue
			}
		}
		if len(b) < 1000 {
			b = append(b, c)
		}
	}
	l.bad = true
	return str(b)
}

// escape reads what follows a backslash and leaves pos on its last byte; 0 is nothing.
func (l *lexer) escape() byte {
	switch c := l.at(0); {
	case c >= '0' && c <= '7':
		n := 0
		for i := 0; i < 3 && l.at(0) >= '0' && l.at(0) <= '7'; i++ {
			n = n*8 + int(l.at(0)-'0')
			l.step(1)
		}
		l.step(-1)
		return byte(n)
	case c == 'n':
		return '\n'
	case c == 'r':
		return '\r'
	case c == 't':
		return '\t'
	case c == '\n' || c == '\r' || c == 'b' || c == 'f':
		return 0
	default:
		return c
	}
}

func (l *lexer) hex() str {
	l.step(1)
	var b []byte
	var half byte
	odd := false
	for l.pos < len(l.buf) {
		c := l.buf[l.pos]
		l.step(1)
		if c == '>' {
			break
		}
		n, err := strconv.ParseUint(string(c), 16, 8)
		if err != nil {
			continue
		}
		if odd && len(b) < 2000 {
			b = append(b, half<<4|byte(n))
		}
		half, odd = byte(n), !odd
	}
	if odd {
		b = append(b, half<<4)
	}
	return str(b)
}
