package store

import (
	"context"
	"errors"
	"time"

	"relance/internal/domain/journal"
	"relance/internal/ground/id"
)

// tail is the end of a company's chain as a transaction knows it.
type tail struct {
	company id.Company
	seq     int64
	hash    string
}

// chainEnd reads the last place of the chain.
func (tx *Tx) chainEnd(ctx context.Context) (t tail, err error) {
	defer tx.whole()()
	t.company = tx.company
	err = tx.one(ctx, `SELECT seq, hash FROM journal WHERE company = $1 AND seq > 0 ORDER BY seq DESC LIMIT 1`,
		[]any{tx.company}, &t.seq, &t.hash)
	if errors.Is(err, errNone) {
		err = nil
	}
	return t, err
}

// Record writes facts. On PostgreSQL they are sealed into the chain later, in batches, so that
// writers do not queue behind one another.
func (tx *Tx) Record(ctx context.Context, entries ...journal.Entry) (err error) {
	if len(entries) == 0 {
		return nil
	}
	writer := int64(0)
	if tx.s.dialect == Postgres {
		// Differs because PostgreSQL's writers run side by side: the sealer must know which are over.
		// SQLite has one writer: its facts take their place at once, in its own transaction.
		if err := tx.one(ctx, `SELECT pg_current_xact_id()::text::bigint`, nil, &writer); err != nil {
			return err
		}
	} else if tx.tail.company != tx.company {
		if tx.tail, err = tx.chainEnd(ctx); err != nil {
			return err
		}
	}
	rows := make([][]any, len(entries))
	for i, e := range entries {
		if e.ID, err = tx.NewID(ctx); err != nil {
			return err
		}
		e.Digest = journal.DigestOf(e.Body)
		if tx.s.dialect == SQLite {
			e = e.Seal(tx.company, tx.tail.seq+1, tx.tail.hash)
			tx.tail.seq, tx.tail.hash = e.Seq, e.Hash
		}
		rows[i] = []any{e.ID, tx.company, e.Seq, e.At.UnixMilli(), e.Day.String(), e.Actor, string(e.Kind), e.Customer, e.Invoice,
			e.Message, e.Body, e.Digest, writer, e.Prev, e.Hash}
	}
	return tx.insertMany(ctx, "journal", []string{"id", "company", "seq", "at", "day", "actor", "kind", "customer", "invoice",
		"message", "body", "digest", "writer", "prev", "hash"}, rows)
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
	defer tx.whole()()
	ready := ""
	if tx.s.dialect == Postgres {
		// Differs because only PostgreSQL has several writers, and two nodes that may seal.
		if _, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(7301, $1::int)`, int64(tx.company%(1<<31))); err != nil {
			return 0, err
		}
		ready = ` AND writer < pg_snapshot_xmin(pg_current_snapshot())::text::bigint`
	}
	end, err := tx.chainEnd(ctx)
	if err != nil {
		return 0, err
	}
	seq, prev := end.seq, end.hash
	list, err := tx.entries(ctx, `WHERE company = $1 AND seq = 0`+ready+` ORDER BY id LIMIT $2`, tx.company, limit)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return 0, nil
	}
	rows := make([][]any, len(list))
	for i, e := range list {
		seq++
		e = e.Seal(tx.company, seq, prev)
		prev = e.Hash
		rows[i] = []any{e.ID, e.Seq, e.Prev, e.Hash}
	}
	if tx.s.dialect == Postgres {
		// Differs because PostgreSQL takes all of them in one statement.
		_, err = tx.exec(ctx, `UPDATE journal SET seq = v.seq, prev = v.prev, hash = v.hash
			FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) AS v(id, seq, prev, hash)
			WHERE journal.id = v.id AND journal.company = $5`, append(arrays(rows), tx.company)...)
		return len(list), err
	}
	for i := range rows {
		rows[i] = append(rows[i], tx.company)
	}
	return len(list), tx.execMany(ctx, `UPDATE journal SET seq = $2, prev = $3, hash = $4 WHERE id = $1 AND company = $5`, rows)
}

// Chain lists sealed facts after a place, in order.
func (tx *Tx) Chain(ctx context.Context, after int64, limit int) ([]journal.Entry, error) {
	defer tx.whole()()
	return tx.entries(ctx, `WHERE company = $1 AND seq > 0 AND seq > $2 ORDER BY seq LIMIT $3`, tx.company, after, limit)
}

// Unsealed counts the facts that have no place in the chain yet.
func (tx *Tx) Unsealed(ctx context.Context) (n int, err error) {
	defer tx.whole()()
	err = tx.one(ctx, `SELECT count(*) FROM journal WHERE company = $1 AND seq = 0`, []any{tx.company}, &n)
	return n, err
}

// Journal lists the last facts, newest first.
func (tx *Tx) Journal(ctx context.Context, limit int) ([]journal.Entry, error) {
	return tx.entries(ctx, `WHERE company = $1 ORDER BY id DESC LIMIT $2`, tx.company, limit)
}

// JournalOf lists the facts about a customer, oldest first.
func (tx *Tx) JournalOf(ctx context.Context, c id.Customer) ([]journal.Entry, error) {
	return tx.entries(ctx, `WHERE +company = $1 AND customer = $2 AND customer <> 0 ORDER BY at, id`, tx.company, c)
}
