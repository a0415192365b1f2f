package blob

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"relance/internal/ground/fault"
)

// OnFile keeps the files in a SQLite database of their own, already opened.
func OnFile(ctx context.Context, db *sql.DB) (*Files, error) {
	if _, err := db.ExecContext(ctx, fmt.Sprintf(schema, "BLOB")); err != nil {
		return nil, err
	}
	return &Files{lite{db}}, nil
}

// OnPool keeps the files in a table of PostgreSQL.
func OnPool(ctx context.Context, pool *pgxpool.Pool) (*Files, error) {
	var there bool
	if err := pool.QueryRow(ctx, `SELECT to_regclass('blob') IS NOT NULL`).Scan(&there); err != nil {
		return nil, err
	}
	if !there {
		// Two nodes may start at once: the lock keeps them from making the table twice.
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(7302)`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, fmt.Sprintf(schema, "BYTEA"))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return &Files{pg{pool}}, nil
}

type pg struct{ pool *pgxpool.Pool }

func (p pg) put(ctx context.Context, r record) error {
	packed := 0
	if r.packed {
		packed = 1
	}
	_, err := p.pool.Exec(ctx, `INSERT INTO blob (sha256, size, media_type, packed, data) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, r.sha, r.size, r.media, packed, r.data)
	return err
}

func (p pg) get(ctx context.Context, sha string) (r record, err error) {
	r.sha = sha
	var packed int
	err = p.pool.QueryRow(ctx, `SELECT size, media_type, packed, data FROM blob WHERE sha256 = $1`, sha).
		Scan(&r.size, &r.media, &packed, &r.data)
	if errors.Is(err, pgx.ErrNoRows) {
		err = fault.New(fault.NotFound, "file.none", sha)
	}
	r.packed = packed != 0
	return r, err
}

func (p pg) list(ctx context.Context, after string, limit int) ([]string, error) {
	rows, err := p.pool.Query(ctx, `SELECT sha256 FROM blob WHERE sha256 > $1 ORDER BY sha256 LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// close leaves the pool to its owner.
func (p pg) close() error { return nil }
