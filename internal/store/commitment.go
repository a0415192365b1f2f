package store

import (
	"context"

	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Commitment is a promise or a plan as it is kept.
type Commitment struct {
	ID         id.Plan
	Customer   id.Customer
	Kind       string // promise, plan
	State      promise.State
	MadeOn     cal.Date
	Source     string // call, reply, desk…
	Currency   money.Currency
	Owed       int64 // by its items when it was made, minor units
	Items      []id.Instalment
	Accelerate bool // the whole is due on the first default
	Waive      bool // interest is waived when it is kept
	Why, Owner string
	ClosedOn   cal.Date
	SignedOn   cal.Date // of the acknowledgement of debt
	Signed     string   // its scan, SHA-256
	Parts      []CommitmentPart
}

// CommitmentPart is one dated sum of a commitment.
type CommitmentPart struct {
	Seq       int
	NoticedOn cal.Date // the courtesy notice
	promise.Part
}

// Dates are the parts as they are judged.
func (c *Commitment) Dates() []promise.Part {
	out := make([]promise.Part, len(c.Parts))
	for i, p := range c.Parts {
		out[i] = p.Part
	}
	return out
}

// InsertCommitment creates a commitment with its parts.
func (tx *Tx) InsertCommitment(ctx context.Context, c *Commitment) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	c.ID = id.Plan(n)
	if _, err := tx.exec(ctx, `INSERT INTO commitment (id, company, customer, kind, state, made_on, source, currency, owed, items, accelerate,
		waive, why, owner) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, c.ID, tx.company, c.Customer, c.Kind,
		string(c.State), c.MadeOn.String(), c.Source, string(c.Currency), c.Owed, itemList(c.Items), bit(c.Accelerate), bit(c.Waive),
		c.Why, c.Owner); err != nil {
		return err
	}
	rows := make([][]any, len(c.Parts))
	for i := range c.Parts {
		c.Parts[i].Seq = i + 1
		rows[i] = []any{c.ID, i + 1, tx.company, c.Parts[i].Due.String(), c.Parts[i].Amount}
	}
	return tx.insertMany(ctx, "commitment_part", []string{"commitment", "seq", "company", "due", "amount"}, rows)
}

// SetCommitment keeps what became of a commitment.
func (tx *Tx) SetCommitment(ctx context.Context, c *Commitment) error {
	_, err := tx.exec(ctx, `UPDATE commitment SET state = $3, closed_on = $4, signed_on = $5, signed = $6 WHERE id = $1 AND company = $2`,
		c.ID, tx.company, string(c.State), c.ClosedOn.String(), c.SignedOn.String(), c.Signed)
	return err
}

// SetNoticed keeps the day of the courtesy notice of a part.
func (tx *Tx) SetNoticed(ctx context.Context, c id.Plan, seq int, on cal.Date) error {
	_, err := tx.exec(ctx, `UPDATE commitment_part SET noticed_on = $4 WHERE commitment = $1 AND company = $2 AND seq = $3`, c, tx.company, seq, on.String())
	return err
}

func (tx *Tx) commitments(ctx context.Context, where string, args ...any) (list []*Commitment, err error) {
	err = tx.each(ctx, `SELECT c.id, c.customer, c.kind, c.state, c.made_on, c.source, c.currency, c.owed, c.items, c.accelerate, c.waive, c.why,
		c.owner, c.closed_on, c.signed_on, c.signed, p.seq, p.due, p.amount, p.noticed_on
		FROM commitment c JOIN commitment_part p ON p.commitment = c.id `+where, args, func(scan func(...any) error) error {
		c := &Commitment{}
		var items string
		var p CommitmentPart
		if err := scan(&c.ID, &c.Customer, &c.Kind, &c.State, on(&c.MadeOn), &c.Source, &c.Currency, &c.Owed, &items, yes(&c.Accelerate),
			yes(&c.Waive), &c.Why, &c.Owner, on(&c.ClosedOn), on(&c.SignedOn), &c.Signed, &p.Seq, on(&p.Due), &p.Amount, on(&p.NoticedOn)); err != nil {
			return err
		}
		var err error
		if n := len(list); n > 0 && list[n-1].ID == c.ID {
			c = list[n-1]
		} else if c.Items, err = itemsOf(items); err == nil {
			list = append(list, c)
		}
		c.Parts = append(c.Parts, p)
		return err
	})
	return list, err
}

// CommitmentsOf lists the commitments of customers, oldest first.
func (tx *Tx) CommitmentsOf(ctx context.Context, customers []id.Customer) ([]*Commitment, error) {
	return tx.commitments(ctx, `WHERE +c.company = $1 AND `+tx.among("c.customer", 2)+` ORDER BY c.customer, c.id, p.seq`, tx.company, ints(tx, customers))
}

// RunningOf lists the commitments of customers that are not closed.
func (tx *Tx) RunningOf(ctx context.Context, customers []id.Customer) ([]*Commitment, error) {
	return tx.commitments(ctx, `WHERE +c.company = $1 AND `+tx.among("c.customer", 2)+` AND c.state = 'running' ORDER BY c.customer, c.id, p.seq`,
		tx.company, ints(tx, customers))
}

// Commitment finds one commitment.
func (tx *Tx) Commitment(ctx context.Context, n id.Plan) (*Commitment, error) {
	return oneOf(tx.commitments(ctx, `WHERE c.company = $1 AND c.id = $2 ORDER BY p.seq`, tx.company, n))
}

// Commitments lists the commitments of the company in a state, the first date first.
func (tx *Tx) Commitments(ctx context.Context, state promise.State, offset, limit int) ([]*Commitment, error) {
	return tx.commitments(ctx, `WHERE c.company = $1 AND c.id IN (SELECT x.id FROM commitment x WHERE x.company = $1 AND x.state = $2
		ORDER BY x.id DESC LIMIT $3 OFFSET $4) ORDER BY c.id DESC, p.seq`, tx.company, string(state), limit, offset)
}

// CommitmentsPast lists the running commitments of which a part was due after the day up to which payments are known.
func (tx *Tx) CommitmentsPast(ctx context.Context, known, today cal.Date, limit int) ([]*Commitment, error) {
	return tx.commitments(ctx, `WHERE c.company = $1 AND c.id IN (SELECT x.id FROM commitment x WHERE x.company = $1 AND x.state = 'running' AND EXISTS
		(SELECT 1 FROM commitment_part y WHERE y.commitment = x.id AND y.due > $2 AND y.due < $3) ORDER BY x.id DESC LIMIT $4) ORDER BY c.id DESC, p.seq`,
		tx.company, known.String(), today.String(), limit)
}

// CommittedCustomers are the customers of whom a commitment runs: what becomes known of payments may decide it.
func (tx *Tx) CommittedCustomers(ctx context.Context) ([]id.Customer, error) {
	return tx.customerIDs(ctx, `SELECT DISTINCT customer FROM commitment WHERE company = $1 AND state = 'running' ORDER BY customer`, tx.company)
}

// HoldsOfCommitment lists the holds that a commitment set.
func (tx *Tx) HoldsOfCommitment(ctx context.Context, n id.Plan) ([]Hold, error) {
	return tx.holds(ctx, `WHERE company = $1 AND commitment = $2 AND commitment <> 0 ORDER BY id`, tx.company, n)
}

// SetHoldUntil moves the end of a hold.
func (tx *Tx) SetHoldUntil(ctx context.Context, h id.Hold, until cal.Date) error {
	_, err := tx.exec(ctx, `UPDATE hold SET until_day = $3 WHERE id = $1 AND company = $2`, h, tx.company, until.String())
	return err
}
