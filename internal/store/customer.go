package store

import (
	"context"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// NameKey is how names are compared: without case, accents, punctuation or legal form spacing.
func NameKey(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

var customerColumns = []string{"id", "company", "code", "name", "name_key", "kind", "kind_confirmed", "kind_proposed",
	"siren", "siret", "vat", "legal_name", "address", "postcode", "city", "country", "registered_address", "language",
	"scenario", "terms", "terms_confirmed", "payment_method", "parent", "payer", "collector", "salesperson",
	"credit_limit", "tags", "email", "phone", "service_code", "intercompany", "confirm_first", "imported"}

func (tx *Tx) customerRow(c *party.Customer, imported id.Import) []any {
	return []any{c.ID, tx.company, c.Code, c.Name, NameKey(c.Name), string(c.Kind), bit(c.KindConfirmed), string(c.KindProposed),
		c.SIREN, c.SIRET, c.VAT, c.LegalName, c.Address.Lines, c.Address.Postcode, c.Address.City, c.Address.Country,
		packAddress(c.RegisteredAddr), string(c.Language), c.Scenario, c.Terms, bit(c.TermsConfirmed), c.PaymentMethod,
		c.Parent, c.Payer, c.Collector, c.Salesperson, c.CreditLimit.Minor, words(c.Tags), c.Email, c.Phone,
		c.ServiceCode, bit(c.Intercompany), bit(c.ConfirmFirst), imported}
}

// packAddress keeps an address in one text, its four parts a line break apart from the street's.
func packAddress(a party.Address) string {
	if a == (party.Address{}) {
		return ""
	}
	return a.Postcode + "\t" + a.City + "\t" + a.Country + "\t" + a.Lines
}

func unpackAddress(s string) (a party.Address) {
	p := strings.SplitN(s, "\t", 4)
	if len(p) == 4 {
		a = party.Address{Postcode: p[0], City: p[1], Country: p[2], Lines: p[3]}
	}
	return a
}

// InsertCustomers creates customers and gives each its identifier.
func (tx *Tx) InsertCustomers(ctx context.Context, list []*party.Customer, imported id.Import) error {
	rows := make([][]any, len(list))
	for i, c := range list {
		n, err := tx.NewID(ctx)
		if err != nil {
			return err
		}
		c.ID = id.Customer(n)
		rows[i] = tx.customerRow(c, imported)
	}
	columns, rows := lean(customerColumns, rows, customerDefaults)
	return tx.insertMany(ctx, "customer", columns, rows)
}

// UpdateCustomer keeps every field of a customer.
func (tx *Tx) UpdateCustomer(ctx context.Context, c *party.Customer) error {
	row := tx.customerRow(c, 0)
	_, err := tx.exec(ctx, `UPDATE customer SET code = $3, name = $4, name_key = $5, kind = $6, kind_confirmed = $7,
		kind_proposed = $8, siren = $9, siret = $10, vat = $11, legal_name = $12, address = $13, postcode = $14, city = $15,
		country = $16, registered_address = $17, language = $18, scenario = $19, terms = $20, terms_confirmed = $21,
		payment_method = $22, parent = $23, payer = $24, collector = $25, salesperson = $26, credit_limit = $27, tags = $28,
		email = $29, phone = $30, service_code = $31, intercompany = $32, confirm_first = $33
		WHERE id = $1 AND company = $2`, row[:33]...)
	return err
}

const customerSelect = `SELECT id, code, name, kind, kind_confirmed, kind_proposed, siren, siret, vat, legal_name,
	address, postcode, city, country, registered_address, language, scenario, terms, terms_confirmed, payment_method,
	parent, payer, collector, salesperson, credit_limit, tags, email, phone, service_code, intercompany, confirm_first,
	next_day FROM customer `

func scanCustomer(scan func(...any) error) (c party.Customer, next cal.Date, err error) {
	var registered, tags string
	var limit int64
	err = scan(&c.ID, &c.Code, &c.Name, &c.Kind, yes(&c.KindConfirmed), &c.KindProposed, &c.SIREN, &c.SIRET, &c.VAT,
		&c.LegalName, &c.Address.Lines, &c.Address.Postcode, &c.Address.City, &c.Address.Country, &registered, &c.Language,
		&c.Scenario, &c.Terms, yes(&c.TermsConfirmed), &c.PaymentMethod, &c.Parent, &c.Payer, &c.Collector,
		&c.Salesperson, &limit, &tags, &c.Email, &c.Phone, &c.ServiceCode, yes(&c.Intercompany), yes(&c.ConfirmFirst),
		on(&next))
	c.RegisteredAddr, c.Tags, c.CreditLimit = unpackAddress(registered), split(tags), money.Euros(limit)
	return c, next, err
}

func (tx *Tx) customers(ctx context.Context, where string, args ...any) (list []party.Customer, err error) {
	err = tx.each(ctx, customerSelect+where, args, func(scan func(...any) error) error {
		c, _, err := scanCustomer(scan)
		list = append(list, c)
		return err
	})
	return list, err
}

// CustomersByCode finds customers of the company by their codes.
func (tx *Tx) CustomersByCode(ctx context.Context, codes []string) ([]party.Customer, error) {
	return tx.customers(ctx, `WHERE company = $1 AND `+tx.keyed("customer", "customer", "code"), tx.company, texts(tx, codes))
}

// Customers finds customers of the company by identifier, in that order.
func (tx *Tx) Customers(ctx context.Context, ids []id.Customer) ([]party.Customer, error) {
	return tx.customers(ctx, `WHERE +company = $1 AND `+tx.among("id", 2)+` ORDER BY id`, tx.company, ints(tx, ids))
}

// Customer finds one customer.
func (tx *Tx) Customer(ctx context.Context, n id.Customer) (party.Customer, error) {
	return oneOf(tx.customers(ctx, `WHERE company = $1 AND id = $2`, tx.company, n))
}

// CustomerByCode finds one customer.
func (tx *Tx) CustomerByCode(ctx context.Context, code string) (party.Customer, error) {
	return oneOf(tx.customers(ctx, `WHERE company = $1 AND code = $2`, tx.company, code))
}

// CustomerToEdit finds one customer, whom nobody else changes until the transaction is over: what is
// written back whole loses nothing that came meanwhile.
func (tx *Tx) CustomerToEdit(ctx context.Context, code string) (party.Customer, error) {
	lock := ""
	if tx.s.dialect == Postgres {
		lock = ` FOR NO KEY UPDATE` // differs because SQLite has one writer
	}
	return oneOf(tx.customers(ctx, `WHERE company = $1 AND code = $2 AND `+tx.own("id")+lock, tx.company, code))
}

// FirstSent notes that a first message has left to customers: the next ones need no look because of
// an import (PRODUCT.md §3 rule 4).
func (tx *Tx) FirstSent(ctx context.Context, ids []id.Customer) error {
	if err := tx.LockCustomers(ctx, ids); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `UPDATE customer SET confirm_first = 0 WHERE +company = $1 AND confirm_first = 1 AND `+tx.among("id", 2),
		tx.company, ints(tx, ids))
	return err
}

func oneOf[T any](list []T, err error) (T, error) {
	if err == nil && len(list) == 0 {
		err = errNone
	}
	if err != nil {
		var none T
		return none, err
	}
	return list[0], nil
}

// CustomersLike finds customers by SIREN, VAT number or name, for a party of an e-invoice.
func (tx *Tx) CustomersLike(ctx context.Context, siren, vat, name string) ([]party.Customer, error) {
	return tx.customers(ctx, `WHERE company = $1 AND ((siren <> '' AND siren = $2) OR (vat <> '' AND vat = $3) OR name_key = $4)
		ORDER BY id LIMIT 50`, tx.company, siren, vat, NameKey(name))
}

// CustomersByName finds customers whose name is one of these, compared by NameKey.
func (tx *Tx) CustomersByName(ctx context.Context, names []string) ([]party.Customer, error) {
	keys := make([]string, len(names))
	for i, n := range names {
		keys[i] = NameKey(n)
	}
	return tx.customers(ctx, `WHERE company = $1 AND `+tx.keyed("customer", "customer", "name_key")+` ORDER BY id`, tx.company, texts(tx, keys))
}

// AllCustomers lists every customer by code.
func (tx *Tx) AllCustomers(ctx context.Context) ([]party.Customer, error) {
	return tx.customers(ctx, `WHERE company = $1 ORDER BY code`, tx.company)
}

// SetNextDays keeps the day on which each customer must be looked at again, none to wait for a fact.
func (tx *Tx) SetNextDays(ctx context.Context, days map[id.Customer]cal.Date) error {
	if len(days) == 0 {
		return nil
	}
	ids, ds := make([]int64, 0, len(days)), make([]string, 0, len(days))
	for c, d := range days {
		ids, ds = append(ids, int64(c)), append(ds, d.String())
	}
	if tx.s.dialect == Postgres {
		// Differs because PostgreSQL joins two arrays in one statement; SQLite is as fast row by row.
		_, err := tx.exec(ctx, `UPDATE customer SET next_day = v.day FROM unnest($2::bigint[], $3::text[]) AS v(id, day)
			WHERE customer.id = v.id AND customer.company = $1 AND customer.next_day <> v.day`, tx.company, ids, ds)
		return err
	}
	rows := make([][]any, len(ids))
	for i := range ids {
		rows[i] = []any{ids[i], tx.company, ds[i]}
	}
	return tx.execMany(ctx, `UPDATE customer SET next_day = $3 WHERE id = $1 AND company = $2 AND next_day <> $3`, rows)
}

// LockCustomers keeps other writers from planning these customers again until this transaction is
// over: a fact that comes while a run decides waits, and its word is the last. Everybody locks in
// the order of the identifiers, so that nobody waits in a ring.
func (tx *Tx) LockCustomers(ctx context.Context, ids []id.Customer) error {
	if tx.s.dialect != Postgres || len(ids) == 0 {
		return nil // differs because SQLite has one writer
	}
	_, err := tx.exec(ctx, `SELECT id FROM customer WHERE company = $1 AND `+tx.among("id", 2)+` ORDER BY id FOR NO KEY UPDATE`,
		tx.company, ints(tx, ids))
	return err
}

// PlanAgain makes the customers due on a day at the latest: a fact touched them.
func (tx *Tx) PlanAgain(ctx context.Context, ids []id.Customer, on cal.Date) error {
	if err := tx.LockCustomers(ctx, ids); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `UPDATE customer SET next_day = $3 WHERE +company = $1 AND `+tx.among("id", 2)+
		` AND (next_day = '' OR next_day > $3)`, tx.company, ints(tx, ids), on.String())
	return err
}

// PlanAllAgain makes every customer of the company due: a rule that concerns all of them changed.
func (tx *Tx) PlanAllAgain(ctx context.Context, on cal.Date) error {
	_, err := tx.exec(ctx, `UPDATE customer SET next_day = $2 WHERE company = $1 AND (next_day = '' OR next_day > $2)`,
		tx.company, on.String())
	return err
}

// Place is how far a walk over the customers whose day has come has gone.
type Place struct {
	Day      string
	Customer id.Customer
}

// Deciding lets one transaction of the company decide at a time: runs started at once share the
// customers between them instead of deciding them twice. SQLite has one writer anyway.
func (tx *Tx) Deciding(ctx context.Context) error {
	if tx.s.dialect != Postgres {
		return nil
	}
	_, err := tx.exec(ctx, `SELECT pg_advisory_xact_lock(7304, $1::int)`, int64(tx.company%(1<<31)))
	return err
}

// Due lists the customers whose day has come, at most limit of them after a place, in the order of
// the index that it reads, and the place it has come to.
func (tx *Tx) Due(ctx context.Context, today cal.Date, after Place, limit int) (ids []id.Customer, end Place, err error) {
	end = after
	err = tx.each(ctx, `SELECT next_day, id FROM customer WHERE company = $1 AND next_day <> '' AND next_day <= $2
		AND (next_day, id) > ($3, $4) ORDER BY next_day, id LIMIT $5`,
		[]any{tx.company, today.String(), after.Day, after.Customer, limit}, func(scan func(...any) error) error {
			err := scan(&end.Day, &end.Customer)
			ids = append(ids, end.Customer)
			return err
		})
	return ids, end, err
}

// Owing lists the customers who owe something on a day, at most limit of them after one.
func (tx *Tx) Owing(ctx context.Context, today cal.Date, after id.Customer, limit int) (ids []id.Customer, err error) {
	return tx.customerIDs(ctx, `SELECT id FROM customer c WHERE company = $1 AND id > $3 AND EXISTS
		(SELECT 1 FROM item i WHERE i.customer = c.id AND i.sign = 1 AND (i.open <> 0 OR i.paid_on > $2))
		ORDER BY id LIMIT $4`, tx.company, today.String(), after, limit)
}

// DueOrOwing lists both: a run dated before the last one cannot go by the days which that one left.
func (tx *Tx) DueOrOwing(ctx context.Context, today cal.Date, after id.Customer, limit int) (ids []id.Customer, err error) {
	return tx.customerIDs(ctx, `SELECT id FROM customer c WHERE company = $1 AND id > $3 AND (next_day <> '' AND next_day <= $2 OR EXISTS
		(SELECT 1 FROM item i WHERE i.customer = c.id AND i.sign = 1 AND (i.open <> 0 OR i.paid_on > $2)))
		ORDER BY id LIMIT $4`, tx.company, today.String(), after, limit)
}

func (tx *Tx) customerIDs(ctx context.Context, q string, args ...any) (ids []id.Customer, err error) {
	err = tx.each(ctx, q, args, func(scan func(...any) error) error {
		var n id.Customer
		err := scan(&n)
		ids = append(ids, n)
		return err
	})
	return ids, err
}

// Contacts lists the contacts of customers, by customer then identifier.
func (tx *Tx) Contacts(ctx context.Context, ids []id.Customer) (list []party.Contact, err error) {
	err = tx.each(ctx, `SELECT id, customer, name, role, email, phone, bad FROM contact WHERE +company = $1 AND `+
		tx.among("customer", 2)+` ORDER BY customer, id`, []any{tx.company, ints(tx, ids)}, func(scan func(...any) error) error {
		var c party.Contact
		err := scan(&c.ID, &c.Customer, &c.Name, &c.Role, &c.Email, &c.Phone, yes(&c.Bad))
		list = append(list, c)
		return err
	})
	return list, err
}

// InsertContact creates a contact.
func (tx *Tx) InsertContact(ctx context.Context, c *party.Contact, imported id.Import) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	c.ID = id.Contact(n)
	_, err = tx.exec(ctx, `INSERT INTO contact (id, company, customer, name, role, email, phone, bad, imported)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.ID, tx.company, c.Customer, c.Name, string(c.Role), c.Email, c.Phone, bit(c.Bad), imported)
	return err
}

// UpdateContact keeps every field of a contact.
func (tx *Tx) UpdateContact(ctx context.Context, c *party.Contact) error {
	_, err := tx.exec(ctx, `UPDATE contact SET name = $3, role = $4, email = $5, phone = $6, bad = $7 WHERE id = $1 AND company = $2`,
		c.ID, tx.company, c.Name, string(c.Role), c.Email, c.Phone, bit(c.Bad))
	return err
}
