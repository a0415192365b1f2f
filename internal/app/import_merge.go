package app

import (
	"slices"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// load reads what settles the known invoices of the batch, once for all of them.
func (w *writing) load(known map[string]*store.Doc) error {
	var items []id.Instalment
	for _, d := range known {
		for _, it := range d.Items {
			if it.Open != it.Amount || it.Closed {
				items = append(items, it.ID)
			}
		}
	}
	if len(items) == 0 {
		return nil
	}
	list, err := w.m.AllocationsOn(w.m.ctx, items)
	if err != nil {
		return err
	}
	var pays []id.Payment
	for _, a := range list {
		w.allocs[a.Item] = append(w.allocs[a.Item], a)
		if a.Payment != 0 {
			pays = append(pays, a.Payment)
		}
	}
	ps, err := w.m.Payments(w.m.ctx, pays)
	for _, p := range ps {
		w.payments[p.ID] = p
	}
	return err
}

// change is what a file changes of a known invoice, for the journal and the report.
type change struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Is    string `json:"is"`
}

// merge lets a file complete or change a known invoice. Empty fields assert nothing.
func (w *writing) merge(in *incoming, doc *store.Doc, deb *debtor) error {
	if problem := contradicts(in, doc); problem != nil {
		w.refuse(in, *problem)
		return nil
	}
	if deb.id != doc.Customer {
		w.rep.warn(fault.Problem{Line: in.d.Line, Field: "customer", Value: deb.code, Key: "import.customer.kept", Args: []any{doc.Number}})
		var err error
		if deb, err = w.owner(doc.Customer); err != nil {
			return err
		}
	}
	was := *doc
	was.Items, was.Tags = slices.Clone(doc.Items), slices.Clone(doc.Tags)
	before := openOf(doc)
	w.useOf(doc)
	changes := w.mergeHead(in, doc)
	changes = append(changes, w.mergeParts(in, doc)...)
	settled := w.balance(in, doc)
	w.original(in)
	if len(in.d.Original) > 0 && doc.Original == "" {
		if err := w.keepOriginal(doc, &in.d); err != nil {
			return err
		}
		changes = append(changes, change{Field: "file", Is: in.d.FileName})
	}
	held, err := w.mergeHolds(in, doc)
	if err != nil {
		return err
	}
	w.matched(in, doc)
	if len(changes) == 0 && !settled && !held {
		w.rep.Unchanged++
		w.listed(doc, deb, "unchanged")
		return nil
	}
	w.rep.Updated++
	w.listed(doc, deb, "updated")
	w.touched[doc.Customer] = true
	w.remember("invoice", int64(doc.ID), was)
	w.setDocs = append(w.setDocs, doc)
	for i := range doc.Items {
		if it := &doc.Items[i]; it.ID != 0 {
			w.setItems = append(w.setItems, it)
			w.recount[it.ID] = true
		}
	}
	return w.tellChange(doc, changes, before)
}

// useOf notes what of a credit note settles invoices: it stands on their items, not on its own.
func (w *writing) useOf(doc *store.Doc) {
	for _, it := range doc.Items {
		if !it.Credit || it.Closed {
			continue
		}
		n := it.Amount - it.Open
		for _, a := range w.allocs[it.ID] {
			n -= a.Amount
		}
		w.used[it.ID] = n
	}
}

// tellChange keeps in the journal what changed, and counts what is settled or owed again.
func (w *writing) tellChange(doc *store.Doc, changes []change, before int64) error {
	about := subject{customer: doc.Customer, invoice: doc.ID}
	fact := func(more any) any {
		return struct {
			Invoice string `json:"invoice"`
			Import  int64  `json:"import"`
			File    string `json:"file"`
			What    any    `json:"what,omitempty"`
		}{doc.Number, int64(w.row.ID), w.rep.File, more}
	}
	if len(changes) > 0 {
		if err := w.m.note(journalChanged, about, fact(changes)); err != nil {
			return err
		}
	}
	switch after := openOf(doc); {
	case before > 0 && after == 0:
		w.rep.Settled++
		for _, it := range doc.Items {
			w.settled = append(w.settled, it.ID)
		}
		return w.m.note(journalSettled, about, fact(nil))
	case before == 0 && after > 0:
		w.rep.Reopened++
		return w.m.note(journalReopened, about, fact(nil))
	}
	return nil
}

// contradicts tells whether the file speaks of another document under the same number.
func contradicts(in *incoming, doc *store.Doc) *fault.Problem {
	switch {
	case (in.d.Kind == bill.CreditNote) != (doc.Kind == bill.CreditNote):
		return &fault.Problem{Line: in.d.Line, Field: "kind", Value: string(in.d.Kind), Key: "import.known.kind", Args: []any{doc.Number}}
	case in.d.Currency != doc.Currency:
		return &fault.Problem{Line: in.d.Line, Field: "currency", Value: string(in.d.Currency), Key: "import.known.currency", Args: []any{doc.Number}}
	}
	return nil
}

func openOf(doc *store.Doc) (n int64) {
	for _, it := range doc.Items {
		n += it.Open
	}
	return n
}

// mergeHead completes and changes what an invoice says beside its instalments.
func (w *writing) mergeHead(in *incoming, doc *store.Doc) (changes []change) {
	d := &in.d
	text := func(field string, to *string, v string) {
		if v != "" && v != *to {
			changes = append(changes, change{field, *to, v})
			*to = v
		}
	}
	day := func(field string, to *cal.Date, v cal.Date) {
		if !v.IsZero() && v != *to {
			changes = append(changes, change{field, to.String(), v.String()})
			*to = v
		}
	}
	day("issued", &doc.Issued, d.Issued)
	day("received", &doc.Received, d.Received)
	day("delivered", &doc.Delivered, d.Delivered)
	day("maturity", &doc.Maturity, d.Maturity)
	text("reference", &doc.Reference, d.Reference)
	text("order", &doc.Order, d.Order)
	text("payment_method", &doc.PaymentMethod, d.Method)
	text("pay_url", &doc.PayURL, d.PayURL)
	text("assigned_to", &doc.AssignedTo, d.AssignedTo)
	text("pay_to", &doc.PayTo, d.PayTo)
	if d.Kind != bill.Invoice && d.Kind != doc.Kind {
		changes = append(changes, change{"kind", string(doc.Kind), string(d.Kind)})
		doc.Kind = d.Kind
	}
	if len(d.Tags) > 0 && !slices.Equal(d.Tags, doc.Tags) {
		changes = append(changes, change{Field: "tags"})
		doc.Tags = d.Tags
	}
	if !in.openOnly && d.Payable.Minor != doc.Payable.Minor {
		changes = append(changes, change{"amount", doc.Payable.Decimal(), d.Payable.Decimal()})
		doc.Payable = d.Payable
		doc.Prepaid = money.Of(d.Prepaid.Minor, doc.Currency)
		doc.Total = money.Of(d.Total.Minor, doc.Currency)
	}
	return changes
}

// mergeParts matches instalments by due date and amount, then by order. One that is gone is
// closed, never deleted (PRODUCT.md §7). A balance alone says nothing of amounts.
func (w *writing) mergeParts(in *incoming, doc *store.Doc) (changes []change) {
	free := make([]int, 0, len(doc.Items))
	for i, it := range doc.Items {
		if !it.Closed {
			free = append(free, i)
		}
	}
	to := pair(in, doc, free)
	used := map[int]bool{}
	for i := range in.parts {
		p := &in.parts[i]
		if to[i] < 0 {
			it := store.Item{Customer: doc.Customer, Invoice: doc.ID, Seq: len(doc.Items) + 1, Due: p.due, Amount: p.amount,
				Open: p.amount, Credit: doc.Kind == bill.CreditNote}
			if it.Due.IsZero() {
				it.Due = doc.Items[len(doc.Items)-1].Due
			}
			doc.Items = append(doc.Items, it)
			to[i] = len(doc.Items) - 1
			used[to[i]] = true
			w.newItems = append(w.newItems, newItem{doc, to[i]})
			changes = append(changes, change{"instalment", "", it.Due.String()})
			continue
		}
		used[to[i]] = true
		it := &doc.Items[to[i]]
		if !p.due.IsZero() && p.due != it.Due {
			changes = append(changes, change{"due", it.Due.String(), p.due.String()})
			it.Due, doc.DueSource = p.due, bill.DueStated
		} else if !p.due.IsZero() && doc.DueSource != bill.DueStated {
			changes = append(changes, change{"due_source", string(doc.DueSource), string(bill.DueStated)})
			doc.DueSource = bill.DueStated
		}
		if !in.openOnly && p.amount != it.Amount {
			it.Open += p.amount - it.Amount
			it.Amount = p.amount
			changes = append(changes, change{Field: "instalment"})
		}
	}
	if !in.openOnly {
		for _, i := range free {
			if !used[i] {
				doc.Items[i].Closed = true
				changes = append(changes, change{"instalment", doc.Items[i].Due.String(), ""})
			}
		}
	}
	in.at = to
	return changes
}

// pair gives each part the place of its instalment, −1 for a new one.
func pair(in *incoming, doc *store.Doc, free []int) []int {
	to := make([]int, len(in.parts))
	taken := map[int]bool{}
	match := func(fits func(p *part, it *store.Item) bool) {
		for i := range in.parts {
			if to[i] >= 0 {
				continue
			}
			for _, j := range free {
				if !taken[j] && fits(&in.parts[i], &doc.Items[j]) {
					to[i], taken[j] = j, true
					break
				}
			}
		}
	}
	for i := range to {
		to[i] = -1
	}
	match(func(p *part, it *store.Item) bool { return p.due == it.Due && p.amount == it.Amount })
	match(func(p *part, it *store.Item) bool { return p.due == it.Due })
	match(func(p *part, it *store.Item) bool { return true })
	return to
}

// item is the place of a part in its document: new invoices keep the order of their parts.
func (in *incoming) item(i int) int {
	if in.at == nil {
		return i
	}
	return in.at[i]
}

// identified tells whether an allocation is more than a ledger's own word: it came with a dated
// payment or a credit note, and nothing that a ledger asserts takes it away.
func (w *writing) identified(a *store.Allocation) bool {
	return a.Payment == 0 || w.payments[a.Payment] == nil || w.payments[a.Payment].Source == cash.Identified
}
