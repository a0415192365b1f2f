package app

import (
	"context"
	"errors"
	"slices"

	"relance/internal/domain/bill"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// foundYears is how far back late payments are looked for: the limitation of C. com. L110-4 (law-fr.md §6).
const foundYears = 5

// foundTogether is how many invoices are computed at a time.
const foundTogether = 500

// Late is an invoice that was paid late, with what may still be claimed for it.
type Late struct {
	Invoice      string
	ID           id.Invoice
	Customer     party.Customer
	Currency     money.Currency
	Due, PaidOn  cal.Date
	DaysLate     int
	Amount       int64
	Penalty      int64 // minor units of Currency
	Compensation int64 // euro cents

	penalties *Penalties
}

// Found is the money that late payers owe by the law, on invoices that are paid (PRODUCT.md §3 rule 13).
type Found struct {
	Day          cal.Date
	Count        int
	Penalty      map[money.Currency]int64
	Compensation int64
	Customers    []FoundCustomer // the largest first
	Missing      int             // invoices whose rates are not loaded
}

// FoundCustomer is what one customer owes.
type FoundCustomer struct {
	Customer     party.Customer
	Count        int
	Penalty      map[money.Currency]int64
	Compensation int64
}

// Found sums what may be claimed on the invoices paid late in the last five years, by customer.
func (d *Desk) Found(ctx context.Context) (*Found, error) {
	f := &Found{Penalty: map[money.Currency]int64{}}
	at := map[id.Customer]*FoundCustomer{}
	err := d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, 0)
		if err != nil {
			return err
		}
		f.Day = s.day
		return s.paidLate(ctx, tx, 0, func(l *Late) {
			if l.penalties == nil {
				f.Missing++
				return
			}
			c := at[l.Customer.ID]
			if c == nil {
				c = &FoundCustomer{Customer: l.Customer, Penalty: map[money.Currency]int64{}}
				at[l.Customer.ID] = c
			}
			c.Count++
			c.Penalty[l.Currency] += l.Penalty
			c.Compensation += l.Compensation
			f.Count++
			f.Penalty[l.Currency] += l.Penalty
			f.Compensation += l.Compensation
		})
	})
	for _, c := range at {
		f.Customers = append(f.Customers, *c)
	}
	slices.SortFunc(f.Customers, func(a, b FoundCustomer) int {
		if x, y := a.Penalty[money.EUR]+a.Compensation, b.Penalty[money.EUR]+b.Compensation; x != y {
			return int(y - x)
		}
		return int(a.Customer.ID - b.Customer.ID)
	})
	return f, err
}

// FoundOf lists the invoices of a customer that were paid late, with what may be claimed for each.
func (d *Desk) FoundOf(ctx context.Context, code string) (list []*Late, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, 0)
		if err != nil {
			return err
		}
		c, err := (&moment{Tx: tx, ctx: ctx}).customerCoded(code)
		if err != nil {
			return err
		}
		return s.paidLate(ctx, tx, c.ID, func(l *Late) {
			if l.penalties != nil {
				list = append(list, l)
			}
		})
	})
	return list, err
}

// paidLate walks the invoices that were paid late, of one customer or of all.
func (s *scene) paidLate(ctx context.Context, tx *store.Tx, of id.Customer, take func(*Late)) error {
	ids, err := tx.PaidLate(ctx, s.day.AddMonths(-12*foundYears), of)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, foundTogether) {
		list, err := s.lates(ctx, tx, some)
		if err != nil {
			return err
		}
		for _, l := range list {
			take(l)
		}
	}
	return nil
}

// lates computes what may be claimed for invoices.
func (s *scene) lates(ctx context.Context, tx *store.Tx, ids []id.Invoice) (list []*Late, err error) {
	docs, err := tx.Docs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var who []id.Customer
	for _, d := range docs {
		who = append(who, d.Customer)
	}
	customers, err := tx.Customers(ctx, who)
	if err != nil {
		return nil, err
	}
	at := map[id.Customer]party.Customer{}
	for _, c := range customers {
		at[c.ID] = c
	}
	allocs, err := tx.AllocationsOn(ctx, itemsOfDocs(docs))
	if err != nil {
		return nil, err
	}
	byItem := map[id.Instalment][]*store.Allocation{}
	for _, a := range allocs {
		byItem[a.Item] = append(byItem[a.Item], a)
	}
	for _, doc := range docs {
		l, err := s.late(doc, at[doc.Customer], byItem)
		if err != nil {
			return nil, err
		}
		if l.penalties == nil || l.Penalty+l.Compensation > 0 {
			list = append(list, l)
		}
	}
	return list, nil
}

func (s *scene) late(doc *store.Doc, c party.Customer, allocs map[id.Instalment][]*store.Allocation) (*Late, error) {
	l := &Late{Invoice: doc.Number, ID: doc.ID, Customer: c, Currency: doc.Currency, Amount: doc.Payable.Minor}
	for _, it := range doc.Items {
		if !it.Closed && !it.Credit {
			l.Due, l.PaidOn = cal.Later(l.Due, it.Due), cal.Later(l.PaidOn, it.PaidOn)
			l.DaysLate = max(l.DaysLate, it.PaidOn.Sub(it.Due))
		}
	}
	p := &Penalties{Invoice: doc.Number, Currency: doc.Currency, company: s.company, customer: c, doc: doc}
	var err error
	if p.Case, err = s.caseWith(doc, &c, func(n id.Instalment) []*store.Allocation { return allocs[n] }, 0); err != nil {
		return nil, err
	}
	if p.Result, err = s.rates.Compute(p.Case); err != nil {
		var missing *rate.MissingRate
		if errors.As(err, &missing) {
			return l, nil
		}
		return nil, err
	}
	p.once()
	l.penalties, l.Penalty, l.Compensation = p, p.Result.Penalty, p.Result.Compensation
	return l, nil
}

// ClaimCharges makes the note de débit of what late payments of a customer bear: numbered, without VAT, to pay at
// once. invoices "" are all of the customer's. It gives the note's number.
func (d *Desk) ClaimCharges(ctx context.Context, code string, invoices []string) (number string, err error) {
	err = d.update(ctx, org.VerbImport, func(m *moment) error {
		list, err := d.chosen(m, code, invoices)
		if err != nil {
			return err
		}
		currency, total := list[0].Currency, int64(0)
		for _, l := range list {
			if l.Currency != currency {
				return fault.New(fault.Invalid, "app.charge.currency")
			}
			if total += l.Penalty; currency == money.EUR {
				total += l.Compensation
			}
		}
		if total <= 0 {
			return fault.New(fault.Conflict, "app.charge.none", code)
		}
		if number, err = m.nextNumber("debit-note", "ND"); err != nil {
			return err
		}
		a := money.Of(total, currency)
		doc := &store.Doc{Doc: bill.Doc{Customer: list[0].Customer.ID, Number: number, Kind: bill.DebitNote, Issued: m.day, Currency: currency, Total: a,
			Payable: a, Prepaid: money.Of(0, currency), DueSource: bill.DueStated}, KnownOn: m.day}
		doc.Items = []store.Item{{Customer: doc.Customer, Seq: 1, Due: m.day.AddDays(debitNoteDays), Amount: total, Open: total}}
		if err := m.InsertDocs(ctx, []*store.Doc{doc}); err != nil {
			return err
		}
		s, err := d.scene(ctx, m.Tx, m.day)
		if err != nil {
			return err
		}
		if _, err := s.debitNote(doc, list); err != nil {
			return err // a note that cannot be written is not made
		}
		m.touch(doc.Customer)
		m.AfterCommit(func() { d.seen.found.drop(d.actor.Company) })
		if err := m.keepCharges(list, "claimed", doc.ID, ""); err != nil {
			return err
		}
		return m.note("charge.claimed", subject{customer: doc.Customer, invoice: doc.ID}, map[string]any{"number": number, "amount": total,
			"currency": currency, "invoices": len(list)})
	})
	return number, err
}

// debitNoteDays is how long a debtor is given to pay a note de débit. The sums are due already.
const debitNoteDays = 15

// WaiveCharges gives up what late payments bear, case by case and with a reason (law-fr.md §2.1 point 9).
func (d *Desk) WaiveCharges(ctx context.Context, code string, invoices []string, why string) (n int, err error) {
	err = d.update(ctx, org.VerbImport, func(m *moment) error {
		if why == "" {
			return fault.New(fault.Invalid, "app.payment.why")
		}
		list, err := d.chosen(m, code, invoices)
		if err != nil {
			return err
		}
		n = len(list)
		m.AfterCommit(func() { d.seen.found.drop(d.actor.Company) })
		if err := m.keepCharges(list, "waived", 0, why); err != nil {
			return err
		}
		return m.note("charge.waived", subject{customer: list[0].Customer.ID}, map[string]any{"invoices": n, "why": why})
	})
	return n, err
}

// chosen finds the late payments that a person names.
func (d *Desk) chosen(m *moment, code string, invoices []string) (list []*Late, err error) {
	c, err := m.customerCoded(code)
	if err != nil {
		return nil, err
	}
	if err := m.LockCustomers(m.ctx, []id.Customer{c.ID}); err != nil {
		return nil, err
	}
	s, err := d.scene(m.ctx, m.Tx, m.day)
	if err != nil {
		return nil, err
	}
	if err := s.paidLate(m.ctx, m.Tx, c.ID, func(l *Late) {
		if l.penalties != nil && (len(invoices) == 0 || slices.Contains(invoices, l.Invoice)) {
			list = append(list, l)
		}
	}); err != nil {
		return nil, err
	}
	if len(list) == 0 || len(invoices) > 0 && len(list) != len(invoices) {
		return nil, fault.New(fault.Conflict, "app.charge.none", code)
	}
	return list, nil
}

func (m *moment) keepCharges(list []*Late, state string, note id.Invoice, why string) error {
	rows := make([]store.Charge, len(list))
	for i, l := range list {
		rows[i] = store.Charge{Customer: l.Customer.ID, Invoice: l.ID, State: state, Day: m.day, Penalty: l.Penalty, Compensation: l.Compensation,
			Until: l.PaidOn, DebitNote: note, Why: why, Actor: m.actor.Name}
	}
	return m.InsertCharges(m.ctx, rows)
}

// DebitNotePDF prints a note de débit with its computation.
func (d *Desk) DebitNotePDF(ctx context.Context, number string) ([]byte, error) {
	var doc *letter.Document
	err := d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, 0)
		if err != nil {
			return err
		}
		note, err := invoiceNamed(ctx, tx, number)
		if err != nil {
			return err
		}
		ids, err := tx.ChargedBy(ctx, note.ID)
		if err != nil {
			return err
		}
		if note.Kind != bill.DebitNote || len(ids) == 0 {
			return fault.New(fault.Invalid, "app.charge.not", number)
		}
		list, err := s.lates(ctx, tx, ids)
		if err != nil {
			return err
		}
		doc, err = s.debitNote(note, list)
		return err
	})
	if err != nil {
		return nil, err
	}
	return d.print.Letter(doc)
}

func (s *scene) debitNote(note *store.Doc, list []*Late) (*letter.Document, error) {
	c := list[0].Customer
	m := letter.Message{Lang: language(s.company, &c), Kind: letter.DebitNote, Date: note.Issued, Currency: note.Currency, IsLetter: true,
		Sender: sender(s.company.Profile), Recipient: recipient{Name: nameOf(c), Code: c.Code, Kind: c.EffectiveKind(), SIRET: c.SIRET,
			Lines: c.Address.Lines, Postcode: c.Address.Postcode, City: c.Address.City, Country: c.Address.Country}.letter(),
		Penalties: letter.None, Compensation: letter.None, Open: money.Of(0, note.Currency), Total: money.Of(note.Payable.Minor, note.Currency),
		PayBy: note.Items[0].Due, Reference: note.Number}
	m.Facts.Document = note.Number
	for _, l := range list {
		r := &l.penalties.Result
		if r.Penalty > 0 {
			m.Penalties = letter.Claimed
			m.PenaltyAmount = money.Of(m.PenaltyAmount.Minor+r.Penalty, note.Currency)
			m.Annex.DayCount, m.Annex.Imputation, m.Annex.Frozen, m.Annex.Until = "365", "principal-first", l.penalties.Case.Kind.IsPublic(), note.Issued
		}
		if r.Compensation > 0 {
			m.Compensation = letter.Claimed
			m.CompensationAmount, m.CompensationCount = money.Euros(m.CompensationAmount.Minor+r.Compensation), m.CompensationCount+1
		}
		for _, g := range r.Segments {
			if !slices.Contains(m.PenaltyRates, g.Rate) {
				m.PenaltyRates = append(m.PenaltyRates, g.Rate)
			}
			m.Annex.Lines = append(m.Annex.Lines, letter.AnnexLine{Invoice: g.Ref, From: g.From, To: g.To, Days: g.Days, Rate: g.Rate,
				Base: money.Of(g.Base, note.Currency), Amount: money.Of(g.Rounded(), note.Currency), Exact: g.Cents()})
		}
	}
	t, problems := letter.For("debit-note", &m).Template()
	if len(problems) > 0 {
		return nil, problems[0]
	}
	comp, err := t.Compose(m)
	if err != nil {
		return nil, err
	}
	return comp.Document(), nil
}

// nameOf is the legal name of a customer, where it is known.
func nameOf(c party.Customer) string {
	if c.LegalName != "" {
		return c.LegalName
	}
	return c.Name
}
