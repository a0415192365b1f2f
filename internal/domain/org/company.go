package org

import (
	"time"

	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Company is who is owed: the tenant.
type Company struct {
	ID      id.Company
	Code    string
	Profile Profile
	// ProfileVersion numbers the profile: a queued message keeps the letterhead it was decided with.
	ProfileVersion int
	LiveOn         cal.Date // zero: trial mode, every message goes to the user's own mailbox
	TrialTo        string   // that mailbox
	PaymentsOn     cal.Date // payments are known up to this day, as the user stated it
}

// IsLive tells whether messages reach the debtors.
func (c Company) IsLive() bool { return !c.LiveOn.IsZero() }

// Profile is what the company says of itself once, for letters, mails and rules.
type Profile struct {
	Name          string
	LegalForm     string
	Capital       int64 // euros, in cents
	SIREN, VAT    string
	RCSCity       string
	Address       party.Address
	Phone, Email  string
	Website       string
	IBAN, BIC     string
	Bank          string
	ChequeOrder   string
	ChequeAddress party.Address
	SignatoryName string
	SignatoryRole string
	Signature     []byte // picture, PNG or JPEG
	Logo          []byte // picture, PNG or JPEG
	Color         string // "#rrggbb"
	ContactName   string // whom a debtor calls
	LegalMentions string
	Mediator      string // for consumers
	Language      string // default language of messages and screens
	Calendar      cal.Calendar
	TimeZone      string // IANA name; "" is Europe/Paris
	WindowFrom    string // "08:30"
	WindowTo      string // "17:30"
	DefaultTerms  string // payment terms of customers that have none
	PenaltyRate   string // contract rate: "12.15", "3xlegal", "" for the default of the law
	Scenario      string // default scenario
	PayURL        string
	Postage       Postage
	PaymentsAge   int  // days after which payments count as unknown; 0: paymentsAge
	ThankYou      bool // a word of thanks leaves when a payment settles what was asked for
	DiscountBP    int  // discount for early payment under the general terms, basis points
	DiscountDays  int  // days after the invoice's date within which it may be taken
}

// paymentsAge is after how many days without news of payments a reminder waits for a person: a firm that looks
// at its bank every week and takes a week off is not asked.
const paymentsAge = 15

// PaymentsMayBeOld is the age, in days, that payment data may have before steps after the due date wait.
func (p Profile) PaymentsMayBeOld() int {
	if p.PaymentsAge > 0 {
		return p.PaymentsAge
	}
	return paymentsAge
}

// Postage is what an envelope costs, in cents: for the figures of a simulation.
type Postage struct{ Letter, Registered int64 }

// DefaultPostage is La Poste's green letter and its registered letter with notice, 20 g, at the
// 2026 public price; a company states its own.
var DefaultPostage = Postage{Letter: 152, Registered: 752}

// Cost of one envelope by channel name.
func (p Profile) Cost(channel string) money.Amount {
	t := p.Postage
	if t == (Postage{}) {
		t = DefaultPostage
	}
	switch channel {
	case "letter":
		return money.Euros(t.Letter)
	case "registered":
		return money.Euros(t.Registered)
	}
	return money.Euros(0)
}

// Location is where the company's civil days are counted.
func (p Profile) Location() *time.Location {
	if p.TimeZone != "" {
		if loc, err := time.LoadLocation(p.TimeZone); err == nil {
			return loc
		}
	}
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return time.UTC
	}
	return loc
}

// Window is the sending window of the local day, in minutes since midnight; 8:30–17:30 by default.
func (p Profile) Window() (from, to int) {
	return minutes(p.WindowFrom, 8*60+30), minutes(p.WindowTo, 17*60+30)
}

func minutes(s string, otherwise int) int {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return otherwise
	}
	return t.Hour()*60 + t.Minute()
}
