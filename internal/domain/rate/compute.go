package rate

import (
	"slices"

	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// Imputation is the order inside a debt (law-fr.md §2.5).
type Imputation uint8

// The orders. InterestFirst is the law's (C. civ. 1343-1); PrincipalFirst is the creditor's
// waiver, which lets invoices be lettered.
const (
	InterestFirst Imputation = iota
	PrincipalFirst
)

// Debt is one invoice or instalment. Amounts are in cents, tax included.
type Debt struct {
	Ref       string
	Principal int64
	Due       cal.Date // for public kinds the end of the payment delay, unless Received gives it
	Received  cal.Date // receipt of the payment request, public kinds
}

// Payment is money received, or a credit note granted as a commercial gesture on its date. A
// credit note that corrects an error reduces Debt.Principal instead.
type Payment struct {
	On     cal.Date
	Amount int64
	Ref    string // the debt that the payer designates, "" for none
	Credit bool   // a credit note: it never pays interest
}

// Case is one computation.
type Case struct {
	Terms
	Debts      []Debt
	Payments   []Payment
	Until      cal.Date // statement day, counted
	Imputation Imputation
	Capitalise bool // interest of a full year bears interest: by contract or judgment only
}

// Segment is a number of days at one rate on one base.
type Segment struct {
	Ref      string
	From, To cal.Date
	Days     int
	Rate     money.Rate
	Base     int64 // cents
	num      exact
	den      uint64
}

// Cents is the exact interest of the segment in cents, cut after two figures: "18374.79…".
func (s Segment) Cents() string { return s.num.string(s.den) }

// Rounded is the segment's own interest in cents, for a table whose total is rounded once.
func (s Segment) Rounded() int64 { return s.num.round(s.den) }

// DebtResult is one debt at the statement day, in cents.
type DebtResult struct {
	Ref                         string
	Due                         cal.Date
	Penalty, PenaltyPaid        int64
	PrincipalPaid               int64 // credit notes included
	PrincipalLeft, Compensation int64
}

// Result is the whole, in cents. Total is principal left + penalty − penalty paid + compensation.
type Result struct {
	Principal, Penalty, PenaltyPaid, Compensation, Total int64
	Unallocated                                          int64 // paid beyond principal and interest
	Segments                                             []Segment
	Debts                                                []DebtResult
	Warnings                                             []string
}

// Warnings of a result, stable codes.
const (
	BelowFloor      = "RATE_BELOW_LEGAL_FLOOR"   // a contract rate under three times the legal rate (L441-10 II)
	FloorUnknown    = "LEGAL_FLOOR_NOT_LOADED"   // the legal rate to compare with is not loaded
	RateNotForKind  = "RATE_NOT_APPLICABLE"      // a contract rate was given where only the law's rate stands
	KindUnknown     = "KIND_UNKNOWN"             // nobody has said what the debtor is: nothing is claimed
	NoNotice        = "NOTICE_MISSING"           // interest runs from a formal notice only
	NoForeignLaw    = "FOREIGN_LAW_NOT_LOADED"   // abroad, and no contract rate
	LatePayment     = "PAYMENT_AFTER_UNTIL"      // a payment after the statement day is left out
	Overpaid        = "OVERPAID"                 // more was paid than principal and interest
	UnknownDebt     = "PAYMENT_FOR_UNKNOWN_DEBT" // a payment designates a debt that is not there
	MaxDebts        = 10_000                     // of one case
	maxCasePayments = 10_000
)

// Compute says what is owed at the end of c.Until. Errors: *MissingRate; "rate.debts",
// "rate.amount", "rate.date", "rate.span", "rate.bounds" for a case that cannot be computed.
func (t *Table) Compute(c Case) (Result, error) {
	if err := c.check(); err != nil {
		return Result{}, err
	}
	k := &computation{table: t, c: &c}
	k.open()
	for _, p := range k.payments() {
		if err := k.runTo(p.On); err != nil {
			return Result{}, err
		}
		k.impute(p)
	}
	if err := k.runTo(c.Until); err != nil {
		return Result{}, err
	}
	return k.result(), nil
}

func (c *Case) check() error {
	if len(c.Debts) == 0 || len(c.Debts) > MaxDebts || len(c.Payments) > maxCasePayments {
		return fault.New(fault.Invalid, "rate.debts", MaxDebts)
	}
	if c.Until.IsZero() {
		return fault.New(fault.Invalid, "rate.date")
	}
	for _, d := range c.Debts {
		if d.Principal <= 0 || d.Principal > money.Max {
			return fault.New(fault.Invalid, "rate.amount")
		}
		if d.Due.IsZero() && (d.Received.IsZero() || !c.Kind.IsPublic()) {
			return fault.New(fault.Invalid, "rate.date")
		}
	}
	for _, p := range c.Payments {
		if p.Amount <= 0 || p.Amount > money.Max {
			return fault.New(fault.Invalid, "rate.amount")
		}
		if p.On.IsZero() {
			return fault.New(fault.Invalid, "rate.date")
		}
	}
	return c.Terms.check()
}

// computation is a case on its way.
type computation struct {
	table       *Table
	c           *Case
	debts       []owing
	unallocated int64
	warnings    []string
}

// owing is a debt while payments come in.
type owing struct {
	accrual
	ref        string
	due        cal.Date
	start      int64 // principal at the start
	late       bool
	designated bool
}

func (k *computation) open() {
	c := k.c
	k.debts = make([]owing, len(c.Debts))
	for i, d := range c.Debts {
		due := d.Due
		if c.Kind.IsPublic() && !d.Received.IsZero() {
			due = k.table.PublicDelay(c.Kind, d.Received)
		}
		o := &k.debts[i]
		o.begin(k.table, &c.Terms, due)
		o.ref, o.due, o.start, o.principal, o.keep = d.Ref, due, d.Principal, d.Principal, true
		if c.Capitalise {
			o.yearly = o.opening.AddMonths(12) - 1
		}
	}
}

// payments are those on or before the statement day, by date.
func (k *computation) payments() []Payment {
	out := make([]Payment, 0, len(k.c.Payments))
	for _, p := range k.c.Payments {
		if p.On > k.c.Until {
			k.warn(LatePayment)
			continue
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b Payment) int { return int(a.On - b.On) })
	return out
}

// runTo counts interest up to and including a day, and notes which debts were late by then.
func (k *computation) runTo(to cal.Date) error {
	for i := range k.debts {
		o := &k.debts[i]
		o.late = o.late || to > o.due && o.principal > 0
		if err := o.run(to); err != nil {
			return err
		}
	}
	return nil
}

func (k *computation) warn(code string) {
	if !slices.Contains(k.warnings, code) {
		k.warnings = append(k.warnings, code)
	}
}

func (k *computation) result() Result {
	c := k.c
	r := Result{Unallocated: k.unallocated}
	for i := range k.debts {
		o := &k.debts[i]
		d := DebtResult{Ref: o.ref, Due: o.due, Penalty: o.sum.round(o.scale), PenaltyPaid: o.paid,
			PrincipalPaid: o.start - o.principal, PrincipalLeft: o.principal}
		// No charge where the judgment forbade payment at the due date (L441-10 II).
		if o.late && (c.Judgment.IsZero() || o.due < c.Judgment) {
			d.Compensation = k.table.Compensation(c.Kind, o.due).Minor
		}
		for _, s := range o.kept {
			s.Ref = o.ref
			r.Segments = append(r.Segments, s)
		}
		r.Debts = append(r.Debts, d)
		r.Principal += d.PrincipalLeft
		r.Penalty += d.Penalty
		r.PenaltyPaid += d.PenaltyPaid
		r.Compensation += d.Compensation
	}
	r.Total = r.Principal + r.Penalty - r.PenaltyPaid + r.Compensation
	k.judge(r.Segments)
	r.Warnings = k.warnings
	return r
}

// judge adds what a careful reader would object to.
func (k *computation) judge(segments []Segment) {
	c := k.c
	switch {
	case c.Kind == party.Unknown || c.Kind == "":
		k.warn(KindUnknown)
	case (c.Kind == party.Consumer || c.Kind == party.NonPro) && c.Notice.IsZero():
		k.warn(NoNotice)
	case c.Kind == party.Foreign && !c.contract():
		k.warn(NoForeignLaw)
	}
	if c.Rate.Basis != ByLaw && !c.contract() && c.bears() {
		k.warn(RateNotForKind)
	}
	if k.unallocated > 0 {
		k.warn(Overpaid)
	}
	if c.Kind != party.Pro || !c.contract() || c.Rate.Basis == TimesLegal && c.Rate.Value >= 3 {
		return
	}
	// Each half-year in which interest ran, and the statement's own when none did.
	if len(segments) == 0 {
		segments = []Segment{{From: c.Until, To: c.Until, Rate: k.rateAt(c.Until)}}
	}
	for _, s := range segments {
		for half := cal.SemesterOf(s.From); half <= cal.SemesterOf(s.To); half++ {
			switch floor, err := k.table.Floor(half); {
			case err != nil:
				k.warn(FloorUnknown)
			case s.Rate < floor:
				k.warn(BelowFloor)
			}
		}
	}
}

func (k *computation) rateAt(d cal.Date) money.Rate {
	r, err := k.c.rate(k.table, cal.SemesterOf(d))
	if err != nil {
		return maxRate // nothing to compare: FloorUnknown says it
	}
	return r
}
