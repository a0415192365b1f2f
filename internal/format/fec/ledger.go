package fec

import (
	"relance/internal/domain/bill"
	"relance/internal/domain/cash"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Entry is one line on a customer account. Amounts are cents of euro, as the law has it.
type Entry struct {
	Line       int
	Journal    string
	JournalLib string
	Num        string
	Date       cal.Date
	Account    string
	Aux        string
	Name       string // CompAuxLib, else CompteLib
	Ref        string
	RefDate    cal.Date
	Label      string
	Debit      int64 // one of the two is zero: a negative debit was turned into a credit
	Credit     int64
	Letter     string
	LetterDate cal.Date

	key  uint64 // of its entry, with the other lines of it
	open int64  // what lettering or matching left
	paid cal.Date
}

// Customer is CompAuxNum, else CompteNum.
func (e *Entry) Customer() string {
	if e.Aux != "" {
		return e.Aux
	}
	return e.Account
}

// Flags say why an item is not an ordinary debt.
type Flags struct {
	Opening   bool // from the opening journal (à nouveau)
	Lump      bool // an opening balance without a document of its own: shown, never chased
	Retention bool // 4117: retention money, never chased by default
	Bill      bool // 413: a bill of exchange, held to maturity
	Doubtful  bool // 416: already doubtful
	Returned  bool // a debit of a bank journal: a payment that came back, or a refund
	Deposit   bool // 4191: a deposit received, deducted
}

// Item is what a customer was charged under one document: (customer, PieceRef, PieceDate, side).
type Item struct {
	Key      string // stable over exports: customer, reference, date
	Customer string
	Account  string
	Ref      string
	Date     cal.Date
	Label    string
	Letters  []string
	Amount   money.Amount
	Open     money.Amount
	Settled  cal.Date // the last credit that settled it, zero while open
	Lines    []int
	Flags    Flags
	Draft    bill.Draft // without due date: the hall estimates it
}

// Credit is in the customer's favour: a credit note of a sales journal, or money received. Open
// is what settles nothing yet.
type Credit struct {
	Customer string
	Account  string
	Ref      string
	Date     cal.Date
	Label    string
	Amount   money.Amount
	Open     money.Amount
	Lines    []int
	Flags    Flags
	Note     *bill.Draft // a credit note
	Payment  *cash.Draft // or money
}

// Ledger is what a FEC says of customers.
type Ledger struct {
	Lines     int     // lines of the file, without the header
	Entries   []Entry // lines on 411 accounts: what "entries" counts
	Customers []party.Draft
	NetOpen   money.Amount // debits − credits of the 411 accounts
	Items     []Item       // debits, settled ones too (Open zero)
	Credits   []Credit
	Lettered  bool     // false: matched by reference and amount, nothing was lettered
	From, To  cal.Date // dates of the customer lines
	Suppliers []Supplier
	Warnings  []fault.Problem
	Errors    []fault.Problem // lines that could not be read
}

// Supplier is what is owed to a supplier: credits − debits of its 401 account, cents. One who is a customer too may
// be set off.
type Supplier struct {
	Code, Name string
	Owed       int64
}
