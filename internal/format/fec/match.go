package fec

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"relance/internal/ground/cal"
)

// group is lines that belong together: those of one letter, one reference or one amount.
type group struct{ debits, credits []*Entry }

func (g *group) add(e *Entry) {
	if e.Debit > 0 {
		g.debits = append(g.debits, e)
	} else if e.Credit > 0 {
		g.credits = append(g.credits, e)
	}
}

func sum(es []*Entry) (total int64) {
	for _, e := range es {
		total += e.open
	}
	return total
}

// difference is what the group leaves open: debits − credits.
func (g *group) difference() int64 { return sum(g.debits) - sum(g.credits) }

// settle lets the two sides pay each other: the smaller one entirely; the larger one by equal
// amounts first, then by age, so that what stays open is the youngest.
func (g *group) settle() {
	small, large := g.credits, g.debits
	if g.difference() < 0 {
		small, large = g.debits, g.credits
	}
	var last cal.Date
	for _, e := range g.credits {
		last = max(last, e.Date)
	}
	rest := sum(small)
	exact := map[int64]int{}
	for _, e := range small {
		exact[e.open]++
		e.open, e.paid = 0, last
	}
	slices.SortStableFunc(large, func(a, b *Entry) int { return cmp.Compare(a.Date, b.Date) })
	for _, e := range large {
		if exact[e.open] > 0 && e.open <= rest {
			exact[e.open]--
			rest -= e.open
			e.open, e.paid = 0, last
		}
	}
	for _, e := range large {
		part := min(rest, e.open)
		rest -= part
		if e.open -= part; part > 0 {
			e.paid = last
		}
	}
}

// letterKey: a letter means something inside one account and auxiliary account only.
type letterKey struct{ account, aux, letter string }

// byLetter settles lettered lines and gives the groups that do not balance, in file order.
func byLetter(entries []*Entry) (unbalanced []letterKey, left map[letterKey]int64) {
	groups := map[letterKey]*group{}
	var order []letterKey
	for _, e := range entries {
		if e.Letter == "" {
			continue
		}
		k := letterKey{e.Account, e.Aux, e.Letter}
		g := groups[k]
		if g == nil {
			g = &group{}
			groups[k] = g
			order = append(order, k)
		}
		g.add(e)
	}
	left = map[letterKey]int64{}
	for _, k := range order {
		g := groups[k]
		if d := g.difference(); d != 0 {
			unbalanced = append(unbalanced, k)
			left[k] = d
		}
		g.settle()
	}
	return unbalanced, left
}

// byReferenceAndAmount matches a ledger without letters, customer by customer: same reference,
// reference cited in the label of the credit, then same amount when it leaves no choice.
func byReferenceAndAmount(entries []*Entry) {
	type owner struct {
		customer string
		kind     int
	}
	byOwner := map[owner][]*Entry{}
	var order []owner
	for _, e := range entries {
		o := owner{e.Customer(), accountKind([]byte(e.Account))}
		if byOwner[o] == nil {
			order = append(order, o)
		}
		byOwner[o] = append(byOwner[o], e)
	}
	for _, o := range order {
		byReference(byOwner[o])
		byCitation(byOwner[o])
		byAmount(byOwner[o])
	}
}

func byReference(entries []*Entry) {
	groups := map[string]*group{}
	for _, e := range entries {
		if !documented(e.Ref) {
			continue
		}
		k := squeeze(e.Ref)
		if groups[k] == nil {
			groups[k] = &group{}
		}
		groups[k].add(e)
	}
	for _, g := range groups { // groups are disjoint: their order does not matter
		if len(g.debits) > 0 && len(g.credits) > 0 {
			g.settle()
		}
	}
}

func squeeze(ref string) string { return strings.ToUpper(strings.Join(strings.Fields(ref), "")) }

// shortest reference that a label may cite: "12" would match anything.
const shortestCited = 4

func byCitation(entries []*Entry) {
	refs := map[string][]*Entry{}
	for _, e := range entries {
		if k := squeeze(e.Ref); e.Debit > 0 && e.open > 0 && documented(k) && len(k) >= shortestCited {
			refs[k] = append(refs[k], e)
		}
	}
	if len(refs) == 0 {
		return
	}
	for _, c := range entries {
		if c.Credit == 0 || c.open == 0 {
			continue
		}
		for _, word := range citations(c.Label) {
			if debits := refs[word]; len(debits) > 0 && sum(debits) > 0 && c.open > 0 {
				(&group{debits: open(debits), credits: []*Entry{c}}).settle()
			}
		}
	}
}

func open(es []*Entry) (out []*Entry) {
	for _, e := range es {
		if e.open > 0 {
			out = append(out, e)
		}
	}
	return out
}

// citations cuts a label in words that may be references.
func citations(label string) []string {
	words := strings.FieldsFunc(strings.ToUpper(label), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '/' && r != '_'
	})
	return slices.DeleteFunc(words, func(w string) bool { return len(w) < shortestCited || !documented(w) })
}

// byAmount settles equal amounts when there are as many debits as credits of it: whoever pays
// whom, nothing stays open.
func byAmount(entries []*Entry) {
	groups := map[int64]*group{}
	for _, e := range entries {
		if e.open == 0 {
			continue
		}
		if groups[e.open] == nil {
			groups[e.open] = &group{}
		}
		groups[e.open].add(e)
	}
	for _, g := range groups {
		if len(g.debits) == 0 || len(g.debits) != len(g.credits) {
			continue
		}
		byDate := func(a, b *Entry) int { return cmp.Compare(a.Date, b.Date) }
		slices.SortStableFunc(g.debits, byDate)
		slices.SortStableFunc(g.credits, byDate)
		for i := range g.debits {
			(&group{debits: g.debits[i : i+1], credits: g.credits[i : i+1]}).settle()
		}
	}
}
