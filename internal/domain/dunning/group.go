package dunning

import (
	"slices"

	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

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
		if p.keepTone(v); !v.due {
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
	p.leaveSmall()
}

// small is an item whose message is not worth leaving, and why.
type small struct {
	v      *view
	reason HoldReason
	why    i18n.Said
}

// leaveSmall says what becomes of the items whose own message is not worth leaving, once it is
// known which messages leave: one that another message asks for today waits for the next contact.
func (p *planner) leaveSmall() {
	for _, x := range p.small {
		v := x.v
		if p.listed(v) {
			on := p.in.Today.AddDays(max(1, v.it.Scenario.ContactGap))
			p.wait(v, v.it.Scenario.Steps[v.step].ID, on, i18n.Say("why.wait.contact-gap", on), "2")
			continue
		}
		v.stop(p, x.reason, x.why)
		if v.raised() {
			p.plan(p.toneChange) // its own step may have a lower floor
		}
		p.planOnGrowth()
	}
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
		v.due = false
		p.hold(v, HoldReply, p.reply.Until, i18n.Say("why.held.reply.notice"), p.reply.Owner)
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

// message makes one message of the items of a bundle, or holds them with the reason.
func (p *planner) message(b bundle, vs []*view, spent map[money.Currency]int64) {
	top := vs[0]
	for _, v := range vs {
		v.moves = true
		lv, lt := v.it.Scenario.Level(v.voice), top.it.Scenario.Level(top.voice)
		if lv > lt || lv == lt && top.raised() && !v.raised() {
			top = v
		}
	}
	m := Message{Scenario: top.it.Scenario, Step: top.voice, Channel: b.channel, Currency: b.currency, PayTo: b.payTo,
		Joins: top.raised()}
	p.fill(&m, b)
	m.Deducted = min(m.Open, max(0, p.credits(b.currency)-spent[b.currency]))
	spent[b.currency] += m.Deducted
	net := p.overdueOpen(b.currency) - p.credits(b.currency)
	if b.notice || b.invoice != "" {
		net = m.Open - m.Deducted // the sum demanded, the invoice alone
	}
	if m.Open == m.Deducted {
		net = min(net, 0)
	}
	for _, v := range vs {
		v.moves = false
	}
	if why, reason, ok := p.tooSmall(m.Scenario.Steps[m.Step], m.Channel, net, b.currency); ok {
		if reason == HeldFloor {
			spent[b.currency] -= m.Deducted
		}
		if others := p.tooSmallFor(vs, &m, reason, why); len(others) > 0 {
			p.message(b, others, spent)
		}
		return
	}
	for _, v := range vs {
		v.claimed, v.notice = true, b.notice
	}
	p.finish(&m)
	p.out.Messages = append(p.out.Messages, m)
}

// tooSmallFor puts aside the items for which a message is too small, and gives back those of
// other steps: a floor is the step's own.
func (p *planner) tooSmallFor(vs []*view, m *Message, reason HoldReason, why i18n.Said) (others []*view) {
	for _, v := range vs {
		if reason == HeldFloor && (v.it.Scenario != m.Scenario || v.voice != m.Step) {
			others = append(others, v)
			continue
		}
		v.due = false
		p.small = append(p.small, small{v, reason, why})
	}
	return others
}

// listed tells whether a message of today asks for the item already.
func (p *planner) listed(v *view) bool {
	for _, m := range p.out.Messages {
		for _, l := range m.Lines {
			if l.Item == v.it {
				return true
			}
		}
	}
	return false
}

// keepTone is rule 1's "the tone never falls back": within 60 days of a firmer message that is
// still owed, an item joins it at its tone, by its channel, and on the days on which it may leave.
// A formal notice is never repeated by it: the firmest reminder below it speaks.
func (p *planner) keepTone(v *view) {
	s := v.it.Scenario
	v.voice = v.step
	if s.Steps[v.step].Kind == FormalNotice || p.memoryLevel <= s.Level(v.step) {
		return
	}
	for i := range s.Steps {
		if s.Steps[i].Kind == Reminder && s.Level(i) <= p.memoryLevel && s.Level(i) > s.Level(v.voice) {
			v.voice = i
		}
	}
	if !v.raised() {
		return
	}
	voice := s.Steps[v.voice]
	if c := p.channel(voice); c == Email || c == Letter || c == Registered {
		v.channel = c
	}
	if on := p.settle(s, voice, v.channel, p.in.Today); on > p.in.Today {
		v.due = false
		p.wait(v, s.Steps[v.step].ID, on, i18n.Say("why.wait.tone", on), "1")
		p.plan(p.toneChange) // the firm message may be too old before that day
	}
}

// raised tells whether an item speaks at a firmer tone than its own step.
func (v *view) raised() bool { return v.voice != v.step }

// fill lists the items: those that move, every other overdue one, and apart those not due yet. An
// item whose own step is refused today is still owed: it is listed.
func (p *planner) fill(m *Message, b bundle) {
	for i := range p.views {
		v := &p.views[i]
		it := v.it
		if it.Currency != b.currency || it.PayTo != b.payTo || b.invoice != "" && it.Invoice != b.invoice {
			continue
		}
		if v.frozen || v.notice || v.open == 0 {
			continue
		}
		l := p.line(v, v.moves)
		switch {
		case v.moves:
			m.Lines = append(m.Lines, l)
			m.Open += l.Open
		case !p.overdue(v):
			if !b.notice {
				m.Upcoming = append(m.Upcoming, l)
			}
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
func (p *planner) tooSmall(st Step, ch Channel, net int64, c money.Currency) (i18n.Said, HoldReason, bool) {
	floor := st.Floor
	if floor < 0 {
		floor = ch.DefaultFloor()
	}
	floor = units(floor, c)
	credit := p.credits(c)
	switch {
	case net <= 0 && credit > 0:
		return i18n.Say("why.held.credit", money.Of(credit, c)), HeldCredit, true
	case net < floor || net <= 0:
		return i18n.Say("why.held.floor", money.Of(net, c), money.Of(floor, c)), HeldFloor, true
	}
	return i18n.Said{}, "", false
}

// preDue sends the notices before the due date: with today's reminder when there is one, listed
// apart in it, else together in a message of their own. Beside a formal notice nothing innocent
// leaves.
func (p *planner) preDue(vs []*view, spent map[money.Currency]int64) {
	groups := map[bundle][]*view{}
	var order []bundle
	firm := slices.ContainsFunc(p.out.Messages, func(m Message) bool { return m.Level > 0 })
	for _, v := range vs {
		if p.joinsReminder(v) {
			continue
		}
		if firm {
			// Tomorrow the firm message is a fact, and says until when.
			v.due = false
			p.wait(v, v.it.Scenario.Steps[v.step].ID, p.in.Today+1, i18n.Say("why.wait.tone", p.in.Today+1), "1")
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
		p.preDueMessage(b, groups[b], spent)
	}
}

func (p *planner) preDueMessage(b bundle, vs []*view, spent map[money.Currency]int64) {
	s, step := vs[0].it.Scenario, vs[0].step
	m := Message{Scenario: s, Step: step, Channel: b.channel, Currency: b.currency, PayTo: b.payTo}
	for _, v := range vs {
		l := p.line(v, true)
		m.Lines = append(m.Lines, l)
		m.Open += l.Open
	}
	// Credits settle what is overdue first.
	m.Deducted = min(m.Open, max(0, p.credits(b.currency)-p.overdueOpen(b.currency)-spent[b.currency]))
	if why, reason, ok := p.tooSmall(s.Steps[step], b.channel, m.Open-m.Deducted, b.currency); ok {
		for _, v := range vs {
			v.voice = v.step
		}
		if others := p.tooSmallFor(vs, &m, reason, why); len(others) > 0 {
			p.preDueMessage(b, others, spent)
		}
		return
	}
	spent[b.currency] += m.Deducted
	for _, v := range vs {
		v.claimed = true
	}
	p.finish(&m)
	p.out.Messages = append(p.out.Messages, m)
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
				v.claimed = true
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
			m.CC = p.in.Reach.CC(st.CC, m.To)
		} else if len(m.To) > 1 {
			m.To = m.To[:1] // no third person ever reads what a consumer owes (rule 8)
		}
	}
	m.PayBy = PayBy(st, p.in.Customer.Kind, p.in.Today)
	m.Automation = st.Automation
	for _, l := range m.Lines {
		if l.Advances {
			m.Automation = m.Automation.strictest(l.Item.Scenario.Steps[l.Item.Scenario.Find(l.Step)].Automation)
		}
	}
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
	if p.in.Customer.Kind == party.Unknown && st.claims() {
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

// claims tells whether a step says anything of interest or compensation.
func (st Step) claims() bool {
	return st.Penalties == ClaimMention || st.Penalties == ClaimFull || st.Compensation == ClaimMention || st.Compensation == ClaimFull
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
