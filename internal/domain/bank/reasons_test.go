package bank_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"relance/internal/ground/i18n"
)

// TestEveryReasonIsSaid: each key that the matcher gives as a reason has its sentence.
func TestEveryReasonIsSaid(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(bank\.reason\.[a-z.]*[a-z])"`).FindAllStringSubmatch(string(text), -1) {
			key := m[1]
			if said[key] = true; !i18n.Has(key) {
				t.Errorf("%s: no message %q", f, key)
			}
		}
	}
	if len(said) < 40 {
		t.Errorf("only %d reasons are found in the code: the search misses some", len(said))
	}
}
