package cii

import (
	"io"
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/format/en16931"
	"relance/internal/ground/fault"
)

// Roots of the documents told apart.
const (
	rootInvoice = "CrossIndustryInvoice"
	rootZF1     = "CrossIndustryDocument"
	rootCDAR    = "CrossDomainAcknowledgementAndResponse"
)

// Read reads one invoice. Errors are fault.Invalid: not XML, not CII, a status message
// ("CDAR_NOT_AN_INVOICE"), or beyond the limits; what is wrong inside stands in the Reading.
func Read(r io.Reader) (*en16931.Reading, error) {
	t, err := en16931.ParseXML(r)
	if err != nil {
		return nil, err
	}
	return FromTree(t)
}

// FromTree reads a document that is already parsed.
func FromTree(t *en16931.Tree) (*en16931.Reading, error) {
	switch t.Root.Name {
	case rootInvoice, rootZF1:
	case rootCDAR:
		status := t.Root.At("AcknowledgementDocument", "ReferenceReferencedDocument", "ProcessConditionCode").Str()
		number := t.Root.At("AcknowledgementDocument", "ReferenceReferencedDocument", "IssuerAssignedID").Str()
		return nil, fault.New(fault.Invalid, "CDAR_NOT_AN_INVOICE", status, number)
	default:
		return nil, fault.New(fault.Invalid, "format.cii.not", t.Root.Name)
	}
	inv := invoice(t)
	out := inv.Read("cii")
	out.Warnings = append(t.Warnings, out.Warnings...)
	return out, nil
}

// The names on the left are D16B's, those on the right ZUGFeRD 1.0's.
const (
	header     = "ExchangedDocument|HeaderExchangedDocument"
	context    = "ExchangedDocumentContext|SpecifiedExchangedDocumentContext"
	trade      = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
	agreement  = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
	delivery   = "ApplicableHeaderTradeDelivery|ApplicableSupplyChainTradeDelivery"
	settlement = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
	summation  = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
	issuedBy   = "IssuerAssignedID|ID"
	day        = "DateTimeString|DateTime"
)

func invoice(t *en16931.Tree) *en16931.Invoice {
	h, tr := t.Root.At(header), t.Root.At(trade)
	ag, de, se := tr.At(agreement), tr.At(delivery), tr.At(settlement)
	sum := se.At(summation)
	inv := &en16931.Invoice{
		Profile:        t.Root.At(context, "GuidelineSpecifiedDocumentContextParameter", "ID").Value(),
		Title:          h.At("Name").Str(),
		Number:         h.At("ID").Value(),
		Type:           h.At("TypeCode").Value(),
		Issued:         h.At("IssueDateTime", day).Value(),
		Delivered:      de.At("ActualDeliverySupplyChainEvent", "OccurrenceDateTime", day).Value(),
		Currency:       se.At("InvoiceCurrencyCode").Value(),
		BuyerReference: ag.At("BuyerReference").Value(),
		Order:          ag.At("BuyerOrderReferencedDocument", issuedBy).Value(),
		Preceding:      se.At("InvoiceReferencedDocument", issuedBy).Value(),
		Reference:      se.At("PaymentReference").Value(),
		Seller:         partyOf(ag.At("SellerTradeParty")),
		Buyer:          partyOf(ag.At("BuyerTradeParty")),
		Payee:          partyOf(se.At("PayeeTradeParty")),
		Net:            sum.At("TaxBasisTotalAmount").Value(),
		Tax:            sum.At("TaxTotalAmount").Value(),
		Total:          sum.At("GrandTotalAmount").Value(),
		Prepaid:        sum.At("TotalPrepaidAmount").Value(),
		Rounding:       sum.At("RoundingAmount").Value(),
		Payable:        sum.At("DuePayableAmount").Value(),
		Lines:          t.Lines,
	}
	for _, n := range h.All("IncludedNote") {
		inv.Notes = append(inv.Notes, bill.Mention{Code: n.At("SubjectCode").Str(), Text: n.At("Content").Str()})
	}
	for _, m := range se.All("SpecifiedTradeSettlementPaymentMeans") {
		acc := m.At("PayeePartyCreditorFinancialAccount")
		inv.Means = append(inv.Means, en16931.Means{
			Code: m.At("TypeCode").Str(), IBAN: acc.At("IBANID").Str(), Holder: acc.At("AccountName").Str(),
		})
	}
	for _, p := range se.All("SpecifiedTradePaymentTerms") {
		inv.Terms = append(inv.Terms, en16931.Term{
			Text:   p.At("Description").Str(),
			Due:    p.At("DueDateDateTime", day).Value(),
			Amount: p.At("PartialPaymentAmount").Value(),
		})
	}
	return inv
}

func partyOf(n *en16931.Node) en16931.Party {
	org, addr := n.At("SpecifiedLegalOrganization"), n.At("PostalTradeAddress")
	contact := n.At("DefinedTradeContact")
	p := en16931.Party{
		Name:       n.At("Name").Str(),
		TradeName:  org.At("TradingBusinessName").Str(),
		Legal:      en16931.ID{Scheme: org.At("ID").Attr("schemeID"), Value: org.At("ID").Str()},
		Endpoint:   en16931.ID{Scheme: n.At("URIUniversalCommunication", "URIID").Attr("schemeID"), Value: n.At("URIUniversalCommunication", "URIID").Str()},
		Postcode:   addr.At("PostcodeCode").Str(),
		City:       addr.At("CityName").Str(),
		Country:    addr.At("CountryID").Str(),
		Email:      contact.At("EmailURIUniversalCommunication", "URIID").Str(),
		Phone:      contact.At("TelephoneUniversalCommunication", "CompleteNumber").Str(),
		Department: contact.At("DepartmentName").Str(),
	}
	for _, id := range n.All("ID|GlobalID") {
		p.IDs = append(p.IDs, en16931.ID{Scheme: id.Attr("schemeID"), Value: id.Str()})
	}
	for _, l := range addr.All("LineOne|LineTwo|LineThree") {
		if l.Text != "" {
			p.Lines = append(p.Lines, l.Text)
		}
	}
	for _, tax := range n.All("SpecifiedTaxRegistration") {
		if id := tax.At("ID"); strings.HasPrefix(id.Attr("schemeID"), "VA") {
			p.VAT = strings.ToUpper(strings.Join(strings.Fields(id.Str()), ""))
		}
	}
	return p
}
