package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"relance/internal/ground/fault"
)

// Standing tells whether a database is lived in: nothing is read from one that somebody is still
// moving into, or that everybody has left. It is a row outside the schema, because it is asked
// before the schema is known.
type Standing struct {
	State string    `json:"state"`           // Lived, Arriving or Moved
	Token string    `json:"token,omitempty"` // of the arrival: another one that begins takes its place
	To    string    `json:"to,omitempty"`    // where it has moved, without passwords
	At    time.Time `json:"at"`
}

// The states of a database.
const (
	Lived    = ""
	Arriving = "arriving"
	Moved    = "moved"
)

// refusal is why a database that stands so is not entered, nil when it is.
func (h Standing) refusal() error {
	switch h.State {
	case Arriving:
		return fault.New(fault.Unavailable, "house.arriving", h.At.Format("2006-01-02 15:04"))
	case Moved:
		return fault.New(fault.Unavailable, "house.moved", h.At.Format("2006-01-02 15:04"), h.To)
	}
	return nil
}

const houseSchema = `CREATE TABLE IF NOT EXISTS house (name TEXT PRIMARY KEY, value TEXT NOT NULL)`

// openHouse makes the table of the standing.
func (s *Store) openHouse(ctx context.Context) error {
	if s.dialect == SQLite {
		_, err := s.writer.ExecContext(ctx, houseSchema)
		return told(err)
	}
	var there bool
	if err := s.pool.QueryRow(ctx, `SELECT to_regclass('house') IS NOT NULL`).Scan(&there); err != nil || there {
		return told(err)
	}
	// Two nodes may start at once: the lock keeps them from making the table twice.
	return told(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(7306)`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, houseSchema)
		return err
	}))
}

// Standing reads how the database stands.
func (s *Store) Standing(ctx context.Context) (h Standing, err error) {
	err = s.View(ctx, 0, func(tx *Tx) error {
		h, err = tx.standing(ctx)
		return err
	})
	return h, err
}

// Lived tells why nobody may go on in this database: it has moved, or somebody is moving in.
func (s *Store) Lived(ctx context.Context) error {
	h, err := s.Standing(ctx)
	return errors.Join(err, h.refusal())
}

func (tx *Tx) standing(ctx context.Context) (h Standing, err error) {
	var text string
	err = tx.one(ctx, `SELECT value FROM house WHERE name = 'standing'`, nil, &text)
	if errors.Is(err, errNone) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal([]byte(text), &h)
}

// SetStanding writes how the database stands once this transaction is kept.
func (tx *Tx) SetStanding(ctx context.Context, h Standing) error {
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO house (name, value) VALUES ('standing', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, string(b))
	return err
}

// access is what a change asks of the house.
type access int

const (
	beside access = iota // others change things too
	alone                // nobody else changes anything until it ends
	free                 // alone, and however the house stands
)

// enter takes the house's lock and refuses a house that nobody may change. Differs because
// PostgreSQL's writers run side by side: they share a lock that who moves takes alone; on SQLite
// the writer is the lock. Who waits too long for it is told that the database is busy.
func (tx *Tx) enter(ctx context.Context, a access) error {
	if tx.s.dialect == Postgres {
		q := `SET LOCAL lock_timeout = '10s'; SELECT pg_advisory_xact_lock_shared(7305, hashtext(current_schema())); SET LOCAL lock_timeout TO DEFAULT`
		if a != beside {
			q = `SET LOCAL lock_timeout = '60s'; SELECT pg_advisory_xact_lock(7305, hashtext(current_schema())); SET LOCAL lock_timeout TO DEFAULT`
		}
		if _, err := tx.exec(ctx, q); err != nil {
			return err
		}
	}
	if a == free {
		return nil
	}
	// A statement of its own: it sees what was kept while the lock was waited for.
	h, err := tx.standing(ctx)
	if err != nil {
		return err
	}
	if h.State == Arriving && h.Token == tx.s.arrival {
		return nil
	}
	return h.refusal()
}
