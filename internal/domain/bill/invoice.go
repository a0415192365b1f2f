package bill

import (
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Kind of document. A negative invoice is stored as a credit note with a positive amount.
type Kind string

// The kinds of document.
const (
	Invoice    Kind = "invoice"
	CreditNote Kind = "credit-note"
	Deposit    Kind = "deposit"
	Progress   Kind = "progress"
	Final      Kind = "final"
	Retention  Kind = "retention"
	DebitNote  Kind = "debit-note"
	Refund     Kind = "refund" // money given back: it uses up a credit of the customer
)

// Kinds lists every kind.
var Kinds = []Kind{Invoice, CreditNote, Deposit, Progress, Final, Retention, DebitNote}

// Valid tells whether k is one of Kinds.
func (k Kind) Valid() bool {
	for _, x := range Kinds {
		if x == k {
			return true
		}
	}
	return false
}

// DueSource says where a due date comes from: an estimated one starts no step until the
// customer's terms are confirmed.
type DueSource string

// The sources of a due date.
const (
	DueStated    DueSource = "stated"    // written in the file
	DueTerms     DueSource = "terms"     // computed from the customer's confirmed terms
	DueDefault   DueSource = "default"   // 30 days, L441-10 I al. 1
	DueEstimated DueSource = "estimated" // from a ledger that holds no due dates (FEC)
)

// Doc is an invoice or credit note of a company.
type Doc struct {
	ID            id.Invoice
	Customer      id.Customer
	Number        string // unique in the company
	Kind          Kind
	Issued        cal.Date
	Received      cal.Date
	Delivered     cal.Date
	Currency      money.Currency
	Total         money.Amount // positive, tax included
	Prepaid       money.Amount
	Payable       money.Amount // the debt: Total − Prepaid (+ rounding)
	Reference     string
	Order         string
	PaymentMethod string
	Maturity      cal.Date // of a bill of exchange or a planned debit
	DueSource     DueSource
	PayURL        string
	Tags          []string
	AssignedTo    string // factor or bank holding the debt, "" for none
	PayTo         string // IBAN to pay to when it is not the company's
	Instalments   []Instalment
}

// Instalment is one due date of an invoice: the thing that is followed.
type Instalment struct {
	ID      id.Instalment
	Invoice id.Invoice
	Seq     int // 1-based
	Due     cal.Date
	Amount  money.Amount
	Closed  bool // replaced by a re-import, kept because it has a history
}

// Draft is an invoice, or one line of one, as a file asserts it. Empty fields assert nothing.
// Table formats give one Draft a line with one instalment; the hall joins lines of one number.
type Draft struct {
	Line           int
	Number         string
	Kind           Kind
	TypeCode       string // UNTDID 1001 code of an e-invoice: "380", "381"…
	Issued         cal.Date
	Received       cal.Date
	Delivered      cal.Date
	Currency       money.Currency
	Total          money.Amount // tax included; equals Payable + Prepaid where the file says no more
	Prepaid        money.Amount
	Payable        money.Amount
	Instalments    []DraftInstalment // empty: due from the customer's terms
	Seller         Party
	Customer       party.Draft
	Paid           *money.Amount // cumulative, as the ledger asserts it
	Open           *money.Amount // open balance, from lists of open items and FEC
	SettledOn      cal.Date
	Reference      string
	Order          string
	BuyerReference string // BT-10: what the buyer asked to print, the service code of a public body
	Preceding      string // number of the invoice that a credit note corrects
	Mentions       []Mention
	Terms          string // payment terms as text, where the file has them
	Method         string
	Maturity       cal.Date
	Disputed       *money.Amount // contested amount; a file that only says "yes" gives the whole
	LastLevel      *int
	LastSentOn     cal.Date
	PayURL         string
	Tags           []string
	AssignedTo     string
	PayTo          string // IBAN
	FileName       string // relative name of the original document, same folder or zip
	Original       []byte // the original document's bytes, when it is the file itself
	MediaType      string
}

// Mention is a legal text printed on an e-invoice with its subject (UNTDID 4451): PMD late
// payment interest, PMT recovery charge, AAB discount.
type Mention struct{ Code, Text string }

// DraftInstalment is one due date asserted by a file.
type DraftInstalment struct {
	Line   int
	Due    cal.Date // zero: from the terms
	Amount money.Amount
}

// Party is the seller as an e-invoice names it.
type Party struct {
	Name, SIREN, SIRET, VAT, Country string
}
