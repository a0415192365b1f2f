package bank

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what is read of one line: a remittance text of ISO 20022 has 140 characters a part, of CFONB
// 70 a record; whoever sends more does not name more debts.
const (
	maxText  = 4000 // bytes of one text
	maxWords = 400  // of a line
)

// word is a maximal run of letters and figures, in capitals and without accents.
type word struct {
	text  string
	sep   byte   // what stands before it: the first mark that is no blank, ' ' for blanks alone, 0 at the beginning
	tight bool   // exactly one mark stands before it, and no blank
	line  bool   // a new line stands before it
	kind  letter // what it is made of
	mask  mask
}

// letter tells letters from figures.
type letter uint8

const (
	letters letter = 1
	figures letter = 2
	mixed          = letters | figures
)

// wordsOf cuts a text into words.
func wordsOf(text string) []word {
	if len(text) > maxText {
		text = text[:maxText]
	}
	if text == "" {
		return nil
	}
	buf := make([]byte, 0, len(text)+8)
	list := make([]word, 0, len(text)/5+2)
	var some [64]int
	ends := some[:0] // where each word begins and ends
	var gap word
	inside, marks := false, 0
	for i := 0; i < len(text) && len(list) < maxWords; {
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		before := len(buf)
		if buf = appendFolded(buf, r); len(buf) == before {
			if unicode.Is(unicode.Mn, r) {
				continue // an accent apart from its letter
			}
			if inside {
				ends = append(ends, before)
				inside, gap, marks = false, word{}, 0
			}
			marks++
			gap.read(r, marks)
			continue
		}
		if !inside {
			inside = true
			list = append(list, gap)
			ends = append(ends, before)
		}
		list[len(list)-1].kind |= kindOf(buf[before])
	}
	if inside {
		ends = append(ends, len(buf))
	}
	all := string(buf)
	for i := range list {
		list[i].text = all[ends[2*i]:ends[2*i+1]]
		if i == 0 {
			list[i].sep, list[i].tight, list[i].line = 0, false, false
		}
	}
	return list
}

// read adds a character to what stands before a word.
func (w *word) read(r rune, nth int) {
	blank := unicode.IsSpace(r)
	w.line = w.line || r == '\n'
	w.tight = nth == 1 && !blank
	switch {
	case blank && w.sep == 0:
		w.sep = ' '
	case !blank && (w.sep == 0 || w.sep == ' '):
		w.sep = '?'
		if r < utf8.RuneSelf {
			w.sep = byte(r)
		}
	}
}

func kindOf(c byte) letter {
	if c >= '0' && c <= '9' {
		return figures
	}
	return letters
}

// appendFolded adds a letter or figure in capitals and without accents; anything else adds nothing.
func appendFolded(buf []byte, r rune) []byte {
	switch {
	case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
		return append(buf, byte(r))
	case r >= 'a' && r <= 'z':
		return append(buf, byte(r)-'a'+'A')
	case r < utf8.RuneSelf:
		return buf
	}
	if plain, ok := plainLetters[unicode.ToUpper(r)]; ok {
		return append(buf, plain...)
	}
	if unicode.IsLetter(r) {
		return utf8.AppendRune(buf, unicode.ToUpper(r))
	}
	return buf
}

// plainLetters writes the accented capitals of Europe's languages without accents.
var plainLetters = func() map[rune]string {
	m := map[rune]string{'Œ': "OE", 'Æ': "AE", 'ß': "SS", 'ẞ': "SS"}
	for plain, list := range map[string]string{
		"A": "ÀÁÂÃÄÅĀĂĄ", "C": "ÇĆĈĊČ", "D": "ĎĐ", "E": "ÈÉÊËĒĔĖĘĚ", "G": "ĜĞĠĢ", "I": "ÌÍÎÏĨĪĬĮİ", "L": "ĹĻĽŁ",
		"N": "ÑŃŅŇ", "O": "ÒÓÔÕÖØŌŎŐ", "R": "ŔŖŘ", "S": "ŚŜŞŠȘ", "T": "ŢŤŦȚ", "U": "ÙÚÛÜŨŪŬŮŰŲ", "Y": "ÝŸ", "Z": "ŹŻŽ",
	} {
		for _, r := range list {
			m[r] = plain
		}
	}
	return m
}()

// joined is the text of words without what stands between them.
func joined(list []word) string {
	if len(list) == 1 {
		return list[0].text
	}
	var b strings.Builder
	for _, w := range list {
		b.WriteString(w.text)
	}
	return b.String()
}

// alike writes letters that readers of paper take for figures as these figures.
func alike(c byte) byte {
	switch c {
	case 'O':
		return '0'
	case 'I', 'L':
		return '1'
	case 'S':
		return '5'
	case 'B':
		return '8'
	case 'Z':
		return '2'
	}
	return c
}

func allFigures(s string) bool {
	for i := 0; i < len(s); i++ {
		if kindOf(s[i]) != figures {
			return false
		}
	}
	return s != ""
}

// bare is a group of figures without its leading zeros.
func bare(s string) string {
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return s[len(s)-min(1, len(s)):]
}
