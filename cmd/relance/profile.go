package main

import (
	"os"
	"strings"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// profileFlags are what a company says of itself; a flag that is not given changes nothing.
type profileFlags struct {
	LegalForm     *string       `placeholder:"SAS" help:"Legal form."`
	Capital       *int64        `placeholder:"EUROS" help:"Capital, in whole euros."`
	Siren         *string       `placeholder:"SIREN" help:"SIREN."`
	VAT           *string       `name:"vat" placeholder:"NUMBER" help:"VAT number."`
	RCS           *string       `name:"rcs" placeholder:"CITY" help:"City of the trade register."`
	Address       *string       `placeholder:"LINES" help:"Street and complements; \\n between lines."`
	Postcode      *string       `placeholder:"CODE" help:"Postcode."`
	City          *string       `placeholder:"CITY" help:"City."`
	Phone         *string       `placeholder:"NUMBER" help:"Telephone."`
	Contact       *string       `placeholder:"NAME" help:"Whom a debtor calls."`
	ContactEmail  *string       `placeholder:"ADDRESS" help:"Where a debtor writes."`
	Website       *string       `placeholder:"SITE" help:"Website."`
	IBAN          *string       `name:"iban" placeholder:"IBAN" help:"Account to pay to."`
	BIC           *string       `name:"bic" placeholder:"BIC" help:"BIC of that account."`
	ChequeOrder   *string       `placeholder:"NAME" help:"Order of cheques."`
	Signatory     *string       `placeholder:"NAME" help:"Who signs."`
	SignatoryRole *string       `placeholder:"TITLE" help:"Title of who signs."`
	Logo          *string       `placeholder:"FILE" help:"Logo, PNG or JPEG."`
	Signature     *string       `placeholder:"FILE" help:"Picture of the signature, PNG or JPEG."`
	Color         *string       `placeholder:"#RRGGBB" help:"The firm's colour."`
	Mentions      *string       `placeholder:"TEXT" help:"More legal mentions."`
	Mediator      *string       `placeholder:"TEXT" help:"Consumer mediator: name, address, site."`
	Language      *string       `placeholder:"fr|en" help:"Language of messages."`
	Calendar      *cal.Calendar `placeholder:"NAME" help:"Working days: metropole, alsace-moselle…"`
	TimeZone      *string       `placeholder:"ZONE" help:"Time zone (Europe/Paris)."`
	WindowFrom    *string       `placeholder:"HH:MM" help:"Sending window from (08:30)."`
	WindowTo      *string       `placeholder:"HH:MM" help:"Sending window to (17:30)."`
	Terms         *string       `placeholder:"TERMS" help:"Payment terms of customers that have none (\"net 30\")."`
	PenaltyRate   *string       `placeholder:"RATE" help:"Contract rate: 12.15, 3xlegal, or empty for the law's."`
	Scenario      *string       `placeholder:"NAME" help:"Default scenario."`
	PayURL        *string       `name:"pay-url" placeholder:"URL" help:"Online payment page."`
	PaymentsAge   *int          `placeholder:"DAYS" help:"Days without news of payments after which reminders wait for a person (15); 0 for the default."`
	ThankYou      *bool         `negatable:"" help:"A word of thanks leaves when what was asked for is paid."`
	Discount      *string       `placeholder:"PERCENT" help:"Discount for early payment under the general terms; 0 for none."`
	DiscountDays  *int          `placeholder:"DAYS" help:"Days after the invoice's date within which it may be taken."`
}

// apply puts the given flags into a profile.
func (f *profileFlags) apply(p *org.Profile) error {
	for _, x := range []struct {
		from *string
		to   *string
	}{
		{f.LegalForm, &p.LegalForm}, {f.Siren, &p.SIREN}, {f.VAT, &p.VAT}, {f.RCS, &p.RCSCity}, {f.Postcode, &p.Address.Postcode},
		{f.City, &p.Address.City}, {f.Phone, &p.Phone}, {f.Contact, &p.ContactName}, {f.ContactEmail, &p.Email}, {f.Website, &p.Website},
		{f.IBAN, &p.IBAN}, {f.BIC, &p.BIC}, {f.ChequeOrder, &p.ChequeOrder}, {f.Signatory, &p.SignatoryName},
		{f.SignatoryRole, &p.SignatoryRole}, {f.Color, &p.Color}, {f.Mentions, &p.LegalMentions}, {f.Mediator, &p.Mediator},
		{f.Language, &p.Language}, {f.TimeZone, &p.TimeZone}, {f.WindowFrom, &p.WindowFrom}, {f.WindowTo, &p.WindowTo},
		{f.Terms, &p.DefaultTerms}, {f.PenaltyRate, &p.PenaltyRate}, {f.Scenario, &p.Scenario}, {f.PayURL, &p.PayURL},
	} {
		if x.from != nil {
			*x.to = *x.from
		}
	}
	if err := f.applyMoney(p); err != nil {
		return err
	}
	if f.Address != nil {
		p.Address.Lines = strings.ReplaceAll(*f.Address, `\n`, "\n")
	}
	if f.Capital != nil {
		p.Capital = *f.Capital * 100
	}
	if f.Calendar != nil {
		p.Calendar = *f.Calendar
	}
	for _, x := range []struct {
		from *string
		to   *[]byte
	}{{f.Logo, &p.Logo}, {f.Signature, &p.Signature}} {
		if x.from == nil {
			continue
		}
		b, err := os.ReadFile(*x.from)
		if err != nil {
			return err
		}
		*x.to = b
	}
	return nil
}

// maxDiscount is the highest discount for early payment, basis points.
const maxDiscount = 5000

// applyMoney puts what the company says of payments into a profile.
func (f *profileFlags) applyMoney(p *org.Profile) error {
	for _, x := range []struct{ from, to *int }{{f.PaymentsAge, &p.PaymentsAge}, {f.DiscountDays, &p.DiscountDays}} {
		if x.from == nil {
			continue
		}
		if *x.from < 0 || *x.from > 365 {
			return usage(fault.New(fault.Invalid, "cmd.company.days"))
		}
		*x.to = *x.from
	}
	if f.ThankYou != nil {
		p.ThankYou = *f.ThankYou
	}
	if f.Discount == nil {
		return nil
	}
	n, err := amountIn(*f.Discount, money.EUR) // two decimals: basis points
	if err != nil {
		return err
	}
	if n < 0 || n > maxDiscount {
		return usage(fault.New(fault.Invalid, "cmd.company.discount"))
	}
	p.DiscountBP = int(n)
	return nil
}
