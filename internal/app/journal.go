package app

import (
	"context"

	"relance/internal/domain/journal"
	"relance/internal/store"
)

// Verified is what a look at the whole chain found.
type Verified struct {
	Sealed   int64
	Unsealed int
	Broken   string // "", "gap", "order", "changed", "body"
	At       int64  // the place that is broken
}

// VerifyJournal reads the company's chain from its first fact: any change, gap or reorder shows.
func (d *Desk) VerifyJournal(ctx context.Context) (v Verified, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		v, err = verify(ctx, tx)
		return err
	})
	return v, err
}

func verify(ctx context.Context, tx *store.Tx) (v Verified, err error) {
	prev := ""
	for {
		list, err := tx.Chain(ctx, v.Sealed, 1000)
		if err != nil {
			return v, err
		}
		for _, e := range list {
			if v.Broken = journal.Verify(tx.Company(), e, v.Sealed+1, prev); v.Broken != "" {
				v.At = v.Sealed + 1
				return v, nil
			}
			v.Sealed, prev = e.Seq, e.Hash
		}
		if len(list) == 0 {
			break
		}
	}
	v.Unsealed, err = tx.Unsealed(ctx)
	return v, err
}

// JournalEntries lists the last facts, newest first.
func (d *Desk) JournalEntries(ctx context.Context, limit int) (list []journal.Entry, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		list, err = tx.Journal(ctx, limit)
		return err
	})
	return list, err
}
