package wire

import (
	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
)

// Plan answers `plan`: what would leave on a day and why the rest would not.
type Plan struct {
	Date     cal.Date  `json:"date"`
	Company  string    `json:"company"`
	Messages []Message `json:"messages"`
	Tasks    []Task    `json:"tasks"`
	Held     []Held    `json:"held"`
	Waiting  []Waiting `json:"waiting"`
}

// Message is one message of a plan, or of the outbox once it has an identifier.
type Message struct {
	ID           id.Message `json:"id,omitzero"`
	State        string     `json:"state,omitempty"`
	Customer     string     `json:"customer"`
	CustomerName string     `json:"customer_name"`
	Channel      string     `json:"channel"`
	Also         []string   `json:"also,omitempty"`
	Step         string     `json:"step"`
	Kind         string     `json:"kind"`
	Level        int        `json:"level"`
	Scenario     string     `json:"scenario"`
	Version      int        `json:"version"`
	Language     string     `json:"language"`
	Currency     string     `json:"currency"`
	Automation   string     `json:"automation"`
	NeedsSecond  bool       `json:"needs_second,omitempty"`
	SendOn       cal.Date   `json:"send_on"`
	PayBy        cal.Date   `json:"pay_by,omitzero"`
	Recipients   []string   `json:"recipients"`
	CC           []string   `json:"cc,omitempty"`
	Open         int64      `json:"open"`
	Penalties    int64      `json:"penalties"`    // claimed, in the total
	Compensation int64      `json:"compensation"` // claimed, euros
	Mentioned    Mentioned  `json:"mentioned,omitzero"`
	Deducted     int64      `json:"deducted"`
	Total        int64      `json:"total"`
	Items        []Item     `json:"items"`
	Upcoming     []Item     `json:"upcoming,omitempty"`
	Memo         []Item     `json:"memo,omitempty"` // pour mémoire, outside the sum demanded
	Attachments  []string   `json:"attachments,omitempty"`
	Gates        []Gate     `json:"gates"`
	Why          string     `json:"why"`
}

// Mentioned is what a message tells to date, outside its total.
type Mentioned struct {
	Penalties    int64 `json:"penalties,omitzero"`
	Compensation int64 `json:"compensation,omitzero"`
}

// Gate is a door that keeps a decided message from leaving yet.
type Gate struct {
	Gate string `json:"gate"`
	Why  string `json:"why"`
}

// Item is one line of a message: advances tells that the message moves it to its level.
type Item struct {
	Invoice    string   `json:"invoice"`
	Instalment int      `json:"instalment"`
	Due        cal.Date `json:"due"`
	DaysLate   int      `json:"days_late"`
	Amount     int64    `json:"amount"`
	Paid       int64    `json:"paid"`
	Disputed   int64    `json:"disputed,omitzero"`
	Open       int64    `json:"open"`
	Level      int      `json:"level"`
	Advances   bool     `json:"advances"`
}

// Task is something a person does.
type Task struct {
	Customer     string   `json:"customer"`
	CustomerName string   `json:"customer_name"`
	Kind         string   `json:"kind"`
	Step         string   `json:"step"`
	Invoices     []string `json:"invoices"`
	Expires      cal.Date `json:"expires,omitzero"`
	Why          string   `json:"why"`
}

// Held is an item that a reason blocks.
type Held struct {
	Customer   string   `json:"customer"`
	Invoice    string   `json:"invoice"`
	Instalment int      `json:"instalment"`
	Reason     string   `json:"reason"`
	Until      cal.Date `json:"until"`
	Owner      string   `json:"owner,omitempty"`
	NextStep   string   `json:"next_step,omitempty"`
	Why        string   `json:"why"`
}

// Waiting is an item whose next step comes later, or that awaits a person.
type Waiting struct {
	Customer   string   `json:"customer"`
	Invoice    string   `json:"invoice"`
	Instalment int      `json:"instalment"`
	NextStep   string   `json:"next_step"`
	NextOn     cal.Date `json:"next_on"`
	Level      int      `json:"level"`
	Why        string   `json:"why"`
}

// Add puts one customer's tasks, held and waiting items into the plan; messages are made by
// MessageOf, with their money.
func (p *Plan) Add(c *party.Customer, out *dunning.Outcome, l i18n.Lang) {
	for _, t := range out.Tasks {
		x := Task{Customer: c.Code, CustomerName: c.Name, Kind: t.Kind, Step: t.Step, Invoices: []string{}, Expires: t.Expires, Why: t.Why.In(l)}
		seen := map[string]bool{}
		for _, it := range t.Items {
			if !seen[it.Invoice] {
				x.Invoices = append(x.Invoices, it.Invoice)
			}
			seen[it.Invoice] = true
		}
		p.Tasks = append(p.Tasks, x)
	}
	for _, h := range out.Held {
		p.Held = append(p.Held, Held{Customer: c.Code, Invoice: h.Item.Invoice, Instalment: h.Item.Instalment, Reason: string(h.Reason),
			Until: h.Until, Owner: h.Owner, NextStep: h.Step, Why: h.Why.In(l)})
	}
	for _, w := range out.Waiting {
		p.Waiting = append(p.Waiting, Waiting{Customer: c.Code, Invoice: w.Item.Invoice, Instalment: w.Item.Instalment, NextStep: w.NextStep,
			NextOn: w.NextOn, Level: w.Item.State.Level, Why: w.Why.In(l)})
	}
}

// MessageOf is a decided message without its money: Penalties to Total are the caller's.
func MessageOf(c *party.Customer, m *dunning.Message, on cal.Date, l i18n.Lang) Message {
	st := m.Scenario.Steps[m.Step]
	x := Message{Customer: c.Code, CustomerName: c.Name, Channel: string(m.Channel), Step: st.ID, Kind: string(st.Kind), Level: m.Level,
		Scenario: m.Scenario.Name, Version: m.Scenario.Version, Currency: string(m.Currency), Automation: string(m.Automation),
		NeedsSecond: m.NeedsSecond, SendOn: on, PayBy: m.PayBy, Recipients: append([]string{}, m.To...), CC: m.CC,
		Items: itemsOf(m.Lines), Upcoming: itemsOf(m.Upcoming), Memo: itemsOf(m.Memo), Gates: []Gate{}, Why: m.Why.In(l)}
	for _, ch := range m.Also {
		x.Also = append(x.Also, string(ch))
	}
	return x
}

func itemsOf(list []dunning.Line) []Item {
	out := make([]Item, 0, len(list))
	for _, l := range list {
		out = append(out, Item{Invoice: l.Item.Invoice, Instalment: l.Item.Instalment, Due: l.Item.Due, DaysLate: l.DaysLate,
			Amount: l.Item.Amount, Paid: l.Item.Paid, Disputed: l.Disputed, Open: l.Open, Level: l.Level, Advances: l.Advances})
	}
	return out
}

// Simulation answers `simulate`.
type Simulation struct {
	Runs []SimulatedRun `json:"runs"`
}

// SimulatedRun is one day as if everything planned had left.
type SimulatedRun struct {
	Date     cal.Date  `json:"date"`
	Messages []Message `json:"messages"`
	Tasks    []Task    `json:"tasks"`
	Totals   Totals    `json:"totals"`
}

// Totals sums a simulated day: open by currency, in minor units; the plain figure is in euros, or
// in the only currency there is.
type Totals struct {
	Messages   int              `json:"messages"`
	Tasks      int              `json:"tasks"`
	Open       int64            `json:"open"`
	Postage    int64            `json:"postage"`
	Currencies map[string]int64 `json:"currencies,omitempty"`
}
