package table

import (
	"strings"

	"relance/internal/domain/cash"
)

// pendingStatus are the statuses of lines that are not booked: they move nothing yet, or never will.
var pendingStatus = map[string]bool{"pending": true, "processing": true, "declined": true, "reverted": true, "canceled": true, "cancelled": true, "failed": true, "en attente": true, "attente": true,
	"en cours": true, "cours": true, "traitement": true, "refuse": true, "refusee": true, "annule": true, "annulee": true, "rejete": true, "rejetee": true, "echoue": true, "a venir": true, "venir": true}

// outward reads a column of sides: money out, or in.
func outward(v string) (out, known bool) {
	switch fold(v) {
	case "d", "debit", "dbit", "sortie", "out", "outgoing", "debiteur", "dr":
		return true, true
	case "c", "credit", "crdt", "entree", "incoming", "crediteur", "cr":
		return false, true
	}
	switch strings.ToLower(strings.TrimSpace(v)) { // idle words and signs that fold drops
	case "-":
		return true, true
	case "+", "in":
		return false, true
	}
	return false, false
}

// isBalance tells a line that states a balance.
func isBalance(v string) bool {
	f := fold(v)
	for _, w := range []string{"solde", "ancien solde", "nouveau solde", "balance", "opening balance", "closing balance"} {
		if f == w || strings.HasPrefix(f, w+" ") {
			return true
		}
	}
	return false
}

// bankWords reads the label of a movement as French banks write them, word by word: how the money went,
// and whether something comes back. What a bank charges for an unpaid item is not the item.
func bankWords(label string) (how cash.Method, back bool) {
	words := strings.Fields(fold(label))
	charge := false
	for i, w := range words[:min(len(words), 8)] {
		switch w {
		case "frais", "commission", "comm", "cotisation", "cotis", "interets", "agios", "fee", "fees":
			charge = true
		case "rejet", "rejete", "rejets", "impaye", "impayes", "impayee", "retour", "returned", "unpaid":
			back = back || i < 5
		case "vir", "virement", "virements", "transfer", "virt":
			how = either(how, cash.Transfer)
		case "prlv", "prelevement", "prelevements", "prlvt", "prelv", "prel":
			how = either(how, cash.DirectDebit)
		case "cheque", "cheques", "chq", "chqs", "check":
			how = either(how, cash.Cheque)
		case "cb", "carte", "cartes", "card":
			how = either(how, cash.Card)
		case "lcr", "bor", "effet", "effets", "traite", "traites":
			how = either(how, cash.Bill)
		case "especes", "retrait", "dab", "cash":
			how = either(how, cash.Cash)
		}
	}
	if charge {
		return cash.Unspecified, false
	}
	return how, back
}

func either(a, b cash.Method) cash.Method {
	if a != cash.Unspecified {
		return a
	}
	return b
}

// noReference is a reference, or none where a bank writes that there is none.
func noReference(v string) string {
	switch strings.ToUpper(strings.ReplaceAll(v, " ", "")) {
	case "NOTPROVIDED", "NONREF", "NR", "N/A", "-":
		return ""
	}
	return v
}
