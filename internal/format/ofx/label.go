package ofx

import (
	"strings"
	"unicode"

	"relance/internal/domain/cash"
)

// types are the transaction types that say how money moved. CREDIT, DEBIT, OTHER, DEP, FEE and the
// like do not; French banks write nearly nothing else, and the label then tells.
var types = map[string]cash.Method{
	"XFER": cash.Transfer, "DIRECTDEP": cash.Transfer, "PAYMENT": cash.Transfer, "REPEATPMT": cash.Transfer,
	"DIRECTDEBIT": cash.DirectDebit, "CHECK": cash.Cheque, "POS": cash.Card, "CASH": cash.Cash, "ATM": cash.Cash,
}

// operations are the words by which labels of French banks begin.
var operations = map[string]cash.Method{
	"VIR": cash.Transfer, "VIRT": cash.Transfer, "VIREMENT": cash.Transfer, "VIREMENTS": cash.Transfer,
	"PRLV": cash.DirectDebit, "PRLVT": cash.DirectDebit, "PRELEVEMENT": cash.DirectDebit, "PRELEVEMENTS": cash.DirectDebit,
	"PREL": cash.DirectDebit, "PRELEVT": cash.DirectDebit, "CHQ": cash.Cheque, "CHEQUE": cash.Cheque, "CHEQUES": cash.Cheque,
	"CB": cash.Card, "CARTE": cash.Card, "LCR": cash.Bill, "EFFET": cash.Bill, "EFFETS": cash.Bill, "BOR": cash.Bill,
}

// fillers stand between an operation and the name of who made it.
var fillers = map[string]bool{
	"REM": true, "REMISE": true, "SEPA": true, "INST": true, "INSTANTANE": true, "INSTANT": true, "EUROPEEN": true, "RECU": true, "RECUS": true,
	"EMIS": true, "PERMANENT": true, "FAVEUR": true, "EN": true, "DE": true, "DU": true, "PAR": true, "SUR": true,
	"IMPAYE": true, "IMPAYES": true, "REJET": true, "REJETE": true,
}

// fold gives the words of a label in capitals without accents.
func fold(label string) []string {
	return strings.Fields(strings.NewReplacer("É", "E", "È", "E", "Ê", "E", "Ç", "C", "*", " ", ":", " ").Replace(strings.ToUpper(label)))
}

// method tells how money moved: by the type, else by one of the first words of the label.
func method(kind, label string) cash.Method {
	if m, ok := types[kind]; ok {
		return m
	}
	words := fold(label)
	for _, w := range words[:min(len(words), 4)] {
		if m, ok := operations[w]; ok {
			return m
		}
		if !fillers[w] {
			break
		}
	}
	return cash.Unspecified
}

// returned tells the label of a payment that comes back, taken from an account; its fee is another movement.
func returned(label string) bool {
	back := false
	for _, w := range fold(label) {
		switch {
		case w == "FRAIS", w == "COM", w == "COMM", w == "COMMISSION", w == "COMMISSIONS":
			return false
		case strings.HasPrefix(w, "IMPAYE"), w == "REJET", w == "REJETE", w == "REJETS":
			back = true
		}
	}
	return back
}

// payer is the name in a label, without the operation before it: "VIR SEPA DUPONT SARL" is of Dupont.
// A label that says only the operation names nobody.
func payer(label string) string {
	words := strings.Fields(label)
	seen := false
	for i, w := range words {
		f := strings.Join(fold(w), "")
		_, op := operations[f]
		switch {
		case op, f == "REMISE", f == "REM", f == "REJET", f == "IMPAYE":
			seen = true
		case seen && (fillers[f] || !strings.ContainsFunc(f, unicode.IsLetter)): // a date, a number
		default:
			return strings.Join(words[i:], " ")
		}
	}
	return ""
}
