package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"modernc.org/sqlite"

	"relance/internal/ground/fault"
)

// Dialect is which database stands below.
type Dialect string

// The two databases.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// rows is what both drivers give.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

// conn runs statements, inside or outside a transaction.
type conn interface {
	exec(ctx context.Context, q string, args ...any) (int64, error)
	query(ctx context.Context, q string, args ...any) (rows, error)
}

// execer is what *sql.DB, *sql.Tx and *sql.Conn share.
type execer interface {
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	PrepareContext(ctx context.Context, q string) (*sql.Stmt, error)
}

type liteConn struct{ execer }

type liteRows struct{ *sql.Rows }

func (r liteRows) Close() { _ = r.Rows.Close() } // its error is in Err already

func (c liteConn) exec(ctx context.Context, q string, args ...any) (int64, error) {
	res, err := c.ExecContext(ctx, q, args...)
	if err != nil {
		return 0, told(err)
	}
	return res.RowsAffected()
}

func (c liteConn) query(ctx context.Context, q string, args ...any) (rows, error) {
	r, err := c.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, told(err)
	}
	return liteRows{r}, nil
}

// pgExecer is what *pgxpool.Pool and pgx.Tx share.
type pgExecer interface {
	Exec(ctx context.Context, q string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, q string, args ...any) (pgx.Rows, error)
}

type pgConn struct{ pgExecer }

func (c pgConn) exec(ctx context.Context, q string, args ...any) (int64, error) {
	tag, err := c.Exec(ctx, q, args...)
	return tag.RowsAffected(), told(err)
}

func (c pgConn) query(ctx context.Context, q string, args ...any) (rows, error) {
	r, err := c.Query(ctx, q, args...)
	return r, told(err)
}

// told turns the two drivers' errors into the house's kinds.
func told(err error) error {
	if err == nil {
		return nil
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case 5, 6: // SQLITE_BUSY, SQLITE_LOCKED
			return &fault.Error{Kind: fault.Unavailable, Key: "store.busy", Err: err}
		case 19: // SQLITE_CONSTRAINT
			return &fault.Error{Kind: fault.Conflict, Key: "store.conflict", Err: err}
		}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case strings.HasPrefix(pg.Code, "23"):
			return &fault.Error{Kind: fault.Conflict, Key: "store.conflict", Err: err}
		case pg.Code == "40001" || pg.Code == "40P01" || pg.Code == "55P03":
			return &fault.Error{Kind: fault.Unavailable, Key: "store.busy", Err: err}
		}
	}
	return err
}

// openLite opens one writer and a pool of readers on a file. synchronous=FULL: what was
// acknowledged survives a power loss.
func openLite(ctx context.Context, path string, create bool) (writer, readers *sql.DB, err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if !create {
			return nil, nil, fault.New(fault.NotFound, "store.no-database", path)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, nil, err
		}
		// Who owes what is nobody else's business on the machine; SQLite gives the files beside the
		// database the rights of the database.
		for _, p := range []string{path, FilesPath(path)} {
			f, err := os.OpenFile(p, os.O_RDWR|os.O_CREATE, 0o600)
			if err != nil {
				return nil, nil, err
			}
			if err := f.Close(); err != nil {
				return nil, nil, err
			}
		}
	}
	name := liteURL(path)
	writer, err = sql.Open("sqlite", name+"&_txlock=immediate")
	if err != nil {
		return nil, nil, err
	}
	writer.SetMaxOpenConns(1)
	writer.SetConnMaxIdleTime(0)
	if err := writer.PingContext(ctx); err != nil {
		return nil, nil, errors.Join(told(err), writer.Close())
	}
	readers, err = sql.Open("sqlite", name+"&_pragma=query_only(ON)")
	if err != nil {
		return nil, nil, errors.Join(err, writer.Close())
	}
	readers.SetMaxOpenConns(max(4, runtime.GOMAXPROCS(0)))
	return writer, readers, nil
}

// liteURL names a SQLite file and how each connection is set.
func liteURL(path string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)" +
		"&_pragma=foreign_keys(ON)&_pragma=synchronous(FULL)&_pragma=cache_size(-32000)&_pragma=temp_store(MEMORY)&_pragma=wal_autocheckpoint(8000)"
}

func openPool(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, &fault.Error{Kind: fault.Invalid, Key: "store.bad-url", Err: err}
	}
	if cfg.MaxConns < 8 {
		cfg.MaxConns = 8
	}
	cfg.MaxConnIdleTime = 5 * time.Minute
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "store.unreachable", Err: err}
	}
	return pool, nil
}

// translated is the migrations' text for one database: the words that differ are put in.
func translated(src fs.FS, d Dialect) (fs.FS, error) {
	words := strings.NewReplacer("$id", "INTEGER PRIMARY KEY", "$fk", "REFERENCES", "$bytes", "BLOB", "$rowless", "WITHOUT ROWID",
		"$sequence", "CREATE TABLE counter (next BIGINT NOT NULL);\nINSERT INTO counter (next) VALUES (1);")
	if d == Postgres {
		words = strings.NewReplacer("$id", "BIGINT PRIMARY KEY", ",\n  FOREIGN KEY (customer, item) $fk item(customer, id)", "",
			"$bytes", "BYTEA", " $rowless", "",
			"$sequence", fmt.Sprintf("CREATE SEQUENCE counter INCREMENT BY %d MINVALUE 1;", idBlock))
	}
	out := fstest.MapFS{}
	names, err := fs.Glob(src, "*.sql")
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		b, err := fs.ReadFile(src, n)
		if err != nil {
			return nil, err
		}
		out[n] = &fstest.MapFile{Data: []byte(words.Replace(string(b))), Mode: 0o444}
	}
	return out, nil
}

// ParseURL splits what --db takes: sqlite:PATH, a bare path, or postgres://…
func ParseURL(s string) (Dialect, string, error) {
	switch {
	case strings.HasPrefix(s, "postgres://"), strings.HasPrefix(s, "postgresql://"):
		return Postgres, s, nil
	case strings.HasPrefix(s, "sqlite:"):
		p := strings.TrimPrefix(strings.TrimPrefix(s, "sqlite:"), "//")
		if p == "" {
			return "", "", fault.New(fault.Invalid, "store.bad-url")
		}
		return SQLite, p, nil
	case strings.Contains(s, "://"):
		return "", "", fault.New(fault.Invalid, "store.bad-url")
	case s == "":
		return "", "", fault.New(fault.Invalid, "store.bad-url")
	}
	return SQLite, s, nil
}
