package app

import (
	"context"
	"fmt"
	"strconv"

	"relance/internal/domain/bill"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Refund is money given back to a customer who has a credit.
type Refund struct {
	Customer string       // code
	Payment  id.Payment   // whose rest is given back; zero: Credit
	Credit   string       // number of the credit note that is given back
	Amount   money.Amount // zero: all that is left of it
	Date     cal.Date     // zero: the desk's day
	Why      string
}

// Refund records money given back: a debit of the customer's account, settled at once by the credit that it
// uses up. It gives the number of that debit.
func (d *Desk) Refund(ctx context.Context, r Refund) (number string, err error) {
	defer fault.Wrap(&err, "refund")
	err = d.update(ctx, org.VerbImport, func(m *moment) error {
		number, err = m.refund(r)
		return err
	})
	return number, err
}

func (m *moment) refund(r Refund) (string, error) {
	if r.Date.IsZero() {
		r.Date = m.day
	}
	var p *store.Payment
	var note *store.Doc
	var left money.Amount
	var c id.Customer
	var err error
	if r.Payment != 0 {
		if p, err = m.payment(r.Payment); err != nil {
			return "", err
		}
		left, c = money.Of(p.Rest, p.Amount.Currency), p.Customer
	} else {
		if note, err = m.creditNote(r.Credit); err != nil {
			return "", err
		}
		left, c = money.Of(openOf(note), note.Currency), note.Customer
	}
	if r.Amount.Minor == 0 {
		r.Amount = left
	}
	if r.Amount.Minor <= 0 || r.Amount.Minor > left.Minor {
		return "", fault.New(fault.Conflict, "app.refund.more", left)
	}
	number, err := m.nextNumber("refund", "RMB")
	if err != nil {
		return "", err
	}
	a := money.Of(r.Amount.Minor, left.Currency)
	doc := &store.Doc{Doc: bill.Doc{Customer: c, Number: number, Kind: bill.Refund, Issued: r.Date, Currency: a.Currency, Total: a, Payable: a,
		Prepaid: money.Of(0, a.Currency), DueSource: bill.DueStated, Reference: cutText(r.Why, 140)}, KnownOn: m.day}
	doc.Items = []store.Item{{Customer: c, Seq: 1, Due: r.Date, Amount: a.Minor, Open: a.Minor}}
	if err := m.InsertDocs(m.ctx, []*store.Doc{doc}); err != nil {
		return "", err
	}
	if p != nil {
		err = m.give(p, []gift{{doc.Items[0].ID, a.Minor}})
	} else {
		err = m.useCredit(note, doc, []gift{{doc.Items[0].ID, a.Minor}}, r.Date)
	}
	if err != nil {
		return "", err
	}
	m.touch(c)
	return number, m.note("refund", subject{customer: c, invoice: doc.ID}, map[string]any{"number": number, "amount": a.Minor, "currency": a.Currency,
		"date": r.Date, "why": r.Why})
}

// nextNumber is the next number of a document that the program itself issues: a continuous series a year.
func (m *moment) nextNumber(series, prefix string) (string, error) {
	if err := m.Deciding(m.ctx); err != nil { // one number at a time
		return "", err
	}
	y, _, _ := m.day.Civil()
	name := fmt.Sprintf("number.%s.%d", series, y)
	last, err := m.Setting(m.ctx, name)
	if err != nil {
		return "", err
	}
	n := 0
	if last != "" {
		if n, err = strconv.Atoi(last); err != nil {
			return "", err
		}
	}
	n++
	return fmt.Sprintf("%s-%d-%04d", prefix, y, n), m.SetSetting(m.ctx, name, strconv.Itoa(n))
}

// creditNote finds a credit note that is not used up.
func (m *moment) creditNote(number string) (*store.Doc, error) {
	doc, err := invoiceNamed(m.ctx, m.Tx, number)
	if err != nil {
		return nil, err
	}
	if doc.Kind != bill.CreditNote || openOf(doc) <= 0 {
		return nil, fault.New(fault.Conflict, "app.credit.none", number)
	}
	return doc, m.LockCustomers(m.ctx, []id.Customer{doc.Customer})
}

// useCredit lets a credit note settle items of its customer.
func (m *moment) useCredit(note, doc *store.Doc, gifts []gift, on cal.Date) error {
	if note.Customer != doc.Customer || note.Currency != doc.Currency {
		return fault.New(fault.Invalid, "app.payment.customers", doc.Number)
	}
	var list []*store.Allocation
	for _, g := range gifts {
		list = append(list, &store.Allocation{Customer: doc.Customer, Credit: note.ID, Item: g.item, Amount: g.amount,
			Day: cal.Later(on, cal.Later(note.Issued, doc.Issued))})
	}
	m.touch(doc.Customer)
	return m.creditSettles(list, itemsOfDocs([]*store.Doc{note}))
}

// creditSettles lets credit notes, whose own items are notes, settle what the allocations say.
func (m *moment) creditSettles(list []*store.Allocation, notes []id.Instalment) error {
	if err := m.InsertAllocations(m.ctx, list); err != nil {
		return err
	}
	items := make([]id.Instalment, len(list))
	for i, a := range list {
		items[i] = a.Item
	}
	if err := m.Recount(m.ctx, append(notes, items...), nil); err != nil {
		return err
	}
	docs, err := m.DocsOfItems(m.ctx, items)
	if err != nil {
		return err
	}
	if err := m.tellSettled(docs, items); err != nil {
		return err
	}
	return m.creditCloses(docs)
}

// UseCredit lets a credit note settle an invoice of the same customer (amount 0: as much as it can).
func (d *Desk) UseCredit(ctx context.Context, credit, invoice string, amount int64) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		note, err := m.creditNote(credit)
		if err != nil {
			return err
		}
		doc, err := invoiceNamed(m.ctx, m.Tx, invoice)
		if err != nil {
			return err
		}
		if amount < 0 || amount > openOf(note) {
			return fault.New(fault.Conflict, "app.refund.more", money.Of(openOf(note), note.Currency))
		}
		want := amount
		if want == 0 {
			want = openOf(note)
		}
		gifts, took := giveTo(doc, 0, want, false)
		if took == 0 || amount > 0 && took < amount {
			return fault.New(fault.Conflict, "app.settle.room", invoice, money.Of(openOf(doc), doc.Currency))
		}
		if err := m.useCredit(note, doc, gifts, m.day); err != nil {
			return err
		}
		if err := m.note("credit.used", subject{customer: doc.Customer, invoice: doc.ID}, map[string]any{"credit": credit, "invoice": invoice, "amount": took}); err != nil {
			return err
		}
		return m.voidTouched()
	})
}

// ReleaseCredit takes back what a credit note settled: the invoices are owed again where they stood.
func (d *Desk) ReleaseCredit(ctx context.Context, credit string) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		doc, err := invoiceNamed(m.ctx, m.Tx, credit)
		if err != nil {
			return err
		}
		allocs, err := m.AllocatedByCredit(m.ctx, doc.ID)
		if err != nil {
			return err
		}
		if len(allocs) == 0 {
			return fault.New(fault.Conflict, "app.credit.unused", credit)
		}
		if err := m.unsettle(nil, allocs); err != nil {
			return err
		}
		m.touch(doc.Customer)
		return m.note("credit.released", subject{customer: doc.Customer, invoice: doc.ID}, map[string]any{"credit": credit})
	})
}
