package en16931

import (
	"relance/internal/domain/bill"
	"relance/internal/ground/fault"
)

// Text is a raw value of the file with its place.
type Text struct {
	Value    string
	Line     int
	Format   string // UNTDID 2379 code of a date, "" for ISO
	Currency string
}

// Invoice holds what a syntax gives, unread. The BT numbers are EN 16931's.
type Invoice struct {
	Profile        Text   // BT-24
	Title          string // document name, where a syntax has one: "PROFORMA"
	Number         Text   // BT-1
	Type           Text   // BT-3
	Issued         Text   // BT-2
	Delivered      Text   // BT-72
	Currency       Text   // BT-5
	BuyerReference Text   // BT-10
	Order          Text   // BT-13
	Preceding      Text   // BT-25
	Reference      Text   // BT-83
	Notes          []bill.Mention
	Seller         Party   // BG-4
	Buyer          Party   // BG-7
	Payee          Party   // BG-10
	Means          []Means // BG-16
	Terms          []Term  // BT-9, BT-20
	Net            Text    // BT-109
	Tax            Text    // BT-110
	Total          Text    // BT-112
	Prepaid        Text    // BT-113
	Rounding       Text    // BT-114
	Payable        Text    // BT-115
	Lines          int     // invoice lines in the file
}

// ID is an identifier with its scheme (ISO 6523: 0002 SIREN, 0009 SIRET), "" for the seller's own.
type ID struct{ Scheme, Value string }

// Party is a seller, buyer or payee.
type Party struct {
	IDs                      []ID // BT-29, BT-46
	Legal                    ID   // BT-30, BT-47
	Endpoint                 ID   // BT-34, BT-49
	Name, TradeName          string
	VAT                      string
	Lines                    []string
	Postcode, City, Country  string
	Email, Phone, Department string
}

// Means is one way to pay.
type Means struct {
	Code   string // BT-81, UNTDID 4461
	IBAN   string // BT-84
	Holder string // BT-85
}

// Term is a due date, a text, or both; Amount where the file splits the debt.
type Term struct {
	Text   string
	Due    Text
	Amount Text
}

// Reading is what one e-invoice file says: a draft, what is doubtful in it, and what forbids to
// take it. With errors the draft is as complete as the file allowed, to be shown, never stored.
type Reading struct {
	Format   string // "cii", "ubl", "facturx"
	Draft    bill.Draft
	Warnings []fault.Problem
	Errors   []fault.Problem
}

// Rejected tells whether the invoice must not be taken.
func (r *Reading) Rejected() bool { return len(r.Errors) > 0 }

const maxProblems = 100

func problem(line int, field, value, key string, args ...any) fault.Problem {
	const readable = 80
	if r := []rune(value); len(r) > readable {
		value = string(r[:readable]) + "…"
	}
	return fault.Problem{Line: line, Field: field, Value: value, Key: key, Args: args}
}

func (r *Reading) warn(t Text, field, key string, args ...any) {
	if len(r.Warnings) < maxProblems {
		r.Warnings = append(r.Warnings, problem(t.Line, field, t.Value, key, args...))
	}
}

func (r *Reading) refuse(t Text, field, key string) {
	if len(r.Errors) < maxProblems {
		r.Errors = append(r.Errors, problem(t.Line, field, t.Value, key))
	}
}
