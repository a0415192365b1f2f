package app

import (
	"slices"
	"strings"

	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// gift is what a payment gives to an item, minor units.
type gift struct {
	item   id.Instalment
	amount int64
}

// receive records a payment and what it settles. What a ledger only asserted as paid on an item gives way
// to it, up to its amount (PRODUCT.md §7); what it leaves stays the customer's credit. An item that
// has no room for its part is a conflict: somebody settled it meanwhile.
func (m *moment) receive(p *store.Payment, gifts []gift) error {
	for _, g := range gifts {
		p.Rest -= g.amount
	}
	if p.Rest < 0 {
		return fault.New(fault.Conflict, "app.settle.more", money.Of(-p.Rest, p.Amount.Currency))
	}
	if err := m.InsertPayments(m.ctx, []*store.Payment{p}); err != nil {
		return err
	}
	m.touch(p.Customer)
	return m.give(p, gifts)
}

// give lets a recorded payment settle items.
func (m *moment) give(p *store.Payment, gifts []gift) error { return m.giveAll([]giving{{p, gifts}}) }

// giving is a payment with what it gives.
type giving struct {
	payment *store.Payment
	gifts   []gift
}

// giveAll lets recorded payments settle items, all of them together: the tables are read and written once.
func (m *moment) giveAll(list []giving) error {
	var gifts []gift
	for _, g := range list {
		gifts = append(gifts, g.gifts...)
	}
	if len(gifts) == 0 {
		return nil
	}
	items := itemsOfGifts(gifts)
	docs, err := m.DocsOfItems(m.ctx, items)
	if err != nil {
		return err
	}
	if err := m.lockOwnersOf(docs); err != nil {
		return err
	}
	if err := m.makeRoom(gifts); err != nil {
		return err
	}
	if docs, err = m.DocsOfItems(m.ctx, items); err != nil { // as the room was made
		return err
	}
	at := placesOf(docs)
	var allocs []*store.Allocation
	var pays []id.Payment
	for _, g := range list {
		pays = append(pays, g.payment.ID)
		more, err := m.allocate(g, at)
		if err != nil {
			return err
		}
		allocs = append(allocs, more...)
	}
	if err := m.InsertAllocations(m.ctx, allocs); err != nil {
		return err
	}
	if err := m.Recount(m.ctx, items, pays); err != nil {
		return err
	}
	if err := m.tellSettled(docs, items); err != nil {
		return err
	}
	for _, g := range list {
		if g.payment.Kind != cash.Money {
			continue
		}
		done := itemsOfGifts(slices.DeleteFunc(slices.Clone(g.gifts), func(x gift) bool { return at[x.item].item.Open != 0 }))
		if err := m.thank(g.payment, done); err != nil {
			return err
		}
	}
	return nil
}

// placed is an item within its invoice.
type placed struct {
	item *store.Item
	doc  *store.Doc
}

func placesOf(docs []*store.Doc) map[id.Instalment]placed {
	at := map[id.Instalment]placed{}
	for _, d := range docs {
		for i := range d.Items {
			at[d.Items[i].ID] = placed{&d.Items[i], d}
		}
	}
	return at
}

// allocate takes what a payment gives out of what is open.
func (m *moment) allocate(g giving, at map[id.Instalment]placed) (list []*store.Allocation, err error) {
	p, line := g.payment, g.payment.Line
	if !bornOf(p) { // known from elsewhere: what it settles does not hang on its line
		line = 0
	}
	for _, x := range g.gifts {
		it, doc := at[x.item].item, at[x.item].doc
		switch {
		case it == nil || it.Closed:
			return nil, fault.New(fault.Conflict, "app.settle.gone")
		case doc.Currency != p.Amount.Currency:
			return nil, fault.New(fault.Invalid, "app.settle.currency", doc.Number, string(doc.Currency))
		case x.amount > it.Open:
			return nil, fault.New(fault.Conflict, "app.settle.room", doc.Number, money.Of(it.Open, doc.Currency))
		}
		it.Open -= x.amount
		// Money that came before the invoice was issued is a credit until that day.
		list = append(list, &store.Allocation{Customer: it.Customer, Payment: p.ID, Item: x.item, Amount: x.amount,
			Day: cal.Later(p.Date, doc.Issued), Imported: p.Imported, Line: line})
		m.touch(it.Customer)
	}
	return list, nil
}

func itemsOfGifts(gifts []gift) (items []id.Instalment) {
	seen := make(map[id.Instalment]bool, len(gifts))
	for _, g := range gifts {
		if !seen[g.item] {
			seen[g.item] = true
			items = append(items, g.item)
		}
	}
	return items
}

// lockOwnersOf keeps others from settling or planning the customers of invoices meanwhile.
func (m *moment) lockOwnersOf(docs []*store.Doc) error {
	var who []id.Customer
	for _, d := range docs {
		if !slices.Contains(who, d.Customer) {
			who = append(who, d.Customer)
		}
	}
	return m.LockCustomers(m.ctx, who)
}

// makeRoom takes back what ledgers asserted as paid on the items, up to what is given, the latest first.
func (m *moment) makeRoom(gifts []gift) error {
	items := itemsOfGifts(gifts)
	allocs, err := m.AllocationsOn(m.ctx, items)
	if err != nil || len(allocs) == 0 {
		return err
	}
	byID, err := m.paymentsOf(allocs)
	if err != nil {
		return err
	}
	need := map[id.Instalment]int64{}
	for _, g := range gifts {
		need[g.item] += g.amount
	}
	moved := false
	for i := len(allocs) - 1; i >= 0; i-- {
		a := allocs[i]
		p := byID[a.Payment]
		if p == nil || p.Source != cash.Asserted || need[a.Item] <= 0 {
			continue
		}
		part := min(need[a.Item], a.Amount)
		need[a.Item] -= part
		a.Amount -= part
		p.Amount.Minor -= part
		if err := m.SetAllocation(m.ctx, a); err != nil {
			return err
		}
		if err := m.SetPayment(m.ctx, p); err != nil {
			return err
		}
		moved = true
	}
	if !moved {
		return nil
	}
	return m.Recount(m.ctx, items, nil)
}

func (m *moment) paymentsOf(allocs []*store.Allocation) (map[id.Payment]*store.Payment, error) {
	var ids []id.Payment
	for _, a := range allocs {
		if a.Payment != 0 && !slices.Contains(ids, a.Payment) {
			ids = append(ids, a.Payment)
		}
	}
	list, err := m.Payments(m.ctx, ids)
	out := make(map[id.Payment]*store.Payment, len(list))
	for _, p := range list {
		out[p.ID] = p
	}
	return out, err
}

// restate lets ledgers' own words settle again what they did before an identified payment took their
// place: `paid` is cumulative (PRODUCT.md §7).
func (m *moment) restate(items []id.Instalment) error {
	docs, err := m.DocsOfItems(m.ctx, items)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.Asserted == 0 {
			continue
		}
		if err := m.restateDoc(d); err != nil {
			return err
		}
	}
	return nil
}

func (m *moment) restateDoc(d *store.Doc) error {
	missing, owed := d.Asserted, int64(0)
	for _, it := range d.Items {
		if !it.Closed && !it.Credit {
			missing -= it.Amount - it.Open
			owed += it.Open
		}
	}
	if missing = min(missing, owed); missing <= 0 {
		return nil
	}
	day := cal.Later(d.Issued, 0)
	if day.IsZero() {
		day = m.day
	}
	print := "asserted:" + d.Number + "\x1f" + day.String()
	known, err := m.PaymentsByFingerprint(m.ctx, []string{print})
	if err != nil {
		return err
	}
	var p *store.Payment
	if len(known) > 0 {
		p = known[0]
		p.Amount.Minor += missing
		err = m.SetPayment(m.ctx, p)
	} else {
		p = &store.Payment{Payment: cash.Payment{Customer: d.Customer, Date: day, Amount: money.Of(missing, d.Currency), Method: methodOf(d),
			Source: cash.Asserted}, InvoiceNo: d.Number, Fingerprint: print, Imported: d.Imported}
		err = m.InsertPayments(m.ctx, []*store.Payment{p})
	}
	if err != nil {
		return err
	}
	var list []*store.Allocation
	var items []id.Instalment
	for _, it := range d.Items {
		if part := min(missing, it.Open); part > 0 && !it.Closed {
			missing -= part
			items = append(items, it.ID)
			list = append(list, &store.Allocation{Customer: d.Customer, Payment: p.ID, Item: it.ID, Amount: part, Day: day, Imported: d.Imported})
		}
	}
	if err := m.InsertAllocations(m.ctx, list); err != nil {
		return err
	}
	return m.Recount(m.ctx, items, []id.Payment{p.ID})
}

// unsettle takes payments out of the ledger as if they had never been there: what they settled is owed
// again and stands where it stood in its scenario.
func (m *moment) unsettle(payments []*store.Payment, allocs []*store.Allocation) error {
	var items []id.Instalment
	var gone []int64
	var pays []id.Payment
	var notes []id.Invoice
	for _, a := range allocs {
		m.touch(a.Customer)
		gone = append(gone, a.ID)
		items = append(items, a.Item)
		if a.Credit != 0 {
			notes = append(notes, a.Credit)
		}
	}
	for _, p := range payments {
		m.touch(p.Customer)
		pays = append(pays, p.ID)
	}
	before, err := m.DocsOfItems(m.ctx, items)
	if err != nil {
		return err
	}
	if err := m.lockOwnersOf(before); err != nil {
		return err
	}
	used, err := m.Docs(m.ctx, notes)
	if err != nil {
		return err
	}
	if err := m.DeleteAllocations(m.ctx, gone); err != nil {
		return err
	}
	if err := m.DeletePayments(m.ctx, pays); err != nil {
		return err
	}
	if err := m.Recount(m.ctx, append(items, itemsOfDocs(used)...), nil); err != nil {
		return err
	}
	if err := m.restate(items); err != nil {
		return err
	}
	return m.tellReopened(before)
}

func itemsOfDocs(docs []*store.Doc) (items []id.Instalment) {
	for _, d := range docs {
		for _, it := range d.Items {
			items = append(items, it.ID)
		}
	}
	return items
}

// tellSettled notes the invoices that owe nothing any more, and ends what held their items and what announced them.
func (m *moment) tellSettled(docs []*store.Doc, items []id.Instalment) error {
	var done []id.Instalment
	asked := make(map[id.Instalment]bool, len(items))
	for _, n := range items {
		asked[n] = true
	}
	for _, d := range docs {
		for _, it := range d.Items {
			if asked[it.ID] && it.Open == 0 {
				done = append(done, it.ID)
			}
		}
		if openOf(d) == 0 {
			if err := m.note(journalSettled, subject{customer: d.Customer, invoice: d.ID}, map[string]any{"invoice": d.Number}); err != nil {
				return err
			}
		}
	}
	if err := m.holdsFollow(docs); err != nil {
		return err
	}
	return m.closeNotices(done)
}

// tellReopened notes the invoices that owed nothing and owe something again.
func (m *moment) tellReopened(before []*store.Doc) error {
	var ids []id.Invoice
	was := map[id.Invoice]int64{}
	for _, d := range before {
		ids, was[d.ID] = append(ids, d.ID), openOf(d)
	}
	now, err := m.Docs(m.ctx, ids)
	if err != nil {
		return err
	}
	if err := m.holdsFollow(now); err != nil {
		return err
	}
	for _, d := range now {
		if was[d.ID] == 0 && openOf(d) > 0 {
			if err := m.note(journalReopened, subject{customer: d.Customer, invoice: d.ID}, map[string]any{"invoice": d.Number}); err != nil {
				return err
			}
		}
	}
	return nil
}

// cutText shortens a text for a list.
func cutText(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}
