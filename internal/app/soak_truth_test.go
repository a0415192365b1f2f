package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"relance/internal/domain/cash"
	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// picture is everything of a company that truths are told of.
type picture struct {
	code        map[id.Customer]string
	ids         []id.Customer
	docs        []*store.Doc
	payments    []*store.Payment
	allocations []*store.Allocation
	lines       []*store.BankLine
	aging       []report.Aging
}

// truths checks at the end of a day what must hold at the end of every day.
func (l *life) truths() {
	l.t.Helper()
	p := l.picture()
	l.itemsAddUp(p)
	l.paymentsAddUp(p)
	l.movementsOnce(p)
	l.agedBalanceAddsUp(p)
	l.bookAgrees(p)
	l.pastStands(p)
	l.journalHolds(p)
	l.nothingForgotten()
	if l.days%20 == 0 {
		l.simulationChangesNothing()
	}
}

func (l *life) picture() *picture {
	p := &picture{code: map[id.Customer]string{}}
	l.must(l.desk.view(l.ctx, func(tx *store.Tx) error {
		all, err := tx.AllCustomers(l.ctx)
		if err != nil {
			return err
		}
		for _, c := range all {
			p.code[c.ID] = c.Code
			p.ids = append(p.ids, c.ID)
		}
		if p.docs, err = tx.DocsOf(l.ctx, p.ids); err != nil {
			return err
		}
		if p.payments, err = tx.PaymentsOf(l.ctx, p.ids); err != nil {
			return err
		}
		p.allocations, err = tx.AllocationsOf(l.ctx, p.ids)
		return err
	}))
	v, err := l.desk.Bank(l.ctx, "", 0, 100_000)
	l.must(err)
	for _, x := range v.Lines {
		p.lines = append(p.lines, x.BankLine)
	}
	_, p.aging, err = l.desk.Aging(l.ctx, l.today)
	l.must(err)
	return p
}

// An item's amount is what is open and what settles it; no more is settled than there is.
func (l *life) itemsAddUp(p *picture) {
	settled, used := map[id.Instalment]int64{}, map[id.Invoice]int64{}
	for _, a := range p.allocations {
		settled[a.Item] += a.Amount
		used[a.Credit] += a.Amount
	}
	for _, d := range p.docs {
		open := int64(0)
		for _, it := range d.Items {
			if open += it.Open; it.Credit {
				continue
			}
			if it.Open < 0 || settled[it.ID] < 0 || it.Amount != it.Open+settled[it.ID] && !it.Closed {
				l.t.Errorf("%s/%d of %s: %s open, %s settled", d.Number, it.Seq, euros(it.Amount), euros(it.Open), euros(settled[it.ID]))
			}
		}
		if d.Items[0].Credit && (open < 0 || open+used[d.ID] != d.Items[0].Amount) {
			l.t.Errorf("credit note %s of %s: %s open, %s used", d.Number, euros(d.Items[0].Amount), euros(open), euros(used[d.ID]))
		}
	}
}

// A payment's amount is what it settles and what is left of it; of one that was taken back all is left, and it counts for
// nothing from that day.
func (l *life) paymentsAddUp(p *picture) {
	given := map[id.Payment]int64{}
	for _, a := range p.allocations {
		given[a.Payment] += a.Amount
	}
	for _, x := range p.payments {
		if x.Rest < 0 || given[x.ID] < 0 || given[x.ID]+x.Rest != x.Amount.Minor || !x.CancelledOn.IsZero() && given[x.ID] != 0 {
			l.t.Errorf("payment %d of %s (cancelled %s): %s settles, %s is left", x.ID, euros(x.Amount.Minor), x.CancelledOn, euros(given[x.ID]), euros(x.Rest))
		}
	}
}

// Each movement that the bank told is one line, however many files told it; a settled one is so much money, no more.
func (l *life) movementsOnce(p *picture) {
	told, sum := 0, int64(0)
	for _, n := range l.book.moves {
		told++
		sum += n
	}
	received := map[id.Line]int64{}
	for _, x := range p.payments {
		if x.Kind == cash.Money {
			received[x.Line] += x.Amount.Minor
		}
	}
	lines := int64(0)
	for _, x := range p.lines {
		lines += x.Amount
		if want := max(x.Amount, 0); x.State == store.LineSettled && received[x.ID] != want || x.State != store.LineSettled && received[x.ID] != 0 {
			l.t.Errorf("line %s of %s is %s, with payments of %s", x.Ref, euros(x.Amount), x.State, euros(received[x.ID]))
		}
	}
	if len(p.lines) != told || lines != sum {
		l.t.Errorf("%d lines of %s in all, the bank told %d of %s", len(p.lines), euros(lines), told, euros(sum))
	}
}

// The aged balance is the sum of what is open less credits and unallocated payments, of its rows, of its buckets, of the
// customers' pages and statements, and of its export.
func (l *life) agedBalanceAddsUp(p *picture) {
	ledger, export := map[account]int64{}, &bytes.Buffer{}
	for _, d := range p.docs {
		for _, it := range d.Items {
			ledger[account{p.code[d.Customer], d.Currency}] += signed(d.Kind, it.Open)
		}
	}
	for _, x := range p.payments {
		if x.CancelledOn.IsZero() {
			ledger[account{p.code[x.Customer], x.Amount.Currency}] -= x.Rest
		}
	}
	l.must(WriteAging(export, "balance.csv", i18n.EN, l.today, p.aging))
	for _, t := range p.aging {
		sum := int64(0)
		for _, c := range t.Customers {
			sum += c.Total
			buckets := c.Credits
			for _, n := range c.Aged {
				buckets += n
			}
			if want := ledger[account{c.Customer, t.Currency}]; c.Total != want || buckets != want {
				l.t.Errorf("%s of %s in the aged balance: %s, in buckets %s, in the ledger %s", t.Currency, c.Customer, euros(c.Total), euros(buckets), euros(want))
			}
			delete(ledger, account{c.Customer, t.Currency})
		}
		if sum != t.Total {
			l.t.Errorf("the aged balance in %s is %s, its rows %s", t.Currency, euros(t.Total), euros(sum))
		}
		if text := strings.ReplaceAll(blanks(export.String()), ",", ""); !strings.Contains(text, euros(t.Total)) {
			l.t.Errorf("%s is not in the export: %s", euros(t.Total), export)
		}
	}
	for a, n := range ledger {
		if n != 0 {
			l.t.Errorf("%s of %s is not in the aged balance: %s", a.currency, a.customer, euros(n))
		}
	}
}

// owes is what the book says a customer owes, less what the program gave to it of the bank's money.
func (l *life) owes(a account) int64 {
	sum := l.book.net[a]
	for _, x := range l.payments(a.customer) {
		if x.Line != 0 && x.CancelledOn.IsZero() && x.Amount.Currency == a.currency {
			sum -= x.Amount.Minor
		}
	}
	return sum
}

// Each customer's page and statement say what the book says; who does not pay by the bank has none of its money.
func (l *life) bookAgrees(p *picture) {
	bank := map[account]int64{}
	l.bankChanged(p)
	for _, x := range p.payments {
		if x.Line != 0 && x.CancelledOn.IsZero() {
			bank[account{p.code[x.Customer], x.Amount.Currency}] += x.Amount.Minor
		}
	}
	for _, code := range l.who {
		page, err := l.desk.Account(l.ctx, code)
		l.must(err)
		st, err := l.desk.Statement(l.ctx, code, 0)
		l.must(err)
		stated := map[money.Currency]int64{}
		for _, x := range st.Currencies {
			stated[x.Currency] = x.Total
		}
		for _, c := range []money.Currency{money.EUR, "USD", "GBP"} {
			a := account{code, c}
			if want := l.book.net[a] - bank[a]; page.Balances[c] != want || stated[c] != want {
				l.t.Errorf("%s owes %s %s by the book, %s by its page, %s by its statement", code, euros(want), c, euros(page.Balances[c]), euros(stated[c]))
			}
			if bank[a] != 0 && !l.banks(code) {
				l.t.Errorf("%s has %s of the bank's money", code, euros(bank[a]))
			}
		}
	}
}

// bankChanged notes from which days on the bank's money is another one than yesterday: a line that waited finds what it
// pays, a person answers.
func (l *life) bankChanged(p *picture) {
	now := map[store.Payment]bool{}
	for _, x := range p.payments {
		if x.Line != 0 {
			now[store.Payment{Payment: cash.Payment{ID: x.ID, Date: x.Date, Amount: x.Amount}, CancelledOn: x.CancelledOn}] = true
		}
	}
	for _, both := range [][2]map[store.Payment]bool{{now, l.bank}, {l.bank, now}} {
		for x := range both[0] {
			if !both[1][x] {
				l.dirty(x.Date)
			}
		}
	}
	l.bank = now
}

// The aged balance of a past day is today what it was that day, unless something was entered for it since.
func (l *life) pastStands(p *picture) {
	past := slices.Sorted(maps.Keys(l.kept))
	if len(past) > 0 {
		day := past[l.r.IntN(len(past))]
		_, tables, err := l.desk.Aging(l.ctx, day)
		l.must(err)
		if now := totals(tables); now != l.kept[day] {
			l.t.Errorf("the aged balance of %s was %s, and is now %s", day, l.kept[day], now)
		}
	}
	l.kept[l.today] = totals(p.aging)
}

func totals(tables []report.Aging) string {
	var out []string
	for _, t := range tables {
		if t.Total != 0 {
			out = append(out, string(t.Currency)+" "+euros(t.Total))
		}
	}
	return strings.Join(out, ", ")
}

// The journal's chain holds (what another transaction still hides is sealed later); each message that left has one fact that says so; the money that was entered by hand, by its
// facts, is that of the payments.
func (l *life) journalHolds(p *picture) {
	_, err := l.desk.Seal(l.ctx)
	l.must(err)
	v, err := l.desk.VerifyJournal(l.ctx)
	if err != nil || v.Broken != "" {
		l.t.Errorf("journal: %+v, %v", v, err)
	}
	list, err := l.desk.JournalEntries(l.ctx, 1_000_000)
	l.must(err)
	sent, money := map[id.Message]int{}, int64(0)
	for _, e := range list {
		var body struct {
			Amount    int64
			Reference string
			Why       any // what the matching saw, or a person's words
		}
		switch e.Kind {
		case "message.sent":
			sent[e.Message]++
		case journalPayment, "payment.adjusted":
			if l.must(json.Unmarshal([]byte(e.Body), &body)); strings.HasPrefix(body.Reference, byHand) || body.Why == givenUpWhy {
				money += body.Amount
			}
		}
	}
	out, err := l.desk.Outbox(l.ctx, store.Sent)
	l.must(err)
	for _, q := range out {
		if sent[q.ID] != 1 {
			l.t.Errorf("message %d (%s) left, and %d facts say so", q.ID, q.Step, sent[q.ID])
		}
		delete(sent, q.ID)
	}
	if len(sent) > 0 {
		l.t.Errorf("facts without their messages: %v", sent)
	}
	for _, x := range p.payments {
		if strings.HasPrefix(x.Fingerprint, "hand:") {
			money -= x.Amount.Minor
		}
	}
	if money != 0 {
		l.t.Errorf("the journal has %s of payments by hand more than the ledger", euros(money))
	}
}

// No loss: of each overdue invoice, "why" says what comes next and when, and that is not a day that is over; and what is
// owed for long, held by nothing, has been asked for or waits in the outbox (PRODUCT.md §3 rules 3 and 14).
func (l *life) nothingForgotten() {
	waiting, tasks := map[string]bool{}, map[string]bool{}
	list, err := l.desk.Outbox(l.ctx, store.Proposed, store.Approved, store.Sending, store.Uncertain, store.Failed)
	l.must(err)
	for _, q := range list {
		waiting[q.CustomerCode] = true
	}
	todo, err := l.desk.Tasks(l.ctx)
	l.must(err)
	for _, t := range todo {
		tasks[t.Customer.Code] = true
	}
	numbers := l.numbers()
	for range min(len(numbers), 12) {
		o := l.book.bills[numbers[l.r.IntN(len(numbers))]]
		if o.amount <= 0 || o.due >= l.today {
			continue
		}
		w, err := l.desk.Why(l.ctx, o.number, 0)
		l.must(err)
		for _, x := range w.Items {
			if x.Open <= 0 || x.Due >= l.today || x.Status == "held" || waiting[o.customer] || tasks[o.customer] {
				continue
			}
			if x.Why.Key == "" || x.NextOn < l.today && x.NextStep != "" && x.Status == "waiting" && l.ran {
				l.t.Errorf("%s/%d: %s, %s on %s: %s; %s", o.number, x.Instalment, x.Status, x.NextStep, x.NextOn, x.Why.In(i18n.EN), l.outboxOf(o.customer))
			}
			if x.NextStep != "" && x.NextOn > l.today.AddDays(120) {
				l.t.Errorf("%s/%d: %s not before %s", o.number, x.Instalment, x.NextStep, x.NextOn)
			}
		}
	}
}

// outboxOf tells the messages of a customer, whatever became of them.
func (l *life) outboxOf(code string) string {
	list, err := l.desk.Outbox(l.ctx, store.Proposed, store.Approved, store.Sending, store.Sent, store.Uncertain, store.Failed, store.Skipped, store.Cancelled)
	l.must(err)
	var out []string
	for _, q := range list {
		if q.CustomerCode == code {
			out = append(out, fmt.Sprintf("%d %s %s for %s %s", q.ID, q.Step, q.State, q.SendOn, q.Reason))
		}
	}
	return strings.Join(out, "; ")
}

// A simulation changes nothing: the tables are the same bytes.
func (l *life) simulationChangesNothing() {
	before, _ := l.backup()
	_, err := l.desk.Simulate(l.ctx, l.today, l.today.AddDays(20), []cal.Date{l.today.AddDays(1), l.today.AddDays(20)})
	l.must(err)
	after, _ := l.backup()
	was, is := tables(l.t, before), tables(l.t, after)
	for name := range was {
		if was[name] != is[name] {
			l.t.Error(fmt.Errorf("a simulation changed %s", name))
		}
	}
}
