package store

import (
	"regexp"
	"strings"
	"testing"
)

// Every table of the schema says what somebody bound to a portfolio sees of it: a new one that forgets is shown whole.
func TestEveryTableHasItsShadow(t *testing.T) {
	known := map[string]string{}
	for _, s := range shadows {
		if known[s.table] != "" {
			t.Errorf("%s stands twice", s.table)
		}
		known[s.table] = "(" + s.rows + ")"
	}
	made := regexp.MustCompile(`CREATE TABLE (\w+) \(([^;]*)`)
	n := 0
	for _, text := range Migrations() {
		for _, m := range made.FindAllStringSubmatch(text, -1) {
			n++
			switch rows := known[m[1]]; {
			case rows == "":
				t.Errorf("%s has no line in shadows", m[1])
			case rows == "()" && strings.Contains(m[2], "\n  customer BIGINT"):
				t.Errorf("%s is shown whole, and has customers", m[1])
			}
		}
	}
	if n < 30 {
		t.Fatalf("only %d tables found: the test looks in the wrong place", n)
	}
}
