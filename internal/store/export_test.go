package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// spy keeps what is asked on the way.
type spy struct {
	conn
	asked *[]question
}

type question struct {
	text string
	args []any
}

func (s spy) query(ctx context.Context, q string, args ...any) (rows, error) {
	*s.asked = append(*s.asked, question{q, args})
	return s.conn.query(ctx, q, args...)
}

func (s spy) exec(ctx context.Context, q string, args ...any) (int64, error) {
	*s.asked = append(*s.asked, question{q, args})
	return s.conn.exec(ctx, q, args...)
}

// Explain runs fn and gives the database's way for each question it asked and each statement it ran, one text each.
func Explain(ctx context.Context, tx *Tx, fn func(*Tx) error) (ways []string, err error) {
	plain := tx.c
	var asked []question
	watched := *tx
	watched.c = spy{plain, &asked}
	if err := fn(&watched); err != nil {
		return nil, err
	}
	head := "EXPLAIN QUERY PLAN "
	if tx.s.dialect == Postgres {
		head = "EXPLAIN "
		if _, err := plain.exec(ctx, `SET LOCAL enable_seqscan = off`); err != nil {
			return nil, err
		}
	}
	for _, q := range asked {
		var b strings.Builder
		err := tx.each(ctx, head+q.text, q.args, func(scan func(...any) error) error {
			var line string
			dest := []any{&line}
			if tx.s.dialect == SQLite {
				var n [3]int64
				dest = []any{&n[0], &n[1], &n[2], &line}
			}
			err := scan(dest...)
			b.WriteString(line + "\n")
			return err
		})
		if err != nil {
			return nil, err
		}
		ways = append(ways, q.text+"\n"+b.String())
	}
	return ways, nil
}

// Pragmas reads settings of the connections that write, the ledger's and, opened as it is, the documents'.
func (s *Store) Pragmas(ctx context.Context, names ...string) (map[string]string, error) {
	files, err := sql.Open("sqlite", liteURL(FilesPath(s.path)))
	if err != nil {
		return nil, err
	}
	defer files.Close()
	out := map[string]string{}
	for where, db := range map[string]*sql.DB{"ledger": s.writer, "documents": files} {
		for _, n := range names {
			var v string
			if err := db.QueryRowContext(ctx, "PRAGMA "+n).Scan(&v); err != nil {
				return nil, err
			}
			out[where+" "+n] = v
		}
	}
	return out, nil
}

// scissors cut a reading at its n-th row, as a database that goes away does.
type scissors struct {
	conn
	rows *int // still to be read
}

type cutRows struct {
	rows
	left *int
}

func (s scissors) query(ctx context.Context, q string, args ...any) (rows, error) {
	r, err := s.conn.query(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	return cutRows{r, s.rows}, nil
}

func (r cutRows) Scan(dest ...any) error {
	if *r.left--; *r.left < 0 {
		return errors.New("cut")
	}
	return r.rows.Scan(dest...)
}

// Cut runs fn on a database that goes away after so many rows, and tells whether it did.
func Cut(tx *Tx, rows int, fn func(*Tx) error) (cut bool, err error) {
	away := *tx
	away.c = scissors{tx.c, &rows}
	err = fn(&away)
	return rows < 0, err
}

// Run runs a statement of a test.
func Run(ctx context.Context, tx *Tx, q string) error {
	_, err := tx.exec(ctx, q)
	return err
}

// CheckKeys compares the keys by which tables are dumped with their primary keys in a SQLite schema.
func CheckKeys(ctx context.Context, s *Store) error {
	return s.View(ctx, 0, func(tx *Tx) error {
		for _, t := range tables {
			var key []string
			if err := tx.each(ctx, `SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk`, []any{t.name}, func(scan func(...any) error) error {
				var name string
				err := scan(&name)
				key = append(key, name)
				return err
			}); err != nil {
				return err
			}
			if got := strings.Join(key, ", "); got != t.key {
				return fmt.Errorf("table %s is dumped by (%s), its primary key is (%s)", t.name, t.key, got)
			}
		}
		return nil
	})
}

// Stays lists the tables that are in no backup.
func Stays() []string { return stays }

// Impatient lets nothing in hand go on for longer than d once a queue is asked to stop; call what it gives to end that.
func Impatient(d time.Duration) (again func()) {
	was := patience
	patience = d
	return func() { patience = was }
}
