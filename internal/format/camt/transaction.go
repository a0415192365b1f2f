package camt

import (
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/ground/money"
)

// Where a transaction says its amount, in the order in which they are believed. Amt came with
// version 4; the amount in the account's currency was TxAmt before, and may be the counter value.
const (
	ofTransaction = iota
	inDetail
	counterValue
	instructed
	sources
)

// transaction is one TxDtls of an entry, until the entry tells which way the money went.
type transaction struct {
	line    bank.Line
	sums    [sources]money.Amount // zero currency: not given
	side    string                // CdtDbtInd of its own, often absent
	charges int64                 // that the file says are inside the amount
	code    code
	from    code // of what came back
	debtor, creditor,
	payer, beneficiary bank.Party // the ultimate ones
	additional string
	ref        string // the bank's own
}

// transactionOf reads a TxDtls; c is the account's currency.
func transactionOf(n *node, c money.Currency) transaction {
	t := transaction{
		side: n.at("CdtDbtInd").str(),
		code: codeOf(n.at("BkTxCd")),
		from: codeOf(n.at("RtrInf", "OrgnlBkTxCd")),
	}
	details := n.at("AmtDtls")
	for i, s := range []*node{n.at("Amt"), details.at("TxAmt", "Amt"), details.at("CntrValAmt", "Amt"), details.at("InstdAmt", "Amt")} {
		t.sums[i] = sum(s, c)
	}
	t.charges = charges(n.all("Chrgs"), c)
	t.line.Instructed = t.sums[instructed]
	if a := t.sums[ofTransaction]; t.line.Instructed.Currency == "" && a.Currency != c {
		t.line.Instructed = a // another currency than the account's: what the sender ordered
	}
	refs := n.at("Refs")
	t.line.EndToEnd = given(refs.at("EndToEndId").str())
	t.line.Mandate = given(refs.at("MndtId").str())
	t.line.Return = returnOf(n.at("RtrInf"))
	t.debtor = party(n, "Dbtr")
	t.creditor = party(n, "Cdtr")
	t.payer = bank.Party{Name: name(n.at("RltdPties", "UltmtDbtr"))}
	t.beneficiary = bank.Party{Name: name(n.at("RltdPties", "UltmtCdtr"))}
	t.remittance(n.at("RmtInf"))
	if ref := given(refs.at("ChqNb").str()); ref != "" {
		t.line.Original = ref
		t.line.Text = joined(t.line.Text, ref)
	}
	if t.line.Original == "" {
		t.line.Original = first(t.line.EndToEnd, given(refs.at("TxId").str()), given(refs.at("InstrId").str()))
	}
	t.additional = n.at("AddtlTxInf").str()
	t.ref = given(refs.at("AcctSvcrRef").str())
	return t
}

// sum reads an amount that may be absent; one that cannot be read is as good as absent, since the
// entry's own amount is the bank's word.
func sum(n *node, c money.Currency) money.Amount {
	if n == nil {
		return money.Amount{}
	}
	if own := money.Currency(n.ccy); own.Valid() {
		c = own
	}
	minor, err := figure(n, c)
	if err != nil {
		return money.Amount{}
	}
	return money.Of(minor, c)
}

// charges is what the bank says it kept inside the amount. Versions 2 and 3 name charges "included
// in the entry amount"; since version 4 ChrgInclInd may say that they are booked apart.
func charges(list []*node, c money.Currency) int64 {
	var total int64
	for _, n := range list {
		records := n.all("Rcrd")
		if len(records) == 0 {
			records = []*node{n}
		}
		for _, r := range records {
			amount := r.at("Amt|ChrgsAmt")
			if amount == nil {
				amount = n.at("TtlChrgsAndTaxAmt")
			}
			kept := sum(amount, c)
			switch {
			case kept.Currency != c, r.at("ChrgInclInd").str() == "false", r.at("ChrgInclInd").str() == "0":
			case r.at("CdtDbtInd").str() == "CRDT": // given back
				total -= kept.Minor
			default:
				total += kept.Minor
			}
		}
	}
	return max(total, 0)
}

// returnOf reads why a payment came back; version 1 has other names for it.
func returnOf(n *node) *bank.Return {
	if n == nil {
		return nil
	}
	reason := n.at("Rsn|RtrRsn")
	r := &bank.Return{Code: first(reason.at("Cd").str(), reason.at("Prtry").str())}
	for _, more := range n.all("AddtlInf|AddtlRtrRsnInf") {
		r.Text = strings.TrimSpace(r.Text + " " + more.text)
	}
	return r
}

// party reads the debtor or the creditor: name, account and bank.
func party(n *node, who string) bank.Party {
	bankOf := n.at("RltdAgts", who+"Agt", "FinInstnId")
	return bank.Party{
		Name: name(n.at("RltdPties", who)),
		IBAN: account(n.at("RltdPties", who+"Acct")),
		BIC:  first(bankOf.at("BICFI|BIC").str(), bankOf.at("CmbndId", "BIC").str()),
	}
}

// name of a party: since version 8 it stands in Pty, or is that of a bank.
func name(n *node) string {
	return given(first(n.at("Nm").str(), n.at("Pty", "Nm").str(), n.at("Agt", "FinInstnId", "Nm").str()))
}

// remittance reads what the payment is for. Of several creditor references the first is structured;
// the others and the numbers of documents are text, where a person and the matching find them.
func (t *transaction) remittance(n *node) {
	var parts []string
	for _, u := range n.all("Ustrd") {
		parts = append(parts, u.text)
	}
	for _, s := range n.all("Strd") {
		for _, doc := range s.all("RfrdDocInf") {
			parts = append(parts, doc.at("Nb|RfrdDocNb").str())
		}
		ref := given(s.at("CdtrRefInf", "Ref|CdtrRef").str())
		if t.line.Structured == "" {
			t.line.Structured = ref
		} else {
			parts = append(parts, ref)
		}
		for _, more := range s.all("AddtlRmtInf") {
			parts = append(parts, more.text)
		}
	}
	t.line.Text = joined(parts...)
}

// maxLineText bounds the text of one line: the schemas allow any number of parts.
const maxLineText = 8 << 10

// joined puts parts under one another: empty ones, "not provided" and what was said before are left out.
func joined(parts ...string) string {
	text := ""
	for _, p := range parts {
		for one := range strings.SplitSeq(p, "\n") {
			switch {
			case one == "", notGiven(one), strings.Contains("\n"+text+"\n", "\n"+one+"\n"), len(text)+len(one) > maxLineText:
			case text == "":
				text = one
			default:
				text += "\n" + one
			}
		}
	}
	return text
}
