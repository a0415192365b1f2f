package store

import (
	"context"

	"relance/internal/ground/id"
)

// MailAccount is how messages leave; Data is JSON with its secrets encrypted.
type MailAccount struct {
	ID   id.MailAccount
	Name string
	Data string
}

// SaveMailAccount creates or replaces an account by its name.
func (tx *Tx) SaveMailAccount(ctx context.Context, a *MailAccount) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	return tx.one(ctx, `INSERT INTO mail_account (id, company, name, data) VALUES ($1, $2, $3, $4)
		ON CONFLICT (company, name) DO UPDATE SET data = excluded.data RETURNING id`, []any{n, tx.company, a.Name, a.Data}, &a.ID)
}

// MailAccounts lists the accounts in the order of their creation: the first is the default.
func (tx *Tx) MailAccounts(ctx context.Context) (list []MailAccount, err error) {
	err = tx.each(ctx, `SELECT id, name, data FROM mail_account WHERE company = $1 ORDER BY id`, []any{tx.company},
		func(scan func(...any) error) error {
			var a MailAccount
			err := scan(&a.ID, &a.Name, &a.Data)
			list = append(list, a)
			return err
		})
	return list, err
}

// DeleteMailAccount forgets an account.
func (tx *Tx) DeleteMailAccount(ctx context.Context, name string) error {
	_, err := tx.exec(ctx, `DELETE FROM mail_account WHERE company = $1 AND name = $2`, tx.company, name)
	return err
}
