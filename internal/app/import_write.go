package app

import (
	"slices"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// writing gathers what one batch writes, so that each table is written once.
type writing struct {
	*fileImport
	m *moment

	docs     []*store.Doc
	fresh    []fresh // what new invoices come with
	allocs   map[id.Instalment][]*store.Allocation
	payments map[id.Payment]*store.Payment

	newPayments []*store.Payment
	newAllocs   []pendingAllocation
	setPayments map[id.Payment]bool
	setAllocs   []*store.Allocation
	setDocs     []*store.Doc
	setItems    []*store.Item
	newItems    []newItem
	recount     map[id.Instalment]bool
	recountPay  map[id.Payment]bool
	states      []store.State
	actions     []store.Action
	settled     []id.Instalment
	held        map[id.Instalment]bool // by this batch
	customers   map[id.Customer]*party.Customer
	used        map[id.Instalment]int64 // what of a credit note's item settles invoices
	reuse       []string                // fingerprints of asserted payments that may exist already
}

// fresh is a new invoice with the payments its file asserts and what it says of its items.
type fresh struct {
	doc *store.Doc
	in  *incoming
	pay []share
}

// share is what an asserted payment gives to an item.
type share struct {
	item   int // place in the document
	day    cal.Date
	dated  bool
	amount int64
}

// pendingAllocation is an allocation whose payment or item has no identifier yet.
type pendingAllocation struct {
	payment *store.Payment
	doc     *store.Doc
	item    int
	amount  int64
}

type newItem struct {
	doc  *store.Doc
	item int
}

func newWriting(fi *fileImport, m *moment) *writing {
	return &writing{fileImport: fi, m: m, allocs: map[id.Instalment][]*store.Allocation{}, payments: map[id.Payment]*store.Payment{},
		setPayments: map[id.Payment]bool{}, held: map[id.Instalment]bool{}, recount: map[id.Instalment]bool{}, recountPay: map[id.Payment]bool{},
		customers: map[id.Customer]*party.Customer{}, used: map[id.Instalment]int64{}}
}

// create makes a new invoice.
func (w *writing) create(in *incoming, deb *debtor) error {
	d := &in.d
	doc := &store.Doc{Doc: bill.Doc{Customer: deb.id, Number: d.Number, Kind: d.Kind, Issued: d.Issued, Received: d.Received,
		Delivered: d.Delivered, Currency: d.Currency, Total: d.Total, Prepaid: d.Prepaid, Payable: d.Payable, Reference: d.Reference,
		Order: d.Order, PaymentMethod: d.Method, Maturity: d.Maturity, DueSource: bill.DueStated, PayURL: d.PayURL, Tags: d.Tags,
		AssignedTo: d.AssignedTo, PayTo: d.PayTo}, FileName: d.FileName, Imported: w.row.ID, KnownOn: w.m.day}
	if doc.Total.Currency == "" {
		doc.Total = d.Payable
	}
	if doc.Prepaid.Currency == "" {
		doc.Prepaid = money.Of(0, d.Currency)
	}
	if d.BuyerReference != "" && doc.Reference == "" {
		doc.Reference = d.BuyerReference
	}
	f := fresh{doc: doc, in: in}
	for i, p := range in.parts {
		due := p.due
		if due.IsZero() && d.Kind == bill.CreditNote {
			due = d.Issued
		}
		if due.IsZero() {
			var problem *fault.Problem
			if due, doc.DueSource, problem = w.dueDate(in, deb); problem != nil {
				w.refuse(in, *problem)
				return nil
			}
		}
		it := store.Item{Customer: deb.id, Seq: i + 1, Due: due, Amount: p.amount, Open: p.amount, Credit: d.Kind == bill.CreditNote}
		if p.paid != nil && *p.paid > 0 {
			s := share{item: i, day: paidDay(doc, &p, w.m.day), dated: !p.settled.IsZero(), amount: min(*p.paid, p.amount)}
			doc.Asserted += s.amount
			it.Open -= s.amount
			if it.Open == 0 {
				it.PaidOn = s.day
			}
			f.pay = append(f.pay, s)
		}
		doc.Items = append(doc.Items, it)
	}
	w.original(in)
	if len(d.Original) > 0 {
		if err := w.keepOriginal(doc, d); err != nil {
			return err
		}
	}
	w.docs, w.fresh = append(w.docs, doc), append(w.fresh, f)
	w.touched[deb.id] = true
	w.rep.Created++
	w.matched(in, doc)
	w.listed(doc, deb, "created")
	return nil
}

// paidDay is the day of a payment that a ledger asserts: the one it states, else that of the
// invoice. An undated payment counts from the beginning: nobody is chased for it on any day.
func paidDay(doc *store.Doc, p *part, today cal.Date) cal.Date {
	switch {
	case !p.settled.IsZero():
		return p.settled
	case !doc.Issued.IsZero():
		return doc.Issued
	case !p.due.IsZero():
		return min(p.due, today)
	}
	return today
}

// keepOriginal stores the document's own bytes.
func (w *writing) keepOriginal(doc *store.Doc, d *bill.Draft) error {
	if w.dry != nil {
		return nil
	}
	sha, err := w.d.store.Files().Put(w.ctx, d.Original, d.MediaType)
	if err != nil {
		return err
	}
	doc.Original = sha
	if d.FileName != "" {
		doc.FileName = d.FileName
	}
	return nil
}

// assertedPayment is the payment by which a ledger's own word settles an invoice.
func (w *writing) assertedPayment(doc *store.Doc, day cal.Date, dated bool) *store.Payment {
	key := "asserted:"
	if dated {
		key = "settled:"
	}
	return &store.Payment{Payment: cash.Payment{Customer: doc.Customer, Date: day, Amount: money.Of(0, doc.Currency),
		Method: methodOf(doc), Source: cash.Asserted}, InvoiceNo: doc.Number, Imported: w.row.ID,
		Fingerprint: key + doc.Number + "\x1f" + day.String()}
}

func methodOf(doc *store.Doc) cash.Method {
	switch m := cash.Method(doc.PaymentMethod); m {
	case cash.Transfer, cash.Cheque, cash.Bill, cash.DirectDebit, cash.Card, cash.Cash:
		return m
	}
	return cash.Unspecified
}

// flush writes the batch.
func (w *writing) flush() error {
	m := w.m
	if err := m.InsertDocs(m.ctx, w.docs); err != nil {
		return err
	}
	if err := w.readLevelled(); err != nil {
		return err
	}
	for _, f := range w.fresh {
		if err := w.settleFresh(f); err != nil {
			return err
		}
	}
	if err := w.insertItems(); err != nil {
		return err
	}
	for _, d := range w.setDocs {
		if err := m.UpdateDoc(m.ctx, d); err != nil {
			return err
		}
	}
	if err := m.UpdateItems(m.ctx, w.setItems); err != nil {
		return err
	}
	if err := w.flushPayments(); err != nil {
		return err
	}
	if err := m.SaveStates(m.ctx, w.states); err != nil {
		return err
	}
	if err := m.InsertActions(m.ctx, w.actions); err != nil {
		return err
	}
	if len(w.settled) > 0 {
		n, err := m.WaitingOn(m.ctx, w.settled)
		if err != nil {
			return err
		}
		w.rep.Cancelled += n
		return m.closeNotices(w.settled)
	}
	return nil
}

func (w *writing) flushPayments() error {
	m := w.m
	if err := w.reuseAsserted(); err != nil {
		return err
	}
	if err := m.InsertPayments(m.ctx, slices.DeleteFunc(w.newPayments, func(p *store.Payment) bool { return p.ID != 0 })); err != nil {
		return err
	}
	allocs := make([]*store.Allocation, len(w.newAllocs))
	for i, p := range w.newAllocs {
		it := &p.doc.Items[p.item]
		// Money that came before the invoice was issued is a credit until that day.
		allocs[i] = &store.Allocation{Customer: p.doc.Customer, Payment: p.payment.ID, Item: it.ID, Amount: p.amount,
			Day: cal.Later(p.payment.Date, p.doc.Issued), Imported: w.row.ID}
	}
	if err := m.InsertAllocations(m.ctx, allocs); err != nil {
		return err
	}
	for _, a := range w.setAllocs {
		if err := m.SetAllocation(m.ctx, a); err != nil {
			return err
		}
	}
	for n := range w.setPayments {
		if err := m.SetPayment(m.ctx, w.payments[n]); err != nil {
			return err
		}
	}
	items, pays := make([]id.Instalment, 0, len(w.recount)), make([]id.Payment, 0, len(w.recountPay))
	for i := range w.recount {
		items = append(items, i)
	}
	for p := range w.recountPay {
		pays = append(pays, p)
	}
	if err := m.Recount(m.ctx, items, pays); err != nil {
		return err
	}
	return m.holdsFollowItems(w.holdable(items))
}

// holdable are the items that a hold may stand on: of a document that this batch creates, those that its file holds.
func (w *writing) holdable(items []id.Instalment) []id.Instalment {
	free := map[id.Instalment]bool{}
	for _, d := range w.docs {
		for _, it := range d.Items {
			free[it.ID] = !w.held[it.ID]
		}
	}
	return slices.DeleteFunc(items, func(n id.Instalment) bool { return free[n] })
}

// settleFresh adds what a new invoice's file asserts: payments, holds, levels.
func (w *writing) settleFresh(f fresh) error {
	byDay := map[string]*store.Payment{}
	for _, s := range f.pay {
		p := w.assertedPayment(f.doc, s.day, s.dated)
		if same := byDay[p.Fingerprint]; same != nil {
			p = same
		} else {
			byDay[p.Fingerprint] = p
			w.newPayments = append(w.newPayments, p)
		}
		p.Amount.Minor += s.amount
		w.newAllocs = append(w.newAllocs, pendingAllocation{p, f.doc, s.item, s.amount})
	}
	if err := w.credit(f.doc, f.in); err != nil {
		return err
	}
	if _, err := w.setHolds(f.doc, f.in, nil); err != nil {
		return err
	}
	_, err := w.setLevels(f.doc, f.in, nil)
	return err
}

// reuseAsserted finds the payments that the ledger asserted before and took back since: the same
// day of the same invoice is the same row again.
func (w *writing) reuseAsserted() error {
	if len(w.reuse) == 0 {
		return nil
	}
	known, err := w.m.PaymentsByFingerprint(w.m.ctx, w.reuse)
	if err != nil {
		return err
	}
	for _, k := range known {
		for _, p := range w.newPayments {
			if p.Fingerprint == k.Fingerprint && p.ID == 0 {
				if w.payments[k.ID] == nil {
					w.payments[k.ID] = k
				}
				old := w.payments[k.ID]
				w.changePayment(old, p.Amount.Minor)
				p.ID = old.ID
			}
		}
	}
	return nil
}

// credit lets a credit note settle the invoice that it corrects, when that leaves no choice: it
// names one known invoice of the same customer and currency (PRODUCT.md §7).
func (w *writing) credit(doc *store.Doc, in *incoming) error {
	if doc.Kind != bill.CreditNote || in.d.Preceding == "" || openOf(doc) == 0 {
		return nil
	}
	list, err := w.m.DocsByNumber(w.m.ctx, []string{in.d.Preceding})
	if err != nil {
		return err
	}
	if len(list) != 1 || list[0].Customer != doc.Customer || list[0].Currency != doc.Currency || list[0].Kind == bill.CreditNote {
		w.rep.warn(fault.Problem{Line: in.d.Line, Field: "preceding", Value: in.d.Preceding, Key: "import.preceding"})
		return nil
	}
	corrected, left := list[0], openOf(doc)
	before := openOf(corrected)
	day := cal.Later(doc.Issued, corrected.Issued)
	var allocs []*store.Allocation
	for i := range corrected.Items {
		it := &corrected.Items[i]
		part := min(left, it.Open)
		if part <= 0 {
			continue
		}
		left -= part
		it.Open -= part
		allocs = append(allocs, &store.Allocation{Customer: doc.Customer, Credit: doc.ID, Item: it.ID, Amount: part, Day: day, Imported: w.row.ID})
		w.recount[it.ID] = true
	}
	doc.Items[0].Open = left
	w.recount[doc.Items[0].ID] = true
	if err := w.m.InsertAllocations(w.m.ctx, allocs); err != nil {
		return err
	}
	if err := w.m.creditCloses([]*store.Doc{corrected}); err != nil {
		return err
	}
	return w.tellChange(corrected, nil, before)
}
