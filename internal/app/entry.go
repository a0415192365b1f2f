package app

import (
	"cmp"
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// EntryOptions says how old debts enter their scenarios.
type EntryOptions struct {
	PerDay int               // customers written to for the first time each working day; 0: perDay
	Steps  map[string]string // the step of an invoice, by number, where it is not the one proposed
}

// perDay is how many customers are written to each day at the start of an old ledger: as many as a person can answer.
const perDay = 25

// entryHorizon is how far ahead the days of an entry are looked at.
const entryHorizon = 21

// EntryPlan is where old debts would enter, and what the days to come would hold (PRODUCT.md §3 rule 4).
type EntryPlan struct {
	Day     cal.Date
	PerDay  int
	Entries []Entry
	Days    []EntryDay
}

// Entry is an old item with the step proposed for it.
type Entry struct {
	Customer   party.Customer
	Invoice    string
	Instalment int
	Due        cal.Date
	DaysLate   int
	Open       money.Amount
	Scenario   string
	Step       string   // where it enters
	Choices    []string // where it may
	StartOn    cal.Date // first day on which the customer may be written to

	item  id.Instalment
	state dunning.State
	of    id.Scenario
}

// EntryDay is what a day would hold.
type EntryDay struct {
	Date     cal.Date
	Messages int
	Tasks    int
}

// ProposeEntry says where the old debts of which nothing was sent would enter their scenarios, and how many
// messages a day that means: never a burst.
func (d *Desk) ProposeEntry(ctx context.Context, o EntryOptions) (*EntryPlan, error) {
	p := &EntryPlan{}
	if err := d.view(ctx, func(tx *store.Tx) error { return d.entries(ctx, tx, o, p) }); err != nil {
		return nil, err
	}
	if len(p.Entries) == 0 {
		return p, nil
	}
	begin := map[id.Customer]*imagined{}
	for _, e := range p.Entries {
		i := begin[e.Customer.ID]
		if i == nil {
			i = &imagined{next: e.StartOn, states: map[id.Instalment]dunning.State{}}
			begin[e.Customer.ID] = i
		}
		i.states[e.item] = e.state
	}
	days, err := d.simulate(ctx, p.Day, p.Day.AddDays(entryHorizon), nil, bent{begin: begin})
	for _, x := range days {
		n := EntryDay{Date: x.Date, Messages: len(x.Drafts)}
		for _, dec := range x.Decisions {
			n.Tasks += len(dec.Out.Tasks)
		}
		if n.Messages+n.Tasks > 0 {
			p.Days = append(p.Days, n)
		}
	}
	return p, err
}

// entries finds the old items and spreads their customers over the days, the largest debts first.
func (d *Desk) entries(ctx context.Context, tx *store.Tx, o EntryOptions, p *EntryPlan) error {
	s, err := d.scene(ctx, tx, 0)
	if err != nil {
		return err
	}
	p.Day, p.PerDay = s.day, o.PerDay
	if p.PerDay <= 0 {
		p.PerDay = perDay
	}
	owed := map[id.Customer]int64{}
	if err := eachOwing(ctx, tx, s.day, func(ids []id.Customer) error {
		list, err := s.gather(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, x := range list {
			for i := range x.In.Items {
				e, err := s.entry(x, &x.In.Items[i], o)
				if err != nil {
					return err
				}
				if e != nil {
					p.Entries = append(p.Entries, *e)
					owed[x.Customer.ID] += e.Open.Minor
				}
			}
		}
		return nil
	}); err != nil {
		return err
	}
	slices.SortStableFunc(p.Entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(owed[b.Customer.ID], owed[a.Customer.ID]), cmp.Compare(a.Customer.ID, b.Customer.ID), cmp.Compare(a.Due, b.Due))
	})
	c := s.company.Profile.Calendar
	start, last, n := c.NextWorkingDay(s.day), id.Customer(0), 0
	for i := range p.Entries {
		e := &p.Entries[i]
		if e.Customer.ID != last {
			if n == p.PerDay {
				start, n = c.NextWorkingDay(start+1), 0
			}
			last = e.Customer.ID
			n++
		}
		e.StartOn = start
	}
	return nil
}

// entry is the entry of an item, nil when it needs none.
func (s *scene) entry(x *Decision, it *dunning.Item, o EntryOptions) (*Entry, error) {
	step, choices := dunning.EntryStep(x.In, it)
	if step < 0 || x.heldNow(it.ID) {
		return nil, nil
	}
	if name := o.Steps[it.Invoice]; name != "" {
		step = it.Scenario.Find(name)
		if !slices.Contains(choices, step) {
			return nil, fault.New(fault.Invalid, "app.entry.step", name, it.Invoice)
		}
	}
	e := &Entry{Customer: x.Customer, Invoice: it.Invoice, Instalment: it.Instalment, Due: it.Due, DaysLate: s.day.Sub(it.Due),
		Open: money.Of(it.Open, it.Currency), Scenario: it.Scenario.Name, Step: it.Scenario.Steps[step].ID, item: it.ID,
		state: it.Scenario.Enter(it, step, s.day), of: s.catalog.idOf[it.Scenario]}
	for _, c := range choices {
		e.Choices = append(e.Choices, it.Scenario.Steps[c].ID)
	}
	return e, nil
}

// AcceptEntry lets old debts enter where they were proposed, or where a person says; customers beyond the first
// day's rest on pause until theirs. It gives how many items entered.
func (d *Desk) AcceptEntry(ctx context.Context, o EntryOptions) (n int, err error) {
	err = d.update(ctx, org.VerbCollect, func(m *moment) error {
		if err := m.Deciding(ctx); err != nil {
			return err
		}
		p := &EntryPlan{}
		if err := d.entries(ctx, m.Tx, o, p); err != nil {
			return err
		}
		first := m.company.Profile.Calendar.NextWorkingDay(p.Day)
		var states []store.State
		paused := map[id.Customer]bool{}
		for _, e := range p.Entries {
			if e.state.Step != "" {
				states = append(states, store.State{Item: e.item, Customer: e.Customer.ID, Scenario: e.of, State: e.state})
			}
			m.touch(e.Customer.ID)
			if e.StartOn > first && !paused[e.Customer.ID] {
				paused[e.Customer.ID] = true
				if _, err := m.hold(HoldDraft{Customer: e.Customer.Code, Reason: dunning.HoldPause, Until: e.StartOn - 1,
					Why: i18n.T(m.lang(), "app.entry.spread", e.StartOn)}); err != nil {
					return err
				}
			}
		}
		if n = len(p.Entries); n == 0 {
			return fault.New(fault.Conflict, "app.entry.none")
		}
		if err := m.SaveStates(ctx, states); err != nil {
			return err
		}
		return m.note("entry.accepted", subject{}, map[string]any{"items": n, "per_day": p.PerDay, "customers_later": len(paused)})
	})
	return n, err
}
