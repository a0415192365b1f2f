package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"relance/internal/ground/fault"
)

// tables lists every table of the schema, each with its key, in an order in which each row finds
// those it refers to. See stays for those that are in no backup.
var tables = []struct{ name, key string }{
	{"company", "id"}, {"company_profile", "company, version"}, {"app_user", "id"}, {"membership", "company, app_user"},
	{"portfolio", "company, app_user, collector"},
	{"customer", "id"}, {"contact", "id"}, {"invoice", "id"}, {"item", "id"}, {"item_state", "customer, item"},
	{"payment", "id"}, {"allocation", "id"}, {"bank_statement", "id"}, {"bank_line", "id"}, {"bank_words", "company, booked, line"},
	{"commitment", "id"}, {"commitment_part", "commitment, seq"}, {"dispute", "id"}, {"question", "id"},
	{"charge", "id"}, {"insurance", "customer"}, {"declaration", "id"}, {"insolvency", "id"}, {"supplier", "customer, currency"},
	{"hold", "id"}, {"scenario", "id"}, {"scenario_rule", "company, place"}, {"message", "id"}, {"handover", "message"},
	{"action", "customer, item, scenario, step, cycle"}, {"task", "id"}, {"import_file", "id"}, {"import_before", "imported, entity, id"},
	{"setting", "company, name"}, {"mail_account", "id"}, {"journal", "id"},
}

// stays lists the tables that are in no backup: a restored house is entered by its door, a connection does
// not outlive its process, background work is asked for again, and no backup of this house was made yet.
var stays = []string{"session", "mail_line", "job", "upkeep"}

// Tables lists what a backup holds, in order.
func Tables() []string {
	out := make([]string, len(tables))
	for i, t := range tables {
		out[i] = t.name
	}
	return out
}

// column is a column of a table as the database describes it.
type column struct {
	name string
	text bool
}

// columns describes a table, in order; a table that is not there has none. Differs because each
// database describes itself its own way.
func (tx *Tx) columns(ctx context.Context, table string) (out []column, err error) {
	q := `SELECT name, type FROM pragma_table_info($1) ORDER BY cid`
	if tx.s.dialect == Postgres {
		q = `SELECT column_name::text, data_type::text FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema() ORDER BY ordinal_position`
	}
	err = tx.each(ctx, q, []any{table}, func(scan func(...any) error) error {
		var c column
		var kind string
		err := scan(&c.name, &kind)
		c.text = strings.EqualFold(kind, "text")
		out = append(out, c)
		return err
	})
	return out, err
}

// Has tells whether the schema, at the step where it stands, has a table.
func (tx *Tx) Has(ctx context.Context, table string) (bool, error) {
	cols, err := tx.columns(ctx, table)
	return len(cols) > 0, err
}

// DumpTable writes a table as lines of JSON: the names of its columns, then one array a row, of
// texts and integers, in the order of its key: the same rows give the same bytes on both databases.
// It says how many rows it wrote.
func (tx *Tx) DumpTable(ctx context.Context, table string, w io.Writer) (n int, err error) {
	cols, err := tx.columns(ctx, table)
	if err != nil {
		return 0, err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	names, from := make([]string, len(cols)), make([]string, len(cols))
	for i, c := range cols {
		names[i], from[i] = c.name, c.name
		if table == "journal" && c.name == "writer" {
			// The number of a transaction means nothing elsewhere: kept, a fact that is not sealed yet
			// would wait for ever for its writer to end.
			from[i] = "0"
		}
	}
	if err := e.Encode(names); err != nil {
		return 0, err
	}
	row, dest := make([]any, len(cols)), make([]any, len(cols))
	for i := range row {
		dest[i] = &row[i]
	}
	err = tx.each(ctx, `SELECT `+strings.Join(from, ", ")+` FROM `+table+` ORDER BY `+tx.order(table, cols), nil, func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		for i, v := range row {
			row[i] = written(v)
		}
		n++
		return e.Encode(row)
	})
	return n, err
}

// order is the key of a table as ORDER BY takes it. Differs because PostgreSQL orders texts by its
// locale unless it is told otherwise, SQLite by their bytes.
func (tx *Tx) order(table string, cols []column) string {
	key := "1"
	for _, t := range tables {
		if t.name == table {
			key = t.key
		}
	}
	if tx.s.dialect == SQLite {
		return key
	}
	list := strings.Split(key, ", ")
	for i, k := range list {
		for _, c := range cols {
			if c.name == k && c.text {
				list[i] = k + ` COLLATE "C"`
			}
		}
	}
	return strings.Join(list, ", ")
}

// raw is a text whose bytes are no UTF-8: JSON would change them in silence.
type raw struct {
	Base64 string `json:"base64"`
}

// written is a value as JSON writes it.
func written(v any) any {
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	if s, ok := v.(string); ok && !utf8.ValidString(s) {
		return raw{base64.StdEncoding.EncodeToString([]byte(s))}
	}
	return v
}

// read is what was written.
func read(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.Int64()
	case map[string]any:
		if s, ok := v["base64"].(string); ok && len(v) == 1 {
			b, err := base64.StdEncoding.DecodeString(s)
			return string(b), err
		}
	}
	return nil, fmt.Errorf("a value of %T", v)
}

// loadTogether is how many rows are loaded in one transaction.
const loadTogether = 5000

// LoadTable reads what DumpTable wrote into the table of the same step of the schema, a batch a
// transaction, and says how many rows there were. What cannot be read is told with its line.
func (s *Store) LoadTable(ctx context.Context, table string, r io.Reader) (n int, err error) {
	damaged := func() error {
		return fault.New(fault.Invalid, "store.backup.damaged", fmt.Sprintf("%s:%d", table, n+2)) // the names come first
	}
	d := json.NewDecoder(r)
	d.UseNumber()
	var cols []string
	if err := d.Decode(&cols); err != nil {
		return 0, errors.Join(fault.New(fault.Invalid, "store.backup.damaged", table+":1"), ctx.Err())
	}
	if err := s.View(ctx, 0, func(tx *Tx) error { return tx.knows(ctx, table, cols) }); err != nil {
		return 0, err
	}
	rows := make([][]any, 0, loadTogether)
	flush := func() error {
		err := s.Update(ctx, 0, func(tx *Tx) error { return tx.insertMany(ctx, table, cols, rows) })
		if fault.Of(err) == fault.Conflict {
			err = &fault.Error{Kind: fault.Invalid, Key: "store.backup.damaged", Args: []any{fmt.Sprintf("%s:%d–%d", table, n-len(rows)+2, n+1)}, Err: err}
		}
		rows = rows[:0]
		return err
	}
	for {
		var row []any
		err := d.Decode(&row)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(row) != len(cols) {
			return n, damaged()
		}
		for i, v := range row {
			if row[i], err = read(v); err != nil {
				return n, damaged()
			}
		}
		rows = append(rows, row)
		n++
		if len(rows) == loadTogether {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	return n, flush()
}

// knows refuses columns that the table does not have.
func (tx *Tx) knows(ctx context.Context, table string, cols []string) error {
	known, err := tx.columns(ctx, table)
	if err != nil {
		return err
	}
	for _, c := range cols {
		found := false
		for _, k := range known {
			found = found || k.name == c
		}
		if !found {
			return fault.New(fault.Invalid, "store.backup.newer", table+"."+c)
		}
	}
	return nil
}

// NamedFiles walks the hashes of the documents that rows name.
func (tx *Tx) NamedFiles(ctx context.Context, fn func(sha string) error) error {
	return tx.each(ctx, `SELECT original FROM invoice WHERE original <> '' UNION SELECT proof FROM message WHERE proof <> ''
		UNION SELECT signed FROM commitment WHERE signed <> ''`, nil, func(scan func(...any) error) error {
		var sha string
		if err := scan(&sha); err != nil {
			return err
		}
		return fn(sha)
	})
}

// SkipIDs moves the counter of identifiers past every row that was loaded.
func (tx *Tx) SkipIDs(ctx context.Context) error {
	var parts []string
	for _, t := range tables {
		if t.key == "id" {
			parts = append(parts, fmt.Sprintf("SELECT max(id) AS n FROM %s", t.name))
		}
	}
	var top int64
	if err := tx.one(ctx, `SELECT coalesce(max(n), 0) FROM (`+strings.Join(parts, " UNION ALL ")+`) AS m`, nil, &top); err != nil {
		return err
	}
	next := (top/idBlock+1)*idBlock + 1
	tx.ids = block{}
	if tx.s.dialect == Postgres {
		// Differs because the counter is a sequence there.
		_, err := tx.exec(ctx, `SELECT setval('counter', $1, false)`, next)
		return err
	}
	_, err := tx.exec(ctx, `UPDATE counter SET next = $1`, next)
	return err
}
