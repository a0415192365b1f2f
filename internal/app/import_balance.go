package app

import (
	"strings"

	"relance/internal/domain/cash"
	"relance/internal/store"
)

// absentMark begins the fingerprint of a settlement by absence from a list of open items.
const absentMark = "absent:"

// balance makes what settles a known invoice agree with what the file asserts: `paid` is
// cumulative, so that the ledger's own word covers only what identified payments and credit notes
// do not (PRODUCT.md §7). It tells whether anything moved.
func (w *writing) balance(in *incoming, doc *store.Doc) (moved bool) {
	w.release(doc)
	total, asserts := in.paid()
	want := make([]int64, len(doc.Items))
	for i := range in.parts {
		p, it := &in.parts[i], &doc.Items[in.item(i)]
		switch {
		case in.openOnly: // a balance: what is not open any more is paid
			want[in.item(i)] = max(0, it.Amount-p.amount)
		case p.paid != nil:
			want[in.item(i)] += *p.paid
		}
	}
	if in.openOnly {
		total, asserts = 0, true
		for _, n := range want {
			total += n
		}
	}
	switch {
	case asserts:
		moved = total != doc.Asserted
		doc.Asserted = total
		for i := range doc.Items {
			if !doc.Items[i].Closed && w.assertItem(in, doc, i, want[i]) {
				moved = true
			}
		}
	case w.o.Snapshot:
		moved = w.reopenAbsent(doc)
	}
	for i := range doc.Items {
		if it := &doc.Items[i]; !it.Closed {
			sure, stated := w.settles(doc, i)
			it.Open = it.Amount - sure - stated
		}
	}
	return moved
}

// settles is what identified payments and credit notes settle of an item, and what only a
// ledger's word does.
func (w *writing) settles(doc *store.Doc, i int) (sure, stated int64) {
	it := &doc.Items[i]
	for _, a := range w.allocs[it.ID] {
		if w.identified(a) {
			sure += a.Amount
		} else {
			stated += a.Amount
		}
	}
	for _, n := range w.newAllocs {
		if n.doc == doc && n.item == i {
			if n.payment.Source == cash.Identified {
				sure += n.amount
			} else {
				stated += n.amount
			}
		}
	}
	return sure + w.used[it.ID], stated
}

// assertItem moves the asserted part of what settles one item to what the file says.
func (w *writing) assertItem(in *incoming, doc *store.Doc, i int, want int64) bool {
	it := &doc.Items[i]
	sure, stated := w.settles(doc, i)
	target := max(0, min(want, it.Amount)-sure)
	switch {
	case target < stated:
		w.shrink(it, stated-target, "")
	case target > stated:
		w.grow(in, doc, i, target-stated)
	}
	return target != stated
}

// reopenAbsent takes back a settlement by absence: the list of open items holds the invoice again.
// Its place in the scenario was kept: it stands where it stood.
func (w *writing) reopenAbsent(doc *store.Doc) (moved bool) {
	for i := range doc.Items {
		it := &doc.Items[i]
		for _, a := range w.allocs[it.ID] {
			if p := w.payments[a.Payment]; p != nil && strings.HasPrefix(p.Fingerprint, absentMark) && a.Amount > 0 {
				w.shrink(it, a.Amount, absentMark)
				moved = true
			}
		}
	}
	return moved
}

// shrink takes back what a ledger asserted under a mark, the latest first.
func (w *writing) shrink(it *store.Item, n int64, mark string) {
	list := w.allocs[it.ID]
	for j := len(list) - 1; j >= 0 && n > 0; j-- {
		a := list[j]
		if !w.identified(a) && strings.HasPrefix(w.payments[a.Payment].Fingerprint, mark) {
			part := min(n, a.Amount)
			n -= part
			w.cut(a, part)
		}
	}
}

// cut lessens an allocation; its payment follows when it only is a ledger's word.
func (w *writing) cut(a *store.Allocation, n int64) {
	if n == 0 {
		return
	}
	w.remember("allocation", a.ID, *a)
	a.Amount -= n
	w.setAllocs = append(w.setAllocs, a)
	w.recount[a.Item] = true
	p := w.payments[a.Payment]
	if p == nil {
		return
	}
	w.recountPay[p.ID] = true
	if p.Source == cash.Asserted {
		w.changePayment(p, -n)
	}
}

// changePayment moves the amount of a payment that a ledger asserts.
func (w *writing) changePayment(p *store.Payment, n int64) {
	if !w.setPayments[p.ID] {
		w.remember("payment", int64(p.ID), *p)
		w.setPayments[p.ID] = true
	}
	p.Amount.Minor += n
}

// grow adds to what a ledger asserts, on the day that it states.
func (w *writing) grow(in *incoming, doc *store.Doc, i int, n int64) {
	day, dated := doc.Issued, false
	for k := range in.parts {
		if in.item(k) == i {
			day, dated = paidDay(doc, &in.parts[k], w.m.day), !in.parts[k].settled.IsZero()
		}
	}
	p := w.assertedPayment(doc, day, dated)
	for _, a := range w.allocs[doc.Items[i].ID] {
		if old := w.payments[a.Payment]; old != nil && old.Fingerprint == p.Fingerprint {
			w.changePayment(old, n)
			w.addAllocation(old, doc, i, n)
			return
		}
	}
	for _, same := range w.newPayments {
		if same.Fingerprint == p.Fingerprint {
			same.Amount.Minor += n
			w.addAllocation(same, doc, i, n)
			return
		}
	}
	p.Amount.Minor = n
	w.reuse = append(w.reuse, p.Fingerprint)
	w.newPayments = append(w.newPayments, p)
	w.addAllocation(p, doc, i, n)
}

func (w *writing) addAllocation(p *store.Payment, doc *store.Doc, i int, n int64) {
	w.newAllocs = append(w.newAllocs, pendingAllocation{p, doc, i, n})
	if it := &doc.Items[i]; it.ID != 0 {
		w.recount[it.ID] = true
	}
	if p.ID != 0 {
		w.recountPay[p.ID] = true
	}
}

// release frees what settles closed items and what exceeds the amount of the others, then gives
// freed payments to the items that still have room, the oldest due first.
func (w *writing) release(doc *store.Doc) {
	freed := map[*store.Payment]int64{}
	var order []*store.Payment
	for i := range doc.Items {
		it := &doc.Items[i]
		room := it.Amount
		if it.Closed {
			room, it.Open = 0, 0
		}
		for _, a := range w.allocs[it.ID] {
			keep := min(room, a.Amount)
			room -= keep
			over := a.Amount - keep
			if p := w.payments[a.Payment]; p != nil && over > 0 {
				if freed[p] == 0 {
					order = append(order, p)
				}
				freed[p] += over
			}
			w.cut(a, over)
		}
	}
	for _, p := range order {
		if p.Source == cash.Identified {
			w.spread(p, doc, freed[p])
		}
	}
}

// spread gives a payment to the items of an invoice that have room; what is left stays the
// customer's credit.
func (w *writing) spread(p *store.Payment, doc *store.Doc, n int64) {
	for i := range doc.Items {
		if doc.Items[i].Closed || n == 0 {
			continue
		}
		sure, stated := w.settles(doc, i)
		if part := min(n, doc.Items[i].Amount-sure-stated); part > 0 {
			n -= part
			w.addAllocation(p, doc, i, part)
		}
	}
}
