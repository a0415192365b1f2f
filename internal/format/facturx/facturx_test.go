package facturx

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"relance/internal/ground/fault"
)

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>F-1</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="102">20261001</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement><ram:BuyerTradeParty><ram:Name>ACME</ram:Name></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261031</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:GrandTotalAmount>120.00</ram:GrandTotalAmount><ram:DuePayableAmount>120.00</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>`

func deflate(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b) // to memory
	_ = w.Close()
	return out.Bytes()
}

// pdf builds a small PDF that carries files; names and contents alternate.
func pdf(version string, files ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%%PDF-%s\n%%\xe2\xe3\xcf\xd3\n", version)
	var names, af []string
	for i := 0; i < len(files); i += 2 {
		data := deflate([]byte(files[i+1]))
		spec, stream := 10+2*i, 11+2*i
		fmt.Fprintf(&b, "%d 0 obj\n<< /Type /Filespec /F (%s) /UF (%s) /AFRelationship /Alternative /EF << /F %d 0 R >> >>\nendobj\n", spec, files[i], files[i], stream)
		fmt.Fprintf(&b, "%d 0 obj\n<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n", stream, len(data), data)
		names = append(names, fmt.Sprintf("(%s) %d 0 R", files[i], spec))
		af = append(af, fmt.Sprintf("%d 0 R", spec))
	}
	fmt.Fprintf(&b, "1 0 obj\n<< /Type /Catalog /Names << /EmbeddedFiles << /Names [%s] >> >> /AF [%s] >>\nendobj\n", strings.Join(names, " "), strings.Join(af, " "))
	b.WriteString("trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n")
	return b.Bytes()
}

func TestRead(t *testing.T) {
	other := strings.ReplaceAll(xml, "F-1", "OTHER")
	for name, raw := range map[string][]byte{
		"plain":                         pdf("1.7", "factur-x.xml", xml),
		"a header that lies":            pdf("1.3", "factur-x.xml", xml),
		"ZUGFeRD 1's name":              pdf("1.4", "ZUGFeRD-invoice.xml", xml),
		"two attached XML":              pdf("1.7", "order.xml", other, "factur-x.xml", xml),
		"rubbish before and behind":     append(append([]byte("HTTP/1.1 200\r\n\r\n"), pdf("1.7", "factur-x.xml", xml)...), "\x00\x00"...),
		"UTF-16":                        pdf("1.7", "factur-x.xml", utf16of(strings.Replace(xml, "UTF-8", "UTF-16", 1))),
		"ISO 8859-1 that says UTF-8":    pdf("1.7", "factur-x.xml", strings.Replace(xml, "ACME", "Caf\xe9", 1)),
		"another picture of it, unused": pdf("1.7", "picture.png", "\x89PNG", "factur-x.xml", xml),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Read(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if r.Draft.Number != "F-1" || r.Draft.Payable.Minor != 12000 || r.Rejected() || r.Format != "facturx" {
				t.Errorf("%+v", r)
			}
		})
	}
}

func utf16of(s string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func TestHostile(t *testing.T) {
	bomb := pdf("1.7", "factur-x.xml", strings.Repeat(" ", 100<<20))
	deep := []byte("%PDF-1.7\n1 0 obj\n" + strings.Repeat("<< /A ", 200_000) + "\nendobj\n")
	entities := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><rsm:CrossIndustryInvoice xmlns:rsm="x">&lol2;</rsm:CrossIndustryInvoice>`
	nested := "<CrossIndustryInvoice>" + strings.Repeat("<a>", 1_000_000)
	for name, c := range map[string]struct {
		raw []byte
		key string
	}{
		"a stream of 100 MB":               {bomb, "format.pdf.bomb"},
		"dictionaries inside dictionaries": {deep, "format.pdf.no-xml"},
		"entities":                         {pdf("1.7", "factur-x.xml", entities), "format.xml.doctype"},
		"deep nesting":                     {pdf("1.7", "factur-x.xml", nested), "format.xml.too-deep"},
		"no attachment":                    {pdf("1.7"), "format.pdf.no-xml"},
		"encrypted":                        {bytes.Replace(pdf("1.7", "factur-x.xml", xml), []byte("/Root"), []byte("/Encrypt 9 0 R /Root"), 1), "format.pdf.encrypted"},
		"not a PDF":                        {[]byte("hello"), "format.pdf.not"},
		"many objects":                     {[]byte("%PDF-1.7\n" + strings.Repeat("1 0 obj\n", 10) + manyObjects()), "format.pdf.bomb"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Read(bytes.NewReader(c.raw))
			runtime.ReadMemStats(&after)
			if fault.Key(err) != c.key || fault.Of(err) != fault.Invalid {
				t.Errorf("got %v, want %s", err, c.key)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 256<<20 {
				t.Errorf("%d MB of memory for a file of %d MB", n>>20, len(c.raw)>>20)
			}
		})
	}
	t.Run("2 GB of nothing", func(t *testing.T) {
		_, err := Read(io.MultiReader(strings.NewReader("%PDF-1.7\n"), io.LimitReader(zeros{}, 2<<30)))
		if fault.Key(err) != "format.too-large" {
			t.Error(err)
		}
	})
}

func manyObjects() string {
	var b strings.Builder
	for i := range maxObjects + 10 {
		fmt.Fprintf(&b, "%d 0 obj\n<<>>\nendobj\n", i+1)
	}
	return b.String()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func FuzzRead(f *testing.F) {
	f.Add(pdf("1.7", "factur-x.xml", xml))
	f.Add(pdf("1.4", "a.xml", xml, "b.xml", "<x/>"))
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 3 /First 10 /Length 20 >>\nstream\n1 0 2 3 << /A 1 >>\nendstream\nendobj\n"))
	f.Add([]byte("%PDF-1.7\ntrailer << /Root 1 0 R >> 1 0 obj [1 0 R 1 0 R] endobj"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Read(bytes.NewReader(raw))
		if err != nil && fault.Of(err) != fault.Invalid {
			t.Fatal(err)
		}
		if err == nil && !r.Rejected() && (r.Draft.Number == "" || r.Draft.Issued.IsZero() || r.Draft.Payable.Minor < 0) {
			t.Errorf("taken: %+v", r.Draft)
		}
	})
}
