package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
)

// errNone is what one gives when no row fits.
var errNone = fault.New(fault.NotFound, "store.none")

// ErrMoved is a row that somebody else moved first: nothing was changed.
var ErrMoved = fault.New(fault.Conflict, "store.moved")

func (tx *Tx) exec(ctx context.Context, q string, args ...any) (int64, error) {
	return tx.c.exec(ctx, q, args...)
}

// one reads the first row of q, errNone when there is none.
func (tx *Tx) one(ctx context.Context, q string, args []any, dest ...any) error {
	r, err := tx.c.query(ctx, tx.within(q), args...)
	if err != nil {
		return err
	}
	defer r.Close()
	if !r.Next() {
		if err := r.Err(); err != nil {
			return told(err)
		}
		return errNone
	}
	return told(r.Scan(dest...))
}

// each reads every row of q.
func (tx *Tx) each(ctx context.Context, q string, args []any, row func(scan func(...any) error) error) error {
	r, err := tx.c.query(ctx, tx.within(q), args...)
	if err != nil {
		return err
	}
	defer r.Close()
	for r.Next() {
		if err := row(r.Scan); err != nil {
			return told(err)
		}
	}
	return told(r.Err())
}

// among is "column is one of the list $n". Where its index is the one to go by, the company beside it is
// written +company: both databases then leave the indexes that begin with the company alone, which they
// would read as a whole for want of knowing that most rows are of one company. Differs because SQLite takes a list as JSON,
// PostgreSQL as an array.
func (tx *Tx) among(column string, n int) string {
	if tx.s.dialect == Postgres {
		return fmt.Sprintf("%s = ANY($%d)", column, n)
	}
	return fmt.Sprintf("%s IN (SELECT value FROM json_each($%d))", column, n)
}

// keyed is "the column, which an index gives after the company, is one of the texts $2" for the rows of
// a table that the query calls as. Differs because PostgreSQL knows little of a table that has grown
// since it last counted: it would read the company's every row for each batch of an import.
func (tx *Tx) keyed(table, as, column string) string {
	if tx.s.dialect == Postgres {
		return fmt.Sprintf(`%[2]s.id = ANY(ARRAY(SELECT x.id FROM unnest($2::text[]) AS k,
			LATERAL (SELECT id FROM %[1]s WHERE company = $1 AND %[3]s = k OFFSET 0) AS x))`, table, as, column)
	}
	return tx.among(as+"."+column, 2)
}

// ints and texts are the arguments that among reads.
func ints[T ~int64](tx *Tx, vs []T) any {
	out := make([]int64, len(vs))
	for i, v := range vs {
		out[i] = int64(v)
	}
	if tx.s.dialect == Postgres {
		return out
	}
	b, _ := json.Marshal(out) // integers always encode
	return string(b)
}

func texts(tx *Tx, vs []string) any {
	if tx.s.dialect == Postgres {
		return vs
	}
	b, _ := json.Marshal(vs) // strings always encode
	return string(b)
}

// insertMany writes rows of the same columns. Differs because COPY is the fast way of
// PostgreSQL, many values in one statement that of SQLite.
func (tx *Tx) insertMany(ctx context.Context, table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if pg, ok := tx.c.(pgConn); ok {
		_, err := pg.pgExecer.(pgx.Tx).CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
		return told(err)
	}
	return tx.insertOr(ctx, table, columns, rows, "")
}

// insertOr writes rows, with what is done when one is there already. Differs because PostgreSQL takes
// a statement's columns as arrays.
func (tx *Tx) insertOr(ctx context.Context, table string, columns []string, rows [][]any, or string) error {
	if len(rows) == 0 {
		return nil
	}
	if tx.s.dialect == Postgres {
		_, err := tx.exec(ctx, arraysInto(table, columns, rows[0])+or, arrays(rows)...)
		return err
	}
	const together = 64
	head := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES "
	for len(rows) > 0 {
		n := min(together, len(rows))
		if n < together {
			n = 1
		}
		if err := tx.insertGroups(ctx, head, rows[:len(rows)/n*n], n, or); err != nil {
			return err
		}
		rows = rows[len(rows)/n*n:]
	}
	return nil
}

// arraysInto inserts the rows that stand as one array a column.
func arraysInto(table string, columns []string, first []any) string {
	from := make([]string, len(columns))
	for i, v := range first {
		kind := "bigint"
		if _, ok := v.(string); ok {
			kind = "text"
		}
		from[i] = fmt.Sprintf("$%d::%s[]", i+1, kind)
	}
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") SELECT * FROM unnest(" + strings.Join(from, ", ") + ")"
}

func arrays(rows [][]any) []any {
	out := make([]any, len(rows[0]))
	for i, v := range rows[0] {
		if _, ok := v.(string); ok {
			list := make([]string, len(rows))
			for j := range rows {
				list[j] = rows[j][i].(string)
			}
			out[i] = list
			continue
		}
		list := make([]int64, len(rows))
		for j := range rows {
			list[j] = reflect.ValueOf(rows[j][i]).Int()
		}
		out[i] = list
	}
	return out
}

// insertGroups inserts n rows a statement, prepared once.
func (tx *Tx) insertGroups(ctx context.Context, head string, rows [][]any, n int, or string) error {
	one := "(?" + strings.Repeat(",?", len(rows[0])-1) + ")"
	st, err := tx.c.(liteConn).PrepareContext(ctx, head+one+strings.Repeat(","+one, n-1)+or)
	if err != nil {
		return told(err)
	}
	defer st.Close()
	args := make([]any, 0, n*len(rows[0]))
	for ; len(rows) > 0; rows = rows[n:] {
		args = args[:0]
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if _, err := st.ExecContext(ctx, args...); err != nil {
			return told(err)
		}
	}
	return nil
}

// execMany runs one statement for many rows of arguments, prepared once, pipelined.
func (tx *Tx) execMany(ctx context.Context, q string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if pg, ok := tx.c.(pgConn); ok {
		b := &pgx.Batch{}
		for _, r := range rows {
			b.Queue(q, r...)
		}
		return told(pg.pgExecer.(pgx.Tx).SendBatch(ctx, b).Close())
	}
	st, err := tx.c.(liteConn).PrepareContext(ctx, q)
	if err != nil {
		return told(err)
	}
	defer st.Close()
	for _, r := range rows {
		if _, err := st.ExecContext(ctx, r...); err != nil {
			return told(err)
		}
	}
	return nil
}

// day reads a day kept as ISO text, ” for none.
type day cal.Date

// Scan implements sql.Scanner.
func (d *day) Scan(src any) error {
	var s string
	switch v := src.(type) {
	case string:
		s = v
	case []byte:
		s = string(v)
	case nil:
	default:
		return fmt.Errorf("a day kept as %T", src)
	}
	if s == "" {
		*d = 0
		return nil
	}
	x, err := cal.Parse(s)
	*d = day(x)
	return err
}

func on(d *cal.Date) *day { return (*day)(d) }

// flag reads a truth kept as 0 or 1.
type flag bool

// Scan implements sql.Scanner.
func (f *flag) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a flag kept as %T", src)
	}
	*f = n != 0
	return nil
}

// sum reads a sum of integers: PostgreSQL gives numeric, SQLite an integer.
type sum int64

// Scan implements sql.Scanner.
func (n *sum) Scan(src any) error {
	switch v := src.(type) {
	case int64:
		*n = sum(v)
	case nil:
		*n = 0
	case string:
		x, err := strconv.ParseInt(v, 10, 64)
		*n = sum(x)
		return err
	default:
		return fmt.Errorf("a sum kept as %T", src)
	}
	return nil
}

func yes(b *bool) *flag { return (*flag)(b) }

// bit is a truth as it is kept.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// words reads and writes a list of labels kept as one text.
func words(list []string) string { return strings.Join(list, ",") }

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
