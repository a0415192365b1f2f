package scenario

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"relance/internal/domain/dunning"
)

func TestShippedRoundTrip(t *testing.T) {
	for _, s := range Shipped() {
		b, err := Write(s)
		if err != nil {
			t.Fatal(err)
		}
		again, problems, err := Read(bytes.NewReader(b))
		if err != nil || len(problems) > 0 {
			t.Fatalf("%s: %v %v\n%s", s.Name, err, problems, b)
		}
		opts := []cmp.Option{cmpopts.IgnoreFields(dunning.Step{}, "Line"), cmpopts.IgnoreUnexported(dunning.Scenario{}), cmpopts.EquateEmpty()}
		if d := cmp.Diff(s, again, opts...); d != "" {
			t.Errorf("%s changes when written and read again: %s", s.Name, d)
		}
	}
}

func TestErrorsHaveTheirLine(t *testing.T) {
	cases := []struct {
		name, yaml, key string
		line            int
	}{
		{"unknown key", "name: x\nsteps:\n  - id: a\n    kind: reminder\n    at: 5\n    colour: red\n", "scenario.key.unknown", 6},
		{"unknown key on top", "name: x\nfoo: 1\nsteps: []\n", "scenario.key.unknown", 2},
		{"first after", "name: x\nsteps:\n  - id: a\n    kind: reminder\n    after: 5\n", "scenario.first.after", 3},
		{"automatic notice", "name: x\nsteps:\n  - {id: r, kind: reminder, at: 5}\n  - {id: n, kind: formal-notice, at: 9, automation: auto}\n", "scenario.never.auto", 4},
		{"kind", "name: x\nsteps:\n  - id: a\n    kind: shout\n    at: 5\n", "scenario.want.one-of", 4},
		{"twice the same id", "name: x\nsteps:\n  - {id: r, kind: reminder, at: 5}\n  - {id: r, kind: reminder, at: 9}\n", "scenario.step.id.twice", 4},
		{"order", "name: x\nsteps:\n  - {id: a, kind: reminder, at: 9}\n  - {id: b, kind: reminder, at: 5}\n", "scenario.order", 4},
		{"no when", "name: x\nsteps:\n  - {id: a, kind: reminder}\n", "scenario.step.when.missing", 3},
		{"amount", "name: x\nceiling: 10,00\nsteps: []\n", "scenario.want.sum", 2},
	}
	for _, c := range cases {
		_, problems, err := Read(strings.NewReader(c.yaml))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if len(problems) == 0 || problems[0].Key != c.key || problems[0].Line != c.line {
			t.Errorf("%s: got %+v, want %s at line %d", c.name, problems, c.key, c.line)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range Shipped() {
		b, _ := Write(s)
		f.Add(b)
	}
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("steps: [{at: {days: 99999999999}}]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, problems, err := Read(bytes.NewReader(b))
		if err != nil || len(problems) > 0 {
			return
		}
		if out, err := Write(s); err != nil {
			t.Fatalf("read but cannot be written: %v", err)
		} else if _, ps, err := Read(bytes.NewReader(out)); err != nil || len(ps) > 0 {
			t.Fatalf("written but cannot be read: %v %v\n%s", err, ps, out)
		}
	})
}
