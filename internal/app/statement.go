package app

import (
	"context"

	"relance/internal/domain/letter"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Statement is everything open of a customer at a day.
type Statement struct {
	Customer   party.Customer
	Date       cal.Date
	Currencies []StatementOf
}

// StatementOf is one currency of a statement, in minor units.
type StatementOf struct {
	Currency money.Currency
	Lines    []StatementLine
	Credits  []StatementLine
	Total    int64
}

// StatementLine is an open item, or a credit.
type StatementLine struct {
	Number     string
	Instalment int
	Of         int
	Issued     cal.Date
	Due        cal.Date
	DaysLate   int
	Amount     int64
	Paid       int64
	Open       int64
	Level      int
	IsPayment  bool
}

// Statement reads the statement of a customer by code.
func (d *Desk) Statement(ctx context.Context, code string, day cal.Date) (*Statement, error) {
	st := &Statement{}
	err := d.onCustomer(ctx, code, day, func(s *scene, x *Decision) error {
		st.Customer, st.Date = x.Customer, s.day
		st.Currencies = x.statement(s.day)
		return nil
	})
	return st, err
}

// onCustomer gathers one customer by code.
func (d *Desk) onCustomer(ctx context.Context, code string, day cal.Date, fn func(*scene, *Decision) error) error {
	return d.view(ctx, func(tx *store.Tx) error {
		c, err := tx.CustomerByCode(ctx, code)
		if fault.Of(err) == fault.NotFound {
			return fault.New(fault.NotFound, "app.no-customer", code)
		}
		if err != nil {
			return err
		}
		s, err := d.scene(ctx, tx, day)
		if err != nil {
			return err
		}
		list, err := s.gather(ctx, tx, []id.Customer{c.ID})
		if err != nil {
			return err
		}
		return fn(s, list[0])
	})
}

func (d *Decision) statement(day cal.Date) []StatementOf {
	var out []StatementOf
	at := func(c money.Currency) *StatementOf {
		for i := range out {
			if out[i].Currency == c {
				return &out[i]
			}
		}
		out = append(out, StatementOf{Currency: c})
		return &out[len(out)-1]
	}
	for i := range d.ledger.Items {
		it := &d.ledger.Items[i]
		c := at(it.Currency)
		c.Lines = append(c.Lines, StatementLine{Number: it.Item.Invoice, Instalment: it.Item.Instalment, Of: it.Parts, Issued: it.Issued,
			Due: it.Due, DaysLate: max(0, day.Sub(it.Due)), Amount: it.Amount, Paid: it.Paid, Open: it.Open, Level: it.State.Level})
		c.Total += it.Open
	}
	for _, cr := range d.ledger.Credits {
		c := at(cr.Currency)
		c.Credits = append(c.Credits, StatementLine{Number: cr.Label, Issued: cr.On, Amount: cr.Amount, Open: cr.Amount, IsPayment: cr.IsPayment})
		c.Total -= cr.Amount
	}
	return out
}

// StatementPDF prints the statement of a customer: one letter a currency.
func (d *Desk) StatementPDF(ctx context.Context, code string, day cal.Date) (pdf []byte, err error) {
	var docs []*letter.Document
	err = d.onCustomer(ctx, code, day, func(s *scene, x *Decision) error {
		for _, c := range x.statement(s.day) {
			doc, err := x.statementLetter(s, c)
			if err != nil {
				return err
			}
			docs = append(docs, doc)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(docs) == 0 {
		return nil, fault.New(fault.NotFound, "app.statement.empty", code)
	}
	return d.print.Batch(docs)
}

func (d *Decision) statementLetter(s *scene, c StatementOf) (*letter.Document, error) {
	m := letter.Message{Lang: d.In.Customer.Language, Kind: letter.Statement, Date: s.day, Currency: c.Currency, IsLetter: true,
		Sender: sender(s.company.Profile), Penalties: letter.None, Compensation: letter.None}
	r := recipient{Name: d.Customer.Name, Code: d.Customer.Code, Kind: d.Customer.EffectiveKind(), SIRET: d.Customer.SIRET,
		Lines: d.Customer.Address.Lines, Postcode: d.Customer.Address.Postcode, City: d.Customer.Address.City, Country: d.Customer.Address.Country}
	m.Recipient = r.letter()
	for _, l := range c.Lines {
		m.Items = append(m.Items, letter.Item{Number: l.Number, Seq: l.Instalment, Of: l.Of, Issued: l.Issued, Due: l.Due, DaysLate: l.DaysLate,
			Amount: money.Of(l.Amount, c.Currency), Paid: money.Of(l.Paid, c.Currency), Open: money.Of(l.Open, c.Currency), Level: l.Level})
	}
	for _, l := range c.Credits {
		m.Deductions = append(m.Deductions, letter.Deduction{IsPayment: l.IsPayment, Number: l.Number, Date: l.Issued, Amount: money.Of(l.Open, c.Currency)})
	}
	return statementDocument(m)
}
