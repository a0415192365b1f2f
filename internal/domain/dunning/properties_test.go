package dunning_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/format/scenario"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

var opening = cal.MustParse("2026-01-05")

// span is how many days a drawn world lives.
const span = 150

// even draws 0 … n−1, each as likely as the other: rapid's own ranges prefer the smallest numbers,
// and debts of one cent are never worth a message.
func even(t *rapid.T, label string, n int) int {
	x := 0
	for bits := n * 16; bits > 0; bits /= 2 {
		x *= 2
		if rapid.Bool().Draw(t, label) {
			x++
		}
	}
	return x % n
}

func pick[T any](t *rapid.T, label string, of ...T) T { return of[even(t, label, len(of))] }

// drawWorld draws a customer in any situation: kinds, addresses, invoices of several ages,
// currencies and accounts, payments, credits and holds dated over the span.
func drawWorld(t *rapid.T) *world {
	w := newWorld()
	w.customer.Kind = pick(t, "kind", party.Pro, party.Pro, party.Consumer, party.Public, party.Unknown)
	w.customer.ConfirmFirst = even(t, "import", 2) == 0
	if even(t, "mail", 5) == 0 {
		w.reach.Own = ""
	}
	if even(t, "postal", 7) == 0 {
		w.reach.Postal, w.reach.Notice = false, false
	}
	for range 1 + even(t, "items", 5) {
		drawItem(t, w)
	}
	day := func(label string) cal.Date { return opening + cal.Date(even(t, label, span+20)-20) }
	for range even(t, "payments", 3) {
		it := pick(t, "of", w.items...)
		w.payments = append(w.payments, payment{it.ID, day("paid"), 1 + int64(even(t, "sum", int(it.Amount)))})
	}
	for range even(t, "credits", 2) {
		w.credits = append(w.credits, dunning.Credit{Currency: money.EUR, On: day("credit"), Amount: int64(1 + even(t, "c", 600_00))})
	}
	for range even(t, "holds", 4) {
		h := dunning.Hold{Reason: pick(t, "reason", dunning.HoldReasons...), From: day("from")}
		if even(t, "on item", 4) > 0 {
			h.Item = pick(t, "held", w.items...).ID
		}
		if even(t, "ends", 4) > 0 {
			h.Until = h.From + cal.Date(even(t, "until", 40))
		}
		if h.Reason == dunning.HoldDispute && h.Item != 0 {
			h.Amount = int64(even(t, "disputed", 600_00))
		}
		w.holds = append(w.holds, h)
	}
	return w
}

func drawItem(t *rapid.T, w *world) {
	due := opening + cal.Date(even(t, "due", 200)-110)
	n := len(w.items) + 1
	it := dunning.Item{ID: id.Instalment(n), Invoice: "F-" + string(rune('0'+n)), Instalment: 1,
		Issued: due - cal.Date(even(t, "term", 60)), Due: due,
		Amount:   int64(1 + even(t, "amount", pick(t, "order", 20_00, 200_00, 2_000_00))),
		Currency: pick[money.Currency](t, "currency", "EUR", "EUR", "EUR", "USD"),
		PayTo:    pick(t, "account", "", "", "", "FACTOR"),
		Scenario: pick(t, "scenario", append([]*dunning.Scenario{hasty, eager, scenario.Shipped()[0]}, scenario.Shipped()...)...),
	}
	it.DueEstimated = even(t, "estimated", 10) == 0
	w.customer.TermsConfirmed = false
	w.items = append(w.items, it)
}

// hasty has no gaps at all, eager jumps to what the delay deserves: the corners of the rules.
var hasty = indexed(&dunning.Scenario{Name: "hasty", AnyDay: true, Steps: []dunning.Step{
	{ID: "p1", Kind: dunning.PreDue, When: dunning.When{Days: -30}, Channels: []dunning.Channel{dunning.Email}},
	{ID: "p2", Kind: dunning.PreDue, When: dunning.When{Days: -1}, Channels: []dunning.Channel{dunning.Email}},
	{ID: "r1", Kind: dunning.Reminder, When: dunning.When{Days: 0}, Channels: []dunning.Channel{dunning.Email, dunning.Phone}},
	{ID: "r2", Kind: dunning.Reminder, When: dunning.When{IsAfter: true}, Channels: []dunning.Channel{dunning.Letter, dunning.Email}},
	{ID: "r3", Kind: dunning.Reminder, When: dunning.When{Days: 3}, Channels: []dunning.Channel{dunning.Email}},
}})

var eager = indexed(&dunning.Scenario{Name: "eager", StepGap: 5, ContactGap: 3, Deserved: true, ByInvoice: true,
	Quiet: []dunning.QuietPeriod{{From: dunning.MonthDay{Month: 2, Day: 10}, To: dunning.MonthDay{Month: 2, Day: 25}, Steps: []string{"r2"}}},
	Steps: []dunning.Step{
		{ID: "p", Kind: dunning.PreDue, When: dunning.When{Days: -5}, Channels: []dunning.Channel{dunning.Email}},
		{ID: "r1", Kind: dunning.Reminder, When: dunning.When{Days: 4}, Channels: []dunning.Channel{dunning.Email, dunning.Letter}, PayWithin: 4},
		{ID: "c", Kind: dunning.Call, When: dunning.When{IsAfter: true, Days: 3}, ExpireAfter: 5},
		{ID: "r2", Kind: dunning.Reminder, When: dunning.When{Days: 20}, Channels: []dunning.Channel{dunning.Email, dunning.Letter}, Floor: -1},
		{ID: "n", Kind: dunning.FormalNotice, When: dunning.When{Days: 30}, Channels: []dunning.Channel{dunning.Registered}, Automation: dunning.Confirm},
		{ID: "h", Kind: dunning.Handover, When: dunning.When{Days: 2, From: dunning.FromNoticeDeadline}, Automation: dunning.Confirm},
	}})

func indexed(s *dunning.Scenario) *dunning.Scenario { return s.Index() }

// TestPlanIsSound plays drawn worlds day by day and checks every outcome.
func TestPlanIsSound(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		passed := map[id.Instalment]int{}
		for _, it := range w.items {
			passed[it.ID] = -1
		}
		for d := opening; d < opening+span; d++ {
			if d%7 == 3 && even(rt, "off", 6) == 0 {
				d += 9 // the machine is off for days
			}
			in := w.input(d)
			out := w.run(d)
			checkOutcome(rt, in, out, passed)
			count(seen, out)
			if again := stepped(w.run(d)); len(again) > 0 {
				rt.Fatalf("%s: a second run adds %v to %v", d, again, ask(out))
			}
		}
	})
	for _, what := range []string{"pre-due", "reminder", "formal-notice", "joining", "call", "handover", "address", "qualify",
		"dispute", "floor", "credit", "unqualified", "review"} {
		if seen[what] == 0 { // each is drawn a dozen times or more; never means a generator gone dull
			t.Errorf("the drawn worlds hold %q %d times: they prove too little", what, seen[what])
		}
	}
}

// count notes what the worlds hold, so that a generator gone dull is seen.
func count(seen map[string]int, o dunning.Outcome) {
	for _, m := range o.Messages {
		seen[string(m.Scenario.Steps[m.Step].Kind)]++
		if m.Joins {
			seen["joining"]++
		}
	}
	for _, k := range o.Tasks {
		seen[k.Kind]++
	}
	for _, h := range o.Held {
		seen[string(h.Reason)]++
	}
}

// checkOutcome holds one day's decision against the rules.
func checkOutcome(t *rapid.T, in dunning.Input, out dunning.Outcome, passed map[id.Instalment]int) {
	places := map[id.Instalment]int{}
	held := map[id.Instalment]bool{}
	for _, h := range out.Held {
		// What a person or a review holds is never asked for. An item whose own step is refused (no
		// address, a credit before a formal notice…) is still owed, and listed with the others.
		held[h.Item.ID] = slices.Contains(dunning.HoldReasons, h.Reason) && h.Why.Key != "why.held.reply.notice" || h.Reason == dunning.HeldReview
		places[h.Item.ID]++
	}
	for _, x := range out.Waiting {
		places[x.Item.ID]++
		if x.NextOn != 0 && x.NextOn <= in.Today {
			t.Fatalf("%s: %s waits for %s", in.Today, x.Item.Invoice, x.NextOn)
		}
	}
	// advance: an item passes one step, never one it has passed, never backwards.
	advance := func(it *dunning.Item, step string) {
		places[it.ID]++
		n := it.Scenario.Find(step)
		if n <= passed[it.ID] {
			t.Fatalf("%s: %s does step %s again or backwards", in.Today, it.Invoice, step)
		}
		passed[it.ID] = n
		if pre := it.Scenario.Steps[n].Kind == dunning.PreDue; pre != (in.Today < it.Due) || in.Today == it.Due {
			t.Fatalf("%s: %s leaves for %s, due %s", in.Today, step, it.Invoice, it.Due)
		}
	}
	for _, m := range out.Messages {
		checkMessage(t, in, m, held)
		for _, l := range lines(m) {
			if l.Advances {
				advance(l.Item, l.Step)
			}
		}
	}
	for _, k := range out.Tasks {
		for _, it := range k.Items {
			if k.Step != "" {
				advance(it, k.Step)
			}
		}
	}
	for i := range in.Items {
		// At most one future action an item, and never none: each is somewhere, once.
		if it := &in.Items[i]; it.Open > 0 && places[it.ID] != 1 || it.Open == 0 && places[it.ID] != 0 {
			t.Fatalf("%s: %s stands in %d places", in.Today, it.Invoice, places[it.ID])
		}
	}
}

func checkMessage(t *rapid.T, in dunning.Input, m dunning.Message, held map[id.Instalment]bool) {
	var open int64
	step := m.Scenario.Steps[m.Step]
	for _, l := range m.Lines {
		open += l.Open
		if l.Item.Open <= 0 || held[l.Item.ID] || l.Open <= 0 || l.Open+l.Disputed > l.Item.Open {
			t.Fatalf("%s: %s is chased for %d", in.Today, l.Item.Invoice, l.Open)
		}
		if l.Item.Currency != m.Currency || l.Item.PayTo != m.PayTo {
			t.Fatalf("%s: %s stands in a message of another account", in.Today, l.Item.Invoice)
		}
		if step.Kind == dunning.FormalNotice && l.Step == "" {
			t.Fatalf("%s: %s is demanded and has not reached the notice", in.Today, l.Item.Invoice)
		}
	}
	if open != m.Open || m.Deducted < 0 || m.Open-m.Deducted <= 0 {
		t.Fatalf("%s: asks for %d less %d", in.Today, m.Open, m.Deducted)
	}
	if step.Kind == dunning.FormalNotice && (in.Customer.Kind == party.Unknown || m.Deducted > 0) {
		t.Fatalf("%s: a formal notice to %s, %d deducted", in.Today, in.Customer.Kind, m.Deducted)
	}
	if (step.Kind == dunning.FormalNotice || in.Customer.ConfirmFirst) && m.Automation == dunning.Auto {
		t.Fatalf("%s: %s leaves by itself", in.Today, step.ID)
	}
	if in.Customer.Kind == party.Consumer && len(m.To)+len(m.CC) > 1 {
		t.Fatalf("%s: third persons read a consumer's debt", in.Today)
	}
	gap := m.Scenario.ContactGap
	for _, x := range in.Written {
		if far := in.Today.Sub(x.On); far < gap {
			t.Fatalf("%s: written %d days after the last", in.Today, far)
		}
	}
}

// stepped is what a day did, in lines that compare: tasks that no step asks for are left out, they
// are raised as long as they are true.
func stepped(o dunning.Outcome) []string {
	o.Tasks = slices.DeleteFunc(slices.Clone(o.Tasks), func(t dunning.Task) bool { return t.Step == "" })
	return acts(o)
}

// TestIncrementalIsFromScratch: looking at the customer only on its next contact day, and on days
// with a fact, sends the same as looking every day (rule 5).
func TestIncrementalIsFromScratch(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		daily, lazy := *w, *w
		daily.items, lazy.items = slices.Clone(w.items), slices.Clone(w.items)
		next, looked := opening, 0
		for d := opening; d < opening+span; d++ {
			want := stepped(daily.run(d))
			var got []string
			if w.factOn(d) || next != 0 && next <= d {
				looked++
				got = stepped(lazy.run(d))
				next = dunning.Plan(lazy.input(d)).Next
				if next != 0 && next <= d {
					rt.Fatalf("%s: acted, and must be looked at on %s", d, next)
				}
			}
			if strings.Join(want, "\n") != strings.Join(got, "\n") {
				rt.Fatalf("%s:\nevery day %v\nnext day  %v", d, want, got)
			}
		}
		if looked > span*2/3 {
			rt.Fatalf("looked at on %d days of %d", looked, span)
		}
	})
}

// factOn tells whether something is recorded on a day: the hall plans the customer again.
func (w *world) factOn(d cal.Date) bool {
	for _, p := range w.payments {
		if p.on == d {
			return true
		}
	}
	for _, c := range w.credits {
		if c.On == d {
			return true
		}
	}
	for _, h := range w.holds {
		if h.From == d {
			return true
		}
	}
	for _, it := range w.items {
		if it.Issued == d {
			return true
		}
	}
	return false
}

// TestMonthlyAndDaily: a program started once a month does the same steps in the same order, later.
func TestMonthlyAndDaily(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		w.payments, w.credits, w.holds, w.customer.Kind = nil, nil, nil, party.Pro
		for i := range w.items {
			w.items[i].Amount += 200_00 // above every floor: what leaves with whom is not the question
			w.items[i].Scenario = scenario.Shipped()[0]
		}
		daily, monthly := *w, *w
		daily.items, monthly.items = slices.Clone(w.items), slices.Clone(w.items)
		for d := opening; d < opening+span; d++ {
			daily.run(d)
		}
		for d := opening; d < opening+span; d += 30 {
			monthly.run(d)
		}
		for d := opening + span; d < opening+span+30; d++ {
			daily.run(d) // contacts of the meantime may have delayed the daily one
		}
		for i := range w.items {
			a, b := daily.items[i], monthly.items[i]
			if b.State.Level > a.State.Level && !a.State.Review && !anyReview(daily.items) {
				rt.Fatalf("%s: monthly at level %d, daily at %d", a.Invoice, b.State.Level, a.State.Level)
			}
		}
	})
}

func anyReview(items []dunning.Item) bool {
	return slices.ContainsFunc(items, func(it dunning.Item) bool { return it.State.Review })
}
