package wire

import (
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Promise is a promise to pay, or a plan of payments, as it stands.
type Promise struct {
	Promise      id.Plan        `json:"promise"`
	Kind         string         `json:"kind"` // promise, plan
	Customer     string         `json:"customer"`
	CustomerName string         `json:"customer_name"`
	Invoices     []string       `json:"invoices"`
	Currency     money.Currency `json:"currency"`
	Owed         int64          `json:"owed"`  // when it was made
	State        string         `json:"state"` // running, kept, partly, broken, cancelled
	MadeOn       cal.Date       `json:"made_on"`
	Source       string         `json:"source,omitempty"`
	Accelerate   bool           `json:"accelerate,omitempty"`
	Waive        bool           `json:"waive_interest,omitempty"`
	Owner        string         `json:"owner"`
	Why          string         `json:"why"`
	Await        bool           `json:"awaits_payments,omitempty"` // payments are not known up to its day
	Parts        []PromisePart  `json:"parts"`
}

// PromisePart is one dated sum of it.
type PromisePart struct {
	Due    cal.Date `json:"due"`
	Amount int64    `json:"amount"`
	Paid   int64    `json:"paid"`
	State  string   `json:"state"`
	Until  cal.Date `json:"until"` // the last day on which it may still be paid in time
}

// Dispute is a contested amount.
type Dispute struct {
	Dispute      id.Dispute     `json:"dispute"`
	Customer     string         `json:"customer"`
	CustomerName string         `json:"customer_name"`
	Invoice      string         `json:"invoice"`
	Amount       int64          `json:"amount"`
	Currency     money.Currency `json:"currency"`
	Category     string         `json:"category"`
	Cause        string         `json:"cause,omitempty"`
	Owner        string         `json:"owner"`
	OpenedOn     cal.Date       `json:"opened_on"`
	AnswerBy     cal.Date       `json:"answer_by"`
	Late         bool           `json:"late"`
	Why          string         `json:"why"`
	Questions    []Question     `json:"questions"`
}

// Question is what a colleague was asked about a dispute.
type Question struct {
	To         string   `json:"to"`
	Email      string   `json:"email,omitempty"`
	AskedOn    cal.Date `json:"asked_on"`
	Question   string   `json:"question"`
	AnsweredOn cal.Date `json:"answered_on"`
	Agrees     string   `json:"agrees,omitempty"` // yes, no, partly: the customer is right
	Answer     string   `json:"answer,omitempty"`
}

// Causes counts what made debtors contest.
type Causes struct {
	From   cal.Date `json:"from"`
	To     cal.Date `json:"to"`
	Causes []Cause  `json:"causes"`
	Ours   int      `json:"ours"`  // of those known, our own fault
	Known  int      `json:"known"` // with a cause
}

// Cause is one of them.
type Cause struct {
	Cause string `json:"cause"`
	Ours  bool   `json:"ours"`
	Count int    `json:"count"`
	Days  int    `json:"days"` // that these disputes lasted, in all
}

// CallSheet is what a person needs before a call.
type CallSheet struct {
	Date         cal.Date         `json:"date"`
	Task         id.Task          `json:"task,omitempty"`
	Why          string           `json:"why,omitempty"` // of the task
	Customer     string           `json:"customer"`
	CustomerName string           `json:"customer_name"`
	Phone        string           `json:"phone,omitempty"`
	Contacts     []CallContact    `json:"contacts"`
	Owed         map[string]int64 `json:"owed"` // a currency each
	Overdue      map[string]int64 `json:"overdue"`
	Upcoming     int              `json:"upcoming"` // items not due yet
	Items        []CallItem       `json:"items"`
	Contacted    []Contacted      `json:"contacted"`
	Promises     []Promise        `json:"promises"`
	Kept         int              `json:"kept"`
	Broken       int              `json:"broken"`
	Disputes     []Dispute        `json:"disputes"`
	Scenario     string           `json:"scenario,omitempty"`
	NextStep     string           `json:"next_step,omitempty"`
	NextOn       cal.Date         `json:"next_on,omitzero"`
	MayMail      bool             `json:"may_confirm"` // a confirmation can be sent
}

// CallContact is a person to ask for.
type CallContact struct {
	Name  string `json:"name"`
	Role  string `json:"role"`
	Phone string `json:"phone"`
	Email string `json:"email"`
}

// CallItem is an overdue item.
type CallItem struct {
	Invoice    string   `json:"invoice"`
	Instalment int      `json:"instalment"`
	Due        cal.Date `json:"due"`
	DaysLate   int      `json:"days_late"`
	Open       int64    `json:"open"`
	Currency   string   `json:"currency"`
}

// Contacted is an earlier contact.
type Contacted struct {
	On      cal.Date `json:"on"`
	Kind    string   `json:"kind"` // message, call
	What    string   `json:"what"` // step of the message, result of the call
	Channel string   `json:"channel,omitempty"`
	By      string   `json:"by,omitempty"`
}

// Insolvency is a customer's insolvency and its last days.
type Insolvency struct {
	Customer      string   `json:"customer"`
	Kind          string   `json:"kind"`
	Judgment      cal.Date `json:"judgment"`
	Published     cal.Date `json:"published"`
	Court         string   `json:"court"`
	Mandatary     string   `json:"mandatary"`
	Administrator string   `json:"administrator"`
	DeclareBy     cal.Date `json:"declare_by"`
	ReliefBy      cal.Date `json:"relief_by"`
	ReclaimBy     cal.Date `json:"reclaim_by"`
	DeclaredOn    cal.Date `json:"declared_on"`
}

// Insurance is a customer's credit insurance.
type Insurance struct {
	Customer      string         `json:"customer"`
	Insurer       string         `json:"insurer"`
	Policy        string         `json:"policy"`
	Cover         int64          `json:"cover"`
	Currency      money.Currency `json:"currency"`
	ExtensionDays int            `json:"extension_days"`
	DeclareDays   int            `json:"declare_days"`
	EndsOn        cal.Date       `json:"ends_on"`
}
