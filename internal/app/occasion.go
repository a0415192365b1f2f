package app

import (
	"encoding/json"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
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
	Hold     id.Hold         `json:"hold,omitempty"`
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
	if m.Kind == letter.CallReport {
		f.Called, f.CallOn = true, o.On
		f.Promised, f.PromiseOn, f.PromiseAmount = o.Result == string(CallPromise), o.Day, money.Of(o.Amount, m.Currency)
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

// say puts a message about an occasion into the outbox: by e-mail where there is an address, else as a
// letter; where there is neither, nothing can be said and nothing is. It gives the message, nil for none.
func (m *moment) say(s *scene, d *Decision, x saying) (*store.Message, error) {
	channel, to := dunning.Email, d.In.Reach.To([]party.Role{party.Accounting})
	if len(to) == 0 || x.onPaper && d.In.Reach.Postal {
		if channel = dunning.Letter; !d.In.Reach.Postal {
			return nil, nil
		}
	}
	day := m.company.Profile.Calendar.NextWorkingDay(m.day)
	in := &inputs{Date: day, Profile: m.company.ProfileVersion, PayBy: x.payBy, Mail: to, Occasion: &x.what,
		To: s.recipient(d, &dunning.Message{Channel: channel}, dunning.Step{To: []party.Role{party.Accounting}})}
	row := &store.Message{Customer: d.Customer.ID, Channel: string(channel), Step: string(x.kind), Kind: string(x.kind),
		Language: string(d.In.Customer.Language), Currency: x.currency, Automation: string(dunning.Confirm), State: store.Proposed,
		DecidedOn: m.day, SendOn: day, Recipients: to, Trial: !m.company.IsLive()}
	for _, n := range x.items {
		it := d.item(n)
		if it == nil || it.Currency != x.currency {
			continue
		}
		l := dunning.Line{Item: it, DaysLate: max(0, day.Sub(it.Due)), Open: it.Open - d.contested(it), Disputed: d.contested(it), Level: it.State.Level}
		in.Lines = append(in.Lines, d.lines([]dunning.Line{l})...)
		row.Open += l.Open
	}
	row.Total = row.Open
	in.Reference, in.PayURL = s.reference(d, in.Lines)
	if channel != dunning.Email {
		row.PostState = store.ToPost
	}
	if x.approved {
		row.State, row.ApprovedBy, row.Automation = store.Approved, x.by, string(dunning.Auto)
	}
	open, err := accounts(m.ctx, m.Tx)
	if err != nil {
		return nil, err
	}
	row.Account = accountFor(open, d.Customer.Collector)
	msg := in.message(row, m.company.Profile)
	text := letter.For(string(x.kind), &msg)
	in.Text, in.Words = text.Name(), wordsOf(text)
	dr := &Draft{Decision: d, Row: row, in: in}
	if err := dr.seal(m.ctx, m.Tx); err != nil {
		return nil, err
	}
	if err := m.InsertMessages(m.ctx, []*store.Message{row}); err != nil {
		return nil, err
	}
	if x.approved {
		if err := m.wakeMail(); err != nil {
			return nil, err
		}
	}
	m.touch(row.Customer)
	return row, m.note("message.proposed", subject{customer: row.Customer, message: row.ID},
		map[string]any{"step": row.Step, "channel": row.Channel, "open": row.Open, "total": row.Total, "currency": row.Currency})
}

// sayTo is say for a customer read now.
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
	return m.say(s, list[0], *what)
}

// overtaken says why a message about an occasion is no longer true, "" while it is.
func (d *Decision) overtaken(m *store.Message, in *inputs) string {
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
	if o.Hold != 0 {
		for _, h := range d.ledger.Holds {
			if h.ID == o.Hold && live(h.Hold, d.In.Today) {
				return ""
			}
		}
		return "held"
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
