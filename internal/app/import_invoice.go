package app

import (
	"fmt"
	"slices"
	"time"

	"relance/internal/domain/bill"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// holdWriter is how long one transaction of an import may hold the writer: DESIGN.md rule 3 says
// 200 ms at most, and the last batch of one still comes after this.
const holdWriter = 90 * time.Millisecond

// book is what holds for a whole file.
type book struct {
	terms   cal.Terms // of customers that have none
	source  bill.DueSource
	catalog *catalog
}

func (d *Desk) book(m *moment) (*book, error) {
	b := &book{terms: cal.Terms{Kind: cal.Net, Days: 30}, source: bill.DueDefault}
	if t, err := cal.ParseTerms(m.company.Profile.DefaultTerms); err == nil && m.company.Profile.DefaultTerms != "" {
		b.terms, b.source = t, bill.DueTerms
	}
	var err error
	b.catalog, err = d.catalog(m.ctx, m.Tx, m.company.Profile.Scenario)
	return b, err
}

// applyAll applies batches as they come, as many in one transaction as the writer may be held.
func (fi *fileImport) applyAll(batches <-chan []*incoming) error {
	grown := 2 * together // then at each sixteenfold
	for {
		if fi.rep.Created > grown && fi.dry == nil {
			grown *= 16
			if err := fi.step(func(m *moment) error { return m.Refresh(m.ctx) }); err != nil {
				return err
			}
		}
		batch, ok := <-batches
		if !ok {
			return nil
		}
		err := fi.step(func(m *moment) error {
			start := time.Now() // how long the writer is held is no fact of the ledger
			for {
				if err := fi.apply(m, batch); err != nil {
					return err
				}
				if time.Since(start) > holdWriter {
					return nil
				}
				select {
				case next, more := <-batches:
					if !more {
						return nil
					}
					batch = next
				default:
					return nil
				}
			}
		})
		if err != nil {
			return err
		}
	}
}

// apply decides and writes one batch.
func (fi *fileImport) apply(m *moment, batch []*incoming) error {
	batch = fi.accept(batch)
	known, err := fi.knownDocs(m, batch)
	if err != nil {
		return err
	}
	if err := fi.debtorsOf(m, batch, known); err != nil {
		return err
	}
	w := newWriting(fi, m)
	if err := w.load(known); err != nil {
		return err
	}
	for _, in := range batch {
		deb := fi.debtors.of(&in.d.Customer)
		if doc := known[in.d.Number]; doc != nil {
			err = w.merge(in, doc, deb)
		} else {
			err = w.create(in, deb)
		}
		if err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	return fi.keepBefore(m)
}

// knownDocs finds the invoices of the batch that the ledger holds. An empty ledger holds none: one
// import runs at a time, and a number comes once in a file.
func (fi *fileImport) knownDocs(m *moment, batch []*incoming) (map[string]*store.Doc, error) {
	if fi.first {
		return nil, nil
	}
	numbers := make([]string, len(batch))
	for i, in := range batch {
		numbers[i] = in.d.Number
	}
	list, err := m.DocsByNumber(m.ctx, numbers)
	known := make(map[string]*store.Doc, len(list))
	for _, d := range list {
		known[d.Number] = d
	}
	return known, err
}

// accept counts the batch and leaves out what is refused.
func (fi *fileImport) accept(batch []*incoming) []*incoming {
	good := make([]*incoming, 0, len(batch))
	for _, in := range batch {
		fi.rep.warn(in.warns...)
		if in.skip {
			continue
		}
		fi.rep.Read++
		fi.advanceLine()
		in.finish()
		fi.digest(in.d.Number, string(in.d.Kind), in.d.Customer.Code, in.d.Customer.Name, in.d.Issued.String())
		for _, p := range in.parts {
			fi.digest(p.due.String(), fmt.Sprint(p.amount, said(p.paid), said(p.disputed)))
		}
		fi.sum(in)
		if len(in.errs) > 0 {
			fi.refuse(in)
			continue
		}
		good = append(good, in)
	}
	return good
}

func said(n *int64) any {
	if n == nil {
		return ""
	}
	return *n
}

// refuse counts an invoice that is not taken.
func (fi *fileImport) refuse(in *incoming, more ...fault.Problem) {
	fi.rep.Rejected++
	fi.rep.fail(in.errs...)
	fi.rep.fail(more...)
	if in.d.Payable.Currency != "" {
		fi.differ(in.d.Payable.Currency, Difference{Number: in.d.Number, Customer: in.d.Customer.Code, Key: "import.differs.rejected",
			File: signed(in.d.Kind, in.owes())})
	}
}

// owes is what the file says is still owed of an invoice.
func (in *incoming) owes() (n int64) {
	for _, p := range in.parts {
		n += p.amount
		if p.paid != nil {
			n -= min(*p.paid, p.amount)
		}
	}
	return n
}

func signed(k bill.Kind, n int64) int64 {
	if k == bill.CreditNote {
		return -n
	}
	return n
}

// finish settles what needs all the lines of an invoice.
func (in *incoming) finish() {
	slices.SortStableFunc(in.parts, func(a, b part) int { return int(a.due - b.due) })
	in.spreadPaid()
	if in.d.Kind == bill.CreditNote && len(in.parts) > 1 { // money in the customer's favour falls due at once
		one := in.parts[0]
		for _, p := range in.parts[1:] {
			one.amount += p.amount
			if p.paid != nil {
				sum := *p.paid
				if one.paid != nil {
					sum += *one.paid
				}
				one.paid = &sum
			}
		}
		in.parts = []part{one}
	}
}

// debtorsOf finds the customer of every invoice of the batch: the one that a known invoice already
// has, else by its draft, else a new one.
func (fi *fileImport) debtorsOf(m *moment, batch []*incoming, known map[string]*store.Doc) error {
	drafts := make([]*party.Draft, len(batch))
	for i, in := range batch {
		drafts[i] = &in.d.Customer
	}
	missing, find, err := fi.lookUp(m, drafts)
	if err != nil || len(missing) == 0 {
		return err
	}
	unknown := map[string]bool{}
	for _, d := range missing {
		unknown[draftKey(d)] = true
	}
	for _, in := range batch {
		k := draftKey(&in.d.Customer)
		if doc := known[in.d.Number]; doc != nil && unknown[k] {
			if err := fi.adopt(m, doc.Customer, &in.d.Customer); err != nil {
				return err
			}
			delete(unknown, k)
		}
	}
	missing = slices.DeleteFunc(missing, func(d *party.Draft) bool { return !unknown[draftKey(d)] })
	return fi.createAll(m, missing, find)
}

// adopt lets a known invoice say who a customer is: the file names by another code or name the
// one who already owes it ("a second source completes it, never duplicates it").
func (fi *fileImport) adopt(m *moment, c id.Customer, d *party.Draft) error {
	if err := m.LockCustomers(m.ctx, []id.Customer{c}); err != nil {
		return err
	}
	cu, err := m.Customer(m.ctx, c)
	if err != nil {
		return err
	}
	was := cu
	fi.fill(&cu, d, false)
	if d.Code != "" && madeUp(&was) {
		cu.Code = d.Code
	}
	if d.Name != "" && was.Name == was.Code {
		cu.Name = d.Name
	}
	fi.debtors.met(d, &cu)
	return fi.saveCustomer(m, &was, &cu)
}

// dueDate fills a due date that the file does not state: the line's own terms, the customer's,
// the company's, else 30 days (L441-10 I).
func (fi *fileImport) dueDate(in *incoming, deb *debtor) (cal.Date, bill.DueSource, *fault.Problem) {
	terms, source := fi.known.terms, fi.known.source
	if t, err := cal.ParseTerms(deb.terms); err == nil && deb.terms != "" {
		terms, source = t, bill.DueTerms
	}
	if t, err := cal.ParseTerms(in.d.Terms); err == nil && in.d.Terms != "" {
		terms, source = t, bill.DueTerms
	}
	if in.estimated {
		source = bill.DueEstimated
	}
	due, err := terms.Due(cal.Dates{Issued: in.d.Issued, Delivered: in.d.Delivered, Received: in.d.Received}, "")
	if err != nil {
		return 0, "", &fault.Problem{Line: in.d.Line, Field: "due", Key: "import.due.none"}
	}
	return due, source, nil
}

// listed adds an invoice to the report.
func (fi *fileImport) listed(doc *store.Doc, deb *debtor, outcome string) {
	if fi.o.Summary {
		return
	}
	i := ImportedInvoice{Number: doc.Number, Kind: string(doc.Kind), Customer: deb.code, Outcome: outcome, Issued: doc.Issued,
		DueSource: string(doc.DueSource), Total: doc.Total, Prepaid: doc.Prepaid, Payable: doc.Payable}
	for _, it := range doc.Items {
		if !it.Closed {
			i.Due = append(i.Due, it.Due)
			i.Open += it.Open
		}
	}
	fi.rep.Invoices = append(fi.rep.Invoices, i)
}

func (fi *fileImport) advanceLine() {
	const lineSize = 100 // about: the bar moves, it does not account
	fi.advance(lineSize)
}

// digest adds to the fingerprint of what the rows say.
func (fi *fileImport) digest(words ...string) {
	for _, w := range words {
		fi.rows.Write([]byte(w))
		fi.rows.Write([]byte{0})
	}
}
