package store

import (
	"context"
	"time"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// Handover is a message in a worker's hand, between its claim and the record of what came of it.
type Handover struct {
	Message id.Message
	Day     cal.Date // that the sending is stamped with
	At      int64    // instant in milliseconds at which it was handed over
	SHA256  string   // of its bytes
	Outcome string   // "" while the server has not answered
	Reply   string
}

// What a mail server answers, as far as a handover must know: it has the message, or it has not.
const (
	Taken    = "taken"
	NotTaken = "not-taken" // refused for good or for now
)

// HandOver writes down which messages a worker hands over, and tells those that it still holds: the others were taken
// from it, and must not leave by its hand.
func (tx *Tx) HandOver(ctx context.Context, worker string, list []Handover) (held map[id.Message]bool, err error) {
	// Differs because PostgreSQL has several writers: whoever takes an abandoned message locks it first, and sees this.
	lock := ""
	if tx.s.dialect == Postgres {
		lock = " FOR SHARE"
	}
	ids := make([]id.Message, len(list))
	for i, h := range list {
		ids[i] = h.Message
	}
	held = map[id.Message]bool{}
	if err := tx.each(ctx, `SELECT id FROM message WHERE +company = $1 AND `+tx.among("id", 2)+` AND state = 'sending' AND claimed_by = $3`+lock,
		[]any{tx.company, ints(tx, ids), worker}, func(scan func(...any) error) error {
			var n id.Message
			err := scan(&n)
			held[n] = true
			return err
		}); err != nil {
		return nil, err
	}
	var rows [][]any
	for _, h := range list {
		if held[h.Message] {
			rows = append(rows, []any{h.Message, tx.company, worker, h.Day.String(), h.At, h.SHA256})
		}
	}
	return held, tx.execMany(ctx, `INSERT INTO handover (message, company, worker, day, at, sha256) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (message) DO UPDATE SET worker = excluded.worker, day = excluded.day, at = excluded.at, sha256 = excluded.sha256,
		outcome = '', reply = ''`, rows)
}

// Answered writes down what the server said of messages that a worker handed over.
func (tx *Tx) Answered(ctx context.Context, worker string, list []Handover) error {
	rows := make([][]any, len(list))
	for i, h := range list {
		rows[i] = []any{h.Message, tx.company, worker, h.Outcome, h.Reply}
	}
	return tx.execMany(ctx, `UPDATE handover SET outcome = $4, reply = $5 WHERE message = $1 AND company = $2 AND worker = $3`, rows)
}

// Handovers reads what is known of messages that were in a worker's hand.
func (tx *Tx) Handovers(ctx context.Context, list []id.Message) (map[id.Message]Handover, error) {
	out := map[id.Message]Handover{}
	err := tx.each(ctx, `SELECT message, day, at, sha256, outcome, reply FROM handover WHERE +company = $1 AND `+tx.among("message", 2),
		[]any{tx.company, ints(tx, list)}, func(scan func(...any) error) error {
			var h Handover
			err := scan(&h.Message, on(&h.Day), &h.At, &h.SHA256, &h.Outcome, &h.Reply)
			out[h.Message] = h
			return err
		})
	return out, err
}

// EndHandovers forgets handovers whose outcome the messages themselves now bear.
func (tx *Tx) EndHandovers(ctx context.Context, list []id.Message) error {
	_, err := tx.exec(ctx, `DELETE FROM handover WHERE +company = $1 AND `+tx.among("message", 2), tx.company, ints(tx, list))
	return err
}

// KeepClaims lengthens the lease of everything that a worker holds.
func (tx *Tx) KeepClaims(ctx context.Context, worker string, until time.Time) error {
	if _, err := tx.exec(ctx, `UPDATE message SET claimed_until = $3 WHERE state = 'sending' AND +company = $1 AND claimed_by = $2`,
		tx.company, worker, until.UnixMilli()); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `UPDATE mail_line SET until = $3 WHERE +company = $1 AND worker = $2`,
		tx.company, worker, until.UnixMilli())
	return err
}
