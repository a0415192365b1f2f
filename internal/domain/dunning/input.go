package dunning

import (
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Calendar is what the planner needs to know of working days.
type Calendar interface {
	IsWorkingDay(cal.Date) bool
	NextWorkingDay(cal.Date) cal.Date
	AddWorkingDays(cal.Date, int) cal.Date
}

// Input is everything one decision may know: one customer at one date.
type Input struct {
	Today    cal.Date
	Calendar Calendar
	Customer Customer
	Items    []Item
	Credits  []Credit
	Holds    []Hold
	Asks     []Ask
	Written  []Written // messages to this customer, the last 60 days are enough
	Reach    Reach
	Company  CompanyRules
}

// CompanyRules are the company's own settings.
type CompanyRules struct {
	Quiet []QuietPeriod // besides the scenario's
}

// Customer is the debtor as the planner sees it.
type Customer struct {
	ID             id.Customer
	Code, Name     string
	Kind           party.Kind // effective: Unknown until confirmed
	Language       i18n.Lang
	ConfirmFirst   bool // the first message after an import is to confirm (rule 4)
	TermsConfirmed bool // false: estimated due dates start no step
}

// Item is an open item: an instalment not fully settled.
type Item struct {
	ID            id.Instalment
	Invoice       string
	Instalment    int
	Issued        cal.Date
	Received      cal.Date
	Due           cal.Date
	DueEstimated  bool
	LegalDelay    cal.Date // end of the public payment delay, PUBLIC kinds only
	Currency      money.Currency
	Amount        int64 // minor units, as all amounts here
	Paid          int64
	Open          int64
	PayTo         string // account to pay to, when it is not the company's
	LastPaymentOn cal.Date
	Scenario      *Scenario // the version this item follows; nil: none assigned
	State         State
}

// before orders items as every table shows them: oldest due first.
func (it *Item) before(o *Item) bool {
	if it.Due != o.Due {
		return it.Due < o.Due
	}
	if it.Invoice != o.Invoice {
		return it.Invoice < o.Invoice
	}
	return it.Instalment < o.Instalment
}

// State is where an item stands in its scenario: the narrow row the store keeps.
type State struct {
	Step     string   // last step passed, by id; "" for none
	PassedOn cal.Date // day it was sent, skipped, dropped, or its task created
	SentOn   cal.Date // day of the last step that was sent
	PayBy    cal.Date // date to pay by that the last message printed
	Level    int      // level of the last message sent
	Pending  string   // step proposed and neither sent nor skipped, "" for none
	Cycle    int      // rises only when a person restarts the item
	Review   bool     // handed over to pre-legal review or litigation
	NextOn   cal.Date // planned; the store's index
	NextStep string
}

// Credit is money in the customer's favour that settles nothing yet.
type Credit struct {
	Currency  money.Currency
	Amount    int64
	Label     string
	On        cal.Date
	IsPayment bool // else a credit note
}

// HoldReason is why steps stop; the list is part of the contract (PRODUCT.md §7).
type HoldReason string

// The reasons: those of a hold, then those that the planner finds itself.
const (
	HoldDispute       HoldReason = "dispute"
	HoldPromise       HoldReason = "promise"
	HoldPlan          HoldReason = "plan"
	HoldPause         HoldReason = "pause"
	HoldReply         HoldReason = "reply"
	HoldCheque        HoldReason = "cheque"
	HoldBill          HoldReason = "bill"
	HoldDirectDebit   HoldReason = "direct-debit"
	HoldCreditAwaited HoldReason = "credit-awaited"
	HoldDocument      HoldReason = "document"
	HoldPlatform      HoldReason = "platform"
	HoldAssigned      HoldReason = "assigned"
	HoldSetOff        HoldReason = "set-off"
	HoldIntercompany  HoldReason = "intercompany"
	HoldInsolvency    HoldReason = "insolvency"
	HeldFloor         HoldReason = "floor"
	HeldCredit        HoldReason = "credit"
	HeldUnqualified   HoldReason = "unqualified"
	HeldNoAddress     HoldReason = "no-address"
	HeldReview        HoldReason = "review"
)

// HoldReasons lists the reasons a person may give.
var HoldReasons = []HoldReason{HoldDispute, HoldPromise, HoldPlan, HoldPause, HoldReply, HoldCheque, HoldBill,
	HoldDirectDebit, HoldCreditAwaited, HoldDocument, HoldPlatform, HoldAssigned, HoldSetOff, HoldIntercompany, HoldInsolvency}

// Hold stops the steps of an item, or of the whole customer when Item is zero.
type Hold struct {
	ID     id.Hold
	Item   id.Instalment
	Reason HoldReason
	From   cal.Date
	Until  cal.Date // blocks on it, frees on the next day; zero: until somebody ends it
	Amount int64    // a partial dispute: this much is contested, the rest stays chased; 0: all
	Why    string   // in the words of the person who set it
	Owner  string
}

// Ask is a task that a fact asks for, and no step: a promise that was not kept, a cheque that never came, a date
// of an insurer. It is asked until somebody has made a task of it.
type Ask struct {
	Kind  string
	Items []id.Instalment // it is about those of them that are owed; none owed: nothing is asked
	Days  int             // working days after which the task is over; 0: never
	Why   i18n.Said
}

func (h Hold) on(d cal.Date) bool {
	return (h.From.IsZero() || h.From <= d) && (h.Until.IsZero() || d <= h.Until)
}

// partial tells whether the hold takes an amount out instead of stopping the item.
func (h Hold) partial() bool { return h.Reason == HoldDispute && h.Amount > 0 && h.Item != 0 }

// Written is a message already sent (or, in a simulation, imagined sent) to this customer.
type Written struct {
	Message id.Message // zero when it is only imagined
	Left    bool       // it has left, or may have; else it waits to
	On      cal.Date
	Level   int
	Items   []id.Instalment // those it moved; may be empty for other contacts
}

// Reach says by what the customer can be reached.
type Reach struct {
	Email  map[party.Role][]string // good addresses by role
	Own    string                  // the customer's own address: serves where no contact has the role
	Postal bool                    // a letter can be posted
	Notice bool                    // the registered office, or the address, is complete
	Phone  bool
}

// To resolves roles to addresses: contacts of the role, else the customer's own, else its
// accounting, else any. Empty only when no good address exists at all.
func (r Reach) To(roles []party.Role) []string {
	var out []string
	for _, role := range roles {
		out = appendNew(out, r.Email[role]...)
	}
	if len(out) > 0 {
		return out
	}
	if r.Own != "" {
		return []string{r.Own}
	}
	for _, role := range party.Roles {
		if len(r.Email[role]) > 0 {
			return r.Email[role][:1]
		}
	}
	return nil
}

// CC resolves copies: only contacts who have the role, nobody who already receives it.
func (r Reach) CC(roles []party.Role, to []string) []string {
	var out []string
	for _, role := range roles {
		for _, a := range r.Email[role] {
			if !contains(to, a) {
				out = appendNew(out, a)
			}
		}
	}
	return out
}

func (r Reach) has(c Channel, roles []party.Role) bool {
	switch c {
	case Email:
		return len(r.To(roles)) > 0
	case Letter:
		return r.Postal
	case Registered:
		return r.Notice
	case Phone:
		return r.Phone
	}
	return true
}

func appendNew(list []string, more ...string) []string {
	for _, m := range more {
		if !contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
