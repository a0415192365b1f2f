package app

import (
	"context"
	"errors"
	"slices"

	"relance/internal/domain/bill"
	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// Limits of the fixed compensation that are the product's choice (PRODUCT.md §5).
const (
	compensationDays  = 3     // not under so many days late
	compensationFloor = 15_00 // nor on a smaller open amount, in cents
)

// settlements are the dated sums that settled items.
type settlements map[id.Instalment][]rate.Payment

func (s *scene) settlements(ctx context.Context, tx *store.Tx, items []id.Instalment) (settlements, error) {
	if len(items) == 0 {
		return nil, nil
	}
	list, err := tx.AllocationsOn(ctx, items)
	if err != nil {
		return nil, err
	}
	out := settlements{}
	for _, a := range counted(list) {
		if a.Day <= s.day {
			out[a.Item] = append(out[a.Item], rate.Payment{On: a.Day, Amount: a.Amount, Credit: a.Credit != 0})
		}
	}
	return out, nil
}

// counted are the sums that settle items for good: a payment that came back, or was taken back, never did, and the
// interest runs on as if it had not been made.
func counted(list []*store.Allocation) (out []*store.Allocation) {
	type giver struct {
		payment id.Payment
		credit  id.Invoice
		item    id.Instalment
	}
	back := map[giver]int64{}
	for _, a := range list {
		if a.Amount < 0 {
			back[giver{a.Payment, a.Credit, a.Item}] -= a.Amount
		}
	}
	for _, a := range list {
		g := giver{a.Payment, a.Credit, a.Item}
		part := min(back[g], a.Amount)
		if a.Amount <= 0 || part == a.Amount {
			back[g] -= max(part, 0)
			continue
		}
		one := *a
		one.Amount -= part
		back[g] -= part
		out = append(out, &one)
	}
	return out
}

// terms are what the debts of a customer bear under the company's general terms.
func terms(p org.Profile, k party.Kind) (rate.Terms, error) {
	spec, err := rate.ParseSpec(p.PenaltyRate)
	return rate.Terms{Kind: k, Rate: spec}, err
}

// debt is the item as interest sees it: from the end of the public delay where there is one,
// without the contested part.
func debt(it *dunning.Item, ref string, disputed int64) rate.Debt {
	due := it.Due
	if !it.LegalDelay.IsZero() {
		due = cal.Later(it.Due, it.LegalDelay)
	}
	return rate.Debt{Ref: ref, Principal: it.Amount - disputed, Due: due}
}

// charge adds interest and compensation to a message as its step and the debtor's kind allow.
func (s *scene) charge(d *Decision, m *dunning.Message, st dunning.Step, in *inputs, settled settlements) error {
	pen, comp := dunning.Claims(st, d.In.Customer.Kind)
	if pen != dunning.ClaimNone {
		err := s.interest(d, m, pen, in, settled)
		var missing *rate.MissingRate
		switch {
		case errors.As(err, &missing) && pen == dunning.ClaimMention:
			// Silence about interest is always lawful; a claim without its rate is not (law-fr.md §3.2).
		case errors.As(err, &missing):
			// The message waits for a person, and no approval is taken before the rate is known: one
			// message, never the batch.
			in.Missing = missing.Period.String()
		case err != nil:
			return err
		}
	}
	if comp != dunning.ClaimNone {
		s.compensation(d, m, comp, in)
	}
	return nil
}

func (s *scene) interest(d *Decision, m *dunning.Message, claim dunning.Claim, in *inputs, settled settlements) error {
	q, err := terms(s.company.Profile, d.In.Customer.Kind)
	if err != nil {
		return err
	}
	i := &interest{Claim: claimOf(claim), Frozen: q.Kind.IsPublic()}
	for _, l := range m.Lines {
		if d.isDebitNote(l.Item.ID) {
			continue // interest bears no interest (C. civ. 1343-2)
		}
		db := debt(l.Item, l.Item.Invoice, l.Disputed)
		if claim == dunning.ClaimMention {
			n, err := s.rates.Interest(q, db.Principal, db.Due, s.day, settled[l.Item.ID])
			if err != nil {
				return err
			}
			i.Amount += n
			continue
		}
		r, err := s.rates.Compute(rate.Case{Terms: q, Debts: []rate.Debt{db}, Payments: settled[l.Item.ID], Until: s.day, Imputation: rate.PrincipalFirst})
		if err != nil {
			return err
		}
		i.Amount += r.Penalty
		for _, g := range r.Segments {
			i.Annex = append(i.Annex, annexLine{Number: l.Item.Invoice, From: g.From, To: g.To, Days: g.Days, Rate: g.Rate,
				Base: g.Base, Amount: g.Rounded(), Exact: g.Cents()})
			if !slices.Contains(i.Rates, g.Rate) {
				i.Rates = append(i.Rates, g.Rate)
			}
		}
	}
	if i.Amount > 0 {
		in.Interest = i
	}
	return nil
}

// compensation counts the fixed charge: once an invoice, whatever its instalments (law-fr.md §2.4).
func (s *scene) compensation(d *Decision, m *dunning.Message, claim dunning.Claim, in *inputs) {
	seen := map[string]bool{}
	var sum int64
	for _, l := range m.Lines {
		due := debt(l.Item, "", 0).Due
		if seen[l.Item.Invoice] || d.isDebitNote(l.Item.ID) || s.day.Sub(due) < compensationDays || l.Open < compensationFloor {
			continue
		}
		if claim == dunning.ClaimFull && d.claimed(m, l.Item) {
			continue
		}
		seen[l.Item.Invoice] = true
		sum += s.rates.Compensation(d.In.Customer.Kind, due).Minor
	}
	if sum > 0 {
		in.Fixed = &compensation{Claim: claimOf(claim), Amount: sum, Count: len(seen)}
	}
}

// isDebitNote tells whether an item asks for interest and compensation, which bear none themselves.
func (d *Decision) isDebitNote(n id.Instalment) bool {
	li := d.items[n]
	return li != nil && li.Kind == bill.DebitNote
}

// claimed tells whether another instalment of the item's invoice, which this message does not ask
// for, has passed a step that claimed the compensation of the invoice already.
func (d *Decision) claimed(m *dunning.Message, it *dunning.Item) bool {
	if li := d.items[it.ID]; li != nil && li.Parts < 2 {
		return false
	}
	for i := range d.In.Items {
		o := &d.In.Items[i]
		if o.Invoice != it.Invoice || o.ID == it.ID || o.Scenario == nil ||
			slices.ContainsFunc(m.Lines, func(l dunning.Line) bool { return l.Item.ID == o.ID }) {
			continue
		}
		for n := o.Scenario.Find(o.State.Step); n >= 0; n-- {
			if st := o.Scenario.Steps[n]; st.Kind.IsWritten() && st.Compensation == dunning.ClaimFull && o.Scenario.Level(n) <= o.State.Level {
				return true
			}
		}
	}
	return false
}

func claimOf(c dunning.Claim) letter.Claim {
	if c == dunning.ClaimFull {
		return letter.Claimed
	}
	return letter.Mention
}

// Penalties is the computation of one invoice's interest to a day, for a person or a script.
type Penalties struct {
	Invoice  string
	Currency money.Currency
	Case     rate.Case
	Result   rate.Result

	company  org.Company
	customer party.Customer
	doc      *store.Doc
}
