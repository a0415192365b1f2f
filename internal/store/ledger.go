package store

import (
	"cmp"
	"context"
	"slices"

	"relance/internal/domain/bill"
	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// memory is how many days of messages a decision looks back on (PRODUCT.md §3 rules 1 and 8).
const memory = 62

// Ledger is what one decision may know about a customer on a day.
type Ledger struct {
	Customer party.Customer
	Next     cal.Date // the day it was to be looked at
	Contacts []party.Contact
	Items    []LedgerItem // owed on the day
	Credits  []dunning.Credit
	Holds    []Hold // those that block on the day
	Written  []dunning.Written
	Running  []*Commitment // not closed, whatever the day

	Insurance     *Insurance // credit insurance, nil for none
	Declared      map[id.Instalment]bool
	Administrator string // of an open insolvency: asked for what is born after the judgment
}

// LedgerItem is an open item with what its invoice says of it.
type LedgerItem struct {
	dunning.Item
	InvoiceID  id.Invoice
	Kind       bill.Kind
	Parts      int
	Reference  string
	Order      string
	Original   string
	FileName   string
	PayURL     string
	AssignedTo string
	Method     string
	Maturity   cal.Date
	DueSource  bill.DueSource
	Follows    id.Scenario // the version it started in, zero before
}

// Ledgers reads customers as they stood on a day: facts dated after it are not seen, recorded
// actions always are (PRODUCT.md §7). The answer is in the order of the identifiers.
func (tx *Tx) Ledgers(ctx context.Context, today cal.Date, ids []id.Customer) ([]*Ledger, error) {
	list := make([]*Ledger, 0, len(ids))
	at := make(map[id.Customer]*Ledger, len(ids))
	who := ints(tx, ids)
	if err := tx.each(ctx, customerSelect+`WHERE +company = $1 AND `+tx.among("id", 2)+` ORDER BY id`, []any{tx.company, who},
		func(scan func(...any) error) error {
			c, next, err := scanCustomer(scan)
			l := &Ledger{Customer: c, Next: next}
			list, at[c.ID] = append(list, l), l
			return err
		}); err != nil {
		return nil, err
	}
	contacts, err := tx.Contacts(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range contacts {
		at[c.Customer].Contacts = append(at[c.Customer].Contacts, c)
	}
	for _, read := range []func(context.Context, cal.Date, any, map[id.Customer]*Ledger) error{
		tx.ledgerItems, tx.ledgerUndo, tx.ledgerPaid, tx.ledgerRests, tx.ledgerHolds, tx.ledgerWritten, tx.ledgerRunning, tx.ledgerEvents} {
		if err := read(ctx, today, who, at); err != nil {
			return nil, err
		}
	}
	for _, l := range list {
		l.settle()
	}
	return list, nil
}

// ledgerItems reads debts and open credit notes, in no order: settle sorts them, for less than the
// database takes to carry such rows through a sort.
func (tx *Tx) ledgerItems(ctx context.Context, today cal.Date, who any, at map[id.Customer]*Ledger) error {
	return tx.each(ctx, `SELECT i.customer, i.id, i.seq, i.due, i.amount, i.open, i.sign, d.id, d.number, d.kind, d.issued,
		d.received, d.currency, d.pay_to, d.parts, d.reference, d.order_no, d.original, d.file_name, d.pay_url, d.assigned_to,
		d.payment_method, d.maturity, d.due_source,
		coalesce(s.scenario, 0), coalesce(s.step, ''), coalesce(s.passed_on, ''), coalesce(s.sent_on, ''),
		coalesce(s.pay_by, ''), coalesce(s.level, 0), coalesce(s.pending, ''), coalesce(s.cycle, 0), coalesce(s.review, 0)
		FROM item i JOIN invoice d ON d.id = i.invoice LEFT JOIN item_state s ON s.customer = i.customer AND s.item = i.id
		WHERE +i.company = $1 AND `+tx.among("i.customer", 2)+` AND i.closed = 0 AND (i.open <> 0 OR i.paid_on > $3)
		AND d.issued <= $3`, []any{tx.company, who, today.String()},
		func(scan func(...any) error) error {
			var it LedgerItem
			var c id.Customer
			var sign int64
			if err := scan(&c, &it.ID, &it.Item.Instalment, on(&it.Due), &it.Amount, &it.Open, &sign, &it.InvoiceID, &it.Item.Invoice,
				&it.Kind, on(&it.Issued), on(&it.Received), &it.Currency, &it.PayTo, &it.Parts, &it.Reference, &it.Order,
				&it.Original, &it.FileName, &it.PayURL, &it.AssignedTo, &it.Method, on(&it.Maturity), &it.DueSource, &it.Follows,
				&it.State.Step, on(&it.State.PassedOn), on(&it.State.SentOn), on(&it.State.PayBy), &it.State.Level,
				&it.State.Pending, &it.State.Cycle, yes(&it.State.Review)); err != nil {
				return err
			}
			it.DueEstimated = it.DueSource == bill.DueEstimated
			if sign < 0 {
				it.Kind = bill.CreditNote
			}
			at[c].Items = append(at[c].Items, it)
			return nil
		})
}

// ledgerUndo adds back what was settled after the day.
func (tx *Tx) ledgerUndo(ctx context.Context, today cal.Date, who any, at map[id.Customer]*Ledger) error {
	return tx.each(ctx, `SELECT customer, item, credit, amount FROM allocation WHERE +company = $1 AND `+
		tx.among("customer", 2)+` AND day > $3`, []any{tx.company, who, today.String()}, func(scan func(...any) error) error {
		var c id.Customer
		var item id.Instalment
		var credit id.Invoice
		var n int64
		if err := scan(&c, &item, &credit, &n); err != nil {
			return err
		}
		for i := range at[c].Items {
			if it := &at[c].Items[i]; it.ID == item || credit != 0 && it.InvoiceID == credit {
				it.Open += n
			}
		}
		return nil
	})
}

// ledgerPaid reads the day of the last payment of what is partly paid.
func (tx *Tx) ledgerPaid(ctx context.Context, today cal.Date, who any, at map[id.Customer]*Ledger) error {
	return tx.each(ctx, `SELECT a.customer, a.item, max(a.day) FROM item i JOIN allocation a ON a.item = i.id
		JOIN payment p ON p.id = a.payment AND p.source = 'identified' AND p.kind = '' AND (p.cancelled_on = '' OR p.cancelled_on > $3)
		WHERE +i.company = $1 AND `+tx.among("i.customer", 2)+` AND i.open <> 0 AND i.open <> i.amount AND a.day <= $3
		GROUP BY a.customer, a.item`, []any{tx.company, who, today.String()}, func(scan func(...any) error) error {
		var c id.Customer
		var item id.Instalment
		var d cal.Date
		if err := scan(&c, &item, on(&d)); err != nil {
			return err
		}
		for i := range at[c].Items {
			if at[c].Items[i].ID == item {
				at[c].Items[i].LastPaymentOn = d
			}
		}
		return nil
	})
}

// ledgerRests reads the payments that had not settled everything they could: what is left of them,
// and what they settled after the day.
func (tx *Tx) ledgerRests(ctx context.Context, today cal.Date, who any, at map[id.Customer]*Ledger) error {
	return tx.each(ctx, `SELECT customer, sum(rest), currency, reference, day FROM (
		SELECT id, customer, rest, currency, reference, day FROM payment WHERE +company = $1 AND `+tx.among("customer", 2)+`
			AND rest <> 0 AND day <= $3 AND (cancelled_on = '' OR cancelled_on > $3)
		UNION ALL SELECT p.id, p.customer, a.amount, p.currency, p.reference, p.day FROM allocation a JOIN payment p ON p.id = a.payment
			WHERE +a.company = $1 AND `+tx.among("a.customer", 2)+` AND a.day > $3 AND p.day <= $3) AS rests
		GROUP BY id, customer, currency, reference, day ORDER BY customer, day, id`,
		[]any{tx.company, who, today.String()}, func(scan func(...any) error) error {
			var c id.Customer
			cr := dunning.Credit{IsPayment: true}
			if err := scan(&c, (*sum)(&cr.Amount), &cr.Currency, &cr.Label, on(&cr.On)); err != nil {
				return err
			}
			at[c].Credits = append(at[c].Credits, cr)
			return nil
		})
}

func (tx *Tx) ledgerHolds(ctx context.Context, today cal.Date, who any, at map[id.Customer]*Ledger) error {
	list, err := tx.holds(ctx, `WHERE +company = $1 AND `+tx.among("customer", 2)+` AND (ended_on = '' OR ended_on > $3)
		AND from_day <= $3 ORDER BY id`, tx.company, who, today.String())
	if err != nil {
		return err
	}
	for _, h := range list {
		at[h.Customer].Holds = append(at[h.Customer].Holds, h)
	}
	return nil
}

// ledgerEvents reads what few customers have: an insurance, an insolvency.
func (tx *Tx) ledgerEvents(ctx context.Context, today cal.Date, who any, at map[id.Customer]*Ledger) error {
	var insured []id.Customer
	if err := tx.each(ctx, `SELECT customer, insurer, policy, cover, currency, extension_days, declare_days, ends_on FROM insurance WHERE company = $1 AND `+
		tx.among("customer", 2), []any{tx.company, who}, func(scan func(...any) error) error {
		i := &Insurance{}
		if err := scan(&i.Customer, &i.Insurer, &i.Policy, &i.Cover.Minor, &i.Cover.Currency, &i.ExtensionDays, &i.DeclareDays, on(&i.EndsOn)); err != nil {
			return err
		}
		at[i.Customer].Insurance = i
		insured = append(insured, i.Customer)
		return nil
	}); err != nil {
		return err
	}
	if len(insured) > 0 {
		declared, err := tx.Declared(ctx, insured)
		if err != nil {
			return err
		}
		for _, c := range insured {
			at[c].Declared = declared
		}
	}
	return tx.each(ctx, `SELECT customer, administrator FROM insolvency WHERE +company = $1 AND `+tx.among("customer", 2)+`
		AND administrator <> '' AND closed_on = '' AND judgment <= $3 ORDER BY id`, []any{tx.company, who, today.String()}, func(scan func(...any) error) error {
		var c id.Customer
		var mail string
		if err := scan(&c, &mail); err != nil {
			return err
		}
		at[c].Administrator = mail
		return nil
	})
}

func (tx *Tx) ledgerRunning(ctx context.Context, today cal.Date, who any, at map[id.Customer]*Ledger) error {
	list, err := tx.commitments(ctx, `WHERE +c.company = $1 AND `+tx.among("c.customer", 2)+` AND c.state = 'running' AND c.made_on <= $3
		ORDER BY c.customer, c.id, p.seq`, tx.company, who, today.String())
	if err != nil {
		return err
	}
	for _, c := range list {
		at[c.Customer].Running = append(at[c.Customer].Running, c)
	}
	return nil
}

// ledgerWritten reads what was written lately, and what waits to leave: it counts as written on
// the day it was to leave, so that nothing else is put beside it.
func (tx *Tx) ledgerWritten(ctx context.Context, today cal.Date, who any, at map[id.Customer]*Ledger) error {
	last := id.Message(0)
	return tx.each(ctx, `SELECT m.customer, m.id, CASE WHEN m.sent_on <> '' THEN m.sent_on ELSE m.send_on END, CASE WHEN m.sent_on <> '' OR m.state = 'uncertain' THEN 1 ELSE 0 END,
		m.level, coalesce(a.item, 0) FROM message m LEFT JOIN action a ON a.message = m.id AND a.message <> 0
		WHERE +m.company = $1 AND `+tx.among("m.customer", 2)+` AND m.send_on >= $3 AND m.copy_of = 0
		AND m.state NOT IN ('skipped', 'cancelled', 'failed') AND (m.scenario <> 0 OR m.kind = 'incident') ORDER BY m.id`, []any{tx.company, who, today.AddDays(-memory).String()},
		func(scan func(...any) error) error {
			var c id.Customer
			var m id.Message
			var w dunning.Written
			var item id.Instalment
			if err := scan(&c, &m, on(&w.On), yes(&w.Left), &w.Level, &item); err != nil {
				return err
			}
			l := at[c]
			w.Message = m
			if m != last {
				l.Written, last = append(l.Written, w), m
			}
			if item != 0 {
				n := len(l.Written) - 1
				l.Written[n].Items = append(l.Written[n].Items, item)
			}
			return nil
		})
}

// settle takes the credit notes out of the debts, sorts these and fills what was paid.
func (l *Ledger) settle() {
	slices.SortFunc(l.Items, func(a, b LedgerItem) int { return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.ID, b.ID)) })
	for _, it := range l.Items {
		if it.Kind == bill.CreditNote && it.Open > 0 {
			l.Credits = append(l.Credits, dunning.Credit{Currency: it.Currency, Amount: it.Open, Label: it.Item.Invoice, On: it.Issued})
		}
	}
	l.Items = slices.DeleteFunc(l.Items, func(it LedgerItem) bool { return it.Kind == bill.CreditNote || it.Open <= 0 })
	for i := range l.Items {
		l.Items[i].Paid = l.Items[i].Amount - l.Items[i].Open
	}
}

// Owed is what the ledger's items sum to, by currency.
func (l *Ledger) Owed() map[money.Currency]int64 {
	sum := map[money.Currency]int64{}
	for _, it := range l.Items {
		sum[it.Currency] += it.Open
	}
	return sum
}
