package dunning

import (
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

// StepKind is what a step does.
type StepKind string

// The kinds of step.
const (
	PreDue       StepKind = "pre-due"
	Reminder     StepKind = "reminder"
	Call         StepKind = "call"
	Meeting      StepKind = "meeting"
	Note         StepKind = "note"
	FormalNotice StepKind = "formal-notice"
	Handover     StepKind = "handover"
)

// StepKinds lists every kind.
var StepKinds = []StepKind{PreDue, Reminder, Call, Meeting, Note, FormalNotice, Handover}

// IsWritten tells whether the step is a message to the debtor; the others are tasks of ours.
func (k StepKind) IsWritten() bool { return k == PreDue || k == Reminder || k == FormalNotice }

// Channel is a way to reach somebody.
type Channel string

// The channels of PRODUCT.md §3 rule 10.
const (
	Email      Channel = "email"
	Letter     Channel = "letter"
	Registered Channel = "registered"
	Phone      Channel = "phone"
	NoteTo     Channel = "note"
)

// Channels lists every channel.
var Channels = []Channel{Email, Letter, Registered, Phone, NoteTo}

// DefaultFloor is the net amount below which a message is not worth its channel, in hundredths of
// the currency's unit, where the step states none (PRODUCT.md §7).
func (c Channel) DefaultFloor() int64 {
	switch c {
	case Letter:
		return 50_00
	case Registered:
		return 150_00
	}
	return 15_00
}

// Automation says who lets a step go.
type Automation string

// The degrees of automation (rule 7).
const (
	Auto    Automation = "auto"
	Confirm Automation = "confirm"
	Manual  Automation = "manual"
)

// strictest is the one of two that leaves more to a person.
func (a Automation) strictest(b Automation) Automation {
	switch {
	case a == Manual || b == Manual:
		return Manual
	case a == Confirm || b == Confirm:
		return Confirm
	}
	return a
}

// Anchor is the date from which a step counts.
type Anchor string

// The anchors.
const (
	FromDue            Anchor = "due"
	FromIssued         Anchor = "issued"
	FromReceived       Anchor = "received"
	FromLegalDelay     Anchor = "legal-delay"     // end of the public payment delay (law-fr.md §4.1)
	FromNoticeDeadline Anchor = "notice-deadline" // the date to pay by printed in the formal notice
)

// When places a step in time. Exactly one of At and After is used: IsAfter tells.
type When struct {
	Days       int    // calendar days from the anchor, negative before; working days from a notice's deadline
	EndOfMonth bool   // then the end of that month
	From       Anchor // "" is FromDue
	IsAfter    bool   // Days count from the day the previous step was sent, skipped or dropped
}

// Claim says what a message does with a right: nothing, mention it, or add it to the total.
type Claim string

// The claims.
const (
	ClaimNone    Claim = "none"
	ClaimMention Claim = "mention"
	ClaimFull    Claim = "claim"
)

// Attachment is what travels with a message.
type Attachment string

// The attachments.
const (
	AttachInvoices         Attachment = "invoices"
	AttachEarlierReminders Attachment = "earlier-reminders"
	AttachStatement        Attachment = "statement"
	AttachComputation      Attachment = "computation"
)

// Step is one action of a scenario.
type Step struct {
	ID           string
	Kind         StepKind
	When         When
	Channels     []Channel // ordered fallback
	Also         []Channel // parallel copies
	To, CC       []party.Role
	Template     string
	Automation   Automation
	ExpireAfter  int   // working days after which a call, meeting or note is "not done"
	Floor        int64 // hundredths of the currency's unit; −1: the channel's default
	PayWithin    int   // days to pay printed in the message; 0 prints none
	MinTerm      int   // pre-due: only where the item was issued so many days before its due date
	Attach       []Attachment
	Penalties    Claim
	Compensation Claim
	Line         int // in the file, for messages
}

// QuietPeriod is a yearly span of days in which the listed steps do not leave; no steps: all.
// It may run over New Year.
type QuietPeriod struct {
	From, To MonthDay
	Steps    []string
}

// MonthDay is a day of any year.
type MonthDay struct{ Month, Day int }

// Scenario is one immutable version of an ordered plan (rule 11).
type Scenario struct {
	Name       string
	Version    int
	Title      map[string]string // by language, for screens
	Language   string            // forces the language of its messages, "" for the customer's
	ByInvoice  bool              // grouping: one message an invoice
	Ceiling    int64             // hundredths of the currency's unit; 0: none
	StepGap    int               // days between two steps of one item
	ContactGap int               // days between two written messages to one address
	Deserved   bool              // catch-up: jump to the step that the delay deserves (rule 3)
	AnyDay     bool              // steps may fall on days that are not worked
	Quiet      []QuietPeriod
	Steps      []Step

	levels []int
}

// Index makes the step numbers once; scenarios are read-only afterwards.
func (s *Scenario) Index() *Scenario {
	s.levels = make([]int, len(s.Steps))
	n := 0
	for i, st := range s.Steps {
		if st.Kind == Reminder || st.Kind == FormalNotice {
			n++
		}
		s.levels[i] = n
		if st.Kind == PreDue {
			s.levels[i] = 0
		}
	}
	return s
}

// Level counts the reminder and formal-notice steps up to step i; a pre-due notice is 0, calls,
// meetings and notes keep the level.
func (s *Scenario) Level(i int) int {
	if i < 0 || i >= len(s.levels) {
		return 0
	}
	return s.levels[i]
}

// Find is the position of a step by its id, −1 when this version has none.
func (s *Scenario) Find(step string) int {
	for i := range s.Steps {
		if s.Steps[i].ID == step {
			return i
		}
	}
	return -1
}

// atLevel is the written step that carries a level, −1 when none does.
func (s *Scenario) atLevel(level int) int {
	for i := range s.Steps {
		if s.levels[i] == level && (s.Steps[i].Kind == Reminder || s.Steps[i].Kind == FormalNotice) {
			return i
		}
	}
	return -1
}

// quietUntil is the last day of the quiet period that covers d for a step, zero when none does.
func (s *Scenario) quietUntil(step string, d cal.Date) cal.Date {
	for _, q := range s.Quiet {
		if q.covers(step) {
			if end := q.endIf(d); !end.IsZero() {
				return end
			}
		}
	}
	return 0
}

func (q QuietPeriod) covers(step string) bool {
	for _, s := range q.Steps {
		if s == step {
			return true
		}
	}
	return len(q.Steps) == 0
}

func (q QuietPeriod) endIf(d cal.Date) cal.Date {
	y := d.Year()
	for _, year := range [2]int{y - 1, y} {
		from, to := q.From.in(year), q.To.in(year)
		if to < from {
			to = q.To.in(year + 1)
		}
		if d >= from && d <= to {
			return to
		}
	}
	return 0
}

func (m MonthDay) in(year int) cal.Date {
	first := cal.Of(year, monthOf(m.Month), 1)
	return first + cal.Date(min(m.Day, first.DaysInMonth())-1)
}

// units turns hundredths of a currency's unit into its minor units.
func units(hundredths int64, c money.Currency) int64 {
	n := hundredths
	for d := c.Decimals(); d > 2; d-- {
		n *= 10
	}
	for d := c.Decimals(); d < 2; d++ {
		n /= 10
	}
	return n
}
