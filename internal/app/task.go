package app

import (
	"context"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/domain/promise"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// ToDo is a task with the customer it is about.
type ToDo struct {
	store.Task
	Customer party.Customer
}

// Tasks lists what people have to do, the oldest first.
func (d *Desk) Tasks(ctx context.Context) (list []ToDo, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		rows, err := tx.OpenTasks(ctx, maxOutbox)
		if err != nil {
			return err
		}
		list, err = todos(ctx, tx, rows)
		return err
	})
	return list, err
}

func todos(ctx context.Context, tx *store.Tx, rows []store.Task) (list []ToDo, err error) {
	var who []id.Customer
	for _, t := range rows {
		who = append(who, t.Customer)
	}
	customers, err := tx.Customers(ctx, who)
	if err != nil {
		return nil, err
	}
	at := map[id.Customer]party.Customer{}
	for _, c := range customers {
		at[c.ID] = c
	}
	for _, t := range rows {
		list = append(list, ToDo{t, at[t.Customer]})
	}
	return list, nil
}

// EndTask says that a task was done, or will not be, with its result.
func (d *Desk) EndTask(ctx context.Context, n id.Task, done bool, result string) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error { return m.endTask(n, done, result) })
}

func (m *moment) endTask(n id.Task, done bool, result string) error {
	t, err := m.Task(m.ctx, n)
	if err != nil {
		return err
	}
	state := "done"
	if !done {
		state = "not-done"
	}
	if err := m.Tx.EndTask(m.ctx, n, state, m.day, m.actor.Name, result); err != nil {
		return err
	}
	if t.Kind == string(dunning.Call) && t.Step == "" {
		if err := m.endPartly(t.Customer); err != nil {
			return err
		}
	}
	m.touch(t.Customer)
	return m.note("task.ended", subject{customer: t.Customer}, map[string]any{"kind": t.Kind, "step": t.Step, "state": state, "result": result})
}

// endPartly lets the scenario go on once the call about a commitment that was kept in part is over (PRODUCT.md §3
// rule 6).
func (m *moment) endPartly(c id.Customer) error {
	list, err := m.CommitmentsOf(m.ctx, []id.Customer{c})
	if err != nil {
		return err
	}
	for _, k := range list {
		if k.State != promise.Partly {
			continue
		}
		holds, err := m.HoldsOfCommitment(m.ctx, k.ID)
		if err != nil {
			return err
		}
		if err := m.lift(holds); err != nil {
			return err
		}
	}
	return nil
}

// Decide says what follows the pre-legal review of a customer's items (PRODUCT.md §3 rule 12): go
// on with the scenario's other items, or keep them in review.
func (d *Desk) Decide(ctx context.Context, n id.Task, what, why string) error {
	if err := d.may(org.VerbCollect); err != nil {
		return err
	}
	switch what {
	case "litigate", "entrust", "write-off", "go-on":
	default:
		return fault.New(fault.Invalid, "app.review.decision", what)
	}
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		t, err := m.Task(ctx, n)
		if err != nil {
			return err
		}
		if t.Kind != string(dunning.Handover) {
			return fault.New(fault.Conflict, "app.review.not", int(n))
		}
		if what == "go-on" {
			states, err := m.States(ctx, t.Items)
			if err != nil {
				return err
			}
			var list []store.State
			for _, s := range states {
				s.State = s.State.Restarted()
				s.Scenario = 0
				list = append(list, s)
			}
			if err := m.SaveStates(ctx, list); err != nil {
				return err
			}
		}
		if err := m.Tx.EndTask(ctx, n, "done", m.day, m.actor.Name, what+": "+why); err != nil {
			return err
		}
		m.touch(t.Customer)
		return m.note("review.decided", subject{customer: t.Customer}, map[string]any{"decision": what, "why": why, "invoices": t.Invoices})
	})
}
