package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"relance/internal/ground/fault"
)

// tables lists every table of the schema in an order in which each row finds those it refers to.
// Sessions stay behind: a restored house is entered by its door; so do the connections that workers hold.
var tables = []string{"company", "company_profile", "app_user", "membership", "portfolio", "customer", "contact", "invoice", "item", "item_state",
	"payment", "allocation", "bank_statement", "bank_line", "bank_words", "commitment", "commitment_part", "dispute", "question",
	"charge", "insurance", "declaration", "insolvency", "supplier", "hold", "scenario", "scenario_rule", "message", "handover", "action", "task", "import_file", "import_before",
	"setting", "mail_account", "journal"}

// Tables lists what a backup holds, in order.
func Tables() []string { return append([]string(nil), tables...) }

// columns names the columns of a table. Differs because each database describes itself its own way.
func (tx *Tx) columns(ctx context.Context, table string) (out []string, err error) {
	q := `SELECT name FROM pragma_table_info($1) ORDER BY cid`
	if tx.s.dialect == Postgres {
		q = `SELECT column_name::text FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema() ORDER BY ordinal_position`
	}
	err = tx.each(ctx, q, []any{table}, func(scan func(...any) error) error {
		var c string
		err := scan(&c)
		out = append(out, c)
		return err
	})
	return out, err
}

// DumpTable writes a table as lines of JSON: the names of its columns, then one array a row, of
// texts and integers. It says how many rows it wrote.
func (tx *Tx) DumpTable(ctx context.Context, table string, w io.Writer) (n int, err error) {
	cols, err := tx.columns(ctx, table)
	if err != nil {
		return 0, err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(cols); err != nil {
		return 0, err
	}
	row, dest := make([]any, len(cols)), make([]any, len(cols))
	for i := range row {
		dest[i] = &row[i]
	}
	err = tx.each(ctx, `SELECT `+strings.Join(cols, ", ")+` FROM `+table, nil, func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok {
				row[i] = string(b)
			}
		}
		n++
		return e.Encode(row)
	})
	return n, err
}

// LoadTable reads back what DumpTable wrote. Columns are matched by name, so that a backup of an
// older schema keeps the defaults of what it did not know.
func (tx *Tx) LoadTable(ctx context.Context, table string, r io.Reader) (n int, err error) {
	d := json.NewDecoder(r)
	d.UseNumber()
	var cols []string
	if err := d.Decode(&cols); err != nil {
		return 0, fault.New(fault.Invalid, "store.backup.damaged", table)
	}
	known, err := tx.columns(ctx, table)
	if err != nil {
		return 0, err
	}
	for _, c := range cols {
		if !contains(known, c) {
			return 0, fault.New(fault.Invalid, "store.backup.newer", table+"."+c)
		}
	}
	const together = 2000
	var rows [][]any
	for {
		var row []any
		err := d.Decode(&row)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(row) != len(cols) {
			return n, fault.New(fault.Invalid, "store.backup.damaged", table)
		}
		for i, v := range row {
			if num, ok := v.(json.Number); ok {
				if row[i], err = num.Int64(); err != nil {
					return n, fault.New(fault.Invalid, "store.backup.damaged", table)
				}
			}
		}
		rows = append(rows, row)
		n++
		if len(rows) == together {
			if err := tx.insertMany(ctx, table, cols, rows); err != nil {
				return n, err
			}
			rows = rows[:0]
		}
	}
	return n, tx.insertMany(ctx, table, cols, rows)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// IsBare tells whether the database holds no company yet.
func (tx *Tx) IsBare(ctx context.Context) (bool, error) {
	var n int
	err := tx.one(ctx, `SELECT count(*) FROM company`, nil, &n)
	return n == 0, err
}

// SkipIDs moves the counter of identifiers past every row that was loaded.
func (tx *Tx) SkipIDs(ctx context.Context) error {
	var parts []string
	for _, t := range tables {
		cols, err := tx.columns(ctx, t)
		if err != nil {
			return err
		}
		if contains(cols, "id") {
			parts = append(parts, fmt.Sprintf("SELECT max(id) AS n FROM %s", t))
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
