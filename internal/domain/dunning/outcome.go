package dunning

import (
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Outcome is one decision about one customer: everything each open item does today, and why.
type Outcome struct {
	Messages []Message
	Tasks    []Task
	Held     []Held
	Waiting  []Waiting
	Next     cal.Date // the customer's next contact day; zero: blocked until a fact changes
}

// Message is a written step that leaves today.
type Message struct {
	Scenario    *Scenario
	Step        int // position in Scenario: the wording and channel used
	Channel     Channel
	Also        []Channel
	To, CC      []string
	Currency    money.Currency
	PayTo       string
	Level       int
	Automation  Automation
	NeedsSecond bool // above the ceiling: a second person approves
	Lines       []Line
	Upcoming    []Line // not due yet, listed apart
	Memo        []Line // pour mémoire: overdue, not part of the sum demanded
	Open        int64
	Deducted    int64
	PayBy       cal.Date
	Joins       bool // new items join a firmer message within 60 days (rule 1)
	Why         i18n.Said
}

// Line is an item in a message.
type Line struct {
	Item     *Item
	DaysLate int
	Open     int64 // chased: disputed amount taken out
	Disputed int64
	Level    int
	Advances bool
	Step     string   // the step this item passes, when it advances
	Skips    []string // steps passed over on the way (dropped, or jumped over)
}

// Task is something a person does.
type Task struct {
	Kind    string // call, meeting, note, handover, qualify, address
	Step    string // "" when no step asks for it
	Items   []*Item
	Skips   map[id.Instalment][]string
	Expires cal.Date // after it the task is "not done" and the next step follows; zero: never
	Why     i18n.Said
}

// Held is an item that a reason blocks.
type Held struct {
	Item   *Item
	Reason HoldReason
	Until  cal.Date
	Why    i18n.Said
	Owner  string
	Step   string // what would come next
	Rule   string
}

// Waiting is an item whose next step comes later, or that awaits a person.
type Waiting struct {
	Item     *Item
	NextStep string
	NextOn   cal.Date // zero: awaits a fact
	Why      i18n.Said
	Rule     string
}
