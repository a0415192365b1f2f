package bank

// outline is what a number looks like, whatever stands between its groups: its letters as they are, and where
// figures stand; how many there are only when there are no letters.
type outline struct {
	hash           hash
	figures, total int
	last, lettered bool // the last group is of figures; there are letters
}

func newOutline() outline { return outline{hash: byShape} }

func (o *outline) add(group string, figures bool) {
	switch {
	case !figures:
		o.hash, o.lettered = o.hash.text(group), true
	case !o.last:
		o.hash = o.hash.add(0x1e)
	}
	if figures {
		o.figures += len(group)
	}
	o.total += len(group)
	o.last = figures
}

// tells tells whether what looks so is likely to be a number.
func (o *outline) tells() bool { return o.figures >= 3 && o.total >= 4 }

func (o *outline) key() hash {
	if o.lettered {
		return o.hash.end()
	}
	return o.hash.int(int64(o.figures)).end()
}

// ending is what a number looks like whose letters are left out: "FACT 2026-042" for F-2026-042.
func (o *outline) ending() hash { return byShape.add(0x1d).int(int64(o.figures)).end() }

// strangers are the words that look like the company's own numbers and name nothing that is open: another
// invoice, which was settled, or not entered yet.
func (b *Book) strangers(words []word, list []mention) (out []string) {
	for i := 0; i < len(words) && len(out) < maxListed; i++ {
		if to := b.stranger(words, list, i); to >= i {
			out = append(out, written(words[i:to+1]))
			i = to
		}
	}
	return out
}

// stranger gives the last word of the longest such number that begins with a word, -1 for none.
func (b *Book) stranger(words []word, list []mention, i int) int {
	o, long, masked, to := newOutline(), 0, true, -1
	for j := i; j < len(words) && j < i+maxGroups; j++ {
		w := &words[j]
		if long += len(w.text); w.mask.never() || w.mask == strange || long > b.longest+2 {
			break
		}
		if j > i && w.sep == ' ' && words[j-1].kind&w.kind == figures && !o.lettered {
			break // two numbers
		}
		masked = masked && w.mask.weak()
		eachGroup(w.text, o.add)
		if !o.last || masked || !o.tells() || taken(list, i, j) {
			continue
		}
		labelled := i > 0 && invoiceLabels[words[i-1].text]
		if b.shapes[o.key()] && (labelled || i < j || w.kind != figures) || labelled && !o.lettered && b.shapes[o.ending()] {
			to = j
		}
	}
	return to
}

func taken(list []mention, i, j int) bool {
	for _, m := range list {
		if m.from <= j && m.to >= i {
			return true
		}
	}
	return false
}

// written is how a text wrote words, for people.
func written(words []word) string {
	out := ""
	for i, w := range words {
		if i > 0 {
			out += "-"
		}
		out += w.text
	}
	return out
}
