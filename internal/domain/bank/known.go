package bank

import (
	"cmp"
	"slices"

	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
)

// knownDays is how far a bank's day may lie from that under which the same payment was recorded.
const knownDays = 5

// perhapsDays is how far it may lie when a person says so: cheques are cleared late.
const perhapsDays = 15

// claimSame reads the line as a payment that is recorded already: of the same amount, within a few days, of a
// customer who may have paid or with a reference that the line repeats. While one may be it, nothing else is sure.
func (m *matching) claimSame() {
	from, _ := slices.BinarySearchFunc(m.b.known, m.amount, func(k Known, n int64) int { return cmp.Compare(k.Amount, n) })
	var found []claim
	for i := from; i < len(m.b.known) && m.b.known[i].Amount == m.amount && len(found) <= maxProposals; i++ {
		if k := &m.b.known[i]; !m.b.taken[i] && k.Currency == m.cur && days(k.Date, m.on) <= perhapsDays {
			if c, ok := m.same(k); ok {
				found = append(found, c)
			}
		}
	}
	if len(found) == 0 {
		return
	}
	if evident := slices.DeleteFunc(slices.Clone(found), func(c claim) bool { return !c.explained }); len(evident) > 0 {
		found = evident
		near := slices.ContainsFunc(found, func(c claim) bool { return c.why[0].weight == weightSame })
		for i := range m.claims {
			m.claims[i].may = m.claims[i].may && !near
			m.claims[i].certain = false
		}
	}
	for i := range found {
		found[i].may = found[i].may && len(found) == 1
		m.claims = append(m.claims, found[i])
	}
}

// days is how far apart two days are.
func days(a, b cal.Date) int { return max(a.Sub(b), b.Sub(a)) }

// same reads the line as one known payment. explained tells that more than the amount speaks for it.
func (m *matching) same(k *Known) (c claim, ok bool) {
	c.Customer, c.Same = k.Customer, k.Payment
	if k.Method != "" && m.line.Method != "" && k.Method != cash.Method(m.line.Method) {
		return c, false
	}
	near := days(k.Date, m.on) <= knownDays
	c.why = []why{because(weightSame, "bank.reason.same")}
	if !near {
		c.why = []why{because(weightMaybe, "bank.reason.same.far")}
	}
	repeated, another := m.repeats(k.Reference)
	if another {
		return c, false
	}
	if repeated {
		c.why, c.explained, c.may = append(c.why, because(weightSIREN, "bank.reason.same.reference", k.Reference)), true, true
	}
	debtor := m.b.indexOf(k.Customer)
	if debtor >= 0 {
		if s := m.payer(debtor); s != nil {
			c.why, c.explained = append(c.why, s.reasons()...), true
			c.may = c.may || m.who.certain(s)
		}
		if m.who.against(debtor) != nil {
			if !c.explained {
				return c, false // somebody else paid
			}
			c.may = false
		}
	}
	for _, x := range m.strong() {
		owner := m.b.docs[x.doc].debtor
		if owner == debtor && !c.explained {
			c.why, c.explained = append(c.why, because(weightSome, x.key, m.b.docs[x.doc].number)), true
		}
		c.may = c.may && repeated // it names what is still open
	}
	c.may = c.may && near
	return c, near || c.explained
}

// repeats tells whether the line says a payment's reference, or names an invoice while the reference
// names another.
func (m *matching) repeats(reference string) (repeated, another bool) {
	ref := wordsOf(reference)
	if len(ref) == 0 || len(ref) > 30 {
		return false, false
	}
	maskWords(ref)
	if all := joined(ref); len(all) >= 4 && strengthOf(ref) > weightFeeble {
		if m.says(all) {
			return true, false
		}
	}
	list, strangers := m.b.named(ref)
	list = slices.DeleteFunc(list, func(x mention) bool { return x.order || x.weight <= weightFeeble })
	if len(list) == 0 && len(strangers) == 0 {
		return false, false
	}
	said := m.strong()
	for _, x := range list {
		if slices.ContainsFunc(said, func(o mention) bool { return o.doc == x.doc }) {
			return true, false
		}
	}
	for _, s := range strangers {
		if slices.Contains(m.strangers, s) {
			return true, false
		}
	}
	return false, len(said) > 0 || len(m.strangers) > 0
}

// says tells whether the line says a text, in one of its own.
func (m *matching) says(all string) bool {
	return slices.ContainsFunc(m.texts, func(words []word) bool { return says(words, all) })
}

// says tells whether whole words of a text, joined, are a text.
func says(words []word, all string) bool {
	for i := range words {
		at := 0
		for j := i; j < len(words) && at+len(words[j].text) <= len(all) && all[at:at+len(words[j].text)] == words[j].text; j++ {
			if at += len(words[j].text); at == len(all) {
				return true
			}
		}
	}
	return false
}
