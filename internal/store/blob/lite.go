package blob

import (
	"context"
	"database/sql"
	"errors"

	"relance/internal/ground/fault"
)

const schema = `CREATE TABLE IF NOT EXISTS blob (
	sha256 TEXT PRIMARY KEY, size BIGINT NOT NULL, media_type TEXT NOT NULL, packed INTEGER NOT NULL, data %s NOT NULL)`

type lite struct{ db *sql.DB }

func (l lite) put(ctx context.Context, r record) error {
	packed := 0
	if r.packed {
		packed = 1
	}
	_, err := l.db.ExecContext(ctx, `INSERT INTO blob (sha256, size, media_type, packed, data) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, r.sha, r.size, r.media, packed, r.data)
	return err
}

func (l lite) get(ctx context.Context, sha string) (r record, err error) {
	r.sha = sha
	err = l.db.QueryRowContext(ctx, `SELECT size, media_type, packed, data FROM blob WHERE sha256 = $1`, sha).
		Scan(&r.size, &r.media, &r.packed, &r.data)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "file.none", sha)
	}
	return r, err
}

func (l lite) list(ctx context.Context, after string, limit int) (out []string, err error) {
	rows, err := l.db.QueryContext(ctx, `SELECT sha256 FROM blob WHERE sha256 > $1 ORDER BY sha256 LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var sha string
		if err := rows.Scan(&sha); err != nil {
			return nil, err
		}
		out = append(out, sha)
	}
	return out, rows.Err()
}

func (l lite) close() error { return l.db.Close() }
