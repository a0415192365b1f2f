package app

import (
	"slices"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/domain/bill"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// widen takes under decision again the lines that were applied to the customers whom the lines may concern, from
// the day of the first on: an earlier line that comes later may be what a later one was taken for.
func (mt *matching) widen(touched []id.Customer) error {
	mine, from := map[id.Line]bool{}, map[id.Customer]cal.Date{}
	for _, l := range mt.lines {
		mine[l.ID] = true
		if l.Amount <= 0 {
			continue
		}
		for _, p := range mt.decided[l.ID].proposals {
			if since, known := from[p.Customer]; !known || l.Booked < since {
				from[p.Customer] = l.Booked
			}
		}
	}
	for _, c := range touched {
		delete(from, c)
	}
	if len(from) == 0 {
		return nil
	}
	who := make([]id.Customer, 0, len(from))
	for c := range from {
		who = append(who, c)
	}
	slices.Sort(who)
	return mt.step(func(m *moment) error {
		auto, err := m.AutoLinesOf(m.ctx, who)
		if err != nil {
			return err
		}
		mt.rivals = slices.DeleteFunc(auto, func(l *store.BankLine) bool {
			return mine[l.ID] || l.Booked < from[l.Customer].AddDays(-knownWithin)
		})
		if len(mt.rivals) == 0 {
			return nil
		}
		if err := mt.gather(m, touched); err != nil {
			return err
		}
		mt.decide()
		return nil
	})
}

// reserve keeps for the payments that name an invoice what they will settle of it: a list of payments says more
// surely than a bank's label what was paid, whichever came first.
func (mt *matching) reserve(m *moment) error {
	waiting, docs, err := m.waiting()
	if err != nil || len(waiting) == 0 {
		return err
	}
	at := map[id.Instalment]*bank.Open{}
	for i := range mt.open {
		at[mt.open[i].Item] = &mt.open[i]
	}
	for _, p := range waiting {
		left := p.Rest
		for _, doc := range namedBy(p, docs) {
			for _, it := range doc.Items {
				if o := at[it.ID]; o != nil && o.Rest > 0 {
					part := min(left, o.Rest)
					o.Rest, left = o.Rest-part, left-part
				}
			}
		}
	}
	return nil
}

// settleWaiting lets payments that came before the invoice they name, or found it settled by a line that has let
// it go, settle it.
func (mt *matching) settleWaiting(m *moment) error {
	waiting, docs, err := m.waiting()
	if err != nil {
		return err
	}
	for _, p := range waiting {
		if len(namedBy(p, docs)) == 0 {
			continue
		}
		if err := m.settleRest(p); err != nil {
			return err
		}
	}
	for c := range m.touched {
		mt.changed[c], mt.room[c] = true, true
	}
	return nil
}

// waiting reads the payments that name an invoice and have something left, with what they name.
func (m *moment) waiting() ([]*store.Payment, map[string]*store.Doc, error) {
	list, err := m.WaitingPayments(m.ctx)
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	var numbers []string
	for _, p := range list {
		numbers = append(numbers, numbersNamed(p.InvoiceNo)...)
	}
	docs, err := m.DocsByNumber(m.ctx, numbers)
	byNumber := map[string]*store.Doc{}
	for _, d := range docs {
		byNumber[d.Number] = d
	}
	return list, byNumber, err
}

// namedBy are the invoices that a payment names and may settle.
func namedBy(p *store.Payment, docs map[string]*store.Doc) (list []*store.Doc) {
	for _, n := range numbersNamed(p.InvoiceNo) {
		if d := docs[n]; d != nil && d.Customer == p.Customer && d.Currency == p.Amount.Currency && d.Kind != bill.CreditNote {
			list = append(list, d)
		}
	}
	return list
}

// settleRest lets what a payment has left settle the invoices it was said to pay.
func (m *moment) settleRest(p *store.Payment) error {
	if p.Rest <= 0 || p.InvoiceNo == "" {
		return nil
	}
	list, err := m.DocsByNumber(m.ctx, numbersNamed(p.InvoiceNo))
	if err != nil {
		return err
	}
	docs := map[string]*store.Doc{}
	for _, d := range list {
		docs[d.Number] = d
	}
	var gifts []gift
	left := p.Rest
	for _, d := range namedBy(p, docs) {
		for _, it := range d.Items {
			if part := min(left, it.Open); part > 0 && !it.Closed && !it.Credit {
				left -= part
				gifts = append(gifts, gift{it.ID, part})
			}
		}
	}
	if len(gifts) == 0 {
		return nil
	}
	p.Rest = left
	return m.give(p, gifts)
}

// numbersNamed are the numbers that an invoice column may name: the whole of it, or the words of a list.
func numbersNamed(s string) []string {
	list := []string{s}
	if strings.ContainsAny(s, ",;+/ ") {
		list = append(list, strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;+ ", r) })...)
	}
	return list
}

// asserted adds what ledgers only assert as paid and a line names by its number: the payment takes the
// place of the ledger's word (PRODUCT.md §7).
func (mt *matching) asserted(m *moment) error {
	var numbers []string
	seen := map[string]bool{}
	for _, l := range mt.lines {
		if l.Amount <= 0 {
			continue
		}
		for _, n := range numbersSaid(l.Text + " " + l.EndToEnd + " " + l.Structured) {
			if !seen[n] {
				seen[n] = true
				numbers = append(numbers, n)
			}
		}
	}
	docs, err := m.DocsByNumber(m.ctx, numbers)
	if err != nil {
		return err
	}
	at := map[id.Instalment]*bank.Open{}
	for i := range mt.open {
		at[mt.open[i].Item] = &mt.open[i]
	}
	var more []bank.Open
	for _, d := range docs {
		if d.Asserted == 0 {
			continue
		}
		stated, err := m.statedOn(itemsOfDocs([]*store.Doc{d}))
		if err != nil {
			return err
		}
		for _, it := range d.Items {
			switch o := at[it.ID]; {
			case stated[it.ID] == 0 || it.Closed || it.Credit:
			case o != nil:
				o.Rest += stated[it.ID]
			default:
				more = append(more, bank.Open{Item: it.ID, Invoice: d.ID, Customer: d.Customer, Number: d.Number, Seq: it.Seq, Order: d.Order,
					Issued: d.Issued, Due: it.Due, Currency: d.Currency, Amount: it.Amount, Rest: stated[it.ID]})
			}
		}
	}
	mt.open = append(mt.open, more...)
	return nil
}

// numbersSaid are the words of a text that may be invoice numbers as they are written.
func numbersSaid(text string) (out []string) {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || strings.ContainsRune(",;:()+\"'", r) }) {
		if w = strings.Trim(w, "./-#"); len(w) >= 3 && len(w) <= 40 && strings.ContainsAny(w, "0123456789") {
			out = append(out, w)
		}
	}
	return out
}
