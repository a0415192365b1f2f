package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Days after which a waiting message is written again (PRODUCT.md §3 rules 7 and 16).
const (
	proposalLife = 3 // working days unapproved
	letterLife   = 2 // working days approved and not posted
)

// review looks at what waits to leave to the customers of a decision. A message that is no longer
// true, or has waited too long, is made void: the decision is taken as if it had never been
// proposed. The others keep their items pending.
func (s *scene) review(ctx context.Context, tx *store.Tx, list []*Decision) error {
	at := make(map[id.Customer]*Decision, len(list))
	var who []id.Customer
	for _, d := range list {
		for i := range d.In.Items {
			if d.In.Items[i].State.Pending != "" {
				at[d.Customer.ID] = d
				who = append(who, d.Customer.ID)
				break
			}
		}
		// A message whose every item was paid leaves no pending item behind.
		if at[d.Customer.ID] == nil && len(d.In.Written) > 0 {
			at[d.Customer.ID] = d
			who = append(who, d.Customer.ID)
		}
	}
	if len(who) == 0 {
		return nil
	}
	waiting, err := tx.WaitingOf(ctx, who)
	if err != nil {
		return err
	}
	for _, m := range waiting {
		d := at[m.Customer]
		in, err := readInputs(m)
		if err != nil {
			return err
		}
		switch {
		case repeats(m):
		case m.CopyOf == 0 && s.aged(m) || d.untrue(m, in) != "":
			d.void(m, in)
		case m.CopyOf == 0:
			s.lookAgain(d, m)
		}
	}
	return nil
}

// repeats tells whether a message says again what a posted letter has said: the e-mail that carries
// it. A letter beside an e-mail is read on its own, days later, and is void once it is untrue.
func repeats(m *store.Message) bool { return m.CopyOf != 0 && m.Channel == string(dunning.Email) }

// aged tells whether a message has waited too long for what it says to be sent unread.
func (s *scene) aged(m *store.Message) bool {
	switch unread, unposted := s.agesOn(m); {
	case m.State == store.Proposed:
		return s.day >= unread && m.Subject == "" && m.Body == ""
	case m.Channel != string(dunning.Email):
		return s.day >= unposted
	}
	return false
}

// agesOn are the days on which a waiting message is too old: unread as a proposal, or unposted as
// an approved letter.
func (s *scene) agesOn(m *store.Message) (unread, unposted cal.Date) {
	c := s.company.Profile.Calendar
	return c.AddWorkingDays(cal.Later(m.DecidedOn, m.SendOn), proposalLife), c.AddWorkingDays(m.SendOn, letterLife) + 1
}

// lookAgain notes the next day on which a waiting message may have grown old, whatever a person
// makes of it until then.
func (s *scene) lookAgain(d *Decision, m *store.Message) {
	unread, unposted := s.agesOn(m)
	for _, day := range []cal.Date{unread, unposted} {
		if day > s.day && (d.ages.IsZero() || day < d.ages) {
			d.ages = day
		}
	}
}

// askOnce leaves out of decisions the tasks that no step asks for and that stand open already: a
// run would not create them again.
func (s *scene) askOnce(ctx context.Context, tx *store.Tx, list []*Decision) error {
	var who []id.Customer
	for _, d := range list {
		if slices.ContainsFunc(d.Out.Tasks, func(t dunning.Task) bool { return t.Step == "" }) {
			who = append(who, d.Customer.ID)
		}
	}
	if len(who) == 0 {
		return nil
	}
	asked, err := tx.Asked(ctx, who)
	if err != nil {
		return err
	}
	for _, d := range list {
		d.Out.Tasks = slices.DeleteFunc(d.Out.Tasks, func(t dunning.Task) bool {
			return t.Step == "" && slices.Contains(asked[d.Customer.ID], t.Kind)
		})
	}
	return nil
}

// untrue says why a waiting message no longer says what the ledger holds: the gates of rule 8 that
// are facts. "" when it is still true.
func (d *Decision) untrue(m *store.Message, in *inputs) string {
	if in.Occasion != nil {
		return d.overtaken(in)
	}
	credits := int64(0)
	for _, c := range d.In.Credits {
		if c.Currency == m.Currency {
			credits += c.Amount
		}
	}
	deducted := int64(0)
	for _, x := range in.Deductions {
		deducted += x.Amount
	}
	if credits < deducted || credits > deducted && m.Kind != string(dunning.PreDue) && d.alone(m) {
		return "credit"
	}
	for _, list := range [][]line{in.Lines, in.Upcoming} {
		for _, l := range list {
			if !d.owedAsWritten(l) {
				return "paid"
			}
			if d.heldNow(l.Item) {
				return "held"
			}
			if it := d.item(l.Item); l.Advances && it.Scenario != nil && it.Scenario.Find(l.Step) < 0 {
				return "scenario"
			}
		}
	}
	if m.Channel == string(dunning.Email) && !sameAddresses(in.Mail, d, m) {
		return "address"
	}
	return ""
}

// alone tells whether a message is the only one of its currency that may deduct credits.
func (d *Decision) alone(m *store.Message) bool {
	for _, it := range d.In.Items {
		if it.Currency == m.Currency && it.PayTo != "" {
			return false
		}
	}
	return true
}

// live tells whether a hold blocks on a day.
func live(h dunning.Hold, on cal.Date) bool {
	return (h.From.IsZero() || h.From <= on) && (h.Until.IsZero() || on <= h.Until)
}

func (d *Decision) item(n id.Instalment) *dunning.Item {
	if i, ok := d.place[n]; ok && i < len(d.In.Items) && d.In.Items[i].ID == n {
		return &d.In.Items[i]
	}
	return nil
}

// owedAsWritten tells whether an item still owes what the message says, and is due when it says.
func (d *Decision) owedAsWritten(l line) bool {
	it := d.item(l.Item)
	if it == nil || it.Due != l.Due {
		return false
	}
	return it.Open-d.contested(it) == l.Open
}

// heldNow tells whether a hold stops an item altogether.
func (d *Decision) heldNow(n id.Instalment) bool {
	it := d.item(n)
	for _, h := range d.In.Holds {
		if (h.Item == 0 || h.Item == n) && live(h, d.In.Today) && !(h.Reason == dunning.HoldDispute && h.Amount > 0) && (it == nil || !h.Spares(it)) {
			return true
		}
	}
	return false
}

// sameAddresses tells whether every address the message goes to is still a good one.
func sameAddresses(mail []string, d *Decision, m *store.Message) bool {
	if m.Subject != "" || m.Body != "" {
		return true // a person edited it and chose
	}
	bad := map[string]bool{}
	for _, c := range d.Contacts {
		if c.Bad {
			bad[c.Email] = true
		}
	}
	for _, a := range mail {
		if bad[a] {
			return false
		}
	}
	return true
}

// void takes a waiting message out of the decision's past.
func (d *Decision) void(m *store.Message, in *inputs) {
	d.stale = append(d.stale, m)
	if m.CopyOf != 0 {
		return // its steps are those of the message that left
	}
	gone := map[id.Instalment]bool{}
	for _, list := range [][]line{in.Lines, in.Upcoming} {
		for _, l := range list {
			if l.Advances {
				gone[l.Item] = true
			}
		}
	}
	for i := range d.In.Items {
		if gone[d.In.Items[i].ID] {
			d.In.Items[i].State.Pending = ""
		}
	}
	for i, w := range d.In.Written {
		if w.On == m.SendOn && w.Level == m.Level && covers(w, gone) {
			d.In.Written = append(d.In.Written[:i:i], d.In.Written[i+1:]...)
			break
		}
	}
}

func covers(w dunning.Written, items map[id.Instalment]bool) bool {
	for _, n := range w.Items {
		if !items[n] {
			return false
		}
	}
	return len(w.Items) > 0 || len(items) == 0
}

// void makes a waiting message void, and lets its items wait for it no more.
func (q *queue) void(d *Decision, m *store.Message) error {
	in, err := readInputs(m)
	if err != nil {
		return err
	}
	from := m.State
	m.State, m.Reason = store.Cancelled, i18n.T(q.lang(), "app.void")
	if err := q.UpdateMessage(q.ctx, m, from); err != nil {
		return err
	}
	if err := q.DeleteActions(q.ctx, m.ID); err != nil {
		return err
	}
	var settled []id.Instalment
	for _, list := range [][]line{in.Lines, in.Upcoming} {
		for _, l := range list {
			switch {
			case !l.Advances || m.CopyOf != 0:
			case d.item(l.Item) != nil:
				q.state(d, l.Item).Pending = ""
			default:
				settled = append(settled, l.Item)
			}
		}
	}
	if err := q.free(settled); err != nil {
		return err
	}
	q.voided++
	return q.note("message.cancelled", subject{customer: m.Customer, message: m.ID}, map[string]any{"step": m.Step, "reason": "recomputed"})
}

// free lets items that nothing is owed of wait for no message: their payment may come back.
func (q *queue) free(settled []id.Instalment) error {
	if len(settled) == 0 {
		return nil
	}
	known, err := q.States(q.ctx, settled)
	for n, st := range known {
		if q.states[n] == nil && st.Pending != "" {
			st.Pending = ""
			q.states[n] = &st
		}
	}
	return err
}
