package bank

import (
	"cmp"
	"slices"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// maxProposals is how many readings of a line a person is shown.
const maxProposals = 5

// matching is one line being read.
type matching struct {
	b         *Book
	on        cal.Date
	cur       money.Currency
	line      *Line
	amount    int64
	texts     [][]word
	who       *suspects
	mentions  []mention
	strangers []string // numbers like ours that name nothing open
	claims    []claim
}

// Match says what money that came in on a day settles. A line that is no credit has no reading.
func (b *Book) Match(on cal.Date, cur money.Currency, l *Line) Verdict {
	if l.Amount <= 0 || l.Amount > maxAmount {
		return Verdict{}
	}
	m := b.read(on, cur, l)
	m.claimNamed()
	m.claimFeeble()
	m.claimOrders()
	m.claimCustomers()
	m.claimSame()
	m.claimLonely()
	return m.verdict()
}

// read gathers the evidence of a line.
func (b *Book) read(on cal.Date, cur money.Currency, l *Line) *matching {
	m := &matching{b: b, on: on, cur: cur, line: l, amount: l.Amount}
	for n, text := range []string{l.Text, l.EndToEnd, l.Structured} {
		words := wordsOf(text)
		maskWords(words)
		m.texts = append(m.texts, words)
		list, strangers := b.named(words)
		for i := range list {
			list[i].text = uint8(n)
		}
		m.keep(list)
		m.strangers = append(m.strangers, strangers...)
	}
	m.who = b.suspectsOf(l, m.texts)
	return m
}

// keep adds mentions of invoices in the line's currency; one that owes nothing any more is a stranger.
func (m *matching) keep(list []mention) {
	for _, x := range list {
		if m.b.open[m.b.docs[x.doc].first].Currency != m.cur {
			continue // another debt
		}
		if len(m.itemsOf(x.doc)) == 0 {
			if !x.order && x.weight > weightFeeble {
				m.strangers = append(m.strangers, m.b.docs[x.doc].number)
			}
			continue
		}
		i := slices.IndexFunc(m.mentions, func(o mention) bool { return o.doc == x.doc && o.order == x.order })
		switch {
		case i < 0:
			m.mentions = append(m.mentions, x)
		case m.mentions[i].weight < x.weight:
			m.mentions[i] = x
		}
	}
}

// itemsOf are the open items of an invoice, by due date.
func (m *matching) itemsOf(d int32) (items []int32) {
	for i := m.b.docs[d].first; i >= 0; i = m.b.next[i] {
		if m.rest(i) != 0 && m.b.open[i].Currency == m.cur {
			items = append(items, i)
		}
	}
	return items
}

// owedBy are the open items of a debtor in the line's currency that were issued when it paid.
func (m *matching) owedBy(debtor int32) (items []int32) {
	for _, i := range m.b.owed[debtor] {
		if o := &m.b.open[i]; o.Rest != 0 && o.Currency == m.cur && o.Issued <= m.on {
			if items = append(items, i); len(items) >= maxItems {
				break
			}
		}
	}
	return items
}

// besides are what the owners of items owe besides them.
func (m *matching) besides(items []int32) (others []int32) {
	var owners []int32
	for _, i := range items {
		if d := m.b.docs[m.b.docOf[i]].debtor; !slices.Contains(owners, d) && len(owners) < maxTogether {
			owners = append(owners, d)
			for _, o := range m.owedBy(d) {
				if _, named := slices.BinarySearch(items, o); !named {
					others = append(others, o)
				}
			}
		}
	}
	slices.Sort(others)
	return others
}

// claim adds a reading.
func (m *matching) claim(c claim, d deal) {
	if !d.sound() {
		return
	}
	c.Parts, c.Rest, c.first = d.parts, d.rest, d.first
	c.why = append(slices.Clone(c.why), d.why...)
	c.explained = len(d.parts) > 0
	m.claims = append(m.claims, c)
}

// verdict puts the readings in order and says whether the first needs nobody.
func (m *matching) verdict() (v Verdict) {
	slices.SortStableFunc(m.claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), sureFirst(a, b), cmp.Compare(len(a.Parts), len(b.Parts)), cmp.Compare(a.first, b.first),
			cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Same, b.Same), slices.CompareFunc(a.Parts, b.Parts, func(x, y Part) int {
				return cmp.Or(cmp.Compare(x.Item, y.Item), cmp.Compare(x.Paid, y.Paid))
			}))
	})
	var list []claim
	for _, c := range m.claims {
		if len(list) <= maxProposals && !slices.ContainsFunc(list, func(o claim) bool {
			return o.Same == c.Same && o.Rest == c.Rest && sameParts(o.Parts, c.Parts) && (len(c.Parts) > 0 || o.Customer == c.Customer)
		}) {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return v
	}
	best := &list[0]
	tie := len(list) > 1 && list[1].weight()+tied > best.weight() && !samePaid(best, &list[1])
	if tie && best.may {
		best.why = append(best.why, because(0, "bank.reason.tie"))
	}
	v.Sure = best.may && !tie && !best.account && best.weight() >= m.b.rules.Sure
	v.Customer = best.account && best.certain && !tie && !slices.ContainsFunc(list, func(c claim) bool { return !c.account })
	for i := range list[:min(len(list), maxProposals)] {
		list[i].finish()
		v.Proposals = append(v.Proposals, list[i].Proposal)
	}
	return v
}

func sureFirst(a, b claim) int {
	switch {
	case a.may == b.may:
		return 0
	case a.may:
		return -1
	}
	return 1
}

// samePaid tells whether two readings give the same money to the same items, and differ in what is let go only.
func samePaid(a, b *claim) bool {
	return a.Same == b.Same && len(a.Parts) > 0 && slices.EqualFunc(a.Parts, b.Parts, func(x, y Part) bool { return x.Item == y.Item && x.Paid == y.Paid })
}

// title names a debtor for people.
func (b *Book) title(debtor int32) string {
	d := &b.debtors[debtor]
	if d.Code != "" {
		return d.Code
	}
	if len(d.Names) > 0 {
		return d.Names[0]
	}
	return "?"
}

// idOf is a debtor's id.
func (b *Book) idOf(debtor int32) id.Customer { return b.debtors[debtor].ID }

// indexOf finds a debtor, -1 for none.
func (b *Book) indexOf(c id.Customer) int32 {
	if i, ok := b.at[c]; ok && c != 0 {
		return i
	}
	return -1
}
