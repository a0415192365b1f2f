package wire

import (
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Payment is money received, or what settles in its place, and what it settles.
type Payment struct {
	Payment     id.Payment     `json:"payment"`
	Customer    string         `json:"customer"`
	Date        cal.Date       `json:"date"`
	Amount      int64          `json:"amount"`
	Currency    money.Currency `json:"currency"`
	Kind        string         `json:"kind"` // "" for money; write-off, discount, charges, rounding, set-off
	Method      string         `json:"method"`
	Reference   string         `json:"reference"`
	Rest        int64          `json:"rest"`           // the customer's credit
	Line        id.Line        `json:"line,omitempty"` // the bank line that it is
	CancelledOn cal.Date       `json:"cancelled_on"`   // taken back, or came back unpaid
	CancelWhy   string         `json:"cancelled_why,omitempty"`
	Settles     []Settles      `json:"settles"`
}

// Credit is a credit note that is not used up.
type Credit struct {
	Credit   string         `json:"credit"`
	Open     int64          `json:"open"`
	Currency money.Currency `json:"currency"`
	Used     bool           `json:"used"` // settles something already
}
