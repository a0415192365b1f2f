package store

import (
	"context"
	"time"

	"relance/internal/ground/id"
)

// Import is one file that came in.
type Import struct {
	ID       id.Import
	Kind     string
	Name     string
	SHA256   string
	At       time.Time
	Actor    string
	Snapshot bool
	State    string // running, done, undone
	Report   string // JSON
}

// InsertImport opens an import: until it is done nothing is planned.
func (tx *Tx) InsertImport(ctx context.Context, f *Import) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	f.ID, f.State = id.Import(n), "running"
	_, err = tx.exec(ctx, `INSERT INTO import_file (id, company, kind, name, sha256, at, actor, snapshot, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'running')`,
		f.ID, tx.company, f.Kind, f.Name, f.SHA256, f.At.UnixMilli(), f.Actor, bit(f.Snapshot))
	return err
}

// SetImport keeps the state and the report of an import.
func (tx *Tx) SetImport(ctx context.Context, f *Import) error {
	_, err := tx.exec(ctx, `UPDATE import_file SET state = $3, report = $4 WHERE id = $1 AND company = $2`, f.ID, tx.company, f.State, f.Report)
	return err
}

func (tx *Tx) imports(ctx context.Context, where string, args ...any) (list []Import, err error) {
	err = tx.each(ctx, `SELECT id, kind, name, sha256, at, actor, snapshot, state, report FROM import_file `+where, args,
		func(scan func(...any) error) error {
			var f Import
			var at int64
			err := scan(&f.ID, &f.Kind, &f.Name, &f.SHA256, &at, &f.Actor, yes(&f.Snapshot), &f.State, &f.Report)
			f.At = time.UnixMilli(at)
			list = append(list, f)
			return err
		})
	return list, err
}

// Imports lists the last imports, newest first.
func (tx *Tx) Imports(ctx context.Context, limit int) ([]Import, error) {
	return tx.imports(ctx, `WHERE company = $1 ORDER BY id DESC LIMIT $2`, tx.company, limit)
}

// Import finds one import.
func (tx *Tx) Import(ctx context.Context, n id.Import) (Import, error) {
	return oneOf(tx.imports(ctx, `WHERE company = $1 AND id = $2`, tx.company, n))
}

// RunningImports lists the imports that were never finished.
func (tx *Tx) RunningImports(ctx context.Context) ([]Import, error) {
	return tx.imports(ctx, `WHERE company = $1 AND state = 'running' ORDER BY id`, tx.company)
}

// Before is what a row was before an import changed it: "" when the import created it.
type Before struct {
	Entity string
	ID     int64
	Data   string
}

// KeepBefore remembers rows as they were; the first memory of a row in an import stays.
func (tx *Tx) KeepBefore(ctx context.Context, n id.Import, list []Before) error {
	rows := make([][]any, len(list))
	for i, b := range list {
		rows[i] = []any{n, b.Entity, b.ID, b.Data}
	}
	return tx.execMany(ctx, `INSERT INTO import_before (imported, entity, id, data) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, rows)
}

// Befores lists what an import changed, of one kind of row.
func (tx *Tx) Befores(ctx context.Context, n id.Import, entity string) (list []Before, err error) {
	err = tx.each(ctx, `SELECT b.entity, b.id, b.data FROM import_before b JOIN import_file f ON f.id = b.imported
		WHERE f.company = $1 AND b.imported = $2 AND b.entity = $3 ORDER BY b.id`, []any{tx.company, n, entity},
		func(scan func(...any) error) error {
			var b Before
			err := scan(&b.Entity, &b.ID, &b.Data)
			list = append(list, b)
			return err
		})
	return list, err
}

// CreatedBy lists the rows that an import created: "customer", "contact", "invoice", "payment" or "hold".
func (tx *Tx) CreatedBy(ctx context.Context, n id.Import, entity string) (ids []int64, err error) {
	switch entity {
	case "customer", "contact", "invoice", "payment", "hold":
	default:
		panic("store: no import creates a " + entity)
	}
	err = tx.each(ctx, `SELECT id FROM `+entity+` WHERE company = $1 AND imported = $2 ORDER BY id`, []any{tx.company, n},
		func(scan func(...any) error) error {
			var x int64
			err := scan(&x)
			ids = append(ids, x)
			return err
		})
	return ids, err
}

// DeleteCreated takes back rows that an import created and that nothing else stands on.
func (tx *Tx) DeleteCreated(ctx context.Context, entity string, rowID int64) error {
	switch entity {
	case "customer", "contact", "hold":
	default:
		panic("store: a " + entity + " is not taken back alone")
	}
	_, err := tx.exec(ctx, `DELETE FROM `+entity+` WHERE company = $1 AND id = $2`, tx.company, rowID)
	return err
}

// CustomerIsBare tells whether nothing stands on a customer any more.
func (tx *Tx) CustomerIsBare(ctx context.Context, c id.Customer) (bool, error) {
	var n int
	err := tx.one(ctx, `SELECT (SELECT count(*) FROM invoice WHERE customer = $2 AND company = $1)
		+ (SELECT count(*) FROM payment WHERE customer = $2 AND company = $1)
		+ (SELECT count(*) FROM message WHERE customer = $2 AND company = $1)
		+ (SELECT count(*) FROM hold WHERE customer = $2 AND company = $1)
		+ (SELECT count(*) FROM task WHERE customer = $2 AND company = $1)
		+ (SELECT count(*) FROM contact WHERE customer = $2 AND company = $1)`, []any{tx.company, c}, &n)
	return n == 0, err
}
