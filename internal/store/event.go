package store

import (
	"context"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Insurance is the credit insurance of a customer.
type Insurance struct {
	Customer      id.Customer
	Insurer       string
	Policy        string
	Cover         money.Amount // covered outstanding
	ExtensionDays int          // a debt may be put off by so many days; 0: no limit is known
	DeclareDays   int          // days after the due date within which an overdue debt is declared; 0: never
	EndsOn        cal.Date
}

// Covers tells whether a debt of an invoice issued on a day is insured: what is born after the cover's last day is not.
func (i *Insurance) Covers(issued cal.Date) bool { return i.EndsOn.IsZero() || issued <= i.EndsOn }

// SetInsurance keeps the credit insurance of a customer; nil takes it away.
func (tx *Tx) SetInsurance(ctx context.Context, c id.Customer, i *Insurance) error {
	if _, err := tx.exec(ctx, `DELETE FROM insurance WHERE customer = $1 AND company = $2`, c, tx.company); err != nil || i == nil {
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO insurance (customer, company, insurer, policy, cover, currency, extension_days, declare_days, ends_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, c, tx.company, i.Insurer, i.Policy, i.Cover.Minor, string(i.Cover.Currency),
		i.ExtensionDays, i.DeclareDays, i.EndsOn.String())
	return err
}

// Insurances finds the credit insurance of customers.
func (tx *Tx) Insurances(ctx context.Context, customers []id.Customer) (list []*Insurance, err error) {
	err = tx.each(ctx, `SELECT customer, insurer, policy, cover, currency, extension_days, declare_days, ends_on FROM insurance WHERE company = $1 AND `+
		tx.among("customer", 2), []any{tx.company, ints(tx, customers)}, func(scan func(...any) error) error {
		i := &Insurance{}
		err := scan(&i.Customer, &i.Insurer, &i.Policy, &i.Cover.Minor, &i.Cover.Currency, &i.ExtensionDays, &i.DeclareDays, on(&i.EndsOn))
		list = append(list, i)
		return err
	})
	return list, err
}

// Declaration is what was declared of an item, or of a customer when Item is zero.
type Declaration struct {
	Customer id.Customer
	Item     id.Instalment
	Kind     string // insurance, insolvency
	Day      cal.Date
	Actor    string
}

// InsertDeclaration keeps a declaration.
func (tx *Tx) InsertDeclaration(ctx context.Context, d Declaration) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO declaration (id, company, customer, item, kind, day, actor) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		n, tx.company, d.Customer, d.Item, d.Kind, d.Day.String(), d.Actor)
	return err
}

// Declared lists the items of customers that were declared to an insurer.
func (tx *Tx) Declared(ctx context.Context, customers []id.Customer) (map[id.Instalment]bool, error) {
	out := map[id.Instalment]bool{}
	err := tx.each(ctx, `SELECT item FROM declaration WHERE +company = $1 AND kind = 'insurance' AND `+tx.among("customer", 2),
		[]any{tx.company, ints(tx, customers)}, func(scan func(...any) error) error {
			var n id.Instalment
			err := scan(&n)
			out[n] = true
			return err
		})
	return out, err
}

// Insolvency is an insolvency of a customer, with the delays that run from its publication.
type Insolvency struct {
	ID            int64
	Customer      id.Customer
	Kind          string // sauvegarde, redressement, liquidation
	Judgment      cal.Date
	Published     cal.Date // in the BODACC
	Court         string
	Mandatary     string // to whom the claim is declared
	Administrator string // to whom what is born after the judgment is asked
	DeclareBy     cal.Date
	ReliefBy      cal.Date
	ReclaimBy     cal.Date
	DeclaredOn    cal.Date
	ClosedOn      cal.Date
}

// InsertInsolvency creates an insolvency.
func (tx *Tx) InsertInsolvency(ctx context.Context, i *Insolvency) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	i.ID = n
	_, err = tx.exec(ctx, `INSERT INTO insolvency (id, company, customer, kind, judgment, published, court, mandatary, administrator, declare_by, relief_by,
		reclaim_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, n, tx.company, i.Customer, i.Kind, i.Judgment.String(),
		i.Published.String(), i.Court, i.Mandatary, i.Administrator, i.DeclareBy.String(), i.ReliefBy.String(), i.ReclaimBy.String())
	return err
}

// SetInsolvency keeps what became of an insolvency.
func (tx *Tx) SetInsolvency(ctx context.Context, i *Insolvency) error {
	_, err := tx.exec(ctx, `UPDATE insolvency SET published = $3, declare_by = $4, relief_by = $5, reclaim_by = $6, declared_on = $7, closed_on = $8,
		mandatary = $9, administrator = $10 WHERE id = $1 AND company = $2`, i.ID, tx.company, i.Published.String(), i.DeclareBy.String(),
		i.ReliefBy.String(), i.ReclaimBy.String(), i.DeclaredOn.String(), i.ClosedOn.String(), i.Mandatary, i.Administrator)
	return err
}

// InsolvenciesOf lists the insolvencies of customers, the latest last.
func (tx *Tx) InsolvenciesOf(ctx context.Context, customers []id.Customer) (list []*Insolvency, err error) {
	err = tx.each(ctx, `SELECT id, customer, kind, judgment, published, court, mandatary, administrator, declare_by, relief_by, reclaim_by, declared_on,
		closed_on FROM insolvency WHERE +company = $1 AND `+tx.among("customer", 2)+` ORDER BY customer, id`, []any{tx.company, ints(tx, customers)},
		func(scan func(...any) error) error {
			i := &Insolvency{}
			err := scan(&i.ID, &i.Customer, &i.Kind, on(&i.Judgment), on(&i.Published), &i.Court, &i.Mandatary, &i.Administrator, on(&i.DeclareBy),
				on(&i.ReliefBy), on(&i.ReclaimBy), on(&i.DeclaredOn), on(&i.ClosedOn))
			list = append(list, i)
			return err
		})
	return list, err
}

// Supplier is what the company owes a customer as a supplier.
type Supplier struct {
	Customer id.Customer
	Owed     money.Amount
	Day      cal.Date
	Imported id.Import
}

// SetSupplier keeps what is owed to a customer as a supplier.
func (tx *Tx) SetSupplier(ctx context.Context, s Supplier) error {
	_, err := tx.exec(ctx, `INSERT INTO supplier (customer, company, currency, owed, day, imported) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (customer, currency) DO UPDATE SET owed = excluded.owed, day = excluded.day, imported = excluded.imported`,
		s.Customer, tx.company, string(s.Owed.Currency), s.Owed.Minor, s.Day.String(), s.Imported)
	return err
}

// ForgetSuppliers forgets what an earlier ledger said is owed to suppliers.
func (tx *Tx) ForgetSuppliers(ctx context.Context) error {
	_, err := tx.exec(ctx, `DELETE FROM supplier WHERE company = $1`, tx.company)
	return err
}

// SuppliersAmong finds what is owed to customers as suppliers.
func (tx *Tx) SuppliersAmong(ctx context.Context, customers []id.Customer) (list []Supplier, err error) {
	err = tx.each(ctx, `SELECT customer, currency, owed, day, imported FROM supplier WHERE +company = $1 AND owed <> 0 AND `+tx.among("customer", 2),
		[]any{tx.company, ints(tx, customers)}, func(scan func(...any) error) error {
			var s Supplier
			err := scan(&s.Customer, &s.Owed.Currency, &s.Owed.Minor, on(&s.Day), &s.Imported)
			list = append(list, s)
			return err
		})
	return list, err
}
