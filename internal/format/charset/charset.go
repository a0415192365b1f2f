package charset

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is how the characters of a file are written.
type Encoding string

// The encodings that are recognised.
const (
	UTF8    Encoding = "utf-8"
	UTF16LE Encoding = "utf-16le"
	UTF16BE Encoding = "utf-16be"
	CP1252  Encoding = "windows-1252" // also ISO 8859-1 and 8859-15, see Char
)

// Detect looks at the beginning of a file: its encoding, and the length of its byte order mark.
// A character cut by the end of head is not held against UTF-8.
func Detect(head []byte) (e Encoding, bom int) {
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		return UTF8, 3
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return UTF16LE, 2
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return UTF16BE, 2
	case looksUTF16(head, 1):
		return UTF16LE, 0
	case looksUTF16(head, 0):
		return UTF16BE, 0
	case utf8.Valid(wholeRunes(head)):
		return UTF8, 0
	}
	return CP1252, 0
}

// looksUTF16 tells whether most bytes at odd (1) or even (0) places are zero and the others are
// not: western text in UTF-16 without a mark.
func looksUTF16(head []byte, place int) bool {
	if len(head) < 4 {
		return false
	}
	zero, other := 0, 0
	for i, c := range head {
		if c == 0 {
			if i%2 == place {
				zero++
			} else {
				other++
			}
		}
	}
	return zero*10 > len(head)*4 && other*50 < len(head)
}

// wholeRunes drops a character that the end of b cuts.
func wholeRunes(b []byte) []byte {
	for i := 1; i <= min(utf8.UTFMax-1, len(b)); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// high maps 0x80–0x9F of Windows-1252; above, the code is the character, except the euro sign
// and the French ligatures of ISO 8859-15, whose Windows-1252 readings (¤ ¼ ½) no invoice bears.
var high = [32]rune{
	'€', '\u0081', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u008d', 'Ž', '\u008f',
	'\u0090', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u009d', 'ž', 'Ÿ',
}

// Char is the character of one byte of Windows-1252 or ISO 8859-15.
func Char(c byte) rune {
	switch {
	case c >= 0x80 && c <= 0x9F:
		return high[c-0x80]
	case c == 0xA4:
		return '€'
	case c == 0xBC:
		return 'Œ'
	case c == 0xBD:
		return 'œ'
	}
	return rune(c)
}

// Line gives a line of text as UTF-8: as it is when it is valid UTF-8 and e allows it, else read
// as Windows-1252. Files glued from two sources change encoding in the middle; lines do not.
func Line(b []byte, e Encoding) string {
	if isASCII(b) || e != CP1252 && utf8.Valid(b) {
		return string(b)
	}
	out := make([]byte, 0, len(b)+len(b)/4)
	for _, c := range b {
		out = utf8.AppendRune(out, Char(c))
	}
	return string(out)
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// UTF16 reads UTF-16 as UTF-8, without its byte order mark; lone surrogates become U+FFFD.
func UTF16(r io.Reader, e Encoding) io.Reader {
	return &utf16Reader{src: bufio.NewReaderSize(r, 32<<10), big: e == UTF16BE}
}

type utf16Reader struct {
	src  *bufio.Reader
	big  bool
	rest []byte
	err  error
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.rest) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}

func (u *utf16Reader) fill() {
	u.rest = u.rest[:0:0]
	for len(u.rest) < 8<<10 {
		c, err := u.unit()
		if err != nil {
			u.err = err
			return
		}
		if utf16.IsSurrogate(c) {
			low, err := u.unit()
			if err != nil {
				u.err = err
				low = utf8.RuneError
			}
			c = utf16.DecodeRune(c, low)
		}
		if c != '\uFEFF' {
			u.rest = utf8.AppendRune(u.rest, c)
		}
	}
}

func (u *utf16Reader) unit() (rune, error) {
	a, err := u.src.ReadByte()
	if err != nil {
		return 0, err
	}
	b, err := u.src.ReadByte()
	if err != nil {
		return 0, io.EOF // an odd byte at the end is dropped
	}
	if u.big {
		return rune(a)<<8 | rune(b), nil
	}
	return rune(b)<<8 | rune(a), nil
}
