package app

import (
	"context"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/domain/cash"
	"relance/internal/domain/journal"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

func journalKind(s string) journal.Kind { return journal.Kind(s) }

// ComebackView is a payment that a line may be the return of.
type ComebackView struct {
	Payment  id.Payment
	Customer party.Customer
	Amount   money.Amount
	On       cal.Date
	Method   cash.Method
}

// returnedWithin is how many days back a payment is sought that comes back.
const returnedWithin = 400

// comeBack finds, for the lines of money out that say a payment came back, which one it was. What is sure is
// recorded; the rest awaits a person.
func (mt *matching) comeBack() error {
	var back []*store.BankLine
	for _, l := range mt.lines {
		if l.State == store.LineOpen && l.Amount < 0 {
			back = append(back, l)
		}
	}
	if len(back) == 0 {
		return nil
	}
	book := bank.NewBook(mt.rules, mt.taught(nil, nil), nil, nil)
	for _, l := range back {
		if err := mt.step(func(m *moment) error {
			past, err := m.pastOf(l)
			if err != nil || len(past) == 0 {
				return err
			}
			said := l.Line
			said.Amount += said.Charges // the fee of a return is no part of what was paid
			r := book.Returned(l.Booked, l.Currency, &said, past)
			if !r.Sure || len(r.Comebacks) == 0 {
				return nil
			}
			p, err := m.payment(r.Comebacks[0].Payment)
			if fault.Of(err) == fault.Conflict {
				return nil // it came back already
			}
			if err != nil {
				return err
			}
			l.DecidedBy = byItself
			if err := m.returnedBy(l, p); err != nil {
				return err
			}
			for c := range m.touched {
				mt.changed[c], mt.room[c] = true, true
			}
			mt.done.Returned++
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// returnedBy records that a line is the return of a payment.
func (m *moment) returnedBy(l *store.BankLine, p *store.Payment) error {
	reason := l.Text
	if r := l.Return; r != nil && r.Code+r.Text != "" {
		// What the movement itself says is what the payer once wrote: it is no reason.
		reason = strings.TrimSpace(m.reasonOf(r.Code) + " " + r.Text)
	}
	if err := m.bounce(p, l.Booked, cutText(reason, 120), l.ID); err != nil {
		return err
	}
	l.State, l.Customer = store.LineSettled, p.Customer
	return m.SetBankLines(m.ctx, []*store.BankLine{l})
}

// reasonOf is a bank's reason in words, as the debtor reads it; the code itself when it is not one of ISO 20022's common ones.
func (m *moment) reasonOf(code string) string {
	key := "app.return." + strings.ToUpper(code)
	if words := i18n.T(m.lang(), key); words != key {
		return words + " (" + code + ")"
	}
	return code
}

// pastOf are the payments of a line's amount that may come back by it.
func (m *moment) pastOf(l *store.BankLine) ([]bank.Past, error) {
	n := -l.Amount
	amounts := []int64{n}
	if l.Charges > 0 && l.Charges < n {
		amounts = append(amounts, n-l.Charges)
	}
	return m.PastPayments(m.ctx, l.Currency, amounts, l.Booked.AddDays(-returnedWithin), l.Booked)
}

// ReturnLine says which payment a line takes back.
func (d *Desk) ReturnLine(ctx context.Context, n id.Line, payment id.Payment) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		l, err := bankLine(ctx, m.Tx, n)
		if err != nil {
			return err
		}
		if l.Amount >= 0 || l.State == store.LineSettled {
			return fault.New(fault.Conflict, "app.line.in")
		}
		p, err := m.payment(payment)
		if err != nil {
			return err
		}
		if p.Kind != cash.Money || p.Source != cash.Identified || p.Amount.Currency != l.Currency || p.Date > l.Booked {
			return fault.New(fault.Conflict, "app.payment.returned-on", l.Booked)
		}
		l.DecidedBy = m.actor.Name
		return m.returnedBy(l, p)
	})
}

// unbounce takes back the return that a line told: the payments count again as they did. What was settled in
// another way meanwhile is a conflict, or, when it must be, leaves them to the customer's credit.
func (m *moment) unbounce(l *store.BankLine, must bool) error {
	_, allocs, err := m.OfLines(m.ctx, []id.Line{l.ID})
	if err != nil {
		return err
	}
	pays, err := m.BackBy(m.ctx, l.ID)
	if err != nil {
		return err
	}
	var items []id.Instalment
	back := map[id.Instalment]int64{}
	for _, a := range allocs {
		if items = append(items, a.Item); a.Amount < 0 {
			back[a.Item] -= a.Amount
		}
		m.touch(a.Customer)
	}
	docs, err := m.DocsOfItems(m.ctx, items)
	if err != nil {
		return err
	}
	if err := m.lockOwnersOf(docs); err != nil {
		return err
	}
	if docs, err = m.DocsOfItems(m.ctx, items); err != nil {
		return err
	}
	full := map[id.Instalment]bool{} // nothing may be paid twice
	for _, d := range docs {
		for _, it := range d.Items {
			if full[it.ID] = back[it.ID] > it.Open; full[it.ID] && !must {
				return fault.New(fault.Conflict, "app.settle.room", d.Number, money.Of(it.Open, d.Currency))
			}
		}
	}
	if err := m.countAgain(pays, allocs, full); err != nil {
		return err
	}
	if docs, err = m.DocsOfItems(m.ctx, items); err != nil {
		return err
	}
	return m.tellSettled(docs, items)
}

// countAgain makes payments that came back count again; on items that are full they settle nothing.
func (m *moment) countAgain(pays []*store.Payment, allocs []*store.Allocation, full map[id.Instalment]bool) error {
	var gone []int64
	var items []id.Instalment
	for _, a := range allocs {
		gone, items = append(gone, a.ID), append(items, a.Item)
	}
	ids := make([]id.Payment, len(pays))
	for i, p := range pays {
		p.CancelledOn, p.CancelWhy, p.BackLine = 0, "", 0
		if err := m.SetPayment(m.ctx, p); err != nil {
			return err
		}
		ids[i] = p.ID
		m.touch(p.Customer)
	}
	settled, err := m.AllocatedBy(m.ctx, ids)
	if err != nil {
		return err
	}
	for _, a := range settled {
		if full[a.Item] {
			gone = append(gone, a.ID)
		}
	}
	if err := m.DeleteAllocations(m.ctx, gone); err != nil {
		return err
	}
	return m.Recount(m.ctx, items, ids)
}

// Comebacks lists the payments that a line of money out may be the return of, the likeliest first.
func (d *Desk) Comebacks(ctx context.Context, n id.Line) (list []ComebackView, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		l, err := bankLine(ctx, tx, n)
		if err != nil {
			return err
		}
		m := &moment{Tx: tx, ctx: ctx}
		past, err := m.pastOf(l)
		if err != nil {
			return err
		}
		debtors, err := tx.Debtors(ctx)
		if err != nil {
			return err
		}
		said := l.Line
		said.Amount += said.Charges
		r := bank.NewBook(bank.Rules{}, debtors, nil, nil).Returned(l.Booked, l.Currency, &said, past)
		paid := map[id.Payment]bank.Past{}
		for _, p := range past {
			paid[p.Payment] = p
		}
		for _, c := range r.Comebacks {
			cu, err := tx.Customer(ctx, c.Customer)
			if err != nil {
				return err
			}
			p := paid[c.Payment]
			list = append(list, ComebackView{c.Payment, cu, money.Of(p.Amount, l.Currency), p.Date, p.Method})
		}
		return nil
	})
	return list, err
}
