package dunning

import (
	"slices"

	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Tasks that no step names.
const (
	TaskQualify = "qualify"
	TaskAddress = "address"
)

// tasks makes today's calls, meetings, notes and handovers: one a step, for all its items. A
// written step that only a phone or a note reaches is such a task too (rule 10).
func (p *planner) tasks() {
	type key struct {
		kind StepKind
		step string
	}
	at := map[key]int{}
	for i := range p.views {
		v := &p.views[i]
		if !v.due {
			continue
		}
		st := v.it.Scenario.Steps[v.step]
		kind := v.work(st)
		if kind.IsWritten() || kind != st.Kind && p.refuses(v, st) || p.outweighed(v, st) {
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

func (p *planner) overdueOpen(c money.Currency) (sum int64) {
	for i := range p.views {
		if v := &p.views[i]; v.it.Currency == c && p.overdue(v) && !v.held {
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

// bundle is what may stand in one message (rule 1).
type bundle struct {
	currency money.Currency
	payTo    string
	channel  Channel
	notice   bool
	invoice  string // grouping by invoice
}

// messages groups the written steps of today.
func (p *planner) messages() {
	var order []bundle
	members := map[bundle][]*view{}
	var preDue []*view
	for i := range p.views {
		v := &p.views[i]
		if !v.due || v.claimed || !v.it.Scenario.Steps[v.step].Kind.IsWritten() {
			continue
		}
		st := v.it.Scenario.Steps[v.step]
		if p.refuses(v, st) {
			continue
		}
		if st.Kind == PreDue {
			preDue = append(preDue, v)
			continue
		}
		b := bundle{currency: v.it.Currency, payTo: v.it.PayTo, channel: v.channel, notice: st.Kind == FormalNotice}
		if v.it.Scenario.ByInvoice {
			b.invoice = v.it.Invoice
		}
		if members[b] == nil {
			order = append(order, b)
		}
		members[b] = append(members[b], v)
	}
	slices.SortStableFunc(order, func(a, b bundle) int { return boolInt(b.notice) - boolInt(a.notice) })
	spent := map[money.Currency]int64{}
	for _, b := range order {
		p.message(b, members[b], spent)
	}
	p.preDue(preDue, spent)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// refuses stops a written step before it is grouped: nobody to write to, or a formal notice that
// the law or the ledger forbids today (rules 0, 10, 15).
func (p *planner) refuses(v *view, st Step) bool {
	notice := st.Kind == FormalNotice
	switch cr := p.credits(v.it.Currency); {
	case notice && !p.in.Customer.Kind.MayBeGivenNotice():
		v.stop(p, HeldUnqualified, i18n.Say("why.held.unqualified"))
		p.task(TaskQualify, v, i18n.Say("why.task.qualify"))
	case notice && cr > 0:
		v.stop(p, HeldCredit, i18n.Say("why.held.credit.notice", money.Of(cr, v.it.Currency)))
	case notice && p.replied:
		v.stop(p, HoldReply, i18n.Say("why.held.reply.notice"))
	case v.channel == "":
		v.stop(p, HeldNoAddress, i18n.Say("why.held.no-address"))
		p.task(TaskAddress, v, i18n.Say("why.task.address"))
		if st.Kind == PreDue {
			p.plan(v.it.Due + 1) // the steps after it may have another channel
		}
	default:
		return false
	}
	return true
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

// message makes one message of the items of a bundle, or holds them with the reason.
func (p *planner) message(b bundle, vs []*view, spent map[money.Currency]int64) {
	top := vs[0]
	for _, v := range vs {
		if v.it.Scenario.Level(v.step) > top.it.Scenario.Level(top.step) {
			top = v
		}
	}
	s, step := top.it.Scenario, top.step
	joins := false
	if !b.notice {
		step, joins = p.keepTone(s, step)
	}
	ch := b.channel
	if step != top.step {
		if c := p.channel(s.Steps[step]); c != "" {
			ch = c
		}
	}
	m := Message{Scenario: s, Step: step, Channel: ch, Currency: b.currency, PayTo: b.payTo, Joins: joins}
	p.fill(&m, b, vs)
	credit := max(0, p.credits(b.currency)-spent[b.currency])
	m.Deducted = credit
	net := m.Open - credit
	if why, reason, ok := p.tooSmall(s.Steps[step], ch, net, credit, b.currency); ok {
		for _, v := range vs {
			v.due = false
			p.hold(v, reason, 0, why, "")
		}
		p.planOnGrowth()
		return
	}
	spent[b.currency] += credit
	for _, v := range vs {
		v.claimed, v.notice = true, b.notice
	}
	p.finish(&m)
	p.out.Messages = append(p.out.Messages, m)
}

// keepTone is rule 1's "the tone never falls back": within 60 days of a firmer message that is
// still owed, new items join it at its tone. A formal notice is never repeated by it: the firmest
// reminder below it speaks.
func (p *planner) keepTone(s *Scenario, step int) (raised int, joins bool) {
	if p.memoryLevel <= s.Level(step) {
		return step, false
	}
	best := step
	for i := range s.Steps {
		if s.Steps[i].Kind == Reminder && s.Level(i) <= p.memoryLevel && s.Level(i) > s.Level(best) {
			best = i
		}
	}
	return best, true
}

// fill lists the items: those that move, every other overdue one, and apart those not due yet.
func (p *planner) fill(m *Message, b bundle, moving []*view) {
	for i := range p.views {
		v := &p.views[i]
		it := v.it
		if it.Currency != b.currency || it.PayTo != b.payTo || b.invoice != "" && it.Invoice != b.invoice {
			continue
		}
		moves := slices.Contains(moving, v)
		if v.held || v.notice || v.open == 0 {
			continue
		}
		l := p.line(v, moves)
		switch {
		case moves:
			m.Lines = append(m.Lines, l)
			m.Open += l.Open
		case !p.overdue(v):
			m.Upcoming = append(m.Upcoming, l)
		case b.notice:
			m.Memo = append(m.Memo, l)
		default:
			m.Lines = append(m.Lines, l)
			m.Open += l.Open
		}
	}
}

func (p *planner) line(v *view, moves bool) Line {
	l := Line{Item: v.it, DaysLate: p.in.Today.Sub(v.it.Due), Open: v.open, Disputed: v.disputed, Level: v.it.State.Level}
	if moves {
		l.Advances, l.Skips = true, v.skips
		l.Step = v.it.Scenario.Steps[v.step].ID
		l.Level = v.it.Scenario.Level(v.step)
	}
	return l
}

// tooSmall tells whether a message is not worth leaving: nothing net is owed, or less than the
// step's floor.
func (p *planner) tooSmall(st Step, ch Channel, net, credit int64, c money.Currency) (i18n.Said, HoldReason, bool) {
	floor := st.Floor
	if floor < 0 {
		floor = ch.DefaultFloor()
	}
	floor = units(floor, c)
	switch {
	case net <= 0 && credit > 0:
		return i18n.Say("why.held.credit", money.Of(credit, c)), HeldCredit, true
	case net < floor || net <= 0:
		return i18n.Say("why.held.floor", money.Of(net, c), money.Of(floor, c)), HeldFloor, true
	}
	return i18n.Said{}, "", false
}

// preDue sends the notices before the due date: with today's reminder when there is one, listed
// apart in it, else together in a message of their own.
func (p *planner) preDue(vs []*view, spent map[money.Currency]int64) {
	groups := map[bundle][]*view{}
	var order []bundle
	for _, v := range vs {
		if p.joinsReminder(v) {
			continue
		}
		b := bundle{currency: v.it.Currency, payTo: v.it.PayTo, channel: v.channel}
		if v.it.Scenario.ByInvoice {
			b.invoice = v.it.Invoice
		}
		if groups[b] == nil {
			order = append(order, b)
		}
		groups[b] = append(groups[b], v)
	}
	for _, b := range order {
		v0 := groups[b][0]
		s := v0.it.Scenario
		m := Message{Scenario: s, Step: v0.step, Channel: b.channel, Currency: b.currency, PayTo: b.payTo}
		for _, v := range groups[b] {
			l := p.line(v, true)
			m.Lines = append(m.Lines, l)
			m.Open += l.Open
		}
		credit := max(0, p.credits(b.currency)-spent[b.currency])
		m.Deducted = credit
		if why, reason, ok := p.tooSmall(s.Steps[v0.step], b.channel, m.Open-credit, credit, b.currency); ok {
			for _, v := range groups[b] {
				v.due = false
				p.hold(v, reason, 0, why, "")
			}
			p.planOnGrowth()
			continue
		}
		spent[b.currency] += credit
		p.finish(&m)
		p.out.Messages = append(p.out.Messages, m)
	}
}

func (p *planner) joinsReminder(v *view) bool {
	for i := range p.out.Messages {
		m := &p.out.Messages[i]
		if m.Currency != v.it.Currency || m.PayTo != v.it.PayTo || m.Scenario.ByInvoice {
			continue
		}
		for j := range m.Upcoming {
			if m.Upcoming[j].Item == v.it {
				m.Upcoming[j] = p.line(v, true)
				return true
			}
		}
	}
	return false
}

// finish fills what follows from the step: recipients, level, dates, who approves.
func (p *planner) finish(m *Message) {
	st := m.Scenario.Steps[m.Step]
	m.Level = m.Scenario.Level(m.Step)
	for _, l := range m.Lines {
		if l.Advances {
			m.Level = max(m.Level, l.Level)
		}
	}
	m.Also = p.reachable(st.Also, st.To)
	if m.Channel == Email || slices.Contains(m.Also, Email) {
		m.To = p.in.Reach.To(st.To)
		if p.in.Customer.Kind != party.Consumer {
			// No third person is ever in copy with a consumer (rule 8).
			m.CC = p.in.Reach.CC(st.CC, m.To)
		}
	}
	m.PayBy = PayBy(st, p.in.Customer.Kind, p.in.Today)
	m.Automation = st.Automation
	if m.Automation == Auto && p.in.Customer.ConfirmFirst {
		m.Automation = Confirm
	}
	if c := units(m.Scenario.Ceiling, m.Currency); c > 0 && m.Open-m.Deducted > c {
		m.NeedsSecond = true
		if m.Automation == Auto {
			m.Automation = Confirm
		}
	}
	key := "why.send." + string(st.Kind)
	if m.Joins {
		key = "why.send.joins"
	}
	m.Why = i18n.Say(key, m.Level, m.Scenario.Name, m.Scenario.Version)
	pen, comp := Claims(st, p.in.Customer.Kind)
	if p.in.Customer.Kind == party.Unknown && (st.Penalties != pen || st.Compensation != comp) {
		for _, l := range m.Lines {
			if l.Advances {
				p.task(TaskQualify, &view{it: l.Item}, i18n.Say("why.task.qualify"))
			}
		}
	}
}

func (p *planner) reachable(cs []Channel, roles []party.Role) (out []Channel) {
	for _, c := range cs {
		if p.in.Reach.has(c, roles) {
			out = append(out, c)
		}
	}
	return out
}

// PayBy is the date to pay by that a step prints when it leaves on a day: for a formal notice
// posting + 15 days, + 21 for a consumer (rule 15); zero when the step prints none.
func PayBy(st Step, k party.Kind, on cal.Date) cal.Date {
	days := st.PayWithin
	if st.Kind == FormalNotice {
		delay := noticeDelayPro
		if k == party.Consumer || k == party.NonPro {
			delay = noticeDelayPerson
		}
		days = max(days, delay)
	}
	if days <= 0 {
		return 0
	}
	return on.AddDays(days)
}

// Claims says what a step may claim from a kind of debtor: what the kind forbids is taken out
// here, at the only door, whatever a scenario says (rule 0).
func Claims(st Step, k party.Kind) (penalties, compensation Claim) {
	penalties, compensation = st.Penalties, st.Compensation
	if penalties == "" || !k.BearsLateInterest() {
		penalties = ClaimNone
	}
	if compensation == "" || !k.BearsCompensation() {
		compensation = ClaimNone
	}
	return penalties, compensation
}
