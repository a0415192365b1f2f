package app

import (
	"context"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// ToPost lists the approved letters that wait to be printed and posted, the oldest first.
func (d *Desk) ToPost(ctx context.Context) (list []*Queued, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		rows, err := tx.Letters(ctx, maxOutbox, store.ToPost)
		if err != nil {
			return err
		}
		list, err = d.queued(ctx, tx, rows)
		return err
	})
	return list, err
}

// Print makes one PDF of letters, each dated on the day they are printed (PRODUCT.md §3 rule 16).
// Nothing is sent yet: they leave when their print list is confirmed.
func (d *Desk) Print(ctx context.Context, ids []id.Message) (pdf []byte, err error) {
	var rows []*store.Message
	var c org.Company
	err = d.update(ctx, org.VerbCollect, func(m *moment) error {
		c = m.company
		if rows, err = m.letters(ids); err != nil {
			return err
		}
		s, err := d.scene(ctx, m.Tx, m.day)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := m.dateLetter(s, row, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	r := d.renderer(c)
	var docs []*letter.Document
	for _, row := range rows {
		doc, err := r.letter(ctx, row)
		if err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	return d.print.Batch(docs)
}

// letters finds approved letters that wait to be posted.
func (m *moment) letters(ids []id.Message) ([]*store.Message, error) {
	rows, err := m.Messages(m.ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(rows) != len(ids) || len(ids) == 0 {
		return nil, fault.New(fault.NotFound, "app.no-message")
	}
	for _, row := range rows {
		if row.PostState != store.ToPost || row.State != store.Approved {
			return nil, fault.New(fault.Conflict, "app.post.not-waiting", int(row.ID))
		}
	}
	return rows, nil
}

// dateLetter brings a letter to the day it is printed, if it is still true. One that was printed
// today is not asked again when it is confirmed: it lies in the letter box.
func (m *moment) dateLetter(s *scene, row *store.Message, printing bool) error {
	in, err := readInputs(row)
	if err != nil {
		return err
	}
	trial := !m.company.IsLive()
	dated := in.Date == m.day && row.Trial == trial || row.CopyOf != 0
	if dated && !printing {
		return nil
	}
	list, err := s.gather(m.ctx, m.Tx, []id.Customer{row.Customer})
	if err != nil {
		return err
	}
	if why := list[0].untrue(row, in); why != "" {
		return fault.New(fault.Conflict, "app.post.untrue", list[0].Customer.Name)
	}
	if dated {
		return nil
	}
	row.Trial = trial
	if err := newQueue(m, s).redate(list[0], row, in); err != nil {
		return err
	}
	return m.KeepInputs(m.ctx, row)
}

// ConfirmPosted says that printed letters were posted today, each registered one under its number:
// only now are they sent.
func (d *Desk) ConfirmPosted(ctx context.Context, ids []id.Message, numbers map[id.Message]string) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		rows, err := m.letters(ids)
		if err != nil {
			return err
		}
		s, err := d.scene(ctx, m.Tx, m.day)
		if err != nil {
			return err
		}
		cal := m.company.Profile.Calendar
		r := newRecorder(m)
		for _, row := range rows {
			if row.Channel == string(dunning.Registered) {
				row.PostNumber = numbers[row.ID]
				if !cal.IsWorkingDay(m.day) {
					return fault.New(fault.Invalid, "app.post.day", m.day)
				}
			}
			if err := m.dateLetter(s, row, false); err != nil {
				return err
			}
			doc, err := d.rendererIn(m).letter(ctx, row)
			if err != nil {
				return err
			}
			pdf, err := d.print.Letter(doc)
			if err != nil {
				return err
			}
			row.SHA256, row.PostState, row.PostOn = digest(pdf), store.Posted, m.day
			if err := r.left(row); err != nil {
				return err
			}
		}
		return r.close()
	})
}

// rendererIn renders inside a change: it reads the letterheads in the same transaction.
func (d *Desk) rendererIn(m *moment) *renderer {
	r := d.renderer(m.company)
	r.within = m.Tx
	return r
}

// postStates are the states of a posted letter and where each may come from (rule 16).
var postStates = map[string][]string{
	store.Presented:      {store.Posted},
	store.Delivered:      {store.Posted, store.Presented},
	store.Refused:        {store.Posted, store.Presented},
	store.Unclaimed:      {store.Posted, store.Presented},
	store.UnknownAddress: {store.Posted},
}

// SetPostState records what became of a registered letter. Its effective day follows law-fr.md
// §5.3: delivery when it was signed for, first presentation when it was refused or unclaimed; an
// unknown address has no effect, and the items go back to where they stood.
func (d *Desk) SetPostState(ctx context.Context, n id.Message, state string, on cal.Date, proof []byte) error {
	if err := d.may(org.VerbCollect); err != nil {
		return err
	}
	from, ok := postStates[state]
	if !ok {
		return fault.New(fault.Invalid, "app.post.state", state)
	}
	sha := ""
	if len(proof) > 0 {
		var err error
		if sha, err = d.store.Files().Put(ctx, proof, ""); err != nil {
			return err
		}
	}
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		row, err := m.Message(ctx, n)
		if err != nil {
			return err
		}
		if on.IsZero() {
			on = m.day
		}
		if on < row.SentOn || on > m.day {
			return fault.New(fault.Invalid, "app.post.date", row.SentOn, m.day)
		}
		if row.State != store.Sent || !contains(from, row.PostState) {
			return fault.New(fault.Conflict, "app.post.order", int(n))
		}
		m.effect(row, state, on)
		row.PostState, row.PostOn = state, on
		if sha != "" {
			row.Proof = sha
		}
		if err := m.UpdateMessage(ctx, row, store.Sent); err != nil {
			return err
		}
		if state == store.UnknownAddress {
			if err := m.takeBack(row); err != nil {
				return err
			}
		}
		return m.note("letter.state", subject{customer: row.Customer, message: row.ID},
			map[string]any{"state": state, "on": on, "effective": row.EffectiveOn, "proof": sha, "number": row.PostNumber})
	})
}

// effect sets the day on which a registered letter takes effect.
func (m *moment) effect(row *store.Message, state string, on cal.Date) {
	switch state {
	case store.Delivered:
		row.EffectiveOn = on
	case store.Presented:
		row.EffectiveOn = on // first presentation, until a later state says otherwise
	case store.Refused, store.Unclaimed:
		if row.EffectiveOn.IsZero() {
			row.EffectiveOn = on
		}
	case store.UnknownAddress:
		row.EffectiveOn = 0
	}
}

// takeBack gives the items of a letter that found nobody back to the step before it, and asks for
// an address.
func (m *moment) takeBack(row *store.Message) error {
	in, err := readInputs(row)
	if err != nil {
		return err
	}
	var ids []id.Instalment
	for _, l := range in.Lines {
		if l.Advances {
			ids = append(ids, l.Item)
		}
	}
	known, err := m.States(m.ctx, ids)
	if err != nil {
		return err
	}
	var back []store.State
	for _, st := range known {
		before, err := m.StepBefore(m.ctx, st.Item, row.ID)
		if err != nil {
			return err
		}
		// The cycle rises so that the same step may be done again, once an address is found.
		st.State = dunning.State{Step: before.Step, PassedOn: before.Day, SentOn: before.Day, Level: before.Level, Cycle: st.Cycle + 1}
		back = append(back, st)
	}
	if err := m.SaveStates(m.ctx, back); err != nil {
		return err
	}
	c, err := m.Customer(m.ctx, row.Customer)
	if err != nil {
		return err
	}
	if _, err := m.hold(HoldDraft{Customer: c.Code, Reason: dunning.HoldPause, Until: m.day.AddDays(30), Why: "NPAI"}); err != nil {
		return err
	}
	return m.todo(c.Code, dunning.TaskAddress, "NPAI", nil)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
