package app

import (
	"context"
	"slices"

	"relance/internal/domain/cash"
	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// ToAnswer counts the bank lines that await a person, for the rail.
func (d *Desk) ToAnswer(ctx context.Context) (n int, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		n, err = tx.CountOpenLines(ctx)
		return err
	})
	return n, err
}

// CustomerMoney is what a customer's page shows beside the account: payments and what they settle, credits to use,
// commitments and disputes.
type CustomerMoney struct {
	Customer party.Customer
	Payments []PaymentView // the latest first
	Credits  []CreditView
	Promises []Committed
	Disputes []DisputeView // open ones
}

// PaymentView is a payment with what it settles.
type PaymentView struct {
	*store.Payment
	Settles []Settling
}

// CreditView is a credit note that is not used up.
type CreditView struct {
	Number string
	Open   money.Amount
	Used   bool // settles something already
}

// CustomerMoney reads them for a customer, by code.
func (d *Desk) CustomerMoney(ctx context.Context, code string) (v *CustomerMoney, err error) {
	v = &CustomerMoney{}
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err := tx.CustomerByCode(ctx, code)
		if fault.Of(err) == fault.NotFound {
			return fault.New(fault.NotFound, "app.no-customer", code)
		}
		if err != nil {
			return err
		}
		v.Customer = c
		if err := v.paid(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.CommitmentsOf(ctx, []id.Customer{c.ID})
		if err != nil {
			return err
		}
		if v.Promises, err = d.committed(ctx, tx, rows); err != nil {
			return err
		}
		open, err := tx.DisputesOf(ctx, c.ID)
		if err != nil {
			return err
		}
		open = slices.DeleteFunc(open, func(x *store.Dispute) bool { return !x.ClosedOn.IsZero() })
		v.Disputes, err = d.disputeViews(ctx, tx, open)
		return err
	})
	return v, err
}

// paid reads the payments and the credit notes, and what they settle.
func (v *CustomerMoney) paid(ctx context.Context, tx *store.Tx) error {
	who := []id.Customer{v.Customer.ID}
	pays, err := tx.PaymentsOf(ctx, who)
	if err != nil {
		return err
	}
	docs, err := tx.DocsOf(ctx, who)
	if err != nil {
		return err
	}
	allocs, err := tx.AllocationsOf(ctx, who)
	if err != nil {
		return err
	}
	var items []id.Instalment
	for _, a := range allocs {
		items = append(items, a.Item)
	}
	names, err := tx.ItemNames(ctx, items)
	if err != nil {
		return err
	}
	used := map[id.Invoice]bool{}
	of := map[id.Payment][]*store.Allocation{}
	for _, a := range allocs {
		used[a.Credit] = true
		of[a.Payment] = append(of[a.Payment], a)
	}
	for _, doc := range docs {
		for _, it := range doc.Items {
			if it.Credit && !it.Closed && it.Open > 0 {
				v.Credits = append(v.Credits, CreditView{doc.Number, money.Of(it.Open, doc.Currency), used[doc.ID]})
			}
		}
	}
	for _, p := range pays {
		if p.Source == cash.Asserted {
			continue // only a ledger's word: there is nothing to do with it
		}
		v.Payments = append(v.Payments, PaymentView{p, settledBy(of[p.ID], names)})
	}
	slices.SortStableFunc(v.Payments, func(a, b PaymentView) int { return int(b.Date - a.Date) })
	return nil
}

// settledBy sums what a payment settles, an instalment a row; what was taken back is left out.
func settledBy(allocs []*store.Allocation, names map[id.Instalment]store.ItemName) (out []Settling) {
	place := map[id.Instalment]int{}
	for _, a := range allocs {
		i, ok := place[a.Item]
		if !ok {
			i = len(out)
			place[a.Item] = i
			out = append(out, Settling{Invoice: names[a.Item].Number, Instalment: names[a.Item].Seq})
		}
		out[i].Paid += a.Amount
	}
	return slices.DeleteFunc(out, func(s Settling) bool { return s.Paid == 0 })
}
