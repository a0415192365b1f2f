package cfonb

import "relance/internal/domain/cash"

// operation is what an interbank operation code says of a movement.
type operation struct {
	method cash.Method
	back   bool // something comes back: unpaid, rejected, recalled
}

// operations are the interbank codes (CFONB, "Codes opérations interbancaires") that tell how money
// went. They are as two public lists of them agree, one of 2002 and one that knows SEPA and instant
// transfers; 36 and 38, on which the two differ (bills there, card slips here), are left out. Codes
// of securities, currencies, loans and fees (41 to 95) say nothing of a customer's payment.
var operations = map[string]operation{
	"01": {cash.Cheque, false},                                 // paid
	"02": {cash.Cheque, false},                                 // handed in
	"03": {cash.Cheque, true},                                  // unpaid
	"04": {cash.Cash, false},                                   // paid in
	"05": {cash.Transfer, false}, "06": {cash.Transfer, false}, // received, sent
	"07": {cash.Bill, false},                                         // LCR and BOR payable here
	"08": {cash.DirectDebit, false}, "09": {cash.DirectDebit, false}, // paid, issued
	"10": {cash.DirectDebit, true},                             // rejected or unpaid
	"11": {cash.Card, false},                                   // slips and machines
	"12": {cash.Transfer, true},                                // rejected or returned
	"13": {cash.Transfer, false}, "14": {cash.Transfer, false}, // of treasury
	"15": {cash.Cheque, false}, "16": {cash.Cheque, false}, "17": {cash.Cheque, false},
	"18": {cash.Transfer, false}, "19": {cash.Transfer, false}, "20": {cash.Transfer, false}, "21": {cash.Transfer, false},
	"22": {cash.DirectDebit, false}, "23": {cash.DirectDebit, false}, // TIP and debits paid
	"24": {cash.DirectDebit, false}, "25": {cash.DirectDebit, false}, // issued
	"26": {cash.DirectDebit, true}, "27": {cash.DirectDebit, true}, // rejected or unpaid
	"28": {cash.Card, false},                           // paid
	"29": {cash.Cash, false},                           // drawn
	"30": {cash.Card, false},                           // slips handed in
	"31": {cash.Bill, false}, "32": {cash.Bill, false}, // for collection, for discount
	"33": {cash.Bill, true}, "34": {cash.Bill, true}, // unpaid, incidents
	"35": {cash.Bill, false}, "37": {cash.Bill, false}, // LCR and BOR
	"39": {cash.Transfer, false},                               // from abroad
	"44": {cash.Transfer, false}, "45": {cash.Transfer, false}, // international
	"90": {cash.Transfer, false},                                                                     // invoice accepted at maturity
	"96": {cash.DirectDebit, false}, "97": {cash.DirectDebit, false}, "98": {cash.DirectDebit, true}, // télérèglements
	"A1": {cash.DirectDebit, false}, "A2": {cash.DirectDebit, false}, // SEPA: issued
	"A3": {cash.DirectDebit, true}, "A4": {cash.DirectDebit, true}, // those that we refused
	"A5": {cash.DirectDebit, true}, "A6": {cash.DirectDebit, true}, // those that we gave back
	"B1": {cash.DirectDebit, false}, "B2": {cash.DirectDebit, false}, // paid
	"B3": {cash.DirectDebit, true}, "B4": {cash.DirectDebit, true}, // those that our customers' banks refused
	"B5": {cash.DirectDebit, true}, "B6": {cash.DirectDebit, true}, // those that a creditor gave back
	"C1": {cash.Transfer, false}, "C2": {cash.Transfer, false}, // instant: sent, received
	"C3": {cash.Transfer, true}, "C4": {cash.Transfer, true}, "C5": {cash.Transfer, true}, // recalled, credited again
}
