package app

import (
	"strconv"

	"relance/internal/domain/bank"
	"relance/internal/domain/cash"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// plain tells whether a proposal only gives money: no credit note, no discount, no payment known from elsewhere.
func plain(p *bank.Proposal) bool {
	if p == nil || p.Same != 0 {
		return false
	}
	for _, x := range p.Parts {
		if x.Paid <= 0 || x.Discount != 0 || x.Charges != 0 || x.Rounded != 0 {
			return false
		}
	}
	return true
}

// applyPlain settles the lines of a batch that only give money, all of them together: most of a statement, read and
// written at the price of a few questions. It gives the lines that are left for one by one.
func (mt *matching) applyPlain(m *moment, lines []*store.BankLine) (left []*store.BankLine, err error) {
	var together []*store.BankLine
	var items []id.Instalment
	for _, l := range lines {
		p := mt.decided[l.ID].proposal
		if !plain(p) {
			left = append(left, l)
			continue
		}
		together = append(together, l)
		for _, x := range p.Parts {
			items = append(items, x.Item)
		}
	}
	rooms, err := m.roomsOf(items)
	if err != nil {
		return nil, err
	}
	var givings []giving
	var pays []*store.Payment
	var paid []*store.BankLine
	for _, l := range together {
		p := mt.decided[l.ID].proposal
		if !rooms.take(l, p) {
			l.State, l.Customer, l.DecidedBy = store.LineOpen, 0, ""
			continue
		}
		list, err := split(l, *p)
		if err != nil {
			return nil, err
		}
		for i, x := range list {
			row := m.paymentOf(l, x.customer, cash.Money, x.sum, strconv.Itoa(i))
			for _, g := range x.gifts {
				row.Rest -= g.amount
			}
			m.touch(row.Customer)
			pays, givings, paid = append(pays, row), append(givings, giving{row, x.gifts}), append(paid, l)
		}
	}
	if err := m.InsertPayments(m.ctx, pays); err != nil {
		return nil, err
	}
	if err := m.giveAll(givings); err != nil {
		return nil, err
	}
	for i, row := range pays {
		if err := m.noteLine(paid[i], row, *mt.decided[paid[i].ID].proposal); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// rooms is what items can still take, as a batch fills them.
type rooms map[id.Instalment]*room

type room struct {
	left     int64
	currency string
	closed   bool // or an item of a credit note: money does not settle it
}

// roomsOf reads what items can take: what is open, and what only a ledger's own word settles. Their customers are
// locked, so that it stays so until the change is over.
func (m *moment) roomsOf(items []id.Instalment) (rooms, error) {
	docs, err := m.DocsOfItems(m.ctx, items)
	if err != nil {
		return nil, err
	}
	if err := m.lockOwnersOf(docs); err != nil {
		return nil, err
	}
	if docs, err = m.DocsOfItems(m.ctx, items); err != nil {
		return nil, err
	}
	stated, err := m.statedOn(items)
	out := rooms{}
	for n, x := range placesOf(docs) {
		out[n] = &room{x.item.Open + stated[n], string(x.doc.Currency), x.item.Closed || x.item.Credit}
	}
	return out, err
}

// take fills the rooms with what a proposal settles, if all of it fits.
func (r rooms) take(l *store.BankLine, p *bank.Proposal) bool {
	want := map[id.Instalment]int64{}
	for _, x := range p.Parts {
		want[x.Item] += x.Paid
	}
	for n, amount := range want {
		if x := r[n]; x == nil || x.closed || x.currency != string(l.Currency) || amount > x.left {
			return false
		}
	}
	for n, amount := range want {
		r[n].left -= amount
	}
	return true
}
