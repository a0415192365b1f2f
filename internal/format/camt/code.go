package camt

import (
	"strings"

	"relance/internal/domain/cash"
)

// code is a bank transaction code (ISO 20022 external code list): domain, family, sub-family; or the
// bank's own when the file has no other.
type code struct{ domain, family, sub, own string }

func codeOf(n *node) code {
	d := n.at("Domn")
	return code{d.at("Cd").str(), d.at("Fmly", "Cd").str(), d.at("Fmly", "SubFmlyCd").str(),
		first(n.at("Prtry", "Cd").str(), n.at("Prtry").str())}
}

func (c code) String() string {
	if c.family == "" {
		return c.own
	}
	return strings.TrimSuffix(c.domain+"-"+c.family+"-"+c.sub, "-")
}

// methods tells how money moved by the family of a payment (domain PMNT).
var methods = map[string]cash.Method{
	"RCDT": cash.Transfer, "ICDT": cash.Transfer, // received, issued credit transfers
	"RRCT": cash.Transfer, "IRCT": cash.Transfer, // the same, instant
	"RCCN": cash.Transfer, "ICCN": cash.Transfer, // between accounts of one house
	"RDDT": cash.DirectDebit, "IDDT": cash.DirectDebit,
	"RCHQ": cash.Cheque, "ICHQ": cash.Cheque, "LBOX": cash.Cheque,
	"CCRD": cash.Card, "MCRD": cash.Card, // of the customer, of the merchant
	"DRFT": cash.Bill, // drafts and bills of exchange
	"CNTR": cash.Cash, // at the counter
}

func (c code) method() cash.Method {
	if c.family == "CNTR" && c.sub == "CHKD" { // cheque deposit
		return cash.Cheque
	}
	return methods[c.family]
}

// returns are the sub-families of a payment that comes back: a returned or cancelled transfer, an
// unpaid, reversed or cancelled direct debit, an unpaid or reversed cheque, card payment or draft, a
// returned or reversed ACH payment. A cheque or debit "under reserve" (URCQ, URDD) is not one of them.
var returns = map[string]bool{
	"RRTN": true, "RPCR": true, "UPDD": true, "PRDD": true, "RCDD": true, "UPCQ": true, "CQRV": true,
	"UPCT": true, "UDFT": true, "ARET": true, "AREV": true,
}

func (c code) returned() bool { return returns[c.sub] }
