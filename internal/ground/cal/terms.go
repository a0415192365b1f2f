package cal

import (
	"fmt"

	"relance/internal/ground/fault"
)

// Method is how "N days end of month" is counted; both are lawful, the contract chooses
// (law-fr.md §2.7).
type Method string

// The methods. AddThenEOM is the default of French software.
const (
	AddThenEOM Method = "add-then-eom" // the end of the month of issue + N days
	EOMThenAdd Method = "eom-then-add" // N days after the end of the month of issue
)

// TermsKind is the class of payment terms.
type TermsKind string

// The kinds: agreed between the parties (Net, EndOfMonth, OnReceipt), or set by law for a trade.
const (
	Net                TermsKind = "net"                 // N days after the invoice
	EndOfMonth         TermsKind = "eom"                 // N days end of month, possibly "the 10th"
	OnReceipt          TermsKind = "on-receipt"          // cash, on receipt of the invoice
	DefaultTerms       TermsKind = "default"             // 30 days after delivery, L441-10 I al. 1
	Periodic           TermsKind = "periodic"            // 45 days after a periodic invoice, al. 4
	Perishable         TermsKind = "perishable"          // 30 days after delivery, L441-11 II 1°
	PerishablePeriodic TermsKind = "perishable periodic" // 30 days after the ten-day period of delivery
	Livestock          TermsKind = "livestock"           // 20 days after delivery, 2°
	Alcohol            TermsKind = "alcohol"             // 30 days after the month of delivery, 3°
	Wine               TermsKind = "wine"                // 45 days end of month (or 60 days), 4°
	Transport          TermsKind = "transport"           // 30 days after the invoice, 5°
	Export             TermsKind = "export"              // 90 days after the invoice, L441-13
)

// Terms are payment terms, as agreed or as the law sets them. The zero value is no terms.
type Terms struct {
	Kind  TermsKind
	Days  int    // Net, EndOfMonth
	DayOf int    // EndOfMonth: day of the month after the end of month; 0 for the end itself
	From  Clock  // Net: what the days are counted from; empty: the invoice
	How   Method // EndOfMonth: when the wording itself chooses ("fin de mois + 45 jours")
}

// Clock is the fact from which a delay is counted.
type Clock string

// The clocks.
const (
	FromIssue    Clock = "issued"
	FromDelivery Clock = "delivered"
	FromReceipt  Clock = "received"
)

// Dates are the facts that terms are counted from; zero is unknown.
type Dates struct {
	Issued    Date // of the invoice
	Delivered Date // of the goods, or performance of the service (overseas: clearance, L441-12)
	Received  Date // of the invoice by the customer
}

// IsZero tells whether no terms are known.
func (t Terms) IsZero() bool { return t.Kind == "" }

// Clock is the fact from which these terms are counted by rule.
func (t Terms) Clock() Clock {
	switch t.Kind {
	case DefaultTerms, Perishable, PerishablePeriodic, Livestock, Alcohol:
		return FromDelivery
	case OnReceipt:
		return FromReceipt
	case Net:
		if t.From != "" {
			return t.From
		}
	}
	return FromIssue
}

// Start is the day from which the terms run and the fact that gave it. When the fact of the rule
// is unknown the invoice's date serves (and the result's clock says so), never the other way
// round: an invoice date is never guessed from a delivery. The error's key is "terms.no-date".
func (t Terms) Start(d Dates) (Date, Clock, error) {
	want := t.Clock()
	at := d.Issued
	switch want {
	case FromDelivery:
		at = d.Delivered
	case FromReceipt:
		at = d.Received
	}
	if at != 0 {
		return at, want, nil
	}
	if d.Issued != 0 {
		return d.Issued, FromIssue, nil
	}
	return 0, want, fault.New(fault.Invalid, "terms.no-date", string(want))
}

// Due is the due date. A date that falls on a week-end or holiday stays there: nothing extends a
// contractual due date. Method counts only for end-of-month terms that do not choose themselves;
// empty means AddThenEOM. Errors: "terms.none", "terms.no-date".
func (t Terms) Due(d Dates, m Method) (Date, error) {
	if t.IsZero() {
		return 0, fault.New(fault.Invalid, "terms.none")
	}
	from, _, err := t.Start(d)
	if err != nil {
		return 0, err
	}
	if t.How != "" {
		m = t.How
	}
	switch t.Kind {
	case Net:
		return from.AddDays(t.Days), nil
	case EndOfMonth:
		return endOfMonth(from, t.Days, t.DayOf, m), nil
	case DefaultTerms, Perishable, Transport:
		return from.AddDays(30), nil
	case PerishablePeriodic:
		return endOfDecade(from).AddDays(30), nil
	case Periodic:
		return from.AddDays(45), nil
	case Livestock:
		return from.AddDays(20), nil
	case Alcohol:
		return from.EndOfMonth().AddDays(30), nil
	case Wine:
		return endOfMonth(from, 45, 0, m), nil
	case Export:
		return from.AddDays(90), nil
	}
	return from, nil // OnReceipt
}

func endOfMonth(from Date, days, dayOf int, m Method) Date {
	if dayOf > 0 { // "30 days eom the 10th" is one wording with one meaning, whatever the method
		first := from.AddDays(days).EndOfMonth() + 1
		return first + Date(min(dayOf, first.DaysInMonth())-1)
	}
	if m == EOMThenAdd {
		return from.EndOfMonth().AddDays(days)
	}
	return from.AddDays(days).EndOfMonth()
}

// endOfDecade is the 10th, the 20th or the end of the month (L441-11 II 1°, "décade").
func endOfDecade(d Date) Date {
	y, m, day := d.Civil()
	switch {
	case day <= 10:
		return Of(y, m, 10)
	case day <= 20:
		return Of(y, m, 20)
	}
	return d.EndOfMonth()
}

// Ceiling is the latest lawful due date for these terms (law-fr.md §2.7): 60 days from the
// invoice for agreed terms, or the later of both readings of 45 days end of month when the terms
// are end-of-month; for a trade, its own delay. A due date after it exposes to L441-16.
func (t Terms) Ceiling(d Dates) (Date, error) {
	switch t.Kind {
	case "":
		return 0, fault.New(fault.Invalid, "terms.none")
	case Net, OnReceipt, EndOfMonth, Wine:
		if d.Issued == 0 {
			return 0, fault.New(fault.Invalid, "terms.no-date", string(FromIssue))
		}
		ceiling := d.Issued.AddDays(60)
		if t.Kind == EndOfMonth || t.Kind == Wine {
			ceiling = max(ceiling, endOfMonth(d.Issued, 45, 0, AddThenEOM), endOfMonth(d.Issued, 45, 0, EOMThenAdd))
		}
		return ceiling, nil
	}
	return t.Due(d, "")
}

// String is the English wording that ParseTerms reads: "net 30", "30 days eom the 10th".
func (t Terms) String() string {
	switch t.Kind {
	case Net:
		if t.From != "" && t.From != FromIssue {
			return fmt.Sprintf("net %d from %s", t.Days, map[Clock]string{FromDelivery: "delivery", FromReceipt: "receipt"}[t.From])
		}
		return fmt.Sprintf("net %d", t.Days)
	case EndOfMonth:
		switch {
		case t.DayOf > 0:
			return fmt.Sprintf("%d days eom the %s", t.Days, ordinal(t.DayOf))
		case t.How == EOMThenAdd:
			return fmt.Sprintf("eom + %d days", t.Days)
		}
		return fmt.Sprintf("%d days eom", t.Days)
	case OnReceipt:
		return "on receipt"
	}
	return string(t.Kind)
}

func ordinal(n int) string {
	suffix := "th"
	if n/10 != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n, suffix)
}
