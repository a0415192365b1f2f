package table

import (
	"testing"

	"relance/internal/ground/i18n"
)

// Whatever a file lacks is said in words: the key is made of the field's name, so every field
// that can be missing has its sentence.
func TestWhatLacksIsSaid(t *testing.T) {
	for _, k := range Kinds {
		m := Mapping{Kind: k}
		m.judge(&Sheet{})
		if len(m.Doubts) == 0 {
			t.Errorf("%s: an empty table raises no doubt", k)
		}
		for _, d := range m.Doubts {
			if !i18n.Has(d.Key) {
				t.Errorf("%s: no message %q", k, d.Key)
			}
		}
	}
}
