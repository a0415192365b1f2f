package letter

import (
	"relance/internal/domain/bill"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// Kind is what a message is for.
type Kind string

// The kinds of message.
const (
	PreDue       Kind = "pre-due"
	Reminder     Kind = "reminder"
	FormalNotice Kind = "formal-notice"
	Statement    Kind = "statement"     // a statement of account and its covering words
	ThankYou     Kind = "thank-you"     // a payment came
	Closing      Kind = "closing"       // paid after a formal notice: it has no object any more
	Withdrawal   Kind = "withdrawal"    // lettre de désistement: a lost cheque will not be cashed
	Incident     Kind = "incident"      // a cheque, bill or debit came back unpaid
	Covering     Kind = "covering"      // the e-mail that carries the copy of a letter posted the same day
	CallReport   Kind = "call-report"   // what was said on the phone, confirmed
	PlanNotice   Kind = "plan-notice"   // a date of a plan comes near
	DisputeNoted Kind = "dispute-noted" // a contested amount is being looked into
	DebitNote    Kind = "debit-note"    // interest and compensation of what was paid late, without VAT
	// Acknowledgement is a reconnaissance de dette that the debtor signs (C. civ. 1376): it interrupts limitation
	// (C. civ. 2240).
	Acknowledgement Kind = "acknowledgement"
)

// Kinds lists every kind.
var Kinds = []Kind{PreDue, Reminder, FormalNotice, Statement, ThankYou, Closing, Withdrawal, Incident, Covering, CallReport, PlanNotice, DisputeNoted, DebitNote, Acknowledgement}

// Asks tells whether the message asks for money by itself, and so must list what is owed, say how
// to pay and to whom to talk. A covering e-mail leaves that to the letter it carries.
func (k Kind) Asks() bool {
	return k != ThankYou && k != Closing && k != Withdrawal && k != Covering && k != CallReport && k != PlanNotice && k != Acknowledgement &&
		k != DisputeNoted
}

// Claim is how a message speaks of penalties or compensation (PRODUCT.md §4.2).
type Claim string

// The ways: nothing, amount to date outside the total, or asked for in the total.
const (
	None    Claim = "none"
	Mention Claim = "mention"
	Claimed Claim = "claim"
)

// Message is everything that a text may say. Zero fields are not said. All amounts but the
// compensation are in Currency.
type Message struct {
	Lang      i18n.Lang
	Kind      Kind
	Level     int // 0 pre-due, 1… reminders, then the formal notice
	Date      cal.Date
	Currency  money.Currency
	Insistent bool // key figures in the firm's alert colour
	TrialFor  []string

	Sender    Sender
	Recipient Recipient

	Items      []Item // the overdue items this message is about
	Upcoming   []Item // not due yet
	Memo       []Item // overdue, listed "pour mémoire", outside the sum demanded
	Deductions []Deduction

	Penalties          Claim
	PenaltyAmount      money.Amount
	PenaltyRates       []money.Rate // the yearly rates applied, for the mention in the text
	Annex              Annex
	Compensation       Claim
	CompensationAmount money.Amount // always euros (D441-5, D2192-35)
	CompensationCount  int          // invoices that bear it

	Open  money.Amount // sum of Items' Open
	Total money.Amount // Open − Deductions + what is claimed, all in Currency

	PayBy     cal.Date
	Reference string // payment reference, ISO 11649 or free
	PayURL    string // online payment
	PageURL   string // the debtor's page: see, promise, dispute

	Earlier []Earlier
	Facts   Facts
	Offer   *Offer
	Factor  *Factor

	Registered  string   // number of the registered letter
	IsLetter    bool     // this body is a letter on paper
	Attachments []string // names of the enclosed documents, in order
}

// Sender is the creditor.
type Sender struct {
	Name            string
	LegalForm       string // "SAS", "EI"…
	Capital         money.Amount
	SIREN           string
	VAT             string
	RCSCity         string
	Address         party.Address
	Logo            []byte // PNG or JPEG
	LogoInMail      bool   // the mail carries the logo inline as cid:logo
	Color           string // "#rrggbb", the firm's own colour; "" for none
	Phone           string
	Email           string
	Website         string
	IBAN, BIC, Bank string
	ChequeOrder     string // "" : cheques are not mentioned
	ChequeAddress   party.Address
	Signatory       Signatory
	Contact         Person // whom to call; the signatory when empty
	LegalMentions   string // anything more for the foot: liquidation, insurance…
	Mediator        string // consumer mediator: name, address, site (law-fr.md §4.0)
	Agent           *Agent
}

// Signatory signs.
type Signatory struct {
	Name, Title string
	Image       []byte // PNG or JPEG of the signature
}

// Person is somebody to call.
type Person struct{ Name, Phone, Email string }

// Agent is who chases in the creditor's name, with the mentions of CPCE R124-4.
type Agent struct {
	Name      string
	Address   party.Address
	Collector bool     // a collection agency: the mentions of R124-4 are printed
	FirstRef  string   // reference of the first letter
	FirstOn   cal.Date // and its date
}

// Recipient is the debtor and the person addressed.
type Recipient struct {
	Name        string // legal name when it is known
	Kind        party.Kind
	Code        string // customer number
	SIRET       string
	Attention   string // contact's name
	Role        party.Role
	Address     party.Address
	ServiceCode string // Chorus Pro, PUBLIC
	InEU        bool   // a Union country other than France (European order for payment)
}

// Item is one instalment as the table shows it.
type Item struct {
	Number     string
	Kind       bill.Kind
	Seq, Of    int // instalment n of m; 0 or 1 of 1: not shown
	Issued     cal.Date
	Due        cal.Date
	DaysLate   int
	Amount     money.Amount // original, tax included
	Paid       money.Amount // received or credited on it
	Open       money.Amount // what this message speaks of: Amount − Paid − Disputed
	Disputed   money.Amount // contested part, not asked for here
	Level      int          // its own level once this message is sent
	Advances   bool         // this message moves it to Level
	Reference  string       // the debtor's reference
	Order      string       // order or commitment number
	Joins      bool         // joins a firmer message already sent ("s'y ajoute")
	AssignedTo string
}

// Deduction is a credit note or an unallocated payment that lowers the sum asked for.
type Deduction struct {
	IsPayment bool
	Number    string
	Date      cal.Date
	Amount    money.Amount // positive
}

// Annex is the computation of penalties, printed after the letter when they are claimed.
type Annex struct {
	Lines      []AnnexLine
	DayCount   string // "365" or "365/366"; law-fr.md §2.2
	Frozen     bool   // PUBLIC: the rate of the first semester is kept
	Imputation string // "principal-first" or "interest-first"
	Until      cal.Date
}

// AnnexLine is one segment: interest of one base at one rate.
type AnnexLine struct {
	Invoice  string
	From, To cal.Date // both included
	Days     int
	Rate     money.Rate
	Base     money.Amount
	Amount   money.Amount
	Exact    string // unrounded amount in the language-neutral form "18374.79", may be empty
}

// Earlier is a message that left before, as the journal holds it.
type Earlier struct {
	Date       cal.Date
	Kind       Kind
	Level      int
	Channel    string // email, letter, registered, phone
	Registered string
}

// Facts are what happened since the last message; a text may only say these.
type Facts struct {
	Replied       bool
	Called        bool
	CallOn        cal.Date
	CallWith      string
	Promised      bool
	PromiseOn     cal.Date // the day promised
	PromiseAmount money.Amount
	PaidOn        cal.Date // part payment
	PaidAmount    money.Amount
	JoinsOn       cal.Date // date of the firmer message that new items join
	ReceivedOn    cal.Date // the payment thanked for, the cheque announced, the incident
	Received      money.Amount
	NoticeOn      cal.Date // the formal notice that a closing letter refers to
	Cheque        string   // number of the lost or returned cheque
	Method        string   // of the returned payment: cheque, bill, direct-debit
	Reason        string   // why it came back, as the bank says
	Said          string   // what was said on the phone, in the caller's words
	Result        string   // of the call: "promise", "already-paid", "dispute", "call-back"…
	Parts         []AgreedPart
	Document      string // number of the document that the letter is
	Category      string // of a dispute: commercial, delivery, price, quality, administrative, other
	Owner         string // who answers it
	AnswerBy      cal.Date
	Accelerated   bool // of a plan: the whole is due on the first default
	Waived        bool // of a plan: interest is waived when it is kept
	Discount      money.Amount
}

// AgreedPart is a dated sum that the debtor has agreed to pay.
type AgreedPart struct {
	Due    cal.Date
	Amount money.Amount
}

// Offer is a commercial gesture, possible up to reminder 2.
type Offer struct {
	Text  string
	Until cal.Date
}

// Factor is the assignee of the debt: its account, and the mention of subrogation.
type Factor struct {
	Name      string
	IBAN, BIC string
	Mention   string // the contract's own wording; a standard one when empty
}
