package web

import (
	"context"
	"fmt"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/money"
)

// credit is a movement of the example statements.
type credit struct {
	day                     cal.Date
	cents                   int64
	payer, iban, text, back string // back: the reason of a return, "" for none
}

// camt writes a statement as banks do.
func camt(id string, opening, closing int64, from, to cal.Date, list []credit) string {
	amount := func(n int64) string { return money.Euros(max(n, -n)).Decimal() }
	sign := func(n int64) string {
		if n < 0 {
			return "DBIT"
		}
		return "CRDT"
	}
	balance := func(code string, n int64, on cal.Date) string {
		return fmt.Sprintf(`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>`, code, amount(n), sign(n), on)
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>` + id +
		`</MsgId></GrpHdr><Stmt><Id>` + id + `</Id><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy></Acct>` + balance("OPBD", opening, from) + balance("CLBD", closing, to))
	for i, c := range list {
		back := ""
		if c.back != "" {
			back = `<RtrInf><Rsn><Cd>AM04</Cd></Rsn><AddtlInf>` + c.back + `</AddtlInf></RtrInf>`
		}
		side := "Dbtr"
		if c.cents < 0 {
			side = "Cdtr"
		}
		account := ""
		if c.iban != "" {
			account = fmt.Sprintf(`<%sAcct><Id><IBAN>%s</IBAN></Id></%sAcct>`, side, c.iban, side)
		}
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%s</Dt></ValDt><AcctSvcrRef>%s-%d</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><%s><Nm>%s</Nm></%s>%s</RltdPties><RmtInf><Ustrd>%s</Ustrd></RmtInf>%s</TxDtls></NtryDtls></Ntry>`,
			amount(c.cents), sign(c.cents), c.day, c.day, id, i+1, side, strings.ReplaceAll(c.payer, "&", "&amp;"), side, account, c.text, back)
	}
	return b.String() + `</Stmt></BkToCstmrStmt></Document>`
}

// owed lists what a customer owes in euros.
func (h *house) owed(code string) (list []app.AccountEntry) {
	h.t.Helper()
	a, err := h.d.Account(context.Background(), code)
	h.must(err)
	for _, e := range a.Entries {
		if e.Open > 0 && e.Debit > 0 && e.Currency == money.EUR && !e.Disputed {
			list = append(list, e)
		}
	}
	if len(list) < 2 {
		h.t.Fatalf("%s owes %d invoices: the example needs two", code, len(list))
	}
	return list
}

// statements takes in two statements with a line of every sort: sure, proposed, unknown, to a credit, out, come back.
func (h *house) statements() {
	h.t.Helper()
	d := h.day
	sure, both, near, over := h.owed("C0020"), h.owed("C0022"), h.owed("C0023"), h.owed("C0024")
	twin, some, alike := h.owed("C0026"), h.owed("C0027"), h.owed("C0013")
	recent := []credit{
		{d - 2, sure[0].Open, firms[19], "FR7610011000201234567890188", "VIR SEPA " + sure[0].Number, ""},
		{d - 2, both[0].Open + both[1].Open, firms[21], "", "NOS REGLEMENTS " + both[0].Number + " ET " + both[1].Number, ""},
		{d - 2, -84000, "SCI des Forges", "", "LOYER NOVEMBRE", ""},
		{d - 1, near[0].Open, "INFORMATIQUE OCEANE SARL", "", "FACTURE", ""},
		{d - 1, over[0].Open - 4237, "CARRELAGE PEREIRA", "", "ACOMPTE SUR TRAVAUX", ""},
		{d - 1, some[0].Open + some[1].Open, "LIBRAIRIE DES ARTS", "", "VIREMENT", ""},
		{d - 1, alike[0].Open, "ATELIER BOIS", "", "VOTRE FACTURE", ""},
		{d - 1, twin[0].Open, "M. LE TRESORIER", "", "REGLEMENT FACTURE", ""},
		{d - 1, 31250, "Région Bretagne", "", "SUBVENTION 2026", ""},
	}
	sum := int64(0)
	for _, c := range recent {
		sum += c.cents
	}
	old := []credit{{d - 31, 125000, "Comptoir de l’Ouest", "", "VIREMENT", ""}, {d - 30, -5990, "Opérateur", "", "TELEPHONE", ""}}
	h.put(app.ImportBank, "releve-octobre.xml", camt("OCT", 2150000, 2150000+125000-5990+1200, d-35, d-28, old))
	h.put(app.ImportBank, "releve-novembre.xml", camt("NOV", 2270210, 2270210+sum, d-3, d-1, recent))
	// A payment that comes back, twice the same amount: a person says which.
	for range 2 {
		_, err := h.d.AddPayment(context.Background(), app.PaymentDraft{Customer: "C0028", Date: d - 9, Amount: money.Euros(45000), Method: "cheque", Reference: "4471"})
		h.must(err)
	}
	h.put(app.ImportBank, "impayes.xml", camt("IMP", 0, -45000, d-1, d-1, []credit{{d - 1, -45000, "", "", "CHEQUE IMPAYE", "Provision insuffisante"}}))
}

// answers are promises, disputes and questions of every sort.
func (h *house) answers() {
	h.t.Helper()
	ctx := context.Background()
	for i, cause := range []string{"order-number", "order-number", "order-number", "price", "price", "not-delivered", "already-paid", "cash", "cash", "unfounded", ""} {
		e := h.owed(fmt.Sprintf("C%04d", 1+i%2*3))[i%2] // two customers quarrel often
		_, err := h.d.OpenDispute(ctx, app.Dispute{Invoice: e.Number, Category: "administrative"})
		h.must(err)
		_, err = h.d.CloseDispute(ctx, e.Number, app.Ending{Outcome: "accepted", Cause: cause})
		h.must(err)
	}
	_, err := h.d.AddPromise(ctx, app.Promise{Customer: "C0017", Plan: true, Parts: []promise.Part{{Due: h.day + 10, Amount: 40000}, {Due: h.day + 40, Amount: 40000}}, Source: "desk", Why: "accord du 24"})
	h.must(err)
	late := h.owed("C0010")[0].Number
	_, err = h.d.OpenDispute(ctx, app.Dispute{Invoice: late, Category: "delivery", Amount: 40000, Why: "Deux lots manquants"})
	h.must(err)
	list, err := h.d.Disputes(ctx, 0, 10)
	h.must(err)
	for _, x := range list {
		if x.Invoice == late {
			h.must(h.d.AssignDispute(ctx, x.ID, "Jean Morel", h.day-2))
			secret, err := h.d.AskColleague(ctx, x.ID, "Luc Perrin", "luc@vasseur.example", "Les deux lots manquants sont-ils partis ?")
			h.must(err)
			h.must(h.app.AnswerQuestion(ctx, secret, "partly", "Un seul est parti, le second attend l’atelier."))
			return
		}
	}
	h.t.Fatalf("%s is not contested", late)
}
