package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Approved is the state of a message that may leave, for the doors.
const Approved = store.Approved

// Queued is a message of the outbox with what a person needs to judge it.
type Queued struct {
	*store.Message
	CustomerCode, CustomerName string
	Invoices                   []string
	Problems                   []string // of a formal notice: what it lacks, message keys
	Mail, CC                   []string
	Attachments                []string
	DaysLate                   int
	PayBy                      cal.Date
}

// Outbox lists the messages in some states (none: everything under way), oldest first.
func (d *Desk) Outbox(ctx context.Context, states ...string) (list []*Queued, err error) {
	if len(states) == 0 {
		states = []string{store.Proposed, store.Approved, store.Sending, store.Failed, store.Uncertain}
	}
	err = d.view(ctx, func(tx *store.Tx) error {
		rows, err := tx.MessagesIn(ctx, maxOutbox, states...)
		if err != nil {
			return err
		}
		list, err = d.queued(ctx, tx, rows)
		return err
	})
	return list, err
}

// maxOutbox bounds a list that is read whole.
const maxOutbox = 5000

func (d *Desk) queued(ctx context.Context, tx *store.Tx, rows []*store.Message) (list []*Queued, err error) {
	var who []id.Customer
	for _, r := range rows {
		who = append(who, r.Customer)
	}
	customers, err := tx.Customers(ctx, who)
	if err != nil {
		return nil, err
	}
	at := map[id.Customer]int{}
	for i, c := range customers {
		at[c.ID] = i
	}
	for _, r := range rows {
		in, err := readInputs(r)
		if err != nil {
			return nil, err
		}
		c := customers[at[r.Customer]]
		q := &Queued{Message: r, CustomerCode: c.Code, CustomerName: c.Name, Mail: in.Mail, CC: in.CC, PayBy: in.PayBy}
		seen := make(map[string]bool, len(in.Lines))
		for _, l := range in.Lines {
			if !seen[l.Number] {
				seen[l.Number] = true
				q.Invoices = append(q.Invoices, l.Number)
			}
			q.DaysLate = max(q.DaysLate, in.Date.Sub(l.Due))
		}
		for _, a := range in.Attach {
			q.Attachments = append(q.Attachments, a.Name)
		}
		list = append(list, q)
	}
	return list, nil
}

// Approve lets messages go. Above the ceiling a second person approves; where only one person of
// the company may, that person confirms twice (PRODUCT.md §3 rule 7). A formal notice that lacks
// something (law-fr.md §5.2) is refused with what it lacks.
func (d *Desk) Approve(ctx context.Context, ids []id.Message) (approved int, err error) {
	err = d.update(ctx, org.VerbCollect, func(m *moment) error {
		approved = 0
		approvers, err := m.approvers()
		if err != nil {
			return err
		}
		rows, err := m.Messages(ctx, ids)
		if err != nil {
			return err
		}
		if len(rows) != len(ids) {
			return fault.New(fault.NotFound, "app.no-message")
		}
		for _, row := range rows {
			ok, err := d.approve(m, row, approvers)
			if err != nil {
				return err
			}
			if ok {
				approved++
			}
		}
		if approved == 0 {
			return nil
		}
		return m.wakeMail()
	})
	if err != nil {
		approved = 0
	}
	return approved, err
}

// approve gives one approval; true when the message may now leave.
func (d *Desk) approve(m *moment, row *store.Message, approvers []org.User) (bool, error) {
	if row.State != store.Proposed {
		return false, fault.New(fault.Conflict, "app.not-proposed", int(row.ID))
	}
	if lacks, err := d.lacks(m.ctx, m.Tx, m.company, row); err != nil {
		return false, err
	} else if len(lacks) > 0 {
		return false, fault.New(fault.Invalid, "app.message.lacks", i18n.Said{Key: lacks[0]})
	}
	who := d.actor.Name
	row.State, row.WaitsFor = store.Approved, ""
	// Two people are two users, whatever they are called; the owner of the machine, who is no user (0), is one.
	same := row.ApprovedBy != "" && row.Approver == d.actor.User
	alone := true
	if same {
		var err error
		if alone, err = m.alone(row, approvers); err != nil {
			return false, err
		}
	}
	switch {
	case !row.NeedsSecond:
		row.ApprovedBy, row.Approver = who, d.actor.User
	case row.ApprovedBy == "":
		row.State, row.ApprovedBy, row.Approver = store.Proposed, who, d.actor.User
	case same && !alone:
		return false, fault.New(fault.Forbidden, "app.second-person", who)
	default:
		row.SecondBy = who
	}
	if row.State == store.Approved && row.Channel != string(dunning.Email) {
		row.SendOn = cal.Later(row.SendOn, m.day) // its days to be posted begin now (PRODUCT.md §3 rule 16)
		m.touch(row.Customer)
	}
	if err := m.UpdateMessage(m.ctx, row, store.Proposed); err != nil {
		return false, err
	}
	return row.State == store.Approved, m.note("message.approved", subject{customer: row.Customer, message: row.ID},
		map[string]any{"step": row.Step, "by": who, "final": row.State == store.Approved})
}

// approvers are the people of the company who may approve.
func (m *moment) approvers() ([]org.User, error) {
	users, err := m.Users(m.ctx)
	return slices.DeleteFunc(users, func(u org.User) bool { return !u.Role.May(org.VerbCollect) }), err
}

// alone tells whether at most one of them may approve this message: whoever is bound to another portfolio may not.
func (m *moment) alone(row *store.Message, approvers []org.User) (bool, error) {
	c, err := m.Customer(m.ctx, row.Customer)
	n := 0
	for _, u := range approvers {
		if !u.Bound || slices.Contains(u.Portfolio, c.Collector) {
			n++
		}
	}
	return n <= 1, err
}

// lacks lists what keeps a message from being approved, as message keys: a rate that is not loaded,
// or what a formal notice misses (law-fr.md §5.2).
func (d *Desk) lacks(ctx context.Context, tx *store.Tx, c org.Company, row *store.Message) ([]string, error) {
	in, err := readInputs(row)
	if err != nil {
		return nil, err
	}
	if in.Missing != "" {
		return []string{"app.rate-missing"}, nil
	}
	if row.Kind != string(dunning.FormalNotice) {
		return nil, nil
	}
	p, err := tx.Profile(ctx, in.Profile)
	if err != nil {
		return nil, err
	}
	if in.Profile != c.ProfileVersion {
		p = c.Profile // a mended letterhead serves: the message is dated anew when it leaves
	}
	t, err := d.renderer(c).template(ctx, row, in)
	if err != nil {
		return nil, err
	}
	return letter.CheckNotice(in.message(row, p), t), nil
}

// ApproveAll gives this person's approval to every proposed message of the outbox: those above the
// ceiling still await a second one. What one message lacks does not stop the others.
func (d *Desk) ApproveAll(ctx context.Context) (approved int, problems []error, err error) {
	if err := d.may(org.VerbCollect); err != nil {
		return 0, nil, err
	}
	var ids []id.Message
	if err := d.view(ctx, func(tx *store.Tx) (err error) {
		ids, err = tx.ProposedIDs(ctx)
		return err
	}); err != nil {
		return 0, nil, err
	}
	for part := range slices.Chunk(ids, approveTogether) {
		n, err := d.Approve(ctx, part)
		approved += n
		if err == nil {
			continue
		}
		for _, one := range part { // one of them is refused: the others go by themselves
			n, err := d.Approve(ctx, []id.Message{one})
			approved += n
			if ctx.Err() != nil {
				return approved, problems, ctx.Err()
			}
			if err != nil {
				problems = append(problems, err)
			}
		}
	}
	return approved, problems, nil
}

// approveTogether is how many messages are approved in one transaction.
const approveTogether = 100

// Unapprove takes an approval back while the message has not left.
func (d *Desk) Unapprove(ctx context.Context, ids []id.Message) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		rows, err := m.Messages(ctx, ids)
		if err != nil {
			return err
		}
		if len(rows) != len(ids) {
			return fault.New(fault.NotFound, "app.no-message")
		}
		for _, row := range rows {
			row.State, row.ApprovedBy, row.SecondBy = store.Proposed, "", ""
			if err := m.UpdateMessage(ctx, row, store.Approved); err != nil {
				return err
			}
			m.touch(row.Customer) // it may be too old to wait for a person again
			if err := m.note("message.unapproved", subject{customer: row.Customer, message: row.ID}, map[string]any{"step": row.Step}); err != nil {
				return err
			}
		}
		return nil
	})
}

// Skip passes a message over with a reason: its items go on to their next step as if it had been
// done, and the journal says why.
func (d *Desk) Skip(ctx context.Context, ids []id.Message, reason string) error {
	if err := d.may(org.VerbCollect); err != nil {
		return err
	}
	if reason == "" {
		return fault.New(fault.Invalid, "app.skip.reason")
	}
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		rows, err := m.Messages(ctx, ids)
		if err != nil {
			return err
		}
		if len(rows) != len(ids) {
			return fault.New(fault.NotFound, "app.no-message")
		}
		for _, row := range rows {
			if err := m.skip(row, reason); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m *moment) skip(row *store.Message, reason string) error {
	in, err := readInputs(row)
	if err != nil {
		return err
	}
	row.State, row.Reason = store.Skipped, reason
	if err := m.UpdateMessage(m.ctx, row, store.Proposed, store.Approved, store.Failed); err != nil {
		return err
	}
	// Only the steps that are still this message's: one that a dead address refused gave its items
	// back, and another message may hold them by now.
	taken, err := m.ActionsOfMessages(m.ctx, []id.Message{row.ID})
	if err != nil {
		return err
	}
	if err := m.SetActions(m.ctx, []id.Message{row.ID}, "skipped", m.day); err != nil {
		return err
	}
	ids := make([]id.Instalment, len(taken))
	for i, a := range taken {
		ids[i] = a.Item
	}
	known, err := m.States(m.ctx, ids)
	if err != nil {
		return err
	}
	var states []store.State
	for _, l := range append(append([]line(nil), in.Lines...), in.Upcoming...) {
		if st, ok := known[l.Item]; ok && l.Advances {
			st.State = st.State.Passed(l.Step, m.day)
			states = append(states, st)
		}
	}
	if err := m.SaveStates(m.ctx, states); err != nil {
		return err
	}
	m.touch(row.Customer)
	return m.note("message.skipped", subject{customer: row.Customer, message: row.ID}, map[string]any{"step": row.Step, "reason": reason})
}

// Postpone keeps a message back until a day.
func (d *Desk) Postpone(ctx context.Context, n id.Message, until cal.Date) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		if until <= m.day || until > m.day.AddDays(maxPostponed) {
			return fault.New(fault.Invalid, "app.postpone.day", m.day+1, m.day.AddDays(maxPostponed))
		}
		row, err := m.Message(ctx, n)
		if err != nil {
			return err
		}
		row.SendOn = m.company.Profile.Calendar.NextWorkingDay(until)
		if err := m.UpdateMessage(ctx, row, store.Proposed, store.Approved); err != nil {
			return err
		}
		m.touch(row.Customer)
		return m.note("message.postponed", subject{customer: row.Customer, message: row.ID}, map[string]any{"until": row.SendOn})
	})
}

// maxPostponed is how far a message may be put off, in days: beyond, it is a hold.
const maxPostponed = 90

// Settle says of an uncertain message whether it left, as the person found out; one that did not,
// or that failed for good and whose cause is mended, is approved again.
func (d *Desk) Settle(ctx context.Context, n id.Message, left bool) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		row, err := m.Message(ctx, n)
		if err != nil {
			return err
		}
		if row.State != store.Uncertain && (left || row.State != store.Failed) {
			return fault.New(fault.Conflict, "app.not-uncertain", int(n))
		}
		if left {
			r := newRecorder(m)
			if err := r.left(row); err != nil {
				return err
			}
			return r.close()
		}
		if known, err := m.ActionsOfMessages(ctx, []id.Message{n}); err != nil {
			return err
		} else if len(known) == 0 && row.CopyOf == 0 && row.Scenario != 0 { // an answer to something that happened takes no step
			return fault.New(fault.Conflict, "app.given-back", int(n))
		}
		row.State, row.NextTry, row.Attempts, row.Reason = store.Approved, 0, 0, ""
		if err := m.UpdateMessage(ctx, row, store.Uncertain, store.Failed); err != nil {
			return err
		}
		m.touch(row.Customer) // what it says may not be true any more
		if err := m.wakeMail(); err != nil {
			return err
		}
		return m.note("message.settled", subject{customer: row.Customer, message: row.ID}, map[string]any{"left": false})
	})
}

// ToApprove counts the messages that await a person.
func (d *Desk) ToApprove(ctx context.Context) (n int, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		n, err = tx.OutboxCount(ctx, "approve")
		return err
	})
	return n, err
}
