package dunning

import (
	"slices"

	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Tasks that no step names.
const (
	TaskQualify   = "qualify"
	TaskAddress   = "address"
	TaskCheque    = "cheque"    // announced, and never came
	TaskDeclare   = "declare"   // the claim of a debt in an insolvency
	TaskInsurance = "insurance" // the declaration of an overdue debt to a credit insurer
)

// tasks makes today's calls, meetings, notes and handovers: one a step, for all its items. A
// written step that only a phone or a note reaches is such a task too (rule 10).
func (p *planner) tasks() {
	if p.make(func(k StepKind) bool { return k == Handover }); len(p.out.Tasks) > 0 {
		// From today the customer's other overdue items wait for a person (rule 1).
		for i := range p.views {
			if v := &p.views[i]; v.due && !v.claimed && p.overdue(v) {
				v.frozen = true
				v.stop(p, HeldReview, i18n.Say("why.held.review.other"))
			}
		}
	}
	p.make(func(k StepKind) bool { return k != Handover })
	for _, a := range p.in.Asks {
		p.ask(a)
	}
}

// ask makes the task that a fact asks for.
func (p *planner) ask(a Ask) {
	t := Task{Kind: a.Kind, Why: a.Why}
	if a.Days > 0 {
		t.Expires = p.in.Calendar.AddWorkingDays(p.in.Today, a.Days)
	}
	for i := range p.views {
		if v := &p.views[i]; slices.Contains(a.Items, v.it.ID) {
			t.Items = append(t.Items, v.it)
		}
	}
	if len(t.Items) == 0 {
		return
	}
	for i := range p.out.Tasks { // the scenario asks for a call today too: one call says both
		if x := &p.out.Tasks[i]; x.Kind == a.Kind && x.Step != "" && slices.Contains(x.Items, t.Items[0]) {
			x.Why = a.Why
			return
		}
	}
	p.out.Tasks = append(p.out.Tasks, t)
}

// make makes the tasks of some kinds.
func (p *planner) make(wanted func(StepKind) bool) {
	type key struct {
		kind StepKind
		step string
	}
	at := map[key]int{}
	for i := range p.views {
		v := &p.views[i]
		if !v.due || v.claimed {
			continue
		}
		st := v.it.Scenario.Steps[v.step]
		kind := v.work(st)
		if kind.IsWritten() || !wanted(kind) || kind != st.Kind && p.refuses(v, st) || p.outweighed(v, st) {
			continue
		}
		k := key{kind, st.ID}
		n, ok := at[k]
		if !ok {
			n = len(p.out.Tasks)
			at[k] = n
			p.out.Tasks = append(p.out.Tasks, Task{Kind: string(kind), Step: st.ID, Skips: map[id.Instalment][]string{},
				Expires: p.expiry(st), Why: i18n.Say("why.task."+string(kind), v.it.Invoice, v.it.Due)})
		}
		t := &p.out.Tasks[n]
		t.Items = append(t.Items, v.it)
		if len(v.skips) > 0 {
			t.Skips[v.it.ID] = v.skips
		}
		v.claimed = true
	}
}

// work is what a step comes to for this customer: its kind, or the call or note that its fallback
// of channels ends with.
func (v *view) work(st Step) StepKind {
	switch {
	case st.Kind.IsWritten() && v.channel == Phone:
		return Call
	case st.Kind.IsWritten() && v.channel == NoteTo:
		return Note
	}
	return st.Kind
}

func (p *planner) expiry(st Step) cal.Date {
	if st.Kind == Handover || st.ExpireAfter == 0 {
		return 0
	}
	return p.in.Calendar.AddWorkingDays(p.in.Today, st.ExpireAfter)
}

// outweighed holds an item for which no task is worth making: the customer's credits outweigh what
// is overdue, or the net is below the floor that the step states.
func (p *planner) outweighed(v *view, st Step) bool {
	c := v.it.Currency
	net := p.overdueOpen(c) - p.credits(c)
	floor := units(max(0, st.Floor), c)
	switch {
	case net <= 0 && p.credits(c) > 0:
		v.stop(p, HeldCredit, i18n.Say("why.held.credit", money.Of(p.credits(c), c)))
	case net < floor:
		v.stop(p, HeldFloor, i18n.Say("why.held.floor", money.Of(net, c), money.Of(floor, c)))
	default:
		return false
	}
	p.planOnGrowth()
	return true
}

// stop holds an item whose step had come.
func (v *view) stop(p *planner, reason HoldReason, why i18n.Said) {
	v.due = false
	p.hold(v, reason, 0, why, "")
}

// overdueOpen is what is overdue, undisputed and chased in a currency, before credits: the base of
// the net amount (PRODUCT.md §7).
func (p *planner) overdueOpen(c money.Currency) (sum int64) {
	for i := range p.views {
		if v := &p.views[i]; v.it.Currency == c && p.overdue(v) && !v.frozen {
			sum += v.open
		}
	}
	return sum
}

// planOnGrowth looks again when another item becomes overdue: the net may then pass the floor.
func (p *planner) planOnGrowth() {
	for i := range p.views {
		if due := p.views[i].it.Due; due >= p.in.Today {
			p.plan(due + 1)
		}
	}
}

func (p *planner) task(kind string, v *view, why i18n.Said) {
	for i := range p.out.Tasks {
		if p.out.Tasks[i].Kind == kind {
			p.out.Tasks[i].Items = append(p.out.Tasks[i].Items, v.it)
			return
		}
	}
	p.out.Tasks = append(p.out.Tasks, Task{Kind: kind, Items: []*Item{v.it}, Why: why})
}
