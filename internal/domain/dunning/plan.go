package dunning

import (
	"slices"

	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// planner is the working state of one Plan call.
type planner struct {
	in          Input
	out         Outcome
	lastWritten cal.Date
	writtenDays []cal.Date // sorted
	firmUntil   cal.Date   // until then a reminder of the last 60 days, still owed, sets the tone
	toneChange  cal.Date   // first day on which one of those messages is too old to set it
	memoryLevel int        // firmest level sent in the last 60 days that is still owed
	reply       Hold       // the reply of the customer that waits longest to be dealt with
	replied     bool       // there is one
	review      bool       // an item of the customer is in pre-legal review or litigation
	views       []view
	small       []small // items whose message is not worth leaving
	next        cal.Date
}

// view is an open item with what the decision found out about it.
type view struct {
	it       *Item
	open     int64 // chased amount: disputed part taken out
	disputed int64
	frozen   bool // by a hold or a review: out of every sum
	step     int
	voice    int // the step whose wording speaks: its own, or a firmer one that it joins
	skips    []string
	channel  Channel
	on       cal.Date
	due      bool // its step falls today
	moves    bool // advances in the message being made
	claimed  bool // stands in a message or task of today
	notice   bool // stands in a formal notice of today
}

// Plan decides for one customer at one date. It reads its arguments and nothing else.
func Plan(in Input) Outcome {
	p := &planner{in: in}
	p.recall()
	p.look()
	p.tasks()
	p.messages()
	p.rest()
	p.out.Next = p.next
	return p.out
}

// recall reads what was written before: the last contact, and the tone not to fall back from.
func (p *planner) recall() {
	open := map[id.Instalment]State{}
	for i := range p.in.Items {
		it := &p.in.Items[i]
		if it.Open <= 0 {
			continue
		}
		open[it.ID] = it.State
		p.review = p.review || it.State.Review
		// What another program had sent before an import is known by the item alone (rule 4).
		p.wrote(Written{On: it.State.SentOn, Level: it.State.Level, Items: []id.Instalment{it.ID}}, open)
	}
	for _, w := range p.in.Written {
		p.wrote(w, open)
	}
	// All messages of one day are one contact (PRODUCT.md §7).
	slices.Sort(p.writtenDays)
	p.writtenDays = slices.Compact(p.writtenDays)
	for _, h := range p.in.Holds {
		if h.Reason == HoldReply && h.on(p.in.Today) && (!p.replied || h.outlasts(p.reply)) {
			p.reply, p.replied = h, true
		}
	}
}

// wrote takes one message into account, whatever its date: a run dated before the last one must
// not write again (story 9). Its tone counts while an item that it moved is still owed; an item
// that a person restarted since does not hold the customer at its old level.
func (p *planner) wrote(w Written, open map[id.Instalment]State) {
	if w.On.IsZero() {
		return
	}
	p.lastWritten = cal.Later(p.lastWritten, w.On)
	p.writtenDays = append(p.writtenDays, w.On)
	if w.Level == 0 || w.On.AddDays(toneMemory) < p.in.Today {
		return
	}
	for _, item := range w.Items {
		if st, owed := open[item]; owed && (st.Level >= w.Level || st.SentOn == w.On) {
			p.memoryLevel = max(p.memoryLevel, w.Level)
			until := w.On.AddDays(toneMemory)
			p.firmUntil = cal.Later(p.firmUntil, until)
			if p.toneChange.IsZero() || until+1 < p.toneChange {
				p.toneChange = until + 1
			}
		}
	}
}

// look finds for each open item what holds it, or its next step and day.
func (p *planner) look() {
	for i := range p.in.Items {
		it := &p.in.Items[i]
		if it.Open <= 0 {
			continue
		}
		p.views = append(p.views, view{it: it, open: it.Open, step: -1})
	}
	slices.SortFunc(p.views, func(a, b view) int {
		if a.it.before(b.it) {
			return -1
		}
		return 1
	})
	for i := range p.views {
		p.place(&p.views[i])
	}
}

// place decides one item alone: held, waiting for a person, or due on a day.
func (p *planner) place(v *view) {
	it := v.it
	for _, h := range p.in.Holds {
		if h.Item == it.ID && h.partial() && h.on(p.in.Today) {
			v.disputed += min(h.Amount, v.open)
			v.open -= min(h.Amount, v.open)
			if !h.Until.IsZero() {
				p.plan(h.Until + 1)
			}
		}
	}
	if h, ok := p.holdOn(v); ok {
		if it.Scenario != nil {
			v.step, _ = p.upcomingStep(it)
		}
		v.frozen = true
		p.hold(v, h.Reason, h.Until, h.said(), h.Owner)
		return
	}
	switch {
	case it.State.Review:
		v.frozen = true
		p.hold(v, HeldReview, 0, i18n.Say("why.held.review"), "")
	case p.review && p.overdue(v):
		v.frozen = true
		p.hold(v, HeldReview, 0, i18n.Say("why.held.review.other"), "")
	case it.Scenario == nil || len(it.Scenario.Steps) == 0:
		p.wait(v, "", 0, i18n.Say("why.wait.none"), "11")
	case it.DueEstimated && !p.in.Customer.TermsConfirmed:
		p.wait(v, "", 0, i18n.Say("why.wait.estimated", it.Due), "6.fec")
	case it.State.Pending != "":
		p.wait(v, it.State.Pending, 0, i18n.Say("why.wait.pending", it.State.Pending), "7")
	default:
		p.schedule(v)
	}
}

// holdOn finds the hold that stops an item today: the one that lasts longest.
func (p *planner) holdOn(v *view) (found Hold, ok bool) {
	for _, h := range p.in.Holds {
		if h.Item != 0 && h.Item != v.it.ID || !h.on(p.in.Today) || h.partial() && v.open > 0 || h.Spares(v.it) {
			continue
		}
		if !ok || h.outlasts(found) {
			found, ok = h, true
		}
	}
	return found, ok
}

// outlasts tells whether a hold ends after another one; one without an end outlasts all.
func (h Hold) outlasts(o Hold) bool {
	return h.Until.IsZero() || !o.Until.IsZero() && h.Until > o.Until
}

// Spares tells what a hold leaves alone: an opening judgment freezes the customer's debts born before it; what is born after is
// payable and chased (rule 6).
func (h Hold) Spares(it *Item) bool {
	return h.Reason == HoldInsolvency && h.Item == 0 && !h.From.IsZero() && it.Issued >= h.From
}

func (h Hold) said() i18n.Said {
	key := "why.hold." + string(h.Reason)
	if h.Until.IsZero() {
		return i18n.Say("why.hold.open", i18n.Key(key), h.Why)
	}
	return i18n.Say("why.hold.until", i18n.Key(key), h.Until, h.Why)
}

func (p *planner) schedule(v *view) {
	it := v.it
	v.step, v.skips = p.upcomingStep(it)
	if v.step >= len(it.Scenario.Steps) {
		p.wait(v, "", 0, i18n.Say("why.wait.end"), "12")
		return
	}
	st := it.Scenario.Steps[v.step]
	v.channel = p.channel(st)
	var rule string
	v.on, rule = p.dateOf(it, v.step, v.channel)
	for st.Kind == PreDue && v.on >= it.Due {
		// It would arrive when the item is already due: the step after it counts.
		v.skips = append(v.skips, st.ID)
		if v.step++; v.step >= len(it.Scenario.Steps) {
			p.wait(v, "", 0, i18n.Say("why.wait.end"), "12")
			return
		}
		st = it.Scenario.Steps[v.step]
		v.channel = p.channel(st)
		v.on, rule = p.dateOf(it, v.step, v.channel)
	}
	switch {
	case v.on.IsZero():
		p.wait(v, st.ID, 0, i18n.Say("why.wait.anchor"), "2")
	case v.on > p.in.Today:
		p.wait(v, st.ID, v.on, i18n.Say("why.wait."+ruleKey(rule), v.on), "2")
	default:
		v.due = true
	}
}

// ruleKey is the sentence of a date rule: the calendar only moved it.
func ruleKey(rule string) string {
	for i := range rule {
		if rule[i] == '+' {
			return rule[:i]
		}
	}
	return rule
}

// channel is the first of the step's channels that reaches the customer; "" when none does.
func (p *planner) channel(st Step) Channel {
	if !st.Kind.IsWritten() {
		return Phone
	}
	for _, c := range st.Channels {
		if p.in.Reach.has(c, st.To) {
			return c
		}
	}
	return ""
}

func (p *planner) hold(v *view, why HoldReason, until cal.Date, said i18n.Said, owner string) {
	step := ""
	if v.step >= 0 && v.it.Scenario != nil && v.step < len(v.it.Scenario.Steps) {
		step = v.it.Scenario.Steps[v.step].ID
	}
	p.out.Held = append(p.out.Held, Held{Item: v.it, Reason: why, Until: until, Why: said, Owner: owner, Step: step, Rule: "6"})
	if !until.IsZero() {
		p.plan(until + 1)
	}
}

func (p *planner) wait(v *view, step string, on cal.Date, said i18n.Said, rule string) {
	p.out.Waiting = append(p.out.Waiting, Waiting{Item: v.it, NextStep: step, NextOn: on, Why: said, Rule: rule})
	p.plan(on)
}

// plan notes a day on which this customer must be looked at again.
func (p *planner) plan(on cal.Date) {
	if on.IsZero() {
		return
	}
	if p.next.IsZero() || on < p.next {
		p.next = on
	}
}

// rest plans today again for what acts today: the store looks once more after it was applied. A
// task that no step asks for moves nothing and waits for a person.
func (p *planner) rest() {
	if len(p.out.Messages) > 0 || slices.ContainsFunc(p.out.Tasks, func(t Task) bool { return t.Step != "" }) {
		p.plan(p.in.Today)
	}
}

func (p *planner) overdue(v *view) bool { return v.it.Due < p.in.Today }

// credits is what stands in the customer's favour in a currency.
func (p *planner) credits(c money.Currency) (sum int64) {
	for _, cr := range p.in.Credits {
		if cr.Currency == c && (cr.On.IsZero() || cr.On <= p.in.Today) {
			sum += cr.Amount
		}
	}
	return sum
}
