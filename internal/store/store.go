package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river"

	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/watch"
	"relance/internal/store/blob"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is one open database.
type Store struct {
	dialect Dialect
	path    string
	writer  *sql.DB // SQLite
	readers *sql.DB
	pool    *pgxpool.Pool // PostgreSQL
	files   *blob.Files
	river   *river.Client[pgx.Tx] // inserts jobs on PostgreSQL
	wake    chan struct{}         // wakes the runner of SQLite

	arrival string // the token of who moves in through this store, "" otherwise

	mu  sync.Mutex // guards ids
	ids block
}

// Open opens the database that url names and brings its schema up to date. A SQLite file that
// does not exist is an error unless create is set. A database that has moved, or that somebody is
// still moving into, is not entered.
func Open(ctx context.Context, url string, create bool) (_ *Store, err error) {
	defer fault.Wrap(&err, "store.open")
	s, err := connect(ctx, url, create)
	if err != nil {
		return nil, err
	}
	if err := s.Lived(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.ready(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// connect opens a database as it stands.
func connect(ctx context.Context, url string, create bool) (*Store, error) {
	d, rest, err := ParseURL(url)
	if err != nil {
		return nil, err
	}
	s := &Store{dialect: d, path: rest, wake: make(chan struct{}, 1)}
	if d == Postgres {
		s.pool, err = openPool(ctx, rest)
	} else {
		s.writer, s.readers, err = openLite(ctx, rest, create)
	}
	if err != nil {
		return nil, err
	}
	if err := s.openHouse(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.files, err = s.openFiles(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// ready brings the schema up to date and readies the queue.
func (s *Store) ready(ctx context.Context) (err error) {
	if _, err := s.Migrate(ctx); err != nil {
		return err
	}
	if s.dialect == Postgres && s.river == nil {
		s.river, err = newInserter(s.pool)
	}
	return err
}

// openFiles opens the room of the documents: a second file beside a SQLite database, a table of
// PostgreSQL.
func (s *Store) openFiles(ctx context.Context) (*blob.Files, error) {
	if s.dialect == Postgres {
		return blob.OnPool(ctx, s.pool)
	}
	db, err := sql.Open("sqlite", liteURL(FilesPath(s.path)))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(2)
	return blob.OnFile(ctx, db)
}

// FilesPath is where the documents of a SQLite database lie.
func FilesPath(path string) string { return path + ".files" }

// Files are the documents: originals, proofs, what left.
func (s *Store) Files() *blob.Files { return s.files }

// Close lets the database go.
func (s *Store) Close() error {
	var errs []error
	if s.files != nil {
		errs = append(errs, s.files.Close())
	}
	if s.pool != nil {
		s.pool.Close()
		return errors.Join(errs...)
	}
	return errors.Join(append(errs, s.readers.Close(), s.writer.Close())...)
}

// Dialect tells which database it is.
func (s *Store) Dialect() Dialect { return s.dialect }

// Pool is the PostgreSQL pool, for the queue that shares its transactions; nil on SQLite.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Migrate applies what is missing of the schema and says how many steps it took. On PostgreSQL a
// session lock keeps two nodes from doing it at once; on SQLite, which has none, whoever finds that
// another process took a step meanwhile looks again.
func (s *Store) Migrate(ctx context.Context) (applied int, err error) {
	for last := int64(-1); ; {
		n, from, err := s.migrate(ctx)
		if applied += n; err == nil || s.dialect == Postgres || from <= last || fault.Key(err) == "store.newer" {
			return applied, err
		}
		last = from
	}
}

func (s *Store) migrate(ctx context.Context) (applied int, from int64, err error) {
	err = s.steps(ctx, func(p *goose.Provider, current, target int64) error {
		if from = current; current > target {
			return fault.New(fault.Conflict, "store.newer", current, target)
		}
		if s.dialect == Postgres {
			if err := migrateRiver(ctx, s.pool); err != nil {
				return err
			}
		}
		if current == target {
			return nil
		}
		done, err := p.Up(ctx)
		applied = len(done)
		return err
	})
	return applied, from, err
}

// steps hands fn the steps of the schema.
func (s *Store) steps(ctx context.Context, fn func(p *goose.Provider, current, latest int64) error) error {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	files, err := translated(sub, s.dialect)
	if err != nil {
		return err
	}
	db, kind := s.writer, goose.DialectSQLite3
	var opts []goose.ProviderOption
	if s.dialect == Postgres {
		db, kind = stdlib.OpenDBFromPool(s.pool), goose.DialectPostgres
		defer db.Close()
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(kind, db, files, opts...)
	if err != nil {
		return err
	}
	current, latest, err := p.GetVersions(ctx)
	if err != nil {
		return told(err)
	}
	return told(fn(p, current, latest))
}

// Migrations are the texts of the schema's steps, before the words of a database are put in.
func Migrations() (texts []string) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil // the pattern is a constant
	}
	for _, n := range names {
		b, err := fs.ReadFile(migrations, n)
		if err != nil {
			continue
		}
		texts = append(texts, string(b))
	}
	return texts
}

// Tx is one transaction, bound to one company.
type Tx struct {
	c       conn
	s       *Store
	company id.Company
	person  id.User // whose portfolio it sees alone, 0 for the whole company
	writes  bool    // it may change something
	ids     block
	tail    tail // of the journal's chain, on SQLite
	after   []func()
}

// View runs fn on one consistent picture of a company's data.
func (s *Store) View(ctx context.Context, company id.Company, fn func(*Tx) error) (err error) {
	ctx, work := watch.Begin(ctx, watch.Read)
	defer func() { work.End(err) }()
	if s.dialect == Postgres {
		tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
		if err != nil {
			return told(err)
		}
		defer tx.Rollback(ctx)
		return fn(&Tx{c: pgConn{tx}, s: s, company: company})
	}
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return told(err)
	}
	defer tx.Rollback()
	return fn(&Tx{c: liteConn{tx}, s: s, company: company})
}

// Update runs fn in one write transaction: all of it is kept, or nothing when fn fails.
func (s *Store) Update(ctx context.Context, company id.Company, fn func(*Tx) error) error {
	return s.change(ctx, company, beside, fn)
}

// Alone is an Update during which nobody else changes anything, on any node: what fn reads is all
// there is. Who waits longer than ten seconds for its end is told that the database is busy.
func (s *Store) Alone(ctx context.Context, fn func(*Tx) error) error {
	return s.change(ctx, 0, alone, fn)
}

func (s *Store) change(ctx context.Context, company id.Company, how access, fn func(*Tx) error) (err error) {
	ctx, work := watch.Begin(ctx, watch.Write)
	defer func() { work.End(err) }()
	var tx *Tx
	var commit func() error
	if s.dialect == Postgres {
		pg, err := s.pool.Begin(ctx)
		if err != nil {
			return told(err)
		}
		defer func() {
			last, cancel := lastWord(ctx)
			defer cancel()
			_ = pg.Rollback(last) // of what was committed there is nothing to take back
		}()
		tx, commit = &Tx{c: pgConn{pg}, s: s, company: company, writes: true}, func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			last, cancel := lastWord(ctx)
			defer cancel()
			return pg.Commit(last)
		}
	} else {
		lite, err := s.writer.BeginTx(ctx, nil)
		if err != nil {
			return told(err)
		}
		defer lite.Rollback()
		tx, commit = &Tx{c: liteConn{lite}, s: s, company: company, writes: true}, lite.Commit
	}
	if err := tx.enter(ctx, how); err != nil {
		return err
	}
	tx.ids = s.lend()
	if err := fn(tx); err != nil {
		return err
	}
	if err := commit(); err != nil {
		return told(err)
	}
	s.giveBack(tx.ids)
	for _, f := range tx.after {
		f()
	}
	return nil
}

// lastWord is the time that a server has to answer a commit once the caller has given up: cut, nobody would know whether it
// was kept, and it could be kept later than what the caller reads next.
func lastWord(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
}

// Company is the company that the transaction is bound to.
func (tx *Tx) Company() id.Company { return tx.company }

// In is the same transaction bound to another company.
func (tx *Tx) In(c id.Company) *Tx {
	tx.company = c
	return tx
}

// AfterCommit runs f once the transaction is kept.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }
