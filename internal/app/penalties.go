package app

import (
	"context"
	"slices"
	"strconv"

	"relance/internal/domain/letter"
	"relance/internal/domain/party"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Penalties computes the interest and compensation that an invoice bears to a day (zero: today),
// whether it is paid or not, payments settling principal first as the books do (PRODUCT.md §5).
func (d *Desk) Penalties(ctx context.Context, number string, day cal.Date) (*Penalties, error) {
	p := &Penalties{Invoice: number}
	err := d.view(ctx, func(tx *store.Tx) error {
		doc, err := invoiceNamed(ctx, tx, number)
		if err != nil {
			return err
		}
		s, err := d.scene(ctx, tx, day)
		if err != nil {
			return err
		}
		p.company, p.doc, p.Currency = s.company, doc, doc.Currency
		if p.customer, err = tx.Customer(ctx, p.doc.Customer); err != nil {
			return err
		}
		if p.Case, err = s.caseOf(ctx, tx, p.doc, &p.customer); err != nil {
			return err
		}
		if p.Result, err = s.rates.Compute(p.Case); err != nil {
			return err
		}
		p.once()
		return nil
	})
	return p, err
}

// once keeps the fixed compensation of the first late instalment only: it is due once an invoice
// (law-fr.md §2.4). It is in euros: on a debt in another currency it stands apart from the total
// (PRODUCT.md §7).
func (p *Penalties) once() {
	r, seen := &p.Result, false
	for i := range r.Debts {
		db := &r.Debts[i]
		if db.Compensation > 0 && seen {
			r.Compensation, r.Total, db.Compensation = r.Compensation-db.Compensation, r.Total-db.Compensation, 0
		}
		seen = seen || db.Compensation > 0
	}
	if p.Currency != money.EUR {
		r.Total -= r.Compensation
	}
}

// PenaltiesPDF prints a computation as a letter, its lines annexed.
func (d *Desk) PenaltiesPDF(p *Penalties) ([]byte, error) {
	r, c := &p.Result, &p.customer
	m := letter.Message{Lang: language(p.company, c), Kind: letter.Statement, Date: p.Case.Until, Currency: p.Currency, IsLetter: true,
		Sender: sender(p.company.Profile), Recipient: recipient{Name: c.Name, Code: c.Code, Kind: c.EffectiveKind(), SIRET: c.SIRET,
			Lines: c.Address.Lines, Postcode: c.Address.Postcode, City: c.Address.City, Country: c.Address.Country}.letter(),
		Penalties: letter.None, Compensation: letter.None, Open: money.Of(r.Principal, p.Currency), Total: money.Of(r.Total, p.Currency)}
	for i, db := range r.Debts {
		it := letter.Item{Number: p.doc.Number, Issued: p.doc.Issued, Due: db.Due, DaysLate: max(0, p.Case.Until.Sub(db.Due)),
			Amount: money.Of(db.PrincipalPaid+db.PrincipalLeft, p.Currency), Paid: money.Of(db.PrincipalPaid, p.Currency),
			Open: money.Of(db.PrincipalLeft, p.Currency)}
		if len(r.Debts) > 1 {
			it.Seq, it.Of = i+1, len(r.Debts)
		}
		m.Items = append(m.Items, it)
	}
	if r.Penalty > 0 {
		m.Penalties, m.PenaltyAmount = letter.Claimed, money.Of(r.Penalty, p.Currency)
		m.Annex = letter.Annex{DayCount: "365", Imputation: "principal-first", Frozen: p.Case.Kind.IsPublic(), Until: p.Case.Until}
		for _, g := range r.Segments {
			if !slices.Contains(m.PenaltyRates, g.Rate) {
				m.PenaltyRates = append(m.PenaltyRates, g.Rate)
			}
			m.Annex.Lines = append(m.Annex.Lines, letter.AnnexLine{Invoice: g.Ref, From: g.From, To: g.To, Days: g.Days, Rate: g.Rate,
				Base: money.Of(g.Base, p.Currency), Amount: money.Of(g.Rounded(), p.Currency), Exact: g.Cents()})
		}
	}
	if r.Compensation > 0 {
		m.Compensation, m.CompensationAmount, m.CompensationCount = letter.Claimed, money.Euros(r.Compensation), 1
	}
	doc, err := composed(m)
	if err != nil {
		return nil, err
	}
	return d.print.Letter(doc)
}

// caseOf is the computation that an invoice asks for.
func (s *scene) caseOf(ctx context.Context, tx *store.Tx, doc *store.Doc, c *party.Customer) (rate.Case, error) {
	notice, err := tx.NoticeEffect(ctx, doc.ID)
	if err != nil {
		return rate.Case{}, err
	}
	list, err := tx.AllocationsOn(ctx, itemsOfDocs([]*store.Doc{doc}))
	if err != nil {
		return rate.Case{}, err
	}
	x, err := s.caseWith(doc, c, func(n id.Instalment) (of []*store.Allocation) {
		for _, a := range list {
			if a.Item == n {
				of = append(of, a)
			}
		}
		return of
	}, notice)
	if err != nil {
		return x, err
	}
	x.Until, err = untilJudgment(ctx, tx, c.ID, doc.Issued, x.Until)
	return x, err
}

// untilJudgment is the last day on which a debt bears interest: that of the statement, or the eve of the judgment
// that opened the debtor's insolvency, for a debt born before it (C. com. L622-28, law-fr.md §2.1 point 10).
func untilJudgment(ctx context.Context, tx *store.Tx, c id.Customer, issued, until cal.Date) (cal.Date, error) {
	list, err := tx.InsolvenciesOf(ctx, []id.Customer{c})
	for _, x := range list {
		if x.ClosedOn.IsZero() && issued < x.Judgment && x.Judgment <= until {
			until = x.Judgment - 1
		}
	}
	return until, err
}

// caseWith is the computation of an invoice with what settles each of its instalments.
func (s *scene) caseWith(doc *store.Doc, c *party.Customer, settles func(id.Instalment) []*store.Allocation, notice cal.Date) (rate.Case, error) {
	kind := c.EffectiveKind()
	q, err := terms(s.company.Profile, kind)
	if err != nil {
		return rate.Case{}, err
	}
	q.Notice = notice
	x := rate.Case{Terms: q, Until: s.day, Imputation: rate.PrincipalFirst}
	for _, it := range doc.Items {
		if it.Closed || it.Credit {
			continue
		}
		ref := itemRef(doc, it)
		due := it.Due
		if kind.IsPublic() {
			due = cal.Later(due, s.rates.PublicDelay(kind, rate.PublicReceipt(doc.Received, doc.Issued)))
		}
		x.Debts = append(x.Debts, rate.Debt{Ref: ref, Principal: it.Amount, Due: due})
		for _, a := range counted(settles(it.ID)) {
			x.Payments = append(x.Payments, rate.Payment{On: a.Day, Amount: a.Amount, Ref: ref, Credit: a.Credit != 0})
		}
	}
	return x, nil
}

// itemRef is how a computation names an instalment.
func itemRef(doc *store.Doc, it store.Item) string {
	if len(doc.Items) == 1 {
		return doc.Number
	}
	return doc.Number + "/" + strconv.Itoa(it.Seq)
}
