package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// PaymentDraft is a payment as a person states it. With neither invoice nor parts, the law's order shares it
// among the customer's debts (C. civ. 1342-10); OnAccount keeps it all as a credit.
type PaymentDraft struct {
	Customer  string // code; may be empty when an invoice is named
	Invoice   string // the debt that the debtor designated
	Parts     []PaymentPart
	Date      cal.Date // zero: the desk's day
	Amount    money.Amount
	Method    cash.Method
	Reference string
	Kind      cash.Kind // what settles in the place of money, and Why
	Why       string
	OnAccount bool
}

// PaymentPart is what a payment settles of an invoice; Instalment 0 is the whole of it, in order.
type PaymentPart struct {
	Invoice    string
	Instalment int
	Amount     int64
}

// AddPayment records a payment by hand and what it settles. What no debt takes stays the customer's credit.
func (d *Desk) AddPayment(ctx context.Context, p PaymentDraft) (row *store.Payment, err error) {
	defer fault.Wrap(&err, "payment.add")
	err = d.update(ctx, org.VerbImport, func(m *moment) error {
		row, err = m.addPayment(p)
		return err
	})
	return row, err
}

func (m *moment) addPayment(p PaymentDraft) (*store.Payment, error) {
	if p.Date.IsZero() {
		p.Date = m.day
	}
	if p.Amount.Currency == "" {
		p.Amount.Currency = money.EUR
	}
	if p.Amount.Minor <= 0 || p.Amount.Minor > money.Max {
		return nil, fault.New(fault.Invalid, "app.payment.amount")
	}
	if p.Date > m.day {
		return nil, fault.New(fault.Invalid, "app.payment.ahead", p.Date)
	}
	c, gifts, err := m.imputed(&p)
	if err != nil {
		return nil, err
	}
	print := make([]byte, 16)
	if _, err := rand.Read(print); err != nil {
		return nil, err
	}
	row := &store.Payment{Payment: cash.Payment{Customer: c.ID, Date: p.Date, Amount: p.Amount, Method: p.Method,
		Reference: cutText(p.Reference, 140), Source: cash.Identified, Kind: p.Kind}, InvoiceNo: p.Invoice,
		Fingerprint: "hand:" + hex.EncodeToString(print), Rest: p.Amount.Minor}
	if err := m.receive(row, gifts); err != nil {
		return nil, err
	}
	kind := journalPayment
	if p.Kind != cash.Money {
		kind = "payment.adjusted"
	}
	if err := m.note(kind, subject{customer: c.ID}, map[string]any{"date": p.Date, "amount": p.Amount.Minor, "currency": p.Amount.Currency,
		"method": p.Method, "reference": row.Reference, "kind": p.Kind, "why": p.Why}); err != nil {
		return nil, err
	}
	if err := m.touchCommitted(); err != nil {
		return nil, err
	}
	if err := m.voidTouched(); err != nil {
		return nil, err
	}
	return row, m.releaseWaiting()
}

// voidTouched makes void what waits to leave to the customers whom this change touches.
func (m *moment) voidTouched() error {
	who := make([]id.Customer, 0, len(m.touched))
	for c := range m.touched {
		who = append(who, c)
	}
	slices.Sort(who)
	return m.voidWaiting(who...)
}

// imputed finds the customer of a payment and what it settles.
func (m *moment) imputed(p *PaymentDraft) (c party.Customer, gifts []gift, err error) {
	if p.Invoice != "" && len(p.Parts) == 0 {
		p.Parts = []PaymentPart{{Invoice: p.Invoice}}
	}
	if p.Customer != "" {
		if c, err = m.customerCoded(p.Customer); err != nil {
			return c, nil, err
		}
	}
	if len(p.Parts) == 0 {
		if c.ID == 0 {
			return c, nil, fault.New(fault.Invalid, "app.payment.customer")
		}
		if p.OnAccount {
			return c, nil, nil
		}
		gifts, err = m.byLaw(c, p.Amount, p.Date)
		return c, gifts, err
	}
	left := p.Amount.Minor
	for i, part := range p.Parts {
		doc, err := invoiceNamed(m.ctx, m.Tx, part.Invoice)
		if err != nil {
			return c, nil, err
		}
		if doc.Kind == bill.CreditNote || doc.Currency != p.Amount.Currency {
			return c, nil, fault.New(fault.Invalid, "app.settle.currency", doc.Number, string(doc.Currency))
		}
		if i == 0 && (p.Customer == "" || c.ID != doc.Customer) {
			// A payer may pay for its subsidiary: the invoice decides where the money goes.
			if c, err = m.Customer(m.ctx, doc.Customer); err != nil {
				return c, nil, err
			}
		}
		if doc.Customer != c.ID {
			return c, nil, fault.New(fault.Invalid, "app.payment.customers", doc.Number)
		}
		want := part.Amount
		if want == 0 {
			want = left
		}
		list, took := giveTo(doc, part.Instalment, min(want, left), p.Kind == cash.Money)
		if part.Amount > 0 && took < part.Amount {
			return c, nil, fault.New(fault.Conflict, "app.settle.room", doc.Number, money.Of(openOf(doc), doc.Currency))
		}
		gifts, left = append(gifts, list...), left-took
	}
	if p.Kind != cash.Money && left > 0 {
		return c, nil, fault.New(fault.Conflict, "app.settle.more", money.Of(left, p.Amount.Currency))
	}
	return c, gifts, nil
}

// giveTo shares n among the instalments of an invoice, in their order. Money takes the place of what the ledger
// only asserts.
func giveTo(doc *store.Doc, instalment int, n int64, overStated bool) (gifts []gift, took int64) {
	for _, it := range doc.Items {
		if it.Closed || it.Credit || instalment != 0 && it.Seq != instalment {
			continue
		}
		if part := min(n-took, it.Open); part > 0 {
			gifts = append(gifts, gift{it.ID, part})
			took += part
		}
	}
	if took > 0 || !overStated || doc.Asserted == 0 {
		return gifts, took
	}
	for _, it := range doc.Items { // settled by the ledger's word alone: the payment confirms it
		if part := min(n-took, it.Amount, doc.Asserted-took); part > 0 && !it.Closed && !it.Credit {
			gifts = append(gifts, gift{it.ID, part})
			took += part
		}
	}
	return gifts, took
}

// byLaw shares a payment for which nobody designated a debt.
func (m *moment) byLaw(c party.Customer, a money.Amount, on cal.Date) ([]gift, error) {
	docs, err := m.DocsOf(m.ctx, []id.Customer{c.ID})
	if err != nil {
		return nil, err
	}
	costs := 0
	if c.EffectiveKind().BearsLateInterest() {
		// Whether it costs the debtor something is what ranks it: every debt of one kind bears the same rate.
		costs = 1
	}
	var debts []cash.Debt
	for _, d := range docs {
		for _, it := range d.Items {
			if d.Currency == a.Currency && !it.Closed && !it.Credit && it.Open > 0 {
				debts = append(debts, cash.Debt{Item: it.ID, Number: d.Number, Seq: it.Seq, Issued: d.Issued, Due: it.Due, Open: it.Open, RateBP: costs})
			}
		}
	}
	parts, _ := cash.Impute(a.Minor, a.Currency, on, debts)
	gifts := make([]gift, len(parts))
	for i, p := range parts {
		gifts[i] = gift{p.Item, p.Amount}
	}
	return gifts, nil
}

func (m *moment) customerCoded(code string) (party.Customer, error) {
	c, err := m.CustomerByCode(m.ctx, code)
	if fault.Of(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "app.no-customer", code)
	}
	return c, err
}

func paymentNo(ctx context.Context, tx *store.Tx, n id.Payment) (*store.Payment, error) {
	p, err := tx.Payment(ctx, n)
	if fault.Of(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "app.payment.none", int(n))
	}
	return p, err
}

// payment finds a payment that still counts.
func (m *moment) payment(n id.Payment) (*store.Payment, error) {
	p, err := paymentNo(m.ctx, m.Tx, n)
	switch {
	case err != nil:
		return nil, err
	case !p.CancelledOn.IsZero():
		return nil, fault.New(fault.Conflict, "app.payment.cancelled", p.CancelledOn)
	}
	return p, m.LockCustomers(m.ctx, []id.Customer{p.Customer})
}

// AllocatePayment lets what a payment has left settle invoices.
func (d *Desk) AllocatePayment(ctx context.Context, n id.Payment, parts []PaymentPart) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		p, err := m.payment(n)
		if err != nil {
			return err
		}
		if p.Rest <= 0 {
			return fault.New(fault.Conflict, "app.payment.used")
		}
		draft := &PaymentDraft{Parts: parts, Date: p.Date, Amount: money.Of(p.Rest, p.Amount.Currency), Kind: cash.Money}
		c, err := m.Customer(m.ctx, p.Customer)
		if err != nil {
			return err
		}
		draft.Customer = c.Code
		owner, gifts, err := m.imputed(draft)
		if err != nil {
			return err
		}
		if owner.ID != p.Customer {
			return fault.New(fault.Invalid, "app.payment.customers", parts[0].Invoice)
		}
		if err := m.give(p, gifts); err != nil {
			return err
		}
		if err := m.note("payment.allocated", subject{customer: p.Customer}, map[string]any{"payment": n}); err != nil {
			return err
		}
		return m.voidTouched()
	})
}

// ReleasePayment takes back what a payment settled: its items are owed again where they stood, it is the
// customer's credit.
func (d *Desk) ReleasePayment(ctx context.Context, n id.Payment) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		p, err := m.payment(n)
		if err != nil {
			return err
		}
		if p.Source != cash.Identified || p.Kind != cash.Money {
			return fault.New(fault.Conflict, "app.payment.asserted")
		}
		allocs, err := m.AllocatedOf(m.ctx, n)
		if err != nil {
			return err
		}
		if err := m.unsettle(nil, allocs); err != nil {
			return err
		}
		if err := m.NamePayment(m.ctx, n, ""); err != nil { // a person has said that it pays something else
			return err
		}
		if err := m.Recount(m.ctx, nil, []id.Payment{n}); err != nil {
			return err
		}
		m.touch(p.Customer)
		return m.note("payment.released", subject{customer: p.Customer}, map[string]any{"payment": n, "amount": p.Amount.Minor})
	})
}

// CancelPayment takes back a payment that was entered by mistake: from that day what it settled is owed
// again, and stands where it stood in its scenario (behaviours.md 13). A bank line is re-opened instead.
func (d *Desk) CancelPayment(ctx context.Context, n id.Payment, why string) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		p, err := m.payment(n)
		if err != nil {
			return err
		}
		if p.Line != 0 {
			return fault.New(fault.Conflict, "app.payment.line")
		}
		if p.Source == cash.Asserted {
			return fault.New(fault.Conflict, "app.payment.asserted")
		}
		if err := m.reverse(p, m.day, why, 0, m.restate); err != nil {
			return err
		}
		return m.note("payment.cancelled", subject{customer: p.Customer}, map[string]any{"payment": n, "amount": p.Amount.Minor, "why": why})
	})
}

// reverse ends a payment on a day: what it settled is owed again from then on, and before that day the ledger
// says what it said. again says what becomes of what the ledger itself asserts of the items.
func (m *moment) reverse(p *store.Payment, on cal.Date, why string, line id.Line, again func([]id.Instalment) error) error {
	allocs, err := m.AllocatedOf(m.ctx, p.ID)
	if err != nil {
		return err
	}
	sums, order := map[id.Instalment]*store.Allocation{}, []id.Instalment{}
	for _, a := range allocs {
		if sums[a.Item] == nil {
			order = append(order, a.Item)
			sums[a.Item] = &store.Allocation{Customer: a.Customer, Payment: p.ID, Item: a.Item, Day: cal.Later(on, a.Day), Line: line}
		}
		sums[a.Item].Amount -= a.Amount
	}
	before, err := m.DocsOfItems(m.ctx, order)
	if err != nil {
		return err
	}
	if err := m.lockOwnersOf(before); err != nil {
		return err
	}
	var back []*store.Allocation
	for _, n := range order {
		if sums[n].Amount != 0 {
			back = append(back, sums[n])
		}
		m.touch(sums[n].Customer)
	}
	if err := m.InsertAllocations(m.ctx, back); err != nil {
		return err
	}
	p.CancelledOn, p.CancelWhy, p.BackLine = on, why, line
	if err := m.SetPayment(m.ctx, p); err != nil {
		return err
	}
	m.touch(p.Customer)
	if err := m.Recount(m.ctx, order, []id.Payment{p.ID}); err != nil {
		return err
	}
	if err := again(order); err != nil {
		return err
	}
	return m.tellReopened(before)
}

// WriteOff gives up a debt, or a part of it (amount 0: all that is open).
func (d *Desk) WriteOff(ctx context.Context, invoice string, instalment int, amount int64, why string) error {
	return d.adjustInvoice(ctx, cash.WriteOff, invoice, instalment, amount, why)
}

// SetOff settles a debt against what the company owes the customer as a supplier (C. civ. 1347).
func (d *Desk) SetOff(ctx context.Context, invoice string, instalment int, amount int64, why string) error {
	return d.adjustInvoice(ctx, cash.SetOff, invoice, instalment, amount, why)
}

func (d *Desk) adjustInvoice(ctx context.Context, kind cash.Kind, invoice string, instalment int, amount int64, why string) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		if why == "" {
			return fault.New(fault.Invalid, "app.payment.why")
		}
		doc, err := invoiceNamed(m.ctx, m.Tx, invoice)
		if err != nil {
			return err
		}
		if amount == 0 {
			for _, it := range doc.Items {
				if !it.Closed && (instalment == 0 || it.Seq == instalment) {
					amount += it.Open
				}
			}
		}
		if amount <= 0 {
			return fault.New(fault.Conflict, "app.invoice.settled", invoice)
		}
		_, err = m.addPayment(PaymentDraft{Parts: []PaymentPart{{invoice, instalment, amount}}, Amount: money.Of(amount, doc.Currency), Kind: kind,
			Reference: why, Why: why})
		return err
	})
}
