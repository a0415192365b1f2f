package ubl

import (
	"io"
	"strings"
	"testing"

	"relance/internal/domain/bill"
	"relance/internal/ground/fault"
)

const invoiceXML = `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="c" xmlns:cbc="b">
<cbc:ID>F-1</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate><cbc:DueDate>2026-10-31</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:Note>#PMD#Pénalités : 12 %</cbc:Note><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>ACME</cbc:RegistrationName><cbc:CompanyID schemeID="0002">732829320</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>
<cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount currencyID="EUR">120.00</cbc:TaxInclusiveAmount><cbc:PrepaidAmount currencyID="EUR">20.00</cbc:PrepaidAmount><cbc:PayableAmount currencyID="EUR">100.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount></cac:InvoiceLine></Invoice>`

func TestRead(t *testing.T) {
	r, err := Read(strings.NewReader(invoiceXML))
	if err != nil || r.Rejected() {
		t.Fatal(err, r)
	}
	d := r.Draft
	if d.Number != "F-1" || d.Kind != bill.Invoice || d.Payable.Decimal() != "100.00" || d.Prepaid.Decimal() != "20.00" || d.Total.Decimal() != "120.00" ||
		d.Customer.SIREN != "732829320" || d.Instalments[0].Due.String() != "2026-10-31" || d.Mentions[0].Code != "PMD" {
		t.Errorf("%+v", d)
	}
}

// TestTypes: what each document type means for a debt (PRODUCT.md §7).
func TestTypes(t *testing.T) {
	for code, want := range map[string]struct {
		kind     bill.Kind
		rejected bool
		assigned bool
	}{
		"380": {kind: bill.Invoice}, "381": {kind: bill.CreditNote}, "384": {kind: bill.Invoice}, "386": {kind: bill.Deposit}, "389": {kind: bill.Invoice},
		"393": {kind: bill.Invoice, assigned: true}, "326": {kind: bill.Progress}, "751": {kind: bill.Invoice, rejected: true}, "325": {kind: bill.Invoice, rejected: true},
	} {
		r, err := Read(strings.NewReader(strings.Replace(invoiceXML, ">380<", ">"+code+"<", 1)))
		if err != nil {
			t.Fatal(err)
		}
		if r.Draft.Kind != want.kind || r.Rejected() != want.rejected || (r.Draft.AssignedTo != "") != want.assigned {
			t.Errorf("%s: %s rejected %v assigned %q", code, r.Draft.Kind, r.Rejected(), r.Draft.AssignedTo)
		}
	}
}

func TestWrongValues(t *testing.T) {
	for name, c := range map[string]struct{ old, new, field string }{
		"impossible due date":   {"2026-10-31", "2026-02-31", "due"},
		"impossible issue date": {"2026-10-01", "01/10/2026", "issued"},
		"impossible amount":     {">100.00</cbc:PayableAmount", ">cent</cbc:PayableAmount", "payable"},
		"no number":             {">F-1<", "><", "number"},
		"unknown currency":      {">EUR<", ">E<", "currency"},
	} {
		r, err := Read(strings.NewReader(strings.Replace(invoiceXML, c.old, c.new, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if !r.Rejected() || r.Errors[0].Field != c.field || r.Errors[0].Line == 0 && c.field != "number" {
			t.Errorf("%s: %+v", name, r.Errors)
		}
	}
	r, err := Read(strings.NewReader(strings.Replace(invoiceXML, ">100.00</cbc:PayableAmount", ">-100.00</cbc:PayableAmount", 1)))
	if err != nil || r.Rejected() || r.Draft.Kind != bill.CreditNote || r.Draft.Payable.Decimal() != "100.00" {
		t.Errorf("a negative invoice is a credit note: %+v %v", r, err)
	}
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestHostile(t *testing.T) {
	for name, r := range map[string]io.Reader{
		"entities":            strings.NewReader(`<!DOCTYPE Invoice [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Invoice>&b;</Invoice>`),
		"external entity":     strings.NewReader(`<!DOCTYPE Invoice SYSTEM "file:///etc/passwd"><Invoice/>`),
		"deep nesting":        strings.NewReader("<Invoice>" + strings.Repeat("<a>", 100_000)),
		"many elements":       strings.NewReader("<Invoice>" + strings.Repeat("<a/>", 100_000) + "</Invoice>"),
		"many lines":          strings.NewReader("<Invoice>" + strings.Repeat("<InvoiceLine><a/><a/></InvoiceLine>", 400_000) + "</Invoice>"),
		"2 GB of blanks":      io.MultiReader(strings.NewReader("<Invoice>"), io.LimitReader(endless(' '), 2<<30)),
		"2 GB of one field":   io.MultiReader(strings.NewReader("<Invoice><ID>"), io.LimitReader(endless('x'), 2<<30)),
		"2 GB of zeros":       io.LimitReader(endless(0), 2<<30),
		"a tag never closed":  strings.NewReader("<Invoice><ID"),
		"another document":    strings.NewReader("<html><body/></html>"),
		"nothing":             strings.NewReader(""),
		"two roots, one cut":  strings.NewReader("<Invoice/><Invoice"),
		"attributes, many":    strings.NewReader("<Invoice " + strings.Repeat(`a="1" `, 100) + "><ID"),
		"processing, endless": io.MultiReader(strings.NewReader("<?xml "), io.LimitReader(endless('x'), 2<<30)),
	} {
		if _, err := Read(r); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	huge := strings.Replace(invoiceXML, "ACME", strings.Repeat("A", 1<<20), 1)
	r, err := Read(strings.NewReader(huge))
	if err == nil && len(r.Draft.Customer.Name) > 64<<10 {
		t.Errorf("a field of %d bytes was kept", len(r.Draft.Customer.Name))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(invoiceXML)
	f.Add(strings.Replace(invoiceXML, ">380<", ">381<", 1))
	f.Add("<CreditNote><ID>1</ID></CreditNote>")
	f.Add("\xff\xfe<\x00a\x00/\x00>\x00")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Read(strings.NewReader(text))
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if d := r.Draft; !r.Rejected() && (d.Number == "" || d.Issued.IsZero() || d.Payable.Minor < 0 || !d.Kind.Valid() || !d.Currency.Valid()) {
			t.Errorf("taken: %+v", d)
		}
	})
}
