package app

import (
	"context"
	"strconv"

	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Penalties computes the interest and compensation that an invoice bears to a day (zero: today),
// whether it is paid or not, payments settling principal first as the books do (PRODUCT.md §5).
func (d *Desk) Penalties(ctx context.Context, number string, day cal.Date) (*Penalties, error) {
	p := &Penalties{Invoice: number}
	err := d.view(ctx, func(tx *store.Tx) error {
		docs, err := tx.DocsByNumber(ctx, []string{number})
		if err != nil {
			return err
		}
		if len(docs) == 0 {
			return fault.New(fault.NotFound, "app.no-invoice", number)
		}
		s, err := d.scene(ctx, tx, day)
		if err != nil {
			return err
		}
		p.Currency = docs[0].Currency
		p.Case, err = s.caseOf(ctx, tx, docs[0])
		if err != nil {
			return err
		}
		p.Result, err = s.rates.Compute(p.Case)
		return err
	})
	return p, err
}

// caseOf is the computation that an invoice asks for.
func (s *scene) caseOf(ctx context.Context, tx *store.Tx, doc *store.Doc) (rate.Case, error) {
	c, err := tx.Customer(ctx, doc.Customer)
	if err != nil {
		return rate.Case{}, err
	}
	kind := c.EffectiveKind()
	q, err := terms(s.company.Profile, kind)
	if err != nil {
		return rate.Case{}, err
	}
	if q.Notice, err = tx.NoticeEffect(ctx, doc.ID); err != nil {
		return rate.Case{}, err
	}
	x := rate.Case{Terms: q, Until: s.day, Imputation: rate.PrincipalFirst}
	ref := map[id.Instalment]string{}
	var ids []id.Instalment
	for _, it := range doc.Items {
		if it.Closed || it.Credit {
			continue
		}
		ref[it.ID] = itemRef(doc, it)
		ids = append(ids, it.ID)
		due := it.Due
		if kind.IsPublic() {
			due = cal.Later(due, s.rates.PublicDelay(kind, rate.PublicReceipt(doc.Received, doc.Issued)))
		}
		x.Debts = append(x.Debts, rate.Debt{Ref: ref[it.ID], Principal: it.Amount, Due: due})
	}
	list, err := tx.AllocationsOn(ctx, ids)
	for _, a := range list {
		x.Payments = append(x.Payments, rate.Payment{On: a.Day, Amount: a.Amount, Ref: ref[a.Item], Credit: a.Credit != 0})
	}
	return x, err
}

// itemRef is how a computation names an instalment.
func itemRef(doc *store.Doc, it store.Item) string {
	if len(doc.Items) == 1 {
		return doc.Number
	}
	return doc.Number + "/" + strconv.Itoa(it.Seq)
}
