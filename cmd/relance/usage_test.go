package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// A wrong command line is answered in the person's language, and names what was typed.
func TestUsageInFrench(t *testing.T) {
	for _, x := range []struct{ line, want string }{
		{"frobnicate", "argument inattendu : frobnicate"},
		{"letter F-1", "option obligatoire : --step=STRING"},
		{"plan --dat 2026-11-25", "option inconnue : --dat ; vouliez-vous dire \"--db\", \"--as\", \"--date\" ?"},
		{"plan --date 31/12/2026", "--date : date attendue sous la forme 2026-12-31, et non « 31/12/2026 »"},
		{"dispute close F-1 --outcome moon", "--outcome : un mot parmi \"accepted\",\"refused\",\"credit-note\",\"paid\",\"withdrawn\",\"\", et non \"moon\""},
		{"bank apply", "il manque \"<line>\""},
		{"promise add --invoice F-1 --invoice F-2 --on 2026-12-31", "--invoice est donné deux fois"},
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

// Every command explains itself, each of its flags in words, and completion knows it.
func TestEveryCommandHasHelp(t *testing.T) {
	var flags cli
	k, err := kong.New(&flags, kong.Vars{"causes": causes})
	if err != nil {
		t.Fatal(err)
	}
	var fish bytes.Buffer
	if code := run([]string{"completion", "fish"}, strings.NewReader(""), &fish, &fish); code != 0 {
		t.Fatalf("completion: %s", fish.String())
	}
	seen := 0
	var walk func(n *kong.Node, path []string)
	walk = func(n *kong.Node, path []string) {
		for _, child := range n.Children {
			words := append(slices.Clone(path), child.Name)
			seen++
			var out, errOut bytes.Buffer
			if code := run(append(words, "--help"), strings.NewReader(""), &out, &errOut); code != 0 || child.Help == "" || !strings.Contains(out.String(), "--json") {
				t.Errorf("%s: exit code %d, %q", strings.Join(words, " "), code, errOut.String())
			}
			for _, f := range child.Flags {
				if f.Help == "" {
					t.Errorf("%s: --%s says nothing of itself", strings.Join(words, " "), f.Name)
				}
			}
			if !strings.Contains(fish.String(), " -a "+child.Name+"\n") {
				t.Errorf("completion does not know %s", strings.Join(words, " "))
			}
			walk(child, words)
		}
	}
	walk(k.Model.Node, nil)
	if seen < 80 {
		t.Errorf("only %d commands were walked", seen)
	}
}
