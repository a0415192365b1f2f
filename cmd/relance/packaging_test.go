package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// understood tells whether the command line is one that the program takes.
func understood(t *testing.T, args ...string) {
	t.Helper()
	var flags cli
	p, err := kong.New(&flags, kong.Vars{"causes": causes})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Parse(args); err != nil {
		t.Errorf("relance %v: %v", args, err)
	}
}

// TestUnit: what the unit starts is a command of the program, what it sets is a setting of it, and
// systemd understands the rest.
func TestUnit(t *testing.T) {
	b, err := os.ReadFile("../../packaging/relance.service")
	if err != nil {
		t.Fatal(err)
	}
	start := regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/relance (.*)$`).FindSubmatch(b)
	if start == nil {
		t.Fatal("the unit starts nothing")
	}
	understood(t, strings.Fields(string(start[1]))...)
	settings := settingsOfFiles(t, "../../packaging/relance.service", "../../packaging/relance.env", "../../packaging/Containerfile")
	if len(settings) < 6 {
		t.Errorf("only %v found: the test looks in the wrong place", settings)
	}
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return // the rest is systemd's word
	}
	// The program is not where the unit says on this machine: the check is given one that is there.
	unit := filepath.Join(t.TempDir(), "relance.service")
	if err := os.WriteFile(unit, []byte(strings.Replace(string(b), "/usr/local/bin/relance", "/bin/true", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "verify", "--man=no", unit).CombinedOutput(); strings.Contains(string(out), unit+":") {
		t.Errorf("systemd-analyze: %v\n%s", err, out)
	}
}

// settingsOfFiles are the variables that files of the packaging name; each is one that the program reads.
func settingsOfFiles(t *testing.T, files ...string) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, v := range variables {
		known[v.name] = true
	}
	var flags cli
	p, err := kong.New(&flags, kong.Vars{"causes": causes})
	if err != nil {
		t.Fatal(err)
	}
	_ = kong.Visit(p.Model.Node, func(n kong.Visitable, next kong.Next) error { // no visitor fails
		if f, ok := n.(*kong.Flag); ok {
			for _, e := range f.Envs {
				known[e] = true
			}
		}
		return next(nil)
	})
	found := map[string]bool{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\b((?:RELANCE|OTEL|XDG)_[A-Z_]+)\b`).FindAllStringSubmatch(string(b), -1) {
			found[m[1]] = true
			if !known[m[1]] {
				t.Errorf("%s names %s, which the program does not read", file, m[1])
			}
		}
	}
	return found
}

// TestContainer: what the image runs, and how it is asked whether it lives, are commands of the program.
func TestContainer(t *testing.T) {
	b, err := os.ReadFile("../../packaging/Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, re := range []string{`(?m)^CMD \["(.*)"\]$`, `(?m)HEALTHCHECK .* CMD \["/relance", "(.*)"\]$`} {
		m := regexp.MustCompile(re).FindSubmatch(b)
		if m == nil {
			t.Fatalf("no %s", re)
		}
		understood(t, strings.Split(string(m[1]), `", "`)...)
	}
	if !regexp.MustCompile(`(?m)^USER 65532`).Match(b) {
		t.Error("the image runs as root")
	}
}
