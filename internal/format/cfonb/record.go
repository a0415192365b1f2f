package cfonb

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"relance/internal/format/charset"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Limits of a file. A record has 120 characters and a movement some five records: a million of them
// are 600 MB.
const (
	maxBytes      = 4 << 30
	maxEmpty      = 10_000 // blank records in a row
	maxEntries    = 10_000_000
	maxStatements = 200_000
	maxProblems   = 1000
	maxDetails    = 500 // records 05 of one movement
)

// record is one record, filled up with blanks to its length.
type record struct {
	line int
	text []rune
}

// zone is what stands from one place (0-based) up to another, without blanks around it.
func (r *record) zone(from, to int) string { return strings.TrimSpace(string(r.text[from:to])) }

func (r *record) code() string { return string(r.text[:2]) }

// records cuts a file in records of one length. Line ends are taken where they stand and missed
// nowhere: banks write records with and without them, with blanks cut at the end or added to it.
// Places count characters, so that a file that somebody brought to UTF-8 is still read right.
type records struct {
	in    *bufio.Reader
	enc   charset.Encoding
	bytes int64
	line  int // number of the line being read
	empty int
	cur   record
}

func newRecords(r io.Reader, width int) *records {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(4096) // what cannot be read shows again below
	e, bom := charset.Detect(head)
	switch e {
	case charset.UTF16LE, charset.UTF16BE:
		in, e = bufio.NewReaderSize(charset.UTF16(in, e), 64<<10), charset.UTF8
	default:
		_, _ = in.Discard(bom) // peeked: cannot fail
	}
	return &records{in: in, enc: e, line: 1, cur: record{text: make([]rune, width)}}
}

// next gives the next record that is not blank, valid until the call after; io.EOF after the last.
func (rs *records) next() (*record, error) {
	for {
		n, err := rs.fill()
		if err != nil {
			return nil, err
		}
		for i := n; i < len(rs.cur.text); i++ {
			rs.cur.text[i] = ' '
		}
		if rs.cur.zone(0, len(rs.cur.text)) != "" {
			rs.empty = 0
			return &rs.cur, nil
		}
		if rs.empty++; rs.empty > maxEmpty {
			return nil, fault.New(fault.Invalid, "format.empty-lines", rs.line)
		}
	}
}

// fill reads the characters of one record and the line end behind it.
func (rs *records) fill() (n int, err error) {
	rs.cur.line = rs.line
	for n < len(rs.cur.text) {
		c, err := rs.char()
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return n, nil
		case err != nil:
			return 0, err
		case c == '\n':
			rs.line++
			return n, nil
		case c == '\r':
			return n, rs.lineEnd()
		case c < ' ': // no text has it; zeros and the end mark of old systems among them
			c = ' '
		}
		rs.cur.text[n] = c
		n++
	}
	for { // blanks added behind the record, then its line end
		b, err := rs.in.Peek(1)
		if err != nil || b[0] != ' ' && b[0] != '\r' && b[0] != '\n' {
			return n, nil
		}
		if c, err := rs.char(); err != nil {
			return n, err
		} else if c == '\n' {
			rs.line++
			return n, nil
		}
	}
}

// lineEnd follows a carriage return: a line feed belongs to it.
func (rs *records) lineEnd() error {
	if b, err := rs.in.Peek(1); err == nil && b[0] == '\n' {
		if _, err := rs.char(); err != nil {
			return err
		}
	}
	rs.line++
	return nil
}

// char reads a character: UTF-8 where the bytes are, else Windows-1252.
func (rs *records) char() (rune, error) {
	c, err := rs.in.ReadByte()
	if errors.Is(err, io.EOF) {
		return 0, io.EOF
	}
	if err != nil {
		return 0, fault.New(fault.Invalid, "format.unreadable", err.Error())
	}
	if rs.bytes++; rs.bytes > maxBytes {
		return 0, fault.New(fault.Invalid, "format.too-large", maxBytes>>20)
	}
	if c < utf8.RuneSelf {
		return rune(c), nil
	}
	if rs.enc == charset.UTF8 {
		var buf [utf8.UTFMax]byte
		buf[0] = c
		rest, _ := rs.in.Peek(utf8.UTFMax - 1) // fewer at the end of the file
		if r, n := utf8.DecodeRune(buf[:1+copy(buf[1:], rest)]); n > 1 {
			rs.bytes += int64(n - 1)
			_, err := rs.in.Discard(n - 1) // peeked: cannot fail
			return r, err
		}
	}
	return charset.Char(c), nil
}

// pivot parts the centuries of a year of two figures: 60 is 2060, 61 is 1961 (law-fr.md §9.5).
const pivot = 60

// date reads JJMMAA; key is the message of what is wrong with it.
func date(s string) (d cal.Date, key string) {
	if len(s) != 6 || !digits(s) {
		return 0, "date.unreadable"
	}
	day, month, year := number(s[:2]), number(s[2:4]), number(s[4:])
	if year > pivot {
		year += 1900
	} else {
		year += 2000
	}
	if month < 1 || month > 12 || day < 1 {
		return 0, "date.impossible"
	}
	first := cal.Of(year, 1, 1).AddMonths(month - 1)
	if day > first.DaysInMonth() {
		return 0, "date.impossible"
	}
	return first.AddDays(day - 1), ""
}

// sign gives the last figure and the sign of an amount by the character that holds both. Files that
// went through the French seven-bit code write é for { and è for }; a plain figure is positive.
func sign(c rune) (figure int64, negative, ok bool) {
	switch {
	case c == '{' || c == 'é':
		return 0, false, true
	case c == '}' || c == 'è':
		return 0, true, true
	case c >= 'A' && c <= 'I':
		return int64(c-'A') + 1, false, true
	case c >= 'J' && c <= 'R':
		return int64(c-'J') + 1, true, true
	case c >= '0' && c <= '9':
		return int64(c - '0'), false, true
	}
	return 0, false, false
}

// amount reads figures of which the last holds the sign, with so many decimals ('0' to '9', blank:
// those of the currency), in minor units of the currency; key is what is wrong.
func amount(text []rune, decimals rune, c money.Currency) (minor int64, key string) {
	s := []rune(strings.TrimSpace(string(text)))
	if len(s) == 0 {
		return 0, "amount.unreadable"
	}
	for _, d := range s[:len(s)-1] {
		if d < '0' || d > '9' {
			return 0, "amount.unreadable"
		}
		if minor = minor*10 + int64(d-'0'); minor > money.Max {
			return 0, "amount.large"
		}
	}
	figure, negative, ok := sign(s[len(s)-1])
	if !ok {
		return 0, "amount.unreadable"
	}
	minor = minor*10 + figure
	if decimals >= '0' && decimals <= '9' {
		for d := int(decimals - '0'); d < c.Decimals(); d++ {
			minor *= 10
		}
		for d := int(decimals - '0'); d > c.Decimals(); d-- {
			if minor%10 != 0 {
				return 0, "amount.precise"
			}
			minor /= 10
		}
	}
	if minor > money.Max {
		return 0, "amount.large"
	}
	if negative {
		minor = -minor
	}
	return minor, ""
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// number reads digits.
func number(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
