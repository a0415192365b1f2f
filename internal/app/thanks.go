package app

import (
	"context"
	"slices"

	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// closeNotices writes the closing letter of each formal notice of which nothing is owed any more: "votre compte est
// soldé, notre mise en demeure du … est sans objet" (PRODUCT.md §3 rule 13). It waits for a person.
func (m *moment) closeNotices(done []id.Instalment) error {
	if len(done) == 0 {
		return nil
	}
	notices, err := m.NoticesOn(m.ctx, done)
	if err != nil {
		return err
	}
	for _, n := range notices {
		docs, err := m.DocsOfItems(m.ctx, n.Items)
		if err != nil {
			return err
		}
		owed := false
		var currency money.Currency
		for _, d := range docs {
			currency = d.Currency
			for _, it := range d.Items {
				owed = owed || it.Open > 0 && slices.Contains(n.Items, it.ID)
			}
		}
		if owed {
			continue
		}
		if _, err := m.sayTo(n.Customer, func(*scene, *Decision) (*saying, error) {
			return &saying{kind: letter.Closing, currency: currency, what: occasion{NoticeOn: n.SentOn, Settled: n.Items}}, nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// thank writes a word of thanks for a payment that settles what a reminder had asked for, where the company wishes it.
// A payment of long ago, taken in late, is thanked for no more.
func (m *moment) thank(p *store.Payment, done []id.Instalment) error {
	if !m.company.Profile.ThankYou || len(done) == 0 || p.Date.AddDays(thanksDays) < m.day {
		return nil
	}
	states, err := m.States(m.ctx, done)
	if err != nil {
		return err
	}
	reminded := false
	for _, s := range states {
		reminded = reminded || s.Level > 0
	}
	if !reminded {
		return nil
	}
	if said, err := m.SaidSince(m.ctx, p.Customer, string(letter.ThankYou), m.day.AddDays(-thanksDays)); err != nil || said {
		return err // thanked a moment ago: a correction of the books is no new payment
	}
	if said, err := m.SaidSince(m.ctx, p.Customer, string(letter.Closing), m.day); err != nil || said {
		return err // the closing letter says it
	}
	_, err = m.sayTo(p.Customer, func(*scene, *Decision) (*saying, error) {
		return &saying{kind: letter.ThankYou, currency: p.Amount.Currency, approved: true, by: "scenario",
			what: occasion{On: p.Date, Amount: p.Amount.Minor, Settled: done}}, nil
	})
	return err
}

// thanksDays is how old a payment may be to be thanked for.
const thanksDays = 10

// Withdrawal is a cheque that was announced and never came.
type Withdrawal struct {
	Customer string // code
	Cheque   string // its number, as the debtor says
	Amount   money.Amount
	Sent     cal.Date // when the debtor says it was sent
}

// OfferWithdrawal writes the lettre de désistement of a cheque that never came: the company undertakes not to cash
// it, so that the debtor may issue another one. It waits for a person.
func (d *Desk) OfferWithdrawal(ctx context.Context, w Withdrawal) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		c, err := m.customerCoded(w.Customer)
		if err != nil {
			return err
		}
		if w.Amount.Minor < 0 {
			return fault.New(fault.Invalid, "app.payment.amount")
		}
		if w.Amount.Currency == "" {
			w.Amount.Currency = money.EUR
		}
		row, err := m.sayTo(c.ID, func(*scene, *Decision) (*saying, error) {
			return &saying{kind: letter.Withdrawal, currency: w.Amount.Currency, onPaper: true,
				what: occasion{On: w.Sent, Amount: w.Amount.Minor, Cheque: w.Cheque}}, nil
		})
		if err == nil && row == nil {
			err = fault.New(fault.Invalid, "app.call.no-address")
		}
		return err
	})
}
