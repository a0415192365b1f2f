package app

import (
	"context"

	"relance/internal/domain/bank"
	"relance/internal/domain/bill"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// LineView is a bank line with the names a person knows.
type LineView struct {
	*store.BankLine
	Customer  party.Customer // whose payment it is; zero ID: unknown
	Settles   []Settling     // what it settles, once it is applied
	Proposals []ProposalView // the best first, while it awaits a person
	Comebacks []ComebackView // of money out: the payments that it may be the return of
}

// ProposalView is a way to read a line with the names of what it settles.
type ProposalView struct {
	bank.Proposal
	Customer party.Customer
	Settles  []Settling
}

// Settling is what a line settles of an invoice, minor units.
type Settling struct {
	Invoice                           string
	Instalment                        int
	Customer                          string // code
	Paid, Discount, Charges, Rounding int64
}

// BankView is a page of the account.
type BankView struct {
	Counts     map[string]int // lines by state
	Lines      []LineView
	Statements []*store.BankStatement // the last ones
}

// Bank shows lines: those in a state ("" for all), the oldest first where they await an answer.
func (d *Desk) Bank(ctx context.Context, state string, offset, limit int) (*BankView, error) {
	return d.SearchBank(ctx, state, "", offset, limit)
}

// BankLine shows one line.
func (d *Desk) BankLine(ctx context.Context, n id.Line) (v LineView, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		l, err := bankLine(ctx, tx, n)
		if err != nil {
			return err
		}
		list, err := lineViews(ctx, tx, []*store.BankLine{l})
		if err == nil {
			v = list[0]
		}
		return err
	})
	return v, err
}

func bankLine(ctx context.Context, tx *store.Tx, n id.Line) (*store.BankLine, error) {
	l, err := tx.BankLine(ctx, n)
	if fault.Of(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "app.line.none", int(n))
	}
	return l, err
}

// lineViews names the lines' customers and invoices.
func lineViews(ctx context.Context, tx *store.Tx, rows []*store.BankLine) ([]LineView, error) {
	var who []id.Customer
	var items []id.Instalment
	var lines []id.Line
	for _, l := range rows {
		lines = append(lines, l.ID)
		who = append(who, l.Customer)
		for _, p := range l.Proposals {
			who = append(who, p.Customer)
			for _, part := range p.Parts {
				items, who = append(items, part.Item), append(who, part.Customer)
			}
		}
	}
	pays, allocs, err := tx.OfLines(ctx, lines)
	if err != nil {
		return nil, err
	}
	for _, a := range allocs {
		items, who = append(items, a.Item), append(who, a.Customer)
	}
	customers, err := tx.Customers(ctx, who)
	if err != nil {
		return nil, err
	}
	at := map[id.Customer]party.Customer{}
	for _, c := range customers {
		at[c.ID] = c
	}
	names, err := tx.ItemNames(ctx, items)
	if err != nil {
		return nil, err
	}
	kinds := map[id.Payment]*store.Payment{}
	for _, p := range pays {
		kinds[p.ID] = p
	}
	out := make([]LineView, len(rows))
	for i, l := range rows {
		v := LineView{BankLine: l, Customer: at[l.Customer]}
		for _, p := range l.Proposals {
			pv := ProposalView{Proposal: p, Customer: at[p.Customer]}
			for _, x := range p.Parts {
				pv.Settles = append(pv.Settles, Settling{names[x.Item].Number, names[x.Item].Seq, at[x.Customer].Code, x.Paid, x.Discount, x.Charges, x.Rounded})
			}
			v.Proposals = append(v.Proposals, pv)
		}
		v.Settles = settlesOf(l.ID, allocs, kinds, names, at)
		out[i] = v
	}
	return out, nil
}

// settlesOf sums what a line settles, an invoice a row.
func settlesOf(n id.Line, allocs []*store.Allocation, pays map[id.Payment]*store.Payment, names map[id.Instalment]store.ItemName,
	at map[id.Customer]party.Customer) (out []Settling) {
	place := map[id.Instalment]int{}
	for _, a := range allocs {
		if a.Line != n {
			continue
		}
		i, ok := place[a.Item]
		if !ok {
			i = len(out)
			place[a.Item] = i
			out = append(out, Settling{Invoice: names[a.Item].Number, Instalment: names[a.Item].Seq, Customer: at[a.Customer].Code})
		}
		kind := ""
		if p := pays[a.Payment]; p != nil {
			kind = string(p.Kind)
		}
		switch kind {
		case "discount":
			out[i].Discount += a.Amount
		case "charges":
			out[i].Charges += a.Amount
		case "rounding":
			out[i].Rounding += a.Amount
		default:
			out[i].Paid += a.Amount
		}
	}
	return out
}

// LineAnswer is what a person says a line pays: one of its proposals, or a customer and parts of their own.
type LineAnswer struct {
	Proposal int           // 1-based; 0: Customer and Parts say
	Customer string        // code; with no parts: shared by the law's order, or kept as a credit
	Parts    []PaymentPart // Amount 0: as much as is left
	OnCredit bool          // all of it stays the customer's credit
}

// SettleLine applies to a line what a person says it pays. A line that was applied is taken back first.
func (d *Desk) SettleLine(ctx context.Context, n id.Line, a LineAnswer) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		l, err := bankLine(ctx, m.Tx, n)
		if err != nil {
			return err
		}
		if l.Amount <= 0 {
			return fault.New(fault.Conflict, "app.line.out")
		}
		proposals := l.Proposals
		if l.State == store.LineSettled {
			if err := m.notReturned(l); err != nil {
				return err
			}
			if err := m.unmatch([]*store.BankLine{l}); err != nil {
				return err
			}
		}
		p, err := m.said(l, proposals, a)
		if err != nil {
			return err
		}
		fits, err := m.fits(l, p)
		if err != nil {
			return err
		}
		if !fits {
			return fault.New(fault.Conflict, "app.settle.gone")
		}
		l.State, l.DecidedBy, l.Customer, l.Proposals = store.LineSettled, m.actor.Name, p.Customer, []bank.Proposal{p}
		if err := m.settleLine(l, p); err != nil {
			return err
		}
		if err := m.SetBankLines(ctx, []*store.BankLine{l}); err != nil {
			return err
		}
		if err := m.touchCommitted(); err != nil {
			return err
		}
		return m.voidTouched()
	})
}

// said makes a proposal of what a person says.
func (m *moment) said(l *store.BankLine, proposals []bank.Proposal, a LineAnswer) (p bank.Proposal, err error) {
	if a.Proposal > 0 {
		if a.Proposal > len(proposals) {
			return p, fault.New(fault.Invalid, "app.line.proposal", len(proposals))
		}
		return proposals[a.Proposal-1], nil
	}
	p.Reasons = []bank.Reason{{Key: "bank.reason.person", Args: []any{m.actor.Name}}}
	p.Score = 100
	if a.Customer != "" {
		c, err := m.customerCoded(a.Customer)
		if err != nil {
			return p, err
		}
		p.Customer = c.ID
		if len(a.Parts) == 0 && !a.OnCredit {
			gifts, err := m.byLaw(c, moneyOf(l, l.Amount), dayOfLine(l))
			if err != nil {
				return p, err
			}
			p.Rest = l.Amount
			for _, g := range gifts {
				p.Parts, p.Rest = append(p.Parts, bank.Part{Item: g.item, Customer: c.ID, Paid: g.amount}), p.Rest-g.amount
			}
			return p, nil
		}
	}
	left := l.Amount
	for _, part := range a.Parts {
		doc, err := invoiceNamed(m.ctx, m.Tx, part.Invoice)
		if err != nil {
			return p, err
		}
		if doc.Currency != l.Currency || doc.Kind == bill.CreditNote {
			return p, fault.New(fault.Invalid, "app.settle.currency", doc.Number, string(doc.Currency))
		}
		want := part.Amount
		if want == 0 {
			want = left
		}
		gifts, took := giveTo(doc, part.Instalment, min(want, left), true)
		if took == 0 || part.Amount > 0 && took < part.Amount {
			return p, fault.New(fault.Conflict, "app.settle.room", doc.Number, money.Of(openOf(doc), doc.Currency))
		}
		left -= took
		for _, g := range gifts {
			p.Parts = append(p.Parts, bank.Part{Item: g.item, Customer: doc.Customer, Paid: g.amount})
		}
		if p.Customer == 0 {
			p.Customer = doc.Customer
		}
	}
	if p.Rest = left; p.Customer == 0 {
		return p, fault.New(fault.Invalid, "app.line.customer")
	}
	return p, nil
}

// SetLineAside says that a line is no customer's.
func (d *Desk) SetLineAside(ctx context.Context, n id.Line, why string) error {
	return d.changeLine(ctx, n, "bank.aside", why, func(m *moment, l *store.BankLine) error {
		if l.State == store.LineSettled {
			return fault.New(fault.Conflict, "app.line.settled")
		}
		l.State, l.DecidedBy, l.Customer = store.LineAside, m.actor.Name, 0
		return nil
	})
}

// ReopenLine takes back what became of a line: what it settled is owed again, and stands where it stood in its
// scenario. No matching applies it again by itself: a person has said that it was wrong.
func (d *Desk) ReopenLine(ctx context.Context, n id.Line, why string) error {
	return d.changeLine(ctx, n, "bank.reopened", why, func(m *moment, l *store.BankLine) error {
		switch {
		case l.State == store.LineOpen:
			return fault.New(fault.Conflict, "app.line.open")
		case l.State == store.LineSettled && l.Amount < 0:
			if err := m.unbounce(l, false); err != nil {
				return err
			}
		case l.State == store.LineSettled:
			if err := m.notReturned(l); err != nil {
				return err
			}
			if err := m.unmatch([]*store.BankLine{l}); err != nil {
				return err
			}
		}
		l.State, l.Customer, l.DecidedBy = store.LineOpen, 0, m.actor.Name
		if err := m.SetBankLines(m.ctx, []*store.BankLine{l}); err != nil {
			return err
		}
		proposals, err := m.readings(l.ID)
		l.Proposals = proposals
		return err
	})
}

// notReturned refuses to change a line whose payment has come back since.
func (m *moment) notReturned(l *store.BankLine) error {
	pays, _, err := m.OfLines(m.ctx, []id.Line{l.ID})
	for _, p := range pays {
		if !p.CancelledOn.IsZero() {
			return fault.New(fault.Conflict, "app.payment.cancelled", p.CancelledOn)
		}
	}
	return err
}

func (d *Desk) changeLine(ctx context.Context, n id.Line, fact, why string, change func(m *moment, l *store.BankLine) error) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		l, err := bankLine(ctx, m.Tx, n)
		if err != nil {
			return err
		}
		who := l.Customer
		if err := change(m, l); err != nil {
			return err
		}
		if err := m.SetBankLines(ctx, []*store.BankLine{l}); err != nil {
			return err
		}
		if err := m.note(journalKind(fact), subject{customer: who}, map[string]any{"line": n, "amount": l.Amount, "currency": l.Currency, "why": why}); err != nil {
			return err
		}
		return m.voidTouched()
	})
}
