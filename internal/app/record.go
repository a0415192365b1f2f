package app

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

func digest(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// recorder keeps the outcomes of sendings: the message, its steps, where its items now stand, and
// the fact in the journal, together.
type recorder struct {
	*moment
	states  map[id.Instalment]store.State
	reached []id.Customer                // who were truly written to
	gone    []gone                       // what has left
	worker  string                       // whose claims are recorded, "" for a person's word
	claims  map[id.Message]store.Claimed // as they stand in this transaction, nil for a person's word
	pace    Pace
}

// gone is a message that has left, with what it said.
type gone struct {
	row *store.Message
	in  *inputs
}

func newRecorder(m *moment) *recorder {
	return &recorder{moment: m, states: map[id.Instalment]store.State{}}
}

// outcome records what came of one handing over. What was taken for abandoned meanwhile is known now; what another worker
// has in hand is that one's to record.
func (r *recorder) outcome(x *parcel) error {
	row := x.row
	from := r.claims[row.ID].State
	if from != store.Uncertain && (from != store.Sending || r.claims[row.ID].Worker != r.worker) {
		return r.moved(x, from)
	}
	row.SHA256, row.State = x.sha, from
	about := subject{customer: row.Customer, message: row.ID}
	switch key := fault.Key(x.err); {
	case x.err == nil:
		row.Reply, row.SentAt = clip(x.reply), x.at.UnixMilli()
		return r.left(row)
	case key == "smtp.uncertain":
		if from == store.Uncertain {
			return nil
		}
		return r.uncertain(row, i18n.Error(r.lang(), x.err))
	case x.cut:
		row.Attempts--
		row.State, row.NextTry = store.Approved, r.at.UnixMilli()
		return r.UpdateMessage(r.ctx, row, from)
	case x.unsent, fault.Of(x.err) == fault.Unavailable && row.Attempts < maxAttempts:
		if x.unsent {
			row.Attempts-- // the server's fault or the account's, not the message's
		}
		row.State, row.Reason = store.Approved, clip(i18n.Error(r.lang(), x.err))
		row.NextTry = r.at.Add(r.pace.backOff(max(row.Attempts, 1))).UnixMilli()
		if err := r.UpdateMessage(r.ctx, row, from); err != nil {
			return err
		}
		return r.note("message.delayed", about, map[string]any{"attempt": row.Attempts, "reason": row.Reason})
	}
	row.State, row.Reason = store.Failed, clip(i18n.Error(r.lang(), x.err))
	if err := r.UpdateMessage(r.ctx, row, from); err != nil {
		return err
	}
	r.touch(row.Customer) // it is no contact any more: what waited for the gap after it may be due
	task := &store.Task{Customer: row.Customer, Kind: "mail", CreatedOn: r.day, Why: row.Reason}
	if fault.Key(x.err) == "smtp.recipient" {
		// Nobody read it: its items go back, and leave by another address or channel.
		task.Kind = dunning.TaskAddress
		if err := r.markBad(row, x.err); err != nil {
			return err
		}
		if err := r.giveBack(row); err != nil {
			return err
		}
	}
	if err := r.InsertTask(r.ctx, task); err != nil {
		return err
	}
	return r.note("message.failed", about, map[string]any{"reason": row.Reason})
}

// moved is told of a message that somebody else has moved since it was handed over. That the server took it stays a
// fact: it has left if nobody has sent it again, and else the journal says so.
func (r *recorder) moved(x *parcel, state string) error {
	if x.err != nil {
		return store.ErrMoved
	}
	row := x.row
	if state == store.Approved { // a person had said that it never left
		row.SHA256, row.State, row.Reply, row.SentAt = x.sha, state, clip(x.reply), x.at.UnixMilli()
		return r.left(row)
	}
	return r.note("message.taken-late", subject{customer: row.Customer, message: row.ID}, map[string]any{"state": state, "sha256": x.sha})
}

// giveBack takes a message that no one received out of its items' way.
func (r *recorder) giveBack(row *store.Message) error {
	in, err := readInputs(row)
	if err != nil {
		return err
	}
	if err := r.DeleteActions(r.ctx, row.ID); err != nil {
		return err
	}
	var ids []id.Instalment
	for _, l := range append(append([]line(nil), in.Lines...), in.Upcoming...) {
		if l.Advances {
			ids = append(ids, l.Item)
		}
	}
	known, err := r.States(r.ctx, ids)
	if err != nil {
		return err
	}
	for n, st := range known {
		st.Pending = ""
		r.states[n] = st
	}
	r.touch(row.Customer)
	return nil
}

// markBad remembers the addresses that the server refused: only those, not every recipient
// (PRODUCT.md §8).
func (r *recorder) markBad(row *store.Message, err error) error {
	var refused interface{ Recipients() []string }
	bad := map[string]bool{}
	if errors.As(err, &refused) {
		for _, a := range refused.Recipients() {
			bad[a] = true
		}
	} else if len(row.Recipients) == 1 {
		bad[row.Recipients[0]] = true
	}
	contacts, e := r.Contacts(r.ctx, []id.Customer{row.Customer})
	if e != nil {
		return e
	}
	for i := range contacts {
		if c := &contacts[i]; bad[c.Email] && !c.Bad {
			c.Bad = true
			if err := r.UpdateContact(r.ctx, c); err != nil {
				return err
			}
			delete(bad, c.Email)
		}
	}
	for a := range bad {
		// The customer's own address is no contact yet: it becomes one, to be mended.
		c := &party.Contact{Customer: row.Customer, Email: a, Role: party.OtherRole, Bad: true}
		if err := r.InsertContact(r.ctx, c, 0); err != nil {
			return err
		}
	}
	return nil
}

// left records that a message has left on the moment's day: its items pass their step, its level
// and what it printed are kept, its parallel copies are made.
func (r *recorder) left(row *store.Message) error {
	in, err := readInputs(row)
	if err != nil {
		return err
	}
	from := row.State
	row.State, row.SentOn, row.Reason = store.Sent, r.day, ""
	if row.SentAt == 0 {
		row.SentAt = r.at.UnixMilli()
	}
	if r.claims == nil {
		if err := r.UpdateMessage(r.ctx, row, from, store.Uncertain); err != nil {
			return err
		}
	}
	about := subject{customer: row.Customer, message: row.ID}
	body := map[string]any{"step": row.Step, "kind": row.Kind, "level": row.Level, "channel": row.Channel, "to": row.Recipients,
		"total": row.Total, "currency": row.Currency, "sha256": row.SHA256}
	if row.Trial {
		body["trial"] = true
	}
	if row.PostNumber != "" {
		body["post_number"] = row.PostNumber
	}
	if err := r.note("message.sent", about, body); err != nil {
		return err
	}
	r.gone = append(r.gone, gone{row, in})
	if row.CopyOf != 0 {
		return nil
	}
	r.touch(row.Customer)
	return r.copies(in, row)
}

// goes writes what has left: the messages, their steps, and where their items now stand.
func (r *recorder) goes() error {
	var rows []*store.Message
	steps := map[cal.Date][]id.Message{}
	var items []id.Instalment
	for _, g := range r.gone {
		rows = append(rows, g.row)
		if g.row.CopyOf != 0 {
			continue
		}
		steps[g.row.SentOn] = append(steps[g.row.SentOn], g.row.ID)
		for _, list := range [][]line{g.in.Lines, g.in.Upcoming} {
			for _, l := range list {
				if l.Advances {
					items = append(items, l.Item)
				}
			}
		}
	}
	if r.claims != nil {
		if err := r.SetSent(r.ctx, rows); err != nil {
			return err
		}
	}
	for day, list := range steps {
		if err := r.SetActions(r.ctx, list, "sent", day); err != nil {
			return err
		}
	}
	known, err := r.States(r.ctx, items)
	if err != nil {
		return err
	}
	for _, g := range r.gone {
		if g.row.CopyOf == 0 {
			r.pass(g.in, g.row, known)
		}
	}
	return nil
}

// pass moves the items of a message that left.
func (r *recorder) pass(in *inputs, row *store.Message, known map[id.Instalment]store.State) {
	for _, list := range [][]line{in.Lines, in.Upcoming} {
		for _, l := range list {
			st, ok := known[l.Item]
			if !l.Advances || !ok {
				continue
			}
			if _, done := r.states[l.Item]; done {
				st = r.states[l.Item]
			}
			st.State = st.State.Sent(l.Step, l.Level, row.SentOn, in.PayBy)
			st.Scenario = row.Scenario
			r.states[l.Item] = st
		}
	}
	if !row.Trial { // else no customer has been written to: the first message is still to confirm
		r.reached = append(r.reached, row.Customer)
	}
}

// copies makes the parallel messages of one that left: the letter of an e-mail; the e-mail of a
// letter the same day, which carries the letter as it was posted (PRODUCT.md §3 rule 10).
func (r *recorder) copies(in *inputs, row *store.Message) error {
	for _, ch := range in.Also {
		if ch == row.Channel {
			continue
		}
		c := *row
		n, err := r.NewID(r.ctx)
		if err != nil {
			return err
		}
		c.ID, c.CopyOf, c.Channel, c.State = id.Message(n), row.ID, ch, store.Approved
		c.SentOn, c.SentAt, c.SHA256, c.Reply, c.PostState, c.Attempts, c.NextTry = 0, 0, "", "", "", 0, 0
		c.SendOn = r.day
		if ch == string(dunning.Email) {
			if err := r.cover(in, row, &c); err != nil {
				return err
			}
		} else {
			c.PostState = store.ToPost
		}
		if err := r.InsertMessages(r.ctx, []*store.Message{&c}); err != nil {
			return err
		}
	}
	return nil
}

// cover makes the copy an e-mail of a few words around the letter.
func (r *recorder) cover(in *inputs, row, c *store.Message) error {
	k := *in
	if k.Interest != nil {
		claimed := *k.Interest
		claimed.Annex = nil // it is printed in the letter
		k.Interest = &claimed
	}
	c.Kind, c.Subject, c.Body = string(letter.Covering), "", ""
	m := k.message(c, r.company.Profile)
	text := letter.For(string(letter.Covering), &m)
	k.Text, k.Words = text.Name(), wordsOf(text)
	name := i18n.T(i18n.Lang(row.Language), "app.attach.letter", row.SentOn.String())
	k.Attach = append([]attached{{Name: name + ".pdf", Earlier: row.ID}}, in.Attach...)
	b, err := json.Marshal(k)
	if err != nil {
		return err
	}
	c.Inputs = string(b)
	return r.wakeMail()
}

// close writes what was collected.
func (r *recorder) close() error {
	if len(r.gone) > 0 {
		if err := r.goes(); err != nil {
			return err
		}
	}
	list := make([]store.State, 0, len(r.states))
	for _, s := range r.states {
		list = append(list, s)
	}
	if len(r.reached) > 0 {
		if err := r.FirstSent(r.ctx, r.reached); err != nil {
			return err
		}
	}
	return r.SaveStates(r.ctx, list)
}

func clip(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}
