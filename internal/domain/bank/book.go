package bank

import (
	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Rules are the company's own settings of matching.
type Rules struct {
	Sure       int   // score from which a match is applied without a person, 0–100
	MaxCharges int64 // bank charges that may be missing from a payment, minor units
	Tolerance  int64 // difference that is let go, minor units (1: a cent)
	// DiscountBP is the discount for early payment that the terms grant, basis points; 0: none.
	DiscountBP int
	// DiscountDays is how many days after the invoice's date the discount may be taken.
	DiscountDays int
}

// Debtor is a customer as a bank line may name it.
type Debtor struct {
	ID     id.Customer
	Code   string
	Names  []string    // trade name, legal name
	SIREN  string      // "" for none
	IBANs  []string    // accounts it has paid from: learned from matches that were applied
	Called []string    // names under which banks called it, learned likewise
	Parent id.Customer // a parent may pay for its subsidiaries
	Payer  id.Customer // who pays for it, when another does
}

// Open is an open item that a line may settle.
type Open struct {
	Item     id.Instalment
	Invoice  id.Invoice
	Customer id.Customer
	Number   string // of the invoice
	Seq      int
	Order    string // the customer's own order number
	Issued   cal.Date
	Due      cal.Date
	Currency money.Currency
	Amount   int64 // minor units
	Rest     int64 // what is open of it; negative: an open credit note
}

// Known is a payment recorded from another source (a file, a person): a bank line may be the same money.
type Known struct {
	Payment   id.Payment
	Customer  id.Customer
	Date      cal.Date
	Currency  money.Currency
	Amount    int64
	Method    cash.Method
	Reference string
}

// Proposal is one way to read a line. Its parts settle items; what they leave of the line is Rest,
// which stays the credit of Customer.
type Proposal struct {
	Customer id.Customer // who paid; zero: unknown, a person says
	Parts    []Part
	Same     id.Payment // the line is this payment, already recorded: nothing new is owed
	Rest     int64      // minor units, ≥ 0
	Score    int        // 0–100
	Reasons  []Reason
}

// Part is what a proposal settles of an item. Paid comes from the line; the rest of what it settles is
// a discount taken, charges kept by banks, or a difference let go. A credit note used by the payer is a part
// with a negative Paid.
type Part struct {
	Item                       id.Instalment
	Customer                   id.Customer
	Paid                       int64
	Discount, Charges, Rounded int64
}

// Settles is all that a part takes from its item.
func (p Part) Settles() int64 { return p.Paid + p.Discount + p.Charges + p.Rounded }

// Reason is why a proposal is made: a message key and its arguments, for people. The arguments are strings
// (numbers and codes), so that a reason that was written down and read again says the same.
type Reason struct {
	Key  string // "bank.reason.number", "bank.reason.iban"…
	Args []any
}

// Verdict is what Match says of one line: proposals, the best first. Sure tells that the first may be
// applied without a person: its score reaches the rule and no other reading ties with it.
type Verdict struct {
	Proposals []Proposal
	Sure      bool
	// Customer tells that who paid is certain and that nothing explains the amount: the first proposal has no
	// parts, and may be booked to the customer's credit without a person.
	Customer bool
}
