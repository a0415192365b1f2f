package app

import (
	"slices"
	"strconv"

	"relance/internal/domain/bank"
	"relance/internal/domain/cash"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// settleLine makes a line the payment that a proposal says: one for each customer whose invoices it
// settles, and what is left to the credit of who paid. The caller keeps the line.
func (m *moment) settleLine(l *store.BankLine, p bank.Proposal) error {
	if p.Same != 0 {
		return m.recognise(l, p.Same)
	}
	list, err := split(l, p)
	if err != nil {
		return err
	}
	for i, x := range list {
		rest, err := m.useNotes(l, x.notes, x.gifts)
		if err != nil {
			return err
		}
		if x.sum > 0 {
			row := m.paymentOf(l, x.customer, cash.Money, x.sum, strconv.Itoa(i))
			if err := m.receive(row, rest); err != nil {
				return err
			}
			if err := m.noteLine(l, row, p); err != nil {
				return err
			}
		}
	}
	return m.adjust(l, p.Parts)
}

// ofCustomer is what a line pays for one customer.
type ofCustomer struct {
	customer id.Customer
	sum      int64
	gifts    []gift
	notes    []bank.Part // credit notes that it uses
}

// split shares what a line pays among the customers whose invoices it settles; what is left is the payer's.
func split(l *store.BankLine, p bank.Proposal) (list []ofCustomer, err error) {
	of := func(c id.Customer) *ofCustomer {
		for i := range list {
			if list[i].customer == c {
				return &list[i]
			}
		}
		list = append(list, ofCustomer{customer: c})
		return &list[len(list)-1]
	}
	for _, part := range p.Parts {
		x := of(part.Customer)
		x.sum += part.Paid
		if part.Paid < 0 {
			x.notes = append(x.notes, part)
		} else if part.Paid > 0 {
			x.gifts = append(x.gifts, gift{part.Item, part.Paid})
		}
	}
	if l.Customer == 0 && len(list) > 0 {
		l.Customer = list[0].customer
	}
	if p.Rest > 0 || len(list) == 0 {
		if l.Customer == 0 {
			return nil, fault.New(fault.Invalid, "app.line.customer")
		}
		of(l.Customer).sum += p.Rest
	}
	return list, nil
}

// fits tells whether what a proposal settles is still there to be settled. The customers are locked, so that it
// stays so until the change is over.
func (m *moment) fits(l *store.BankLine, p bank.Proposal) (bool, error) {
	if p.Same != 0 {
		known, err := m.Payment(m.ctx, p.Same)
		if fault.Of(err) == fault.NotFound {
			return false, nil
		}
		return err == nil && (known.Line == 0 || known.Line == l.ID) && known.CancelledOn.IsZero(), err
	}
	want := map[id.Instalment]int64{}
	var items []id.Instalment
	for _, part := range p.Parts {
		want[part.Item] += part.Settles()
		items = append(items, part.Item)
	}
	docs, err := m.DocsOfItems(m.ctx, items)
	if err != nil {
		return false, err
	}
	if err := m.lockOwnersOf(docs); err != nil {
		return false, err
	}
	if docs, err = m.DocsOfItems(m.ctx, items); err != nil {
		return false, err
	}
	stated, err := m.statedOn(items)
	if err != nil {
		return false, err
	}
	for _, d := range docs {
		for _, it := range d.Items {
			n, asked := want[it.ID]
			if !asked {
				continue
			}
			delete(want, it.ID)
			if it.Closed || d.Currency != l.Currency || it.Credit != (n < 0) || max(n, -n) > it.Open+stated[it.ID] {
				return false, nil
			}
		}
	}
	return len(want) == 0, nil
}

// statedOn is what of items only ledgers' own words settle.
func (m *moment) statedOn(items []id.Instalment) (map[id.Instalment]int64, error) {
	allocs, err := m.AllocationsOn(m.ctx, items)
	if err != nil {
		return nil, err
	}
	byID, err := m.paymentsOf(allocs)
	out := map[id.Instalment]int64{}
	for _, a := range allocs {
		if p := byID[a.Payment]; p != nil && p.Source == cash.Asserted {
			out[a.Item] += a.Amount
		}
	}
	return out, err
}

// paymentOf is a payment that a line makes.
func (m *moment) paymentOf(l *store.BankLine, c id.Customer, kind cash.Kind, n int64, mark string) *store.Payment {
	print := lineMark + strconv.FormatInt(int64(l.ID), 10) + ":" + string(kind) + mark
	return &store.Payment{Payment: cash.Payment{Customer: c, Date: dayOfLine(l), Amount: moneyOf(l, n), Method: methodOfLine(l),
		Reference: cutText(l.Text, 140), Source: cash.Identified, Kind: kind}, Fingerprint: print, Rest: n, Imported: l.Imported, Line: l.ID}
}

// useNotes lets the payer's credit notes settle a part of what is paid, and gives what money settles.
func (m *moment) useNotes(l *store.BankLine, notes []bank.Part, gifts []gift) ([]gift, error) {
	var list []*store.Allocation
	var used []id.Instalment
	for _, n := range notes {
		docs, err := m.DocsOfItems(m.ctx, []id.Instalment{n.Item})
		if err != nil {
			return nil, err
		}
		left := -n.Paid
		if len(docs) == 0 || openOf(docs[0]) < left {
			return nil, fault.New(fault.Conflict, "app.settle.gone")
		}
		used = append(used, n.Item)
		for i := range gifts {
			if part := min(left, gifts[i].amount); part > 0 {
				left -= part
				gifts[i].amount -= part
				list = append(list, &store.Allocation{Customer: n.Customer, Credit: docs[0].ID, Item: gifts[i].item, Amount: part,
					Day: dayOfLine(l), Imported: l.Imported, Line: l.ID})
			}
		}
	}
	if len(list) == 0 {
		return gifts, nil
	}
	m.touch(list[0].Customer)
	return slices.DeleteFunc(gifts, func(g gift) bool { return g.amount == 0 }), m.creditSettles(list, used)
}

// adjust settles what a payer kept: a discount, charges, a cent. It is no money, and is told as what it is.
func (m *moment) adjust(l *store.BankLine, parts []bank.Part) error {
	for _, part := range parts {
		for _, x := range []struct {
			kind cash.Kind
			n    int64
		}{{cash.Discount, part.Discount}, {cash.Charges, part.Charges}, {cash.Rounding, part.Rounded}} {
			if x.n <= 0 {
				continue
			}
			row := m.paymentOf(l, part.Customer, x.kind, x.n, strconv.FormatInt(int64(part.Item), 10))
			if err := m.receive(row, []gift{{part.Item, x.n}}); err != nil {
				return err
			}
			if err := m.note("payment.adjusted", subject{customer: part.Customer}, map[string]any{"kind": x.kind, "amount": x.n,
				"currency": l.Currency, "line": l.ID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// recognise says that a line is a payment recorded already: nothing new is settled, what it had left may be.
func (m *moment) recognise(l *store.BankLine, n id.Payment) error {
	p, err := m.Payment(m.ctx, n)
	if err != nil {
		return err
	}
	if p.Line != 0 && p.Line != l.ID || !p.CancelledOn.IsZero() {
		return fault.New(fault.Conflict, "app.settle.gone")
	}
	l.Customer = p.Customer
	m.touch(p.Customer)
	if err := m.SetLine(m.ctx, n, l.ID); err != nil {
		return err
	}
	if err := m.settleRest(p); err != nil {
		return err
	}
	return m.note("payment.confirmed", subject{customer: p.Customer}, map[string]any{"date": p.Date, "amount": p.Amount.Minor,
		"currency": p.Amount.Currency, "line": l.ID})
}

// noteLine tells in the journal what a line paid, and why it was read so.
func (m *moment) noteLine(l *store.BankLine, p *store.Payment, why bank.Proposal) error {
	var keys []string
	for _, r := range why.Reasons {
		keys = append(keys, r.Key)
	}
	return m.note(journalPayment, subject{customer: p.Customer}, map[string]any{"date": p.Date, "amount": p.Amount.Minor,
		"currency": p.Amount.Currency, "method": p.Method, "reference": p.Reference, "line": l.ID, "by": l.DecidedBy, "score": why.Score, "why": keys})
}

// unmatch takes back what lines have settled: the lines are open again, their invoices stand where they stood.
func (m *moment) unmatch(lines []*store.BankLine) error {
	if len(lines) == 0 {
		return nil
	}
	ids := make([]id.Line, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	pays, allocs, err := m.OfLines(m.ctx, ids)
	if err != nil {
		return err
	}
	born := pays[:0:0]
	for _, p := range pays {
		if bornOf(p) {
			born = append(born, p)
			continue
		}
		if err := m.SetLine(m.ctx, p.ID, 0); err != nil {
			return err
		}
		m.touch(p.Customer)
	}
	if allocs, err = m.withReturns(born, allocs); err != nil {
		return err
	}
	if err := m.unsettle(born, allocs); err != nil {
		return err
	}
	for _, p := range born {
		if p.Kind != cash.Money {
			continue
		}
		if err := m.note("payment.unmatched", subject{customer: p.Customer}, map[string]any{"date": p.Date, "amount": p.Amount.Minor,
			"currency": p.Amount.Currency, "line": p.Line}); err != nil {
			return err
		}
	}
	for _, l := range lines {
		l.State, l.DecidedBy, l.Customer = store.LineOpen, "", 0
	}
	return nil
}

// withReturns adds what took payments back, to what they settled by their lines: a payment that goes takes its
// return with it, and the line that told of the return awaits an answer again.
func (m *moment) withReturns(born []*store.Payment, allocs []*store.Allocation) ([]*store.Allocation, error) {
	ids := make([]id.Payment, len(born))
	for i, p := range born {
		ids[i] = p.ID
		if p.BackLine == 0 {
			continue
		}
		back, err := m.BankLine(m.ctx, p.BackLine)
		if err != nil {
			return nil, err
		}
		back.State, back.DecidedBy, back.Customer = store.LineOpen, "", 0
		if err := m.SetBankLines(m.ctx, []*store.BankLine{back}); err != nil {
			return nil, err
		}
	}
	more, err := m.AllocatedBy(m.ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, a := range more {
		if !slices.ContainsFunc(allocs, func(x *store.Allocation) bool { return x.ID == a.ID }) {
			allocs = append(allocs, a)
		}
	}
	return allocs, nil
}
