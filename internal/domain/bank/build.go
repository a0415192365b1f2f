package bank

import (
	"cmp"
	"slices"
	"strings"

	"relance/internal/ground/id"
)

// Book is what is owed and who owes it, ready to be asked line after line. It keeps its own copy of what it is
// given, in an order of its own: the order in which it is given changes nothing. One goroutine asks.
type Book struct {
	rules   Rules
	debtors []Debtor // by their id
	at      map[id.Customer]int32
	payees  [][]int32 // of each debtor: those it pays for, as payer or as parent
	names   []name
	open    []Open  // by due date: the lower its place, the older a debt
	docOf   []int32 // of each open item
	next    []int32 // item of the same invoice, -1 for none
	docs    []doc
	owed    [][]int32 // open items of each debtor
	places  *index    // open items by their id
	known   []Known
	taken   []bool // a known payment that a line was

	numbers *index // of invoices and orders: compact and by groups
	shapes  map[hash]bool
	people  *index // codes, SIRENs, accounts
	called  *index // names, their words and their beginnings
	totals  *index // rests of open items
	widest  int    // groups of the longest number
	longest int    // its letters and figures
	coded   int    // those of the longest customer code
}

// doc is an invoice with something open.
type doc struct {
	number string
	order  string
	debtor int32
	first  int32 // its item that is due first
}

// maxAmount keeps sums of thousands of items far from the end of int64.
const maxAmount = 1_000_000_000_000_000

// NewBook makes the book of what is open, of those who owe it, and of payments known from elsewhere.
func NewBook(rules Rules, debtors []Debtor, open []Open, known []Known) *Book {
	if rules.Sure <= 0 {
		rules.Sure = defaultSure
	}
	b := &Book{rules: rules, shapes: map[hash]bool{}}
	b.addDebtors(debtors)
	b.addOpen(open)
	b.addKnown(known)
	b.indexNumbers()
	b.indexPeople()
	b.indexNames()
	return b
}

func (b *Book) addDebtors(list []Debtor) {
	b.debtors = slices.Clone(list)
	slices.SortStableFunc(b.debtors, func(x, y Debtor) int { return cmp.Or(cmp.Compare(x.ID, y.ID), strings.Compare(x.Code, y.Code)) })
	b.debtors = slices.CompactFunc(b.debtors, func(x, y Debtor) bool { return x.ID == y.ID })
	b.at = make(map[id.Customer]int32, len(b.debtors))
	for i := range b.debtors {
		b.at[b.debtors[i].ID] = int32(i)
	}
}

// debtor finds a customer; one who is only known by what it owes is added.
func (b *Book) debtor(c id.Customer) int32 {
	i, ok := b.at[c]
	if !ok {
		i = int32(len(b.debtors))
		b.debtors = append(b.debtors, Debtor{ID: c})
		b.at[c] = i
	}
	return i
}

func (b *Book) addOpen(list []Open) {
	b.open = make([]Open, 0, len(list))
	for i := range list {
		if o := &list[i]; o.Rest != 0 && o.Rest <= maxAmount && o.Rest >= -maxAmount {
			b.open = append(b.open, *o)
		}
	}
	slices.SortFunc(b.open, func(x, y Open) int {
		return cmp.Or(cmp.Compare(x.Due, y.Due), strings.Compare(x.Number, y.Number), cmp.Compare(x.Seq, y.Seq), cmp.Compare(x.Item, y.Item))
	})
	n := len(b.open)
	b.docOf, b.next = make([]int32, n), make([]int32, n)
	places := make([]entry, n)
	docs := make(map[id.Invoice]int32, n)
	last := make([]int32, 0, n)
	for i := range b.open {
		o := &b.open[i]
		b.next[i] = -1
		places[i] = entry{byItem.int(int64(o.Item)).end(), int32(i)}
		d, ok := docs[o.Invoice]
		if !ok || o.Invoice == 0 {
			d = int32(len(b.docs))
			docs[o.Invoice] = d
			b.docs = append(b.docs, doc{number: o.Number, order: o.Order, debtor: b.debtor(o.Customer), first: int32(i)})
			last = append(last, int32(i))
		} else {
			b.next[last[d]] = int32(i)
			last[d] = int32(i)
		}
		b.docOf[i] = d
	}
	b.places = newIndex(places)
	b.owe()
	b.payFor()
}

// owe lists the items of each debtor and of each amount.
func (b *Book) owe() {
	count := make([]int32, len(b.debtors))
	for i := range b.open {
		count[b.docs[b.docOf[i]].debtor]++
	}
	all := make([]int32, len(b.open))
	b.owed = make([][]int32, len(b.debtors))
	from := int32(0)
	for d, n := range count {
		b.owed[d] = all[from : from : from+n]
		from += n
	}
	totals := make([]entry, len(b.open))
	for i := range b.open {
		d := b.docs[b.docOf[i]].debtor
		b.owed[d] = append(b.owed[d], int32(i))
		totals[i] = entry{byTotal.int(b.open[i].Rest).end(), int32(i)}
	}
	b.totals = newIndex(totals)
}

// maxGroup bounds for how many others one debtor pays.
const maxGroup = 500

func (b *Book) payFor() {
	b.payees = make([][]int32, len(b.debtors))
	for i := range b.debtors {
		d := &b.debtors[i]
		for _, up := range []id.Customer{d.Payer, d.Parent} {
			if p, ok := b.at[up]; ok && up != 0 && p != int32(i) && len(b.payees[p]) < maxGroup && !slices.Contains(b.payees[p], int32(i)) {
				b.payees[p] = append(b.payees[p], int32(i))
			}
		}
	}
}

func (b *Book) addKnown(list []Known) {
	b.known = slices.Clone(list)
	slices.SortStableFunc(b.known, func(x, y Known) int {
		return cmp.Or(cmp.Compare(x.Amount, y.Amount), cmp.Compare(x.Date, y.Date), cmp.Compare(x.Payment, y.Payment))
	})
	b.taken = make([]bool, len(b.known))
}

// Bounds of a number, in groups and in letters and figures: longer texts are none.
const (
	maxGroups = 10
	maxNumber = 60
)

func (b *Book) indexNumbers() {
	list := make([]entry, 0, 2*len(b.docs))
	for i := range b.docs {
		d := &b.docs[i]
		list = b.indexNumber(list, d.number, int32(i)<<1)
		if d.order != "" && d.order != d.number {
			list = b.indexNumber(list, d.order, int32(i)<<1|1)
		}
	}
	b.numbers = newIndex(list)
}

func (b *Book) indexNumber(list []entry, number string, val int32) []entry {
	words := wordsOf(number)
	groups, long := 0, 0
	compact, byGroup, outline := byCompact, byGroups, newOutline()
	hasFigure := false
	for _, w := range words {
		hasFigure = hasFigure || w.kind&figures != 0
		long += len(w.text)
		for i := 0; i < len(w.text); i++ {
			compact = compact.add(alike(w.text[i]))
		}
		eachGroup(w.text, func(g string, f bool) {
			groups++
			byGroup = byGroup.group(g, f)
			outline.add(g, f)
		})
	}
	if !hasFigure || groups > maxGroups || long > maxNumber {
		return list
	}
	b.widest, b.longest = max(b.widest, groups), max(b.longest, long)
	if val&1 == 0 && outline.tells() {
		b.shapes[outline.key()], b.shapes[outline.ending()] = true, true
	}
	return append(list, entry{compact.end(), val}, entry{byGroup.end(), val})
}

// group adds a group of a number, its zeros dropped.
func (h hash) group(g string, figures bool) hash {
	if figures {
		g = bare(g)
	}
	return h.text(g).add(0x1f)
}

// eachGroup cuts a word where letters and figures meet.
func eachGroup(word string, take func(group string, figures bool)) {
	for from := 0; from < len(word); {
		k := kindOf(word[from])
		to := from + 1
		for to < len(word) && kindOf(word[to]) == k {
			to++
		}
		take(word[from:to], k == figures)
		from = to
	}
}

// Apply takes what a proposal settles out of the book: the next line finds the rest.
func (b *Book) Apply(p Proposal) {
	for _, part := range p.Parts {
		for _, i := range b.places.find(byItem.int(int64(part.Item)).end()) {
			if b.open[i].Item == part.Item {
				b.open[i].Rest -= part.Settles()
			}
		}
	}
	for i := range b.known {
		if p.Same != 0 && b.known[i].Payment == p.Same {
			b.taken[i] = true
		}
	}
}
