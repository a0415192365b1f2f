package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// maxSimulated bounds a simulation, in days.
const maxSimulated = 800

// imagined is what a simulation has made of a customer so far.
type imagined struct {
	next    cal.Date
	states  map[id.Instalment]dunning.State
	written []dunning.Written
	sent    bool     // a message was imagined: the first one after an import is behind
	asked   []string // tasks that no step asks for, imagined as still to be done
}

// Simulate plays the days to come on the real ledger: each day, or only those of on, as if every
// planned step left on it and nothing but the recorded facts came in. It changes nothing.
func (d *Desk) Simulate(ctx context.Context, from, to cal.Date, on []cal.Date) ([]*Plan, error) {
	return d.simulate(ctx, from, to, on, bent{})
}

// bent is how a simulation differs from the ledger as it stands.
type bent struct {
	scenarios func(*catalog)
	begin     map[id.Customer]*imagined // where customers stand
}

// simulate is Simulate on a bent ledger.
func (d *Desk) simulate(ctx context.Context, from, to cal.Date, on []cal.Date, b bent) ([]*Plan, error) {
	if to < from || to.Sub(from) > maxSimulated {
		return nil, fault.New(fault.Invalid, "app.simulate.span", maxSimulated)
	}
	var days []*Plan
	err := d.view(ctx, func(tx *store.Tx) error {
		if err := complete(ctx, tx); err != nil {
			return err
		}
		sim := &simulation{desk: d, past: map[id.Customer]*imagined{}, bend: b.scenarios}
		if err := eachOwing(ctx, tx, from, func(ids []id.Customer) error {
			for _, c := range ids {
				if sim.past[c] = b.begin[c]; sim.past[c] == nil {
					sim.past[c] = &imagined{next: from}
				}
			}
			return nil
		}); err != nil {
			return err
		}
		facts, err := tx.FactDays(ctx, from, to)
		if err != nil {
			return err
		}
		for day := from; day <= to; day++ {
			for _, c := range facts[day] {
				sim.wake(c, day)
			}
			if len(on) > 0 && !slices.Contains(on, day) {
				continue
			}
			p, err := sim.day(ctx, tx, day)
			if err != nil {
				return err
			}
			days = append(days, p)
		}
		return nil
	})
	return days, err
}

type simulation struct {
	desk *Desk
	past map[id.Customer]*imagined
	bend func(*catalog)
}

// wake looks at a customer again: a recorded fact happens on the day.
func (sim *simulation) wake(c id.Customer, day cal.Date) {
	if sim.past[c] == nil {
		sim.past[c] = &imagined{}
	}
	sim.past[c].next = day
}

// day decides the customers whose day has come and imagines that everything left.
func (sim *simulation) day(ctx context.Context, tx *store.Tx, day cal.Date) (*Plan, error) {
	s, err := sim.desk.scene(ctx, tx, day)
	if err != nil {
		return nil, err
	}
	s.known = 0 // nothing but the recorded facts comes in: that too is known
	if sim.bend != nil {
		sim.bend(s.catalog)
	}
	p := &Plan{Date: day, Company: s.company}
	var due []id.Customer
	for c, i := range sim.past {
		if !i.next.IsZero() && i.next <= day {
			due = append(due, c)
		}
	}
	slices.Sort(due)
	for part := range slices.Chunk(due, chunk) {
		list, err := s.gather(ctx, tx, part)
		if err != nil {
			return nil, err
		}
		if err := s.review(ctx, tx, list); err != nil {
			return nil, err
		}
		for _, x := range list {
			sim.past[x.Customer.ID].overlay(x)
			x.Out = dunning.Plan(x.In)
		}
		if err := s.askOnce(ctx, tx, list); err != nil {
			return nil, err
		}
		drafts, err := s.write(ctx, tx, list)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			sim.past[x.Customer.ID].ask(x)
			sim.past[x.Customer.ID].imagine(x)
		}
		p.Decisions, p.Drafts = append(p.Decisions, list...), append(p.Drafts, drafts...)
	}
	return p, nil
}

// overlay puts what was imagined over what is recorded. A message that waits for a person in the
// ledger is imagined as sent on the first day: every planned step leaves.
func (i *imagined) overlay(d *Decision) {
	for k := range d.In.Items {
		it := &d.In.Items[k]
		if st, ok := i.states[it.ID]; ok {
			it.State = st
		} else if step := it.State.Pending; step != "" && it.Scenario != nil {
			n := it.Scenario.Find(step)
			var payBy cal.Date
			if n >= 0 {
				payBy = dunning.PayBy(it.Scenario.Steps[n], d.In.Customer.Kind, d.In.Today)
			}
			it.State = it.State.Sent(step, it.Scenario.Level(max(n, 0)), d.In.Today, payBy)
		}
	}
	d.In.Written = append(d.In.Written, i.written...)
	if i.sent {
		d.In.Customer.ConfirmFirst = false
	}
}

// ask leaves out the tasks that no step asks for and that an earlier day of the simulation asked.
func (i *imagined) ask(d *Decision) {
	d.Out.Tasks = slices.DeleteFunc(d.Out.Tasks, func(t dunning.Task) bool { return t.Step == "" && slices.Contains(i.asked, t.Kind) })
	for _, t := range d.Out.Tasks {
		if t.Step == "" {
			i.asked = append(i.asked, t.Kind)
		}
	}
}

// imagine keeps what the day did. The outcome's lines point at the items as they were decided on,
// so the states move on copies.
func (i *imagined) imagine(d *Decision) {
	next := d.Out.Next
	if len(d.Out.Messages) > 0 || len(d.Out.Tasks) > 0 {
		after := d.In
		after.Items = slices.Clone(d.In.Items)
		before := len(d.In.Written)
		after.Written = slices.Clone(d.In.Written)
		dunning.Imagine(&after, d.Out)
		i.written = append(i.written, after.Written[before:]...)
		i.sent = i.sent || len(d.Out.Messages) > 0
		d.after = after.Items
		next = dunning.Plan(after).Next
		if next <= d.In.Today && !next.IsZero() {
			next = d.In.Today + 1
		}
	}
	if i.states == nil {
		i.states = map[id.Instalment]dunning.State{}
	}
	items := d.In.Items
	if d.after != nil {
		items = d.after
	}
	for k := range items {
		i.states[items[k].ID] = items[k].State
	}
	if next = sooner(next, d.wake); next <= d.In.Today && !next.IsZero() {
		next = d.In.Today + 1
	}
	i.next = next
}

// sooner is the first of two days, either of which may be none.
func sooner(a, b cal.Date) cal.Date {
	if a.IsZero() || !b.IsZero() && b < a {
		return b
	}
	return a
}

// Postage is what the letters of a plan cost, in cents.
func (p *Plan) Postage() (cents int64) {
	for _, dr := range p.Drafts {
		cents += p.postageOf(dr)
	}
	return cents
}

func (p *Plan) postageOf(dr *Draft) int64 {
	cents := p.Company.Profile.Cost(dr.Row.Channel).Minor
	for _, c := range dr.in.Also {
		cents += p.Company.Profile.Cost(c).Minor
	}
	return cents
}
