package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/litigation"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Insolvency is what a person knows of a customer's insolvency.
type Insolvency struct {
	Customer      string // code
	Kind          string // sauvegarde, redressement, liquidation
	Judgment      cal.Date
	Published     cal.Date // in the BODACC; zero while it is not known
	Court         string
	Mandatary     string // to whom the claim is declared
	Administrator string // e-mail to which what is born after the judgment is asked; "": the customer's
}

// insolvencyKinds are the procedures of Livre VI of the Code de commerce.
var insolvencyKinds = []string{"sauvegarde", "redressement", "liquidation"}

// OpenInsolvency freezes what a customer owed before the opening judgment and opens the task of the declaration of
// claim, with its last day (C. com. L622-7, L622-21, R622-24; law-fr.md §7.6). What is born after is still due, and
// asked from the administrator.
func (d *Desk) OpenInsolvency(ctx context.Context, x Insolvency) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		if !slices.Contains(insolvencyKinds, x.Kind) {
			return fault.New(fault.Invalid, "app.insolvency.kind", x.Kind)
		}
		if x.Judgment.IsZero() || x.Judgment > m.day || !x.Published.IsZero() && x.Published < x.Judgment {
			return fault.New(fault.Invalid, "app.insolvency.day")
		}
		if x.Administrator != "" && !isMailbox(x.Administrator) {
			return fault.New(fault.Invalid, "app.mail.address", x.Administrator)
		}
		c, err := m.customerCoded(x.Customer)
		if err != nil {
			return err
		}
		row := &store.Insolvency{Customer: c.ID, Kind: x.Kind, Judgment: x.Judgment, Court: x.Court, Mandatary: x.Mandatary, Administrator: x.Administrator}
		if err := m.count(row, x.Published); err != nil {
			return err
		}
		if err := m.InsertInsolvency(ctx, row); err != nil {
			return err
		}
		if _, err := m.hold(HoldDraft{Customer: x.Customer, Reason: dunning.HoldInsolvency, from: x.Judgment,
			Why: i18n.T(m.lang(), "app.insolvency."+x.Kind, x.Judgment)}); err != nil {
			return err
		}
		why := i18n.T(m.lang(), "app.task.declare.unpublished")
		if !row.DeclareBy.IsZero() {
			why = i18n.T(m.lang(), "app.task.declare", row.DeclareBy, row.Mandatary)
		}
		if err := m.InsertTask(ctx, &store.Task{Customer: c.ID, Kind: dunning.TaskDeclare, CreatedOn: m.day, Why: why}); err != nil {
			return err
		}
		return m.note("insolvency.opened", subject{customer: c.ID}, map[string]any{"kind": x.Kind, "judgment": x.Judgment, "published": x.Published,
			"declare_by": row.DeclareBy})
	})
}

// count fills the last days that run from a publication.
func (m *moment) count(row *store.Insolvency, published cal.Date) error {
	if published.IsZero() {
		return nil
	}
	country := m.company.Profile.Address.Country
	days, err := litigation.Insolvency(published, country != "" && country != "FR")
	row.Published, row.DeclareBy, row.ReliefBy, row.ReclaimBy = published, days.Claim, days.Relief, days.Reclaim
	return err
}

// insolvencyOf finds the insolvency of a customer that is not closed.
func (m *moment) insolvencyOf(code string) (*store.Insolvency, error) {
	c, err := m.customerCoded(code)
	if err != nil {
		return nil, err
	}
	list, err := m.InsolvenciesOf(m.ctx, []id.Customer{c.ID})
	if err != nil {
		return nil, err
	}
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].ClosedOn.IsZero() {
			return list[i], nil
		}
	}
	return nil, fault.New(fault.NotFound, "app.insolvency.none", code)
}

// Insolvency shows the insolvency of a customer that is not closed.
func (d *Desk) Insolvency(ctx context.Context, code string) (row *store.Insolvency, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		row, err = (&moment{Tx: tx, ctx: ctx}).insolvencyOf(code)
		return err
	})
	return row, err
}

// PublishInsolvency keeps the day on which the judgment was published: the delays run from it.
func (d *Desk) PublishInsolvency(ctx context.Context, code string, published cal.Date) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		row, err := m.insolvencyOf(code)
		if err != nil {
			return err
		}
		if published < row.Judgment {
			return fault.New(fault.Invalid, "app.insolvency.day")
		}
		if err := m.count(row, published); err != nil {
			return err
		}
		if err := m.SetInsolvency(ctx, row); err != nil {
			return err
		}
		m.touch(row.Customer)
		return m.note("insolvency.published", subject{customer: row.Customer}, map[string]any{"published": published, "declare_by": row.DeclareBy})
	})
}

// DeclareClaim records that the claim was declared.
func (d *Desk) DeclareClaim(ctx context.Context, code string, on cal.Date) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		row, err := m.insolvencyOf(code)
		if err != nil {
			return err
		}
		if on.IsZero() {
			on = m.day
		}
		row.DeclaredOn = on
		if err := m.SetInsolvency(ctx, row); err != nil {
			return err
		}
		if err := m.InsertDeclaration(ctx, store.Declaration{Customer: row.Customer, Kind: "insolvency", Day: on, Actor: m.actor.Name}); err != nil {
			return err
		}
		if err := m.EndTasksOfKind(ctx, row.Customer, dunning.TaskDeclare, m.day, m.actor.Name); err != nil {
			return err
		}
		return m.note("insolvency.declared", subject{customer: row.Customer}, map[string]any{"on": on})
	})
}

// CloseInsolvency ends an insolvency: the customer is chased again as before.
func (d *Desk) CloseInsolvency(ctx context.Context, code, why string) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		row, err := m.insolvencyOf(code)
		if err != nil {
			return err
		}
		row.ClosedOn = m.day
		if err := m.SetInsolvency(ctx, row); err != nil {
			return err
		}
		holds, err := m.HoldsOf(ctx, []id.Customer{row.Customer})
		if err != nil {
			return err
		}
		if err := m.lift(slices.DeleteFunc(holds, func(h store.Hold) bool { return h.Reason != dunning.HoldInsolvency })); err != nil {
			return err
		}
		m.touch(row.Customer)
		return m.note("insolvency.closed", subject{customer: row.Customer}, map[string]any{"why": why})
	})
}
