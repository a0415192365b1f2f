package store

import (
	"context"
	"encoding/json"
	"errors"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// InsertCompany creates a company with the first version of its profile.
func (tx *Tx) InsertCompany(ctx context.Context, c *org.Company) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	c.ID, c.ProfileVersion = id.Company(n), 1
	if _, err := tx.exec(ctx, `INSERT INTO company (id, code, live_on, trial_to, payments_on) VALUES ($1, $2, $3, $4, $5)`,
		c.ID, c.Code, c.LiveOn.String(), c.TrialTo, c.PaymentsOn.String()); err != nil {
		return err
	}
	return tx.In(c.ID).insertProfile(ctx, 1, c.Profile)
}

func (tx *Tx) insertProfile(ctx context.Context, version int, p org.Profile) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO company_profile (company, version, name, data) VALUES ($1, $2, $3, $4)`,
		tx.company, version, p.Name, string(b))
	return err
}

// SaveProfile makes a new version of the company's profile: messages already queued keep theirs.
func (tx *Tx) SaveProfile(ctx context.Context, p org.Profile) (version int, err error) {
	if err := tx.one(ctx, `UPDATE company SET profile_version = profile_version + 1 WHERE id = $1 RETURNING profile_version`,
		[]any{tx.company}, &version); err != nil {
		return 0, err
	}
	return version, tx.insertProfile(ctx, version, p)
}

// SetLive ends trial mode on a day; ErrMoved when the company is live already.
func (tx *Tx) SetLive(ctx context.Context, on cal.Date) error {
	n, err := tx.exec(ctx, `UPDATE company SET live_on = $2 WHERE id = $1 AND live_on = ''`, tx.company, on.String())
	if err == nil && n == 0 {
		err = ErrMoved
	}
	return err
}

// SetPaymentsOn keeps the day up to which payments are known.
func (tx *Tx) SetPaymentsOn(ctx context.Context, on cal.Date) error {
	_, err := tx.exec(ctx, `UPDATE company SET payments_on = $2 WHERE id = $1`, tx.company, on.String())
	return err
}

// SetTrialTo keeps the mailbox of trial mode.
func (tx *Tx) SetTrialTo(ctx context.Context, address string) error {
	_, err := tx.exec(ctx, `UPDATE company SET trial_to = $2 WHERE id = $1`, tx.company, address)
	return err
}

// SetCode changes the short name of the company.
func (tx *Tx) SetCode(ctx context.Context, code string) error {
	_, err := tx.exec(ctx, `UPDATE company SET code = $2 WHERE id = $1`, tx.company, code)
	return err
}

const companyColumns = `SELECT c.id, c.code, c.profile_version, c.live_on, c.trial_to, c.payments_on, p.data
	FROM company c JOIN company_profile p ON p.company = c.id AND p.version = c.profile_version`

func scanCompany(scan func(...any) error) (c org.Company, err error) {
	var data string
	if err := scan(&c.ID, &c.Code, &c.ProfileVersion, on(&c.LiveOn), &c.TrialTo, on(&c.PaymentsOn), &data); err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(data), &c.Profile)
}

// Own is the company that the transaction is bound to.
func (tx *Tx) Own(ctx context.Context) (org.Company, error) {
	return oneOf(tx.companies(ctx, ` WHERE c.id = $1`, tx.company))
}

// Companies lists every company by code.
func (tx *Tx) Companies(ctx context.Context) ([]org.Company, error) {
	return tx.companies(ctx, ` ORDER BY c.code`)
}

func (tx *Tx) companies(ctx context.Context, where string, args ...any) (list []org.Company, err error) {
	err = tx.each(ctx, companyColumns+where, args, func(scan func(...any) error) error {
		c, err := scanCompany(scan)
		list = append(list, c)
		return err
	})
	return list, err
}

// Profile is a version of the company's profile.
func (tx *Tx) Profile(ctx context.Context, version int) (p org.Profile, err error) {
	var data string
	if err := tx.one(ctx, `SELECT data FROM company_profile WHERE company = $1 AND version = $2`,
		[]any{tx.company, version}, &data); err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(data), &p)
}

// Setting reads a value of the company, "" when it has none.
func (tx *Tx) Setting(ctx context.Context, name string) (value string, err error) {
	err = tx.one(ctx, `SELECT value FROM setting WHERE company = $1 AND name = $2`, []any{tx.company, name}, &value)
	if errors.Is(err, errNone) {
		return "", nil
	}
	return value, err
}

// SetSetting keeps a value of the company.
func (tx *Tx) SetSetting(ctx context.Context, name, value string) error {
	_, err := tx.exec(ctx, `INSERT INTO setting (company, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (company, name) DO UPDATE SET value = excluded.value`, tx.company, name, value)
	return err
}
