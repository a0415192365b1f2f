package wire

import (
	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// ImportBank is what a bank's file adds to the answer of `import`.
type ImportBank struct {
	Statements []BankStatement `json:"statements"`
	Lines      int             `json:"lines"`
	New        int             `json:"new"` // told by no other file
}

// BankStatement is a statement of one account; a balance that the bank did not give is null.
type BankStatement struct {
	Account  string         `json:"account"`
	Number   string         `json:"number"`
	Currency money.Currency `json:"currency"`
	From     cal.Date       `json:"from"`
	To       cal.Date       `json:"to"`
	Opening  *int64         `json:"opening"`
	Closing  *int64         `json:"closing"`
	Moved    int64          `json:"moved"`
	Entries  int            `json:"entries"`
	Break    int64          `json:"break"`   // opening + moved − closing
	Checked  bool           `json:"checked"` // both balances are given
}

// BankStatementOf puts a statement into its shape.
func BankStatementOf(s *bank.Statement) BankStatement {
	x := BankStatement{Account: s.Account, Number: s.ID, Currency: s.Currency, Moved: s.Moved, Entries: s.Entries}
	x.From, x.To = s.Days()
	if s.Opening != nil {
		x.Opening = &s.Opening.Amount
	}
	if s.Closing != nil {
		x.Closing = &s.Closing.Amount
	}
	x.Break, x.Checked = s.Break()
	return x
}

// Matched counts what a matching did with the bank lines that no person had decided.
type Matched struct {
	Lines    int `json:"lines"`
	Applied  int `json:"applied"`
	Credited int `json:"credited"` // to a customer, of whom alone it is certain
	Proposed int `json:"proposed"`
	Unknown  int `json:"unknown"`
	Returned int `json:"returned"` // payments that came back
	Taken    int `json:"taken"`    // applied before and no longer sure
}

// BankLine is a line of an account: what the bank says of it and what became of it.
type BankLine struct {
	ID        id.Line        `json:"id"`
	Account   string         `json:"account"`
	Booked    cal.Date       `json:"booked"`
	Value     cal.Date       `json:"value"`
	Amount    int64          `json:"amount"`
	Currency  money.Currency `json:"currency"`
	Payer     string         `json:"payer"`
	IBAN      string         `json:"iban"`
	Text      string         `json:"text"`
	Reference string         `json:"reference"`
	Method    string         `json:"method,omitempty"`
	State     string         `json:"state"`              // open, settled, aside
	By        string         `json:"by"`                 // auto, or who decided
	Customer  string         `json:"customer,omitempty"` // whose payment it is
	Return    *BankReturn    `json:"return,omitempty"`   // a payment that comes back
	Settles   []Settles      `json:"settles"`
	Proposals []BankProposal `json:"proposals"`
	Comebacks []Comeback     `json:"comebacks,omitempty"` // of money out: the payments that it may take back
}

// BankReturn is why a payment comes back, as the bank says it.
type BankReturn struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Settles is what is settled of an instalment, minor units.
type Settles struct {
	Invoice    string `json:"invoice"`
	Instalment int    `json:"instalment"`
	Paid       int64  `json:"paid"`
	Discount   int64  `json:"discount"`
	Charges    int64  `json:"charges"`
	Rounding   int64  `json:"rounding"`
}

// BankProposal is one way to read a line.
type BankProposal struct {
	Proposal int       `json:"proposal"` // what `bank apply --proposal` takes
	Score    int       `json:"score"`
	Customer string    `json:"customer"`
	Invoices []Settles `json:"invoices"`
	Rest     int64     `json:"rest"`              // stays the customer's credit
	Payment  int       `json:"payment,omitempty"` // recorded already: the line confirms it
	Why      []string  `json:"why"`
}

// Reasons says why a line is read so; never nil.
func Reasons(l i18n.Lang, list []bank.Reason) []string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = i18n.T(l, r.Key, r.Args...)
	}
	return out
}

// Comeback is a payment that a line of money out may be the return of.
type Comeback struct {
	Payment  id.Payment `json:"payment"`
	Customer string     `json:"customer"`
	Date     cal.Date   `json:"date"`
	Amount   int64      `json:"amount"`
	Method   string     `json:"method"`
}
