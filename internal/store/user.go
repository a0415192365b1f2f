package store

import (
	"context"
	"time"

	"relance/internal/domain/org"
	"relance/internal/ground/id"
)

// InsertUser creates a person who may sign in; password is already hashed.
func (tx *Tx) InsertUser(ctx context.Context, u *org.User, password string, at time.Time) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	u.ID = id.User(n)
	_, err = tx.exec(ctx, `INSERT INTO app_user (id, name, email, password, created_at) VALUES ($1, $2, $3, $4, $5)`,
		u.ID, u.Name, u.Email, password, at.UnixMilli())
	return err
}

// SetPassword keeps a new hash.
func (tx *Tx) SetPassword(ctx context.Context, u id.User, password string) error {
	_, err := tx.exec(ctx, `UPDATE app_user SET password = $2 WHERE id = $1`, u, password)
	return err
}

// SetRole gives a person a role in the company, or takes it away when the role is "".
func (tx *Tx) SetRole(ctx context.Context, u id.User, role org.Role) error {
	if role == "" {
		if err := tx.SetPortfolio(ctx, u, nil); err != nil {
			return err
		}
		_, err := tx.exec(ctx, `DELETE FROM membership WHERE company = $1 AND app_user = $2`, tx.company, u)
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO membership (company, app_user, role) VALUES ($1, $2, $3)
		ON CONFLICT (company, app_user) DO UPDATE SET role = excluded.role`, tx.company, u, role)
	return err
}

// UserByEmail finds a person and the hash of the password.
func (tx *Tx) UserByEmail(ctx context.Context, email string) (u org.User, password string, err error) {
	err = tx.one(ctx, `SELECT id, name, email, password FROM app_user WHERE email = $1`, []any{email},
		&u.ID, &u.Name, &u.Email, &password)
	return u, password, err
}

// Users lists the people of the company with their roles.
func (tx *Tx) Users(ctx context.Context) (list []org.User, err error) {
	err = tx.each(ctx, `SELECT u.id, u.name, u.email, m.role, m.bound FROM membership m JOIN app_user u ON u.id = m.app_user
		WHERE m.company = $1 ORDER BY u.name, u.id`, []any{tx.company}, func(scan func(...any) error) error {
		var u org.User
		err := scan(&u.ID, &u.Name, &u.Email, &u.Role, yes(&u.Bound))
		list = append(list, u)
		return err
	})
	if err != nil {
		return nil, err
	}
	of, err := tx.Portfolios(ctx)
	for i := range list {
		list[i].Portfolio = of[list[i].ID]
	}
	return list, err
}

// Membership is a role in one company.
type Membership struct {
	Company id.Company
	Code    string
	Role    org.Role
	Bound   bool // to the customers of a portfolio
}

// Memberships lists the companies where a person has a role.
func (tx *Tx) Memberships(ctx context.Context, u id.User) (list []Membership, err error) {
	err = tx.each(ctx, `SELECT c.id, c.code, m.role, m.bound FROM membership m JOIN company c ON c.id = m.company
		WHERE m.app_user = $1 ORDER BY c.code`, []any{u}, func(scan func(...any) error) error {
		var m Membership
		err := scan(&m.Company, &m.Code, &m.Role, yes(&m.Bound))
		list = append(list, m)
		return err
	})
	return list, err
}

// InsertSession keeps a signed-in device under the hash of its token.
func (tx *Tx) InsertSession(ctx context.Context, token string, u id.User, device string, at, expires time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO session (token, app_user, device, created_at, seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $4, $5)`, token, u, device, at.UnixMilli(), expires.UnixMilli())
	return err
}

// Session finds who holds a token and when they were last seen, errNone when it is unknown, has expired, or was left
// alone for a quarter of its life.
func (tx *Tx) Session(ctx context.Context, token string, at time.Time) (u org.User, seen time.Time, err error) {
	var ms int64
	err = tx.one(ctx, `SELECT u.id, u.name, u.email, s.seen_at FROM session s JOIN app_user u ON u.id = s.app_user
		WHERE s.token = $1 AND s.expires_at > $2 AND ($2 - s.seen_at) * 4 < s.expires_at - s.created_at`, []any{token, at.UnixMilli()},
		&u.ID, &u.Name, &u.Email, &ms)
	return u, time.UnixMilli(ms), err
}

// SeeSession notes that a session was used.
func (tx *Tx) SeeSession(ctx context.Context, token string, at time.Time) error {
	_, err := tx.exec(ctx, `UPDATE session SET seen_at = $2 WHERE token = $1`, token, at.UnixMilli())
	return err
}

// DeleteSession signs a device out.
func (tx *Tx) DeleteSession(ctx context.Context, token string) error {
	_, err := tx.exec(ctx, `DELETE FROM session WHERE token = $1`, token)
	return err
}

// DeleteExpiredSessions forgets the sessions that have ended.
func (tx *Tx) DeleteExpiredSessions(ctx context.Context, at time.Time) error {
	_, err := tx.exec(ctx, `DELETE FROM session WHERE expires_at <= $1 OR ($1 - seen_at) * 4 >= expires_at - created_at`, at.UnixMilli())
	return err
}

// DeleteSessionsOf signs every device of a person out.
func (tx *Tx) DeleteSessionsOf(ctx context.Context, u id.User) error {
	_, err := tx.exec(ctx, `DELETE FROM session WHERE app_user = $1`, u)
	return err
}
