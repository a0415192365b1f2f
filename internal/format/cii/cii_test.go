package cii

import (
	"strings"
	"testing"

	"relance/internal/domain/bill"
	"relance/internal/ground/fault"
)

// document writes a small invoice; zf1 with the names of ZUGFeRD 1.0.
func document(zf1 bool, terms string) string {
	names := strings.NewReplacer()
	if zf1 {
		names = strings.NewReplacer("CrossIndustryInvoice", "CrossIndustryDocument", "ExchangedDocument", "HeaderExchangedDocument",
			"SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction", "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement",
			"ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement", "SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
	}
	return names.Replace(`<?xml version="1.0"?><CrossIndustryInvoice xmlns="x"><ExchangedDocument><ID>F-1</ID><TypeCode>380</TypeCode>
<IssueDateTime><DateTimeString format="102">20261001</DateTimeString></IssueDateTime></ExchangedDocument>
<SupplyChainTradeTransaction><ApplicableHeaderTradeAgreement><BuyerTradeParty><Name>ACME</Name><SpecifiedLegalOrganization><ID schemeID="0009">73282932000074</ID></SpecifiedLegalOrganization></BuyerTradeParty></ApplicableHeaderTradeAgreement>
<ApplicableHeaderTradeSettlement><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>` + terms + `
<InvoiceReferencedDocument><IssuerAssignedID>F-0</IssuerAssignedID></InvoiceReferencedDocument>
<SpecifiedTradeSettlementHeaderMonetarySummation><TaxBasisTotalAmount>100</TaxBasisTotalAmount><TaxTotalAmount>20</TaxTotalAmount><GrandTotalAmount>120.00</GrandTotalAmount><DuePayableAmount>120.00</DuePayableAmount></SpecifiedTradeSettlementHeaderMonetarySummation></ApplicableHeaderTradeSettlement></SupplyChainTradeTransaction></CrossIndustryInvoice>`)
}

func term(due, amount string) string {
	if amount != "" {
		amount = "<PartialPaymentAmount>" + amount + "</PartialPaymentAmount>"
	}
	return `<SpecifiedTradePaymentTerms><DueDateDateTime><DateTimeString format="102">` + due + `</DateTimeString></DueDateDateTime>` + amount + `</SpecifiedTradePaymentTerms>`
}

func TestRead(t *testing.T) {
	for _, zf1 := range []bool{false, true} {
		r, err := Read(strings.NewReader(document(zf1, term("20261031", ""))))
		if err != nil || r.Rejected() || len(r.Warnings) > 0 {
			t.Fatalf("ZUGFeRD 1 %v: %v %+v", zf1, err, r)
		}
		d := r.Draft
		if d.Number != "F-1" || d.Kind != bill.Invoice || d.Payable.Decimal() != "120.00" || d.Instalments[0].Due.String() != "2026-10-31" ||
			d.Customer.SIRET != "73282932000074" || d.Customer.SIREN != "732829320" || d.Preceding != "F-0" {
			t.Errorf("ZUGFeRD 1 %v: %+v", zf1, d)
		}
	}
}

// TestInstalments: a split debt gives its parts; due dates without amounts give the latest, so
// that nobody is chased too early.
func TestInstalments(t *testing.T) {
	r, err := Read(strings.NewReader(document(false, term("20261031", "50.00")+term("20261130", "70.00"))))
	if err != nil || len(r.Draft.Instalments) != 2 || r.Draft.Instalments[1].Amount.Decimal() != "70.00" {
		t.Errorf("%v %+v", err, r)
	}
	r, err = Read(strings.NewReader(document(false, term("20261130", "")+term("20261031", ""))))
	if err != nil || len(r.Draft.Instalments) != 1 || r.Draft.Instalments[0].Due.String() != "2026-11-30" || r.Warnings[0].Key != "format.due.several" {
		t.Errorf("%v %+v", err, r)
	}
}

func TestNotInvoices(t *testing.T) {
	for text, key := range map[string]string{
		`<CrossDomainAcknowledgementAndResponse xmlns="x"/>`: "CDAR_NOT_AN_INVOICE",
		`<SomethingElse/>`: "format.cii.not",
		`not xml`:          "format.xml.not",
	} {
		if _, err := Read(strings.NewReader(text)); fault.Key(err) != key {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(document(false, term("20261031", "")))
	f.Add(document(true, term("2026-10-31", "1,5")))
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Read(strings.NewReader(text))
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if d := r.Draft; !r.Rejected() && (d.Number == "" || d.Issued.IsZero() || d.Payable.Minor < 0 || !d.Kind.Valid()) {
			t.Errorf("taken: %+v", d)
		}
	})
}
