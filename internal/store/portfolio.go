package store

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"relance/internal/ground/id"
)

// What a person bound to a portfolio sees of a table.
const (
	ofCompany  = ""                                          // all of it: it tells nothing of a customer
	ofCustomer = "customer IN (SELECT id FROM customer)"     // the rows of the portfolio's customers
	ofPromise  = "commitment IN (SELECT id FROM commitment)" // those of what they promised
	ofDispute  = "dispute IN (SELECT id FROM dispute)"       // those of what they contest
	ofLine     = "line IN (SELECT id FROM bank_line)"        // those of bank lines that are theirs
	ofMessage  = "message IN (SELECT id FROM message)"       // what was done with messages to them
	ofNobody   = "1 = 0"                                     // nothing: it mixes customers
	running    = "state = 'running'"                         // of imports, only that one is under way: a run must know it
	ofOwn      = "collector IN (SELECT p.collector FROM portfolio p WHERE p.company = %d AND p.app_user = %d)"
)

// shadow is a table and what a bound person sees of it.
type shadow struct{ table, rows string }

// referred is how many of the first shadows others refer to.
const referred = 5

// shadows has a line for every table of the schema, a test counts them.
var shadows = []shadow{
	{"customer", ofOwn}, {"commitment", ofCustomer}, {"dispute", ofCustomer}, {"bank_line", ofCustomer}, {"message", ofCustomer}, {"bank_words", ofLine}, {"commitment_part", ofPromise}, {"question", ofDispute},
	{"contact", ofCustomer}, {"invoice", ofCustomer}, {"item", ofCustomer}, {"item_state", ofCustomer}, {"payment", ofCustomer},
	{"allocation", ofCustomer}, {"hold", ofCustomer}, {"handover", ofMessage}, {"action", ofCustomer}, {"task", ofCustomer},
	{"charge", ofCustomer}, {"insurance", ofCustomer}, {"declaration", ofCustomer}, {"insolvency", ofCustomer}, {"supplier", ofCustomer},
	{"journal", ofCustomer}, {"bank_statement", ofNobody}, {"import_file", running}, {"import_before", ofNobody},
	{"company", ofCompany}, {"company_profile", ofCompany}, {"app_user", ofCompany}, {"membership", ofCompany}, {"portfolio", ofCompany},
	{"session", ofCompany}, {"scenario", ofCompany}, {"scenario_rule", ofCompany}, {"setting", ofCompany}, {"mail_account", ofCompany}, {"mail_line", ofCompany},
	{"job", ofCompany}, {"upkeep", ofCompany}, {"counter", ofCompany},
}

// Within binds the transaction to a person's portfolio too: whatever statement it reads by, the
// other customers of the company are not there. What it writes is written to rows that it has read.
func (tx *Tx) Within(u id.User) *Tx {
	tx.person = u
	return tx
}

// Bound tells whether the transaction sees one portfolio only.
func (tx *Tx) Bound() bool { return tx.person != 0 }

// whole lets the transaction see the company for a moment: the journal has one chain, and the day up to which
// payments are known is one day. The function it gives ends the moment.
func (tx *Tx) whole() (end func()) {
	person := tx.person
	tx.person = 0
	return func() { tx.person = person }
}

// word finds the names that a statement may call tables by.
var word = regexp.MustCompile(`[a-z_]+`)

// locks finds a reading that keeps rows for itself: PostgreSQL would lock nothing through a shadow. It says
// which rows are the person's own by itself.
var locks = regexp.MustCompile(`\bFOR (NO KEY )?UPDATE\b`)

// within puts before a reading the tables that its person sees, under the names of those that it names: row
// security that is the same text on both databases.
func (tx *Tx) within(q string) string {
	q = strings.TrimSpace(q)
	if tx.person == 0 || !strings.HasPrefix(q, "SELECT") || locks.MatchString(q) {
		return q
	}
	// Differs because on SQLite a shadow that names its own table without its schema means itself.
	schema := ""
	if tx.s.dialect == SQLite {
		schema = "main."
	}
	named := map[string]bool{}
	for _, w := range word.FindAllString(q, -1) {
		named[w] = true
	}
	var b strings.Builder
	for i, s := range shadows {
		if i >= referred && !named[s.table] || s.rows == ofCompany {
			continue
		}
		sep := ", "
		if b.Len() == 0 {
			sep = "WITH "
		}
		rows := s.rows
		if rows == ofOwn {
			rows = fmt.Sprintf(ofOwn, tx.company, tx.person)
		}
		fmt.Fprintf(&b, "%[1]s%[2]s AS (SELECT * FROM %[3]s%[2]s WHERE %[4]s)", sep, s.table, schema, rows)
	}
	return b.String() + " " + q
}

// own is "the column is a customer that the person sees", for the statements that choose what they change or lock.
func (tx *Tx) own(column string) string {
	if tx.person == 0 {
		return "1 = 1"
	}
	return fmt.Sprintf("%s IN (SELECT c.id FROM customer c WHERE c.company = %d AND c."+ofOwn+")", column, tx.company, tx.company, tx.person)
}

// SetPortfolio binds a person to the customers of some collectors; without any they see the company.
func (tx *Tx) SetPortfolio(ctx context.Context, u id.User, collectors []string) error {
	if _, err := tx.exec(ctx, `UPDATE membership SET bound = $3 WHERE company = $1 AND app_user = $2`, tx.company, u, bit(len(collectors) > 0)); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `DELETE FROM portfolio WHERE company = $1 AND app_user = $2`, tx.company, u); err != nil {
		return err
	}
	for _, c := range collectors {
		if _, err := tx.exec(ctx, `INSERT INTO portfolio (company, app_user, collector) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, tx.company, u, c); err != nil {
			return err
		}
	}
	return nil
}

// Portfolios lists the collectors to whose customers each bound person of the company is bound.
func (tx *Tx) Portfolios(ctx context.Context) (map[id.User][]string, error) {
	out := map[id.User][]string{}
	err := tx.each(ctx, `SELECT app_user, collector FROM portfolio WHERE company = $1 ORDER BY app_user, collector`, []any{tx.company},
		func(scan func(...any) error) error {
			var u id.User
			var c string
			err := scan(&u, &c)
			out[u] = append(out[u], c)
			return err
		})
	return out, err
}

// Collectors lists those whom the customers name.
func (tx *Tx) Collectors(ctx context.Context) (list []string, err error) {
	err = tx.each(ctx, `SELECT DISTINCT collector FROM customer WHERE company = $1 AND collector <> '' ORDER BY collector`, []any{tx.company},
		func(scan func(...any) error) error {
			var c string
			err := scan(&c)
			list = append(list, c)
			return err
		})
	return list, err
}
