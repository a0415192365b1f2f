package app

import (
	"slices"

	"relance/internal/domain/bank"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// lesson is an account, or a name, under which a customer has paid.
type lesson struct{ name, iban string }

// lessons are who has paid under what. An account or a name under which two customers have paid is that of a third
// who pays for many, and names none of them.
type lessons struct {
	by   map[lesson]id.Customer
	list []lesson
}

const severalCustomers = id.Customer(-1)

func (l *lessons) add(c id.Customer, x lesson) {
	if x == (lesson{}) {
		return
	}
	known, told := l.by[x]
	switch {
	case !told:
		l.by[x] = c
		l.list = append(l.list, x)
	case known != c:
		l.by[x] = severalCustomers
	}
}

// doubt forgets what an account or a name says when a line that is being decided has it of another customer: what such a
// line says is not believed yet, but neither is what it contradicts, or a decision would depend on what is decided with it.
func (l *lessons) doubt(c id.Customer, x lesson) {
	if known, told := l.by[x]; told && known != c {
		l.by[x] = severalCustomers
	}
}

// taught are the debtors with the accounts and names of the lines that were settled, and of those that the
// last pass settled by the invoices they name.
func (mt *matching) taught(mine map[id.Line]bool, last map[id.Line]verdict) []bank.Debtor {
	told := &lessons{by: map[lesson]id.Customer{}}
	each := func(name, iban string, do func(x lesson)) {
		do(lesson{name: name})
		if !mt.own[iban] {
			do(lesson{iban: iban})
		}
	}
	learn := func(c id.Customer, name, iban string) { each(name, iban, func(x lesson) { told.add(c, x) }) }
	undecided := map[store.Learned]int{}
	for _, l := range mt.lines {
		if mine[l.ID] && l.State == store.LineSettled {
			undecided[store.Learned{Customer: l.Customer, Name: l.Payer.Name, IBAN: l.Payer.IBAN}]++
		}
	}
	var doubts []store.Learned
	for _, x := range mt.learned {
		said := x.Lines
		if x.Lines = 0; undecided[x] < said {
			learn(x.Customer, x.Name, x.IBAN)
		} else {
			doubts = append(doubts, x)
		}
	}
	for _, x := range doubts {
		each(x.Name, x.IBAN, func(k lesson) { told.doubt(x.Customer, k) })
	}
	for _, l := range mt.lines {
		if v := last[l.ID]; v.proposal != nil && len(v.proposal.Parts) > 0 {
			learn(v.customer, l.Payer.Name, l.Payer.IBAN)
		}
	}
	at := map[id.Customer]int{}
	list := slices.Clone(mt.debtors)
	for i := range list {
		at[list[i].ID] = i
	}
	for _, x := range told.list {
		i, ok := at[told.by[x]]
		if !ok {
			continue
		}
		d := &list[i]
		if x.iban != "" && !slices.Contains(d.IBANs, x.iban) {
			d.IBANs = append(slices.Clone(d.IBANs), x.iban)
		}
		if x.name != "" && !slices.Contains(d.Called, x.name) {
			d.Called = append(slices.Clone(d.Called), x.name)
		}
	}
	return list
}
