package en16931

import (
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/domain/party"
	"relance/internal/ground/money"
)

// Read turns raw fields into a draft. Nothing is guessed about money: the debt is BT-115, or
// BT-112 − BT-113 + BT-114 where it is missing.
func (inv *Invoice) Read(format string) *Reading {
	r := &Reading{Format: format}
	d := &r.Draft
	c := inv.class(r)
	d.Kind, d.TypeCode = c.kind, inv.Type.Value
	if d.Number = oneLine(inv.Number.Value); d.Number == "" {
		r.refuse(inv.Number, "number", "format.missing")
	}
	d.Currency = inv.currency(r)
	d.Issued = r.date(inv.Issued, "issued", true)
	if inv.Issued.Value == "" {
		r.refuse(inv.Issued, "issued", "format.missing")
	}
	d.Delivered = r.dateOrWarn(inv.Delivered, "delivered")
	d.Seller = inv.Seller.seller()
	d.Customer = inv.Buyer.buyer()
	d.Reference = oneLine(inv.Reference.Value)
	d.BuyerReference = oneLine(inv.BuyerReference.Value)
	d.Order = oneLine(inv.Order.Value)
	d.Preceding = oneLine(inv.Preceding.Value)
	d.Mentions = inv.Notes
	inv.pay(d)
	if c.assigned {
		d.AssignedTo = inv.assignee()
	} else if inv.paidToAnother() {
		d.AssignedTo = inv.Payee.Name
	}
	inv.totals(r)
	inv.instalments(r)
	if strings.Contains(strings.ToLower(inv.Profile.Value), "minimum") && inv.Lines > 0 {
		r.warn(inv.Profile, "profile", "format.profile.minimum")
	}
	return r
}

func (inv *Invoice) class(r *Reading) class {
	title := strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(inv.Title))
	if strings.Contains(title, "proforma") {
		r.refuse(inv.Type, "kind", "format.type.proforma")
	}
	code := inv.Type.Value
	c, known := classes[code]
	switch {
	case known && c.why != "":
		r.refuse(inv.Type, "kind", c.why)
		c.kind = bill.Invoice
	case !known && code == "":
		r.refuse(inv.Type, "kind", "format.missing")
		c.kind = bill.Invoice
	case !known:
		r.warn(inv.Type, "kind", "format.type.unknown")
		c.kind = bill.Invoice
	}
	return c
}

func (inv *Invoice) currency(r *Reading) money.Currency {
	c := money.Currency(strings.ToUpper(inv.Currency.Value))
	if c == "" {
		r.warn(inv.Currency, "currency", "format.currency.assumed")
		return money.EUR
	}
	if !c.Valid() {
		r.refuse(inv.Currency, "currency", "format.currency.unknown")
		return money.EUR
	}
	return c
}

// totals fills Total, Prepaid and Payable. A negative invoice is a credit note; amounts of the
// draft are positive (PRODUCT.md §7).
func (inv *Invoice) totals(r *Reading) {
	d := &r.Draft
	total, hasTotal := r.amount(inv.Total, "total")
	prepaid, _ := r.amount(inv.Prepaid, "prepaid")
	rounding, _ := r.amount(inv.Rounding, "rounding")
	payable, hasPayable := r.amount(inv.Payable, "payable")
	sum := total.Minor - prepaid.Minor + rounding.Minor
	switch {
	case !hasTotal && !hasPayable:
		if len(r.Errors) == 0 || inv.Total.Value == "" && inv.Payable.Value == "" {
			r.refuse(inv.Payable, "payable", "format.missing")
		}
	case !hasPayable && inv.Payable.Value == "":
		payable = money.Of(sum, d.Currency)
		r.warn(inv.Payable, "payable", "format.payable.computed")
	case hasTotal && sum != payable.Minor && !inv.depositUntold(total, payable):
		r.warn(inv.Payable, "payable", "format.totals.differ", total, prepaid, payable)
	case !hasTotal && inv.Total.Value == "":
		total = money.Of(payable.Minor+prepaid.Minor-rounding.Minor, d.Currency)
	}
	inv.checkTax(r, total)
	if payable.Minor < 0 || payable.Minor == 0 && total.Minor < 0 {
		if d.Kind == bill.CreditNote {
			r.warn(inv.Payable, "payable", "format.credit.negative")
		}
		d.Kind = bill.CreditNote
	}
	d.Total, d.Prepaid, d.Payable = abs(total), abs(prepaid), abs(payable)
}

// depositUntold: the MINIMUM profile has no place for BT-113, so that a deposit shows only as a
// payable smaller than the total.
func (inv *Invoice) depositUntold(total, payable money.Amount) bool {
	return inv.Prepaid.Value == "" && payable.Minor < total.Minor &&
		strings.Contains(strings.ToLower(inv.Profile.Value), "minimum")
}

// checkTax is BR-CO-15: with tax = without tax + tax.
func (inv *Invoice) checkTax(r *Reading, total money.Amount) {
	if inv.Net.Value == "" || inv.Tax.Value == "" || inv.Total.Value == "" {
		return
	}
	if inv.Tax.Currency != "" && money.Currency(inv.Tax.Currency) != r.Draft.Currency {
		return // BT-111: tax in the accounting currency
	}
	net, err1 := money.ParseDecimal(inv.Net.Value, r.Draft.Currency)
	tax, err2 := money.ParseDecimal(inv.Tax.Value, r.Draft.Currency)
	if err1 == nil && err2 == nil && net.Minor+tax.Minor != total.Minor {
		r.warn(inv.Total, "total", "format.totals.tax", net, tax, total)
	}
}

func abs(a money.Amount) money.Amount {
	if a.Minor < 0 {
		return a.Neg()
	}
	return a
}

// instalments: each due date with its amount where the file splits the debt; otherwise one, the
// latest of several dates, so that nobody is chased too early.
func (inv *Invoice) instalments(r *Reading) {
	d := &r.Draft
	var texts []string
	var sum int64
	split := true
	for _, t := range inv.Terms {
		if s := oneLine(t.Text); s != "" {
			texts = append(texts, s)
		}
		if t.Due.Value == "" {
			continue
		}
		due := r.date(t.Due, "due", true)
		if due.IsZero() {
			continue
		}
		if due < d.Issued {
			r.warn(t.Due, "due", "format.due.before-issue", d.Issued)
		}
		part := bill.DraftInstalment{Line: t.Due.Line, Due: due, Amount: money.Of(0, d.Currency)}
		if t.Amount.Value == "" {
			split = false
		} else if a, ok := r.amount(t.Amount, "due"); ok {
			part.Amount = abs(a)
			sum += part.Amount.Minor
		}
		d.Instalments = append(d.Instalments, part)
	}
	d.Terms = strings.Join(texts, "\n")
	if len(d.Instalments) == 0 || split && sum == d.Payable.Minor {
		return
	}
	last := d.Instalments[0]
	for _, p := range d.Instalments[1:] {
		if p.Due > last.Due {
			last = p
		}
	}
	if len(d.Instalments) > 1 {
		r.warn(Text{Line: last.Line, Value: last.Due.String()}, "due", "format.due.several")
	}
	last.Amount = d.Payable
	d.Instalments = []bill.DraftInstalment{last}
}

func (inv *Invoice) pay(d *bill.Draft) {
	for _, m := range inv.Means {
		if d.Method == "" {
			d.Method = methods[m.Code]
		}
		if d.PayTo == "" {
			d.PayTo = strings.ToUpper(strings.Join(strings.Fields(m.IBAN), ""))
		}
	}
}

// paidToAnother is BG-10: a payee who is not the seller holds the debt.
func (inv *Invoice) paidToAnother() bool {
	p, s := inv.Payee, inv.Seller
	if p.Name == "" || strings.EqualFold(p.Name, s.Name) || strings.EqualFold(p.Name, s.TradeName) {
		return false
	}
	return p.Legal.Value == "" || p.Legal.Value != s.Legal.Value
}

// assignee names the factor of a factored invoice (type 393): BG-10, else the account's holder,
// else the bare fact.
func (inv *Invoice) assignee() string {
	if inv.Payee.Name != "" {
		return inv.Payee.Name
	}
	for _, m := range inv.Means {
		if m.Holder != "" && !strings.EqualFold(m.Holder, inv.Seller.Name) {
			return m.Holder
		}
	}
	return "factor"
}

func (p Party) seller() bill.Party {
	siren, siret := p.french()
	return bill.Party{Name: p.Name, SIREN: siren, SIRET: siret, VAT: p.VAT, Country: p.Country}
}

func (p Party) buyer() party.Draft {
	d := party.Draft{
		Name: p.Name, VAT: p.VAT, Address: strings.Join(p.Lines, "\n"), Postcode: p.Postcode,
		City: p.City, Country: p.Country, Email: p.Email, Phone: p.Phone,
	}
	if d.Name == "" {
		d.Name = p.TradeName
	}
	d.SIREN, d.SIRET = p.french()
	if d.Email == "" && p.Endpoint.Scheme == "EM" {
		d.Email = p.Endpoint.Value
	}
	for _, id := range p.IDs {
		if id.Scheme == "" && d.Code == "" {
			d.Code = id.Value
		}
	}
	return d
}

// french finds SIREN and SIRET among the identifiers: scheme 0002 and 0009, or a legal
// identifier of 9 or 14 digits in a French party, since many files write one for the other.
func (p Party) french() (siren, siret string) {
	for _, id := range append([]ID{p.Legal}, p.IDs...) {
		v := strings.Join(strings.Fields(id.Value), "")
		official := id.Scheme == "0002" || id.Scheme == "0009" || id.Scheme == "" && id == p.Legal && p.Country == "FR"
		if !official || !digits(v) {
			continue
		}
		if len(v) == 9 && siren == "" {
			siren = v
		}
		if len(v) == 14 && siret == "" {
			siret = v
		}
	}
	if siren == "" && siret != "" {
		siren = siret[:9]
	}
	return siren, siret
}

func digits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
