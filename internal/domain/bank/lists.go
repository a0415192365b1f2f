package bank

import (
	"slices"
	"strconv"

	"relance/internal/ground/ident"
)

// maxListed bounds the numbers of one list or range.
const maxListed = 50

var listWords = set("ET AND PUIS A AU TO")

var rangeWords = set("A AU TO")

func isReference(s string) bool { return ident.CreditorReference(s).Valid() }

// listed completes the numbers of a list from the one that begins it: "F-2026-041/042", "FACT 41 42 43",
// "F-2026-041 à 043". What completes to nothing that is open is a stranger.
func (b *Book) listed(list []mention, strangers []string, words []word, m mention) ([]mention, []string) {
	model := wordsOf(b.docs[m.doc].number)
	width := len(lastGroup(words[m.to].text))
	if words[m.to].kind&figures == 0 || kindOf(words[m.to].text[len(words[m.to].text)-1]) != figures {
		return list, strangers
	}
	last, ranged, marked := lastGroup(words[m.to].text), false, false
	for k, n := m.to+1, 0; k < len(words) && n < maxListed; k++ {
		w := words[k]
		if listWords[w.text] {
			ranged, marked = ranged || rangeWords[w.text], true
			continue
		}
		if w.kind != figures || w.mask.never() || slices.ContainsFunc(list, func(o mention) bool { return o.from <= k && o.to >= k && o.doc != m.doc }) {
			break
		}
		if w.mask == words[m.to].mask && (w.mask == dated || w.mask == phone) {
			break
		}
		mark := marked || isListMark(w.sep)
		if len(w.text) > max(width, 1) || len(w.text) < 2 && width > 1 || !mark && (w.sep != ' ' && w.sep != '-' || len(w.text) != width) {
			break
		}
		if len(list) >= maxMentions {
			break
		}
		docs := b.completed(model, w.text)
		if len(docs) == 0 {
			if mark && !ranged && len(w.text) == width && w.mask != amount {
				strangers = append(strangers, w.text)
				last, marked, n = w.text, false, n+1
				continue
			}
			break
		}
		whole := len(docs)
		if ranged {
			docs = append(docs, b.between(model, last, w.text)...)
		}
		for x, d := range docs {
			list = append(list, mention{from: k, to: k, doc: d, weight: min(m.weight, weightListed), key: "bank.reason.listed", also: x >= whole})
			n++
		}
		last, ranged, marked = w.text, false, false
	}
	return list, strangers
}

// completed finds the invoices whose number is the model's with another last group.
func (b *Book) completed(model []word, tail string) (docs []int32) {
	groups := groupsOf(model)
	groups[len(groups)-1] = bare(tail)
	h := byGroups
	for _, g := range groups {
		h = h.text(g).add(0x1f)
	}
	for _, v := range b.numbers.find(h.end()) {
		if v&1 == 0 && slices.Equal(groupsOf(wordsOf(b.docs[v>>1].number)), groups) {
			docs = append(docs, v>>1)
		}
	}
	return docs
}

// between finds the invoices of a range, its ends left out.
func (b *Book) between(model []word, from, to string) (docs []int32) {
	lo, errLo := strconv.ParseInt(from, 10, 32)
	hi, errHi := strconv.ParseInt(to, 10, 32)
	if errLo != nil || errHi != nil || hi-lo > maxListed {
		return nil
	}
	for n := lo + 1; n < hi; n++ {
		docs = append(docs, b.completed(model, strconv.FormatInt(n, 10))...)
	}
	return docs
}
