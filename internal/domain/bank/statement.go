package bank

import (
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Statement is what a bank file says of one account over some days. A reader fills the account before
// the first entry; balances and sums are whole only once it has ended.
type Statement struct {
	Account  string // IBAN, else the bank's own numbers joined: "30004 00123 0000012345X"; "" when the file names none
	Currency money.Currency
	ID       string // the bank's own number of the statement, "" for none
	From, To cal.Date
	Opening  *Balance // booked balance before the first entry; nil: not given
	Closing  *Balance // booked balance after the last
	Entries  int
	Moved    int64 // sum of the entries' amounts, minor units
	Errors   []fault.Problem
	Warnings []fault.Problem
}

// Balance is a booked balance at the end of a day; negative when the account is overdrawn.
type Balance struct {
	On     cal.Date
	Amount int64 // minor units of the statement's currency
}

// Days are the first and the last day that the statement speaks of: those of its balances in a format that dates
// nothing else; zero when it says neither.
func (s *Statement) Days() (from, to cal.Date) {
	from, to = s.From, s.To
	if from.IsZero() && s.Opening != nil {
		from = s.Opening.On
	}
	if to.IsZero() && s.Closing != nil {
		to = s.Closing.On
	}
	return from, to
}

// Break is what the balances and the movements differ by, zero when they agree: opening + movements −
// closing. known is false when the file lacks one of the balances.
func (s *Statement) Break() (diff int64, known bool) {
	if s.Opening == nil || s.Closing == nil {
		return 0, false
	}
	return s.Opening.Amount + s.Moved - s.Closing.Amount, true
}

// Entry is one booked movement of an account. A batch has several lines, which add up to it.
type Entry struct {
	No     int // 1-based place in the statement
	Line   int // line in the file, 0 when the format has none
	Booked cal.Date
	Value  cal.Date
	Amount int64  // minor units of the statement's currency, positive: money in
	Ref    string // the bank's reference of the movement, "" for none (NONREF, NOTPROVIDED are none)
	Code   string // the bank's transaction code: "PMNT-RCDT-ESCT", CFONB "05", SWIFT "TRF"
	Lines  []Line // at least one
}

// Line is one payment of an entry: what the sender's bank transmitted of it.
type Line struct {
	Amount     int64  // minor units of the statement's currency, signed as the entry
	Text       string // remittance text and labels, a newline between parts
	Structured string // creditor reference (ISO 11649 "RF…" or another scheme), "" for none
	EndToEnd   string // the sender's own reference
	Method     string // cash.Method: "transfer", "cheque", "bill", "direct-debit", "card", "cash", ""
	Payer      Party  // who sent it (for money out: who received it)
	Ultimate   Party  // on whose behalf, when another is named
	Charges    int64  // ≥ 0: what banks kept of the amount sent, already out of Amount
	Instructed money.Amount
	Original   string   // of a return: the bank's or the sender's reference of what comes back
	Return     *Return  // not nil: a payment that comes back
	Reversal   bool     // the bank takes back an entry of its own
	Mandate    string   // of a direct debit
	Sent       cal.Date // the day the original of a return was made, zero when not given
}

// Party is a person or a company as a bank names it.
type Party struct {
	Name, IBAN, BIC string
}

// Return says why a payment came back.
type Return struct {
	Code string // ISO 20022 reason ("AM04", "MS03") or CFONB reject code ("41")
	Text string // as the bank says it
}

// Take receives the entries of a file one by one; s is the statement under way. An error of it stops
// the reading and is given back.
type Take func(s *Statement, e *Entry) error
