package demo

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// movement is a line of the company's account as its bank tells it.
type movement struct {
	cents      int64 // positive: money in
	name, iban string
	text, ref  string
	code       string // domain, family and sub-family, dashes between
	back       string // why it comes back, "" when it does not
}

// chequeDays is how long an unpaid cheque takes to come back.
const chequeDays = 6

// receive brings the day's money in: a statement of the bank for the euros, a list for the other accounts.
func (s *Stage) receive(ctx context.Context, day cal.Date) error {
	list := s.moves[day]
	var foreign strings.Builder
	for _, p := range s.pays[day] {
		if p.who.currency != string(money.EUR) {
			fmt.Fprintf(&foreign, "%s;%s;%s;%s;%s;VIR %s;transfer\n", p.who.code, day, money.Of(p.cents, money.Currency(p.who.currency)).Decimal(),
				p.who.currency, p.invoice, p.invoice)
			continue
		}
		list = append(list, s.paid(p, day))
	}
	if foreign.Len() > 0 {
		b := "customer;date;amount;currency;invoice;reference;method\n" + foreign.String()
		if err := s.take(ctx, app.ImportPayments, app.FileIn(fmt.Sprintf("reglements-%s.csv", day), []byte(b))); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return nil
	}
	if s.random.IntN(4) == 0 {
		list = append(list, movement{cents: -int64(900 + s.random.IntN(9000)), name: "Banque exemple", text: "FRAIS TENUE DE COMPTE", ref: s.bankRef(), code: "PMNT-ICDT-ESCT"})
	}
	if s.random.IntN(9) == 0 {
		list = append(list, movement{cents: int64(120_00 + s.random.IntN(900_00)), name: "Assurances du Ponant", text: "INDEMNITE SINISTRE 2026/8841", ref: s.bankRef(), code: "PMNT-RCDT-ESCT"})
	}
	return s.take(ctx, app.ImportBank, app.FileIn(fmt.Sprintf("releve-%s.xml", day), s.statement(day, list)))
}

// paid is a payment as the bank tells it: most debtors cite their invoice, some spell it in their own way, some cite
// nothing. One in thirty pays by a cheque, and one cheque in three comes back.
func (s *Stage) paid(p pay, day cal.Date) movement {
	m := movement{cents: p.cents, name: strings.ToUpper(p.who.name), iban: p.who.iban(), ref: s.bankRef(), code: "PMNT-RCDT-ESCT"}
	switch n := s.random.IntN(20); {
	case n < 12:
		m.text = "VIR SEPA FACTURE " + p.invoice
	case n < 15:
		m.text = "REGLEMENT FACT " + strings.ReplaceAll(p.invoice, "-", " ")
	case n < 17:
		m.text = "VOTRE FACTURE " + strings.ReplaceAll(p.invoice, "-", "")
	case n < 19:
		m.text = "VIREMENT " + strings.ToUpper(p.who.name)
	case s.random.IntN(2) == 0:
		m.text = "REGLEMENT FOURNISSEURS"
	default: // a bookkeeper who pays for many: nothing but the amount says which invoice
		m.name, m.iban, m.text = "GESTION PARTAGEE OUEST", "", "REGLEMENT FOURNISSEURS"
	}
	if s.random.IntN(30) == 0 && p.who.siren != "" {
		m.code, m.iban, m.text = "PMNT-RCHQ-OTHR", "", "REMISE CHEQUE 00"+m.ref[3:]+" FACTURE "+p.invoice
		if s.random.IntN(3) == 0 {
			back := m
			back.cents, back.code, back.back, back.ref = -m.cents, "PMNT-RCHQ-UPCQ", "CHEQUE SANS PROVISION", s.bankRef()
			s.moves[day+chequeDays] = append(s.moves[day+chequeDays], back)
		}
	}
	return m
}

// answerDays is how long a line of the bank's waits for the person who keeps the account.
const answerDays = 4

// answer settles what awaited a person for some days as it was proposed; what nothing was proposed for is set aside.
func (s *Stage) answer(ctx context.Context, day cal.Date) error {
	v, err := s.Desk.Bank(ctx, "open", 0, 100)
	if err != nil {
		return err
	}
	for _, l := range v.Lines {
		if l.Booked > day-answerDays {
			continue
		}
		if len(l.Proposals) > 0 {
			err = s.Desk.SettleLine(ctx, l.ID, app.LineAnswer{Proposal: 1})
		} else {
			err = s.Desk.SetLineAside(ctx, l.ID, "Ce n’est le règlement d’aucun client.")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// iban is an account that the customer pays from: a valid one of no bank.
func (d *debtor) iban() string {
	v, err := ident.MakeIBAN("10096", "18000", strings.ReplaceAll(d.code, "C", "00000000"))
	if err != nil {
		return ""
	}
	return v
}

func (s *Stage) bankRef() string {
	s.lastRef++
	return fmt.Sprintf("BQ-%06d", s.lastRef)
}

// statement writes the day's statement: what was on the account, what moved, what is on it.
func (s *Stage) statement(day cal.Date, list []movement) []byte {
	opening := s.balance
	var b strings.Builder
	esc := func(t string) string {
		var x strings.Builder
		_ = xml.EscapeText(&x, []byte(t)) // into memory: cannot fail
		return x.String()
	}
	amount := func(n int64) (value, sign string) {
		if n < 0 {
			return money.Euros(-n).Decimal(), "DBIT"
		}
		return money.Euros(n).Decimal(), "CRDT"
	}
	balance := func(code string, n int64, on cal.Date) {
		v, sign := amount(n)
		fmt.Fprintf(&b, `<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>`, code, v, sign, on)
	}
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>%s</MsgId></GrpHdr>`+
		`<Stmt><Id>%s</Id><Acct><Id><IBAN>%s</IBAN></Id><Ccy>EUR</Ccy></Acct>`, day, day, profile("fr").IBAN)
	for _, m := range list {
		s.balance += m.cents
	}
	balance("OPBD", opening, day)
	balance("CLBD", s.balance, day)
	for _, m := range list {
		v, sign := amount(m.cents)
		code := strings.Split(m.code, "-")
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%s</Dt></ValDt><AcctSvcrRef>%s</AcctSvcrRef>`+
			`<BkTxCd><Domn><Cd>%s</Cd><Fmly><Cd>%s</Cd><SubFmlyCd>%s</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls>`, v, sign, day, day, m.ref, code[0], code[1], code[2])
		if m.name != "" {
			party := "Dbtr"
			if m.cents < 0 && m.back == "" {
				party = "Cdtr"
			}
			fmt.Fprintf(&b, `<RltdPties><%[1]s><Pty><Nm>%[2]s</Nm></Pty></%[1]s>`, party, esc(m.name))
			if m.iban != "" {
				fmt.Fprintf(&b, `<%[1]sAcct><Id><IBAN>%[2]s</IBAN></Id></%[1]sAcct>`, party, m.iban)
			}
			b.WriteString(`</RltdPties>`)
		}
		fmt.Fprintf(&b, `<RmtInf><Ustrd>%s</Ustrd></RmtInf>`, esc(m.text))
		if m.back != "" {
			fmt.Fprintf(&b, `<RtrInf><Rsn><Prtry>%s</Prtry></Rsn></RtrInf>`, esc(m.back))
		}
		b.WriteString(`</TxDtls></NtryDtls></Ntry>`)
	}
	b.WriteString(`</Stmt></BkToCstmrStmt></Document>`)
	return []byte(b.String())
}
