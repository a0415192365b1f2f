package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/party"
	"relance/internal/format/table"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// takePayments takes a list of payments.
func (fi *fileImport) takePayments() error {
	var batch []*cash.Draft
	var failed error
	flush := func() error {
		list := batch
		batch = nil
		return fi.step(func(m *moment) error { return fi.applyPayments(m, list) })
	}
	err := fi.sheet.ReadPayments(&fi.mean, func(d *cash.Draft, n *table.Notes) bool {
		fi.rep.warn(n.Warnings...)
		fi.rep.Read++
		fi.advanceLine()
		if len(n.Errors) == 0 && d.Amount.Minor <= 0 {
			// Money given back, or a payment that came back: a fact of another kind, for a person.
			n.Errors = append(n.Errors, fault.Problem{Line: d.Line, Field: "amount", Value: d.Amount.Decimal(), Key: "import.payment.negative"})
		}
		if fi.refused(n) {
			return true
		}
		one := *d
		batch = append(batch, &one)
		if len(batch) >= together/4 {
			failed = flush()
		}
		return failed == nil
	})
	if failed == nil && err == nil && len(batch) > 0 {
		failed = flush()
	}
	if failed != nil {
		return failed
	}
	return err
}

// payer is what is known of one payment's customer and invoices.
type payer struct {
	customer *party.Customer
	docs     []*store.Doc // that it names
}

// applyPayments records one batch: each payment once, then what it settles.
func (fi *fileImport) applyPayments(m *moment, batch []*cash.Draft) error {
	who, err := fi.payers(m, batch)
	if err != nil {
		return err
	}
	prints := make([]string, len(batch))
	for i, d := range batch {
		fi.digest(d.Customer, d.Date.String(), d.Amount.String(), d.Invoice, d.Reference)
		if who[i].customer != nil {
			prints[i] = fi.fingerprint(d, who[i].customer.ID)
		}
	}
	list, err := m.PaymentsByFingerprint(m.ctx, prints)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, p := range list {
		known[p.Fingerprint] = true
	}
	var fresh []*store.Payment
	var from []payer
	for i, d := range batch {
		switch {
		case who[i].customer == nil:
			fi.rep.Rejected++
			fi.rep.fail(fault.Problem{Line: d.Line, Field: "customer", Value: d.Customer, Key: "import.customer.unknown"})
		case known[prints[i]]:
			fi.rep.Unchanged++
		default:
			if d.Invoice != "" && len(who[i].docs) == 0 {
				fi.rep.warn(fault.Problem{Line: d.Line, Field: "invoice", Value: d.Invoice, Key: "import.invoice.unknown"})
			}
			fi.rep.Created++
			fresh = append(fresh, &store.Payment{Payment: cash.Payment{Customer: who[i].customer.ID, Date: d.Date, Amount: d.Amount,
				Method: d.Method, Reference: d.Reference, Source: cash.Identified}, InvoiceNo: d.Invoice, Fingerprint: prints[i],
				Rest: d.Amount.Minor, Imported: fi.row.ID})
			from = append(from, who[i])
		}
	}
	if err := m.InsertPayments(m.ctx, fresh); err != nil {
		return err
	}
	for i, p := range fresh {
		if err := fi.settlePayment(m, p, from[i]); err != nil {
			return err
		}
	}
	return fi.keepBefore(m)
}

// fingerprint is what makes a payment the same in another file; the n-th of the same in one file
// is its own: two identical payments are two payments.
func (fi *fileImport) fingerprint(d *cash.Draft, c id.Customer) string {
	key := fmt.Sprintf("%d\x00%s\x00%s\x00%s\x00%s", c, d.Date, d.Amount, strings.ToUpper(d.Invoice), store.NameKey(d.Reference))
	fi.nth[key]++
	h := sha256.Sum256([]byte(fmt.Sprintf("%s\x00%d", key, fi.nth[key])))
	return hex.EncodeToString(h[:16])
}

// payers finds the customer and the named invoices of payments. A reference that is the number of
// an invoice of the same customer names it too.
func (fi *fileImport) payers(m *moment, batch []*cash.Draft) ([]payer, error) {
	var names, numbers []string
	for _, d := range batch {
		if d.Customer != "" {
			names = append(names, d.Customer)
		}
		numbers = append(numbers, numbersIn(d)...)
	}
	customers, err := customersNamed(m, names)
	if err != nil {
		return nil, err
	}
	docs, err := m.DocsByNumber(m.ctx, numbers)
	if err != nil {
		return nil, err
	}
	byNumber := map[string]*store.Doc{}
	var owners []id.Customer
	for _, d := range docs {
		byNumber[d.Number] = d
		owners = append(owners, d.Customer)
	}
	list, err := m.Customers(m.ctx, owners)
	if err != nil {
		return nil, err
	}
	byID := map[id.Customer]*party.Customer{}
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	out := make([]payer, len(batch))
	for i, d := range batch {
		p := payer{customer: customers[d.Customer]}
		for _, n := range numbersIn(d) {
			doc := byNumber[n]
			if doc == nil || doc.Kind == bill.CreditNote || doc.Currency != d.Amount.Currency {
				continue
			}
			if p.customer == nil && (d.Customer == "" || d.Invoice != "") {
				p.customer = byID[doc.Customer]
			}
			// A payer may pay for its subsidiary: the invoice decides where the money goes.
			if p.customer != nil && (p.customer.ID == doc.Customer || d.Invoice != "") {
				if d.Invoice != "" {
					p.customer = byID[doc.Customer]
				}
				p.docs = append(p.docs, doc)
			}
		}
		out[i] = p
	}
	return out, nil
}

// numbersIn lists the invoice numbers that a payment may name.
func numbersIn(d *cash.Draft) []string {
	if d.Invoice == "" {
		if d.Reference == "" {
			return nil
		}
		return []string{d.Reference}
	}
	return numbersNamed(d.Invoice)
}

// settlePayment gives a payment to the invoices it names, else to the only one that is open for
// exactly its amount; what settles nothing stays the customer's credit. What the ledger asserted
// as paid on these invoices gives way to it, up to its amount (PRODUCT.md §7).
func (fi *fileImport) settlePayment(m *moment, p *store.Payment, from payer) error {
	fi.touched[p.Customer] = true
	numbers := make([]string, 0, len(from.docs))
	for _, d := range from.docs {
		numbers = append(numbers, d.Number)
	}
	docs, err := m.DocsByNumber(m.ctx, numbers) // as the payments before this one left them
	if err != nil {
		return err
	}
	if len(docs) == 0 {
		if docs, err = fi.onlyMatch(m, p); err != nil {
			return err
		}
	}
	if err := m.note(journalPayment, subject{customer: p.Customer}, paymentFact{p.Date.String(), p.Amount.Minor, string(p.Amount.Currency),
		string(p.Method), p.Reference, numbers, int64(fi.row.ID)}); err != nil {
		return err
	}
	w := newWriting(fi, m)
	w.payments[p.ID] = p
	left := p.Amount.Minor
	for _, doc := range docs {
		if left == 0 {
			break
		}
		if err := w.load(map[string]*store.Doc{doc.Number: doc}); err != nil {
			return err
		}
		before := openOf(doc)
		left -= w.identify(p, doc, left)
		w.recountPay[p.ID] = true
		if err := w.tellChange(doc, nil, before); err != nil {
			return err
		}
	}
	return w.flush()
}

type paymentFact struct {
	Date      string   `json:"date"`
	Amount    int64    `json:"amount"`
	Currency  string   `json:"currency"`
	Method    string   `json:"method,omitempty"`
	Reference string   `json:"reference,omitempty"`
	Invoices  []string `json:"invoices,omitempty"`
	Import    int64    `json:"import"`
}

// onlyMatch is the invoice that is open for exactly the amount, when there is only one.
func (fi *fileImport) onlyMatch(m *moment, p *store.Payment) ([]*store.Doc, error) {
	docs, err := m.DocsOf(m.ctx, []id.Customer{p.Customer})
	if err != nil {
		return nil, err
	}
	var found []*store.Doc
	for _, d := range docs {
		if d.Kind != bill.CreditNote && d.Currency == p.Amount.Currency && openOf(d) == p.Amount.Minor {
			found = append(found, d)
		}
	}
	switch len(found) {
	case 0:
		return nil, fi.nameByLine(m, p, docs)
	case 1:
		return found, nil
	}
	return nil, nil
}

// nameByLine says what a payment without an invoice pays when a bank line of its amount and days has told it
// already: it is that payment, and takes its place.
func (fi *fileImport) nameByLine(m *moment, p *store.Payment, docs []*store.Doc) error {
	allocs, err := m.AllocationsOf(m.ctx, []id.Customer{p.Customer})
	if err != nil {
		return err
	}
	byID, err := m.paymentsOf(allocs)
	if err != nil {
		return err
	}
	var it id.Payment
	var numbers []string
	for _, a := range allocs {
		x := byID[a.Payment]
		if x == nil || x.Line == 0 || !bornOf(x) || !x.CancelledOn.IsZero() || x.Kind != cash.Money || x.Amount != p.Amount ||
			max(x.Date.Sub(p.Date), p.Date.Sub(x.Date)) > knownWithin {
			continue
		}
		if it != 0 && it != x.ID {
			return nil // one of several
		}
		it = x.ID
		for _, d := range docs {
			for _, item := range d.Items {
				if item.ID == a.Item {
					numbers = appendNew(numbers, d.Number)
				}
			}
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	p.InvoiceNo = strings.Join(numbers, ",")
	return m.NamePayment(m.ctx, p.ID, p.InvoiceNo)
}

// identify gives n of an identified payment to an invoice: it replaces what the ledger asserted,
// then settles what is open. It gives what was used.
func (w *writing) identify(p *store.Payment, doc *store.Doc, n int64) (used int64) {
	for i := range doc.Items {
		it := &doc.Items[i]
		if it.Closed || it.Credit {
			continue
		}
		_, stated := w.settles(doc, i)
		if part := min(n-used, stated); part > 0 {
			w.shrink(it, part, "")
			w.addAllocation(p, doc, i, part)
			used += part
		}
	}
	for i := range doc.Items {
		it := &doc.Items[i]
		if it.Closed || it.Credit {
			continue
		}
		sure, stated := w.settles(doc, i)
		if part := min(n-used, it.Amount-sure-stated); part > 0 {
			w.addAllocation(p, doc, i, part)
			used += part
		}
		sure, stated = w.settles(doc, i)
		it.Open = it.Amount - sure - stated
	}
	return used
}
