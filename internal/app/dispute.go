package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/store"
)

// Dispute is a contested amount, whole or partial: the rest stays chased.
type Dispute struct {
	Invoice  string
	Amount   int64 // minor units; 0: all of it
	Category string
	Why      string
}

// DisputeCategories lists what a dispute may be about.
var DisputeCategories = []string{"commercial", "delivery", "price", "quality", "administrative", "other"}

// OpenDispute takes the contested part out of what is chased.
func (d *Desk) OpenDispute(ctx context.Context, x Dispute) (holds []store.Hold, err error) {
	if err := d.may(org.VerbCollect); err != nil {
		return nil, err
	}
	if x.Category == "" {
		x.Category = "other"
	}
	if !slices.Contains(DisputeCategories, x.Category) {
		return nil, fault.New(fault.Invalid, "app.dispute.category", x.Category)
	}
	if x.Invoice == "" {
		return nil, fault.New(fault.Invalid, "app.dispute.invoice")
	}
	return d.AddHold(ctx, HoldDraft{Invoice: x.Invoice, Reason: dunning.HoldDispute, Amount: x.Amount, Category: x.Category, Why: x.Why})
}

// CloseDispute ends the disputes of an invoice.
func (d *Desk) CloseDispute(ctx context.Context, invoice string) (closed int, err error) {
	err = d.update(ctx, org.VerbCollect, func(m *moment) error {
		c, items, _, err := m.subjectOf("", invoice, 0)
		if err != nil {
			return err
		}
		holds, err := m.disputesOn(c.ID, items)
		if err != nil {
			return err
		}
		for _, h := range holds {
			if err := m.Tx.EndHold(ctx, h.ID, m.day); err != nil {
				return err
			}
			closed++
		}
		if closed == 0 {
			return fault.New(fault.NotFound, "app.dispute.none", invoice)
		}
		m.touch(c.ID)
		return m.note("dispute.closed", subject{customer: c.ID}, map[string]any{"invoice": invoice})
	})
	return closed, err
}
