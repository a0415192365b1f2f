package store

import (
	"context"

	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// State is the dunning row of an item; an item that never moved has none.
type State struct {
	Item     id.Instalment
	Customer id.Customer
	Scenario id.Scenario // the version it follows once it has started
	dunning.State
}

var stateColumns = []string{"item", "company", "customer", "scenario", "step", "passed_on", "sent_on", "pay_by", "level",
	"pending", "cycle", "review"}

// SaveStates keeps where items stand.
func (tx *Tx) SaveStates(ctx context.Context, list []State) error {
	if len(list) == 0 {
		return nil
	}
	rows := make([][]any, len(list))
	for i, s := range list {
		rows[i] = []any{s.Item, tx.company, s.Customer, s.Scenario, s.Step, s.PassedOn.String(), s.SentOn.String(),
			s.PayBy.String(), s.Level, s.Pending, s.Cycle, bit(s.Review)}
	}
	return tx.insertOr(ctx, "item_state", stateColumns, rows, ` ON CONFLICT (customer, item) DO UPDATE SET scenario = excluded.scenario,
		step = excluded.step, passed_on = excluded.passed_on, sent_on = excluded.sent_on, pay_by = excluded.pay_by,
		level = excluded.level, pending = excluded.pending, cycle = excluded.cycle, review = excluded.review`)
}

// States reads where items stand; items that never moved are absent.
func (tx *Tx) States(ctx context.Context, items []id.Instalment) (map[id.Instalment]State, error) {
	out := map[id.Instalment]State{}
	err := tx.each(ctx, `SELECT s.item, s.customer, s.scenario, s.step, s.passed_on, s.sent_on, s.pay_by, s.level, s.pending, s.cycle,
		s.review FROM item i JOIN item_state s ON s.customer = i.customer AND s.item = i.id
		WHERE +i.company = $1 AND `+tx.among("i.id", 2), []any{tx.company, ints(tx, items)},
		func(scan func(...any) error) error {
			var s State
			err := scan(&s.Item, &s.Customer, &s.Scenario, &s.Step, on(&s.PassedOn), on(&s.SentOn), on(&s.PayBy), &s.Level,
				&s.Pending, &s.Cycle, yes(&s.Review))
			out[s.Item] = s
			return err
		})
	return out, err
}

// Action is one step of one item, done once: its key is unique whatever the version (rule 9).
type Action struct {
	Item     id.Instalment
	Customer id.Customer
	Scenario string
	Step     string
	Cycle    int
	Message  id.Message
	Task     id.Task
	State    string // pending, sent, skipped, dropped, task, entry
	Day      cal.Date
	Level    int
}

// InsertActions records steps; a conflict means that one of them was already taken.
func (tx *Tx) InsertActions(ctx context.Context, list []Action) error {
	rows := make([][]any, len(list))
	for i, a := range list {
		rows[i] = []any{a.Item, a.Scenario, a.Step, a.Cycle, tx.company, a.Customer, a.Message, a.Task, a.State, a.Day.String(), a.Level}
	}
	return tx.insertMany(ctx, "action", []string{"item", "scenario", "step", "cycle", "company", "customer", "message",
		"task", "state", "day", "level"}, rows)
}

const actionSelect = `SELECT item, customer, scenario, step, cycle, message, task, state, day, level FROM action `

func (tx *Tx) actions(ctx context.Context, where string, args ...any) (list []Action, err error) {
	err = tx.each(ctx, actionSelect+where, args, func(scan func(...any) error) error {
		var a Action
		err := scan(&a.Item, &a.Customer, &a.Scenario, &a.Step, &a.Cycle, &a.Message, &a.Task, &a.State, on(&a.Day), &a.Level)
		list = append(list, a)
		return err
	})
	return list, err
}

// ActionsOfMessages lists the steps that messages take.
func (tx *Tx) ActionsOfMessages(ctx context.Context, ids []id.Message) ([]Action, error) {
	return tx.actions(ctx, `WHERE +company = $1 AND message <> 0 AND `+tx.among("message", 2)+` ORDER BY message, item`, tx.company, ints(tx, ids))
}

// ActionsOn lists the steps of items, oldest first.
func (tx *Tx) ActionsOn(ctx context.Context, items []id.Instalment) ([]Action, error) {
	return tx.actions(ctx, `WHERE company = $1 AND (customer, item) IN (SELECT i.customer, i.id FROM item i WHERE +i.company = $1 AND `+
		tx.among("i.id", 2)+`) ORDER BY item, day, level`, tx.company, ints(tx, items))
}

// SetActions marks the steps that messages take; those they passed over stay dropped.
func (tx *Tx) SetActions(ctx context.Context, list []id.Message, state string, day cal.Date) error {
	_, err := tx.exec(ctx, `UPDATE action SET state = $3, day = $4 WHERE `+tx.among("message", 2)+` AND message <> 0 AND +company = $1 AND state = 'pending'`,
		tx.company, ints(tx, list), state, day.String())
	return err
}

// DeleteActions gives back the steps of a message that was never sent.
func (tx *Tx) DeleteActions(ctx context.Context, m id.Message) error {
	_, err := tx.exec(ctx, `DELETE FROM action WHERE message = $1 AND message <> 0 AND +company = $2 AND state IN ('pending', 'dropped')`, m, tx.company)
	return err
}

// StepBefore is the last step of an item that left before a message, zero when there is none.
func (tx *Tx) StepBefore(ctx context.Context, item id.Instalment, m id.Message) (Action, error) {
	list, err := tx.actions(ctx, `WHERE company = $1 AND customer = (SELECT customer FROM item WHERE id = $2) AND item = $2 AND message <> $3 AND state IN ('sent', 'skipped', 'task', 'entry')
		ORDER BY day DESC, level DESC LIMIT 1`, tx.company, item, m)
	if err != nil || len(list) == 0 {
		return Action{}, err
	}
	return list[0], nil
}
