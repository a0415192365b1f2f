package fec

import (
	"bytes"
	"strings"
)

// Kinds of customer account (plan comptable général).
const (
	accountReceivable = iota + 1 // 411, with 4117
	accountBill                  // 413
	accountDoubtful              // 416
	accountDeposit               // 4191
	accountSupplier              // 401
)

func accountKind(a []byte) int {
	switch {
	case bytes.HasPrefix(a, []byte("411")):
		return accountReceivable
	case bytes.HasPrefix(a, []byte("413")):
		return accountBill
	case bytes.HasPrefix(a, []byte("416")):
		return accountDoubtful
	case bytes.HasPrefix(a, []byte("4191")):
		return accountDeposit
	case bytes.HasPrefix(a, []byte("401")):
		return accountSupplier
	}
	return 0
}

// opening tells whether a line carries a balance of the year before: journal AN, RAN, "A
// nouveaux détaillés", "Report à nouveau", "Ouverture".
func opening(e *Entry) bool {
	switch strings.ToUpper(e.Journal) {
	case "AN", "RAN", "ANO", "ANX", "A NOUVEAU", "ANOUV", "REPORT":
		return true
	}
	lib := strings.ToLower(e.JournalLib)
	return strings.Contains(lib, "nouveau") || strings.Contains(lib, "ouverture")
}

// documented tells whether a reference can be that of one document: it has a digit. Opening
// lines say "sans", "AN", "RAN" or nothing.
func documented(ref string) bool { return strings.ContainsAny(ref, "0123456789") }
