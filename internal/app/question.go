package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// questionDays is how long the link of a question lets its holder in.
const questionDays = 30

// maxWords bounds what a person writes, in characters.
const maxWords = 4000

// AskColleague asks somebody who needs no account about a dispute, and gives the secret of the link by which they
// answer. The secret is told once: only its digest is kept.
func (d *Desk) AskColleague(ctx context.Context, n id.Dispute, name, email, question string) (secret string, err error) {
	err = d.update(ctx, org.VerbCollect, func(m *moment) error {
		name, question = strings.TrimSpace(name), strings.TrimSpace(question)
		if name == "" || question == "" || utf8.RuneCountInString(question) > maxWords {
			return fault.New(fault.Invalid, "app.question.words", maxWords)
		}
		if email != "" && !isMailbox(email) {
			return fault.New(fault.Invalid, "app.mail.address", email)
		}
		row, err := m.Dispute(ctx, n)
		if err != nil {
			return err
		}
		if !row.ClosedOn.IsZero() {
			return fault.New(fault.Conflict, "app.dispute.closed", row.ClosedOn)
		}
		raw := make([]byte, 24)
		if _, err := rand.Read(raw); err != nil {
			return err
		}
		secret = base64.RawURLEncoding.EncodeToString(raw)
		q := &store.Question{Dispute: n, AskedOn: m.day, AskedBy: m.actor.Name, Name: name, Email: email, Question: question, Token: tokenOf(secret),
			ExpiresOn: m.day.AddDays(questionDays)}
		if err := m.InsertQuestion(ctx, q); err != nil {
			return err
		}
		return m.note("dispute.asked", subject{customer: row.Customer, invoice: row.Invoice}, map[string]any{"to": name, "question": question})
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

func tokenOf(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// Asked is a question as the colleague who holds its link sees it: what is contested, and nothing more of the
// customer.
type Asked struct {
	Company, Customer, Invoice string
	Amount                     money.Amount
	Issued                     cal.Date
	Category, Why              string
	Lang                       i18n.Lang
	*store.Question
	Closed bool // the dispute is over, or the link's time is
}

// Question opens the link of a question.
func (a *App) Question(ctx context.Context, secret string) (q *Asked, err error) {
	err = a.store.View(ctx, 0, func(tx *store.Tx) error {
		q, err = a.asked(ctx, tx, secret)
		return err
	})
	return q, err
}

func (a *App) asked(ctx context.Context, tx *store.Tx, secret string) (*Asked, error) {
	row, err := tx.QuestionByToken(ctx, tokenOf(secret))
	if fault.Of(err) == fault.NotFound {
		return nil, fault.New(fault.NotFound, "app.question.none")
	}
	if err != nil {
		return nil, err
	}
	in := tx.In(row.Company)
	c, err := company(ctx, in)
	if err != nil {
		return nil, err
	}
	d, err := in.Dispute(ctx, row.Dispute)
	if err != nil {
		return nil, err
	}
	cu, err := in.Customer(ctx, d.Customer)
	if err != nil {
		return nil, err
	}
	docs, err := in.Docs(ctx, []id.Invoice{d.Invoice})
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	lang, _ := i18n.Match(c.Profile.Language)
	return &Asked{Company: c.Profile.Name, Customer: cu.Name, Invoice: docs[0].Number, Amount: money.Of(d.Amount, docs[0].Currency),
		Issued: docs[0].Issued, Category: d.Category, Why: d.Why, Lang: lang, Question: row,
		Closed: !d.ClosedOn.IsZero() || row.ExpiresOn < dayOf(c, a.now())}, nil
}

// AnswerQuestion keeps what a colleague answers: agrees is whether the customer is right (yes, no, partly). The
// owner of the dispute gets a task.
func (a *App) AnswerQuestion(ctx context.Context, secret, agrees, answer string) error {
	q, err := a.Question(ctx, secret)
	if err != nil {
		return err
	}
	answer = strings.TrimSpace(answer)
	switch {
	case q.Closed || !q.AnsweredOn.IsZero():
		return fault.New(fault.Conflict, "app.question.over")
	case utf8.RuneCountInString(answer) > maxWords || answer == "":
		return fault.New(fault.Invalid, "app.question.words", maxWords)
	case agrees != "yes" && agrees != "no" && agrees != "partly":
		return fault.New(fault.Invalid, "app.question.agrees")
	}
	d := a.As(Actor{Company: q.Question.Company, Name: q.Name, Role: org.Collector}) // by the link, for this one answer
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		row := *q.Question
		row.AnsweredOn, row.Answer, row.Agrees = m.day, answer, agrees
		if err := m.AnswerQuestion(ctx, &row); err != nil {
			return err
		}
		x, err := m.Dispute(ctx, row.Dispute)
		if err != nil {
			return err
		}
		if err := m.InsertTask(ctx, &store.Task{Customer: x.Customer, Kind: "dispute", CreatedOn: m.day, Invoices: []string{q.Invoice},
			Why: i18n.T(m.lang(), "app.question.answered."+agrees, q.Name)}); err != nil {
			return err
		}
		return m.note("dispute.answered", subject{customer: x.Customer, invoice: x.Invoice}, map[string]any{"by": q.Name, "agrees": agrees, "answer": answer})
	})
}
