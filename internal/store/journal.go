package store

import (
	"context"
	"time"

	"relance/internal/domain/journal"
	"relance/internal/ground/id"
)

// Record writes facts. They are sealed into the chain later, in batches, so that writers do not
// queue behind one another.
func (tx *Tx) Record(ctx context.Context, entries ...journal.Entry) error {
	writer := int64(0)
	if tx.s.dialect == Postgres && len(entries) > 0 {
		// Differs because PostgreSQL's writers run side by side: the sealer must know which are over.
		if err := tx.one(ctx, `SELECT pg_current_xact_id()::text::bigint`, nil, &writer); err != nil {
			return err
		}
	}
	rows := make([][]any, len(entries))
	for i, e := range entries {
		n, err := tx.NewID(ctx)
		if err != nil {
			return err
		}
		rows[i] = []any{n, tx.company, e.At.UnixMilli(), e.Day.String(), e.Actor, string(e.Kind), e.Customer, e.Invoice,
			e.Message, e.Body, journal.DigestOf(e.Body), writer}
	}
	return tx.insertMany(ctx, "journal", []string{"id", "company", "at", "day", "actor", "kind", "customer", "invoice",
		"message", "body", "digest", "writer"}, rows)
}

const journalSelect = `SELECT id, seq, at, day, actor, kind, customer, invoice, message, body, digest, prev, hash FROM journal `

func (tx *Tx) entries(ctx context.Context, where string, args ...any) (list []journal.Entry, err error) {
	err = tx.each(ctx, journalSelect+where, args, func(scan func(...any) error) error {
		var e journal.Entry
		var at int64
		err := scan(&e.ID, &e.Seq, &at, on(&e.Day), &e.Actor, &e.Kind, &e.Customer, &e.Invoice, &e.Message, &e.Body,
			&e.Digest, &e.Prev, &e.Hash)
		e.At = time.UnixMilli(at)
		list = append(list, e)
		return err
	})
	return list, err
}

// Seal gives the next unsealed facts their place in the chain, at most limit, and says how many.
// One sealer works at a time; facts of transactions that may still be running wait.
func (tx *Tx) Seal(ctx context.Context, limit int) (int, error) {
	ready := ""
	if tx.s.dialect == Postgres {
		// Differs because only PostgreSQL has several writers, and two nodes that may seal.
		if _, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(7301, $1::int)`, int64(tx.company%(1<<31))); err != nil {
			return 0, err
		}
		ready = ` AND writer < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`
	}
	var seq int64
	var prev string
	if err := tx.one(ctx, `SELECT seq, hash FROM journal WHERE company = $1 AND seq > 0 ORDER BY seq DESC LIMIT 1`,
		[]any{tx.company}, &seq, &prev); err != nil && err != errNone {
		return 0, err
	}
	list, err := tx.entries(ctx, `WHERE company = $1 AND seq = 0`+ready+` ORDER BY id LIMIT $2`, tx.company, limit)
	if err != nil {
		return 0, err
	}
	rows := make([][]any, len(list))
	for i, e := range list {
		seq++
		e = e.Seal(tx.company, seq, prev)
		prev = e.Hash
		rows[i] = []any{e.ID, tx.company, e.Seq, e.Prev, e.Hash}
	}
	return len(list), tx.execMany(ctx, `UPDATE journal SET seq = $3, prev = $4, hash = $5 WHERE id = $1 AND company = $2`, rows)
}

// Chain lists sealed facts after a place, in order.
func (tx *Tx) Chain(ctx context.Context, after int64, limit int) ([]journal.Entry, error) {
	return tx.entries(ctx, `WHERE company = $1 AND seq > $2 ORDER BY seq LIMIT $3`, tx.company, after, limit)
}

// Unsealed counts the facts that have no place in the chain yet.
func (tx *Tx) Unsealed(ctx context.Context) (n int, err error) {
	err = tx.one(ctx, `SELECT count(*) FROM journal WHERE company = $1 AND seq = 0`, []any{tx.company}, &n)
	return n, err
}

// Journal lists the last facts, newest first.
func (tx *Tx) Journal(ctx context.Context, limit int) ([]journal.Entry, error) {
	return tx.entries(ctx, `WHERE company = $1 ORDER BY id DESC LIMIT $2`, tx.company, limit)
}

// JournalOf lists the facts about a customer, oldest first.
func (tx *Tx) JournalOf(ctx context.Context, c id.Customer) ([]journal.Entry, error) {
	return tx.entries(ctx, `WHERE company = $1 AND customer = $2 ORDER BY at, id`, tx.company, c)
}
