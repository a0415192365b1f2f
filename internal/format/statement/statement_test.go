package statement

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relance/internal/domain/bank"
	"relance/internal/format/corpus"
	"relance/internal/ground/fault"
)

const (
	camt53 = `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>1</Id><Acct><Ccy>EUR</Ccy></Acct>` +
		`<Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>`
	ofx1 = "OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>EUR<STMTTRN><DTPOSTED>20260302<TRNAMT>1</STMTTRN></STMTRS></OFX>"
	old  = "0130001    00794EUR2 12345678901  280226                                                  0000000000000{                "
	move = "0430001    00794EUR2 1234567890105020326  020326VIR DURAND                       0000000  0000000000010{                "
	new1 = "0730001    00794EUR2 12345678901  020326                                                  0000000000010{                "
)

// back is a record of 240 of our account.
func back(code, amount string) string {
	first := code + "000001" + "81" + "020326" + "E    " + "30001" + "00794" + "12345678901"
	return first + strings.Repeat(" ", 228-len(first)) + amount
}

var backs = back("31", "            ") + "\n" + back("34", "000000000100") + "\n" + back("39", "000000000100") + "\n"

const swift = ":20:X\n:25:Y\n:28C:1\n:60F:C260228EUR0,\n:61:2603020302C1,NTRFNONREF\n:86:VIR DURAND\n:62F:C260302EUR1,\n-\n"

func utf16(s string) string {
	b := []byte{0xFF, 0xFE}
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return string(b)
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       Format
	}{
		{"statement", camt53, CAMT053},
		{"utf-16", utf16(camt53), CAMT053},
		{"head cut", camt53[:90], CAMT053},
		{"report", `<Document><BkToCstmrAcctRpt/></Document>`, CAMT052},
		{"notification, prefixed, in an envelope", `<e:Env><ns:Document xmlns:ns="x"><ns:BkToCstmrDbtCdtNtfctn>`, CAMT054},
		{"version 1", `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.01"><BkToCstmrStmtV01>`, CAMT053},
		{"another message", `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><CstmrCdtTrfInitn>`, Unknown},
		{"an invoice that names one", `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><Note>camt.053.001.02</Note></Invoice>`, Unknown},
		{"ofx 1", ofx1, OFX},
		{"ofx 2", `<?xml version="1.0"?><?OFX OFXHEADER="200"?><OFX>`, OFX},
		{"ofx without a header", "\n<ofx>\n", OFX},
		{"mark", "\xEF\xBB\xBF" + ofx1, OFX},
		{"html", `<html><OFX>`, Unknown},
		{"cfonb", old + "\r\n" + move, CFONB120},
		{"cfonb, blanks cut", strings.TrimRight(old, " ") + "\n", CFONB120},
		{"cfonb in one line", old + move + new1, CFONB120},
		{"cfonb, Windows-1252", "\n" + strings.Replace(move, "DURAND", "GR\xC9GOR", 1), CFONB120},
		{"cfonb of 240", backs, CFONB240},
		{"cfonb of 240, blanks cut", strings.TrimRight(back("31", ""), " ") + "\r\n", CFONB240},
		{"cfonb of 240 in one line", strings.ReplaceAll(backs, "\n", ""), CFONB240},
		{"a list of long numbers", "3400000100000020032;12\n", Unknown},
		{"a list of days", "31012026;310126;Durand;1234567890\n", Unknown},
		{"mt940", swift, MT940},
		{"mt940 in the blocks of SWIFT", "{1:F01X}{2:O940}{4:\r\n:20:X\r\n:25P:Y\r\n:28C:1\r\n", MT940},
		{"mt940, old ends of lines", "\x01\r:20:X\r:25:Y\r:60M:C\r", MT940},
		{"two fields", ":20:X\n:25:Y\n", Unknown},
		{"a long line", old + "not a record", Unknown},
		{"a list of phone numbers", "0130001234;Durand;EUR;12\n", Unknown},
		{"a table", "Date;Libellé;Montant\n", Unknown},
		{"empty", "", Unknown},
	} {
		if got := Detect([]byte(c.head)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Each format that is told is also read.
func TestRead(t *testing.T) {
	if all, err := Read(CFONB240, strings.NewReader(backs), func(*bank.Statement, *bank.Entry) error { return nil }); err != nil || len(all) != 1 || all[0].Moved != -100 {
		t.Errorf("%v %+v", err, all)
	}
	for name, text := range map[string]string{"camt": camt53, "ofx": ofx1, "cfonb": old + "\n" + move + "\n" + new1 + "\n", "mt940": swift} {
		all, err := Read(Detect([]byte(text)), strings.NewReader(text), func(*bank.Statement, *bank.Entry) error { return nil })
		if err != nil || len(all) != 1 || all[0].Moved != 100 || len(all[0].Errors) > 0 {
			t.Errorf("%s: %v %+v", name, err, all)
		}
	}
	if _, err := Read("qif", strings.NewReader(""), nil); fault.Key(err) != "bank.format.unknown" {
		t.Error(err)
	}
}

// unknown are the files that no reader claims: pieces of messages, tables, licences.
var unknown = map[string]bool{
	"pennylane-cfonb/LICENSE.txt":                                                          true,
	"wolph-mt940/betterplace/empty_86.sta":                                                 true,
	"wolph-mt940/betterplace/missing_crlf_at_end.sta":                                      true,
	"oca-AGPL/account_statement_import_sheet_file/tests/fixtures/debit_credit.csv":         true,
	"oca-AGPL/account_statement_import_sheet_file/tests/fixtures/sample_statement_en.csv":  true,
	"oca-AGPL/account_statement_import_sheet_file/tests/fixtures/sample_statement_en.xlsx": true,
}

// Every statement of other people is told; what cannot be read says so.
func TestCorpus(t *testing.T) {
	corpus.Run(t, "2-bank", func(t *testing.T, dir string) {
		for _, name := range corpus.Files(t, dir, ".xml", ".ofx", ".csv", ".xlsx", ".txt", ".sta") {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			f := Detect(b)
			if (f == Unknown) != unknown[name] {
				t.Errorf("%s: %q", name, f)
			}
			if f == Unknown {
				continue
			}
			_, err = Read(f, strings.NewReader(string(b)), func(*bank.Statement, *bank.Entry) error { return nil })
			if (err != nil) != strings.HasSuffix(name, "wrong.xml") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func FuzzDetect(f *testing.F) {
	for _, s := range []string{camt53, ofx1, old + move, swift, backs, utf16(ofx1)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		if found := Detect(head); found != Unknown {
			if _, err := Read(found, strings.NewReader(string(head)), func(*bank.Statement, *bank.Entry) error { return nil }); fault.Key(err) == "bank.format.unknown" {
				t.Error(found)
			}
		}
	})
}
