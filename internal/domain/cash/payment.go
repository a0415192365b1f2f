package cash

import (
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Method is how money arrived.
type Method string

// The methods.
const (
	Transfer    Method = "transfer"
	Cheque      Method = "cheque"
	Bill        Method = "bill"
	DirectDebit Method = "direct-debit"
	Card        Method = "card"
	Cash        Method = "cash"
	Unspecified Method = ""
)

// Kind says what a settlement is when it is not money: it settles a debt, and is no payment to thank for.
type Kind string

// The kinds of settlement.
const (
	Money    Kind = "" // received
	WriteOff Kind = "write-off"
	Discount Kind = "discount" // taken for early payment
	Charges  Kind = "charges"  // kept by banks
	Rounding Kind = "rounding" // a cent let go
	SetOff   Kind = "set-off"  // against what is owed to the customer as a supplier (C. civ. 1347)
)

// Payment is money received from a customer, or what settles in its place.
type Payment struct {
	ID        id.Payment
	Customer  id.Customer
	Date      cal.Date
	Amount    money.Amount
	Method    Method
	Reference string
	Source    Source
	Kind      Kind
}

// Source says how strong a payment's evidence is.
type Source string

// The sources: an identified payment replaces what a ledger asserted, up to its amount.
const (
	Identified Source = "identified" // a dated payment, by file, bank or hand
	Asserted   Source = "asserted"   // the "paid" column of a ledger: cumulative, undated
)

// Allocation says which instalment a payment or a credit note settles, and for how much.
type Allocation struct {
	Payment    id.Payment // zero when a credit note settles
	Credit     id.Invoice // zero when a payment settles
	Instalment id.Instalment
	Amount     money.Amount
	Date       cal.Date
}

// Draft is a payment as a file asserts it.
type Draft struct {
	Line      int
	Customer  string // code or name
	Date      cal.Date
	Amount    money.Amount
	Invoice   string // number it settles, may be empty
	Reference string
	Method    Method
}
