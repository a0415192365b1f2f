package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Promise is a dated commitment of the debtor: one date, or several with Parts.
type Promise struct {
	Customer, Invoice string
	On                cal.Date
	Amount            int64 // minor units; 0: all that is owed
	Parts             []promise.Part
	Plan              bool // a plan of payments: agreed with us, not only announced
	Accelerate        bool // the whole is due on the first default
	Waive             bool // interest is waived when the plan is kept
	Source            string
	Why               string
}

// maxParts bounds the dates of a plan.
const maxParts = 60

// AddPromise holds the reminders until a promise may be called broken: three working days after
// its date, and payments known up to it (PRODUCT.md §3 rule 6).
func (d *Desk) AddPromise(ctx context.Context, p Promise) (holds []store.Hold, err error) {
	err = d.update(ctx, org.VerbCollect, func(m *moment) error {
		holds, err = m.promise(p)
		return err
	})
	return holds, err
}

func (m *moment) promise(p Promise) ([]store.Hold, error) {
	if len(p.Parts) == 0 {
		p.Parts = []promise.Part{{Due: p.On, Amount: p.Amount}}
	}
	if len(p.Parts) > maxParts {
		return nil, fault.New(fault.Invalid, "app.plan.parts", maxParts)
	}
	for i, part := range p.Parts {
		if part.Due < m.day {
			return nil, fault.New(fault.Invalid, "app.promise.past", part.Due)
		}
		if part.Amount < 0 || part.Amount == 0 && len(p.Parts) > 1 {
			return nil, fault.New(fault.Invalid, "app.plan.amount", i+1)
		}
	}
	c, items, number, err := m.subjectOf(p.Customer, p.Invoice, 0)
	if err != nil {
		return nil, err
	}
	items = slices.DeleteFunc(items, func(it store.Item) bool { return it.ID != 0 && it.Open <= 0 })
	k := &store.Commitment{Customer: c.ID, Kind: "promise", State: promise.Running, MadeOn: m.day, Source: p.Source, Accelerate: p.Accelerate,
		Waive: p.Waive, Why: p.Why, Owner: m.actor.Name}
	if p.Plan {
		k.Kind = "plan"
	}
	if err := m.owedNow(k, items); err != nil {
		return nil, err
	}
	if err := m.agreed(k, p.Parts); err != nil {
		return nil, err
	}
	if err := m.InsertCommitment(m.ctx, k); err != nil {
		return nil, err
	}
	last := k.Parts[len(k.Parts)-1].Due
	h := HoldDraft{Customer: c.Code, Invoice: number, Reason: dunning.HoldPromise, PromisedOn: k.Parts[0].Due, Promised: p.Amount,
		Until: m.company.Profile.Calendar.AddWorkingDays(last, promise.GraceDays), Why: p.Why, commitment: k.ID}
	if p.Plan {
		h.Reason, h.Promised = dunning.HoldPlan, 0
	}
	return m.hold(h)
}

// owedNow fills what a commitment is about: the items named, or all that the customer owes in the currency that it
// owes most in.
func (m *moment) owedNow(k *store.Commitment, items []store.Item) error {
	docs, err := m.DocsOf(m.ctx, []id.Customer{k.Customer})
	if err != nil {
		return err
	}
	owed, of := map[money.Currency]int64{}, map[money.Currency][]id.Instalment{}
	named := len(items) > 0 && items[0].ID != 0
	for _, d := range docs {
		if d.Issued > m.day && !named {
			continue // the ledger of the day does not know it yet: it would count as paid
		}
		for _, it := range d.Items {
			if it.Closed || it.Credit || it.Open <= 0 || named && !slices.ContainsFunc(items, func(x store.Item) bool { return x.ID == it.ID }) {
				continue
			}
			owed[d.Currency] += it.Open
			of[d.Currency] = append(of[d.Currency], it.ID)
		}
	}
	for c, n := range owed {
		if n > k.Owed || n == k.Owed && c < k.Currency {
			k.Currency, k.Owed, k.Items = c, n, of[c]
		}
	}
	if k.Owed == 0 {
		return fault.New(fault.Conflict, "app.promise.nothing")
	}
	return nil
}

// agreed fills the dates of a commitment: a single one without an amount is all that is owed.
func (m *moment) agreed(k *store.Commitment, parts []promise.Part) error {
	sum := int64(0)
	for _, p := range parts {
		if p.Amount == 0 {
			p.Amount = k.Owed
		}
		sum += p.Amount
		k.Parts = append(k.Parts, store.CommitmentPart{Part: p})
	}
	if sum > k.Owed {
		return fault.New(fault.Invalid, "app.promise.more", money.Of(sum, k.Currency), money.Of(k.Owed, k.Currency))
	}
	slices.SortStableFunc(k.Parts, func(a, b store.CommitmentPart) int { return int(a.Due - b.Due) })
	return nil
}

// touchCommitted plans again the customers of whom a commitment runs: more is known of what was paid.
func (m *moment) touchCommitted() error {
	who, err := m.CommittedCustomers(m.ctx)
	for _, c := range who {
		m.touch(c)
	}
	return err
}

// Committed is a commitment with the names a person knows, as it stands.
type Committed struct {
	*store.Commitment
	CustomerCode, CustomerName string
	Invoices                   []string
	Standing                   promise.Standing
}

// Commitments lists commitments in a state, the latest first.
func (d *Desk) Commitments(ctx context.Context, state promise.State, offset, limit int) (list []Committed, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		rows, err := tx.Commitments(ctx, state, offset, limit)
		if err != nil {
			return err
		}
		list, err = d.committed(ctx, tx, rows)
		return err
	})
	return list, err
}

// maxAwaiting bounds the commitments that are looked at because their payments are not known.
const maxAwaiting = 500

// AwaitingCommitments lists the running commitments whose days have passed while payments are not known up to them: a
// bank statement decides whether they were kept.
func (d *Desk) AwaitingCommitments(ctx context.Context) (list []Committed, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, 0)
		if err != nil || s.known.IsZero() {
			return err // no source of payments was ever given: the ledger itself is believed
		}
		rows, err := tx.CommitmentsPast(ctx, s.known, s.day, maxAwaiting)
		if err != nil {
			return err
		}
		list, err = d.committed(ctx, tx, rows)
		list = slices.DeleteFunc(list, func(k Committed) bool { return !k.Standing.Await })
		return err
	})
	return list, err
}

// committed names commitments and judges those that run.
func (d *Desk) committed(ctx context.Context, tx *store.Tx, rows []*store.Commitment) (list []Committed, err error) {
	s, err := d.scene(ctx, tx, 0)
	if err != nil {
		return nil, err
	}
	var who []id.Customer
	for _, k := range rows {
		who = append(who, k.Customer)
	}
	decisions, err := s.gather(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	at := map[id.Customer]*Decision{}
	for _, x := range decisions {
		at[x.Customer.ID] = x
	}
	for _, k := range rows {
		x := at[k.Customer]
		one := Committed{Commitment: k}
		if x != nil {
			one.CustomerCode, one.CustomerName = x.Customer.Code, x.Customer.Name
			if one.Standing = s.standing(k, x.ledger); k.State != promise.Running {
				one.Standing.State = k.State
			}
		}
		names, err := tx.ItemNames(ctx, k.Items)
		if err != nil {
			return nil, err
		}
		for _, n := range k.Items {
			one.Invoices = appendNew(one.Invoices, names[n].Number)
		}
		list = append(list, one)
	}
	return list, nil
}

// CancelCommitment ends a promise or a plan before its end: its holds end, the customer is planned again.
func (d *Desk) CancelCommitment(ctx context.Context, n id.Plan, why string) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		k, err := m.Commitment(ctx, n)
		if err != nil {
			return err
		}
		if k.State != promise.Running && k.State != promise.Partly && !(k.State == promise.Broken && k.Kind == "plan") {
			return fault.New(fault.Conflict, "app.promise.over")
		}
		k.State, k.ClosedOn = promise.Cancelled, m.day
		if err := m.SetCommitment(ctx, k); err != nil {
			return err
		}
		holds, err := m.HoldsOfCommitment(ctx, n)
		if err != nil {
			return err
		}
		if err := m.lift(holds); err != nil {
			return err
		}
		m.touch(k.Customer)
		return m.note("commitment.cancelled", subject{customer: k.Customer}, map[string]any{"commitment": n, "why": why})
	})
}
