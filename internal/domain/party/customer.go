package party

import (
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Kind is the legal class of a debtor: it decides interest, compensation, limitation and the
// consequences that may be announced (law-fr.md §1).
type Kind string

// The kinds of law-fr.md §1, and Unknown: what nobody has confirmed yet (PRODUCT.md §3 rule 0).
const (
	Unknown          Kind = "UNKNOWN"
	Pro              Kind = "PRO"
	Consumer         Kind = "CONSUMER"
	Public           Kind = "PUBLIC"
	PublicHealth     Kind = "PUBLIC_HEALTH"
	PublicEnterprise Kind = "PUBLIC_ENTERPRISE"
	NonPro           Kind = "NON_PRO"
	Foreign          Kind = "FOREIGN"
)

// Kinds lists every kind, in the order of a form.
var Kinds = []Kind{Unknown, Pro, Consumer, Public, PublicHealth, PublicEnterprise, NonPro, Foreign}

// IsPublic tells whether the code de la commande publique governs the debt.
func (k Kind) IsPublic() bool { return k == Public || k == PublicHealth || k == PublicEnterprise }

// BearsLateInterest tells whether contractual late payment interest (L441-10, R2192-31) may be
// claimed in a reminder. A consumer owes interest only from a formal notice, Unknown nothing.
func (k Kind) BearsLateInterest() bool { return k == Pro || k.IsPublic() }

// BearsCompensation tells whether the fixed recovery charge of 40 euros is due: D441-5 for a
// professional, D2192-35 for a public body; never a consumer (CPCE L111-8).
func (k Kind) BearsCompensation() bool { return k == Pro || k.IsPublic() }

// MayBeGivenNotice tells whether a formal notice may leave for this kind.
func (k Kind) MayBeGivenNotice() bool { return k != Unknown && k != "" }

// Valid tells whether k is one of Kinds.
func (k Kind) Valid() bool {
	for _, x := range Kinds {
		if x == k {
			return true
		}
	}
	return false
}

// Role is what a contact does at the customer.
type Role string

// The roles a scenario step may address.
const (
	Accounting          Role = "accounting"
	Buyer               Role = "buyer"
	Executive           Role = "executive"
	Payer               Role = "payer"
	LegalRepresentative Role = "legal-representative"
	OtherRole           Role = "other"
)

// Roles lists every role.
var Roles = []Role{Accounting, Buyer, Executive, Payer, LegalRepresentative, OtherRole}

// Address is a postal address; Lines holds street and complements, without town or country.
type Address struct {
	Lines    string // one or more lines, separated by \n
	Postcode string
	City     string
	Country  string // ISO 3166 alpha-2; "" means France
}

// IsComplete tells whether a letter can be posted to it.
func (a Address) IsComplete() bool { return a.Lines != "" && a.City != "" }

// Customer is a debtor of one company.
type Customer struct {
	ID              id.Customer
	Code            string // unique in the company
	Name            string
	Kind            Kind
	KindConfirmed   bool // by a person, or by an identifier that proves it
	KindProposed    Kind // what the identifiers suggest, for the "qualify" task
	SIREN           string
	SIRET           string
	VAT             string
	LegalName       string
	Address         Address
	RegisteredAddr  Address // registered office, for a formal notice; Address when empty
	Language        i18n.Lang
	Scenario        string // own choice, "" for the assignment table
	Terms           string // payment terms, "" for 30 days
	PaymentMethod   string
	Parent          string // code of the parent customer
	Payer           string // code of the customer who pays
	Collector       string
	Salesperson     string
	CreditLimit     money.Amount
	Tags            []string
	Email           string
	Phone           string
	ServiceCode     string // Chorus Pro service, PUBLIC
	Intercompany    bool
	CreatedOn       cal.Date
	ConfirmFirst    bool // the next message to this customer is to confirm (rule 4)
	TermsConfirmed  bool // false: estimated due dates start no step
	InsolvencyFrom  cal.Date
	DunningDisabled bool
}

// EffectiveKind is the kind that claims may rely on: Unknown until it is confirmed (rule 0).
func (c Customer) EffectiveKind() Kind {
	if !c.KindConfirmed || c.Kind == "" {
		return Unknown
	}
	return c.Kind
}

// NoticeAddress is where a formal notice goes: the registered office, else the usual address.
func (c Customer) NoticeAddress() Address {
	if c.RegisteredAddr.IsComplete() {
		return c.RegisteredAddr
	}
	return c.Address
}

// Contact is a person or a mailbox at a customer.
type Contact struct {
	ID       id.Contact
	Customer id.Customer
	Name     string
	Role     Role
	Email    string
	Phone    string
	Bad      bool // the address bounced for good: never used again until mended
}

// Draft is a customer as a file asserts it: empty fields assert nothing.
type Draft struct {
	Line                                                    int
	Code, Name, Kind                                        string
	SIREN, SIRET, VAT, LegalName                            string
	Address, Postcode, City, Country                        string
	RegisteredAddress                                       string
	Language, Scenario, Terms, PaymentMethod, Parent, Payer string
	Collector, Salesperson                                  string
	Limit                                                   *money.Amount
	Tags                                                    []string
	Email, Phone, ServiceCode                               string
}

// ContactDraft is a contact as a file asserts it.
type ContactDraft struct {
	Line                               int
	Customer, Name, Role, Email, Phone string
}
