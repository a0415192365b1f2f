package app

import (
	"context"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// insuranceAlarm is how many days before the last day of a declaration it is asked for (PRODUCT.md §3 rule 6 and the
// trade's custom).
const insuranceAlarm = 15

// SetInsurance keeps the credit insurance of a customer; nil takes it away.
func (d *Desk) SetInsurance(ctx context.Context, code string, i *store.Insurance) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		c, err := m.customerCoded(code)
		if err != nil {
			return err
		}
		if i != nil && (i.Cover.Minor < 0 || i.ExtensionDays < 0 || i.DeclareDays < 0 || i.ExtensionDays > 3650 || i.DeclareDays > 3650) {
			return fault.New(fault.Invalid, "app.insurance.days")
		}
		if err := m.Tx.SetInsurance(ctx, c.ID, i); err != nil {
			return err
		}
		m.touch(c.ID)
		return m.note("customer.insurance", subject{customer: c.ID}, i)
	})
}

// Insurance shows the credit insurance of a customer.
func (d *Desk) Insurance(ctx context.Context, code string) (row *store.Insurance, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err := (&moment{Tx: tx, ctx: ctx}).customerCoded(code)
		if err != nil {
			return err
		}
		list, err := tx.Insurances(ctx, []id.Customer{c.ID})
		if err == nil && len(list) == 0 {
			err = fault.New(fault.NotFound, "app.insurance.none", code)
		}
		if err == nil {
			row = list[0]
		}
		return err
	})
	return row, err
}

// DeclareInsurance records that the overdue debts of a customer were declared to its insurer.
func (d *Desk) DeclareInsurance(ctx context.Context, code string) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		c, err := m.customerCoded(code)
		if err != nil {
			return err
		}
		docs, err := m.DocsOf(ctx, []id.Customer{c.ID})
		if err != nil {
			return err
		}
		known, err := m.Declared(ctx, []id.Customer{c.ID})
		if err != nil {
			return err
		}
		n := 0
		covered := func(cal.Date) bool { return true }
		if list, err := m.Insurances(ctx, []id.Customer{c.ID}); err != nil {
			return err
		} else if len(list) > 0 {
			covered = list[0].Covers
		}
		for _, doc := range docs {
			for _, it := range doc.Items {
				if !covered(doc.Issued) || it.Closed || it.Credit || it.Open <= 0 || it.Due >= m.day || known[it.ID] {
					continue
				}
				n++
				if err := m.InsertDeclaration(ctx, store.Declaration{Customer: c.ID, Item: it.ID, Kind: "insurance", Day: m.day, Actor: m.actor.Name}); err != nil {
					return err
				}
			}
		}
		if n == 0 {
			return fault.New(fault.Conflict, "app.promise.nothing")
		}
		if err := m.EndTasksOfKind(ctx, c.ID, dunning.TaskInsurance, m.day, m.actor.Name); err != nil {
			return err
		}
		m.touch(c.ID)
		return m.note("insurance.declared", subject{customer: c.ID}, map[string]any{"items": n})
	})
}

// insured asks for the declarations whose last day comes near, fifteen days before it.
func (s *scene) insured(d *Decision, l *store.Ledger) {
	ins := l.Insurance
	if ins == nil || ins.DeclareDays == 0 {
		return
	}
	var ask dunning.Ask
	for i := range l.Items {
		it := &l.Items[i]
		by := it.Due.AddDays(ins.DeclareDays)
		from := by.AddDays(-insuranceAlarm)
		if !ins.Covers(it.Issued) || l.Declared[it.ID] || from <= it.Due && it.Due >= s.day {
			continue
		}
		if from > s.day {
			d.wakeOn(from)
			continue
		}
		if len(ask.Items) == 0 {
			ask = dunning.Ask{Kind: dunning.TaskInsurance, Why: i18n.Say("why.task.insurance", ins.Insurer, by)}
		}
		ask.Items = append(ask.Items, it.ID)
	}
	if len(ask.Items) > 0 {
		d.In.Asks = append(d.In.Asks, ask)
	}
}

// lostCheques asks about the cheques that were announced and have not come when their days are over: a lettre de
// désistement may be offered (PRODUCT.md §3 rule 13).
func (s *scene) lostCheques(d *Decision, l *store.Ledger) {
	for _, h := range l.Holds {
		if h.Reason != dunning.HoldCheque || h.Until.IsZero() || h.Told {
			continue
		}
		if s.day <= h.Until {
			d.wakeOn(h.Until + 1)
			continue
		}
		a := dunning.Ask{Kind: dunning.TaskCheque, Why: i18n.Say("why.task.cheque", h.From, h.Until)}
		for i := range l.Items {
			if h.Item == 0 && l.Items[i].Due < h.From || l.Items[i].ID == h.Item {
				a.Items = append(a.Items, l.Items[i].ID)
			}
		}
		d.cheques = append(d.cheques, h.ID)
		d.In.Asks = append(d.In.Asks, a)
	}
}

// CreditInsurance is the insurance of a customer, for the pages that show it.
type CreditInsurance = store.Insurance

// OpenProcedure is the insolvency of a customer, for the pages that show it.
type OpenProcedure = store.Insolvency
