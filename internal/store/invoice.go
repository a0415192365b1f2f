package store

import (
	"context"

	"relance/internal/domain/bill"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Doc is an invoice as it is kept: the document, what its ledger asserts as paid, the file it
// came from and its instalments with what is open on them.
type Doc struct {
	bill.Doc
	Asserted int64  // cumulative paid amount, as the ledger says
	Original string // SHA-256 of the original document, "" for none
	FileName string
	Imported id.Import
	KnownOn  cal.Date // the day it was first imported
	Items    []Item
}

// Item is an instalment as it is kept. Open is the ledger's sum: Amount − allocations.
type Item struct {
	ID       id.Instalment
	Customer id.Customer
	Invoice  id.Invoice
	Seq      int
	Due      cal.Date
	Amount   int64
	Open     int64
	Credit   bool // an instalment of a credit note: it is in the customer's favour
	Closed   bool
	PaidOn   cal.Date // the day of the last allocation, once nothing is open
}

// parts counts the instalments that still stand.
func (d *Doc) parts() (n int) {
	for _, it := range d.Items {
		if !it.Closed {
			n++
		}
	}
	return n
}

func sign(credit bool) int64 {
	if credit {
		return -1
	}
	return 1
}

// InsertDocs creates invoices with their items and gives each its identifiers.
func (tx *Tx) InsertDocs(ctx context.Context, docs []*Doc) error {
	heads, items := make([][]any, 0, len(docs)), make([][]any, 0, len(docs))
	for _, d := range docs {
		n, err := tx.NewID(ctx)
		if err != nil {
			return err
		}
		d.ID = id.Invoice(n)
		heads = append(heads, []any{d.ID, tx.company, d.Customer, d.Number, string(d.Kind), d.Issued.String(), d.Received.String(),
			d.Delivered.String(), string(d.Currency), d.Total.Minor, d.Prepaid.Minor, d.Payable.Minor, d.Reference, d.Order,
			d.PaymentMethod, d.Maturity.String(), string(d.DueSource), d.PayURL, words(d.Tags), d.AssignedTo, d.PayTo,
			d.Original, d.FileName, d.parts(), d.Asserted, d.Imported, d.KnownOn.String()})
		for i := range d.Items {
			it := &d.Items[i]
			it.Invoice, it.Customer = d.ID, d.Customer
			row, err := tx.itemRow(ctx, it, d.Currency)
			if err != nil {
				return err
			}
			items = append(items, row)
		}
	}
	columns, heads := lean([]string{"id", "company", "customer", "number", "kind", "issued", "received",
		"delivered", "currency", "total", "prepaid", "payable", "reference", "order_no", "payment_method", "maturity",
		"due_source", "pay_url", "tags", "assigned_to", "pay_to", "original", "file_name", "parts", "asserted", "imported", "known_on"}, heads, invoiceDefaults)
	if err := tx.insertMany(ctx, "invoice", columns, heads); err != nil {
		return err
	}
	columns, items = lean(itemColumns, items, itemDefaults)
	return tx.insertMany(ctx, "item", columns, items)
}

var itemColumns = []string{"id", "company", "customer", "invoice", "seq", "due", "currency", "amount", "open", "sign", "closed", "paid_on"}

func (tx *Tx) itemRow(ctx context.Context, it *Item, c money.Currency) ([]any, error) {
	n, err := tx.NewID(ctx)
	if err != nil {
		return nil, err
	}
	it.ID = id.Instalment(n)
	return []any{it.ID, tx.company, it.Customer, it.Invoice, it.Seq, it.Due.String(), string(c), it.Amount, it.Open,
		sign(it.Credit), bit(it.Closed), it.PaidOn.String()}, nil
}

// InsertItem adds an instalment to an invoice.
func (tx *Tx) InsertItem(ctx context.Context, it *Item, c money.Currency) error {
	row, err := tx.itemRow(ctx, it, c)
	if err != nil {
		return err
	}
	return tx.insertMany(ctx, "item", itemColumns, [][]any{row})
}

// UpdateDoc keeps every field of an invoice but its items.
func (tx *Tx) UpdateDoc(ctx context.Context, d *Doc) error {
	_, err := tx.exec(ctx, `UPDATE invoice SET customer = $3, kind = $4, issued = $5, received = $6, delivered = $7,
		currency = $8, total = $9, prepaid = $10, payable = $11, reference = $12, order_no = $13, payment_method = $14,
		maturity = $15, due_source = $16, pay_url = $17, tags = $18, assigned_to = $19, pay_to = $20, original = $21,
		file_name = $22, asserted = $23, parts = $24 WHERE id = $1 AND company = $2`,
		d.ID, tx.company, d.Customer, string(d.Kind), d.Issued.String(), d.Received.String(), d.Delivered.String(),
		string(d.Currency), d.Total.Minor, d.Prepaid.Minor, d.Payable.Minor, d.Reference, d.Order, d.PaymentMethod,
		d.Maturity.String(), string(d.DueSource), d.PayURL, words(d.Tags), d.AssignedTo, d.PayTo, d.Original, d.FileName, d.Asserted, d.parts())
	return err
}

// UpdateItems keeps the due date, amounts and state of items; their customer never changes.
func (tx *Tx) UpdateItems(ctx context.Context, items []*Item) error {
	rows := make([][]any, len(items))
	for i, it := range items {
		rows[i] = []any{it.ID, tx.company, it.Due.String(), it.Amount, it.Open, bit(it.Closed), it.PaidOn.String()}
	}
	return tx.execMany(ctx, `UPDATE item SET due = $3, amount = $4, open = $5, closed = $6, paid_on = $7
		WHERE id = $1 AND company = $2`, rows)
}

const docSelect = `SELECT d.id, d.customer, d.number, d.kind, d.issued, d.received, d.delivered, d.currency, d.total,
	d.prepaid, d.payable, d.reference, d.order_no, d.payment_method, d.maturity, d.due_source, d.pay_url, d.tags,
	d.assigned_to, d.pay_to, d.original, d.file_name, d.asserted, d.imported, d.known_on,
	i.id, i.seq, i.due, i.amount, i.open, i.closed, i.paid_on, i.sign
	FROM invoice d JOIN item i ON i.invoice = d.id `

func (tx *Tx) docs(ctx context.Context, where string, args ...any) (list []*Doc, err error) {
	var last *Doc
	err = tx.each(ctx, docSelect+where, args, func(scan func(...any) error) error {
		var d Doc
		var it Item
		var tags string
		var sign int64
		if err := scan(&d.ID, &d.Customer, &d.Number, &d.Kind, on(&d.Issued), on(&d.Received), on(&d.Delivered), &d.Currency,
			&d.Total.Minor, &d.Prepaid.Minor, &d.Payable.Minor, &d.Reference, &d.Order, &d.PaymentMethod, on(&d.Maturity),
			&d.DueSource, &d.PayURL, &tags, &d.AssignedTo, &d.PayTo, &d.Original, &d.FileName, &d.Asserted, &d.Imported,
			on(&d.KnownOn), &it.ID, &it.Seq, on(&it.Due), &it.Amount, &it.Open, yes(&it.Closed), on(&it.PaidOn), &sign); err != nil {
			return err
		}
		if last == nil || last.ID != d.ID {
			d.Total.Currency, d.Prepaid.Currency, d.Payable.Currency = d.Currency, d.Currency, d.Currency
			d.Tags = split(tags)
			last = &d
			list = append(list, last)
		}
		it.Invoice, it.Customer, it.Credit = last.ID, last.Customer, sign < 0
		last.Items = append(last.Items, it)
		return nil
	})
	return list, err
}

// DocsByNumber finds invoices of the company by number, with their items.
func (tx *Tx) DocsByNumber(ctx context.Context, numbers []string) ([]*Doc, error) {
	return tx.docs(ctx, `WHERE d.company = $1 AND `+tx.keyed("invoice", "d", "number")+` ORDER BY d.id, i.seq`, tx.company, texts(tx, numbers))
}

// Docs finds invoices of the company by identifier, with their items.
func (tx *Tx) Docs(ctx context.Context, ids []id.Invoice) ([]*Doc, error) {
	return tx.docs(ctx, `WHERE +d.company = $1 AND `+tx.among("d.id", 2)+` ORDER BY d.id, i.seq`, tx.company, ints(tx, ids))
}

// DocsOf lists the invoices of customers, oldest first.
func (tx *Tx) DocsOf(ctx context.Context, customers []id.Customer) ([]*Doc, error) {
	return tx.docs(ctx, `WHERE +d.company = $1 AND `+tx.among("d.customer", 2)+` ORDER BY d.customer, d.issued, d.number, d.id, i.seq`,
		tx.company, ints(tx, customers))
}

// OpenDocs lists the invoices with something open, for a snapshot of open items.
func (tx *Tx) OpenDocs(ctx context.Context) ([]*Doc, error) {
	return tx.docs(ctx, `WHERE d.company = $1 AND d.id IN (SELECT invoice FROM item WHERE company = $1 AND open <> 0)
		ORDER BY d.id, i.seq`, tx.company)
}

// DeleteDoc takes back an invoice that has no history: the undo of an import.
func (tx *Tx) DeleteDoc(ctx context.Context, n id.Invoice) error {
	if _, err := tx.exec(ctx, `DELETE FROM item WHERE invoice = $1 AND company = $2`, n, tx.company); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM invoice WHERE id = $1 AND company = $2`, n, tx.company)
	return err
}
