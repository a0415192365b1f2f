package format

import "testing"

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       Kind
	}{
		{"a.csv", "number;due;amount\nF1;2026-01-01;12\n", CSV},
		{"a.txt", "Client\tMontant\nX\t12,00\n", CSV},
		{"a.xlsx", "PK\x03\x04rest", XLSX},
		{"a.bin", "PK\x03\x04 [Content_Types].xml xl/workbook.xml", XLSX},
		{"a.zip", "PK\x03\x04rest", Zip},
		{"a.pdf", "%PDF-1.7\n", FacturX},
		{"fec.txt", "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet\n", FEC},
		{"a.xml", `<?xml version="1.0"?><!-- note --><rsm:CrossIndustryInvoice xmlns:rsm="x">`, CII},
		{"a.xml", `<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">`, UBL},
		{"a.xml", `<ns4:CreditNote xmlns:ns4="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2">`, UBL},
		{"a.xml", `<CrossDomainAcknowledgementAndResponse>`, CDAR},
		{"a.xml", `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">`, Bank},
		{"a.ofx", "OFXHEADER:100\n", Bank},
		{"a.xml", `<x:Document xmlns:x="y"><x:BkToCstmrDbtCdtNtfctn>`, Bank},
		{"a.xml", `<?xml version="1.0"?><?OFX OFXHEADER="200"?><OFX>`, Bank},
		{"a.txt", "0130001    00794EUR2 12345678901  280226                                                  0000000000000{\n", Bank},
		{"a.sta", ":20:X\n:25:Y\n:28C:1\n:60F:C\n", Bank},
		{"a.xml", `<html>`, Unknown},
		{"a", "hello", Unknown},
		{"a", "", Unknown},
	} {
		if got := Detect(c.name, []byte(c.head)); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.name, c.head, got, c.want)
		}
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("a.csv", []byte("a;b\n1;2\n"))
	f.Add("a.xml", []byte("<?xml ?><!-- --><a:Invoice/>"))
	f.Add("x", []byte("\xff\xfe<\x00a\x00"))
	f.Fuzz(func(t *testing.T, name string, head []byte) {
		if Detect(name, head) == "" {
			t.Error("no answer")
		}
	})
}
