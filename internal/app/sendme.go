package app

import (
	"context"
	"encoding/json"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// SendMe sends the message of a step to a mailbox of ours, under the banner of trial mode: "send me
// this reminder". The debtor receives nothing, no step passes; the journal notes it.
func (d *Desk) SendMe(ctx context.Context, number, step, to string) error {
	if err := d.may(org.VerbCollect); err != nil {
		return err
	}
	if !isMailbox(to) {
		return fault.New(fault.Invalid, "app.mail.address", to)
	}
	w, err := d.Letter(ctx, number, step, 0)
	if err != nil {
		return err
	}
	c, err := d.Company(ctx)
	if err != nil {
		return err
	}
	var list []openAccount
	if err := d.view(ctx, func(tx *store.Tx) (err error) {
		list, err = accounts(ctx, tx)
		return err
	}); err != nil {
		return err
	}
	if len(list) == 0 {
		return fault.New(fault.Conflict, "app.gate.mail-account")
	}
	at := d.now()
	row := w.Draft.Row
	// It is no message of the outbox: its identifier only makes its Message-ID its own.
	row.ID, row.Trial, row.Channel = id.Message(at.UnixMilli()), true, "email"
	b, err := json.Marshal(w.Draft.in)
	if err != nil {
		return err
	}
	row.Inputs, c.TrialTo = string(b), to
	msg, rcpt, err := d.renderer(c).email(ctx, row, &list[0], nil, at)
	if err != nil {
		return err
	}
	server, err := d.server(list[0].keptAccount)
	if err != nil {
		return err
	}
	conn, err := d.mail.Dial(ctx, server)
	if err != nil {
		return err
	}
	_, err = conn.Send(ctx, list[0].From, rcpt, msg)
	if e := conn.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		return m.note("message.sample", subject{customer: row.Customer}, map[string]any{"invoice": number, "step": step, "to": to})
	})
}
