package web

import (
	"net/url"
	"strings"
	"testing"
)

// FuzzBack: where a form leads back to is an address of this desk, as a browser reads it.
func FuzzBack(f *testing.F) {
	for _, s := range []string{"/customers?show=late", "//evil.example/", `/\evil.example`, "https://evil.example", "javascript:alert(1)", "/a\nb", "/\t/evil.example", "/%2f%2fevil.example", "/..//evil.example"} {
		f.Add(s)
	}
	desk, err := url.Parse("https://desk.example/here")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := back(s)
		// Browsers take tabs and line ends out, and read \\ as /.
		seen := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(got)
		u, err := desk.Parse(seen)
		if err != nil {
			return // no browser goes anywhere
		}
		if u.Host != "desk.example" || u.Scheme != "https" || strings.HasPrefix(seen, "//") {
			t.Errorf("back(%q) = %q leads to %s", s, got, u)
		}
	})
}

// FuzzDisposition: a file's name stays inside its header and names no folder.
func FuzzDisposition(f *testing.F) {
	for _, s := range []string{"facture.pdf", "a\r\nSet-Cookie: x=y", `a"; filename="b.html`, "../../etc/passwd", "été.pdf", "\x00", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := disposition("attachment", s)
		if !strings.HasPrefix(got, "attachment") || strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("disposition(%q) = %q", s, got)
		}
	})
}
