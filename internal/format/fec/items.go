package fec

import (
	"slices"
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// finish matches what was read and builds items and credits.
func (rd *reader) finish() *Ledger {
	led := &rd.led
	all := make([]*Entry, 0, len(led.Entries)+len(rd.others))
	for i := range led.Entries {
		all = append(all, &led.Entries[i])
		led.Lettered = led.Lettered || led.Entries[i].Letter != ""
	}
	for i := range rd.others {
		all = append(all, &rd.others[i])
	}
	slices.SortStableFunc(all, func(a, b *Entry) int { return a.Line - b.Line })
	var net int64
	for _, e := range all {
		e.open = e.Debit + e.Credit
		if accountKind([]byte(e.Account)) == accountReceivable {
			net += e.Debit - e.Credit
		}
		if led.From == 0 || e.Date < led.From {
			led.From = e.Date
		}
		led.To = max(led.To, e.Date)
	}
	led.NetOpen = money.Euros(net)
	if led.Lettered {
		rd.reportLetters(byLetter(all))
	} else {
		byReferenceAndAmount(all)
	}
	rd.customers(all)
	rd.items(all)
	rd.numbers()
	return led
}

func (rd *reader) reportLetters(keys []letterKey, left map[letterKey]int64) {
	for _, k := range keys {
		if len(rd.led.Warnings) >= maxProblems {
			return
		}
		who := k.aux
		if who == "" {
			who = k.account
		}
		rd.led.Warnings = append(rd.led.Warnings, fault.Problem{Field: "letter", Value: k.letter,
			Key: "format.fec.letter", Args: []any{k.letter, who, money.Euros(left[k])}})
	}
}

func (rd *reader) customers(all []*Entry) {
	at := map[string]int{}
	for _, e := range all {
		code := e.Customer()
		i, known := at[code]
		if !known {
			i = len(rd.led.Customers)
			at[code] = i
			rd.led.Customers = append(rd.led.Customers, party.Draft{Line: e.Line, Code: code})
		}
		if e.Name != "" {
			rd.led.Customers[i].Name = e.Name
		}
	}
}

// itemKey is the identity of PRODUCT.md §7: customer, PieceRef, PieceDate, side; accounts of
// different nature never share an item.
type itemKey struct {
	customer, ref string
	date          cal.Date
	nature        string
}

func (rd *reader) items(all []*Entry) {
	debits, notes := map[itemKey]int{}, map[itemKey]int{}
	led := &rd.led
	for _, e := range all {
		k := itemKey{e.Customer(), squeeze(e.Ref), e.RefDate, nature(e)}
		switch {
		case e.Debit > 0:
			i, known := debits[k]
			if !known {
				i = len(led.Items)
				debits[k] = i
				led.Items = append(led.Items, rd.newItem(e, k))
			}
			led.Items[i].add(e)
		case e.Credit > 0 && rd.isCreditNote(e):
			i, known := notes[k]
			if !known {
				i = len(led.Credits)
				notes[k] = i
				led.Credits = append(led.Credits, rd.newCredit(e))
				led.Credits[i].Note = rd.draft(e, bill.CreditNote)
			}
			led.Credits[i].add(e)
		case e.Credit > 0:
			c := rd.newCredit(e)
			c.Payment = &cash.Draft{Line: e.Line, Customer: e.Customer(), Date: e.Date,
				Amount: money.Euros(e.Credit), Reference: strings.TrimSpace(e.Ref + " " + e.Label)}
			c.add(e)
			led.Credits = append(led.Credits, c)
		}
	}
	for i := range led.Items {
		led.Items[i].finish()
	}
	for i := range led.Credits {
		led.Credits[i].finish()
	}
}

// nature is "" for an ordinary debt, else the account class that sets it apart.
func nature(e *Entry) string {
	switch {
	case strings.HasPrefix(e.Account, "4117"), strings.HasPrefix(e.Account, "4191"):
		return e.Account[:4]
	case strings.HasPrefix(e.Account, "411"):
		return ""
	}
	return e.Account[:3]
}

func (rd *reader) flags(e *Entry) Flags {
	n := nature(e)
	f := Flags{Retention: n == "4117", Bill: n == "413", Doubtful: n == "416", Deposit: n == "4191"}
	f.Opening = opening(e)
	f.Lump = f.Opening && !documented(e.Ref)
	f.Returned = e.Debit > 0 && !f.Opening && rd.side(e) == touchesBank
	return f
}

// side tells what the entry of a line is about: by its other lines, else by its journal.
func (rd *reader) side(e *Entry) int {
	switch rd.touched[e.key] {
	case touchesSale:
		return touchesSale
	case touchesBank:
		return touchesBank
	}
	j := rd.journals[e.Journal]
	switch {
	case j == nil || j.sale == j.bank:
		return 0
	case j.sale > j.bank:
		return touchesSale
	}
	return touchesBank
}

// isCreditNote: a credit of a sale. Deposits received (4191) and opening balances are money.
func (rd *reader) isCreditNote(e *Entry) bool {
	return !opening(e) && nature(e) != "4191" && rd.side(e) == touchesSale
}

func (rd *reader) newItem(e *Entry, k itemKey) Item {
	it := Item{Customer: e.Customer(), Account: e.Account, Ref: e.Ref, Date: e.RefDate, Label: e.Label, Flags: rd.flags(e)}
	it.Key = strings.Join([]string{k.customer, k.ref, k.date.String(), k.nature}, "|")
	kind := bill.Invoice
	if it.Flags.Retention {
		kind = bill.Retention
	}
	if it.Flags.Returned {
		kind = bill.DebitNote
	}
	it.Draft = *rd.draft(e, kind)
	if it.Flags.Bill {
		it.Draft.Method = string(cash.Bill)
	}
	return it
}

func (rd *reader) newCredit(e *Entry) Credit {
	return Credit{Customer: e.Customer(), Account: e.Account, Ref: e.Ref, Date: e.RefDate, Label: e.Label, Flags: rd.flags(e)}
}

func (rd *reader) draft(e *Entry, kind bill.Kind) *bill.Draft {
	return &bill.Draft{Line: e.Line, Number: e.Ref, Kind: kind, Issued: e.RefDate, Currency: money.EUR,
		Reference: e.Label, Customer: party.Draft{Line: e.Line, Code: e.Customer(), Name: e.Name}}
}

func (it *Item) add(e *Entry) {
	it.Amount = it.Amount.Add(money.Euros(e.Debit))
	it.Open = it.Open.Add(money.Euros(e.open))
	it.Lines = append(it.Lines, e.Line)
	it.Settled = max(it.Settled, e.paid)
	if e.Letter != "" && !slices.Contains(it.Letters, e.Letter) {
		it.Letters = append(it.Letters, e.Letter)
	}
}

func (it *Item) finish() {
	d := &it.Draft
	paid, open := it.Amount.Sub(it.Open), it.Open
	d.Total, d.Prepaid, d.Payable = it.Amount, money.Euros(0), it.Amount
	d.Paid, d.Open, d.SettledOn = &paid, &open, it.Settled // of a part payment: its last day
	if !it.Open.IsZero() {
		it.Settled = 0
	}
}

func (c *Credit) add(e *Entry) {
	c.Amount = c.Amount.Add(money.Euros(e.Credit))
	c.Open = c.Open.Add(money.Euros(e.open))
	c.Lines = append(c.Lines, e.Line)
}

func (c *Credit) finish() {
	if c.Note == nil {
		return
	}
	open := c.Open
	c.Note.Total, c.Note.Prepaid, c.Note.Payable, c.Note.Open = c.Amount, money.Euros(0), c.Amount, &open
}

// numbers makes the number of each document unique: many programs put the month or "sans" in
// PieceRef. A reference that names one document stays as it is.
func (rd *reader) numbers() {
	uses := map[string]int{}
	each := func(do func(d *bill.Draft, note bool)) {
		for i := range rd.led.Items {
			do(&rd.led.Items[i].Draft, false)
		}
		for i := range rd.led.Credits {
			if n := rd.led.Credits[i].Note; n != nil {
				do(n, true)
			}
		}
	}
	each(func(d *bill.Draft, _ bool) { uses[squeeze(d.Number)]++ })
	taken := map[string]bool{}
	each(func(d *bill.Draft, note bool) {
		if !documented(d.Number) || uses[squeeze(d.Number)] > 1 {
			d.Number = strings.TrimSpace(d.Number + " " + d.Customer.Code + " " + d.Issued.String())
			if note {
				d.Number += " avoir"
			}
		}
		for taken[d.Number] { // an account of another nature under the same document
			d.Number += "'"
		}
		taken[d.Number] = true
	})
}
