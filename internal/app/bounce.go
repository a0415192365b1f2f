package app

import (
	"context"
	"slices"

	"relance/internal/domain/cash"
	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// ReturnPayment records that a cheque, a bill or a debit came back unpaid: what it settled is owed again with its
// reason, where it stood in its scenario and never at reminder 1; a call is to be made the same day, and an
// incident message waits (PRODUCT.md §3 rule 6).
func (d *Desk) ReturnPayment(ctx context.Context, n id.Payment, on cal.Date, reason string) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		p, err := m.payment(n)
		if err != nil {
			return err
		}
		if on.IsZero() {
			on = m.day
		}
		if on < p.Date || on > m.day {
			return fault.New(fault.Invalid, "app.payment.returned-on", on)
		}
		if p.Kind != cash.Money || p.Source != cash.Identified {
			return fault.New(fault.Conflict, "app.payment.asserted")
		}
		return m.bounce(p, on, reason, 0)
	})
}

// bounce makes a payment one that came back. line is the bank's telling of it, 0 for none.
func (m *moment) bounce(p *store.Payment, on cal.Date, reason string, line id.Line) error {
	allocs, err := m.AllocatedOf(m.ctx, p.ID)
	if err != nil {
		return err
	}
	if err := m.reverse(p, on, reason, line, m.unstate); err != nil {
		return err
	}
	if p.Line != 0 { // the discount and the charges that went with it
		rows, _, err := m.OfLines(m.ctx, []id.Line{p.Line})
		if err != nil {
			return err
		}
		for _, x := range rows {
			if x.Kind != cash.Money && x.CancelledOn.IsZero() {
				if err := m.reverse(x, on, reason, line, m.unstate); err != nil {
					return err
				}
			}
		}
	}
	if err := m.note("payment.returned", subject{customer: p.Customer}, map[string]any{"payment": p.ID, "amount": p.Amount.Minor,
		"currency": p.Amount.Currency, "method": p.Method, "on": on, "reason": reason, "line": line}); err != nil {
		return err
	}
	if err := m.voidTouched(); err != nil {
		return err
	}
	var items []id.Instalment
	for _, a := range allocs {
		if !slices.Contains(items, a.Item) {
			items = append(items, a.Item)
		}
	}
	return m.incident(p, on, reason, items)
}

// unstate forgets what a ledger asserted as paid beyond what is: it spoke of a payment that has come back.
func (m *moment) unstate(items []id.Instalment) error {
	docs, err := m.DocsOfItems(m.ctx, items)
	if err != nil {
		return err
	}
	for _, d := range docs {
		settled := int64(0)
		for _, it := range d.Items {
			if !it.Closed && !it.Credit {
				settled += it.Amount - it.Open
			}
		}
		if d.Asserted <= settled {
			continue
		}
		d.Asserted = settled
		if err := m.UpdateDoc(m.ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// incident opens the call of a returned payment and writes its message.
func (m *moment) incident(p *store.Payment, on cal.Date, reason string, items []id.Instalment) error {
	names, err := m.ItemNames(m.ctx, items)
	if err != nil {
		return err
	}
	task := &store.Task{Customer: p.Customer, Kind: string(dunning.Call), Items: items, CreatedOn: m.day,
		Why: i18n.T(m.lang(), "app.task.returned", money.Of(p.Amount.Minor, p.Amount.Currency), on, reason)}
	for _, n := range items {
		task.Invoices = appendNew(task.Invoices, names[n].Number)
	}
	if err := m.InsertTask(m.ctx, task); err != nil {
		return err
	}
	if len(items) == 0 {
		return nil // it had settled nothing: nothing is owed again, and the call is enough
	}
	_, err = m.sayTo(p.Customer, func(*scene, *Decision) (*saying, error) {
		return &saying{kind: letter.Incident, items: items, currency: p.Amount.Currency, payBy: m.day.AddDays(incidentDays),
			what: occasion{On: on, Amount: p.Amount.Minor, Method: string(p.Method), Reason: reason, Cheque: chequeNumber(p)}}, nil
	})
	return err
}

// incidentDays is how long a debtor is given to replace a payment that came back.
const incidentDays = 8

// chequeNumber is the number of a cheque, where its reference is one.
func chequeNumber(p *store.Payment) string {
	if p.Method != cash.Cheque || len(p.Reference) > 20 {
		return ""
	}
	return p.Reference
}
