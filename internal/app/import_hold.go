package app

import (
	"slices"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// bankingDays is how long a direct debit is given to come back (PRODUCT.md §3 rule 6).
const bankingDays = 3

// wantedOn lists the holds that a file asks for on the item of part i.
func (w *writing) wantedOn(doc *store.Doc, in *incoming, i int) []wanted {
	list := append([]wanted(nil), in.holds...)
	p := &in.parts[i]
	if p.disputed != nil && *p.disputed > 0 {
		h := wanted{reason: dunning.HoldDispute, from: doc.Issued, amount: *p.disputed}
		if h.amount >= p.amount {
			h.amount = 0 // the whole
		}
		list = append(list, h)
	}
	if doc.Kind == bill.Retention && !slices.ContainsFunc(list, func(h wanted) bool { return h.reason == dunning.HoldPause }) {
		// Retention money is never chased by default (PRODUCT.md §6): somebody lifts the pause when it is released.
		list = append(list, wanted{reason: dunning.HoldPause, from: doc.Issued, key: "import.hold.retention"})
	}
	if !doc.Maturity.IsZero() && doc.Kind != bill.CreditNote {
		switch cash.Method(doc.PaymentMethod) {
		case cash.Bill:
			list = append(list, wanted{reason: dunning.HoldBill, from: doc.Issued, until: doc.Maturity})
		case cash.DirectDebit:
			list = append(list, wanted{reason: dunning.HoldDirectDebit, from: doc.Issued,
				until: w.m.company.Profile.Calendar.AddWorkingDays(doc.Maturity, bankingDays)})
		}
	}
	return list
}

// setHolds makes what the file asks for stand on a document's items; live are the holds that
// stand there already. It tells whether anything changed.
func (w *writing) setHolds(doc *store.Doc, in *incoming, live []store.Hold) (changed bool, err error) {
	for i := range in.parts {
		item := doc.Items[in.item(i)].ID
		for _, want := range w.wantedOn(doc, in, i) {
			same := false
			for _, h := range live {
				if h.Item != item || h.Reason != want.reason {
					continue
				}
				if same = h.Until == want.until && h.Amount == want.amount; !same && h.Imported != 0 {
					if err := w.endHold(h); err != nil {
						return changed, err
					}
				}
				same = same || h.Imported == 0 // a person's own decision stands
			}
			if same {
				continue
			}
			changed, w.held[item] = true, true
			key := want.key
			if key == "" {
				key = "import.hold." + string(want.reason)
			}
			why := i18n.T(language(w.m.company, &party.Customer{}), key)
			if err := w.m.InsertHold(w.m.ctx, &store.Hold{Customer: doc.Customer, Imported: w.row.ID, Hold: dunning.Hold{
				Item: item, Reason: want.reason, From: want.from, Until: want.until, Amount: want.amount, Why: why, Owner: w.m.actor.Name}}); err != nil {
				return changed, err
			}
		}
		if p := &in.parts[i]; p.disputed != nil && *p.disputed == 0 {
			for _, h := range live {
				if h.Item == item && h.Reason == dunning.HoldDispute && h.Imported != 0 {
					changed = true
					if err := w.endHold(h); err != nil {
						return changed, err
					}
				}
			}
		}
	}
	return changed, nil
}

func (w *writing) endHold(h store.Hold) error {
	w.remember("hold", int64(h.ID), h)
	return w.m.EndHold(w.m.ctx, h.ID, w.m.day, "")
}

// mergeHolds is setHolds and setLevels for a known document. New instalments have no identifier
// yet: they are written first.
func (w *writing) mergeHolds(in *incoming, doc *store.Doc) (changed bool, err error) {
	asks := false
	for i := range in.parts {
		p := &in.parts[i]
		asks = asks || p.disputed != nil || p.level != nil || !p.sentOn.IsZero() || len(w.wantedOn(doc, in, i)) > 0
	}
	if !asks {
		return false, nil
	}
	if err := w.insertItems(); err != nil {
		return false, err
	}
	all, err := w.m.HoldsOf(w.m.ctx, []id.Customer{doc.Customer})
	if err != nil {
		return false, err
	}
	paid := map[id.Instalment]bool{}
	for _, it := range doc.Items {
		paid[it.ID] = it.Open == 0
	}
	var live []store.Hold
	for _, h := range all {
		if h.EndedOn.IsZero() || h.EndedWhy == store.Settled && paid[h.Item] { // it stands again when the item owes again
			live = append(live, h)
		}
	}
	if changed, err = w.setHolds(doc, in, live); err != nil {
		return changed, err
	}
	items := make([]id.Instalment, len(doc.Items))
	for i := range doc.Items {
		items[i] = doc.Items[i].ID
	}
	states, err := w.m.States(w.m.ctx, items)
	if err != nil {
		return changed, err
	}
	levelled, err := w.setLevels(doc, in, states)
	return changed || levelled, err
}

// setLevels puts items where the file says that another program's reminders left them (rule 4);
// an item that has moved here since is left alone.
func (w *writing) setLevels(doc *store.Doc, in *incoming, known map[id.Instalment]store.State) (changed bool, err error) {
	for i := range in.parts {
		p, it := &in.parts[i], &doc.Items[in.item(i)]
		if p.level == nil && p.sentOn.IsZero() && !in.review || it.Credit {
			continue
		}
		if s, moved := known[it.ID]; moved && (s.Step != "" || s.Review || s.Pending != "") {
			continue
		}
		st := store.State{Item: it.ID, Customer: doc.Customer, State: dunning.State{Review: in.review}}
		if p.level != nil || !p.sentOn.IsZero() {
			level := 1
			if p.level != nil {
				level = *p.level
			}
			sc, step, err := w.stepAt(doc, level)
			if err != nil {
				return changed, err
			}
			if step < 0 {
				continue
			}
			day := cal.Later(p.sentOn, 0)
			if day.IsZero() { // not told: not before it was due
				day = it.Due
			}
			s := &sc.Steps[step]
			st.Scenario, st.State = w.known.catalog.idOf[sc], st.State.Sent(s.ID, sc.Level(step), day, 0)
			w.actions = append(w.actions, store.Action{Item: it.ID, Customer: doc.Customer, Scenario: sc.Name, Step: s.ID,
				State: "entry", Day: day, Level: sc.Level(step)})
		}
		if known != nil {
			w.remember("state", int64(it.ID), known[it.ID])
		}
		w.states = append(w.states, st)
		changed = true
	}
	return changed, nil
}

// stepAt finds the step that carries a level in the scenario that a customer follows; a level
// beyond the last is the last, a level 0 the notice before the due date.
func (w *writing) stepAt(doc *store.Doc, level int) (*dunning.Scenario, int, error) {
	cu, err := w.customer(doc.Customer)
	if err != nil {
		return nil, -1, err
	}
	cat := w.known.catalog
	sc := cat.latest[cat.nameFor(cu, openOf(doc))]
	if sc == nil {
		return nil, -1, nil
	}
	found := -1
	for i := range sc.Steps {
		kind := sc.Steps[i].Kind
		if level == 0 && kind == dunning.PreDue {
			return sc, i, nil
		}
		if level > 0 && (kind == dunning.Reminder || kind == dunning.FormalNotice) && sc.Level(i) <= level {
			found = i
		}
	}
	return sc, found, nil
}

// readLevelled reads the customers of the new invoices that come with a level, once for all of them:
// the scenario that each follows says which step carries it.
func (w *writing) readLevelled() error {
	var ids []id.Customer
	seen := map[id.Customer]bool{}
	for _, f := range w.fresh {
		for i := range f.in.parts {
			if p, c := &f.in.parts[i], f.doc.Customer; (p.level != nil || !p.sentOn.IsZero()) && !seen[c] && w.customers[c] == nil {
				seen[c], ids = true, append(ids, c)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	list, err := w.m.Customers(w.m.ctx, ids)
	for i := range list {
		w.customers[list[i].ID] = &list[i]
	}
	return err
}

func (w *writing) customer(c id.Customer) (*party.Customer, error) {
	if cu := w.customers[c]; cu != nil {
		return cu, nil
	}
	cu, err := w.m.Customer(w.m.ctx, c)
	if err != nil {
		return nil, err
	}
	w.customers[c] = &cu
	return &cu, nil
}

func (w *writing) owner(c id.Customer) (*debtor, error) {
	cu, err := w.customer(c)
	if err != nil {
		return nil, err
	}
	return debtorOf(cu), nil
}

// insertItems writes instalments that the file added to known invoices.
func (w *writing) insertItems() error {
	for _, n := range w.newItems {
		it := &n.doc.Items[n.item]
		if err := w.m.InsertItem(w.m.ctx, it, n.doc.Currency); err != nil {
			return err
		}
		w.recount[it.ID] = true
	}
	w.newItems = nil
	return nil
}
