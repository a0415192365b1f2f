package dunning

import (
	"time"

	"relance/internal/domain/party"
	"relance/internal/ground/cal"
)

// Days that are the product's own choice, not a company's setting.
const (
	graceAfterPayBy   = 2  // working days after a printed date to pay by (rule 2)
	waitAfterPayment  = 7  // days after a part payment (rule 5)
	toneMemory        = 60 // days during which the tone does not fall back (rule 1)
	noticeDelayPro    = 15 // days to pay from the posting of a formal notice (rule 15)
	noticeDelayPerson = 21
)

// The contact caps of a consumer (rule 8): one contact per 72 hours, four a month.
const (
	ConsumerGap      = 3
	ConsumerMonth    = 30
	ConsumerContacts = 4
)

// position is the place of the last step passed in the item's own version, −1 before the first.
// A version may have lost the step: then the level says where the item stands.
func (it *Item) position() int {
	if it.State.Step == "" {
		return -1
	}
	if i := it.Scenario.Find(it.State.Step); i >= 0 {
		return i
	}
	if it.State.Level > 0 {
		return it.Scenario.atLevel(it.State.Level)
	}
	return -1
}

// Resume stands an item that comes back to a scenario which it had begun after the furthest step that it took there: no step
// is taken twice (rule 9).
func (it *Item) Resume(taken string) {
	if it.Scenario.Find(taken) > it.position() {
		it.State.Step = taken
	}
}

// upcomingStep is the step an item would do next and those it passes over without a message:
// a pre-due notice that came too late or does not apply, and, with catch-up "deserved", the steps
// that the delay has outgrown. It is len(Steps) at the end of the scenario.
func (p *planner) upcomingStep(it *Item) (step int, skips []string) {
	s := it.Scenario
	step = it.position() + 1
	for step < len(s.Steps) && s.Steps[step].Kind == PreDue && p.dropsPreDue(it, s.Steps[step]) {
		skips = append(skips, s.Steps[step].ID)
		step++
	}
	if !s.Deserved {
		return step, skips
	}
	for goal := p.deserved(it, step); step < goal; step++ {
		skips = append(skips, s.Steps[step].ID)
	}
	return step, skips
}

// deserved is the step that the delay has reached, from step on: a formal notice only after at
// least one reminder, a handover only as the very next step.
func (p *planner) deserved(it *Item, step int) (goal int) {
	s, asked := it.Scenario, cal.Date(0)
	goal = step
	for j := step; j < len(s.Steps); j++ {
		st := s.Steps[j]
		if st.When.IsAfter && j > step {
			asked = asked.AddDays(st.When.Days)
		} else {
			asked = p.nominal(it, j)
		}
		if st.Kind == PreDue || st.Kind == Handover && j > step {
			continue
		}
		if st.Kind == FormalNotice && it.State.Level == 0 || asked.IsZero() {
			break
		}
		if asked > p.in.Today {
			p.plan(asked) // the delay will then deserve more
			break
		}
		goal = j
	}
	return goal
}

func (p *planner) dropsPreDue(it *Item, st Step) bool {
	if p.in.Today >= it.Due {
		return true
	}
	return st.MinTerm > 0 && !it.Issued.IsZero() && it.Due.Sub(it.Issued) < st.MinTerm
}

// nominal is the date a step asks for by itself, before gaps and calendars; zero when its anchor
// is not known yet.
func (p *planner) nominal(it *Item, i int) cal.Date {
	w := it.Scenario.Steps[i].When
	if w.IsAfter {
		// Where everything before was dropped, it was dropped by the due date.
		return orElse(it.State.PassedOn, it.Due).AddDays(w.Days)
	}
	base := it.Due
	switch w.From {
	case FromIssued:
		base = orElse(it.Issued, it.Due)
	case FromReceived:
		base = orElse(it.Received, orElse(it.Issued, it.Due))
	case FromLegalDelay:
		base = orElse(it.LegalDelay, it.Due)
	case FromNoticeDeadline:
		base = orElse(it.State.PayBy, it.State.PassedOn)
		if it.State.PayBy.IsZero() && !base.IsZero() && base == it.State.SentOn {
			// Another program sent it: the date it printed is not known, the rule's delay is (rule 15).
			base = PayBy(Step{Kind: FormalNotice}, p.in.Customer.Kind, base)
		}
		if base.IsZero() {
			return 0
		}
		return p.in.Calendar.AddWorkingDays(base, w.Days)
	}
	d := base.AddDays(w.Days)
	if w.EndOfMonth {
		d = d.EndOfMonth()
	}
	return d
}

func orElse(d, other cal.Date) cal.Date {
	if d.IsZero() {
		return other
	}
	return d
}

// dateOf is rule 2: the day on which step i of an item falls, not before today, and the rule
// that fixed it.
func (p *planner) dateOf(it *Item, i int, ch Channel) (on cal.Date, rule string) {
	s, st := it.Scenario, it.Scenario.Steps[i]
	on, rule = p.nominal(it, i), "offset"
	if on.IsZero() {
		return 0, "anchor"
	}
	later := func(d cal.Date, why string) {
		if d > on {
			on, rule = d, why
		}
	}
	if st.Kind != PreDue {
		later(it.Due+1, "never-on-due-date")
	} else if !p.firmUntil.IsZero() {
		later(p.firmUntil+1, "tone") // no innocent notice beside a firm reminder (rule 1)
	}
	if !it.State.SentOn.IsZero() {
		later(it.State.SentOn.AddDays(s.StepGap), "step-gap")
	}
	if !it.State.PassedOn.IsZero() {
		later(it.State.PassedOn.AddDays(max(1, p.taskGap(it, i))), "step-gap")
	}
	if !it.State.PayBy.IsZero() {
		later(p.in.Calendar.AddWorkingDays(it.State.PayBy, graceAfterPayBy), "pay-by")
	}
	if !it.LastPaymentOn.IsZero() && it.Paid > 0 && st.Kind != PreDue {
		later(it.LastPaymentOn.AddDays(waitAfterPayment), "part-payment")
	}
	if st.Kind.IsWritten() {
		later(p.contactFrom(s), "contact-gap")
	}
	later(p.in.Today, rule)
	if d := p.settle(s, st, ch, on); d > on {
		on, rule = d, rule+"+calendar"
	}
	return on, rule
}

// taskGap keeps a step at a distance from the one before it when that one was a task, or was
// skipped. On time the scenario's own dates stand (personal: call at +3, its e-mail at +6); a late
// plan is spread out by the step gap (rule 3).
func (p *planner) taskGap(it *Item, i int) int {
	s, j := it.Scenario, it.position()
	if j < 0 || it.State.PassedOn == it.State.SentOn {
		return 0
	}
	if w := s.Steps[i].When; w.IsAfter || w.From == FromNoticeDeadline {
		return 0 // counted from the step before: the distance is the scenario's
	}
	onTime := p.settle(s, s.Steps[j], Phone, p.nominal(it, j))
	if !s.Steps[j].When.IsAfter && it.State.PassedOn <= onTime {
		return 0
	}
	return s.StepGap
}

// contactFrom is the first day on which this customer may be written to again.
func (p *planner) contactFrom(s *Scenario) cal.Date {
	if p.lastWritten.IsZero() {
		return 0
	}
	gap := s.ContactGap
	if p.in.Customer.Kind == party.Consumer {
		gap = max(gap, ConsumerGap)
	}
	from := p.lastWritten.AddDays(max(1, gap)) // a second run of one day adds nothing
	if p.in.Customer.Kind == party.Consumer && len(p.writtenDays) >= ConsumerContacts {
		from = cal.Later(from, p.writtenDays[len(p.writtenDays)-ConsumerContacts].AddDays(ConsumerMonth))
	}
	return from
}

// settle moves a day to the first one on which the step may leave: working day, outside quiet
// periods, and for a registered letter neither a Friday nor the eve of a holiday.
func (p *planner) settle(s *Scenario, st Step, ch Channel, d cal.Date) cal.Date {
	for range 400 {
		start := d
		if end := s.quietUntil(st.ID, d); !end.IsZero() && st.Kind != PreDue {
			d = end + 1
		}
		for _, q := range p.in.Company.Quiet {
			if end := q.endIf(d); !end.IsZero() && q.covers(st.ID) {
				d = end + 1
			}
		}
		if !s.AnyDay {
			d = p.in.Calendar.NextWorkingDay(d)
		}
		if ch == Registered && (d.Weekday() == time.Friday || p.eveOfHoliday(d)) {
			d++
		}
		if d == start {
			return d
		}
	}
	return d
}

// eveOfHoliday: the next day is a public holiday that would have been worked.
func (p *planner) eveOfHoliday(d cal.Date) bool {
	next := d + 1
	return next.Weekday() != time.Saturday && next.Weekday() != time.Sunday && !p.in.Calendar.IsWorkingDay(next)
}
