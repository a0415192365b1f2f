package bank

import (
	"cmp"
	"slices"
	"strings"

	"relance/internal/ground/ident"
)

// kinds of evidence for a customer.
type kinds uint8

const (
	ofIBAN kinds = 1 << iota
	ofName
	ofSIREN
	ofCode
)

// suspect is a customer who may have paid a line.
type suspect struct {
	debtor int32
	kinds  kinds
	best   [4]int // weight of each kind
	why    [4]why
}

// weight is the strongest kind, and something more for each that agrees.
func (s *suspect) weight() (n int) {
	more := -weightMore
	for _, w := range s.best {
		if w > 0 {
			n, more = max(n, w), more+weightMore
		}
	}
	return min(n+max(more, 0), maxWho)
}

// reasons are the kinds' own words; their weights add up to the suspect's.
func (s *suspect) reasons() (list []why) {
	for _, w := range s.why {
		if w.Key != "" {
			list = append(list, w)
		}
	}
	slices.SortStableFunc(list, func(a, b why) int { return b.weight - a.weight })
	for i := range list {
		if i > 0 {
			list[i].weight = weightMore
		} else {
			list[i].weight = s.weight() - weightMore*(len(list)-1)
		}
	}
	return list
}

// suspects gathers who may have paid.
type suspects struct {
	b    *Book
	list []suspect
}

// maxSuspects bounds the customers that one line may bring to mind.
const maxSuspects = 60

func (s *suspects) add(debtor int32, k kinds, weight int, key string) {
	i := slices.IndexFunc(s.list, func(x suspect) bool { return x.debtor == debtor })
	if i < 0 {
		if len(s.list) >= maxSuspects {
			return
		}
		i = len(s.list)
		s.list = append(s.list, suspect{debtor: debtor})
	}
	x := &s.list[i]
	at := 0
	for k>>at != 1 {
		at++
	}
	x.kinds |= k
	if weight > x.best[at] {
		x.best[at], x.why[at] = weight, because(weight, key)
	}
}

// rank puts the likeliest first.
func (s *suspects) rank() {
	slices.SortStableFunc(s.list, func(a, b suspect) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), cmp.Compare(a.debtor, b.debtor))
	})
}

// certain tells whether a customer is known beyond doubt: strong evidence, and nobody else whom as much
// points at. A namesake of whom less is known is no doubt, nor is who pays for it.
func (s *suspects) certain(x *suspect) bool {
	if x.weight() < certainWho {
		return false
	}
	for i := range s.list {
		if o := &s.list[i]; !s.b.paysFor(o.debtor, x.debtor) && o.weight() >= rivalWho && (o.kinds&^x.kinds != 0 || o.weight() >= x.weight()) {
			return false
		}
	}
	return true
}

// against is the strongest evidence that somebody else paid than a customer or who pays for it.
func (s *suspects) against(debtor int32) (rival *suspect) {
	own := suspect{}
	for i := range s.list {
		if o := &s.list[i]; s.b.paysFor(o.debtor, debtor) {
			own.kinds |= o.kinds
			own.best[0] = max(own.best[0], o.weight())
		}
	}
	for i := range s.list {
		o := &s.list[i]
		if s.b.paysFor(o.debtor, debtor) || o.weight() < agreeingWho || o.kinds&^own.kinds == 0 && o.weight() <= own.best[0] {
			continue
		}
		if o.weight() < rivalWho && own.best[0] > o.weight() {
			continue
		}
		if rival == nil || o.weight() > rival.weight() {
			rival = o
		}
	}
	return rival
}

// paysFor tells whether a debtor may pay what another owes: itself, its payer, or a parent.
func (b *Book) paysFor(payer, owner int32) bool {
	return payer == owner || slices.Contains(b.payees[payer], owner) || slices.ContainsFunc(b.payees[payer], func(x int32) bool { return slices.Contains(b.payees[x], owner) })
}

// suspectsOf reads who may have paid a line.
func (b *Book) suspectsOf(l *Line, texts [][]word) *suspects {
	s := &suspects{b: b}
	s.party(&l.Ultimate)
	s.rank()
	if len(s.list) == 0 || s.list[0].weight() < certainWho { // else the payer pays on its behalf
		s.party(&l.Payer)
	}
	for _, words := range texts {
		s.identifiers(words)
	}
	if l.Payer.Name == "" && l.Ultimate.Name == "" && len(texts) > 0 {
		s.labels(texts[0])
	}
	s.rank()
	return s
}

// party reads an account and a name.
func (s *suspects) party(p *Party) {
	if iban := plainIBAN(p.IBAN); iban != "" {
		for _, i := range s.b.people.find(byIBAN.text(iban).end()) {
			if slices.ContainsFunc(s.b.debtors[i].IBANs, func(x string) bool { return plainIBAN(x) == iban }) {
				s.add(i, ofIBAN, weightIBAN, "bank.reason.iban")
			}
		}
	}
	if p.Name == "" || len(p.Name) > 300 {
		return
	}
	said := nameOf(wordsOf(p.Name))
	if said.whole == "" {
		return
	}
	equal := false
	for _, i := range s.b.called.find(said.key()) {
		if n := &s.b.names[i]; slices.Equal(n.sorted, said.sorted) {
			equal = true
			key := "bank.reason.name"
			if n.called {
				key = "bank.reason.called"
			}
			s.add(n.debtor, ofName, weightName, key)
		}
	}
	if equal {
		return
	}
	for _, i := range s.b.nearTo(&said) {
		switch w := s.b.alikeness(&said, &s.b.names[i]); w {
		case weightSome:
			s.add(s.b.names[i].debtor, ofName, w, "bank.reason.name.part")
		case weightClose:
			s.add(s.b.names[i].debtor, ofName, w, "bank.reason.name.near")
		}
	}
}

func plainIBAN(s string) string {
	if len(s) > 60 {
		return ""
	}
	return strings.ToUpper(strings.Join(strings.Fields(s), ""))
}

// identifiers reads SIRENs, accounts and customer codes out of a text.
func (s *suspects) identifiers(words []word) {
	for i := range words {
		if words[i].kind&figures != 0 || words[i].text == "FR" {
			all := words[i].text
			s.identifier(all)
			for k := i + 1; k < len(words) && k < i+10 && len(all) < 34 && words[k].kind&figures != 0; k++ {
				all += words[k].text
				s.identifier(all)
			}
		}
		code := byCode
		for k, long := i, 0; k < len(words) && k < i+4 && !words[k].mask.never(); k++ {
			if long += len(words[k].text); long > s.b.coded {
				break
			}
			code = code.text(words[k].text)
			for _, d := range s.b.people.find(code.end()) {
				if joined(wordsOf(s.b.debtors[d].Code)) == joined(words[i:k+1]) {
					s.add(d, ofCode, weightCode, "bank.reason.code")
				}
			}
		}
	}
}

// telltale tells whether a code is more than a word or a small number; a word alone is read as a name.
func telltale(code string) bool {
	n := 0
	for i := 0; i < len(code); i++ {
		if kindOf(code[i]) == figures {
			n++
		}
	}
	return n > 0 && n < len(code) && len(code) >= 4 || n >= 6
}

// identifier looks whether joined words are a SIREN (alone, in a SIRET or a VAT number) or an account.
func (s *suspects) identifier(all string) {
	siren := ""
	switch n := len(all); {
	case (n == 9 || n == 14) && allFigures(all):
		siren = all[:9]
	case n == 13 && strings.HasPrefix(all, "FR") && allFigures(all[4:]):
		siren = all[4:]
	case n >= 15 && kindOf(all[0]) == letters && kindOf(all[2]) == figures:
		for _, d := range s.b.people.find(byIBAN.text(all).end()) {
			if slices.ContainsFunc(s.b.debtors[d].IBANs, func(x string) bool { return plainIBAN(x) == all }) {
				s.add(d, ofIBAN, weightSIREN, "bank.reason.iban.text")
			}
		}
	}
	if siren == "" || !ident.SIREN(siren).Valid() {
		return
	}
	for _, d := range s.b.people.find(bySIREN.text(siren).end()) {
		if plainIBAN(s.b.debtors[d].SIREN) == siren {
			s.add(d, ofSIREN, weightSIREN, "bank.reason.siren")
		}
	}
}

// labels seeks names in a bank's label, when nobody says who paid: "VIR SEPA DUPONT SARL".
func (s *suspects) labels(words []word) {
	for from := 0; from < len(words); {
		to := from + 1
		for to < len(words) && !words[to].line && !(words[to].sep == '/' && words[to].kind == letters) { // "/DE DUPONT /MOTIF …"
			to++
		}
		s.label(words[from:to])
		from = to
	}
}

func (s *suspects) label(words []word) {
	words = slices.DeleteFunc(slices.Clone(words), func(w word) bool { return bankWords[w.text] })
	said := nameOf(words)
	if said.whole == "" {
		return
	}
	for _, i := range s.b.called.find(said.key()) {
		if n := &s.b.names[i]; slices.Equal(n.sorted, said.sorted) {
			s.add(n.debtor, ofName, weightLabel, "bank.reason.name.label")
		}
	}
	for _, i := range s.b.nearTo(&said) {
		n := &s.b.names[i]
		if !containsAll(said.sorted, n.sorted) {
			continue
		}
		switch t := s.b.telling(n.sorted); {
		case t >= 2:
			s.add(n.debtor, ofName, weightSome, "bank.reason.name.part")
		case t == 1 && len(n.whole) >= 5:
			s.add(n.debtor, ofName, weightClose, "bank.reason.name.near")
		}
	}
}

func (b *Book) indexPeople() {
	var list []entry
	for i := range b.debtors {
		d, at := &b.debtors[i], int32(i)
		if code := joined(wordsOf(d.Code)); telltale(code) {
			list = append(list, entry{byCode.text(code).end(), at})
			b.coded = max(b.coded, min(len(code), maxNumber))
		}
		if siren := plainIBAN(d.SIREN); siren != "" {
			list = append(list, entry{bySIREN.text(siren).end(), at})
		}
		for _, iban := range d.IBANs {
			if x := plainIBAN(iban); x != "" {
				list = append(list, entry{byIBAN.text(x).end(), at})
			}
		}
	}
	b.people = newIndex(list)
}
