package i18n

import "strings"

// Lang is a language of screens and letters.
type Lang string

// The languages that are complete.
const (
	FR Lang = "fr"
	EN Lang = "en"
)

// Languages lists what is complete, the default first.
var Languages = []Lang{FR, EN}

// Match picks a complete language for a tag such as "fr-BE", "EN" or "en_GB"; ok is false when
// none fits, and the default is returned.
func Match(tag string) (l Lang, ok bool) {
	t := strings.ToLower(tag)
	if i := strings.IndexAny(t, "-_"); i > 0 {
		t = t[:i]
	}
	for _, l := range Languages {
		if string(l) == t {
			return l, true
		}
	}
	return FR, false
}
