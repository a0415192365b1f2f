package app

import (
	"context"
	"encoding/json"
	"errors"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/store"
)

// Reseal seals every secret of the house again with the key in use, in one transaction: all of them, or none.
func (a *App) Reseal(ctx context.Context) (n int, err error) {
	at := a.now()
	err = a.store.Update(ctx, 0, func(tx *store.Tx) error {
		n = 0
		return a.eachSecret(ctx, tx, func(c org.Company, k openAccount, plain []byte) error {
			sealed, err := a.seal.Seal(plain)
			if err != nil {
				return err
			}
			k.Sealed = sealed
			b, err := json.Marshal(k.keptAccount)
			if err != nil {
				return err
			}
			n++
			m := &moment{Tx: tx, ctx: ctx, company: c, actor: System(c.ID, "system"), at: at, day: dayOf(c, at)}
			if err := m.SaveMailAccount(ctx, &store.MailAccount{Name: k.Name, Data: string(b)}); err != nil {
				return err
			}
			if err := m.note("mail-account.resealed", subject{}, map[string]any{"name": k.Name}); err != nil {
				return err
			}
			return m.close()
		})
	})
	return n, err
}

// Secrets counts the secrets of the house; the first that the keys at hand do not open is the error.
func (a *App) Secrets(ctx context.Context) (n int, err error) {
	err = a.store.View(ctx, 0, func(tx *store.Tx) error {
		return a.eachSecret(ctx, tx, func(org.Company, openAccount, []byte) error {
			n++
			return nil
		})
	})
	return n, err
}

// eachSecret opens the secrets of every company.
func (a *App) eachSecret(ctx context.Context, tx *store.Tx, do func(org.Company, openAccount, []byte) error) error {
	companies, err := tx.Companies(ctx)
	if err != nil {
		return err
	}
	for _, c := range companies {
		list, err := accounts(ctx, tx.In(c.ID))
		if err != nil {
			return err
		}
		for _, k := range list {
			if k.Sealed == "" {
				continue
			}
			if a.seal == nil {
				return fault.New(fault.Internal, "app.mail.no-key")
			}
			plain, err := a.seal.Unseal(k.Sealed)
			if err != nil {
				return sealedElsewhere(k.Name, c.Code, err)
			}
			if err := do(c, k, plain); err != nil {
				return err
			}
		}
	}
	return nil
}

// sealedElsewhere says whose secret does not open, and why.
func sealedElsewhere(account, company string, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	return &fault.Error{Kind: f.Kind, Op: "app.secrets", Key: "app.mail.sealed", Args: []any{account, company, i18n.Say(f.Key, f.Args...)}, Err: err}
}
