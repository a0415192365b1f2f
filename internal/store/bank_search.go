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

// words is what a search may find a line by: what the bank says of it and of who pays.
func (l *BankLine) words() string {
	return NameKey(strings.Join([]string{l.Payer.Name, l.Ref, l.Text, l.Ultimate.Name, l.EndToEnd, l.Structured}, " "))
}

// FindBankLines lists the lines that a word finds: those that await an answer the oldest first, others the latest first.
// It walks the narrow rows in that order and opens the lines of the page only.
func (tx *Tx) FindBankLines(ctx context.Context, q LineQuery) ([]*BankLine, error) {
	key := like(NameKey(q.Search))
	if key == "" {
		key = "!!" // signs alone are in no text and no name: this is in none either
	}
	order := "DESC"
	if q.State == LineOpen {
		order = "ASC"
	}
	// Words may stand apart: a bank cuts its text into lines anywhere.
	apart := strings.ReplaceAll(key, " ", "%")
	return tx.bankLines(ctx, fmt.Sprintf(`WHERE +company = $1 AND id IN (SELECT w.line FROM bank_words w WHERE w.company = $1
		AND (w.words LIKE $2 ESCAPE '!' OR w.amount = $3 AND w.amount <> 0
		OR w.line IN (SELECT b.id FROM bank_line b WHERE b.customer <> 0 AND b.customer IN (SELECT id FROM customer WHERE company = $1 AND name_key LIKE $4 ESCAPE '!'))
		OR w.line IN (SELECT a.line FROM allocation a JOIN item i ON i.id = a.item WHERE +a.company = $1 AND a.line <> 0 AND i.invoice IN (%[2]s)))
		AND ($6 = '' OR EXISTS (SELECT 1 FROM bank_line s WHERE s.id = w.line AND s.state = $6))
		ORDER BY w.booked %[1]s, w.line %[1]s LIMIT $7 OFFSET $8) ORDER BY booked %[1]s, id %[1]s`, order, tx.prefix("invoice", "number", 5)),
		tx.company, "%"+apart+"%", q.Amount, "%"+key+"%", strings.TrimSpace(q.Search), q.State, q.Limit, q.Offset)
}
