package store

import (
	"context"
	"fmt"
	"strings"
)

// LineQuery says which lines of the bank's accounts are wanted.
type LineQuery struct {
	State         string // "" for all
	Search        string // a part of what the bank says, of a payer's or a customer's name, or the beginning of an invoice number
	Amount        int64  // that Search may also mean, minor units without a sign; 0 for none
	Offset, Limit int
}

// FindBankLines lists the lines that a word finds: those that await an answer the oldest first, others the latest first.
func (tx *Tx) FindBankLines(ctx context.Context, q LineQuery) ([]*BankLine, error) {
	args := []any{tx.company, q.Amount, strings.TrimSpace(q.Search)}
	said := []string{"b.payer", "b.ref"}
	for _, at := range [][]string{{"Text"}, {"Ultimate", "Name"}, {"EndToEnd"}, {"Structured"}} {
		said = append(said, fmt.Sprintf(`coalesce(%s, '')`, tx.jsonText("b.said", at...)))
	}
	words := strings.Join(said, ` || ' ' || `)
	key := like(NameKey(q.Search))
	if key == "" {
		key = "!!" // signs alone are in no name: this is in none either
	}
	args = append(args, "%"+key+"%")
	where := fmt.Sprintf(`abs(b.amount) = $2 AND b.amount <> 0 OR b.customer IN (SELECT id FROM customer WHERE company = $1 AND name_key LIKE $4 ESCAPE '!')
		OR b.id IN (SELECT a.line FROM allocation a JOIN item i ON i.id = a.item WHERE a.company = $1 AND a.line <> 0 AND i.invoice IN (%s))`,
		tx.prefix("invoice", "number", 3))
	for _, p := range patterns(q.Search) { // the row as it is kept first: few are worth opening
		args = append(args, escaped.Replace(p), p)
		where += fmt.Sprintf(` OR lower(b.payer || ' ' || b.ref || ' ' || b.said) LIKE lower($%d) ESCAPE '!' AND lower(%s) LIKE lower($%d) ESCAPE '!'`,
			len(args)-1, words, len(args))
	}
	order := "DESC"
	if q.State == LineOpen {
		order = "ASC"
	}
	args = append(args, q.State, q.Limit, q.Offset)
	n := len(args)
	return tx.bankLines(ctx, fmt.Sprintf(`b WHERE b.company = $1 AND ($%[1]d = '' OR b.state = $%[1]d) AND (%[2]s) ORDER BY b.booked %[3]s, b.id %[3]s LIMIT $%[4]d OFFSET $%[5]d`,
		n-2, where, order, n-1, n), args...)
}

// escaped lets the signs that JSON writes otherwise be anything.
var escaped = strings.NewReplacer("&", "%", "<", "%", ">", "%", `"`, "%", `\`, "%")

// patterns are the ways in which banks may write what a person types: as it is, in capitals (SQLite changes the case
// of no accented letter), without accents, or with one on any e, where nearly all of them are. Words may stand apart: a
// bank cuts its text into lines anywhere.
func patterns(typed string) (list []string) {
	for _, s := range []string{like(typed), like(strings.ToUpper(typed)), strings.ReplaceAll(like(NameKey(typed)), "e", "_")} {
		if f := strings.Fields(s); len(f) > 0 {
			list = append(list, "%"+strings.Join(f, "%")+"%")
		}
	}
	return list
}

// jsonText is a text inside a JSON column. Differs because the standard's JSON_VALUE is in neither database of today.
func (tx *Tx) jsonText(column string, path ...string) string {
	if tx.s.dialect == Postgres { // which reads no JSON that holds the character zero
		return fmt.Sprintf(`cast(replace(%s, '\u0000', ' ') AS json) #>> '{%s}'`, column, strings.Join(path, ","))
	}
	return fmt.Sprintf(`json_extract(%s, '$.%s')`, column, strings.Join(path, "."))
}
