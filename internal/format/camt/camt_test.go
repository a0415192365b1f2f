package camt

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"relance/internal/domain/bank"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

const declaration = `<?xml version="1.0" encoding="UTF-8"?>`

// document puts statements into a camt.053 of a version.
func document(version string, body string) string {
	return declaration + `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.` + version +
		`"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr>` + body + `</BkToCstmrStmt></Document>`
}

// our is the head of a statement of our account.
const our = `<Id>S1</Id><Acct><Id><IBAN>FR76 3000 1007 9412 3456 7890 185</IBAN></Id><Ccy>EUR</Ccy></Acct>`

func statement(entries string) string { return "<Stmt>" + our + entries + "</Stmt>" }

// ntry is a booked entry of 2 March 2026.
func ntry(amount, side, more string) string {
	return `<Ntry><Amt Ccy="EUR">` + amount + `</Amt><CdtDbtInd>` + side + `</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>` + more + `</Ntry>`
}

type seen struct {
	statements []*bank.Statement
	entries    []bank.Entry
}

func read(t testing.TB, text string) (s seen) {
	t.Helper()
	var err error
	s.statements, err = Read(strings.NewReader(text), func(_ *bank.Statement, e *bank.Entry) error {
		s.entries = append(s.entries, *e)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// one reads a file of one entry with one line.
func one(t *testing.T, text string) (*bank.Statement, bank.Entry, bank.Line) {
	t.Helper()
	s := read(t, text)
	if len(s.entries) != 1 || len(s.entries[0].Lines) != 1 {
		t.Fatalf("want one entry of one line, got %+v", s.entries)
	}
	return s.statements[0], s.entries[0], s.entries[0].Lines[0]
}

func keys(list []fault.Problem) string {
	var b strings.Builder
	for _, p := range list {
		fmt.Fprintf(&b, "%d %s\n", p.Line, p.Key)
	}
	return b.String()
}

func TestTransferReceived(t *testing.T) {
	st, e, l := one(t, document("02", `<Stmt><Id>S1</Id><FrToDt><FrDtTm>2026-03-01T00:00:00</FrDtTm><ToDtTm>2026-03-02T23:59:59+01:00</ToDtTm></FrToDt>
<Acct><Id><IBAN>FR7630001007941234567890185</IBAN></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">9</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-02-28</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">10.5</Amt><CdtDbtInd>DBIT</CdtDbtInd><Dt><Dt>2026-03-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLAV</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1189.5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><DtTm>2026-03-02T23:59:59Z</DtTm></Dt></Bal>
<Ntry><NtryRef>7</NtryRef><Amt Ccy="EUR">1200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-03-02T01:30:00+02:00</DtTm></BookgDt>
<ValDt><Dt>2026-03-03</Dt></ValDt><AcctSvcrRef>BQ-1</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn><Prtry><Cd>05</Cd></Prtry></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
<AmtDtls><TxAmt><Amt Ccy="EUR">1200.00</Amt></TxAmt></AmtDtls>
<RltdPties><Dbtr><Nm>Menuiserie Durand</Nm></Dbtr><DbtrAcct><Id><IBAN>FR14 2004 1010 0505 0001 3M02 606</IBAN></Id></DbtrAcct><UltmtDbtr><Nm>Durand Holding</Nm></UltmtDbtr>
<Cdtr><Nm>Nous</Nm></Cdtr></RltdPties><RltdAgts><DbtrAgt><FinInstnId><BIC>PSSTFRPPPAR</BIC></FinInstnId></DbtrAgt></RltdAgts>
<RmtInf><Ustrd>Facture F-26-001</Ustrd><Ustrd>et   F-26-002</Ustrd><Strd><RfrdDocInf><Nb>F-26-003</Nb></RfrdDocInf><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf><AddtlRmtInf>solde</AddtlRmtInf></Strd></RmtInf>
</TxDtls></NtryDtls><AddtlNtryInf>VIR SEPA</AddtlNtryInf></Ntry></Stmt>`))
	if st.Account != "FR7630001007941234567890185" || st.Currency != "EUR" || st.ID != "S1" || st.From.String() != "2026-03-01" || st.To.String() != "2026-03-02" {
		t.Errorf("statement %+v", st)
	}
	if st.Opening.Amount != -1050 || st.Opening.On.String() != "2026-03-01" || st.Closing.Amount != 118950 || st.Closing.On.String() != "2026-03-02" {
		t.Errorf("balances %+v %+v", st.Opening, st.Closing)
	}
	if diff, known := st.Break(); diff != 0 || !known {
		t.Errorf("break %d %t", diff, known)
	}
	if e.No != 1 || e.Line != 7 || e.Booked.String() != "2026-03-02" || e.Value.String() != "2026-03-03" || e.Amount != 120000 || e.Ref != "BQ-1" || e.Code != "PMNT-RCDT-ESCT" {
		t.Errorf("entry %+v", e)
	}
	want := bank.Line{Amount: 120000, Text: "Facture F-26-001\net F-26-002\nF-26-003\nsolde\nVIR SEPA", Structured: "RF18539007547034", Method: "transfer",
		Payer:    bank.Party{Name: "Menuiserie Durand", IBAN: "FR1420041010050500013M02606", BIC: "PSSTFRPPPAR"},
		Ultimate: bank.Party{Name: "Durand Holding"}}
	if l != want {
		t.Errorf("line\n%+v\nwant\n%+v", l, want)
	}
	if len(st.Errors)+len(st.Warnings) > 0 {
		t.Error(keys(st.Errors), keys(st.Warnings))
	}
}

// The names of versions 1 (flat, its own words), 4 (charges in records) and 8 (wrapped parties and
// statuses, BICFI, times) give the same line.
func TestVersions(t *testing.T) {
	v1 := `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.01"><BkToCstmrStmtV01><Stmt><Id>S1</Id>
<Acct><Id><IBAN>FR7630001007941234567890185</IBAN></Id></Acct><Bal><Tp><Cd>CLBD</Cd></Tp><Amt Ccy="EUR">95</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">95</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>
<TxDtls><Refs><EndToEndId>E2E</EndToEndId><MndtId>M1</MndtId></Refs><Chrgs><ChrgsAmt Ccy="EUR">5</ChrgsAmt></Chrgs>
<RltdPties><Dbtr><Nm>Durand</Nm></Dbtr><DbtrAcct><Id><PrtryAcct><Id>X 1</Id></PrtryAcct></Id></DbtrAcct></RltdPties><RltdAgts><DbtrAgt><FinInstnId><CmbndId><BIC>PSSTFRPP</BIC></CmbndId></FinInstnId></DbtrAgt></RltdAgts>
<RmtInf><Strd><RfrdDocInf><RfrdDocNb>F1</RfrdDocNb></RfrdDocInf><CdtrRefInf><CdtrRef>R1</CdtrRef></CdtrRefInf></Strd></RmtInf>
<RtrInf><RtrRsn><Cd>AM04</Cd></RtrRsn><AddtlRtrRsnInf>provision</AddtlRtrRsnInf><AddtlRtrRsnInf>insuffisante</AddtlRtrRsnInf></RtrInf></TxDtls></Ntry></Stmt></BkToCstmrStmtV01></Document>`
	v4 := document("04", `<Stmt><Id>S1</Id><Acct><Id><IBAN>FR7630001007941234567890185</IBAN></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">95</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">95</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>E2E</EndToEndId><MndtId>M1</MndtId></Refs><Amt Ccy="EUR">90</Amt><Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">5</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy="EUR">5</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>
<RltdPties><Dbtr><Nm>Durand</Nm></Dbtr><DbtrAcct><Id><Othr><Id>X 1</Id></Othr></Id></DbtrAcct></RltdPties><RltdAgts><DbtrAgt><FinInstnId><BICFI>PSSTFRPP</BICFI></FinInstnId></DbtrAgt></RltdAgts>
<RmtInf><Strd><RfrdDocInf><Nb>F1</Nb></RfrdDocInf><CdtrRefInf><Ref>R1</Ref></CdtrRefInf></Strd></RmtInf>
<RtrInf><Rsn><Cd>AM04</Cd></Rsn><AddtlInf>provision insuffisante</AddtlInf></RtrInf></TxDtls></NtryDtls></Ntry></Stmt>`)
	v8 := strings.NewReplacer(`053.001.04`, `053.001.08`, `<Sts>BOOK</Sts>`, `<Sts><Cd>BOOK</Cd></Sts>`, `<Dt>2026-03-02</Dt></BookgDt>`, `<DtTm>2026-03-02T13:00:00+01:00</DtTm></BookgDt>`,
		`<Dbtr><Nm>Durand</Nm></Dbtr>`, `<Dbtr><Pty><Nm>Durand</Nm></Pty></Dbtr>`).Replace(v4)
	prefixed := strings.NewReplacer(`<?`, `<?`, `</`, `</d:`, `<`, `<d:`, `xmlns=`, `xmlns:d=`).Replace(v8)
	want := bank.Line{Amount: -9500, Text: "F1", Structured: "R1", EndToEnd: "E2E", Method: "direct-debit", Payer: bank.Party{Name: "Durand", IBAN: "X 1", BIC: "PSSTFRPP"},
		Charges: 500, Original: "E2E", Mandate: "M1"}
	for name, text := range map[string]string{"v1": v1, "v4": v4, "v8": v8, "prefixed": prefixed, "envelope": `<Envelope><Body>` + strings.TrimPrefix(v8, declaration) + `</Body></Envelope>`} {
		st, e, l := one(t, text)
		if st.Closing == nil || st.Closing.Amount != 9500 || e.Booked.String() != "2026-03-02" || len(st.Warnings)+len(st.Errors) > 0 {
			t.Errorf("%s: %+v %+v %s%s", name, st, e, keys(st.Warnings), keys(st.Errors))
		}
		if r := l.Return; r == nil || *r != (bank.Return{Code: "AM04", Text: "provision insuffisante"}) {
			t.Errorf("%s: return %+v", name, r)
		}
		if l.Return = nil; l != want {
			t.Errorf("%s: line\n%+v\nwant\n%+v", name, l, want)
		}
	}
}

const twoParties = `<RltdPties><Dbtr><Nm>Débiteur</Nm></Dbtr><Cdtr><Nm>Créancier</Nm></Cdtr></RltdPties>`

func bkTxCd(family, sub string) string {
	return `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>` + family + `</Cd><SubFmlyCd>` + sub + `</SubFmlyCd></Fmly></Domn></BkTxCd>`
}

// Who the other party is depends on the way of the money, and on whether it comes back.
func TestDirections(t *testing.T) {
	for _, c := range []struct {
		name, side, before, details string
		amount                      int64
		payer, method               string
		back, reversal              bool
	}{
		{"received", "CRDT", bkTxCd("RCDT", "ESCT"), twoParties, 1000, "Débiteur", "transfer", false, false},
		{"instant", "CRDT", bkTxCd("RRCT", "ESCT"), twoParties, 1000, "Débiteur", "transfer", false, false},
		{"paid", "DBIT", bkTxCd("ICDT", "ESCT"), twoParties, -1000, "Créancier", "transfer", false, false},
		{"our debit comes back", "DBIT", bkTxCd("IDDT", "UPDD"), twoParties, -1000, "Débiteur", "direct-debit", true, false},
		{"our transfer comes back", "CRDT", bkTxCd("ICDT", "RRTN"), twoParties, 1000, "Créancier", "transfer", true, false},
		{"unpaid cheque", "DBIT", bkTxCd("RCHQ", "UPCQ"), twoParties, -1000, "Débiteur", "cheque", true, false},
		{"unpaid draft", "DBIT", bkTxCd("DRFT", "UDFT"), twoParties, -1000, "Débiteur", "bill", true, false},
		{"unpaid card", "DBIT", bkTxCd("MCRD", "UPCT"), twoParties, -1000, "Débiteur", "card", true, false},
		{"cheque at the counter", "CRDT", bkTxCd("CNTR", "CHKD"), "", 1000, "", "cheque", false, false},
		{"cash at the counter", "CRDT", bkTxCd("CNTR", "CDPT"), "", 1000, "", "cash", false, false},
		{"bank takes its credit back", "DBIT", `<RvslInd>true</RvslInd>` + bkTxCd("RCDT", "ESCT"), twoParties, -1000, "Débiteur", "transfer", false, true},
		{"return by reason alone", "DBIT", "", twoParties + `<RtrInf><OrgnlBkTxCd>` + strings.TrimSuffix(strings.TrimPrefix(bkTxCd("RDDT", "ESDD"), "<BkTxCd>"), "</BkTxCd>") + `</OrgnlBkTxCd></RtrInf>`, -1000, "Débiteur", "direct-debit", true, false},
		{"roles turned with the money", "DBIT", bkTxCd("IDDT", "UPDD"), `<RltdPties><Dbtr><Nm>Nous</Nm></Dbtr><DbtrAcct><Id><IBAN>FR7630001007941234567890185</IBAN></Id></DbtrAcct><Cdtr><Nm>Client</Nm></Cdtr></RltdPties>`, -1000, "Client", "direct-debit", true, false},
		{"a credit of which only we are named", "CRDT", bkTxCd("RCDT", "ESCT"), `<RltdPties><Cdtr><Nm>Nous</Nm></Cdtr></RltdPties>`, 1000, "", "transfer", false, false},
	} {
		_, e, l := one(t, document("02", statement(ntry("10", c.side, c.before+`<NtryDtls><TxDtls>`+c.details+`</TxDtls></NtryDtls>`))))
		if e.Amount != c.amount || l.Amount != c.amount || l.Payer.Name != c.payer || l.Method != c.method || (l.Return != nil) != c.back || l.Reversal != c.reversal {
			t.Errorf("%s: %+v %+v", c.name, e, l)
		}
	}
}

func tx(amount, more string) string {
	return `<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">` + amount + `</Amt></TxAmt></AmtDtls>` + more + `</TxDtls>`
}

const instd = `<AmtDtls><InstdAmt><Amt Ccy="EUR">100</Amt></InstdAmt></AmtDtls>`

func chrgs(amount, included string) string {
	return `<Chrgs><Rcrd><Amt Ccy="EUR">` + amount + `</Amt><ChrgInclInd>` + included + `</ChrgInclInd></Rcrd></Chrgs>`
}

// What the lines of an entry are, "amount+charges" each, and what is said of it.
func TestBatchesAndCharges(t *testing.T) {
	own := func(amount, side string) string {
		return `<TxDtls><Amt Ccy="EUR">` + amount + `</Amt><CdtDbtInd>` + side + `</CdtDbtInd></TxDtls>`
	}
	for _, c := range []struct{ name, entry, lines, warned string }{
		{"two transactions", ntry("30", "CRDT", `<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>`+tx("10", "")+tx("20", "")+`</NtryDtls>`), "1000+0 2000+0", ""},
		{"in two groups", ntry("30", "DBIT", `<NtryDtls>`+tx("10", "")+`</NtryDtls><NtryDtls>`+tx("20", "")+`</NtryDtls>`), "-1000+0 -2000+0", ""},
		{"credits and a debit", ntry("5", "CRDT", `<NtryDtls>`+own("10", "CRDT")+own("5", "DBIT")+`</NtryDtls>`), "1000+0 -500+0", ""},
		{"sides that lie", ntry("15", "DBIT", `<NtryDtls>`+own("10", "CRDT")+own("5", "CRDT")+`</NtryDtls>`), "-1000+0 -500+0", ""},
		{"no amounts", ntry("30", "CRDT", `<NtryDtls><TxDtls/><TxDtls/></NtryDtls>`), "3000+0", "1 bank.batch.differs\n"},
		{"wrong amounts", ntry("30", "CRDT", `<NtryDtls>`+tx("10", "")+tx("10", "")+`</NtryDtls>`), "3000+0", "1 bank.batch.differs\n"},
		{"each gross of its charges", ntry("28", "CRDT", `<NtryDtls>`+tx("10", chrgs("1", "true"))+tx("20", chrgs("1", "true"))+`</NtryDtls>`), "900+100 1900+100", ""},
		{"each net of its charges", ntry("30", "CRDT", `<NtryDtls>`+tx("10", chrgs("1", "true"))+tx("20", chrgs("1", "true"))+`</NtryDtls>`), "1000+100 2000+100", ""},
		{"the batch gross of its charges", ntry("29", "CRDT", chrgs("1", "true")+`<NtryDtls>`+tx("10", "")+tx("20", "")+`</NtryDtls>`), "967+33 1933+67", ""},
		{"one, amount of its own", ntry("30", "CRDT", `<NtryDtls>`+tx("31", "")+`</NtryDtls>`), "3000+0", "1 bank.batch.single\n"},
		{"one, nothing of its own", ntry("30", "CRDT", `<NtryDtls><TxDtls/></NtryDtls>`), "3000+0", ""},
		{"one, another currency", ntry("30", "CRDT", `<NtryDtls><TxDtls><Amt Ccy="USD">40</Amt></TxDtls></NtryDtls>`), "3000+0", ""},
		{"charges booked apart", ntry("100", "CRDT", chrgs("5", "false")), "10000+0", ""},
		{"charges of the entry", ntry("95", "CRDT", `<Chrgs><Amt Ccy="EUR">5</Amt></Chrgs>`), "9500+500", ""},
		{"the order proves the charges", ntry("95", "CRDT", instd), "9500+500", ""},
		{"the order disproves them", ntry("100", "CRDT", instd+`<Chrgs><Amt Ccy="EUR">5</Amt></Chrgs>`), "10000+0", ""},
		{"a return with its fee", ntry("103", "DBIT", bkTxCd("IDDT", "UPDD")+`<NtryDtls><TxDtls>`+instd+`</TxDtls></NtryDtls>`), "-10300+300", ""},
		{"charges given back", ntry("100", "CRDT", `<Chrgs><Amt Ccy="EUR">5</Amt><CdtDbtInd>CRDT</CdtDbtInd></Chrgs>`), "10000+0", ""},
		{"no detail", ntry("12.34", "DBIT", `<AddtlNtryInf>FRAIS</AddtlNtryInf>`), "-1234+0", ""},
	} {
		s := read(t, document("04", statement(c.entry)))
		var lines []string
		var sum int64
		for _, l := range s.entries[0].Lines {
			lines = append(lines, fmt.Sprintf("%d+%d", l.Amount, l.Charges))
			sum += l.Amount
		}
		if got := strings.Join(lines, " "); got != c.lines || sum != s.entries[0].Amount {
			t.Errorf("%s: %s, want %s", c.name, got, c.lines)
		}
		if got := keys(s.statements[0].Warnings); got != c.warned {
			t.Errorf("%s: warned %q, want %q", c.name, got, c.warned)
		}
	}
}

func TestBatchTexts(t *testing.T) {
	s := read(t, document("02", statement(ntry("30", "CRDT", `<NtryDtls>`+tx("10", `<RmtInf><Ustrd>F1</Ustrd></RmtInf>`)+tx("20", `<RmtInf><Ustrd>F2</Ustrd></RmtInf><AddtlTxInf>plus</AddtlTxInf>`)+`</NtryDtls><AddtlNtryInf>REMISE</AddtlNtryInf>`))))
	if l := s.entries[0].Lines; l[0].Text != "F1" || l[1].Text != "F2\nplus" {
		t.Errorf("%+v", l)
	}
	_, _, l := one(t, document("02", statement(ntry("31", "CRDT", `<NtryDtls>`+tx("10", `<RmtInf><Ustrd>F1</Ustrd></RmtInf>`)+tx("20", `<RmtInf><Ustrd>F2</Ustrd></RmtInf>`)+`</NtryDtls><AddtlNtryInf>REMISE</AddtlNtryInf>`))))
	if l.Text != "F1\nF2\nREMISE" {
		t.Errorf("%q", l.Text)
	}
}

func TestForeignOrder(t *testing.T) {
	_, _, l := one(t, document("08", statement(ntry("92", "CRDT", `<NtryDtls><TxDtls><Amt Ccy="USD">100</Amt></TxDtls></NtryDtls>`))))
	if l.Instructed != money.Of(10000, "USD") || l.Charges != 0 {
		t.Errorf("%+v", l)
	}
}

// A bad entry is reported with its line; the others are read.
func TestProblems(t *testing.T) {
	s := read(t, document("02", "\n"+statement(strings.Join([]string{
		ntry("1", "CRDT", ""),
		ntry("1,00", "CRDT", ""),
		ntry("1", "CREDIT", ""),
		`<Ntry><Amt Ccy="USD">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry>`,
		`<Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>`,
		`<Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-02-30</Dt></BookgDt></Ntry>`,
		`<Ntry><Amt Ccy="EUR">-1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-02-28</Dt></BookgDt></Ntry>`,
		`<Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts></Ntry>`,
		`<Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>INFO</Cd></Sts></Ntry>`,
		`<Ntry><Amt Ccy="EUR">2</Amt><CdtDbtInd>CRDT</CdtDbtInd><ValDt><Dt>2026-03-02</Dt></ValDt></Ntry>`,
	}, "\n"))))
	st := s.statements[0]
	if len(s.entries) != 2 || st.Entries != 2 || st.Moved != 300 || s.entries[1].No != 2 || s.entries[1].Line != 11 || s.entries[1].Booked.String() != "2026-03-02" {
		t.Errorf("%+v %+v", st, s.entries)
	}
	want := "3 format.amount.impossible\n4 bank.camt.side\n5 statement.currency\n6 bank.date.missing\n7 format.date.impossible\n8 format.amount.impossible\n"
	if got := keys(st.Errors); got != want {
		t.Errorf("errors\n%swant\n%s", got, want)
	}
	if got := keys(st.Warnings); got != "0 bank.pending\n" || st.Warnings[0].Args[0] != 2 {
		t.Errorf("warnings %s", got)
	}
}

// What is no statement is refused as a whole, and says why.
func TestRefused(t *testing.T) {
	deep := strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100)
	for _, c := range []struct{ name, text, key string }{
		{"empty", "", "format.xml.not"},
		{"text", "Date;Montant\n", "format.xml.not"},
		{"no statement", document("02", ""), "bank.camt.empty"},
		{"another message", `<Document><CstmrCdtTrfInitn><Stmt/></CstmrCdtTrfInitn></Document>`, "bank.camt.empty"},
		{"cut", document("02", statement(ntry("1", "CRDT", "")))[:300], "format.xml.malformed"},
		{"crossed", `<Document><BkToCstmrStmt></Document></BkToCstmrStmt>`, "format.xml.malformed"},
		{"crossed below", document("02", `<Stmt><Id>1</Stmt></Id>`), "format.xml.malformed"},
		{"closed twice", `<Document></Document></Document>`, "format.xml.malformed"},
		{"entity bomb", `<!DOCTYPE a [<!ENTITY b "ha">]><Document><BkToCstmrStmt><Stmt><Id>&b;</Id></Stmt></BkToCstmrStmt></Document>`, "format.xml.doctype"},
		{"unknown entity", document("02", `<Stmt><Id>&b;</Id></Stmt>`), "format.xml.malformed"},
		{"deep", deep, "format.xml.too-deep"},
		{"deep below", document("02", statement(ntry("1", "CRDT", deep))), "format.xml.too-deep"},
		{"wide", document("02", statement(ntry("1", "CRDT", strings.Repeat("<a/>", maxNodes+1)))), "format.xml.too-deep"},
		{"endless", document("02", `<Stmt><Id>`+strings.Repeat("a", 2*maxToken)+`</Id></Stmt>`), "format.line.too-long"},
	} {
		_, err := Read(strings.NewReader(c.text), func(*bank.Statement, *bank.Entry) error { return nil })
		if fault.Key(err) != c.key || fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v, want %s", c.name, err, c.key)
		}
	}
}

func TestTakeStops(t *testing.T) {
	stop := errors.New("stop")
	if _, err := Read(strings.NewReader(document("02", statement(ntry("1", "CRDT", "")))), func(*bank.Statement, *bank.Entry) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	broken := io.MultiReader(strings.NewReader(document("02", "<Stmt>")[:150]), errorReader{stop})
	if _, err := Read(broken, nil); fault.Key(err) != "format.unreadable" {
		t.Error(err)
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

// Accents come through whatever the declaration says.
func TestEncodings(t *testing.T) {
	text := document("02", statement(ntry("1", "CRDT", `<AddtlNtryInf>Échéance à 10 €</AddtlNtryInf>`)))
	utf16 := []byte{0xFF, 0xFE}
	cp1252 := []byte{}
	for _, r := range text {
		utf16 = append(utf16, byte(r), byte(r>>8))
		if r == '€' {
			r = 0x80
		}
		cp1252 = append(cp1252, byte(r))
	}
	latin := strings.Replace(text, "UTF-8", "ISO-8859-1", 1)
	for name, s := range map[string]string{"utf-8": text, "mark": "\xEF\xBB\xBF" + text, "utf-16": string(utf16), "windows-1252": string(cp1252), "lies": latin} {
		if _, _, l := one(t, s); l.Text != "Échéance à 10 €" {
			t.Errorf("%s: %q", name, l.Text)
		}
	}
}

// many gives a file of n entries without holding it.
type many struct {
	n    int
	rest string
}

func (m *many) Read(p []byte) (int, error) {
	if m.rest == "" {
		switch m.n--; {
		case m.n > 0:
			m.rest = ntry("1", "CRDT", `<NtryDtls><TxDtls>`+twoParties+`<RmtInf><Ustrd>Facture F-26-001</Ustrd></RmtInf></TxDtls></NtryDtls>`)
		case m.n == 0:
			m.rest = `</Stmt></BkToCstmrStmt></Document>`
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

// Characters that a buffer cuts are whole again, and memory does not grow with the file.
func TestLongFile(t *testing.T) {
	n := 0
	_, err := Read(&many{n: 20_001, rest: `<Document><BkToCstmrStmt><Stmt>` + our}, func(s *bank.Statement, e *bank.Entry) error {
		if n++; e.No != n || e.Lines[0].Payer.Name != "Débiteur" {
			return fmt.Errorf("%d: %+v", n, e)
		}
		return nil
	})
	if err != nil || n != 20_000 {
		t.Fatal(n, err)
	}
}

// A batch beyond the limit is one line, not a refusal.
func TestHugeBatch(t *testing.T) {
	_, e, l := one(t, document("02", statement(ntry("1", "CRDT", `<NtryDtls>`+strings.Repeat(`<TxDtls/>`, maxTransactions+1)+`</NtryDtls>`))))
	if e.Amount != 100 || l.Amount != 100 {
		t.Errorf("%+v", e)
	}
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(&many{n: 10_001, rest: `<Document><BkToCstmrStmt><Stmt>` + our}, func(*bank.Statement, *bank.Entry) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(document("02", statement(ntry("30", "CRDT", chrgs("1", "true")+`<NtryDtls>`+tx("10", twoParties)+tx("20", instd)+`</NtryDtls>`))))
	f.Add(document("08", statement(ntry("5", "DBIT", bkTxCd("IDDT", "UPDD")+`<NtryDtls><TxDtls><RtrInf/></TxDtls></NtryDtls>`))))
	f.Add("\xff\xfe<\x00a\x00/\x00>\x00")
	f.Fuzz(func(t *testing.T, text string) {
		moved := map[*bank.Statement]int64{}
		all, err := Read(strings.NewReader(text), func(s *bank.Statement, e *bank.Entry) error {
			var sum int64
			for _, l := range e.Lines {
				sum += l.Amount
				if l.Charges < 0 {
					t.Errorf("charges %d", l.Charges)
				}
			}
			if sum != e.Amount || len(e.Lines) == 0 || e.Booked.IsZero() || e.Value.IsZero() || !s.Currency.Valid() {
				t.Errorf("%+v", e)
			}
			moved[s] += e.Amount
			return nil
		})
		for _, s := range all {
			if s.Moved != moved[s] {
				t.Errorf("moved %d, entries %d", s.Moved, moved[s])
			}
		}
		if err == nil && len(all) == 0 {
			t.Error("neither statement nor error")
		}
	})
}
