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
	consumerGap       = 3  // one contact per 72 hours (rule 8)
	consumerMonth     = 30 // and four a month
	consumerContacts  = 4
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
	goal := step
	for j := step; j < len(s.Steps); j++ {
		st := s.Steps[j]
		if st.Kind == PreDue || st.Kind == Handover && j > step {
			continue
		}
		if st.Kind == FormalNotice && it.State.Level == 0 {
			break // always follows at least one reminder
		}
		if on := p.nominal(it, j); on.IsZero() || on > p.in.Today {
			break
		}
		goal = j
	}
	for ; step < goal; step++ {
		skips = append(skips, s.Steps[step].ID)
	}
	return step, skips
}

func (p *planner) dropsPreDue(it *Item, st Step) bool {
	if p.in.Today >= it.Due || p.chased {
		return true
	}
	return st.MinTerm > 0 && !it.Issued.IsZero() && it.Due.Sub(it.Issued) < st.MinTerm
}

// nominal is the date a step asks for by itself, before gaps and calendars; zero when its anchor
// is not known yet.
func (p *planner) nominal(it *Item, i int) cal.Date {
	w := it.Scenario.Steps[i].When
	if w.IsAfter {
		if it.State.PassedOn.IsZero() {
			return cal.Later(it.Due+1, p.in.Today)
		}
		return it.State.PassedOn.AddDays(w.Days)
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

// taskGap keeps a step at a distance from the task before it: the scenario's own spacing when it
// is closer than the step gap (personal: call at +3, its e-mail at +6), so that a task never
// delays a plan that is on time and a late plan is still spread out (rule 3).
func (p *planner) taskGap(it *Item, i int) int {
	s := it.Scenario
	if i == 0 || s.Steps[i-1].ID != it.State.Step || s.Steps[i-1].Kind.IsWritten() {
		return 0
	}
	a, b := s.Steps[i-1].When, s.Steps[i].When
	if a.IsAfter || b.IsAfter || a.From != b.From || a.EndOfMonth || b.EndOfMonth {
		return s.StepGap
	}
	return min(s.StepGap, b.Days-a.Days)
}

// contactFrom is the first day on which this customer may be written to again.
func (p *planner) contactFrom(s *Scenario) cal.Date {
	if p.lastWritten.IsZero() {
		return 0
	}
	gap := s.ContactGap
	if p.in.Customer.Kind == party.Consumer {
		gap = max(gap, consumerGap)
	}
	from := p.lastWritten.AddDays(gap)
	if p.in.Customer.Kind == party.Consumer && len(p.writtenDays) >= consumerContacts {
		from = cal.Later(from, p.writtenDays[len(p.writtenDays)-consumerContacts].AddDays(consumerMonth))
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
