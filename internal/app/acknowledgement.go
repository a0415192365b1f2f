package app

import (
	"context"

	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// AcknowledgementPDF prints the acknowledgement of debt of a promise or a plan, for the debtor to sign: the sum in
// words and figures (C. civ. 1376), its dates, what follows a default.
func (d *Desk) AcknowledgementPDF(ctx context.Context, n id.Plan) ([]byte, error) {
	var doc *letter.Document
	err := d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, 0)
		if err != nil {
			return err
		}
		k, err := tx.Commitment(ctx, n)
		if err != nil {
			return err
		}
		list, err := s.gather(ctx, tx, []id.Customer{k.Customer})
		if err != nil {
			return err
		}
		doc, err = s.acknowledgement(k, list[0])
		return err
	})
	if err != nil {
		return nil, err
	}
	return d.print.Letter(doc)
}

func (s *scene) acknowledgement(k *store.Commitment, x *Decision) (*letter.Document, error) {
	dr := s.draftOf(x, saying{kind: letter.Acknowledgement, items: k.Items, currency: k.Currency, onPaper: true, what: occasion{Plan: k.ID}})
	if dr == nil {
		return nil, fault.New(fault.Invalid, "app.call.no-address")
	}
	if len(dr.in.Lines) == 0 {
		return nil, fault.New(fault.Conflict, "app.promise.nothing")
	}
	dr.in.Date = s.day
	m := dr.in.message(dr.Row, s.company.Profile)
	m.IsLetter = true
	m.Facts.Accelerated, m.Facts.Waived = k.Accelerate, k.Waive
	st := s.standing(k, x.ledger)
	for _, p := range st.Parts {
		if left := p.Amount - p.Paid; left > 0 {
			m.Facts.Parts = append(m.Facts.Parts, letter.AgreedPart{Due: p.Due, Amount: money.Of(left, k.Currency)})
		}
	}
	t, problems := letter.For(string(letter.Acknowledgement), &m).Template()
	if len(problems) > 0 {
		return nil, problems[0]
	}
	c, err := t.Compose(m)
	if err != nil {
		return nil, err
	}
	return c.Document(), nil
}

// scanEnds are the kinds of file that a scan may be, with how its name ends.
var scanEnds = map[string]string{"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}

// SignCommitment keeps the acknowledgement that the debtor signed, with its scan: limitation runs anew from that day
// (C. civ. 2231 and 2240).
func (d *Desk) SignCommitment(ctx context.Context, n id.Plan, on cal.Date, scan []byte, media string) error {
	if err := d.may(org.VerbCollect); err != nil {
		return err
	}
	sha := ""
	if len(scan) > 0 {
		if scanEnds[media] == "" {
			return fault.New(fault.Invalid, "app.plan.scan")
		}
		var err error
		if sha, err = d.store.Files().Put(ctx, scan, media); err != nil {
			return err
		}
	}
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		k, err := m.Commitment(ctx, n)
		if err != nil {
			return err
		}
		if on.IsZero() {
			on = m.day
		}
		if on < k.MadeOn || on > m.day || k.State == promise.Cancelled {
			return fault.New(fault.Invalid, "app.plan.signed", on)
		}
		k.SignedOn, k.Signed = on, sha
		if err := m.SetCommitment(ctx, k); err != nil {
			return err
		}
		return m.note("commitment.signed", subject{customer: k.Customer}, map[string]any{"commitment": n, "on": on, "sha256": sha})
	})
}

// SignedAcknowledgement gives the scan of the acknowledgement that the debtor signed.
func (d *Desk) SignedAcknowledgement(ctx context.Context, n id.Plan) (p Paper, err error) {
	sha := ""
	if err := d.view(ctx, func(tx *store.Tx) error {
		k, err := tx.Commitment(ctx, n)
		if err == nil {
			sha = k.Signed
		}
		return err
	}); err != nil {
		return p, err
	}
	p, err = d.paper(ctx, sha, Paper{Name: "reconnaissance-signee"})
	p.Name += scanEnds[p.Media]
	return p, err
}
