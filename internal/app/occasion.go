package app

import (
	"encoding/json"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/party"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// occasion is what a message that no step of a scenario asks for is about: a payment to thank for, one that
// came back, a cheque that never arrived (PRODUCT.md §3 rules 6 and 13). It moves no item.
type occasion struct {
	On       cal.Date        `json:"on,omitzero"`      // of the payment, of the incident
	Amount   int64           `json:"amount,omitempty"` // minor units of the message's currency
	NoticeOn cal.Date        `json:"notice_on,omitzero"`
	Cheque   string          `json:"cheque,omitempty"`
	Method   string          `json:"method,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	With     string          `json:"with,omitempty"` // who was reached on the phone
	Result   string          `json:"result,omitempty"`
	Said     string          `json:"said,omitempty"` // in the caller's words
	Day      cal.Date        `json:"day,omitzero"`   // promised, or agreed for the next call
	Parts    []agreedPart    `json:"parts,omitempty"`
	Settled  []id.Instalment `json:"settled,omitempty"`
	Category string          `json:"category,omitempty"` // of a dispute
	Plan     id.Plan         `json:"plan,omitempty"`
	Seq      int             `json:"seq,omitempty"` // instalment of the plan
}

// agreedPart is a date of what was agreed.
type agreedPart struct {
	Due    cal.Date `json:"due"`
	Amount int64    `json:"amount"`
}

// tell fills what a text may say of an occasion.
func (o *occasion) tell(m *letter.Message) {
	f := &m.Facts
	f.ReceivedOn, f.Received, f.NoticeOn = o.On, money.Of(o.Amount, m.Currency), o.NoticeOn
	f.Cheque, f.Method, f.Reason, f.Said = o.Cheque, o.Method, o.Reason, o.Said
	f.CallWith, f.Result = o.With, o.Result
	if m.Kind == letter.PlanNotice {
		f.Promised, f.PromiseOn, f.PromiseAmount, f.Received = true, o.Day, money.Of(o.Amount, m.Currency), money.Amount{}
	}
	if m.Kind == letter.CallReport {
		f.Called, f.CallOn = true, o.On
		f.Promised, f.PromiseOn, f.PromiseAmount = o.Result == string(CallPromise), o.Day, money.Of(o.Amount, m.Currency)
	}
	if m.Kind == letter.DisputeNoted {
		f.Category, f.Owner, f.AnswerBy = o.Category, o.With, o.Day
	}
	for _, p := range o.Parts {
		f.Parts = append(f.Parts, letter.AgreedPart{Due: p.Due, Amount: money.Of(p.Amount, m.Currency)})
	}
}

// saying is an occasion on its way into the outbox.
type saying struct {
	kind     letter.Kind
	what     occasion
	items    []id.Instalment // what it lists as owed
	currency money.Currency
	payBy    cal.Date
	onPaper  bool // a letter, even where there is an e-mail address
	approved bool // it leaves without a person: somebody has just said so, or it asks for nothing
	by       string
}

// noScenario is what a message about an occasion stands in for where a plan lists it: it belongs to none.
func noScenario(k letter.Kind) *dunning.Scenario {
	return &dunning.Scenario{Steps: []dunning.Step{{ID: string(k), Kind: dunning.StepKind(k)}}}
}

// draftOf writes a message about an occasion: by e-mail where there is an address, else as a letter; where there is
// neither, nothing can be said and the draft is nil.
func (s *scene) draftOf(d *Decision, x saying) *Draft {
	channel, to := dunning.Email, d.In.Reach.To([]party.Role{party.Accounting})
	if len(to) == 0 || x.onPaper && d.In.Reach.Postal {
		if channel = dunning.Letter; !d.In.Reach.Postal {
			return nil
		}
	}
	if len(to) > 1 && !d.In.Customer.Kind.BearsLateInterest() {
		to = to[:1] // no third person ever reads what a consumer owes (PRODUCT.md §3 rule 8)
	}
	day := s.company.Profile.Calendar.NextWorkingDay(s.day)
	m := &dunning.Message{Scenario: noScenario(x.kind), Channel: channel, To: to, Currency: x.currency, Automation: dunning.Confirm, PayBy: x.payBy,
		Why: i18n.Say("why.occasion." + string(x.kind))}
	in := &inputs{Date: day, Profile: s.company.ProfileVersion, PayBy: x.payBy, Mail: to, Occasion: &x.what,
		To: s.recipient(d, m, dunning.Step{To: []party.Role{party.Accounting}})}
	row := &store.Message{Customer: d.Customer.ID, Channel: string(channel), Step: string(x.kind), Kind: string(x.kind),
		Language: string(d.In.Customer.Language), Currency: x.currency, State: store.Proposed, DecidedOn: s.day, SendOn: day, Recipients: to,
		Trial: !s.company.IsLive()}
	for _, n := range x.items {
		it := d.item(n)
		if it == nil || it.Currency != x.currency {
			continue
		}
		l := dunning.Line{Item: it, DaysLate: max(0, day.Sub(it.Due)), Open: it.Open - d.contested(it), Disputed: d.contested(it), Level: it.State.Level}
		m.Lines = append(m.Lines, l)
		row.Open += l.Open
	}
	in.Lines, m.Open, row.Total = d.lines(m.Lines), row.Open, row.Open
	in.Reference, in.PayURL = s.reference(d, in.Lines)
	if channel != dunning.Email {
		row.PostState = store.ToPost
	}
	if x.approved {
		row.State, row.ApprovedBy, m.Automation = store.Approved, x.by, dunning.Auto
	}
	row.Automation = string(m.Automation)
	msg := in.message(row, s.company.Profile)
	text := letter.For(string(x.kind), &msg)
	in.Text, in.Words = text.Name(), wordsOf(text)
	return &Draft{Decision: d, Message: m, Row: row, in: in}
}

// put queues a draft about an occasion: it moves no item.
func (m *moment) put(dr *Draft) (*store.Message, error) {
	open, err := accounts(m.ctx, m.Tx)
	if err != nil {
		return nil, err
	}
	row := dr.Row
	row.Account = accountFor(open, dr.Decision.Customer.Collector)
	if err := dr.seal(m.ctx, m.Tx); err != nil {
		return nil, err
	}
	if err := m.InsertMessages(m.ctx, []*store.Message{row}); err != nil {
		return nil, err
	}
	if row.State == store.Approved {
		if err := m.wakeMail(); err != nil {
			return nil, err
		}
	}
	return row, m.note("message.proposed", subject{customer: row.Customer, message: row.ID},
		map[string]any{"step": row.Step, "channel": row.Channel, "open": row.Open, "total": row.Total, "currency": row.Currency})
}

// sayTo puts a message about an occasion into the outbox of a customer read now; nil when nothing reaches them.
func (m *moment) sayTo(c id.Customer, x func(s *scene, d *Decision) (*saying, error)) (*store.Message, error) {
	s, err := m.bareScene()
	if err != nil {
		return nil, err
	}
	list, err := s.gather(m.ctx, m.Tx, []id.Customer{c})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	what, err := x(s, list[0])
	if err != nil || what == nil {
		return nil, err
	}
	dr := s.draftOf(list[0], *what)
	if dr == nil {
		return nil, nil
	}
	m.touch(c)
	return m.put(dr)
}

// overtaken says why a message about an occasion is no longer true, "" while it is.
func (d *Decision) overtaken(in *inputs) string {
	o := in.Occasion
	for _, n := range o.Settled {
		if d.item(n) != nil {
			return "owed" // what it thanks for is owed again
		}
	}
	for _, l := range in.Lines {
		if !d.owedAsWritten(l) {
			return "paid"
		}
	}
	if o.Plan != 0 {
		// A date of a plan is told while the plan runs and the date is not paid.
		if st, running := d.standings[o.Plan]; !running || o.Seq > len(st.Parts) || st.Parts[o.Seq-1].State != promise.Running {
			return "held"
		}
	}
	return ""
}

// redateOccasion writes a waiting message about an occasion for the day it leaves.
func (q *queue) redateOccasion(row *store.Message, in *inputs) error {
	if !in.PayBy.IsZero() {
		in.PayBy = q.day.AddDays(in.PayBy.Sub(in.Date))
	}
	in.Date = q.day
	b, err := json.Marshal(in)
	row.Inputs = string(b)
	return err
}
