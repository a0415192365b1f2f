package store

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"github.com/pressly/goose/v3"

	"relance/internal/ground/fault"
)

// Door opens a database however it stands, to move in or to come back: nothing is migrated, and
// nothing can be changed of a house that has moved.
func Door(ctx context.Context, url string, create bool) (_ *Store, err error) {
	defer fault.Wrap(&err, "store.door")
	return connect(ctx, url, create)
}

// Arrive readies a database that holds no company for rows of a schema's step (0 for the latest):
// it is empty, stands at that step, and is marked until Settle or Abandon. Until then only this
// store changes anything there, and nobody enters: a process that is killed leaves a database that
// says so, in which another arrival begins anew.
func (s *Store) Arrive(ctx context.Context, schema int64, at time.Time) (err error) {
	defer fault.Wrap(&err, "store.arrive")
	now, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	if schema == 0 {
		schema = now.Want
	}
	if schema > now.Want {
		return fault.New(fault.Conflict, "store.newer", schema, now.Want)
	}
	token := rand.Text()
	if err := s.change(ctx, 0, free, func(tx *Tx) error {
		h, err := tx.standing(ctx)
		if err != nil {
			return err
		}
		if h.State == Moved {
			return h.refusal()
		}
		if bare, err := tx.isBare(ctx); h.State == Lived && (err != nil || !bare) {
			return errors.Join(err, fault.New(fault.Conflict, "store.backup.not-bare"))
		}
		if h.State == Arriving || now.At != schema {
			if err := tx.clear(ctx); err != nil {
				return err
			}
		}
		return tx.SetStanding(ctx, Standing{State: Arriving, Token: token, At: at})
	}); err != nil {
		return err
	}
	s.arrival = token
	return s.steps(ctx, func(p *goose.Provider, _, _ int64) error {
		_, err := p.UpTo(ctx, schema)
		return err
	})
}

// Lift brings the rows that have arrived to the latest step of the schema.
func (s *Store) Lift(ctx context.Context) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	return s.Update(ctx, 0, func(tx *Tx) error { return tx.SkipIDs(ctx) })
}

// Settle ends an arrival: the house is lived in.
func (s *Store) Settle(ctx context.Context, at time.Time) error {
	err := s.Alone(ctx, func(tx *Tx) error { return tx.SetStanding(ctx, Standing{At: at}) })
	if err == nil {
		s.arrival = ""
	}
	return err
}

// Abandon ends an arrival that failed: the database is empty again. Another arrival that has taken
// its place is left alone.
func (s *Store) Abandon(ctx context.Context, at time.Time) error {
	mine := s.arrival
	s.arrival = ""
	return s.change(ctx, 0, free, func(tx *Tx) error {
		h, err := tx.standing(ctx)
		if err != nil || h.State != Arriving || h.Token != mine {
			return err
		}
		if err := tx.clear(ctx); err != nil {
			return err
		}
		return tx.SetStanding(ctx, Standing{At: at})
	})
}

// Return lets a house that has moved be lived in again where it was.
func (s *Store) Return(ctx context.Context, at time.Time) (was Standing, err error) {
	err = s.change(ctx, 0, free, func(tx *Tx) error {
		if was, err = tx.standing(ctx); err != nil {
			return err
		}
		if was.State != Moved {
			return fault.New(fault.Conflict, "house.not-moved")
		}
		return tx.SetStanding(ctx, Standing{At: at})
	})
	return was, err
}

// isBare tells whether the database holds no company.
func (tx *Tx) isBare(ctx context.Context) (bool, error) {
	cols, err := tx.columns(ctx, "company")
	if err != nil || len(cols) == 0 {
		return true, err
	}
	var n int
	err = tx.one(ctx, `SELECT count(*) FROM company`, nil, &n)
	return n == 0, err
}

// clear takes the whole schema away from a database of which nothing is kept. Documents
// stay: the next arrival finds there what it brings.
func (tx *Tx) clear(ctx context.Context) error {
	cols, err := tx.columns(ctx, "goose_db_version")
	if err != nil || len(cols) == 0 {
		return err // not ours: there is nothing to take away
	}
	names := append(append(Tables(), stays...), "goose_db_version") // the last refer to the first
	slices.Reverse(names)
	for _, t := range names {
		if _, err := tx.exec(ctx, `DROP TABLE IF EXISTS `+t); err != nil {
			return err
		}
	}
	drop := `DROP TABLE IF EXISTS counter`
	if tx.s.dialect == Postgres {
		drop = `DROP SEQUENCE IF EXISTS counter` // differs because the counter is a sequence there
	}
	_, err = tx.exec(ctx, drop)
	return err
}
