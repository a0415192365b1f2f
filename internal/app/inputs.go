package app

import (
	"encoding/json"

	"relance/internal/domain/bill"
	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// inputs is everything the bytes of a message are made of (PRODUCT.md §3 rule 9): kept with it in
// the transaction that decides it, so that what is previewed, approved, sent and proved is one
// thing. Names are short: there is one a message.
type inputs struct {
	Date       cal.Date      `json:"date"`
	Profile    int           `json:"profile"` // version of the letterhead
	Text       string        `json:"text"`    // name of the wording
	Words      string        `json:"words"`   // SHA-256 of the wording, kept among the files
	PayBy      cal.Date      `json:"pay_by,omitzero"`
	PayTo      string        `json:"pay_to,omitempty"`
	Assignee   string        `json:"assignee,omitempty"`
	Reference  string        `json:"ref,omitempty"`
	PayURL     string        `json:"pay_url,omitempty"`
	Insistent  bool          `json:"insistent,omitempty"`
	JoinsOn    cal.Date      `json:"joins,omitzero"`
	To         recipient     `json:"to"`
	Mail       []string      `json:"mail,omitempty"`
	CC         []string      `json:"cc,omitempty"`
	Also       []string      `json:"also,omitempty"` // parallel channels, made when this one has left
	Lines      []line        `json:"lines"`
	Upcoming   []line        `json:"upcoming,omitempty"`
	Memo       []line        `json:"memo,omitempty"`
	Deductions []deduction   `json:"deductions,omitempty"`
	Interest   *interest     `json:"interest,omitempty"`
	Fixed      *compensation `json:"fixed,omitempty"`
	Earlier    []earlier     `json:"earlier,omitempty"`
	Facts      facts         `json:"facts,omitzero"`
	Attach     []attached    `json:"attach,omitempty"`
	Missing    string        `json:"missing,omitempty"` // half-year whose rate is not loaded
	Occasion   *occasion     `json:"occasion,omitempty"`
}

type recipient struct {
	Name      string     `json:"name"`
	Code      string     `json:"code,omitempty"`
	Kind      party.Kind `json:"kind"`
	SIRET     string     `json:"siret,omitempty"`
	Attention string     `json:"attn,omitempty"`
	Role      party.Role `json:"role,omitempty"`
	Service   string     `json:"service,omitempty"`
	Lines     string     `json:"lines,omitempty"`
	Postcode  string     `json:"postcode,omitempty"`
	City      string     `json:"city,omitempty"`
	Country   string     `json:"country,omitempty"`
}

// line is one item in a message, and what the message does to it once it has left.
type line struct {
	Item      id.Instalment `json:"item"`
	Invoice   id.Invoice    `json:"invoice"`
	Number    string        `json:"number"`
	Kind      bill.Kind     `json:"kind,omitempty"`
	Seq       int           `json:"seq,omitzero"`
	Of        int           `json:"of,omitzero"`
	Issued    cal.Date      `json:"issued,omitzero"`
	Due       cal.Date      `json:"due"`
	Amount    int64         `json:"amount"`
	Open      int64         `json:"open"`
	Disputed  int64         `json:"disputed,omitzero"`
	Level     int           `json:"level,omitzero"`
	Reference string        `json:"ref,omitempty"`
	Order     string        `json:"order,omitempty"`
	Advances  bool          `json:"advances,omitempty"`
	Step      string        `json:"step,omitempty"`
	Skips     []string      `json:"skips,omitempty"`
	Joins     bool          `json:"joins,omitempty"`
}

type deduction struct {
	Number    string   `json:"number,omitempty"`
	On        cal.Date `json:"on,omitzero"`
	Amount    int64    `json:"amount"`
	IsPayment bool     `json:"payment,omitempty"`
}

type interest struct {
	Claim  letter.Claim `json:"claim"`
	Amount int64        `json:"amount"`
	Rates  []money.Rate `json:"rates,omitempty"`
	Annex  []annexLine  `json:"annex,omitempty"`
	Frozen bool         `json:"frozen,omitempty"`
}

type annexLine struct {
	Number string     `json:"number"`
	From   cal.Date   `json:"from"`
	To     cal.Date   `json:"to"`
	Days   int        `json:"days"`
	Rate   money.Rate `json:"rate"`
	Base   int64      `json:"base"`
	Amount int64      `json:"amount"`
	Exact  string     `json:"exact,omitempty"`
}

type compensation struct {
	Claim  letter.Claim `json:"claim"`
	Amount int64        `json:"amount"` // euros
	Count  int          `json:"count"`
}

type earlier struct {
	ID         id.Message  `json:"id"`
	On         cal.Date    `json:"on"`
	Kind       letter.Kind `json:"kind"`
	Level      int         `json:"level,omitzero"`
	Channel    string      `json:"channel"`
	Registered string      `json:"no,omitempty"`
	SHA256     string      `json:"sha256,omitempty"`
}

type facts struct {
	Replied       bool     `json:"replied,omitempty"`
	CallOn        cal.Date `json:"call_on,omitzero"`
	Called        bool     `json:"called,omitempty"`
	Promised      bool     `json:"promised,omitempty"`
	PromiseOn     cal.Date `json:"promise_on,omitzero"`
	PromiseAmount int64    `json:"promise_amount,omitzero"`
	PaidOn        cal.Date `json:"paid_on,omitzero"`
	Paid          int64    `json:"paid,omitzero"`
	Registered    string   `json:"registered,omitempty"`
}

// attached is a document that travels with the message: a file by its hash, an earlier message or
// a statement, both printed from inputs that never change.
type attached struct {
	Name      string     `json:"name"`
	SHA256    string     `json:"sha256,omitempty"`
	Earlier   id.Message `json:"earlier,omitzero"`
	Statement bool       `json:"statement,omitempty"`
}

func readInputs(m *store.Message) (*inputs, error) {
	in := &inputs{}
	return in, json.Unmarshal([]byte(m.Inputs), in)
}

// message is the letter's message that these inputs say: a pure function of them and of the
// letterhead's version.
func (in *inputs) message(row *store.Message, p org.Profile) letter.Message {
	c := row.Currency
	m := letter.Message{Lang: i18n.Lang(row.Language), Kind: letter.Kind(row.Kind), Level: row.Level, Date: in.Date, Currency: c,
		Insistent: in.Insistent, Sender: sender(p), Recipient: in.To.letter(),
		Items: lines(in.Lines, c, in.Date), Upcoming: lines(in.Upcoming, c, in.Date), Memo: lines(in.Memo, c, in.Date),
		Penalties: letter.None, Compensation: letter.None,
		Open: money.Of(row.Open, c), Total: money.Of(row.Total, c), PayBy: in.PayBy, Reference: in.Reference, PayURL: in.PayURL,
		Registered: row.PostNumber, IsLetter: row.Channel != string(dunning.Email)}
	for _, d := range in.Deductions {
		m.Deductions = append(m.Deductions, letter.Deduction{IsPayment: d.IsPayment, Number: d.Number, Date: d.On, Amount: money.Of(d.Amount, c)})
	}
	if i := in.Interest; i != nil {
		m.Penalties, m.PenaltyAmount, m.PenaltyRates = i.Claim, money.Of(i.Amount, c), i.Rates
		m.Annex = i.letter(c, in.Date)
	}
	if f := in.Fixed; f != nil {
		m.Compensation, m.CompensationAmount, m.CompensationCount = f.Claim, money.Euros(f.Amount), f.Count
	}
	for _, e := range in.Earlier {
		m.Earlier = append(m.Earlier, letter.Earlier{Date: e.On, Kind: e.Kind, Level: e.Level, Channel: e.Channel, Registered: e.Registered})
	}
	f := in.Facts
	m.Facts = letter.Facts{Replied: f.Replied, Called: f.Called, CallOn: f.CallOn, Promised: f.Promised, PromiseOn: f.PromiseOn,
		PromiseAmount: money.Of(f.PromiseAmount, c), PaidOn: f.PaidOn, PaidAmount: money.Of(f.Paid, c), JoinsOn: in.JoinsOn}
	if in.Occasion != nil {
		in.Occasion.tell(&m)
	}
	if in.Assignee != "" {
		m.Factor = &letter.Factor{Name: in.Assignee, IBAN: in.PayTo}
	} else if in.PayTo != "" {
		m.Sender.IBAN, m.Sender.BIC = in.PayTo, ""
	}
	for _, a := range in.Attach {
		m.Attachments = append(m.Attachments, a.Name)
	}
	if row.Trial {
		m.TrialFor = in.Mail
		if len(m.TrialFor) == 0 {
			m.TrialFor = []string{in.To.Name}
		}
	}
	return m
}

func (i *interest) letter(c money.Currency, until cal.Date) letter.Annex {
	a := letter.Annex{DayCount: "365", Imputation: "principal-first", Frozen: i.Frozen, Until: until}
	for _, x := range i.Annex {
		a.Lines = append(a.Lines, letter.AnnexLine{Invoice: x.Number, From: x.From, To: x.To, Days: x.Days, Rate: x.Rate,
			Base: money.Of(x.Base, c), Amount: money.Of(x.Amount, c), Exact: x.Exact})
	}
	return a
}

func lines(list []line, c money.Currency, day cal.Date) []letter.Item {
	out := make([]letter.Item, len(list))
	for i, l := range list {
		out[i] = letter.Item{Number: l.Number, Kind: l.Kind, Seq: l.Seq, Of: l.Of, Issued: l.Issued, Due: l.Due, DaysLate: day.Sub(l.Due),
			Amount: money.Of(l.Amount, c), Paid: money.Of(l.Amount-l.Open-l.Disputed, c), Open: money.Of(l.Open, c),
			Disputed: money.Of(l.Disputed, c), Level: l.Level, Advances: l.Advances, Reference: l.Reference, Order: l.Order, Joins: l.Joins}
	}
	return out
}

func (r recipient) letter() letter.Recipient {
	return letter.Recipient{Name: r.Name, Kind: r.Kind, Code: r.Code, SIRET: r.SIRET, Attention: r.Attention, Role: r.Role,
		Address: r.address(), ServiceCode: r.Service, InEU: inEU(r.Country)}
}

func (r recipient) address() party.Address {
	return party.Address{Lines: r.Lines, Postcode: r.Postcode, City: r.City, Country: r.Country}
}

// union lists the member states other than France, where a European order for payment exists
// (Reg. 1896/2006: Denmark takes no part).
var union = map[string]bool{"AT": true, "BE": true, "BG": true, "CY": true, "CZ": true, "DE": true, "EE": true, "ES": true, "FI": true,
	"GR": true, "HR": true, "HU": true, "IE": true, "IT": true, "LT": true, "LU": true, "LV": true, "MT": true, "NL": true, "PL": true,
	"PT": true, "RO": true, "SE": true, "SI": true, "SK": true}

func inEU(country string) bool { return union[country] }

// sender is the letterhead as a letter shows it.
func sender(p org.Profile) letter.Sender {
	contact := letter.Person{Name: p.ContactName, Phone: p.Phone, Email: p.Email}
	return letter.Sender{Name: p.Name, LegalForm: p.LegalForm, Capital: money.Euros(p.Capital), SIREN: p.SIREN, VAT: p.VAT,
		RCSCity: p.RCSCity, Address: p.Address, Logo: p.Logo, LogoInMail: len(p.Logo) > 0, Color: p.Color, Phone: p.Phone,
		Email: p.Email, Website: p.Website, IBAN: p.IBAN, BIC: p.BIC, Bank: p.Bank, ChequeOrder: p.ChequeOrder,
		ChequeAddress: p.ChequeAddress, Signatory: letter.Signatory{Name: p.SignatoryName, Title: p.SignatoryRole, Image: p.Signature},
		Contact: contact, LegalMentions: p.LegalMentions, Mediator: p.Mediator}
}
