package store

import (
	"context"
	"strings"
	"time"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// The states of a message.
const (
	Proposed  = "proposed"  // awaits a person
	Approved  = "approved"  // may leave when its window opens
	Sending   = "sending"   // claimed: intent is durable, the outcome is not known yet
	Sent      = "sent"      // accepted by the mail server, or posted
	Failed    = "failed"    // refused for good, or given up
	Uncertain = "uncertain" // cut between acceptance and record: a person settles it
	Skipped   = "skipped"   // a person said no, with a reason
	Cancelled = "cancelled" // a fact made it void, or it was recomputed
)

// The states of a registered letter (PRODUCT.md §3 rule 16).
const (
	ToPost         = "to-post"
	Posted         = "posted"
	Presented      = "presented"
	Delivered      = "delivered"
	Refused        = "refused"
	Unclaimed      = "unclaimed"
	UnknownAddress = "unknown-address"
)

// Message is a message of the outbox: Inputs is everything its bytes are made of.
type Message struct {
	ID          id.Message
	Customer    id.Customer
	CopyOf      id.Message // a parallel copy by another channel
	Account     id.MailAccount
	Channel     string
	Scenario    id.Scenario
	Step        string
	Kind        string
	Level       int
	Language    string
	Currency    money.Currency
	Automation  string
	NeedsSecond bool
	State       string
	DecidedOn   cal.Date
	SendOn      cal.Date
	Open        int64
	Total       int64
	Recipients  []string
	Subject     string // as a person edited it, "" for the template's
	Body        string // likewise
	Inputs      string // JSON
	ApprovedBy  string
	SecondBy    string
	Reason      string // of a skip, a cancellation, a failure
	Attempts    int
	NextTry     int64 // instant, ms
	SentOn      cal.Date
	SentAt      int64
	Reply       string // the mail server's
	SHA256      string // of the bytes that left
	PostState   string
	PostNumber  string
	PostOn      cal.Date
	EffectiveOn cal.Date
	Proof       string  // SHA-256 of the scanned proof
	Trial       bool    // it went to the company's own mailbox: no debtor has seen it
	WaitsFor    string  // "payments": it leaves by itself once they are known up to a recent day
	Approver    id.User // who gave the first approval, zero for the machine's own user
}

var messageColumns = []string{"id", "company", "customer", "copy_of", "account", "channel", "scenario", "step", "kind", "level",
	"language", "currency", "automation", "needs_second", "state", "decided_on", "send_on", "open", "total", "recipients",
	"subject", "body", "inputs", "approved_by", "second_by", "reason", "attempts", "next_try", "sent_on", "sent_at",
	"reply", "sha256", "post_state", "post_number", "post_on", "effective_on", "proof", "trial", "waits_for", "approved_user"}

func (tx *Tx) messageRow(m *Message) []any {
	return []any{m.ID, tx.company, m.Customer, m.CopyOf, m.Account, m.Channel, m.Scenario, m.Step, m.Kind, m.Level, m.Language,
		string(m.Currency), m.Automation, bit(m.NeedsSecond), m.State, m.DecidedOn.String(), m.SendOn.String(), m.Open, m.Total,
		strings.Join(m.Recipients, "\n"), m.Subject, m.Body, m.Inputs, m.ApprovedBy, m.SecondBy, m.Reason, m.Attempts,
		m.NextTry, m.SentOn.String(), m.SentAt, m.Reply, m.SHA256, m.PostState, m.PostNumber, m.PostOn.String(),
		m.EffectiveOn.String(), m.Proof, bit(m.Trial), m.WaitsFor, m.Approver}
}

// InsertMessages queues messages; each must have its identifier already.
func (tx *Tx) InsertMessages(ctx context.Context, list []*Message) error {
	rows := make([][]any, len(list))
	for i, m := range list {
		rows[i] = tx.messageRow(m)
	}
	columns, rows := lean(messageColumns, rows, messageDefaults)
	return tx.insertMany(ctx, "message", columns, rows)
}

// UpdateMessage keeps every field of a message, if it is still in one of the states from.
// A conflict means that somebody else moved it.
func (tx *Tx) UpdateMessage(ctx context.Context, m *Message, from ...string) error {
	n, err := tx.exec(ctx, `UPDATE message SET customer = $3, copy_of = $4, account = $5, channel = $6, scenario = $7, step = $8,
		kind = $9, level = $10, language = $11, currency = $12, automation = $13, needs_second = $14, state = $15,
		decided_on = $16, send_on = $17, open = $18, total = $19, recipients = $20, subject = $21, body = $22, inputs = $23,
		approved_by = $24, second_by = $25, reason = $26, attempts = $27, next_try = $28, sent_on = $29, sent_at = $30,
		reply = $31, sha256 = $32, post_state = $33, post_number = $34, post_on = $35, effective_on = $36, proof = $37,
		trial = $38, waits_for = $39, approved_user = $40, claimed_by = '', claimed_until = 0 WHERE id = $1 AND company = $2 AND `+tx.among("state", 41),
		append(tx.messageRow(m), texts(tx, from))...)
	if err == nil && n == 0 {
		err = ErrMoved
	}
	return err
}

const messageSelect = `SELECT id, customer, copy_of, account, channel, scenario, step, kind, level, language, currency, automation,
	needs_second, state, decided_on, send_on, open, total, recipients, subject, body, inputs, approved_by, second_by, reason,
	attempts, next_try, sent_on, sent_at, reply, sha256, post_state, post_number, post_on, effective_on, proof, trial, waits_for, approved_user`

func scanMessage(scan func(...any) error) (*Message, error) {
	m := &Message{}
	var to string
	err := scan(&m.ID, &m.Customer, &m.CopyOf, &m.Account, &m.Channel, &m.Scenario, &m.Step, &m.Kind, &m.Level, &m.Language,
		&m.Currency, &m.Automation, yes(&m.NeedsSecond), &m.State, on(&m.DecidedOn), on(&m.SendOn), &m.Open, &m.Total, &to,
		&m.Subject, &m.Body, &m.Inputs, &m.ApprovedBy, &m.SecondBy, &m.Reason, &m.Attempts, &m.NextTry, on(&m.SentOn),
		&m.SentAt, &m.Reply, &m.SHA256, &m.PostState, &m.PostNumber, on(&m.PostOn), on(&m.EffectiveOn), &m.Proof, yes(&m.Trial), &m.WaitsFor, &m.Approver)
	if to != "" {
		m.Recipients = strings.Split(to, "\n")
	}
	return m, err
}

func (tx *Tx) messages(ctx context.Context, where string, args ...any) (list []*Message, err error) {
	err = tx.each(ctx, messageSelect+` FROM message `+where, args, func(scan func(...any) error) error {
		m, err := scanMessage(scan)
		list = append(list, m)
		return err
	})
	return list, err
}

// Message finds one message.
func (tx *Tx) Message(ctx context.Context, n id.Message) (*Message, error) {
	if err := tx.lockOwners(ctx, []id.Message{n}); err != nil {
		return nil, err
	}
	return oneOf(tx.messages(ctx, `WHERE company = $1 AND id = $2`, tx.company, n))
}

// lockOwners keeps others from changing messages that this transaction is about to change, and a run
// from deciding about their customers: what is written back whole loses nothing that came meanwhile.
// Customers are locked before messages, as a run does.
func (tx *Tx) lockOwners(ctx context.Context, ids []id.Message) error {
	if tx.s.dialect != Postgres || !tx.writes {
		return nil // differs because SQLite has one writer
	}
	_, err := tx.exec(ctx, `SELECT id FROM customer WHERE company = $1 AND id IN (SELECT customer FROM message WHERE company = $1 AND `+
		tx.among("id", 2)+`) ORDER BY id FOR NO KEY UPDATE`, tx.company, ints(tx, ids))
	return err
}

// Messages finds messages by identifier.
func (tx *Tx) Messages(ctx context.Context, ids []id.Message) ([]*Message, error) {
	if err := tx.lockOwners(ctx, ids); err != nil {
		return nil, err
	}
	return tx.messages(ctx, `WHERE +company = $1 AND `+tx.among("id", 2)+` ORDER BY id`, tx.company, ints(tx, ids))
}

// undone is the condition of the index message_open, word for word: only so does SQLite see that the
// index answers.
const undone = ` AND state IN ('proposed','approved','sending','failed','uncertain')`

// MessagesIn lists the messages in one of these states, oldest first.
func (tx *Tx) MessagesIn(ctx context.Context, limit int, states ...string) ([]*Message, error) {
	open := undone
	for _, s := range states {
		if s == Sent || s == Skipped || s == Cancelled {
			open = ""
		}
	}
	return tx.messages(ctx, `WHERE company = $1 AND `+tx.among("state", 2)+open+` ORDER BY send_on, id LIMIT $3`,
		tx.company, texts(tx, states), limit)
}

// ProposedIDs lists every message that awaits a person, oldest first.
func (tx *Tx) ProposedIDs(ctx context.Context) (ids []id.Message, err error) {
	err = tx.each(ctx, `SELECT id FROM message WHERE company = $1 AND state = 'proposed'`+undone+` ORDER BY send_on, id`, []any{tx.company},
		func(scan func(...any) error) error {
			var n id.Message
			err := scan(&n)
			ids = append(ids, n)
			return err
		})
	return ids, err
}

// WaitingForPayments lists the messages that leave by themselves once payments are known.
func (tx *Tx) WaitingForPayments(ctx context.Context) ([]*Message, error) {
	return tx.messages(ctx, `WHERE company = $1 AND state = 'proposed' AND waits_for = 'payments' AND waits_for <> '' ORDER BY id`, tx.company)
}

// MessagesOf lists the messages of customers, oldest first.
func (tx *Tx) MessagesOf(ctx context.Context, customers []id.Customer) ([]*Message, error) {
	return tx.messages(ctx, `WHERE +company = $1 AND `+tx.among("customer", 2)+` ORDER BY send_on, id`, tx.company, ints(tx, customers))
}

// WaitingOf lists the messages to customers that nobody has handed over yet.
func (tx *Tx) WaitingOf(ctx context.Context, customers []id.Customer) ([]*Message, error) {
	return tx.messages(ctx, `WHERE +company = $1 AND `+tx.among("customer", 2)+` AND state IN ('proposed', 'approved')
		ORDER BY customer, id`, tx.company, ints(tx, customers))
}

// SentOn lists what left on a day.
func (tx *Tx) SentOn(ctx context.Context, day cal.Date, limit int) ([]*Message, error) {
	return tx.messages(ctx, `WHERE company = $1 AND sent_on = $2 ORDER BY id LIMIT $3`, tx.company, day.String(), limit)
}

// Letters lists the letters in one of these postal states, oldest first.
func (tx *Tx) Letters(ctx context.Context, limit int, postStates ...string) ([]*Message, error) {
	return tx.messages(ctx, `WHERE company = $1 AND channel <> 'email' AND state IN ('approved', 'sent') AND `+
		tx.among("post_state", 2)+` ORDER BY send_on, id LIMIT $3`, tx.company, texts(tx, postStates), limit)
}

// Claim takes approved e-mails of some accounts whose time has come, at most limit, for one worker: until the lease
// ends nobody else sends them.
func (tx *Tx) Claim(ctx context.Context, worker string, accounts []id.MailAccount, now time.Time, lease time.Duration, today cal.Date, limit int) ([]*Message, error) {
	// Differs because PostgreSQL has several workers: each skips what another is taking.
	lock := ""
	if tx.s.dialect == Postgres {
		lock = " FOR UPDATE SKIP LOCKED"
	}
	var list []*Message
	err := tx.each(ctx, `UPDATE message SET state = 'sending', claimed_by = $2, claimed_until = $3, attempts = attempts + 1
		WHERE id IN (SELECT id FROM message WHERE company = $1 AND state = 'approved' AND channel = 'email'
		AND next_try <= $4 AND send_on <= $5 AND `+tx.among("account", 7)+` AND `+tx.own("customer")+` ORDER BY account, next_try, id LIMIT $6`+lock+`) `+
		`RETURNING `+strings.TrimPrefix(messageSelect, "SELECT "),
		[]any{tx.company, worker, now.Add(lease).UnixMilli(), now.UnixMilli(), today.String(), limit, ints(tx, accounts)},
		func(scan func(...any) error) error {
			m, err := scanMessage(scan)
			list = append(list, m)
			return err
		})
	return list, err
}

// HasWaiting tells whether an e-mail of some accounts may be claimed.
func (tx *Tx) HasWaiting(ctx context.Context, accounts []id.MailAccount, now time.Time, today cal.Date) (bool, error) {
	n := 0
	err := tx.one(ctx, `SELECT count(*) FROM (SELECT 1 FROM message WHERE company = $1 AND state = 'approved' AND channel = 'email'
		AND `+tx.among("account", 2)+` AND next_try <= $3 AND send_on <= $4 LIMIT 1) AS x`,
		[]any{tx.company, ints(tx, accounts), now.UnixMilli(), today.String()}, &n)
	return n > 0, err
}

// KeepInputs writes a claimed message again for the day it leaves; the claim stands.
func (tx *Tx) KeepInputs(ctx context.Context, m *Message) error {
	_, err := tx.exec(ctx, `UPDATE message SET inputs = $3, open = $4, total = $5, trial = $6 WHERE id = $1 AND company = $2`,
		m.ID, tx.company, m.Inputs, m.Open, m.Total, bit(m.Trial))
	return err
}

// Abandoned lists the messages whose worker's lease has ended. Nobody hands them over any more: what is known of them
// (Handovers) stands, and is to be read after.
func (tx *Tx) Abandoned(ctx context.Context, now time.Time) ([]*Message, error) {
	lock := ""
	if tx.s.dialect == Postgres {
		lock = " FOR UPDATE SKIP LOCKED" // differs because SQLite has one writer
	}
	return tx.messages(ctx, `WHERE +company = $1 AND state = 'sending' AND claimed_until <= $2 ORDER BY claimed_until, id`+lock, tx.company, now.UnixMilli())
}

// Claimed is where a message stands, and the worker who holds it.
type Claimed struct{ State, Worker string }

// ClaimsOf tells where messages stand; nobody else moves them until the transaction is over.
func (tx *Tx) ClaimsOf(ctx context.Context, list []id.Message) (map[id.Message]Claimed, error) {
	lock := ""
	if tx.s.dialect == Postgres {
		lock = " ORDER BY id FOR UPDATE" // differs because SQLite has one writer
	}
	out := map[id.Message]Claimed{}
	err := tx.each(ctx, `SELECT id, state, claimed_by FROM message WHERE +company = $1 AND `+tx.among("id", 2)+lock, []any{tx.company, ints(tx, list)},
		func(scan func(...any) error) error {
			var n id.Message
			var c Claimed
			err := scan(&n, &c.State, &c.Worker)
			out[n] = c
			return err
		})
	return out, err
}

// SetSent keeps that messages whose claims were read in this transaction have left.
func (tx *Tx) SetSent(ctx context.Context, list []*Message) error {
	rows := make([][]any, len(list))
	for i, m := range list {
		rows[i] = []any{m.ID, tx.company, m.SentOn.String(), m.SentAt, m.Reply, m.SHA256}
	}
	return tx.execMany(ctx, `UPDATE message SET state = 'sent', reason = '', claimed_by = '', claimed_until = 0, sent_on = $3, sent_at = $4,
		reply = $5, sha256 = $6 WHERE id = $1 AND company = $2`, rows)
}

// CountMessages counts messages by state.
func (tx *Tx) CountMessages(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	err := tx.each(ctx, `SELECT state, count(*) FROM message WHERE company = $1`+undone+` GROUP BY state`, []any{tx.company},
		func(scan func(...any) error) error {
			var s string
			var n int
			err := scan(&s, &n)
			out[s] = n
			return err
		})
	return out, err
}
