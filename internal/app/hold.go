package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// HoldDraft is a hold as a person asks for it: on a customer, or on one invoice (and one of its
// instalments; 0: all of them).
type HoldDraft struct {
	Customer   string // code; may be empty when Invoice is given
	Invoice    string // number
	Instalment int
	Reason     dunning.HoldReason
	Until      cal.Date // zero: until somebody ends it
	Amount     int64    // contested part of a dispute, minor units; 0: all
	PromisedOn cal.Date
	Promised   int64 // amount promised, minor units; 0: all of it
	Category   string
	Why        string

	commitment id.Plan // that it stands for
	from       cal.Date
	dispute    id.Dispute
}

// Days for which a hold that has no date of its own lasts (PRODUCT.md §3 rule 6).
const (
	replyDays  = 7 // an answer nobody has dealt with is raised again after so many days
	chequeDays = 8 // "sauf bonne fin"
)

// AddHold stops the steps of a customer or an invoice at once: what waits to leave is made void.
func (d *Desk) AddHold(ctx context.Context, h HoldDraft) (holds []store.Hold, err error) {
	if err := d.may(org.VerbCollect); err != nil {
		return nil, err
	}
	if !slices.Contains(dunning.HoldReasons, h.Reason) {
		return nil, fault.New(fault.Invalid, "app.hold.reason", string(h.Reason))
	}
	err = d.update(ctx, org.VerbCollect, func(m *moment) error {
		holds, err = m.hold(h)
		return err
	})
	return holds, err
}

// hold makes the rows of a hold and voids what waits to leave.
func (m *moment) hold(h HoldDraft) (out []store.Hold, err error) {
	if !h.Until.IsZero() && h.Until < m.day {
		return nil, fault.New(fault.Invalid, "app.hold.past", h.Until)
	}
	c, items, number, err := m.subjectOf(h.Customer, h.Invoice, h.Instalment)
	if err != nil {
		return nil, err
	}
	until := h.Until
	if until.IsZero() && h.Reason == dunning.HoldCheque {
		until = m.day.AddDays(chequeDays)
	}
	if h.Amount < 0 || h.Promised < 0 {
		return nil, fault.New(fault.Invalid, "app.hold.amount")
	}
	rest := h.Amount
	for _, it := range items {
		paid := it.ID != 0 && it.Open <= 0
		if paid && h.Amount > 0 {
			continue // it is of what is owed today
		}
		x := store.Hold{Customer: c.ID, PromisedOn: h.PromisedOn, Category: h.Category, Commitment: h.commitment, Dispute: h.dispute}
		x.Item, x.Reason, x.From, x.Until, x.Why, x.Owner = it.ID, h.Reason, m.day, until, h.Why, m.actor.Name
		if !h.from.IsZero() {
			x.From = h.from
		}
		if h.Amount > 0 {
			// A contested part of the whole invoice is taken from its instalments in order.
			if rest == 0 {
				break
			}
			x.Amount = min(rest, it.Open)
			rest -= x.Amount
			if x.Amount == it.Open {
				x.Amount = 0 // all of it
			}
		}
		if h.Reason == dunning.HoldPromise {
			x.Amount = h.Promised
		}
		if paid { // it stands once its payment is taken back: what is held is the invoice
			x.EndedOn, x.EndedWhy = m.day, store.Settled
		}
		if err := m.InsertHold(m.ctx, &x); err != nil {
			return nil, err
		}
		if !paid {
			out = append(out, x)
		}
	}
	m.touch(c.ID)
	if err := m.voidWaiting(c.ID); err != nil {
		return nil, err
	}
	return out, m.note("hold.set", subject{customer: c.ID}, map[string]any{"reason": h.Reason, "invoice": number, "until": until,
		"amount": h.Amount, "why": h.Why, "promised_on": h.PromisedOn})
}

// subjectOf finds what a hold stands on: the instalments of an invoice that owes something, or the customer, as
// one item of no identifier.
func (m *moment) subjectOf(code, invoice string, instalment int) (c party.Customer, items []store.Item, number string, err error) {
	if invoice == "" {
		if c, err = m.CustomerByCode(m.ctx, code); fault.Of(err) == fault.NotFound {
			err = fault.New(fault.NotFound, "app.no-customer", code)
		}
		return c, []store.Item{{}}, "", err
	}
	doc, err := invoiceNamed(m.ctx, m.Tx, invoice)
	if err != nil {
		return c, nil, "", err
	}
	owes := false
	for _, it := range doc.Items {
		if !it.Closed && (instalment == 0 || it.Seq == instalment) {
			items = append(items, it)
			owes = owes || it.Open > 0
		}
	}
	if !owes {
		return c, nil, "", fault.New(fault.Conflict, "app.invoice.settled", invoice)
	}
	c, err = m.Customer(m.ctx, doc.Customer)
	return c, items, doc.Number, err
}

// voidWaiting makes void at once the waiting messages that a fact has made untrue: what a person
// sees in the outbox is never what may not leave.
func (m *moment) voidWaiting(customers ...id.Customer) error {
	rows, err := m.WaitingOf(m.ctx, customers)
	if err != nil || len(rows) == 0 {
		return err
	}
	s, err := m.bareScene()
	if err != nil {
		return err
	}
	var who []id.Customer
	for _, row := range rows {
		s.day = cal.Later(s.day, row.DecidedOn) // a trial run of a day to come has seen more
		if n := len(who); n == 0 || who[n-1] != row.Customer {
			who = append(who, row.Customer)
		}
	}
	list, err := s.gather(m.ctx, m.Tx, who)
	if err != nil {
		return err
	}
	at := map[id.Customer]*Decision{}
	for _, d := range list {
		at[d.Customer.ID] = d
	}
	q := newQueue(m, s)
	for _, row := range rows {
		in, err := readInputs(row)
		if err != nil {
			return err
		}
		d := at[row.Customer]
		if repeats(row) || d.untrue(row, in) == "" {
			continue
		}
		if err := q.void(d, row); err != nil {
			return err
		}
	}
	return q.saveStates()
}

// bareScene is a scene that knows no scenario: enough to ask what is owed and held.
func (m *moment) bareScene() (*scene, error) {
	known, err := moneyKnown(m.ctx, m.Tx, m.company)
	return &scene{company: m.company, day: m.day, catalog: emptyCatalog(), known: known}, err
}

// disputesOn lists the live disputes on these items.
func (m *moment) disputesOn(c id.Customer, items []store.Item) (out []store.Hold, err error) {
	holds, err := m.HoldsOf(m.ctx, []id.Customer{c})
	for _, h := range holds {
		on := slices.ContainsFunc(items, func(it store.Item) bool { return it.ID == h.Item })
		if h.Reason == dunning.HoldDispute && on && h.EndedOn.IsZero() {
			out = append(out, h)
		}
	}
	return out, err
}

// EndHold lifts a hold: the customer is planned again, without a burst.
func (d *Desk) EndHold(ctx context.Context, n id.Hold) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		h, err := m.Hold(ctx, n)
		if err != nil {
			return err
		}
		if err := m.Tx.EndHold(ctx, n, m.day, ""); err != nil {
			return err
		}
		if err := m.liftTwins(&h); err != nil {
			return err
		}
		if h.EndedOn.IsZero() && h.Dispute != 0 { // a dispute that holds nothing any more is over
			if err := m.closeHeld(h.Dispute, Ending{Outcome: "withdrawn"}); err != nil {
				return err
			}
		}
		m.touch(h.Customer)
		return m.note("hold.ended", subject{customer: h.Customer}, map[string]any{"reason": h.Reason})
	})
}

// liftTwins ends for good the holds of paid instalments that were set with one that a person has lifted, when it was
// the last that stood: what was held is the invoice.
func (m *moment) liftTwins(h *store.Hold) error {
	if h.Item == 0 {
		return nil
	}
	docs, err := m.DocsOfItems(m.ctx, []id.Instalment{h.Item})
	if err != nil {
		return err
	}
	holds, err := m.HoldsOf(m.ctx, []id.Customer{h.Customer})
	if err != nil {
		return err
	}
	items := itemsOfDocs(docs)
	holds = slices.DeleteFunc(holds, func(x store.Hold) bool {
		return x.ID == h.ID || !slices.Contains(items, x.Item) || x.Reason != h.Reason || x.From != h.From || x.Dispute != h.Dispute || x.Commitment != h.Commitment
	})
	if slices.ContainsFunc(holds, func(x store.Hold) bool { return x.EndedOn.IsZero() }) {
		return nil
	}
	return m.lift(holds)
}

// lift ends for good the holds that stand, and those that would stand again when a payment is taken back.
func (m *moment) lift(holds []store.Hold) error {
	for _, h := range holds {
		if h.EndedOn.IsZero() || h.EndedWhy == store.Settled {
			if err := m.Tx.EndHold(m.ctx, h.ID, m.day, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// Held is a live hold with the names a person knows.
type Held struct {
	store.Hold
	CustomerCode, CustomerName string
	Invoice                    string
	Instalment                 int
}

// Holds lists the holds that block today.
func (d *Desk) Holds(ctx context.Context) (list []Held, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err := company(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := tx.LiveHolds(ctx, dayOf(c, d.now()))
		if err != nil {
			return err
		}
		list, err = named(ctx, tx, rows)
		return err
	})
	return list, err
}

func named(ctx context.Context, tx *store.Tx, rows []store.Hold) (list []Held, err error) {
	var who []id.Customer
	var items []id.Instalment
	for _, h := range rows {
		who = append(who, h.Customer)
		if h.Item != 0 {
			items = append(items, h.Item)
		}
	}
	customers, err := tx.Customers(ctx, who)
	if err != nil {
		return nil, err
	}
	names, err := tx.ItemNames(ctx, items)
	if err != nil {
		return nil, err
	}
	at := make(map[id.Customer]*party.Customer, len(customers))
	for i := range customers {
		at[customers[i].ID] = &customers[i]
	}
	for _, h := range rows {
		x := Held{Hold: h}
		if c := at[h.Customer]; c != nil {
			x.CustomerCode, x.CustomerName = c.Code, c.Name
		}
		x.Invoice, x.Instalment = names[h.Item].Number, names[h.Item].Seq
		list = append(list, x)
	}
	return list, nil
}

// holdsFollow ends the holds of items that owe nothing any more, and lets stand again those that ended so of items that
// owe something: a dispute closes by itself on a payment or a credit note, whichever way it came (PRODUCT.md §3 rule 6).
// The holds of the customer stand. The documents are as their items were counted last.
func (m *moment) holdsFollow(docs []*store.Doc) error {
	items := map[id.Instalment]*store.Item{}
	var who []id.Customer
	for _, d := range docs {
		who = append(who, d.Customer)
		for i := range d.Items {
			items[d.Items[i].ID] = &d.Items[i]
		}
	}
	slices.Sort(who)
	holds, err := m.HoldsOf(m.ctx, slices.Compact(who))
	if err != nil {
		return err
	}
	for i := range holds {
		h := &holds[i]
		switch it := items[h.Item]; {
		case it == nil:
		case it.Open == 0 && h.EndedOn.IsZero():
			err = m.endSettled(h)
		case it.Open != 0 && !it.Closed && h.EndedWhy == store.Settled:
			err = m.holdAgain(h)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holdsFollowItems is holdsFollow for items that were just counted.
func (m *moment) holdsFollowItems(items []id.Instalment) error {
	if len(items) == 0 {
		return nil
	}
	docs, err := m.DocsOfItems(m.ctx, items)
	if err != nil {
		return err
	}
	return m.holdsFollow(docs)
}

func (m *moment) endSettled(h *store.Hold) error {
	if err := m.Tx.EndHold(m.ctx, h.ID, m.day, store.Settled); err != nil {
		return err
	}
	how, err := m.settledBy(h)
	if err != nil {
		return err
	}
	if err := m.closeHeld(h.Dispute, Ending{Outcome: how}); err != nil {
		return err
	}
	return m.note("hold.ended", subject{customer: h.Customer}, map[string]any{"reason": h.Reason, "why": "settled"})
}

// holdAgain lets a hold stand that ended because its item was settled, unless the credit note that closed it stands.
func (m *moment) holdAgain(h *store.Hold) error {
	credited, err := m.credited(h)
	if err != nil || h.Amount > 0 && credited >= h.Amount {
		return err
	}
	if err := m.ReopenHold(m.ctx, h.ID); err != nil {
		return err
	}
	if err := m.reopenDispute(h.Dispute); err != nil {
		return err
	}
	return m.note("hold.again", subject{customer: h.Customer}, map[string]any{"reason": h.Reason})
}

// settledBy tells what a dispute ended by: "credit-note" when nothing else came since it began, else "paid".
func (m *moment) settledBy(h *store.Hold) (string, error) {
	if h.Dispute == 0 {
		return "", nil
	}
	allocs, err := m.AllocationsOn(m.ctx, []id.Instalment{h.Item})
	if err != nil {
		return "", err
	}
	how := "paid"
	for _, a := range allocs {
		switch {
		case a.Day < h.From:
		case a.Credit == 0:
			return "paid", nil
		default:
			how = "credit-note"
		}
	}
	return how, nil
}
