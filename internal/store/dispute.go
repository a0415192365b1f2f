package store

import (
	"context"

	"relance/internal/domain/dispute"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// Dispute is a contested amount as it is kept; the holds that it sets stand beside it.
type Dispute struct {
	ID       id.Dispute
	Customer id.Customer
	Invoice  id.Invoice
	Category string
	Cause    string // whose fault it was, once it is known
	Amount   int64  // minor units of the invoice's currency
	OpenedOn cal.Date
	AnswerBy cal.Date
	ClosedOn cal.Date
	Outcome  string
	Why      string
	Owner    string
	OpenedBy string
}

// InsertDispute creates a dispute.
func (tx *Tx) InsertDispute(ctx context.Context, d *Dispute) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	d.ID = id.Dispute(n)
	_, err = tx.exec(ctx, `INSERT INTO dispute (id, company, customer, invoice, category, cause, amount, opened_on, answer_by, why, owner, opened_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, d.ID, tx.company, d.Customer, d.Invoice, d.Category, d.Cause, d.Amount,
		d.OpenedOn.String(), d.AnswerBy.String(), d.Why, d.Owner, d.OpenedBy)
	return err
}

// SetDispute keeps what became of a dispute.
func (tx *Tx) SetDispute(ctx context.Context, d *Dispute) error {
	_, err := tx.exec(ctx, `UPDATE dispute SET cause = $3, closed_on = $4, outcome = $5, owner = $6, answer_by = $7, category = $8
		WHERE id = $1 AND company = $2`, d.ID, tx.company, d.Cause, d.ClosedOn.String(), d.Outcome, d.Owner, d.AnswerBy.String(), d.Category)
	return err
}

func (tx *Tx) disputes(ctx context.Context, where string, args ...any) (list []*Dispute, err error) {
	err = tx.each(ctx, `SELECT id, customer, invoice, category, cause, amount, opened_on, answer_by, closed_on, outcome, why, owner, opened_by
		FROM dispute `+where, args, func(scan func(...any) error) error {
		d := &Dispute{}
		err := scan(&d.ID, &d.Customer, &d.Invoice, &d.Category, &d.Cause, &d.Amount, on(&d.OpenedOn), on(&d.AnswerBy), on(&d.ClosedOn), &d.Outcome,
			&d.Why, &d.Owner, &d.OpenedBy)
		list = append(list, d)
		return err
	})
	return list, err
}

// Dispute finds one dispute.
func (tx *Tx) Dispute(ctx context.Context, n id.Dispute) (*Dispute, error) {
	return oneOf(tx.disputes(ctx, `WHERE company = $1 AND id = $2`, tx.company, n))
}

// Disputes finds disputes by identifier.
func (tx *Tx) Disputes(ctx context.Context, ids []id.Dispute) ([]*Dispute, error) {
	return tx.disputes(ctx, `WHERE +company = $1 AND `+tx.among("id", 2)+` ORDER BY id`, tx.company, ints(tx, ids))
}

// OpenDisputes lists the disputes that are not closed, the first to answer first.
func (tx *Tx) OpenDisputes(ctx context.Context, offset, limit int) ([]*Dispute, error) {
	return tx.disputes(ctx, `WHERE company = $1 AND closed_on = '' ORDER BY answer_by, id LIMIT $2 OFFSET $3`, tx.company, limit, offset)
}

// DisputesOf lists the disputes of a customer, the latest first.
func (tx *Tx) DisputesOf(ctx context.Context, c id.Customer) ([]*Dispute, error) {
	return tx.disputes(ctx, `WHERE company = $1 AND customer = $2 ORDER BY id DESC`, tx.company, c)
}

// ClosedDisputes lists what the disputes opened between two days were about.
func (tx *Tx) ClosedDisputes(ctx context.Context, from, to cal.Date) (list []dispute.Closed, err error) {
	err = tx.each(ctx, `SELECT category, cause, opened_on, closed_on, amount FROM dispute WHERE company = $1 AND opened_on >= $2 AND opened_on <= $3
		AND closed_on <> ''`, []any{tx.company, from.String(), to.String()}, func(scan func(...any) error) error {
		var d dispute.Closed
		err := scan(&d.Category, &d.Cause, on(&d.Opened), on(&d.Closed), &d.Amount)
		list = append(list, d)
		return err
	})
	return list, err
}

// HoldsOfDispute lists the holds that a dispute set.
func (tx *Tx) HoldsOfDispute(ctx context.Context, n id.Dispute) ([]Hold, error) {
	return tx.holds(ctx, `WHERE company = $1 AND dispute = $2 AND dispute <> 0 ORDER BY id`, tx.company, n)
}

// Question is what a colleague is asked about a dispute.
type Question struct {
	ID         id.Question
	Company    id.Company
	Dispute    id.Dispute
	AskedOn    cal.Date
	AskedBy    string
	Name       string
	Email      string
	Question   string
	Token      string // SHA-256 of the link's secret
	ExpiresOn  cal.Date
	AnsweredOn cal.Date
	Answer     string
	Agrees     string // yes, no, partly: is the customer right
}

// InsertQuestion creates a question.
func (tx *Tx) InsertQuestion(ctx context.Context, q *Question) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	q.ID, q.Company = id.Question(n), tx.company
	_, err = tx.exec(ctx, `INSERT INTO question (id, company, dispute, asked_on, asked_by, name, email, question, token, expires_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, q.ID, tx.company, q.Dispute, q.AskedOn.String(), q.AskedBy, q.Name, q.Email, q.Question,
		q.Token, q.ExpiresOn.String())
	return err
}

const questionSelect = `SELECT id, company, dispute, asked_on, asked_by, name, email, question, token, expires_on, answered_on, answer, agrees FROM question `

func (tx *Tx) questions(ctx context.Context, where string, args ...any) (list []*Question, err error) {
	err = tx.each(ctx, questionSelect+where, args, func(scan func(...any) error) error {
		q := &Question{}
		err := scan(&q.ID, &q.Company, &q.Dispute, on(&q.AskedOn), &q.AskedBy, &q.Name, &q.Email, &q.Question, &q.Token, on(&q.ExpiresOn),
			on(&q.AnsweredOn), &q.Answer, &q.Agrees)
		list = append(list, q)
		return err
	})
	return list, err
}

// QuestionsOf lists the questions about disputes, oldest first.
func (tx *Tx) QuestionsOf(ctx context.Context, ids []id.Dispute) ([]*Question, error) {
	return tx.questions(ctx, `WHERE +company = $1 AND `+tx.among("dispute", 2)+` ORDER BY dispute, id`, tx.company, ints(tx, ids))
}

// QuestionByToken finds the question of a link, in whatever company: who holds the link is let in by it alone.
func (tx *Tx) QuestionByToken(ctx context.Context, token string) (*Question, error) {
	return oneOf(tx.questions(ctx, `WHERE token = $1`, token))
}

// AnswerQuestion keeps the first answer of a colleague.
func (tx *Tx) AnswerQuestion(ctx context.Context, q *Question) error {
	n, err := tx.exec(ctx, `UPDATE question SET answered_on = $3, answer = $4, agrees = $5 WHERE id = $1 AND company = $2 AND answered_on = ''`,
		q.ID, tx.company, q.AnsweredOn.String(), q.Answer, q.Agrees)
	if err == nil && n == 0 {
		err = ErrMoved
	}
	return err
}
