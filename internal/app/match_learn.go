package app

import (
	"slices"

	"relance/internal/domain/bank"
	"relance/internal/ground/id"
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

// taught are the debtors with the accounts and names of the lines that were settled, and of those that the
// last pass settled by the invoices they name.
func (mt *matching) taught(mine map[id.Line]bool, last map[id.Line]verdict) []bank.Debtor {
	told := &lessons{by: map[lesson]id.Customer{}}
	learn := func(c id.Customer, name, iban string) {
		told.add(c, lesson{name: name})
		if !mt.own[iban] {
			told.add(c, lesson{iban: iban})
		}
	}
	for _, x := range mt.learned {
		if !mine[x.Line] {
			learn(x.Customer, x.Name, x.IBAN)
		}
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
