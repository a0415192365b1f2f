package bank

import "slices"

// maxTails bounds the items whose numbers' ends are looked for.
const maxTails = 400

// severalInvoices stands for an end that the numbers of several invoices share.
const severalInvoices = -1

// tails are the suspect's invoices of which a text gives the end of the number alone, behind a word that says
// invoice: "FACT 41 42 43", "n° 042", "FACT 2026-042".
func (m *matching) tails(s *suspect) (list []mention) {
	ends := m.ends(s)
	if len(ends) == 0 {
		return nil
	}
	for n, words := range m.texts {
		labelled := false
		for i := 0; i < len(words); i++ {
			w := &words[i]
			labelled = invoiceLabels[w.text] || labelled && (w.kind == figures || listWords[w.text])
			if !labelled || w.kind != figures || w.tight && !isListMark(w.sep) && !invoiceLabels[words[i-1].text] {
				continue
			}
			to := i
			if i+1 < len(words) && words[i+1].tight && words[i+1].kind == figures && !isListMark(words[i+1].sep) {
				to++
			}
			d, ok := ends[endOf(words[i:to+1])]
			alone := to == i && (len(w.text) < 2 || w.mask != free)
			more := to+1 < len(words) && words[to+1].tight && !isListMark(words[to+1].sep)
			if ok && d != severalInvoices && !alone && !more && !slices.ContainsFunc(m.mentions, func(o mention) bool { return o.doc == d && !o.order }) {
				list = append(list, mention{from: i, to: to, doc: d, text: uint8(n), weight: weightFeeble, key: "bank.reason.tail", labelled: true})
			}
			i = to
		}
	}
	return list
}

// ends are the last group and the last two groups of the numbers of a suspect's invoices.
func (m *matching) ends(s *suspect) map[string]int32 {
	items := m.owedBy(s.debtor)
	if len(items) == 0 || len(items) > maxTails {
		return nil
	}
	ends := map[string]int32{}
	for _, i := range items {
		var groups []string
		for _, w := range wordsOf(m.b.open[i].Number) {
			eachGroup(w.text, func(g string, _ bool) { groups = append(groups, g) })
		}
		put := func(key string) {
			if d, had := ends[key]; had && d != m.b.docOf[i] {
				ends[key] = severalInvoices
			} else {
				ends[key] = m.b.docOf[i]
			}
		}
		if n := len(groups); n > 1 && allFigures(groups[n-1]) {
			put(bare(groups[n-1]))
			if n > 2 && allFigures(groups[n-2]) {
				put(bare(groups[n-2]) + "-" + bare(groups[n-1]))
				put(bare(groups[n-2] + groups[n-1])) // "FACT 2026042"
			}
		}
	}
	return ends
}

// endOf writes one or two words as ends are written.
func endOf(words []word) string {
	if len(words) == 1 {
		return bare(words[0].text)
	}
	return bare(words[0].text) + "-" + bare(words[1].text)
}
