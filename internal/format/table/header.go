package table

import (
	"strings"
	"unicode"
)

// idle are words of a title that tell nothing: articles, prepositions, currency signs.
var idle = map[string]bool{
	"de": true, "du": true, "des": true, "la": true, "le": true, "les": true, "l": true, "d": true, "un": true,
	"a": true, "au": true, "en": true, "the": true, "of": true, "in": true, "eur": true, "euro": true, "euros": true,
	"sur": true, "pour": true, "par": true, "et": true, "and": true, "s": true, "is": true, "est": true,
}

// "dû" (what is owed) would read "du" (of the) without its accent.
var plain = strings.NewReplacer("dû", "due", "à", "a", "â", "a", "ä", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e",
	"î", "i", "ï", "i", "ô", "o", "ö", "o", "ù", "u", "û", "u", "ü", "u", "œ", "oe", "°", " ", "º", " ", "€", " ")

// fold brings a title to lower-case ASCII words: no accents, no punctuation, none of the idle
// words, unless nothing else is there.
func fold(s string) string {
	s = plain.Replace(strings.ToLower(s))
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	kept := make([]string, 0, len(words))
	if n := len(words); n > 0 && words[n-1] == "du" { // nothing follows: MONTANT DU, in capitals
		words[n-1] = "due"
	}
	for _, w := range words {
		if !idle[w] {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		kept = words
	}
	return strings.Join(kept, " ")
}

// candidate is a meaning that a title may have.
type candidate struct {
	field string
	score int
}

// Scores of a title. A canonical header always wins (PRODUCT.md §7).
const (
	scoreCanonical = 1000
	scoreFirst     = 100 // of the surest title of a field; later ones lose a point each
	scoreLeast     = 20
)

// meanings is titles turned round: kind → folded title → candidates.
var meanings = func() map[Kind]map[string][]candidate {
	out := map[Kind]map[string][]candidate{}
	for kind, fields := range titles {
		m := map[string][]candidate{}
		for _, field := range Fields(kind) { // in a fixed order
			for i, title := range fields[field] {
				// Indexed again by fold, so that the table may be written as one speaks.
				key := fold(title)
				m[key] = append(m[key], candidate{field, max(scoreFirst-i, scoreLeast)})
			}
		}
		out[kind] = m
	}
	return out
}()

// canonical tells whether a title is a header of PRODUCT.md §7.
func canonical(kind Kind, title string) bool {
	title = strings.ToLower(strings.TrimSpace(title))
	for _, f := range Canonical[kind] {
		if f == title {
			return true
		}
	}
	return false
}

// knownTitles counts the cells that are a title for some kind, each meaning once.
func knownTitles(cells []string) (n int) {
	seen := map[string]bool{}
	for _, c := range cells {
		key := fold(c)
		if key == "" || len(c) > 80 || seen[key] {
			continue
		}
		for _, kind := range Kinds {
			if len(meanings[kind][key]) > 0 || canonical(kind, c) {
				seen[key] = true
				n++
				break
			}
		}
	}
	return n
}
