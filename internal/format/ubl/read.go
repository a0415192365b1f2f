package ubl

import (
	"io"
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/format/en16931"
	"relance/internal/ground/fault"
)

// Read reads one invoice or credit note. Errors are fault.Invalid: not XML, not UBL, or beyond
// the limits; what is wrong inside stands in the Reading.
func Read(r io.Reader) (*en16931.Reading, error) {
	t, err := en16931.ParseXML(r)
	if err != nil {
		return nil, err
	}
	return FromTree(t)
}

// FromTree reads a document that is already parsed.
func FromTree(t *en16931.Tree) (*en16931.Reading, error) {
	if t.Root.Name != "Invoice" && t.Root.Name != "CreditNote" {
		return nil, fault.New(fault.Invalid, "format.ubl.not", t.Root.Name)
	}
	inv := invoice(t)
	out := inv.Read("ubl")
	out.Warnings = append(t.Warnings, out.Warnings...)
	return out, nil
}

func invoice(t *en16931.Tree) *en16931.Invoice {
	n := t.Root
	sum := n.At("LegalMonetaryTotal")
	inv := &en16931.Invoice{
		Profile:        n.At("CustomizationID").Value(),
		Number:         n.At("ID").Value(),
		Type:           n.At("InvoiceTypeCode|CreditNoteTypeCode").Value(),
		Issued:         n.At("IssueDate").Value(),
		Delivered:      n.At("Delivery", "ActualDeliveryDate").Value(),
		Currency:       n.At("DocumentCurrencyCode").Value(),
		BuyerReference: n.At("BuyerReference").Value(),
		Order:          n.At("OrderReference", "ID").Value(),
		Preceding:      n.At("BillingReference", "InvoiceDocumentReference|CreditNoteDocumentReference", "ID").Value(),
		Seller:         partyOf(n.At("AccountingSupplierParty", "Party")),
		Buyer:          partyOf(n.At("AccountingCustomerParty", "Party")),
		Payee:          partyOf(n.At("PayeeParty")),
		Net:            sum.At("TaxExclusiveAmount").Value(),
		Tax:            n.At("TaxTotal", "TaxAmount").Value(),
		Total:          sum.At("TaxInclusiveAmount").Value(),
		Prepaid:        sum.At("PrepaidAmount").Value(),
		Rounding:       sum.At("PayableRoundingAmount").Value(),
		Payable:        sum.At("PayableAmount").Value(),
		Lines:          t.Lines,
	}
	if inv.Type.Value == "" && n.Name == "CreditNote" { // the root says it already
		inv.Type = en16931.Text{Value: "381", Line: n.Line}
	}
	// The order without a number is written "NA" in Peppol, where only the seller's is known.
	if inv.Order.Value == "NA" {
		inv.Order = en16931.Text{}
	}
	for _, note := range n.All("Note") {
		inv.Notes = append(inv.Notes, mention(note.Str()))
	}
	means(inv, n)
	terms(inv, n)
	return inv
}

// mention splits "#PMD#text": UBL has no subject element, so EN 16931 writes the code in front.
func mention(s string) bill.Mention {
	if rest, ok := strings.CutPrefix(s, "#"); ok {
		if code, text, ok := strings.Cut(rest, "#"); ok && len(code) == 3 {
			return bill.Mention{Code: code, Text: text}
		}
	}
	return bill.Mention{Text: s}
}

func means(inv *en16931.Invoice, n *en16931.Node) {
	for _, m := range n.All("PaymentMeans") {
		acc := m.At("PayeeFinancialAccount")
		inv.Means = append(inv.Means, en16931.Means{
			Code: m.At("PaymentMeansCode").Str(), IBAN: acc.At("ID").Str(), Holder: acc.At("Name").Str(),
		})
		if inv.Reference.Value == "" {
			inv.Reference = m.At("PaymentID").Value()
		}
	}
}

// terms: an invoice has its due date at the root, a credit note in the means of payment; UBL
// outside EN 16931 also splits the debt in payment terms.
func terms(inv *en16931.Invoice, n *en16931.Node) {
	due := n.At("DueDate").Value()
	if due.Value == "" {
		due = n.At("PaymentMeans", "PaymentDueDate").Value()
	}
	for _, p := range n.All("PaymentTerms") {
		part := p.At("InstallmentDueDate|PaymentDueDate").Value()
		if part.Value != "" {
			inv.Terms = append(inv.Terms, en16931.Term{Text: p.At("Note").Str(), Due: part, Amount: p.At("Amount").Value()})
			continue
		}
		inv.Terms = append(inv.Terms, en16931.Term{Text: p.At("Note").Str(), Due: due})
		due = en16931.Text{}
	}
	if due.Value != "" {
		split := false
		for _, t := range inv.Terms {
			split = split || t.Due.Value != ""
		}
		if !split {
			inv.Terms = append(inv.Terms, en16931.Term{Due: due})
		}
	}
}

func partyOf(n *en16931.Node) en16931.Party {
	legal, addr, contact := n.At("PartyLegalEntity"), n.At("PostalAddress"), n.At("Contact")
	p := en16931.Party{
		Name:       legal.At("RegistrationName").Str(),
		TradeName:  n.At("PartyName", "Name").Str(),
		Legal:      en16931.ID{Scheme: legal.At("CompanyID").Attr("schemeID"), Value: legal.At("CompanyID").Str()},
		Endpoint:   en16931.ID{Scheme: n.At("EndpointID").Attr("schemeID"), Value: n.At("EndpointID").Str()},
		Postcode:   addr.At("PostalZone").Str(),
		City:       addr.At("CityName").Str(),
		Country:    addr.At("Country", "IdentificationCode").Str(),
		Email:      contact.At("ElectronicMail").Str(),
		Phone:      contact.At("Telephone").Str(),
		Department: contact.At("Name").Str(),
	}
	if p.Name == "" {
		p.Name = p.TradeName
	}
	for _, id := range n.All("PartyIdentification") {
		p.IDs = append(p.IDs, en16931.ID{Scheme: id.At("ID").Attr("schemeID"), Value: id.At("ID").Str()})
	}
	for _, l := range []string{addr.At("StreetName").Str(), addr.At("AdditionalStreetName").Str(), addr.At("AddressLine", "Line").Str()} {
		if l != "" {
			p.Lines = append(p.Lines, l)
		}
	}
	for _, tax := range n.All("PartyTaxScheme") {
		if s := tax.At("TaxScheme", "ID").Str(); s == "VAT" || s == "" {
			p.VAT = strings.ToUpper(strings.Join(strings.Fields(tax.At("CompanyID").Str()), ""))
		}
	}
	return p
}
