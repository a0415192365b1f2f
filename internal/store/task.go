package store

import (
	"context"
	"strconv"
	"strings"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// Task is something a person does.
type Task struct {
	ID        id.Task
	Customer  id.Customer
	Kind      string
	Step      string
	Items     []id.Instalment
	Invoices  []string
	Why       string
	CreatedOn cal.Date
	ExpiresOn cal.Date
	StartOn   cal.Date // not to be done before it, zero for at once
	Tries     int      // how often nobody answered
	State     string   // open, done, not-done
	DoneOn    cal.Date
	DoneBy    string
	Result    string
}

// InsertTask creates a task; one that no step asked for is created once while it is open, and the
// identifier is then zero.
func (tx *Tx) InsertTask(ctx context.Context, t *Task) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	t.State = "open"
	done, err := tx.exec(ctx, `INSERT INTO task (id, company, customer, kind, step, items, invoices, why, created_on, expires_on, state, start_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11) ON CONFLICT DO NOTHING`,
		n, tx.company, t.Customer, t.Kind, t.Step, itemList(t.Items), strings.Join(t.Invoices, "\n"), t.Why, t.CreatedOn.String(), t.ExpiresOn.String(),
		t.StartOn.String())
	if done > 0 {
		t.ID = id.Task(n)
	}
	return err
}

// InsertTasks creates tasks that a step asked for, together; each must have its identifier already.
func (tx *Tx) InsertTasks(ctx context.Context, list []*Task) error {
	rows := make([][]any, len(list))
	for i, t := range list {
		t.State = "open"
		rows[i] = []any{t.ID, tx.company, t.Customer, t.Kind, t.Step, itemList(t.Items), strings.Join(t.Invoices, "\n"), t.Why,
			t.CreatedOn.String(), t.ExpiresOn.String(), t.State}
	}
	return tx.insertMany(ctx, "task", []string{"id", "company", "customer", "kind", "step", "items", "invoices", "why", "created_on",
		"expires_on", "state"}, rows)
}

// itemsOf reads back what itemList wrote.
func itemsOf(list string) (items []id.Instalment, err error) {
	for _, s := range split(list) {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, err
		}
		items = append(items, id.Instalment(n))
	}
	return items, nil
}

func itemList(items []id.Instalment) string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = strconv.FormatInt(int64(it), 10)
	}
	return words(out)
}

func (tx *Tx) tasks(ctx context.Context, where string, args ...any) (list []Task, err error) {
	err = tx.each(ctx, `SELECT id, customer, kind, step, items, invoices, why, created_on, expires_on, state, done_on, done_by,
		result, start_on, tries FROM task `+where, args, func(scan func(...any) error) error {
		var t Task
		var items, invoices string
		err := scan(&t.ID, &t.Customer, &t.Kind, &t.Step, &items, &invoices, &t.Why, on(&t.CreatedOn), on(&t.ExpiresOn),
			&t.State, on(&t.DoneOn), &t.DoneBy, &t.Result, on(&t.StartOn), &t.Tries)
		if err != nil {
			return err
		}
		t.Items, err = itemsOf(items)
		if invoices != "" {
			t.Invoices = strings.Split(invoices, "\n")
		}
		list = append(list, t)
		return err
	})
	return list, err
}

// OpenTasks lists what is to be done, oldest first.
func (tx *Tx) OpenTasks(ctx context.Context, limit int) ([]Task, error) {
	return tx.tasks(ctx, `WHERE company = $1 AND state = 'open' ORDER BY created_on, id LIMIT $2`, tx.company, limit)
}

// Asked lists the kinds of the open tasks of customers that no step asked for.
func (tx *Tx) Asked(ctx context.Context, ids []id.Customer) (map[id.Customer][]string, error) {
	out := map[id.Customer][]string{}
	err := tx.each(ctx, `SELECT customer, kind FROM task WHERE +company = $1 AND `+tx.among("customer", 2)+` AND state = 'open' AND step = ''`,
		[]any{tx.company, ints(tx, ids)}, func(scan func(...any) error) error {
			var c id.Customer
			var kind string
			err := scan(&c, &kind)
			out[c] = append(out[c], kind)
			return err
		})
	return out, err
}

// TasksOf lists the tasks of a customer.
func (tx *Tx) TasksOf(ctx context.Context, c id.Customer) ([]Task, error) {
	return tx.tasks(ctx, `WHERE company = $1 AND customer = $2 ORDER BY created_on, id`, tx.company, c)
}

// Task finds one task.
func (tx *Tx) Task(ctx context.Context, n id.Task) (Task, error) {
	return oneOf(tx.tasks(ctx, `WHERE company = $1 AND id = $2`, tx.company, n))
}

// PostponeTask keeps a task for another day; its time is counted from then.
func (tx *Tx) PostponeTask(ctx context.Context, n id.Task, on cal.Date) error {
	done, err := tx.exec(ctx, `UPDATE task SET start_on = $3, expires_on = '' WHERE id = $1 AND company = $2 AND state = 'open'`, n, tx.company, on.String())
	if err == nil && done == 0 {
		err = ErrMoved
	}
	return err
}

// TryTask counts a call that nobody answered.
func (tx *Tx) TryTask(ctx context.Context, n id.Task) error {
	_, err := tx.exec(ctx, `UPDATE task SET tries = tries + 1 WHERE id = $1 AND company = $2 AND state = 'open'`, n, tx.company)
	return err
}

// EndTask marks a task done, or not done, with its result.
func (tx *Tx) EndTask(ctx context.Context, n id.Task, state string, on cal.Date, by, result string) error {
	done, err := tx.exec(ctx, `UPDATE task SET state = $3, done_on = $4, done_by = $5, result = $6 WHERE id = $1 AND company = $2
		AND state = 'open'`, n, tx.company, state, on.String(), by, result)
	if err == nil && done == 0 {
		err = ErrMoved
	}
	return err
}

// EndTasksOfKind closes the open tasks of a kind that no step asked for: what they asked is known.
func (tx *Tx) EndTasksOfKind(ctx context.Context, c id.Customer, kind string, on cal.Date, by string) error {
	_, err := tx.exec(ctx, `UPDATE task SET state = 'done', done_on = $4, done_by = $5 WHERE company = $1 AND customer = $2
		AND kind = $3 AND step = '' AND state = 'open'`, tx.company, c, kind, on.String(), by)
	return err
}

// HasExpiredTasks tells whether the time of a task is over.
func (tx *Tx) HasExpiredTasks(ctx context.Context, today cal.Date) (bool, error) {
	var n int
	err := tx.one(ctx, `SELECT count(*) FROM (SELECT id FROM task WHERE company = $1 AND state = 'open' AND expires_on <> ''
		AND expires_on < $2 LIMIT 1) AS x`, []any{tx.company, today.String()}, &n)
	return n > 0, err
}

// ExpireTasks marks "not done" the calls, meetings and notes whose time is over (rule 7), and tells
// which.
func (tx *Tx) ExpireTasks(ctx context.Context, today cal.Date) (list []Task, err error) {
	err = tx.each(ctx, `UPDATE task SET state = 'not-done', done_on = $2 WHERE company = $1 AND state = 'open'
		AND expires_on <> '' AND expires_on < $2 RETURNING id, customer, kind, step`, []any{tx.company, today.String()},
		func(scan func(...any) error) error {
			var t Task
			err := scan(&t.ID, &t.Customer, &t.Kind, &t.Step)
			list = append(list, t)
			return err
		})
	return list, err
}
