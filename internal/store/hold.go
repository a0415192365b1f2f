package store

import (
	"context"

	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// Hold is a hold as it is kept.
type Hold struct {
	dunning.Hold
	Customer   id.Customer
	EndedOn    cal.Date
	EndedWhy   string
	PromisedOn cal.Date // the day promised, for a promise
	Category   string   // of a dispute
	Commitment id.Plan  // that it stands for, zero for none
	Dispute    id.Dispute
	Told       bool // a task was made of its end
	Imported   id.Import
}

// InsertHold creates a hold.
func (tx *Tx) InsertHold(ctx context.Context, h *Hold) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	h.ID = id.Hold(n)
	_, err = tx.exec(ctx, `INSERT INTO hold (id, company, customer, item, reason, from_day, until_day, ended_on, ended_why, amount,
		promised_on, category, why, owner, imported, commitment, dispute) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		h.ID, tx.company, h.Customer, h.Item, string(h.Reason), h.From.String(), h.Until.String(), h.EndedOn.String(), h.EndedWhy,
		h.Amount, h.PromisedOn.String(), h.Category, h.Why, h.Owner, h.Imported, h.Commitment, h.Dispute)
	return err
}

// Settled is why a hold ended when its item was paid: it stands again when the payment is taken back.
const Settled = "settled"

// EndHold stops a hold on a day: on that day it no longer blocks. One that ended because its item was paid can still be
// ended for good, for no reason ("").
func (tx *Tx) EndHold(ctx context.Context, h id.Hold, on cal.Date, why string) error {
	n, err := tx.exec(ctx, `UPDATE hold SET ended_on = CASE WHEN ended_on = '' THEN $3 ELSE ended_on END, ended_why = $4
		WHERE id = $1 AND company = $2 AND (ended_on = '' OR ended_why = 'settled' AND $4 = '')`, h, tx.company, on.String(), why)
	if err == nil && n == 0 {
		err = errNone
	}
	return err
}

func (tx *Tx) holds(ctx context.Context, where string, args ...any) (list []Hold, err error) {
	err = tx.each(ctx, `SELECT id, customer, item, reason, from_day, until_day, ended_on, amount, promised_on, category, why,
		owner, imported, ended_why, commitment, dispute, told FROM hold `+where, args, func(scan func(...any) error) error {
		var h Hold
		err := scan(&h.ID, &h.Customer, &h.Item, &h.Reason, on(&h.From), on(&h.Until), on(&h.EndedOn), &h.Amount,
			on(&h.PromisedOn), &h.Category, &h.Why, &h.Owner, &h.Imported, &h.EndedWhy, &h.Commitment, &h.Dispute, yes(&h.Told))
		list = append(list, h)
		return err
	})
	return list, err
}

// HoldsOf lists the holds of customers, those that have ended too.
func (tx *Tx) HoldsOf(ctx context.Context, customers []id.Customer) ([]Hold, error) {
	return tx.holds(ctx, `WHERE +company = $1 AND `+tx.among("customer", 2)+` ORDER BY customer, id`, tx.company, ints(tx, customers))
}

// Hold finds one hold.
func (tx *Tx) Hold(ctx context.Context, n id.Hold) (Hold, error) {
	return oneOf(tx.holds(ctx, `WHERE company = $1 AND id = $2`, tx.company, n))
}

// LiveHolds lists the holds that block on a day.
func (tx *Tx) LiveHolds(ctx context.Context, today cal.Date) ([]Hold, error) {
	return tx.holds(ctx, `WHERE company = $1 AND ended_on = '' AND (until_day = '' OR until_day >= $2) ORDER BY customer, id`,
		tx.company, today.String())
}

// ItemName is how people know an instalment.
type ItemName struct {
	Number string
	Seq    int
}

// ItemNames finds the invoice number and place of items.
func (tx *Tx) ItemNames(ctx context.Context, ids []id.Instalment) (map[id.Instalment]ItemName, error) {
	out := map[id.Instalment]ItemName{}
	err := tx.each(ctx, `SELECT i.id, d.number, i.seq FROM item i JOIN invoice d ON d.id = i.invoice WHERE +i.company = $1 AND `+
		tx.among("i.id", 2), []any{tx.company, ints(tx, ids)}, func(scan func(...any) error) error {
		var n id.Instalment
		var x ItemName
		err := scan(&n, &x.Number, &x.Seq)
		out[n] = x
		return err
	})
	return out, err
}

// TellHolds notes that tasks were made of the ends of holds.
func (tx *Tx) TellHolds(ctx context.Context, ids []id.Hold) error {
	_, err := tx.exec(ctx, `UPDATE hold SET told = 1 WHERE company = $1 AND `+tx.among("id", 2), tx.company, ints(tx, ids))
	return err
}
