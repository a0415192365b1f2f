package app

import (
	"relance/internal/domain/cash"
	"relance/internal/domain/journal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

const journalAbsent journal.Kind = "invoice.absent"

// settleAbsent settles what a list of everything open no longer holds (PRODUCT.md §6): the open
// invoices of the ledger whose number is not in the file, refused lines included. They stay where
// they stand in their scenario, so that one that returns goes on from there.
func (fi *fileImport) settleAbsent() error {
	fi.rep.Absent = []AbsentItem{} // a list that lacks nothing says so
	var gone []id.Invoice
	err := fi.step(func(m *moment) error {
		docs, err := m.OpenDocs(m.ctx)
		if err != nil {
			return err
		}
		for _, d := range docs {
			if !fi.inFile(d.Number) && fi.sums[string(d.Currency)] != nil && d.Imported != fi.row.ID {
				gone = append(gone, d.ID)
			}
		}
		return nil
	})
	for err == nil && len(gone) > 0 {
		n := min(len(gone), together/4)
		err = fi.step(func(m *moment) error { return fi.absent(m, gone[:n]) })
		gone = gone[n:]
	}
	return err
}

func (fi *fileImport) inFile(number string) bool {
	if fi.names != nil { // a ledger export: its documents were counted as they were taken
		return fi.numbers[number]
	}
	return fi.seen.holds(number)
}

func (fi *fileImport) absent(m *moment, list []id.Invoice) error {
	docs, err := m.Docs(m.ctx, list)
	if err != nil {
		return err
	}
	var owners []id.Customer
	for _, d := range docs {
		owners = append(owners, d.Customer)
	}
	customers, err := m.Customers(m.ctx, owners)
	if err != nil {
		return err
	}
	code := map[id.Customer]string{}
	for _, c := range customers {
		code[c.ID] = c.Code
	}
	w := newWriting(fi, m)
	for _, d := range docs {
		open := openOf(d)
		fi.rep.Absent = append(fi.rep.Absent, AbsentItem{Number: d.Number, Customer: code[d.Customer], Open: money.Of(signed(d.Kind, open), d.Currency)})
		p := &store.Payment{Payment: cash.Payment{Customer: d.Customer, Date: m.day, Amount: money.Of(open, d.Currency), Source: cash.Asserted,
			Reference: fi.row.Name}, InvoiceNo: d.Number, Imported: fi.row.ID, Fingerprint: absentMark + d.Number + "\x1f" + fi.row.SHA256}
		w.newPayments = append(w.newPayments, p)
		w.reuse = append(w.reuse, p.Fingerprint)
		w.remember("invoice", int64(d.ID), *d)
		for i := range d.Items {
			if it := &d.Items[i]; it.Open > 0 {
				w.addAllocation(p, d, i, it.Open)
				w.settled = append(w.settled, it.ID)
			}
		}
		fi.touched[d.Customer] = true
		fi.rep.Settled++
		if err := m.note(journalAbsent, subject{customer: d.Customer, invoice: d.ID}, absentFact{d.Number, fi.row.Name, int64(fi.row.ID), open}); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	return fi.keepBefore(m)
}

// absentFact is what the journal keeps: settled "absent from the export of …".
type absentFact struct {
	Invoice string `json:"invoice"`
	Export  string `json:"absent_from"`
	Import  int64  `json:"import"`
	Open    int64  `json:"open"`
}
