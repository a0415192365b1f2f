package store

import (
	"context"
	"encoding/json"

	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// The states of a bank line.
const (
	LineOpen    = "open"    // awaits an answer
	LineSettled = "settled" // it is a payment of the ledger
	LineAside   = "aside"   // no customer's
)

// BankStatement is a statement as it is kept; the bank's own number of it is Statement.ID.
type BankStatement struct {
	ID       id.Statement
	Imported id.Import
	Format   string
	bank.Statement
}

// BankLine is a line of a bank account as it is kept.
type BankLine struct {
	ID          id.Line
	Imported    id.Import
	Statement   id.Statement
	Format      string
	Account     string
	Currency    money.Currency
	Booked      cal.Date
	Value       cal.Date
	EntryAmount int64 // of the booked movement that it is a part of
	Part, Parts int
	Ref         string
	Content     string // digest of what the bank says of it
	bank.Line
	State     string
	DecidedBy string // "auto", or the person who said
	Customer  id.Customer
	Proposals []bank.Proposal
}

// InsertBankStatement creates a statement; what its last record says comes later.
func (tx *Tx) InsertBankStatement(ctx context.Context, s *BankStatement) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	s.ID = id.Statement(n)
	_, err = tx.exec(ctx, `INSERT INTO bank_statement (id, company, imported, format, account, currency) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.ID, tx.company, s.Imported, s.Format, s.Account, string(s.Currency))
	return err
}

// SetBankStatement keeps what a statement says once it is read to its end.
func (tx *Tx) SetBankStatement(ctx context.Context, s *BankStatement) error {
	var opening, closing bank.Balance
	if s.Opening != nil {
		opening = *s.Opening
	}
	if s.Closing != nil {
		closing = *s.Closing
	}
	_, err := tx.exec(ctx, `UPDATE bank_statement SET account = $3, currency = $4, number = $5, from_day = $6, to_day = $7, opening = $8,
		opening_on = $9, closing = $10, closing_on = $11, moved = $12, entries = $13 WHERE id = $1 AND company = $2`,
		s.ID, tx.company, s.Account, string(s.Currency), s.Statement.ID, s.From.String(), s.To.String(), opening.Amount,
		opening.On.String(), closing.Amount, closing.On.String(), s.Moved, s.Entries)
	return err
}

// BankStatements lists the last statements, newest first.
func (tx *Tx) BankStatements(ctx context.Context, limit int) (list []*BankStatement, err error) {
	err = tx.each(ctx, `SELECT id, imported, format, account, currency, number, from_day, to_day, opening, opening_on, closing, closing_on,
		moved, entries FROM bank_statement WHERE company = $1 ORDER BY id DESC LIMIT $2`, []any{tx.company, limit},
		func(scan func(...any) error) error {
			s := &BankStatement{}
			var opening, closing bank.Balance
			err := scan(&s.ID, &s.Imported, &s.Format, &s.Account, &s.Currency, &s.Statement.ID, on(&s.From), on(&s.To), &opening.Amount,
				on(&opening.On), &closing.Amount, on(&closing.On), &s.Moved, &s.Entries)
			if !opening.On.IsZero() {
				s.Opening = &opening
			}
			if !closing.On.IsZero() {
				s.Closing = &closing
			}
			list = append(list, s)
			return err
		})
	return list, err
}

// ForgetSameStatement takes back a statement that brought no line when another says all that it says: the same statement
// twice is one.
func (tx *Tx) ForgetSameStatement(ctx context.Context, n id.Statement) error {
	_, err := tx.exec(ctx, `DELETE FROM bank_statement WHERE id = $1 AND company = $2
		AND NOT EXISTS (SELECT 1 FROM bank_line l WHERE l.statement = $1) AND EXISTS (SELECT 1 FROM bank_statement o
		WHERE o.company = $2 AND o.id <> $1 AND o.account = bank_statement.account AND o.currency = bank_statement.currency
		AND o.number = bank_statement.number AND o.from_day = bank_statement.from_day AND o.to_day = bank_statement.to_day
		AND o.opening = bank_statement.opening AND o.opening_on = bank_statement.opening_on AND o.closing = bank_statement.closing
		AND o.closing_on = bank_statement.closing_on AND o.moved = bank_statement.moved AND o.entries = bank_statement.entries)`, n, tx.company)
	return err
}

// InsertBankLines creates lines and gives each its identifier.
func (tx *Tx) InsertBankLines(ctx context.Context, list []*BankLine) error {
	rows, said := make([][]any, len(list)), make([][]any, len(list))
	for i, l := range list {
		n, err := tx.NewID(ctx)
		if err != nil {
			return err
		}
		l.ID = id.Line(n)
		text, err := json.Marshal(l.Line)
		if err != nil {
			return err
		}
		rows[i] = []any{l.ID, tx.company, l.Imported, l.Statement, l.Format, l.Account, string(l.Currency), l.Booked.String(),
			l.Value.String(), l.EntryAmount, l.Part, l.Parts, l.Amount, l.Ref, l.Content, string(text), l.Payer.Name, l.Payer.IBAN,
			l.State, l.DecidedBy, l.Customer, ""}
		said[i] = []any{tx.company, l.Booked.String(), l.ID, max(l.Amount, -l.Amount), l.words()}
	}
	if err := tx.insertMany(ctx, "bank_line", []string{"id", "company", "imported", "statement", "format", "account", "currency", "booked",
		"value_day", "entry_amount", "part", "parts", "amount", "ref", "content", "said", "payer", "payer_iban", "state", "decided_by",
		"customer", "proposals"}, rows); err != nil {
		return err
	}
	return tx.insertMany(ctx, "bank_words", []string{"company", "booked", "line", "amount", "words"}, said)
}

const lineSelect = `SELECT id, imported, statement, format, account, currency, booked, value_day, entry_amount, part, parts, amount, ref,
	content, said, state, decided_by, customer, proposals FROM bank_line `

func (tx *Tx) bankLines(ctx context.Context, where string, args ...any) (list []*BankLine, err error) {
	err = tx.each(ctx, lineSelect+where, args, func(scan func(...any) error) error {
		l := &BankLine{}
		var amount int64
		var said, proposals string
		if err := scan(&l.ID, &l.Imported, &l.Statement, &l.Format, &l.Account, &l.Currency, on(&l.Booked), on(&l.Value), &l.EntryAmount,
			&l.Part, &l.Parts, &amount, &l.Ref, &l.Content, &said, &l.State, &l.DecidedBy, &l.Customer, &proposals); err != nil {
			return err
		}
		list = append(list, l)
		if err := json.Unmarshal([]byte(said), &l.Line); err != nil || proposals == "" {
			return err
		}
		return json.Unmarshal([]byte(proposals), &l.Proposals)
	})
	return list, err
}

// BankLine finds one line.
func (tx *Tx) BankLine(ctx context.Context, n id.Line) (*BankLine, error) {
	return oneOf(tx.bankLines(ctx, `WHERE company = $1 AND id = $2`, tx.company, n))
}

// BankLinesOn lists the lines of an account on some days that other imports than one brought: what an overlapping
// statement may say again.
func (tx *Tx) BankLinesOn(ctx context.Context, account string, days []cal.Date, but id.Import) ([]*BankLine, error) {
	list := make([]string, len(days))
	for i, d := range days {
		list[i] = d.String()
	}
	return tx.bankLines(ctx, `WHERE company = $1 AND account = $2 AND `+tx.among("booked", 3)+` AND imported <> $4 ORDER BY id`,
		tx.company, account, texts(tx, list), but)
}

// OpenLines lists the lines that await an answer, oldest first, at most limit after one; a limit of 0 lists all.
func (tx *Tx) OpenLines(ctx context.Context, offset, limit int) ([]*BankLine, error) {
	if limit == 0 {
		return tx.bankLines(ctx, `WHERE company = $1 AND state = 'open' ORDER BY booked, id`, tx.company)
	}
	return tx.bankLines(ctx, `WHERE company = $1 AND state = 'open' ORDER BY booked, id LIMIT $2 OFFSET $3`, tx.company, limit, offset)
}

// CountOpenLines counts the lines that await an answer.
func (tx *Tx) CountOpenLines(ctx context.Context) (n int, err error) {
	err = tx.one(ctx, `SELECT count(*) FROM bank_line WHERE company = $1 AND state = 'open'`, []any{tx.company}, &n)
	return n, err
}

// BankLines lists lines, the latest first: those in a state, or all.
func (tx *Tx) BankLines(ctx context.Context, state string, offset, limit int) ([]*BankLine, error) {
	if state == "" {
		return tx.bankLines(ctx, `WHERE company = $1 ORDER BY booked DESC, id DESC LIMIT $2 OFFSET $3`, tx.company, limit, offset)
	}
	return tx.bankLines(ctx, `WHERE company = $1 AND state = $2 ORDER BY booked DESC, id DESC LIMIT $3 OFFSET $4`, tx.company, state, limit, offset)
}

// CountBankLines counts lines by state.
func (tx *Tx) CountBankLines(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	err := tx.each(ctx, `SELECT state, count(*) FROM bank_line WHERE company = $1 GROUP BY state`, []any{tx.company}, func(scan func(...any) error) error {
		var s string
		var n int
		err := scan(&s, &n)
		out[s] = n
		return err
	})
	return out, err
}

// AutoLinesOf lists the lines of money in that were applied without a person and settle items of these customers, or
// stand to their credit. A payment that came back is a fact that no matching takes back.
func (tx *Tx) AutoLinesOf(ctx context.Context, customers []id.Customer) ([]*BankLine, error) {
	return tx.bankLines(ctx, `WHERE company = $1 AND decided_by = 'auto' AND state = 'settled' AND amount > 0 AND (`+tx.among("customer", 2)+`
		OR id IN (SELECT p.line FROM payment p WHERE p.line <> 0 AND `+tx.among("p.customer", 2)+`)) ORDER BY booked, id`,
		tx.company, ints(tx, customers))
}

// SetBankLines keeps what became of lines.
func (tx *Tx) SetBankLines(ctx context.Context, list []*BankLine) error {
	rows := make([][]any, len(list))
	for i, l := range list {
		proposals := ""
		if len(l.Proposals) > 0 {
			b, err := json.Marshal(l.Proposals)
			if err != nil {
				return err
			}
			proposals = string(b)
		}
		rows[i] = []any{l.ID, tx.company, l.State, l.DecidedBy, l.Customer, proposals}
	}
	return tx.execMany(ctx, `UPDATE bank_line SET state = $3, decided_by = $4, customer = $5, proposals = $6
		WHERE id = $1 AND company = $2`, rows)
}

// CompleteBankLine keeps what another file says of a known line.
func (tx *Tx) CompleteBankLine(ctx context.Context, l *BankLine) error {
	said, err := json.Marshal(l.Line)
	if err != nil {
		return err
	}
	if _, err = tx.exec(ctx, `UPDATE bank_line SET format = $3, ref = $4, content = $5, said = $6, payer = $7, payer_iban = $8, value_day = $9
		WHERE id = $1 AND company = $2`, l.ID, tx.company, l.Format, l.Ref, l.Content, string(said), l.Payer.Name, l.Payer.IBAN, l.Value.String()); err != nil {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE bank_words SET words = $3 WHERE line = $1 AND +company = $2`, l.ID, tx.company, l.words())
	return err
}

// DeleteBankLines takes lines back.
func (tx *Tx) DeleteBankLines(ctx context.Context, ids []id.Line) error {
	_, err := tx.exec(ctx, `DELETE FROM bank_line WHERE +company = $1 AND `+tx.among("id", 2), tx.company, ints(tx, ids))
	return err
}

// LinesOfImport lists lines that an import created, at most limit.
func (tx *Tx) LinesOfImport(ctx context.Context, n id.Import, limit int) ([]*BankLine, error) {
	return tx.bankLines(ctx, `WHERE company = $1 AND imported = $2 ORDER BY id LIMIT $3`, tx.company, n, limit)
}

// DeleteBankStatements takes back the statements of an import, once their lines are gone.
func (tx *Tx) DeleteBankStatements(ctx context.Context, n id.Import) error {
	_, err := tx.exec(ctx, `DELETE FROM bank_statement WHERE company = $1 AND imported = $2`, tx.company, n)
	return err
}

// HasBankLines tells whether any statement was ever taken in.
func (tx *Tx) HasBankLines(ctx context.Context) (bool, error) {
	var n int
	err := tx.one(ctx, `SELECT count(*) FROM (SELECT id FROM bank_line WHERE company = $1 LIMIT 1) AS x`, []any{tx.company}, &n)
	return n > 0, err
}

// MoneyKnownOn is the day of the last payment or bank entry, none when there is none (PRODUCT.md §3 rule 8).
func (tx *Tx) MoneyKnownOn(ctx context.Context) (d cal.Date, err error) {
	defer tx.whole()()
	var line, payment cal.Date
	err = tx.one(ctx, `SELECT coalesce((SELECT max(booked) FROM bank_line WHERE company = $1), ''),
		coalesce((SELECT max(day) FROM payment WHERE company = $1 AND source = 'identified' AND cancelled_on = ''), '')`,
		[]any{tx.company}, on(&line), on(&payment))
	return cal.Later(line, payment), err
}

// BankAccounts lists the accounts whose statements came in.
func (tx *Tx) BankAccounts(ctx context.Context) (list []string, err error) {
	err = tx.each(ctx, `SELECT DISTINCT account FROM bank_statement WHERE company = $1 ORDER BY account`, []any{tx.company},
		func(scan func(...any) error) error {
			var a string
			err := scan(&a)
			list = append(list, a)
			return err
		})
	return list, err
}
