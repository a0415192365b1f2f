package app

import (
	"context"
	"errors"
	"maps"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Run is what a daily run did.
type Run struct {
	Plan
	Tasks  []*store.Task
	Void   int   // waiting messages made void because they were no longer true
	Sealed int   // facts sealed into the journal's chain
	Sent   *Sent // what left, nil when nothing may leave

	before bool // the day is before that of the last run
}

// lastRun is the setting that keeps the day of the latest run.
const lastRun = "run.last"

// RunOptions bends a run.
type RunOptions struct {
	Day        cal.Date // zero is today
	AllowAhead bool     // a day after today, for a demonstration
	Brief      bool     // do not keep decisions and drafts: only the figures
	Progress   func(done int)
}

// Run is the daily run: it decides, writes and queues what is due, and gives automatic messages
// their approval. Sending follows in SendDue. A second run of the same day adds nothing: the
// customers of whom nothing is due are not even read (PRODUCT.md §3 rule 5).
func (d *Desk) Run(ctx context.Context, o RunOptions) (*Run, error) {
	r := &Run{}
	err := d.begin(ctx, &o, r)
	if fault.Key(err) == "app.run.importing" {
		// Perhaps its process is gone: what it left is taken back, and the day is not lost.
		if err = d.As(System(d.actor.Company, d.actor.Name)).RecoverImports(ctx); err == nil {
			err = d.begin(ctx, &o, r)
		}
	}
	if err != nil {
		return nil, err
	}
	after, seen := store.Place{}, 0
	for {
		var ids []id.Customer
		end := after
		err := retry(ctx, func() error {
			return d.update(ctx, org.VerbCollect, func(m *moment) (err error) {
				m.day = o.Day
				if err := m.Deciding(ctx); err != nil {
					return err
				}
				if err := complete(ctx, m.Tx); err != nil {
					return err // an import has begun since
				}
				if r.before {
					ids, err = m.DueOrOwing(ctx, o.Day, after.Customer, chunk)
				} else {
					ids, end, err = m.Due(ctx, o.Day, after, chunk)
				}
				if err != nil || len(ids) == 0 {
					return err
				}
				if err := m.LockCustomers(ctx, ids); err != nil {
					return err
				}
				return d.runSome(m, ids, r, o.Brief)
			})
		})
		if err != nil {
			return r, err
		}
		if len(ids) == 0 {
			break
		}
		if after = end; r.before {
			after.Customer = ids[len(ids)-1]
		}
		if seen += len(ids); o.Progress != nil {
			o.Progress(seen)
		}
	}
	n, err := d.Seal(ctx)
	r.Sealed = n
	return r, err
}

// begin checks the day and what must be over before a run: no import half way.
func (d *Desk) begin(ctx context.Context, o *RunOptions, r *Run) error {
	expired, last := false, ""
	err := d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, o.Day)
		if err != nil {
			return err
		}
		today := dayOf(s.company, d.now())
		if o.Day.IsZero() {
			o.Day = today
		}
		if o.Day > today && !o.AllowAhead {
			return fault.New(fault.Invalid, "app.run.ahead", o.Day, today)
		}
		if err := complete(ctx, tx); err != nil {
			return err
		}
		if expired, err = tx.HasExpiredTasks(ctx, o.Day); err != nil {
			return err
		}
		if last, err = tx.Setting(ctx, lastRun); err != nil {
			return err
		}
		r.Date, r.Company, r.before = o.Day, s.company, o.Day.String() < last
		r.Gates, err = d.gates(ctx, tx, s)
		return err
	})
	if err != nil || !expired && o.Day.String() <= last {
		return err
	}
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		if o.Day.String() > last {
			if err := m.SetSetting(ctx, lastRun, o.Day.String()); err != nil {
				return err
			}
		}
		return m.expireTasks(o.Day)
	})
}

// expireTasks ends the calls, meetings and notes whose time is over.
func (m *moment) expireTasks(day cal.Date) error {
	list, err := m.ExpireTasks(m.ctx, day)
	if err != nil {
		return err
	}
	for _, t := range list {
		if err := m.note("task.ended", subject{customer: t.Customer}, map[string]any{"kind": t.Kind, "step": t.Step, "state": "not-done", "result": "expired"}); err != nil {
			return err
		}
	}
	return nil
}

// runSome decides and queues one chunk in its transaction.
func (d *Desk) runSome(m *moment, ids []id.Customer, r *Run, brief bool) error {
	s, err := d.scene(m.ctx, m.Tx, m.day)
	if err != nil {
		return err
	}
	list, err := s.decide(m.ctx, m.Tx, ids)
	if err != nil {
		return err
	}
	drafts, err := s.write(m.ctx, m.Tx, list)
	if err != nil {
		return err
	}
	q := newQueue(m, s)
	if q.accounts, err = accounts(m.ctx, m.Tx); err != nil {
		return err
	}
	for _, x := range list {
		if err := q.take(x); err != nil {
			return err
		}
	}
	for _, dr := range drafts {
		if err := q.queue(dr); err != nil {
			return err
		}
	}
	notices := s.notices(list)
	for _, dr := range notices {
		if _, err := q.put(dr); err != nil {
			return err
		}
		if err := q.SetNoticed(q.ctx, dr.in.Occasion.Plan, dr.in.Occasion.Seq, q.day); err != nil {
			return err
		}
	}
	if err := q.flush(list); err != nil {
		return err
	}
	drafts = append(drafts, notices...)
	r.Void += q.voided
	r.Tasks = append(r.Tasks, q.tasks...)
	if !brief {
		r.Decisions, r.Drafts = append(r.Decisions, list...), append(r.Drafts, drafts...)
	} else {
		r.Counted += len(drafts)
	}
	return nil
}

// retry runs a chunk again when another writer was in its way: nothing of it was kept.
func retry(ctx context.Context, fn func() error) error {
	for attempt := 0; ; attempt++ {
		err := fn()
		if err == nil || attempt == 4 || ctx.Err() != nil {
			return err
		}
		if k := fault.Of(err); k != fault.Conflict && k != fault.Unavailable || errors.Is(err, context.Canceled) {
			return err
		}
	}
}

// queue collects the rows of one chunk: they are written together.
type queue struct {
	*moment
	scene    *scene
	messages []*store.Message
	actions  []store.Action
	states   map[id.Instalment]*store.State
	next     map[id.Customer]cal.Date
	tasks    []*store.Task
	steps    []*store.Task // those of tasks that are written together
	accounts []openAccount
	voided   int
}

func newQueue(m *moment, s *scene) *queue {
	return &queue{moment: m, scene: s, states: map[id.Instalment]*store.State{}, next: map[id.Customer]cal.Date{}}
}

// state is the row of an item as this chunk leaves it.
func (q *queue) state(d *Decision, n id.Instalment) *store.State {
	if s := q.states[n]; s != nil {
		return s
	}
	it := d.item(n)
	s := &store.State{Item: n, Customer: d.Customer.ID, Scenario: d.items[n].Follows, State: it.State}
	if it.Scenario != nil {
		s.Scenario = q.scene.catalog.idOf[it.Scenario]
	}
	q.states[n] = s
	return s
}

// take voids what is no longer true and makes the tasks of a decision.
func (q *queue) take(d *Decision) error {
	for _, m := range d.stale {
		if err := q.void(d, m); err != nil {
			return err
		}
	}
	for i := range d.Out.Tasks {
		if err := q.task(d, &d.Out.Tasks[i]); err != nil {
			return err
		}
	}
	if len(d.cheques) > 0 {
		if err := q.TellHolds(q.ctx, d.cheques); err != nil {
			return err
		}
	}
	return q.keepStandings(d)
}

func (q *queue) task(d *Decision, t *dunning.Task) error {
	row := &store.Task{Customer: d.Customer.ID, Kind: t.Kind, Step: t.Step, CreatedOn: q.day, ExpiresOn: t.Expires,
		Why: t.Why.In(language(q.company, &d.Customer))}
	for _, it := range t.Items {
		row.Items = append(row.Items, it.ID)
		row.Invoices = appendNew(row.Invoices, it.Invoice)
	}
	if t.Step == "" {
		if err := q.InsertTask(q.ctx, row); err != nil {
			return err
		}
		if row.ID == 0 {
			return nil // such a task is open already
		}
		q.tasks = append(q.tasks, row)
	} else {
		n, err := q.NewID(q.ctx)
		if err != nil {
			return err
		}
		row.ID = id.Task(n)
		q.tasks, q.steps = append(q.tasks, row), append(q.steps, row)
		for _, it := range t.Items {
			q.skip(d, it, t.Skips[it.ID], 0)
			q.act(d, it, t.Step, "task", 0, row.ID)
			st := q.state(d, it.ID)
			st.State = st.State.Passed(t.Step, q.day)
			if t.Kind == string(dunning.Handover) {
				st.Review = true
			}
		}
	}
	return q.note("task.created", subject{customer: d.Customer.ID}, map[string]any{"kind": t.Kind, "step": t.Step, "invoices": row.Invoices})
}

// skip records the steps passed over on the way to a task, or to a message: with it they are taken
// back when it is made void.
func (q *queue) skip(d *Decision, it *dunning.Item, steps []string, m id.Message) {
	for _, s := range steps {
		q.act(d, it, s, "dropped", m, 0)
	}
}

func (q *queue) act(d *Decision, it *dunning.Item, step, state string, m id.Message, t id.Task) {
	a := store.Action{Item: it.ID, Customer: d.Customer.ID, Scenario: it.Scenario.Name, Step: step, Cycle: it.State.Cycle,
		Message: m, Task: t, State: state, Day: q.day}
	if i := it.Scenario.Find(step); i >= 0 {
		a.Level = it.Scenario.Level(i)
	}
	q.actions = append(q.actions, a)
}

// queue puts a draft into the outbox: its items wait for it. An automatic message is approved by
// its scenario, the others await a person.
func (q *queue) queue(dr *Draft) error {
	if err := dr.seal(q.ctx, q.Tx); err != nil {
		return err
	}
	row := dr.Row
	row.State, row.Account = store.Proposed, accountFor(q.accounts, dr.Decision.Customer.Collector)
	switch {
	case row.Automation != string(dunning.Auto):
	case q.scene.waits(row.Kind, dunning.Auto):
		row.WaitsFor = waitsForPayments
	default:
		row.State, row.ApprovedBy = store.Approved, "scenario"
	}
	if row.Channel != string(dunning.Email) {
		row.PostState = store.ToPost
	}
	q.messages = append(q.messages, row)
	for _, list := range [][]dunning.Line{dr.Message.Lines, dr.Message.Upcoming} {
		for _, l := range list {
			if !l.Advances {
				continue
			}
			q.skip(dr.Decision, l.Item, l.Skips, row.ID)
			q.act(dr.Decision, l.Item, l.Step, "pending", row.ID, 0)
			q.state(dr.Decision, l.Item.ID).Pending = l.Step
		}
	}
	return q.note("message.proposed", subject{customer: row.Customer, message: row.ID},
		map[string]any{"step": row.Step, "channel": row.Channel, "open": row.Open, "total": row.Total, "currency": row.Currency})
}

// flush writes the chunk, and the next day of each of its customers: found by deciding again on
// what was just written, so that the next run reads only whom it must.
func (q *queue) flush(list []*Decision) error {
	if err := q.InsertMessages(q.ctx, q.messages); err != nil {
		return err
	}
	if err := q.InsertTasks(q.ctx, q.steps); err != nil {
		return err
	}
	if err := q.InsertActions(q.ctx, q.actions); err != nil {
		return err
	}
	if err := q.saveStates(); err != nil {
		return err
	}
	at := map[id.Customer]*Decision{}
	var who []id.Customer
	for _, d := range list {
		at[d.Customer.ID] = d
		who = append(who, d.Customer.ID)
	}
	for _, m := range q.messages {
		q.scene.lookAgain(at[m.Customer], m)
	}
	// A fact dated after this day, in a ledger entered at once and run month by month, wakes its
	// customer on its own day.
	facts, err := q.NextFacts(q.ctx, q.day, who)
	if err != nil {
		return err
	}
	for _, d := range list {
		q.next[d.Customer.ID] = q.nextDay(d, facts[d.Customer.ID])
	}
	return q.SetNextDays(q.ctx, q.next)
}

// saveStates writes where the items of the chunk now stand, in the order of their identifiers.
func (q *queue) saveStates() error {
	list := make([]store.State, 0, len(q.states))
	for _, n := range slices.Sorted(maps.Keys(q.states)) {
		list = append(list, *q.states[n])
	}
	return q.SaveStates(q.ctx, list)
}

// nextDay is the day on which the customer is looked at again after what was queued today: its next
// step, the day a waiting message is too old, or its next recorded fact.
func (q *queue) nextDay(d *Decision, fact cal.Date) cal.Date {
	out := d.Out
	if len(d.Out.Messages) > 0 || len(d.Out.Tasks) > 0 {
		after := d.In
		after.Items = append([]dunning.Item(nil), d.In.Items...)
		for i := range after.Items {
			if s := q.states[after.Items[i].ID]; s != nil {
				after.Items[i].State = s.State
			}
		}
		after.Written = append([]dunning.Written(nil), d.In.Written...)
		for _, m := range d.Out.Messages {
			w := dunning.Written{On: q.day, Level: m.Level}
			for _, l := range m.Lines {
				if l.Advances {
					w.Items = append(w.Items, l.Item.ID)
				}
			}
			after.Written = append(after.Written, w)
		}
		out = dunning.Plan(after)
	}
	next := out.Next
	for _, other := range []cal.Date{d.ages, d.wake, fact} {
		if !other.IsZero() && (next.IsZero() || other < next) {
			next = other
		}
	}
	if next <= q.day && !next.IsZero() && len(out.Messages) == 0 && len(out.Tasks) == 0 {
		next = q.day + 1
	}
	return next
}

func appendNew(list []string, s string) []string {
	for _, x := range list {
		if x == s {
			return list
		}
	}
	return append(list, s)
}

// Seal gives the journal's new facts their place in the chain, and says how many.
func (d *Desk) Seal(ctx context.Context) (n int, err error) {
	if err := d.may(org.VerbRead); err != nil {
		return 0, err
	}
	const together = 2000
	for {
		done := 0
		err = d.store.Update(ctx, d.actor.Company, func(tx *store.Tx) error {
			done, err = tx.Seal(ctx, together)
			return err
		})
		n += done
		if err != nil || done < together {
			return n, err
		}
	}
}
