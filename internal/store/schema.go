package store

import (
	"context"
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"relance/internal/ground/fault"
)

// Schema is where the database's schema stands, beside the one that the program is made for.
type Schema struct {
	Dialect Dialect
	Server  string // the database's own version
	At      int64  // 0: the database is empty
	Want    int64
	Loses   []string // settings of the database by which a power loss takes what was acknowledged
}

// Current is the error of a schema that is not the program's, nil when it is.
func (s Schema) Current() error {
	switch {
	case s.At > s.Want:
		return fault.New(fault.Conflict, "store.newer", s.At, s.Want)
	case s.At < s.Want:
		return fault.New(fault.Unavailable, "store.older", s.At, s.Want)
	}
	return nil
}

// Look reads a database's schema without touching it: to open it would bring it up to date.
func Look(ctx context.Context, url string) (_ Schema, err error) {
	defer fault.Wrap(&err, "store.look")
	d, rest, err := ParseURL(url)
	if err != nil {
		return Schema{}, err
	}
	s := &Store{dialect: d, path: rest}
	if d == Postgres {
		s.pool, err = openPool(ctx, rest)
	} else {
		s.writer, s.readers, err = openLite(ctx, rest, false)
	}
	if err != nil {
		return Schema{Dialect: d}, err
	}
	at, err := s.Schema(ctx)
	return at, errors.Join(err, s.Close())
}

// Schema asks an open database.
func (s *Store) Schema(ctx context.Context) (at Schema, err error) {
	at = Schema{Dialect: s.dialect, Want: wanted()}
	err = s.View(ctx, 0, func(tx *Tx) error {
		// Differs because each names its version and its tables its own way.
		version, known := `SELECT sqlite_version()`, `SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'`
		if s.dialect == Postgres {
			version, known = `SELECT current_setting('server_version')`, `SELECT count(*) FROM information_schema.tables
				WHERE table_schema = current_schema() AND table_name = 'goose_db_version'`
		}
		var n int
		if err := tx.one(ctx, version, nil, &at.Server); err != nil {
			return err
		}
		if at.Loses, err = tx.loses(ctx); err != nil {
			return err
		}
		if err := tx.one(ctx, known, nil, &n); err != nil || n == 0 {
			return err
		}
		return tx.one(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`, nil, &at.At)
	})
	return at, err
}

// loses names the settings that let a power loss take what was acknowledged: what is sent would be sent again, what was paid
// asked for. Differs because each database has its own; SQLite's are those that its connections are opened with.
func (tx *Tx) loses(ctx context.Context) (list []string, err error) {
	q := `SELECT 'synchronous' FROM pragma_synchronous WHERE synchronous < 2`
	if tx.s.dialect == Postgres {
		q = `SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name`
	}
	err = tx.each(ctx, q, nil, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		list = append(list, name)
		return err
	})
	return list, err
}

// wanted is the last step of the schema that this program knows.
func wanted() (last int64) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0 // the pattern is a constant
	}
	for _, n := range names {
		number, _, _ := strings.Cut(strings.TrimPrefix(n, "migrations/"), "_")
		if v, err := strconv.ParseInt(number, 10, 64); err == nil {
			last = max(last, v)
		}
	}
	return last
}
