package en16931

import "relance/internal/domain/bill"

// class is what a document type of UNTDID 1001 means for a debt.
type class struct {
	kind     bill.Kind
	assigned bool // the debt belongs to a factor
	why      string
}

// classes lists the types that EN 16931, Factur-X and XP Z12-012 allow, and those that must be
// refused by name. A type that is not here is taken as an invoice with a warning.
var classes = map[string]class{
	"380": {kind: bill.Invoice},
	"381": {kind: bill.CreditNote},
	"384": {kind: bill.Invoice}, // corrected invoice: replaces the one it cites
	"386": {kind: bill.Deposit},
	"389": {kind: bill.Invoice}, // self-billed
	"393": {kind: bill.Invoice, assigned: true},
	"396": {kind: bill.CreditNote, assigned: true},
	"326": {kind: bill.Progress}, // partial invoice

	"80": {kind: bill.DebitNote}, "82": {kind: bill.Invoice}, "84": {kind: bill.DebitNote},
	"81": {kind: bill.CreditNote}, "83": {kind: bill.CreditNote},
	"202": {kind: bill.Progress}, "203": {kind: bill.Progress}, "204": {kind: bill.Progress},
	"211": {kind: bill.Progress}, "218": {kind: bill.Final}, "219": {kind: bill.Progress},
	"261": {kind: bill.CreditNote}, "262": {kind: bill.CreditNote}, "295": {kind: bill.Invoice},
	"296": {kind: bill.CreditNote}, "308": {kind: bill.CreditNote}, "331": {kind: bill.Invoice},
	"383": {kind: bill.DebitNote}, "385": {kind: bill.Invoice}, "387": {kind: bill.Invoice},
	"388": {kind: bill.Invoice}, "390": {kind: bill.Invoice}, "394": {kind: bill.Invoice},
	"395": {kind: bill.Invoice}, "420": {kind: bill.CreditNote}, "456": {kind: bill.DebitNote},
	"457": {kind: bill.CreditNote}, "458": {kind: bill.CreditNote}, "471": {kind: bill.Invoice},
	"472": {kind: bill.Invoice, assigned: true}, "473": {kind: bill.Invoice, assigned: true},
	"500": {kind: bill.Deposit}, "501": {kind: bill.Invoice, assigned: true},
	"502": {kind: bill.CreditNote, assigned: true}, "503": {kind: bill.CreditNote},
	"527": {kind: bill.DebitNote}, "532": {kind: bill.CreditNote}, "553": {kind: bill.Invoice},
	"575": {kind: bill.Invoice}, "623": {kind: bill.Invoice}, "633": {kind: bill.Invoice},
	"780": {kind: bill.Invoice}, "875": {kind: bill.Progress}, "876": {kind: bill.Progress},
	"877": {kind: bill.Final},

	"751": {why: "format.type.accounting"}, // says of itself that it is no invoice
	"325": {why: "format.type.proforma"},
	"130": {why: "format.type.not-invoice"},
	"935": {why: "format.type.not-invoice"},
}

// methods turns UNTDID 4461 into the words of the payments table.
var methods = map[string]string{
	"10": "cash", "20": "cheque", "21": "cheque", "23": "cheque", "24": "bill", "25": "cheque",
	"26": "cheque", "30": "transfer", "31": "transfer", "42": "transfer", "44": "bill",
	"45": "bill", "48": "card", "49": "direct-debit", "54": "card", "55": "card", "57": "transfer",
	"58": "transfer", "59": "direct-debit", "60": "bill", "70": "bill",
}
