package bank

import "slices"

// mention is an invoice that a text names.
type mention struct {
	from, to int // words, both included
	doc      int32
	weight   int
	key      string
	order    bool
	also     bool  // stands beside others under the same words: a range
	labelled bool  // a word that says invoice stands before it
	text     uint8 // which text of the line
}

// sameWords tells whether two mentions stand at the same place.
func (m *mention) sameWords(o *mention) bool {
	return m.from == o.from && m.to == o.to && m.text == o.text
}

// named finds the invoices that a text names, and the numbers that look like ours but are not open.
func (b *Book) named(words []word) (list []mention, strangers []string) {
	list = b.references(words)
	for i := range words {
		if words[i].mask.never() {
			continue
		}
		list = b.from(list, words, i)
	}
	list = longest(list)
	for _, m := range slices.Clone(list) {
		if !m.order {
			list, strangers = b.listed(list, strangers, words, m)
		}
	}
	for i := range list {
		list[i].within(words, list)
	}
	list = slices.DeleteFunc(list, func(m mention) bool { return m.weight == 0 })
	return list, append(strangers, b.strangers(words, list)...)
}

// references finds ISO 11649 references, with or without blanks.
func (b *Book) references(words []word) (list []mention) {
	for i, w := range words {
		if len(w.text) < 4 || w.text[:2] != "RF" || kindOf(w.text[2]) != figures || kindOf(w.text[3]) != figures {
			continue
		}
		all := ""
		for k := i; k < len(words) && len(all) <= 25; k++ {
			all += words[k].text
			if len(all) < 5 || !isReference(all) {
				continue
			}
			for _, v := range b.numbers.find(compactOf(all[4:])) {
				if v&1 == 0 && joined(wordsOf(b.docs[v>>1].number)) == all[4:] {
					list = append(list, mention{from: i, to: k, doc: v >> 1, weight: weightReference, key: "bank.reason.reference"})
				}
			}
		}
	}
	return list
}

func compactOf(text string) hash {
	h := byCompact
	for i := 0; i < len(text); i++ {
		h = h.add(alike(text[i]))
	}
	return h.end()
}

// maxZeros bounds the zeros that a text adds to a number.
const maxZeros = 6

// from finds the numbers that begin with a word.
func (b *Book) from(list []mention, words []word, i int) []mention {
	compact, byGroup := byCompact, byGroups
	groups, long, hasFigure := 0, 0, false
	for j := i; j < len(words) && j < i+maxGroups; j++ {
		w := &words[j]
		if long += len(w.text); w.mask.never() || long > b.longest+maxZeros {
			break
		}
		hasFigure = hasFigure || w.kind&figures != 0
		for k := 0; k < len(w.text); k++ {
			compact = compact.add(alike(w.text[k]))
		}
		eachGroup(w.text, func(g string, f bool) { groups, byGroup = groups+1, byGroup.group(g, f) })
		if groups > b.widest+6 { // a letter read in the middle of figures makes groups
			break
		}
		if !hasFigure {
			continue
		}
		if long <= b.longest {
			list = b.compare(list, words, i, j, b.numbers.find(compact.end()))
		}
		if groups <= b.widest {
			list = b.compare(list, words, i, j, b.numbers.find(byGroup.end()))
		}
	}
	return list
}

// Bounds of what one text names: words that stand for more invoices than maxMeant name none.
const (
	maxMeant    = 20
	maxMentions = 200
)

// compare keeps those of the numbers found that a window of words truly writes.
func (b *Book) compare(list []mention, words []word, i, j int, found []int32) []mention {
	if len(found) > maxMeant || len(list) >= maxMentions {
		return list
	}
	for _, v := range found {
		d := &b.docs[v>>1]
		number := d.number
		if v&1 == 1 {
			number = d.order
		}
		n := wordsOf(number)
		m := mention{from: i, to: j, doc: v >> 1, order: v&1 == 1, labelled: i > 0 && invoiceLabels[words[i-1].text]}
		if m.weight, m.key = likeness(words[i:j+1], n); m.weight == 0 {
			continue
		}
		if m.order {
			m.weight, m.key = min(m.weight, weightOrder), "bank.reason.order"
		}
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

// likeness says how surely words write a number: its weight, 0 for not at all.
func likeness(words, number []word) (weight int, key string) {
	strength := strengthOf(number)
	said, meant := joined(words), joined(number)
	switch {
	case said == meant:
		weight, key = strength, "bank.reason.number"
		switch spread := spreadOf(words, number); {
		case spread == spreadNone:
		case strength == weightFeeble || allFigures(meant) && (spread == spreadBlank || len(meant) < 6):
			return 0, ""
		case spread == spreadLine:
			weight, key = min(strength, weightCut), "bank.reason.number.cut"
		default:
			weight, key = min(strength, weightSpread), "bank.reason.number.spread"
		}
	case sameGroups(words, number):
		weight, key = min(strength, weightZeros), "bank.reason.number.zeros"
	case sameAlike(said, meant) && strength >= weightBrief && spreadOf(words, number) == spreadNone:
		weight, key = min(strength, weightAlike), "bank.reason.number.alike"
	}
	if weight == weightFeeble {
		key = "bank.reason.number.short"
	}
	return weight, key
}

// strengthOf says how much it tells that a text holds a number.
func strengthOf(number []word) int {
	nFigures, nLetters := 0, 0
	for _, w := range number {
		for i := 0; i < len(w.text); i++ {
			if kindOf(w.text[i]) == figures {
				nFigures++
			} else {
				nLetters++
			}
		}
	}
	switch {
	case nFigures == 0:
		return 0
	case nFigures+nLetters < 4:
		return weightFeeble
	case nLetters > 0 && nFigures >= 3:
		return weightNumber
	case nLetters > 0 && nFigures == 2:
		return weightBrief
	case nLetters > 0:
		return weightFeeble
	case nFigures >= 6:
		return weightFigures
	}
	return weightNumeric
}

type spread uint8

const (
	spreadNone  spread = iota
	spreadBlank        // something stands where the number has nothing
	spreadLine         // a new line does
)

// spreadOf tells whether words are cut elsewhere than the number's own groups.
func spreadOf(words, number []word) spread {
	cuts := map[int]bool{}
	at := 0
	for _, w := range number {
		eachGroup(w.text, func(g string, _ bool) { at += len(g); cuts[at] = true })
	}
	worst := spreadNone
	at = 0
	for i, w := range words {
		if i > 0 && !cuts[at] {
			if !w.line {
				return spreadBlank
			}
			worst = spreadLine
		}
		at += len(w.text)
	}
	return worst
}

func groupsOf(words []word) (out []string) {
	for _, w := range words {
		eachGroup(w.text, func(g string, f bool) {
			if f {
				g = bare(g)
			}
			out = append(out, g)
		})
	}
	return out
}

func sameGroups(words, number []word) bool { return slices.Equal(groupsOf(words), groupsOf(number)) }

func sameAlike(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if alike(a[i]) != alike(b[i]) {
			return false
		}
	}
	return true
}

// longest drops what lies inside a longer number, and of one window's numbers the less exact ones.
func longest(list []mention) []mention {
	out := make([]mention, 0, len(list))
	for _, m := range list {
		if !slices.ContainsFunc(list, func(n mention) bool {
			if n.from == m.from && n.to == m.to {
				return n.order == m.order && n.weight > m.weight || n.doc == m.doc && !n.order && m.order
			}
			return n.from <= m.from && n.to >= m.to
		}) {
			out = append(out, m)
		}
	}
	return out
}

// within weakens a number that is a piece of something else: a longer number, an amount, a date, a contract.
func (m *mention) within(words []word, list []mention) {
	if m.weight == weightReference || m.key == "bank.reason.listed" {
		return
	}
	weak := true
	for i := m.from; i <= m.to; i++ {
		if words[i].mask == strange {
			weak = true
			break
		}
		weak = weak && words[i].mask.weak()
	}
	if weak && (m.from > 0 && words[m.from-1].mask == words[m.from].mask || m.to+1 < len(words) && words[m.to+1].mask == words[m.to].mask) &&
		words[m.from].mask != strange {
		m.weight = 0 // a piece of an amount, of a date, of a telephone
		return
	}
	if m.order {
		if weak && words[m.from].mask != strange {
			m.weight = min(m.weight, weightFeeble)
		}
		return
	}
	if (weak || m.glued(words, list)) && m.weight > weightFeeble {
		m.weight, m.key = weightFeeble, "bank.reason.number.short"
	}
}

// glued tells whether a word sticks to the number that is no label and no other number of a list.
func (m *mention) glued(words []word, list []mention) bool {
	first := words[m.from]
	if m.from > 0 && hardLabels[words[m.from-1].text] && !first.line {
		return true
	}
	if m.from > 0 && first.tight && !slices.ContainsFunc(list, func(n mention) bool { return n.to == m.from-1 }) {
		before, hyphen := words[m.from-1], first.sep == '-' || first.sep == '_'
		switch {
		case before.kind == figures && first.sep != ':' && !(isListMark(first.sep) && first.kind != figures):
			return true
		case before.kind != figures && hyphen && !invoiceLabels[before.text]:
			return true
		}
	}
	if m.to+1 == len(words) || slices.ContainsFunc(list, func(n mention) bool { return n.from == m.to+1 }) {
		return false
	}
	after := words[m.to+1]
	if !after.tight || after.kind == letters || after.mask == amount && words[m.to].mask != amount {
		return false
	}
	return !isListMark(after.sep) || after.kind == figures && len(after.text) != len(lastGroup(words[m.to].text))
}

func isListMark(c byte) bool { return c == '/' || c == ',' || c == ';' || c == '+' || c == '&' }

func lastGroup(word string) (last string) {
	eachGroup(word, func(g string, _ bool) { last = g })
	return last
}
