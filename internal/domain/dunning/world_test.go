package dunning_test

import (
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// world is what the hall keeps around the planner, in a few lines: dated facts, the states of
// items, what was written. Stories and properties run on it.
type world struct {
	customer dunning.Customer
	reach    dunning.Reach
	calendar cal.Calendar
	company  dunning.CompanyRules
	scenario *dunning.Scenario
	items    []dunning.Item // without payments
	payments []payment
	credits  []dunning.Credit
	holds    []dunning.Hold
	written  []dunning.Written
	byHand   bool // messages to confirm wait for a person
	waiting  []dunning.Message
}

type payment struct {
	item   id.Instalment
	on     cal.Date
	amount int64
}

func newWorld() *world {
	return &world{
		customer: dunning.Customer{ID: 1, Code: "C001", Name: "Client", Kind: party.Pro, Language: i18n.FR, TermsConfirmed: true},
		reach: dunning.Reach{Email: map[party.Role][]string{}, Own: "compta@client.example", Postal: true, Notice: true,
			Phone: true},
	}
}

func (w *world) item(number string) *dunning.Item {
	for i := range w.items {
		if name(&w.items[i]) == number {
			return &w.items[i]
		}
	}
	return nil
}

// input is what is known on a day: the facts dated on or before it, every recorded action
// whatever its date (PRODUCT.md §7).
func (w *world) input(today cal.Date) dunning.Input {
	in := dunning.Input{Today: today, Calendar: w.calendar, Customer: w.customer, Reach: w.reach, Company: w.company,
		Credits: slices.Clone(w.credits), Holds: slices.Clone(w.holds), Written: slices.Clone(w.written)}
	for _, it := range w.items {
		if it.Issued > today {
			continue
		}
		for _, p := range w.payments {
			if p.item == it.ID && p.on <= today {
				it.Paid += p.amount
				it.LastPaymentOn = cal.Later(it.LastPaymentOn, p.on)
			}
		}
		it.Open = max(0, it.Amount-it.Paid)
		if it.Scenario == nil {
			it.Scenario = w.scenario
		}
		in.Items = append(in.Items, it)
	}
	return in
}

// run is the day's run: it decides, and what needs nobody leaves.
func (w *world) run(today cal.Date) dunning.Outcome {
	in := w.input(today)
	out := dunning.Plan(in)
	leaving := out
	if w.byHand {
		leaving.Messages = nil
		for _, m := range out.Messages {
			if m.Automation == dunning.Auto {
				leaving.Messages = append(leaving.Messages, m)
				continue
			}
			w.waiting = append(w.waiting, m)
			for _, l := range lines(m) {
				if l.Advances {
					w.state(l.Item.ID).Pending = l.Step
				}
			}
		}
	}
	// The outcome points at the input's items: what it shows must not move.
	after := in
	after.Items = slices.Clone(in.Items)
	dunning.Imagine(&after, leaving)
	w.keep(after, in)
	return out
}

func (w *world) keep(after, before dunning.Input) {
	for i := range after.Items {
		st := after.Items[i].State
		if st != before.Items[i].State {
			*w.state(after.Items[i].ID) = st
		}
	}
	w.written = after.Written
	w.customer.ConfirmFirst = after.Customer.ConfirmFirst
}

func (w *world) state(n id.Instalment) *dunning.State {
	for i := range w.items {
		if w.items[i].ID == n {
			return &w.items[i].State
		}
	}
	panic("no such item")
}

// approve sends what waits for a person; skip drops it.
func (w *world) approve(on cal.Date) {
	for _, m := range w.waiting {
		sent := dunning.Written{On: on, Level: m.Level}
		for _, l := range lines(m) {
			if l.Advances {
				st := w.state(l.Item.ID)
				*st = st.Sent(l.Step, l.Level, on, m.PayBy)
				sent.Items = append(sent.Items, l.Item.ID)
			}
		}
		w.written = append(w.written, sent)
	}
	w.waiting = nil
}

func (w *world) skip(on cal.Date) {
	for _, m := range w.waiting {
		for _, l := range lines(m) {
			if l.Advances {
				st := w.state(l.Item.ID)
				*st = st.Passed(l.Step, on)
			}
		}
	}
	w.waiting = nil
}

func lines(m dunning.Message) []dunning.Line { return append(slices.Clone(m.Lines), m.Upcoming...) }

func name(it *dunning.Item) string {
	if it.Instalment > 1 {
		return it.Invoice + "/" + string(rune('0'+it.Instalment))
	}
	return it.Invoice
}

func sum(n int64, c money.Currency) string { return money.Of(n, c).Decimal() }
