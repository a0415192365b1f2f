package store

import (
	"context"
	"encoding/json"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// OpenToMatch reads every item that a bank line may settle, with credit notes as negative rests, and
// those of others, which a match restores.
func (tx *Tx) OpenToMatch(ctx context.Context, others []id.Instalment) (list []bank.Open, err error) {
	row := func(scan func(...any) error) error {
		var o bank.Open
		err := scan(&o.Item, &o.Invoice, &o.Customer, &o.Number, &o.Seq, &o.Order, on(&o.Issued), on(&o.Due), &o.Currency, &o.Amount, &o.Rest)
		list = append(list, o)
		return err
	}
	if err := tx.each(ctx, `SELECT i.id, i.invoice, i.customer, d.number, i.seq, d.order_no, d.issued, i.due, i.currency, i.amount, i.open * i.sign
		FROM item i JOIN invoice d ON d.id = i.invoice WHERE i.company = $1 AND i.open <> 0 AND i.closed = 0`, []any{tx.company}, row); err != nil {
		return nil, err
	}
	err = tx.each(ctx, `SELECT i.id, i.invoice, i.customer, d.number, i.seq, d.order_no, d.issued, i.due, i.currency, i.amount, 0
		FROM item i JOIN invoice d ON d.id = i.invoice WHERE +i.company = $1 AND `+tx.among("i.id", 2)+` AND i.open = 0 AND i.closed = 0`,
		[]any{tx.company, ints(tx, others)}, row)
	return list, err
}

// Debtors reads every customer as a bank line may name it: who pays for whom, and the accounts and
// names under which it has paid.
func (tx *Tx) Debtors(ctx context.Context) ([]bank.Debtor, error) {
	var list []bank.Debtor
	var parents, payers []string
	at := map[string]int{}
	if err := tx.each(ctx, `SELECT id, code, name, legal_name, siren, parent, payer FROM customer WHERE company = $1 ORDER BY id`,
		[]any{tx.company}, func(scan func(...any) error) error {
			var d bank.Debtor
			var name, legal, parent, payer string
			if err := scan(&d.ID, &d.Code, &name, &legal, &d.SIREN, &parent, &payer); err != nil {
				return err
			}
			d.Names = []string{name}
			if legal != "" && legal != name {
				d.Names = append(d.Names, legal)
			}
			at[strings.ToUpper(d.Code)] = len(list)
			list, parents, payers = append(list, d), append(parents, parent), append(payers, payer)
			return nil
		}); err != nil {
		return nil, err
	}
	for i := range list {
		if j, ok := at[strings.ToUpper(parents[i])]; ok && parents[i] != "" && j != i {
			list[i].Parent = list[j].ID
		}
		if j, ok := at[strings.ToUpper(payers[i])]; ok && payers[i] != "" && j != i {
			list[i].Payer = list[j].ID
		}
	}
	return list, nil
}

// Learned is an account and a name under which a customer has paid, and how many lines say so.
type Learned struct {
	Customer   id.Customer
	Name, IBAN string
	Lines      int
}

// LearnedFrom reads who paid the lines that were settled.
func (tx *Tx) LearnedFrom(ctx context.Context) (list []Learned, err error) {
	err = tx.each(ctx, `SELECT customer, payer, payer_iban, count(*) FROM bank_line WHERE company = $1 AND state = 'settled' AND customer <> 0
		AND amount > 0 AND (payer <> '' OR payer_iban <> '') GROUP BY customer, payer, payer_iban ORDER BY min(id)`, []any{tx.company},
		func(scan func(...any) error) error {
			var l Learned
			err := scan(&l.Customer, &l.Name, &l.IBAN, &l.Lines)
			list = append(list, l)
			return err
		})
	return list, err
}

// KnownPayments lists the payments that another source than a bank recorded, between two days.
func (tx *Tx) KnownPayments(ctx context.Context, from, to cal.Date) (list []bank.Known, err error) {
	err = tx.each(ctx, `SELECT p.id, p.customer, p.day, p.currency, p.amount, p.method, p.reference FROM payment p WHERE p.company = $1
		AND p.day >= $2 AND p.day <= $3 AND p.source = 'identified' AND p.kind = '' AND p.cancelled_on = '' AND p.line = 0 ORDER BY p.id`,
		[]any{tx.company, from.String(), to.String()}, func(scan func(...any) error) error {
			var k bank.Known
			err := scan(&k.Payment, &k.Customer, on(&k.Date), &k.Currency, &k.Amount, &k.Method, &k.Reference)
			list = append(list, k)
			return err
		})
	return list, err
}

// WaitingPayments lists the payments that name an invoice and have something left, oldest first.
func (tx *Tx) WaitingPayments(ctx context.Context) ([]*Payment, error) {
	return tx.payments(ctx, `WHERE company = $1 AND rest > 0 AND invoice_no <> '' AND source = 'identified' AND kind = '' AND cancelled_on = ''
		ORDER BY day, fingerprint`, tx.company)
}

// DocsOfItems finds the invoices of items, whole.
func (tx *Tx) DocsOfItems(ctx context.Context, items []id.Instalment) ([]*Doc, error) {
	return tx.docs(ctx, `WHERE +d.company = $1 AND d.id IN (SELECT x.invoice FROM item x WHERE `+tx.among("x.id", 2)+`) ORDER BY d.id, i.seq`,
		tx.company, ints(tx, items))
}

// OfLines reads what bank lines have settled: their payments, by identifier, and their allocations.
func (tx *Tx) OfLines(ctx context.Context, lines []id.Line) (pays []*Payment, allocs []*Allocation, err error) {
	who := ints(tx, lines)
	if pays, err = tx.payments(ctx, `WHERE +company = $1 AND line <> 0 AND `+tx.among("line", 2)+` ORDER BY id`, tx.company, who); err != nil {
		return nil, nil, err
	}
	allocs, err = tx.allocations(ctx, `WHERE +company = $1 AND line <> 0 AND `+tx.among("line", 2)+` ORDER BY id`, tx.company, who)
	return pays, allocs, err
}

// SetLine says which bank line a payment is, 0 for none.
func (tx *Tx) SetLine(ctx context.Context, p id.Payment, line id.Line) error {
	_, err := tx.exec(ctx, `UPDATE payment SET line = $3 WHERE id = $1 AND company = $2`, p, tx.company, line)
	return err
}

// DeleteAllocations takes back allocations; the caller counts items and payments again.
func (tx *Tx) DeleteAllocations(ctx context.Context, ids []int64) error {
	_, err := tx.exec(ctx, `DELETE FROM allocation WHERE +company = $1 AND `+tx.among("id", 2), tx.company, ints(tx, ids))
	return err
}

// DeletePayments takes back payments that settle nothing.
func (tx *Tx) DeletePayments(ctx context.Context, ids []id.Payment) error {
	_, err := tx.exec(ctx, `DELETE FROM payment WHERE +company = $1 AND `+tx.among("id", 2), tx.company, ints(tx, ids))
	return err
}

// AllocatedBy lists what payments have settled.
func (tx *Tx) AllocatedBy(ctx context.Context, payments []id.Payment) ([]*Allocation, error) {
	return tx.allocations(ctx, `WHERE +company = $1 AND payment <> 0 AND `+tx.among("payment", 2)+` ORDER BY id`, tx.company, ints(tx, payments))
}

// AllocatedByCredit lists what a credit note has settled.
func (tx *Tx) AllocatedByCredit(ctx context.Context, credit id.Invoice) ([]*Allocation, error) {
	return tx.allocations(ctx, `WHERE +company = $1 AND credit <> 0 AND credit = $2 ORDER BY id`, tx.company, credit)
}

// PastPayments lists the payments received between two days for one of these amounts, that have not come back, with
// the references that their bank lines bear.
func (tx *Tx) PastPayments(ctx context.Context, c money.Currency, amounts []int64, from, to cal.Date) (list []bank.Past, err error) {
	err = tx.each(ctx, `SELECT p.id, p.customer, p.day, p.currency, p.amount, p.method, p.reference, p.invoice_no, coalesce(l.ref, ''), coalesce(l.said, '')
		FROM payment p LEFT JOIN bank_line l ON l.id = p.line WHERE p.company = $1 AND p.day >= $2 AND p.day <= $3 AND p.currency = $4
		AND `+tx.among("p.amount", 5)+` AND p.source = 'identified' AND p.kind = '' AND p.cancelled_on = '' ORDER BY p.day DESC, p.id LIMIT 1000`,
		[]any{tx.company, from.String(), to.String(), string(c), ints(tx, amounts)}, func(scan func(...any) error) error {
			var p bank.Past
			var reference, number, ref, said string
			if err := scan(&p.Payment, &p.Customer, on(&p.Date), &p.Currency, &p.Amount, &p.Method, &reference, &number, &ref, &said); err != nil {
				return err
			}
			if number != "" {
				p.Numbers = []string{number}
			}
			p.References = append(p.References, reference, ref)
			if said != "" {
				var l bank.Line
				if err := json.Unmarshal([]byte(said), &l); err != nil {
					return err
				}
				p.References = append(p.References, l.EndToEnd, l.Mandate)
			}
			list = append(list, p)
			return nil
		})
	if err != nil {
		return nil, err
	}
	at, ids := map[id.Payment]int{}, make([]id.Payment, len(list))
	for i := range list {
		at[list[i].Payment], ids[i] = i, list[i].Payment
	}
	err = tx.each(ctx, `SELECT DISTINCT a.payment, d.number FROM allocation a JOIN item i ON i.id = a.item JOIN invoice d ON d.id = i.invoice
		WHERE +a.company = $1 AND a.payment <> 0 AND `+tx.among("a.payment", 2)+` ORDER BY 1, 2`, []any{tx.company, ints(tx, ids)},
		func(scan func(...any) error) error {
			var p id.Payment
			var number string
			if err := scan(&p, &number); err != nil {
				return err
			}
			list[at[p]].Numbers = append(list[at[p]].Numbers, number)
			return nil
		})
	return list, err
}

// BackBy lists the payments that came back by a bank line.
func (tx *Tx) BackBy(ctx context.Context, line id.Line) ([]*Payment, error) {
	return tx.payments(ctx, `WHERE +company = $1 AND back_line = $2 AND back_line <> 0 ORDER BY id`, tx.company, line)
}
