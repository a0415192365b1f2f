package main

import (
	"bytes"
	"strings"
	"testing"
)

// A wrong command line is answered in the person's language, and names what was typed.
func TestUsageInFrench(t *testing.T) {
	for _, x := range []struct{ line, want string }{
		{"frobnicate", "argument inattendu : frobnicate"},
		{"letter F-1", "option obligatoire : --step=STRING"},
		{"plan --dat 2026-11-25", "option inconnue : --dat ; vouliez-vous dire \"--db\", \"--as\", \"--date\" ?"},
		{"plan --date 31/12/2026", "--date : date attendue sous la forme 2026-12-31, et non « 31/12/2026 »"},
		{"why", "il manque \"<invoice>\""},
	} {
		var out, errOut bytes.Buffer
		if code := run(append([]string{"--lang=fr"}, strings.Fields(x.line)...), strings.NewReader(""), &out, &errOut); code != exitUsage {
			t.Errorf("%s: exit code %d", x.line, code)
		}
		if !strings.Contains(errOut.String(), x.want) {
			t.Errorf("%s: %q, want %q", x.line, errOut.String(), x.want)
		}
	}
}
