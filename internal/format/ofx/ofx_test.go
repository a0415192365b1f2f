package ofx

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relance/internal/domain/bank"
	"relance/internal/format/corpus"
	"relance/internal/ground/fault"
)

const header = "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n"

// file puts movements into a statement of our account, as a French bank writes it.
func file(movements string) string {
	return header + `<OFX>
<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260302<LANGUAGE>FRA</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>EUR
<BANKACCTFROM><BANKID>30001<BRANCHID>00794<ACCTID>12345678901<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331
` + movements + `</BANKTRANLIST>
<LEDGERBAL><BALAMT>1234,56<DTASOF>20260331120000.000[+1:CET]</LEDGERBAL><AVAILBAL><BALAMT>9<DTASOF>20260331</AVAILBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>`
}

func trn(kind, amount, name, more string) string {
	return "<STMTTRN><TRNTYPE>" + kind + "\n<DTPOSTED>20260302\n<TRNAMT>" + amount + "\n<FITID>ID1\n<NAME>" + name + "\n" + more + "</STMTTRN>\n"
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

func keys(list []fault.Problem) string {
	var b strings.Builder
	for _, p := range list {
		fmt.Fprintf(&b, "%d %s\n", p.Line, p.Key)
	}
	return b.String()
}

func TestStatement(t *testing.T) {
	s := read(t, file("<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260302233000[-5:EST]<DTAVAIL>20260304<TRNAMT>+1 200,00<FITID>BQ1\n<NAME>VIR SEPA DURAND &amp; FILS\n<MEMO>FACTURE F-26-001\n<CHECKNUM>77</STMTTRN>"))
	st, e := s.statements[0], s.entries[0]
	if st.Account != "FR7630001007941234567890185" || st.Currency != "EUR" || st.From.String() != "2026-03-01" || st.To.String() != "2026-03-31" ||
		st.Opening != nil || st.Closing.Amount != 123456 || st.Closing.On.String() != "2026-03-31" || st.Entries != 1 || st.Moved != 120000 {
		t.Errorf("%+v", st)
	}
	want := bank.Line{Amount: 120000, Text: "VIR SEPA DURAND & FILS\nFACTURE F-26-001\n77", Method: "transfer", Payer: bank.Party{Name: "DURAND & FILS"}}
	if e.No != 1 || e.Line != 12 || e.Booked.String() != "2026-03-02" || e.Value.String() != "2026-03-04" || e.Amount != 120000 || e.Ref != "BQ1" || e.Code != "CREDIT" || e.Lines[0] != want {
		t.Errorf("%+v", e)
	}
	if len(st.Errors)+len(st.Warnings) > 0 {
		t.Error(keys(st.Errors), keys(st.Warnings))
	}
}

// The same movements, whatever marks are closed: none of the values, all of them, everything on one
// line, XML, a forgotten end of a movement.
func TestWritings(t *testing.T) {
	sgml := file(trn("CREDIT", "10.00", "VIR A", "<MEMO>&lt;F1&gt; é") + trn("DEBIT", "-3.5", "PRLV B", "<MEMO>"))
	closed := file(strings.NewReplacer("\n", "").Replace(
		`<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20260302</DTPOSTED><TRNAMT>10.00</TRNAMT><FITID>ID1</FITID><NAME>VIR A</NAME><MEMO><![CDATA[<F1> é]]></MEMO></STMTTRN>
<STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>20260302</DTPOSTED><TRNAMT>-3.5</TRNAMT><FITID>ID1</FITID><NAME>PRLV B</NAME><MEMO/></STMTTRN>`))
	xml := `<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211"?><!-- export -->` + closed[len(header):]
	latin := strings.ReplaceAll(sgml, "é", "\xe9")
	utf16 := []byte{0xFF, 0xFE}
	for _, r := range sgml {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, text := range map[string]string{
		"sgml": sgml, "closed": closed, "xml": xml, "latin": latin, "utf-16": string(utf16), "mark": "\xEF\xBB\xBF" + sgml,
		"one line":  strings.NewReplacer("\r\n", " ", "\n", "").Replace(sgml),
		"no end":    strings.Replace(sgml, "</STMTTRN>\n<STMTTRN>", "\n<STMTTRN>", 1),
		"lower":     header + strings.ToLower(sgml[len(header):]),
		"attribute": strings.Replace(xml, "<OFX>", `<OFX xmlns:x="y">`, 1),
	} {
		if name == "lower" {
			text = strings.NewReplacer("eur", "EUR", "credit", "CREDIT", "debit", "DEBIT", "vir a", "VIR A", "prlv b", "PRLV B", "id1", "ID1", "f1", "F1").Replace(text)
		}
		s := read(t, text)
		if len(s.entries) != 2 || s.statements[0].Moved != 650 || s.statements[0].Closing == nil {
			t.Errorf("%s: %+v", name, s)
			continue
		}
		a, b := s.entries[0].Lines[0], s.entries[1].Lines[0]
		if a.Text != "VIR A\n<F1> é" || a.Payer.Name != "A" || b.Amount != -350 || b.Text != "PRLV B" || b.Payer.Name != "B" || b.Method != "direct-debit" {
			t.Errorf("%s: %+v %+v", name, a, b)
		}
	}
}

func TestAccounts(t *testing.T) {
	for _, c := range []struct {
		says values
		want string
	}{
		{values{"BANKID": "30001", "BRANCHID": "00794", "ACCTID": "12345678901"}, "FR7630001007941234567890185"},
		{values{"BANKID": "30001", "BRANCHID": "00794", "ACCTID": "1234567890185"}, "FR7630001007941234567890185"},
		{values{"BANKID": "30001", "BRANCHID": "00794", "ACCTID": "12345678901", "ACCTKEY": "85"}, "FR7630001007941234567890185"},
		{values{"BANKID": "30001", "BRANCHID": "00794", "ACCTID": "12345678901", "ACCTKEY": "84"}, "30001 00794 12345678901"},
		{values{"BANKID": "30001", "ACCTID": "FR76 3000 1007 9412 3456 7890 185"}, "FR7630001007941234567890185"},
		{values{"BANKID": "000000123", "ACCTID": "123456"}, "000000123 123456"},
		{values{"ACCTID": "4970XXXX1234"}, "4970XXXX1234"},
		{values{}, ""},
	} {
		if got := account(c.says); got != c.want {
			t.Errorf("%v: %q, want %q", c.says, got, c.want)
		}
	}
}

func TestAmounts(t *testing.T) {
	for text, want := range map[string]int64{"-34.56": -3456, "34,5": 3450, "+12": 1200, "1 234,56": 123456, "1.234,56": 123456, "1,234.56": 123456, "-80": -8000, "0.10": 10, "12,500": 1250} {
		if got, err := amount(text, "EUR"); err != nil || got != want {
			t.Errorf("%s: %d %v", text, got, err)
		}
	}
	for _, text := range []string{"", ",", "12.345", "1,2,3", "douze", "--1", "99999999999999"} {
		if got, err := amount(text, "EUR"); err == nil {
			t.Errorf("%q: %d", text, got)
		}
	}
}

// What a label tells: how, from whom, and whether it comes back.
func TestLabels(t *testing.T) {
	for _, c := range []struct {
		kind, amount, name, method, payer string
		back                              bool
	}{
		{"CREDIT", "1", "VIR SEPA DUPONT SARL", "transfer", "DUPONT SARL", false},
		{"CREDIT", "1", "VIREMENT EN VOTRE FAVEUR", "transfer", "VOTRE FAVEUR", false},
		{"CREDIT", "1", "VIR INST RECU DE Menuiserie de l'Est", "transfer", "Menuiserie de l'Est", false},
		{"CREDIT", "1", "REMISE CHEQUES 0012345", "cheque", "", false},
		{"CREDIT", "1", "REM CHQ 12", "cheque", "", false},
		{"DEBIT", "-1", "Prélèvement SEPA EDF", "direct-debit", "EDF", false},
		{"DEBIT", "-1", "CARTE 12/03 PAPETERIE", "card", "PAPETERIE", false},
		{"DEBIT", "-1", "REJET PRLV SEPA DURAND", "direct-debit", "DURAND", true},
		{"DEBIT", "-1", "CHEQUE IMPAYÉ 0001234", "cheque", "", true},
		{"DEBIT", "-1", "FRAIS REJET PRLV", "", "FRAIS REJET PRLV", false},
		{"CREDIT", "1", "REJET VIR FOURNISSEUR", "transfer", "FOURNISSEUR", false},
		{"DEBIT", "-1", "EFFET IMPAYE COMMUNE DE LYON", "bill", "COMMUNE DE LYON", true},
		{"POS", "-1", "Agrolait", "card", "Agrolait", false},
		{"XFER", "1", "Agrolait", "transfer", "Agrolait", false},
		{"CHECK", "-1", "Agrolait", "cheque", "Agrolait", false},
		{"OTHER", "1", "INSTITUT VIR", "", "INSTITUT VIR", false},
	} {
		l := read(t, file(trn(c.kind, c.amount, c.name, ""))).entries[0].Lines[0]
		if l.Method != c.method || l.Payer.Name != c.payer || (l.Return != nil) != c.back {
			t.Errorf("%s: %q %q %+v", c.name, l.Method, l.Payer.Name, l.Return)
		}
	}
}

func TestParties(t *testing.T) {
	l := read(t, file("<STMTTRN><TRNTYPE>PAYMENT<DTPOSTED>20260302<TRNAMT>-1<FITID>1<PAYEE><NAME>Durand<CITY>Lyon</PAYEE><BANKACCTTO><BANKID>1<ACCTID>FR1420041010050500013M02606</BANKACCTTO><MEMO>acompte</STMTTRN>")).entries[0].Lines[0]
	if l.Payer != (bank.Party{Name: "Durand", IBAN: "FR1420041010050500013M02606"}) || l.Text != "Durand\nacompte" {
		t.Errorf("%+v", l)
	}
}

// A bad movement is reported with its line; the others are read.
func TestProblems(t *testing.T) {
	s := read(t, file(strings.Join([]string{
		"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260302<TRNAMT>1<FITID>0</STMTTRN>",
		"<STMTTRN><DTPOSTED>20260302<TRNAMT>un</STMTTRN>",
		"<STMTTRN><DTPOSTED>20260230<TRNAMT>1</STMTTRN>",
		"<STMTTRN><TRNAMT>1</STMTTRN>",
		"<STMTTRN><DTPOSTED>20260302<TRNAMT>1<CURRENCY><CURRATE>1.1<CURSYM>USD</CURRENCY></STMTTRN>",
		"<STMTTRN><DTPOSTED>20260302<TRNAMT>1<ORIGCURRENCY><CURRATE>1.1<CURSYM>USD</ORIGCURRENCY></STMTTRN>",
		"<STMTTRN><TRNTYPE>HOLD<DTPOSTED>20260302<TRNAMT>1</STMTTRN>",
		"<STMTTRN><DTPOSTED>20260302<TRNAMT>1<DTAVAIL>soon<CORRECTFITID>ID7<CORRECTACTION>REPLACE</STMTTRN>",
		"</BANKTRANLIST><BANKTRANLISTP><STMTTRNP><TRNAMT>5</STMTTRNP></BANKTRANLISTP><BANKTRANLIST>",
	}, "\n")))
	st := s.statements[0]
	if st.Entries != 3 || st.Moved != 300 || s.entries[0].Ref != "" || s.entries[2].No != 3 || s.entries[2].Lines[0].Original != "ID7" {
		t.Errorf("%+v %+v", st, s.entries)
	}
	if got, want := keys(st.Errors), "13 format.amount.impossible\n14 format.date.impossible\n15 bank.date.missing\n16 statement.currency\n"; got != want {
		t.Errorf("errors\n%swant\n%s", got, want)
	}
	if got, want := keys(st.Warnings), "19 format.date.ignored\n19 bank.ofx.corrects\n0 bank.pending\n"; got != want || st.Warnings[2].Args[0] != 2 {
		t.Errorf("warnings\n%swant\n%s", got, want)
	}
}

func TestStrangeStatements(t *testing.T) {
	s := read(t, "<OFX><STMTRS><CURDEF>€<BANKTRANLIST><DTSTART>x<STMTTRN><DTPOSTED>20260302<TRNAMT>1</STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>x</LEDGERBAL></STMTRS>"+
		"<STMTTRN><DTPOSTED>20260302<TRNAMT>2</STMTTRN><CCSTMTRS></CCSTMTRS><LEDGERBAL><BALAMT>1</LEDGERBAL></OFX>")
	if len(s.statements) != 3 || s.statements[0].Moved != 100 || s.statements[1].Moved != 200 || s.statements[2].Closing != nil {
		t.Errorf("%+v", s)
	}
	if got, want := keys(s.statements[0].Warnings), "1 format.currency.assumed\n1 format.date.ignored\n1 bank.balance.unreadable\n"; got != want {
		t.Errorf("%s", got)
	}
}

func TestRefused(t *testing.T) {
	whole := file(trn("CREDIT", "1", "A", ""))
	cut, _, _ := strings.Cut(whole, "</BANKTRANLIST>")
	for _, c := range []struct{ name, text, key string }{
		{"empty", "", "bank.ofx.not"},
		{"text", "Date;Montant\n", "bank.ofx.not"},
		{"other marks", "<html><OFX></html>", "bank.ofx.not"},
		{"header alone", header + "<OFX></OFX>", "bank.ofx.empty"},
		{"cut after a movement", cut, "bank.ofx.cut"},
		{"cut in a mark", whole[:len(whole)-3], "bank.ofx.cut"},
		{"cut in a comment", "<OFX><!-- ", "bank.ofx.cut"},
		{"entity bomb", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">]><OFX></OFX>`, "format.xml.doctype"},
		{"endless mark", "<OFX><" + strings.Repeat("A", 2*maxMark) + "></OFX>", "format.line.too-long"},
		{"deep", "<OFX>" + strings.Repeat("<BALLIST>", maxDepth+1) + "</OFX>", "format.xml.too-deep"},
	} {
		_, err := Read(strings.NewReader(c.text), func(*bank.Statement, *bank.Entry) error { return nil })
		if fault.Key(err) != c.key || fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v, want %s", c.name, err, c.key)
		}
	}
}

func TestTakeStops(t *testing.T) {
	stop := errors.New("stop")
	if _, err := Read(strings.NewReader(file(trn("CREDIT", "1", "A", ""))), func(*bank.Statement, *bank.Entry) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	if _, err := Read(io.MultiReader(strings.NewReader("<OFX><STMTRS>"), errorReader{stop}), nil); fault.Key(err) != "format.unreadable" {
		t.Error(err)
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

// A value is cut at its limit, between two characters.
func TestLongValue(t *testing.T) {
	l := read(t, file(trn("CREDIT", "1", "A", "<MEMO>"+strings.Repeat("aé", maxText)))).entries[0].Lines[0]
	if n := len(l.Text); n < maxText-10 || n > maxText+10 || !strings.HasPrefix(l.Text, "A\naéaé") || strings.ContainsRune(l.Text, 'Ã') {
		t.Errorf("%d bytes: %.20q", n, l.Text)
	}
}

// many gives a file of n movements without holding it.
type many struct {
	n    int
	rest string
}

func (m *many) Read(p []byte) (int, error) {
	if m.rest == "" {
		switch m.n--; {
		case m.n > 0:
			m.rest = trn("CREDIT", "1", "VIR SEPA DURAND", "<MEMO>FACTURE F-26-001 ÉCHÉANCE\n")
		case m.n == 0:
			m.rest = "</BANKTRANLIST></STMTRS></OFX>"
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

func TestLongFile(t *testing.T) {
	n := 0
	all, err := Read(&many{n: 50_001, rest: "<OFX><STMTRS><CURDEF>EUR<BANKTRANLIST>"}, func(_ *bank.Statement, e *bank.Entry) error {
		if n++; e.No != n || e.Lines[0].Text != "VIR SEPA DURAND\nFACTURE F-26-001 ÉCHÉANCE" {
			return fmt.Errorf("%d: %+v", n, e)
		}
		return nil
	})
	if err != nil || n != 50_000 || all[0].Moved != 5_000_000 {
		t.Fatal(n, err)
	}
}

func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(&many{n: 10_001, rest: "<OFX><STMTRS><CURDEF>EUR<BANKTRANLIST>"}, func(*bank.Statement, *bank.Entry) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// Real exports and made-up samples of other programs.
func TestCorpus(t *testing.T) {
	const agrolait = "  2013-08-24 -8000 card Agrolait|Agrolait\n  2013-08-24 -9000 card China Export|China Export\n  2013-08-24 -10000 card Axelor Scuba|Axelor Scuba\n  2013-08-24 -9000 card China Scuba|China Scuba\n" +
		"123412341234 USD - 2013-08-31 -56200\n"
	want := map[string]string{
		"ekylibre-AGPL/ofx_valid.ofx":                                                 "FR7698765001111231231234509 EUR 2016-04-01-2016-05-09 2016-05-09 98765\n  2016-05-09 -3456 direct-debit MUTUELLE 123|PRLV SEPA MUTUELLE 123/ECHEANCE MAI 2016 00100001122234A/01ABC23\n",
		"ekylibre-AGPL/ofx_without_newlines.ofx":                                      " EUR 2016-04-01-2016-05-09 none\n  2016-05-09 -3456 direct-debit MUTUELLE 123|PRLV SEPA MUTUELLE 123/ECHEANCE MAI 2016 00100001122234A\n",
		"oca-AGPL/account_statement_import_ofx/tests/test_ofx_file/test_ofx.ofx":      "000000123 123456 USD 2013-08-01-2013-08-31 2013-08-31 215656\n" + agrolait,
		"oca-AGPL/account_statement_import_ofx/tests/test_ofx_file/test_ofx_iban.ofx": "FR7630001007941234567890185 USD 2013-08-01-2013-08-31 2013-08-31 215656\n" + agrolait,
	}
	corpus.Run(t, "2-bank", func(t *testing.T, dir string) {
		files := corpus.Files(t, dir, ".ofx")
		if len(files) != len(want) {
			t.Errorf("%d files, %d expected", len(files), len(want))
		}
		for _, name := range files {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if got := figures(t, string(b)); got != want[name] {
				t.Errorf("%s:\n%swant\n%s", name, got, want[name])
			}
		}
	})
}

func figures(t *testing.T, text string) string {
	entries := map[*bank.Statement]string{}
	all, err := Read(strings.NewReader(text), func(s *bank.Statement, e *bank.Entry) error {
		l := e.Lines[0]
		entries[s] += fmt.Sprintf("  %s %d %s %s|%s\n", e.Booked, e.Amount, l.Method, l.Payer.Name, strings.ReplaceAll(l.Text, "\n", "/"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%s %s %s-%s", s.Account, s.Currency, s.From, s.To)
		if s.Closing != nil {
			fmt.Fprintf(&b, " %s %d\n", s.Closing.On, s.Closing.Amount)
		} else {
			b.WriteString(" none\n")
		}
		b.WriteString(entries[s] + keys(s.Errors) + keys(s.Warnings))
	}
	return b.String()
}

func FuzzRead(f *testing.F) {
	f.Add(file(trn("CREDIT", "10.00", "VIR A", "<MEMO>&lt;F1&gt; é") + trn("DEBIT", "-3.5", "REJET PRLV B", "<MEMO><![CDATA[<]]>")))
	f.Add("<OFX><STMTTRN><DTPOSTED>20260302<TRNAMT>1<STMTTRN></OFX>")
	f.Add("\xff\xfe<\x00O\x00F\x00X\x00>\x00")
	f.Fuzz(func(t *testing.T, text string) {
		moved := map[*bank.Statement]int64{}
		all, err := Read(strings.NewReader(text), func(s *bank.Statement, e *bank.Entry) error {
			if len(e.Lines) != 1 || e.Lines[0].Amount != e.Amount || e.Booked.IsZero() || e.Value.IsZero() || !s.Currency.Valid() {
				t.Errorf("%+v", e)
			}
			moved[s] += e.Amount
			return nil
		})
		for _, s := range all {
			if s.Moved != moved[s] || s.Currency == "" {
				t.Errorf("%+v, entries %d", s, moved[s])
			}
		}
		if err == nil && len(all) == 0 {
			t.Error("neither statement nor error")
		}
	})
}
