package app

import (
	"context"
	"encoding/json"
	"slices"

	"relance/internal/domain/dispute"
	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Dispute is a contested amount, whole or partial: the rest stays chased, interest keeps running.
type Dispute struct {
	Invoice  string
	Amount   int64 // minor units; 0: all of it
	Category string
	Cause    string // when it is known from the start
	Owner    string // who answers; "": the category's, else who opens it
	Why      string
	Tell     bool // the customer is told at once that it was noted, who answers and by when
}

// disputeSetting is where a company keeps its own owners and delays.
const disputeSetting = "dispute.categories"

// DisputeCategories lists what a dispute may be about, with the company's owners and delays.
func (d *Desk) DisputeCategories(ctx context.Context) (list []dispute.Category, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		own, err := ownCategories(ctx, tx)
		for _, c := range dispute.Categories {
			c, _ = dispute.Find(own, c.Code)
			list = append(list, c)
		}
		return err
	})
	return list, err
}

func ownCategories(ctx context.Context, tx *store.Tx) (list []dispute.Category, err error) {
	kept, err := tx.Setting(ctx, disputeSetting)
	if err != nil || kept == "" {
		return nil, err
	}
	return list, json.Unmarshal([]byte(kept), &list)
}

// SetDisputeCategory changes who answers a category of disputes, and within how many working days.
func (d *Desk) SetDisputeCategory(ctx context.Context, c dispute.Category) error {
	return d.update(ctx, org.VerbScenario, func(m *moment) error {
		if _, known := dispute.Find(nil, c.Code); !known {
			return fault.New(fault.Invalid, "app.dispute.category", c.Code)
		}
		if len([]rune(c.Words)) > maxWords {
			return fault.New(fault.Invalid, "app.question.words", maxWords)
		}
		if c.Days < 1 || c.Days > 90 {
			return fault.New(fault.Invalid, "app.dispute.days")
		}
		own, err := ownCategories(ctx, m.Tx)
		if err != nil {
			return err
		}
		own = append(slices.DeleteFunc(own, func(x dispute.Category) bool { return x.Code == c.Code }), c)
		b, err := json.Marshal(own)
		if err != nil {
			return err
		}
		if err := m.SetSetting(ctx, disputeSetting, string(b)); err != nil {
			return err
		}
		return m.note("company.dispute-category", subject{}, map[string]any{"category": c.Code, "owner": c.Owner, "days": c.Days})
	})
}

// OpenDispute takes the contested part out of what is chased.
func (d *Desk) OpenDispute(ctx context.Context, x Dispute) (holds []store.Hold, err error) {
	err = d.update(ctx, org.VerbCollect, func(m *moment) error {
		holds, err = m.dispute(x)
		return err
	})
	return holds, err
}

func (m *moment) dispute(x Dispute) ([]store.Hold, error) {
	if x.Category == "" {
		x.Category = "other"
	}
	own, err := ownCategories(m.ctx, m.Tx)
	if err != nil {
		return nil, err
	}
	category, known := dispute.Find(own, x.Category)
	if !known {
		return nil, fault.New(fault.Invalid, "app.dispute.category", x.Category)
	}
	if _, known := dispute.CauseOf(x.Cause); x.Cause != "" && !known {
		return nil, fault.New(fault.Invalid, "app.dispute.cause", x.Cause)
	}
	if x.Invoice == "" {
		return nil, fault.New(fault.Invalid, "app.dispute.invoice")
	}
	doc, err := invoiceNamed(m.ctx, m.Tx, x.Invoice)
	if err != nil {
		return nil, err
	}
	row := &store.Dispute{Customer: doc.Customer, Invoice: doc.ID, Category: x.Category, Cause: x.Cause, Amount: x.Amount, OpenedOn: m.day,
		AnswerBy: m.company.Profile.Calendar.AddWorkingDays(m.day, category.Days), Why: x.Why, Owner: x.Owner, OpenedBy: m.actor.Name}
	if row.Amount == 0 || row.Amount > openOf(doc) {
		row.Amount = openOf(doc)
	}
	if row.Owner == "" {
		row.Owner = category.Owner
	}
	if row.Owner == "" {
		row.Owner = m.actor.Name
	}
	if err := m.InsertDispute(m.ctx, row); err != nil {
		return nil, err
	}
	holds, err := m.hold(HoldDraft{Invoice: x.Invoice, Reason: dunning.HoldDispute, Amount: x.Amount, Category: x.Category, Why: x.Why, dispute: row.ID})
	if err != nil || !x.Tell {
		return holds, err
	}
	return holds, m.tellDispute(row, doc, category)
}

// tellDispute writes to the customer that a dispute was noted.
func (m *moment) tellDispute(row *store.Dispute, doc *store.Doc, c dispute.Category) error {
	said, err := m.sayTo(row.Customer, func(*scene, *Decision) (*saying, error) {
		return &saying{kind: letter.DisputeNoted, items: itemsOfDocs([]*store.Doc{doc}), currency: doc.Currency, approved: true, by: m.actor.Name,
			what: occasion{Category: row.Category, With: row.Owner, Day: row.AnswerBy, Said: c.Words}}, nil
	})
	if err == nil && said == nil {
		err = fault.New(fault.Invalid, "app.call.no-address")
	}
	return err
}

// Ending is how a dispute ends, and whose fault it was.
type Ending struct{ Outcome, Cause, Why string }

// CloseDispute ends the disputes of an invoice.
func (d *Desk) CloseDispute(ctx context.Context, invoice string, e Ending) (closed int, err error) {
	err = d.update(ctx, org.VerbCollect, func(m *moment) error {
		if _, known := dispute.CauseOf(e.Cause); e.Cause != "" && !known {
			return fault.New(fault.Invalid, "app.dispute.cause", e.Cause)
		}
		if e.Outcome != "" && !slices.Contains(dispute.Outcomes, e.Outcome) {
			return fault.New(fault.Invalid, "app.dispute.outcome", e.Outcome)
		}
		doc, err := invoiceNamed(ctx, m.Tx, invoice)
		if err != nil {
			return err
		}
		holds, err := m.disputesOn(doc.Customer, doc.Items)
		if err != nil {
			return err
		}
		if len(holds) == 0 {
			return fault.New(fault.NotFound, "app.dispute.none", invoice)
		}
		ended := map[id.Dispute]bool{}
		for _, h := range holds {
			ended[h.Dispute] = true
			if err := m.Tx.EndHold(ctx, h.ID, m.day, ""); err != nil {
				return err
			}
			if err := m.liftTwins(&h); err != nil {
				return err
			}
			if err := m.closeDispute(h.Dispute, e); err != nil {
				return err
			}
		}
		closed = len(ended)
		m.touch(doc.Customer)
		return m.note("dispute.closed", subject{customer: doc.Customer, invoice: doc.ID}, map[string]any{"invoice": invoice, "outcome": e.Outcome,
			"cause": e.Cause, "why": e.Why})
	})
	return closed, err
}

// closeDispute keeps how a dispute ended; one that a file or an older version opened has no row of its own.
func (m *moment) closeDispute(n id.Dispute, e Ending) error {
	if n == 0 {
		return nil
	}
	row, err := m.Dispute(m.ctx, n)
	if err != nil || !row.ClosedOn.IsZero() {
		return err
	}
	row.ClosedOn, row.Outcome = m.day, e.Outcome
	if e.Cause != "" {
		row.Cause = e.Cause
	}
	return m.SetDispute(m.ctx, row)
}

// credited is what credit notes have settled of a held item since the hold began.
func (m *moment) credited(h *store.Hold) (sum int64, err error) {
	if h.Amount == 0 || h.Item == 0 {
		return 0, nil
	}
	allocs, err := m.AllocationsOn(m.ctx, []id.Instalment{h.Item})
	for _, a := range allocs {
		if a.Credit != 0 && a.Day >= h.From {
			sum += a.Amount
		}
	}
	return sum, err
}

// closeHeld keeps how a dispute ended once nothing is held for it any more: one instalment paid is not all of them.
func (m *moment) closeHeld(n id.Dispute, e Ending) error {
	holds, err := m.HoldsOfDispute(m.ctx, n)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(holds, func(h store.Hold) bool { return h.EndedOn.IsZero() }) {
		return nil
	}
	return m.closeDispute(n, e)
}

// reopenDispute lets a dispute stand again whose payment or credit note was taken back.
func (m *moment) reopenDispute(n id.Dispute) error {
	if n == 0 {
		return nil
	}
	row, err := m.Dispute(m.ctx, n)
	if err != nil {
		return err
	}
	row.ClosedOn, row.Outcome = 0, ""
	return m.SetDispute(m.ctx, row)
}

// creditCloses ends the partial disputes whose contested part a credit note has settled.
func (m *moment) creditCloses(docs []*store.Doc) error {
	for _, doc := range docs {
		holds, err := m.disputesOn(doc.Customer, doc.Items)
		if err != nil {
			return err
		}
		if len(holds) == 0 {
			continue
		}
		for _, h := range holds {
			credited, err := m.credited(&h)
			if err != nil {
				return err
			}
			if h.Amount == 0 || credited < h.Amount {
				continue
			}
			if err := m.Tx.EndHold(m.ctx, h.ID, m.day, store.Settled); err != nil {
				return err
			}
			if err := m.closeHeld(h.Dispute, Ending{Outcome: "credit-note"}); err != nil {
				return err
			}
			m.touch(doc.Customer)
			if err := m.note("dispute.closed", subject{customer: doc.Customer, invoice: doc.ID}, map[string]any{"invoice": doc.Number, "outcome": "credit-note"}); err != nil {
				return err
			}
		}
	}
	return nil
}

// AssignDispute gives a dispute to somebody else, or another day to answer by.
func (d *Desk) AssignDispute(ctx context.Context, n id.Dispute, owner string, by cal.Date) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		row, err := m.Dispute(ctx, n)
		if err != nil {
			return err
		}
		if !row.ClosedOn.IsZero() {
			return fault.New(fault.Conflict, "app.dispute.closed", row.ClosedOn)
		}
		if owner != "" {
			row.Owner = owner
		}
		if !by.IsZero() {
			row.AnswerBy = by
		}
		if err := m.SetDispute(ctx, row); err != nil {
			return err
		}
		return m.note("dispute.assigned", subject{customer: row.Customer, invoice: row.Invoice}, map[string]any{"owner": row.Owner, "answer_by": row.AnswerBy})
	})
}

// DisputeView is a dispute with what a person knows it by.
type DisputeView struct {
	*store.Dispute
	Customer  party.Customer
	Invoice   string
	Currency  money.Currency
	Late      bool // nobody answered in time
	Questions []*store.Question
}

// Disputes lists the open disputes, the first to answer first.
func (d *Desk) Disputes(ctx context.Context, offset, limit int) (list []DisputeView, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		rows, err := tx.OpenDisputes(ctx, offset, limit)
		if err != nil {
			return err
		}
		list, err = d.disputeViews(ctx, tx, rows)
		return err
	})
	return list, err
}

// Dispute shows one dispute.
func (d *Desk) Dispute(ctx context.Context, n id.Dispute) (v DisputeView, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		row, err := tx.Dispute(ctx, n)
		if err != nil {
			return err
		}
		list, err := d.disputeViews(ctx, tx, []*store.Dispute{row})
		if err == nil {
			v = list[0]
		}
		return err
	})
	return v, err
}

func (d *Desk) disputeViews(ctx context.Context, tx *store.Tx, rows []*store.Dispute) (list []DisputeView, err error) {
	c, err := company(ctx, tx)
	if err != nil {
		return nil, err
	}
	today := dayOf(c, d.now())
	var who []id.Customer
	var docs []id.Invoice
	var ids []id.Dispute
	for _, r := range rows {
		who, docs, ids = append(who, r.Customer), append(docs, r.Invoice), append(ids, r.ID)
	}
	customers, err := tx.Customers(ctx, who)
	if err != nil {
		return nil, err
	}
	invoices, err := tx.Docs(ctx, docs)
	if err != nil {
		return nil, err
	}
	questions, err := tx.QuestionsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		v := DisputeView{Dispute: r, Late: r.ClosedOn.IsZero() && r.AnswerBy < today}
		for _, x := range customers {
			if x.ID == r.Customer {
				v.Customer = x
			}
		}
		for _, x := range invoices {
			if x.ID == r.Invoice {
				v.Invoice, v.Currency = x.Number, x.Currency
			}
		}
		for _, q := range questions {
			if q.Dispute == r.ID {
				v.Questions = append(v.Questions, q)
			}
		}
		list = append(list, v)
	}
	return list, nil
}

// DisputeTally counts the causes of the disputes opened between two days and closed since.
func (d *Desk) DisputeTally(ctx context.Context, from, to cal.Date) (counts []dispute.Count, ours, known int, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		list, err := tx.ClosedDisputes(ctx, from, to)
		counts, ours, known = dispute.Tally(list)
		return err
	})
	return counts, ours, known, err
}
