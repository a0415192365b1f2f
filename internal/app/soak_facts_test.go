package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// What people write of money that they enter: the journal is read by it.
const (
	byHand     = "CH"
	givenUpWhy = "geste"
)

// remembered is a file that was taken in, and how the book forgets it when it is undone.
type remembered struct {
	kind       ImportKind
	name, text string
	id         id.Import
	forget     func(kept []string)
}

// bring takes a file in, then sometimes once more: the same file again changes nothing.
func (l *life) bring(kind ImportKind, name, text string, forget func(kept []string)) *FileReport {
	l.t.Helper()
	take := func(ctx context.Context) (*FileReport, error) {
		rep, err := l.desk.Import(ctx, []ImportFile{FileIn(name, []byte(text))}, ImportOptions{Kind: kind})
		if err != nil {
			return nil, err
		}
		return rep.Files[0], rep.Failure()
	}
	var f *FileReport
	l.must(l.insist("import", func(ctx context.Context) (err error) {
		f, err = take(ctx)
		return err
	}))
	for _, p := range f.Errors {
		l.t.Fatalf("%s: %v\n%s", name, p, text)
	}
	l.files = append(l.files, remembered{kind, name, text, f.ID, forget})
	if l.r.IntN(6) == 0 {
		again, err := take(l.ctx)
		l.must(err)
		if again.Created > 0 || again.Settled > 0 || again.Reopened > 0 {
			l.t.Errorf("%s again: %+v\n%s", name, again, text)
		}
		l.files = append(l.files, remembered{kind, name, text, again.ID, func([]string) {}})
	}
	return f
}

// newInvoices brings the day's invoices and credit notes.
func (l *life) newInvoices() {
	lines := []string{"number;kind;issued;due;amount;currency;customer;paid"}
	var made []*owing
	for range l.r.IntN(5) {
		l.next++
		o := &owing{customer: l.who[l.r.IntN(len(l.who))], currency: money.EUR, issued: l.today.AddDays(-l.r.IntN(6)), parts: 1,
			number: fmt.Sprintf("F-%05d", l.next), amount: int64(1000 + l.r.IntN(400_000))}
		o.due = o.issued.AddDays(10 + l.r.IntN(25))
		kind, paid := "invoice", ""
		switch n := l.r.IntN(20); {
		case n < 2:
			kind, o.number, o.amount = "credit-note", fmt.Sprintf("A-%05d", l.next), -int64(500+l.r.IntN(30_000))
		case n < 4:
			o.currency = money.Currency([]string{"USD", "GBP"}[l.r.IntN(2)])
		case n < 6:
			o.parts = 2
		case n == 6 && ledgerTold(o.customer):
			o.odd, o.paid = true, o.amount/3
			paid = euros(o.paid)
		}
		for i := range o.parts {
			part := o.amount / int64(o.parts)
			if i == 0 {
				part += o.amount % int64(o.parts)
			}
			lines = append(lines, fmt.Sprintf("%s;%s;%s;%s;%s;%s;%s;%s", o.number, kind, o.issued, o.due.AddDays(30*i), euros(max(part, -part)), o.currency, o.customer, paid))
		}
		made = append(made, o)
	}
	if len(made) == 0 {
		return
	}
	for _, o := range made {
		l.say("  %s %s of %s for %s %s, due %s", o.number, o.currency, o.issued, o.customer, euros(o.amount), o.due)
		l.book.bill(o)
		l.dirty(o.issued)
		l.sum.invoices++
	}
	l.bring(ImportInvoices, fmt.Sprintf("factures %s.csv", l.today), strings.Join(lines, "\n"), func(kept []string) {
		for _, o := range made {
			if !slices.Contains(kept, o.number) {
				l.book.strike(o.number)
				l.book.closed[o.customer] = true // what was given to it is shared anew
			}
			l.dirty(o.issued)
		}
	})
}

// banks tells whether a customer pays by the bank; the others' money is entered by hand, or by the accounting's file.
func (l *life) banks(code string) bool { return code[len(code)-1]%3 == 0 }

// ledgerTold tells whether the ledger of a customer may say itself what was paid: an identified payment takes the place of that,
// so that nothing else that names no invoice comes from them.
func ledgerTold(code string) bool { return code[len(code)-1] == '1' }

// someone gives a customer.
func (l *life) someone(fit func(code string) bool) string {
	for {
		if c := l.who[l.r.IntN(len(l.who))]; fit(c) {
			return c
		}
	}
}

// some gives an invoice that the book believes to be owed, nil when there is none.
func (l *life) some(fit func(*owing) bool) *owing {
	var list []*owing
	for _, o := range l.book.bills {
		if o.amount > 0 && !o.odd && o.paid < o.amount && fit(o) {
			list = append(list, o)
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b *owing) int { return cmp.Compare(a.number, b.number) })
	return list[l.r.IntN(len(list))]
}

func anyBill(*owing) bool { return true }

// bankDay brings a statement: what came in, some of it told before, right, short, too much, twice, of strangers, come back.
func (l *life) bankDay() {
	if l.code != "AV" || l.r.IntN(3) == 0 {
		return
	}
	var fresh []movedOnce
	for range 1 + l.r.IntN(3) {
		o := l.some(func(o *owing) bool { return l.banks(o.customer) && o.currency == money.EUR && o.parts == 1 })
		if o == nil {
			break
		}
		ref := fmt.Sprintf("BQ%05d", len(l.moved)+len(fresh)+1)
		m := movedOnce{day: l.today.AddDays(-l.r.IntN(3)).String(), amount: o.amount, name: "CLIENT " + o.customer, text: "FACTURE " + o.number, ref: ref}
		switch l.r.IntN(9) {
		case 0:
			m.amount = max(1, o.amount/2)
		case 1:
			m.amount += int64(100 + l.r.IntN(5000))
		case 2:
			m.text = "VIREMENT"
		case 3:
			m.name = "INCONNU SARL"
		case 4:
			m.amount--
		case 5:
			m = movedOnce{day: m.day, amount: -int64(1000 + l.r.IntN(9000)), name: "EDF", text: "PRELEVEMENT EDF " + ref, ref: ref}
		case 6:
			if n := len(l.moved); n > 0 && l.moved[n-1].amount > 0 {
				m = l.moved[n-1]
				m.amount, m.back, m.ref, m.day = -m.amount, "AC04", ref, l.today.String()
			}
		}
		fresh = append(fresh, m)
	}
	if len(fresh) == 0 {
		return
	}
	// A statement tells all the movements of its days: what was told before is told again.
	list, from := slices.Clone(fresh), slices.MinFunc(fresh, func(a, b movedOnce) int { return strings.Compare(a.day, b.day) }).day
	for _, m := range l.moved {
		if m.day >= from {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b movedOnce) int { return strings.Compare(a.day, b.day) })
	l.moved = append(l.moved, fresh...)
	for _, m := range fresh {
		l.say("  bank %s %s %s %q %q %s", m.ref, m.day, euros(m.amount), m.name, m.text, m.back)
		l.book.moves[m.ref] = m.amount
		l.dirty(cal.MustParse(m.day))
		l.sum.movements++
	}
	t := tellers[[]int{0, 0, 2}[l.r.IntN(3)]]
	l.bring(ImportBank, fmt.Sprintf("%s %s", l.today, t.name), t.tell(list...), func([]string) {
		for _, m := range fresh {
			delete(l.book.moves, m.ref)
			l.dirty(cal.MustParse(m.day))
		}
		l.moved = l.moved[:len(l.moved)-len(fresh)]
	})
}

// something lets one thing happen, whatever it is.
func (l *life) something() {
	things := []func(){l.pays, l.pays, l.pays, l.paysOnAccount, l.payFile, l.takenBack, l.takenBack, l.givenUp, l.givenBack, l.usesCredit, l.lineAnswered, l.lineAnswered, l.undone, l.dueMoved,
		l.held, l.promised, l.promised, l.planned, l.disputed, l.disputed, l.undisputed, l.released, l.called, l.insolvent, l.edited, l.edited, l.scenarioMoved, l.cancelledPromise}
	things[l.r.IntN(len(things))]()
}

// pays lets a customer pay an invoice, wholly or in part, as somebody enters it.
func (l *life) pays() {
	o := l.some(func(o *owing) bool { return !l.banks(o.customer) })
	if o == nil {
		return
	}
	amount := o.amount - o.paid
	if l.r.IntN(2) == 0 {
		amount = 1 + l.r.Int64N(amount)
	}
	l.receives(o, amount, cash.Money)
}

// receives enters a payment; a database that gives up at the wrong moment makes nobody pay twice.
func (l *life) receives(o *owing, amount int64, kind cash.Kind) {
	l.next++
	p := PaymentDraft{Invoice: o.number, Amount: money.Of(amount, o.currency), Date: l.today.AddDays(-l.r.IntN(4)), Reference: fmt.Sprintf(byHand+"%05d", l.next),
		Method: []cash.Method{cash.Transfer, cash.Cheque}[l.r.IntN(2)], Kind: kind}
	row, err := l.payOnce(p)
	if !l.allowed(err) {
		return
	}
	l.say("  %s pays %s of %s (%s)", o.customer, euros(amount), o.number, p.Reference)
	l.book.pay(row.ID, &received{account{o.customer, o.currency}, o.number, amount})
	l.dirty(p.Date)
	l.sum.money++
}

func (l *life) payOnce(p PaymentDraft) (row *store.Payment, err error) {
	err = l.insist("payment", func(ctx context.Context) error {
		for code := range l.codes() { // a person looks first whether it is there already
			for _, x := range l.payments(code) {
				if x.Reference == p.Reference {
					row = x
					return nil
				}
			}
		}
		row, err = l.desk.AddPayment(ctx, p)
		return err
	})
	return row, err
}

func (l *life) codes() map[string]bool {
	out := map[string]bool{}
	for _, c := range l.who {
		out[c] = true
	}
	return out
}

// paysOnAccount lets money come in that names no invoice.
func (l *life) paysOnAccount() {
	c := l.someone(func(code string) bool { return !ledgerTold(code) })
	l.next++
	p := PaymentDraft{Customer: c, Amount: money.Of(int64(100+l.r.IntN(50_000)), money.EUR), OnAccount: l.r.IntN(2) == 0, Reference: fmt.Sprintf(byHand+"%05d", l.next)}
	row, err := l.payOnce(p)
	if !l.allowed(err) {
		return
	}
	l.say("  %s pays %s on account: %v", c, euros(p.Amount.Minor), p.OnAccount)
	l.book.pay(row.ID, &received{account{c, money.EUR}, "", p.Amount.Minor})
	if !p.OnAccount {
		l.book.closed[c] = true // the law's order shares it
	}
	l.sum.money++
}

// payFile brings the accounting's list of payments.
func (l *life) payFile() {
	lines := []string{"customer;date;amount;currency;invoice;reference;method"}
	var undo []func()
	for range 1 + l.r.IntN(3) {
		o := l.some(func(o *owing) bool { return !l.banks(o.customer) })
		if o == nil {
			return
		}
		l.next++
		amount, on := 1+l.r.Int64N(o.amount-o.paid), l.today.AddDays(-l.r.IntN(5))
		lines = append(lines, fmt.Sprintf("%s;%s;%s;%s;%s;VIR%05d;transfer", o.customer, on, euros(amount), o.currency, o.number, l.next))
		l.say("  a file: %s pays %s of %s on %s", o.customer, euros(amount), o.number, on)
		p := &received{account{o.customer, o.currency}, o.number, amount}
		l.book.pay(0, p)
		l.dirty(on)
		l.sum.money++
		undo = append(undo, func() {
			l.book.net[p.account] += amount
			if b := l.book.bills[p.number]; b != nil {
				b.paid -= amount
			}
			l.dirty(on)
		})
	}
	l.bring(ImportPayments, fmt.Sprintf("règlements %s %d.csv", l.today, l.next), strings.Join(lines, "\n"), func([]string) {
		for _, f := range undo {
			f()
		}
	})
}

// takenBack undoes a payment: entered by mistake, come back unpaid, or not for this invoice.
func (l *life) takenBack() {
	var all []id.Payment
	for n := range l.book.hand {
		all = append(all, n)
	}
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	n := all[l.r.IntN(len(all))]
	p := l.book.hand[n]
	switch l.r.IntN(3) {
	case 0:
		if err := l.desk.CancelPayment(l.ctx, n, "erreur"); l.allowed(err) {
			l.say("  the payment %d of %s on %q is cancelled", n, euros(p.amount), p.number)
			l.book.unpay(n)
		}
	case 1:
		if err := l.desk.ReturnPayment(l.ctx, n, 0, "AM04"); l.allowed(err) {
			l.say("  the payment %d of %s on %q comes back", n, euros(p.amount), p.number)
			l.book.unpay(n)
		}
	case 2:
		if err := l.desk.ReleasePayment(l.ctx, n); l.allowed(err) {
			l.say("  the payment %d of %s is no longer for %q", n, euros(p.amount), p.number)
			l.book.release(n)
			l.dirty(0)
		}
	}
}

// givenUp writes a part off, or sets it off against what the company owes.
func (l *life) givenUp() {
	o := l.some(func(o *owing) bool { return !l.banks(o.customer) })
	if o == nil {
		return
	}
	amount := 1 + l.r.Int64N(min(o.amount-o.paid, 5000))
	do := l.desk.WriteOff
	if l.r.IntN(2) == 0 {
		do = l.desk.SetOff
	}
	if l.allowed(do(l.ctx, o.number, 0, amount, givenUpWhy)) {
		l.say("  %s of %s is given up", euros(amount), o.number)
		l.book.pay(0, &received{account{o.customer, o.currency}, o.number, amount})
	}
}

// givenBack refunds what a payment or a credit note has left.
func (l *life) givenBack() {
	code := l.who[l.r.IntN(len(l.who))]
	for _, p := range l.payments(code) {
		if p.Rest > 0 && p.CancelledOn.IsZero() && p.Source == cash.Identified {
			if _, err := l.desk.Refund(l.ctx, Refund{Payment: p.ID, Customer: code, Why: "à sa demande"}); l.allowed(err) {
				l.say("  %s is given back to %s", euros(p.Rest), code)
				l.book.net[account{code, p.Amount.Currency}] += p.Rest
			}
			return
		}
	}
}

// usesCredit lets a credit note settle an invoice, or takes it back.
func (l *life) usesCredit() {
	for _, number := range l.numbers() {
		credit := l.book.bills[number]
		if credit.amount > 0 || l.r.IntN(3) > 0 {
			continue
		}
		o := l.some(func(o *owing) bool { return o.customer == credit.customer && o.currency == credit.currency })
		if o == nil {
			continue
		}
		l.book.closed[o.customer] = true
		if l.r.IntN(3) == 0 {
			if l.allowed(l.desk.ReleaseCredit(l.ctx, number)) {
				l.say("  %s settles nothing any more", number)
				l.dirty(0)
			}
		} else if l.allowed(l.desk.UseCredit(l.ctx, number, o.number, 0)) {
			l.say("  %s settles %s", number, o.number)
		}
		return
	}
}

// numbers are the documents of the book, in their order.
func (l *life) numbers() []string {
	list := make([]string, 0, len(l.book.bills))
	for n := range l.book.bills {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

// lineAnswered lets a person say what a bank line is, or take an answer back.
func (l *life) lineAnswered() {
	v, err := l.desk.Bank(l.ctx, []string{store.LineOpen, store.LineSettled, store.LineAside}[l.r.IntN(3)], 0, 50)
	l.must(err)
	if len(v.Lines) == 0 {
		return
	}
	x := v.Lines[l.r.IntN(len(v.Lines))]
	l.say("  the line %s of %s (%s)", x.Ref, euros(x.Amount), x.State)
	l.dirty(x.Booked)
	switch {
	case x.State != store.LineOpen:
		err = l.desk.ReopenLine(l.ctx, x.ID, "non")
	case x.Amount < 0 && len(x.Comebacks) > 0:
		err = l.desk.ReturnLine(l.ctx, x.ID, x.Comebacks[0].Payment)
	case len(x.Proposals) > 0 && l.r.IntN(2) == 0:
		err = l.desk.SettleLine(l.ctx, x.ID, LineAnswer{Proposal: 1})
	case l.r.IntN(3) == 0:
		err = l.desk.SetLineAside(l.ctx, x.ID, "autre")
	default:
		code := l.someone(l.banks)
		err = l.desk.SettleLine(l.ctx, x.ID, LineAnswer{Customer: code, OnCredit: l.r.IntN(2) == 0})
	}
	l.allowed(err)
}

// undone takes the last file back; it may come again.
func (l *life) undone() {
	if len(l.files) == 0 || l.r.IntN(2) == 0 {
		return
	}
	f := l.files[len(l.files)-1]
	var kept []string
	err := l.insist("undo", func(ctx context.Context) error {
		r, err := l.desk.UndoImport(ctx, f.id)
		if r != nil {
			kept = r.Kept
		}
		return err
	})
	if !l.allowed(err) {
		return
	}
	l.say("  %s is undone, but for %v", f.name, kept)
	l.files = l.files[:len(l.files)-1]
	f.forget(kept)
}

// dueMoved brings an invoice again with another due date.
func (l *life) dueMoved() {
	o := l.some(func(o *owing) bool { return o.parts == 1 && o.due > l.today.AddDays(-20) })
	if o == nil {
		return
	}
	was := o.due
	o.due = l.today.AddDays(l.r.IntN(20))
	l.say("  %s is due on %s, not on %s", o.number, o.due, was)
	l.bring(ImportInvoices, fmt.Sprintf("échéance %s %s.csv", o.number, l.today), fmt.Sprintf("number;issued;due;amount;currency;customer\n%s;%s;%s;%s;%s;%s",
		o.number, o.issued, o.due, euros(o.amount), o.currency, o.customer), func([]string) { o.due = was })
}

// dirty forgets what was kept of a day and those after it: something was entered for it since. Zero forgets all.
func (l *life) dirty(on cal.Date) {
	for day := range l.kept {
		if day >= on {
			delete(l.kept, day)
		}
	}
}
