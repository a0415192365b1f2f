package app

import (
	"context"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// AnswerKind is what a customer answered to a message.
type AnswerKind string

// The answers a person records with one gesture.
const (
	AnswerPaid         AnswerKind = "paid"     // already paid: held until the payment shows, or for a week
	AnswerWillPay      AnswerKind = "will-pay" // promises a day
	AnswerDisputes     AnswerKind = "disputes"
	AnswerDocument     AnswerKind = "document" // needs a document
	AnswerWrongContact AnswerKind = "wrong-contact"
	AnswerOther        AnswerKind = "other"
)

// AnswerKinds lists the answers in the order of the desk.
var AnswerKinds = []AnswerKind{AnswerPaid, AnswerWillPay, AnswerDisputes, AnswerDocument, AnswerWrongContact, AnswerOther}

// Answer is what the customer said about one message.
type Answer struct {
	Message  id.Message
	Customer string // code, where no message was answered
	Kind     AnswerKind
	On       cal.Date // day promised
	Amount   int64    // promised or contested; 0: all
	Invoice  string   // the one in question; "": all of the message's
	Why      string
}

// Answer holds at once: the customer spoke, nothing leaves before somebody has listened.
func (d *Desk) Answer(ctx context.Context, a Answer) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		code := a.Customer
		var invoices []string
		if a.Message != 0 {
			row, err := m.Message(ctx, a.Message)
			if err != nil {
				return err
			}
			in, err := readInputs(row)
			if err != nil {
				return err
			}
			c, err := m.Customer(ctx, row.Customer)
			if err != nil {
				return err
			}
			code = c.Code
			for _, l := range in.Lines {
				invoices = appendNew(invoices, l.Number)
			}
		}
		if a.Invoice != "" {
			invoices = []string{a.Invoice}
		}
		return m.answer(a, code, invoices)
	})
}

func (m *moment) answer(a Answer, code string, invoices []string) error {
	var err error
	until := m.day.AddDays(replyDays)
	switch a.Kind {
	case AnswerPaid, AnswerOther:
		_, err = m.hold(HoldDraft{Customer: code, Reason: dunning.HoldReply, Until: until, Why: a.Why, Category: string(a.Kind)})
	case AnswerDocument:
		_, err = m.hold(HoldDraft{Customer: code, Reason: dunning.HoldDocument, Until: until, Why: a.Why})
		if err == nil {
			err = m.todo(code, "document", a.Why, invoices)
		}
	case AnswerWrongContact:
		_, err = m.hold(HoldDraft{Customer: code, Reason: dunning.HoldReply, Until: until, Why: a.Why, Category: string(a.Kind)})
		if err == nil {
			err = m.todo(code, dunning.TaskAddress, a.Why, invoices)
		}
	case AnswerWillPay:
		err = m.onEach(invoices, func(number string) error {
			_, err := m.promise(Promise{Customer: code, Invoice: number, On: a.On, Amount: a.Amount, Why: a.Why})
			return err
		})
	case AnswerDisputes:
		err = m.onEach(invoices, func(number string) error {
			_, err := m.hold(HoldDraft{Invoice: number, Customer: code, Reason: dunning.HoldDispute, Amount: a.Amount, Category: "other", Why: a.Why})
			return err
		})
	default:
		return fault.New(fault.Invalid, "app.answer.kind", string(a.Kind))
	}
	if err != nil {
		return err
	}
	c, err := m.CustomerByCode(m.ctx, code)
	if err != nil {
		return err
	}
	return m.note("customer.answered", subject{customer: c.ID, message: a.Message}, map[string]any{"answer": a.Kind, "why": a.Why, "on": a.On})
}

// onEach does something for every invoice that is still owed, or for the customer when none is
// named.
func (m *moment) onEach(invoices []string, do func(number string) error) error {
	if len(invoices) == 0 {
		return do("")
	}
	done := 0
	for _, n := range invoices {
		err := do(n)
		if fault.Key(err) == "app.invoice.settled" {
			continue
		}
		if err != nil {
			return err
		}
		done++
	}
	if done == 0 {
		return fault.New(fault.Conflict, "app.invoice.settled", invoices[0])
	}
	return nil
}

// todo opens a task that no scenario asked for.
func (m *moment) todo(code, kind, why string, invoices []string) error {
	c, err := m.CustomerByCode(m.ctx, code)
	if err != nil {
		return err
	}
	return m.InsertTask(m.ctx, &store.Task{Customer: c.ID, Kind: kind, CreatedOn: m.day, Why: why, Invoices: invoices})
}
