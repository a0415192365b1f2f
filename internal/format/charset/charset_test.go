package charset

import (
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDetect(t *testing.T) {
	for text, want := range map[string]struct {
		e   Encoding
		bom int
	}{
		"abc": {UTF8, 0}, "\xef\xbb\xbfabc": {UTF8, 3}, "caf\xc3\xa9": {UTF8, 0}, "caf\xe9 cr\xe8me": {CP1252, 0}, "\xff\xfea\x00": {UTF16LE, 2},
		"\xfe\xff\x00a": {UTF16BE, 2}, "a\x00b\x00c\x00d\x00": {UTF16LE, 0}, "\x00a\x00b\x00c\x00d": {UTF16BE, 0}, "": {UTF8, 0}, "cut\xc3": {UTF8, 0},
	} {
		if e, bom := Detect([]byte(text)); e != want.e || bom != want.bom {
			t.Errorf("%q: %s %d, want %s %d", text, e, bom, want.e, want.bom)
		}
	}
}

func TestLine(t *testing.T) {
	for in, want := range map[string]string{"caf\xe9": "café", "12 \x80": "12 €", "\xa4 \xbd": "€ œ", "café": "café", "\x93x\x94": "“x”"} {
		if got := Line([]byte(in), UTF8); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := Line([]byte("café"), CP1252); got != "cafÃ©" {
		t.Errorf("bytes of a Windows-1252 file: %q", got)
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("\xff\xfe\x3d\xd8\x00\xde")) // a pair of surrogates
	f.Add([]byte("caf\xe9"))
	f.Add([]byte("\xfe\xff\xd8\x3d"))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, bom := Detect(b)
		if bom > len(b) {
			t.Fatal("a mark longer than the text")
		}
		if s := Line(b, e); !utf8.ValidString(s) {
			t.Errorf("%q gives %q", b, s)
		}
		for _, e := range []Encoding{UTF16LE, UTF16BE} {
			out, err := io.ReadAll(UTF16(strings.NewReader(string(b)), e))
			if err != nil || !utf8.Valid(out) {
				t.Errorf("%q as %s: %q %v", b, e, out, err)
			}
		}
	})
}
