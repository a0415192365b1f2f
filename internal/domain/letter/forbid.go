package letter

import (
	"strings"
	"unicode"

	"relance/internal/domain/party"
)

// Words that no debtor may read: imitation of judicial documents (C. pén. 433-13), and bargains
// over interest that already runs (PRODUCT.md §4.2). Written folded: no accents, lower case.
var never = []string{
	"sommation", "commandement de payer", "par huissier", "titre executoire", "saisie de vos", "republique francaise",
	"eviter des penalites", "eviter les penalites", "eviter toute penalite", "eviter l'application de penalites",
	"eviter des interets", "eviter les interets", "avoid penalties", "avoid late payment interest", "avoid late fees",
	"avoid interest", "bailiff", "liste noire", "blacklist",
}

// Words of a regime that is not the reader's (law-fr.md §4.0, §4.1, §5.5).
var (
	neverConsumer = []string{
		"penalite", "penalty", "penalties", "indemnite forfaitaire", "fixed compensation", "recovery charge", "recovery fee",
		"frais de relance", "frais de dossier", "frais de recouvrement", "late fee", "l. 441-10", "l441-10", "d. 441-5", "d441-5",
		"tribunal de commerce",
	}
	neverPublic = []string{"injonction de payer", "order for payment", "saisie-attribution", "tribunal de commerce", "l. 441-10"}
)

// Forbidden lists the words of a text that may not be said to a debtor of this kind; nil when
// it may be sent. Case and accents do not matter.
func Forbidden(k party.Kind, s string) []string {
	f := folded(s)
	var bad []string
	find := func(ws []string) {
		for _, w := range ws {
			if startsWord(f, w) {
				bad = append(bad, w)
			}
		}
	}
	find(never)
	switch {
	case k.IsPublic():
		find(neverPublic)
	case k != party.Pro && k != party.Foreign: // CONSUMER, NON_PRO and UNKNOWN bear nothing
		find(neverConsumer)
	}
	return bad
}

// startsWord finds w where a word begins: a mediator "de la consommation" summons nobody.
func startsWord(s, w string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], w)
		if i < 0 {
			return false
		}
		if at := from + i; at == 0 || !isLetter(s[at-1]) {
			return true
		}
		from += i + 1
	}
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 0x80 }

// claimsSilence finds the sentences that say nobody answered.
func claimsSilence(s string) bool {
	f := folded(s)
	for _, w := range []string{"sans reponse", "sans suite", "n'avez pas repondu", "pas donne suite", "pas recu de reponse", "unanswered", "no reply",
		"no response", "without reply", "without response", "not replied", "not heard from you"} {
		if strings.Contains(f, w) {
			return true
		}
	}
	return false
}

// folded makes texts comparable: lower case, no accents, one kind of apostrophe and space.
func folded(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		r = unicode.ToLower(r)
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r == '\u00a0' || r == '\u202f':
			b.WriteByte(' ')
		case folds[r] != "":
			b.WriteString(folds[r])
		case unicode.Is(unicode.Mn, r): // a combining accent
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func has(s string, any ...string) bool {
	for _, w := range any {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func unique(xs []string) []string {
	var out []string
	had := map[string]bool{}
	for _, x := range xs {
		if !had[x] {
			had[x] = true
			out = append(out, x)
		}
	}
	return out
}
