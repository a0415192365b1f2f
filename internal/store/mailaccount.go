package store

import (
	"context"
	"time"

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

// DeleteMailAccount forgets an account: what waits for it leaves by the default one.
func (tx *Tx) DeleteMailAccount(ctx context.Context, name string) error {
	if _, err := tx.exec(ctx, `UPDATE message SET account = 0 WHERE company = $1 AND state IN ('proposed', 'approved', 'sending', 'failed', 'uncertain')
		AND account IN (SELECT id FROM mail_account WHERE company = $1 AND name = $2)`, tx.company, name); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `DELETE FROM mail_account WHERE company = $1 AND name = $2`, tx.company, name)
	return err
}

// LineAsk is what a worker wants of an account.
type LineAsk struct {
	Account    id.MailAccount
	Worker     string
	Want, Cap  int // connections: so many, of which all the workers together hold at most Cap
	Rate       int // messages a minute that the account may send; 0: no limit
	Messages   int // that the worker would send
	Now, Until time.Time
}

// rateWindow is the time over which a minute's allowance is spread: a second's worth may leave at once (one message at
// least), and no minute then sees more than the rate.
const rateWindow = time.Minute + time.Second

// TakeLines lends connections of an account to a worker, and tells how many messages it may send on them and, when the
// allowance is spent, from when there is more. Nobody else is lent any of that account until the transaction is over: what
// is held by all the processes together is never more than the account bears.
func (tx *Tx) TakeLines(ctx context.Context, q LineAsk) (lines, messages int, again time.Time, err error) {
	var spent int64
	if err := tx.one(ctx, `UPDATE mail_account SET spent_until = spent_until WHERE company = $1 AND id = $2 RETURNING spent_until`,
		[]any{tx.company, q.Account}, &spent); err != nil {
		return 0, 0, again, err
	}
	if _, err := tx.exec(ctx, `DELETE FROM mail_line WHERE +company = $4 AND account = $1 AND (until <= $2 OR worker = $3)`, q.Account, q.Now.UnixMilli(), q.Worker, tx.company); err != nil {
		return 0, 0, again, err
	}
	held := 0
	if err := tx.one(ctx, `SELECT coalesce(sum(lines), 0) FROM mail_line WHERE +company = $2 AND account = $1`, []any{q.Account, tx.company}, &held); err != nil {
		return 0, 0, again, err
	}
	lines, messages = min(q.Want, q.Cap-held), q.Messages
	if lines <= 0 {
		return 0, 0, again, nil
	}
	if q.Rate > 0 {
		gap := rateWindow / time.Duration(q.Rate)
		from := time.UnixMilli(max(spent, q.Now.UnixMilli()))
		ready := int((q.Now.Add(max(time.Second, gap)).Sub(from)) / gap)
		if messages = min(messages, ready); messages <= 0 {
			return 0, 0, from.Add(gap - max(time.Second, gap)), nil
		}
	}
	_, err = tx.exec(ctx, `INSERT INTO mail_line (company, account, worker, lines, until) VALUES ($1, $2, $3, $4, $5)`, tx.company, q.Account, q.Worker, lines, q.Until.UnixMilli())
	return lines, messages, again, err
}

// SpendAllowance counts messages that a worker took to send against what an account may send a minute.
func (tx *Tx) SpendAllowance(ctx context.Context, account id.MailAccount, rate, messages int, now time.Time) error {
	if rate == 0 {
		return nil
	}
	gap := rateWindow.Milliseconds() * int64(messages) / int64(rate)
	_, err := tx.exec(ctx, `UPDATE mail_account SET spent_until = CASE WHEN spent_until < $3 THEN $3 ELSE spent_until END + $4
		WHERE company = $1 AND id = $2`, tx.company, account, now.UnixMilli(), gap)
	return err
}

// FreeLines gives back the connections of a worker.
func (tx *Tx) FreeLines(ctx context.Context, worker string, accounts ...id.MailAccount) error {
	_, err := tx.exec(ctx, `DELETE FROM mail_line WHERE +company = $1 AND worker = $2 AND `+tx.among("account", 3),
		tx.company, worker, ints(tx, accounts))
	return err
}
