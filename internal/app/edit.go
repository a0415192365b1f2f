package app

import (
	"context"
	"strings"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Preview is a message exactly as it will be received.
type Preview struct {
	Queued
	Mail     *letter.Mail // of an e-mail
	PDF      []byte       // of a letter
	Editable Words
}

// Words is the text a person may change before a message leaves.
type Words struct{ Subject, Body string }

// Preview shows a message: the mail or the letter made from what is kept with it.
func (d *Desk) Preview(ctx context.Context, n id.Message) (*Preview, error) {
	var row *store.Message
	p := &Preview{}
	var r *renderer
	if err := d.view(ctx, func(tx *store.Tx) error {
		c, err := company(ctx, tx)
		if err != nil {
			return err
		}
		if row, err = tx.Message(ctx, n); err != nil {
			return err
		}
		q, err := d.queued(ctx, tx, []*store.Message{row})
		if err != nil {
			return err
		}
		p.Queued = *q[0]
		if p.Problems, err = d.lacks(ctx, tx, c, row); err != nil {
			return err
		}
		r = d.renderer(c)
		return nil
	}); err != nil {
		return nil, err
	}
	c, in, err := r.compose(ctx, row)
	if err != nil {
		return nil, err
	}
	t, err := r.template(ctx, row, in)
	if err != nil {
		return nil, err
	}
	prof, err := r.profile(ctx, in.Profile)
	if err != nil {
		return nil, err
	}
	if p.Editable.Subject, p.Editable.Body, err = t.Words(in.message(row, prof)); err != nil {
		return nil, err
	}
	if row.Channel == string(dunning.Email) {
		m := c.Mail()
		p.Mail = &m
		return p, nil
	}
	p.PDF, err = d.print.Letter(c.Document())
	return p, err
}

// Edit changes the words of one waiting message: subject and Markdown body. A text that says what
// it may not, or lacks what it must say, is refused with its line.
func (d *Desk) Edit(ctx context.Context, n id.Message, w Words) error {
	w.Subject = strings.Join(strings.Fields(w.Subject), " ")
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		row, err := m.Message(ctx, n)
		if err != nil {
			return err
		}
		in, err := readInputs(row)
		if err != nil {
			return err
		}
		t, problems := letter.Parse("Subject: "+w.Subject+"\n\n"+w.Body, i18n.Lang(row.Language))
		if len(problems) > 0 {
			return fault.New(fault.Invalid, problems[0].Key, problems[0].Args...)
		}
		p, err := m.Profile(ctx, in.Profile)
		if err != nil {
			return err
		}
		if _, err := t.Compose(in.message(row, p)); err != nil {
			return err
		}
		row.Subject, row.Body = w.Subject, w.Body
		row.State, row.ApprovedBy, row.SecondBy = store.Proposed, "", ""
		if err := m.UpdateMessage(ctx, row, store.Proposed, store.Approved); err != nil {
			return err
		}
		return m.note("message.edited", subject{customer: row.Customer, message: row.ID}, map[string]any{"subject": w.Subject, "body": w.Body})
	})
}
