package main

import (
	"fmt"
	"io"
	"strings"

	"relance/internal/domain/party"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
	"relance/internal/wire"
)

type calcPenalty struct {
	Regime     string   `required:"" placeholder:"KIND" help:"Legal kind of the debtor: PRO, CONSUMER, NON_PRO, PUBLIC, PUBLIC_HEALTH, PUBLIC_ENTERPRISE, FOREIGN, UNKNOWN."`
	Amount     string   `placeholder:"AMOUNT" help:"Principal in euros, tax included: 12000.00."`
	Due        cal.Date `placeholder:"DATE" help:"Due date."`
	Until      cal.Date `required:"" placeholder:"DATE" help:"Day of the payment or of the statement; it counts."`
	Payment    []string `sep:"none" placeholder:"DATE=AMOUNT" help:"A part payment, 2026-03-31=4000.00; @REF after it designates a debt. Repeatable."`
	Debt       []string `sep:"none" placeholder:"REF=AMOUNT@DUE" help:"One of several debts, in place of --amount and --due. Repeatable."`
	Rate       string   `placeholder:"RATE" help:"Contract rate: 12.15, 3xlegal (times the legal rate) or ecb+10 (points); default: the law's."`
	DayCount   string   `enum:"act/365f,act/act" default:"act/365f" help:"How days become years (${enum})."`
	Imputation string   `enum:"interest-first,principal-first" default:"interest-first" help:"What a part payment settles first (${enum}); C. civ. 1343-1 says interest."`
	Notice     cal.Date `placeholder:"DATE" help:"CONSUMER, NON_PRO: day on which the formal notice took effect."`
	Received   cal.Date `placeholder:"DATE" help:"PUBLIC kinds: receipt of the payment request; the legal delay gives the due date."`
	Capitalise string   `enum:"never,yearly" default:"never" help:"Interest of a full year bears interest, by contract or judgment only (${enum})."`
	Judgment   cal.Date `placeholder:"DATE" help:"Opening judgment of insolvency: interest stops on its eve."`
	Frozen     bool     `help:"Keep the rate of the first day instead of each half-year's own."`
	Grace      []string `sep:"none" placeholder:"FROM/TO" help:"A delay granted by a judge, without interest (C. civ. 1343-5). Repeatable."`
}

// Run answers the computation of PRODUCT.md §7; a missing rate is exit code 1.
func (q calcPenalty) Run(c *context) error {
	rc, err := q.asCase()
	if err != nil {
		return usage(err)
	}
	r, err := rate.Legal().Compute(rc)
	if err != nil {
		return err
	}
	return c.answer(wire.PenaltyOf(r), func(w io.Writer) { c.sayPenalty(w, rc, r, money.EUR) })
}

func (q calcPenalty) asCase() (rate.Case, error) {
	kind := party.Kind(strings.ReplaceAll(strings.ToUpper(q.Regime), "-", "_"))
	if !kind.Valid() {
		return rate.Case{}, fault.New(fault.Invalid, "calc.penalty.kind", q.Regime, fmt.Sprint(party.Kinds))
	}
	spec, err := rate.ParseSpec(q.Rate)
	if err != nil {
		return rate.Case{}, err
	}
	rc := rate.Case{Terms: rate.Terms{Kind: kind, Rate: spec, Frozen: q.Frozen, Notice: q.Notice, Judgment: q.Judgment},
		Until: q.Until, Capitalise: q.Capitalise == "yearly"}
	if q.DayCount == "act/act" {
		rc.DayCount = rate.ActAct
	}
	if q.Imputation == "principal-first" {
		rc.Imputation = rate.PrincipalFirst
	}
	for _, text := range q.Grace {
		g, err := parseGrace(text)
		if err != nil {
			return rate.Case{}, err
		}
		rc.Grace = append(rc.Grace, g)
	}
	for _, text := range q.Payment {
		p, err := parsePayment(text)
		if err != nil {
			return rate.Case{}, err
		}
		rc.Payments = append(rc.Payments, p)
	}
	rc.Debts, err = q.debts()
	return rc, err
}

func (q calcPenalty) debts() ([]rate.Debt, error) {
	if len(q.Debt) > 0 && (q.Amount != "" || !q.Due.IsZero()) {
		return nil, fault.New(fault.Invalid, "calc.penalty.one-or-all")
	}
	if len(q.Debt) == 0 {
		if q.Amount == "" {
			return nil, fault.New(fault.Invalid, "calc.penalty.no-amount")
		}
		n, err := euros(q.Amount)
		if err != nil {
			return nil, err
		}
		d := rate.Debt{Principal: n, Due: q.Due, Received: q.Received}
		if d.Due.IsZero() && d.Received.IsZero() {
			return nil, fault.New(fault.Invalid, "rate.date")
		}
		return []rate.Debt{d}, nil
	}
	var out []rate.Debt
	for _, text := range q.Debt {
		d, err := parseDebt(text)
		if err != nil {
			return nil, err
		}
		d.Received = q.Received
		out = append(out, d)
	}
	return out, nil
}

// parseDebt reads REF=AMOUNT@DUE; the reference may hold any sign, so the last ones count.
func parseDebt(text string) (rate.Debt, error) {
	bad := fault.New(fault.Invalid, "calc.penalty.debt", text)
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return rate.Debt{}, bad
	}
	due, err := cal.Parse(text[at+1:])
	eq := strings.LastIndexByte(text[:at], '=')
	if err != nil || eq < 1 {
		return rate.Debt{}, bad
	}
	n, err := euros(text[eq+1 : at])
	if err != nil {
		return rate.Debt{}, bad
	}
	return rate.Debt{Ref: text[:eq], Principal: n, Due: due}, nil
}

// parsePayment reads DATE=AMOUNT or DATE=AMOUNT@REF.
func parsePayment(text string) (rate.Payment, error) {
	day, rest, ok := strings.Cut(text, "=")
	sum, ref, _ := strings.Cut(rest, "@")
	on, err := cal.Parse(day)
	if ok && err == nil {
		if n, err := euros(sum); err == nil {
			return rate.Payment{On: on, Amount: n, Ref: ref}, nil
		}
	}
	return rate.Payment{}, fault.New(fault.Invalid, "calc.penalty.payment", text)
}

func parseGrace(text string) (rate.Span, error) {
	from, to, ok := strings.Cut(text, "/")
	f, err1 := cal.Parse(from)
	l, err2 := cal.Parse(to)
	if !ok || err1 != nil || err2 != nil || l < f {
		return rate.Span{}, fault.New(fault.Invalid, "calc.penalty.grace", text)
	}
	return rate.Span{From: f, To: l}, nil
}

// euros reads a positive amount typed as 12000.00 or 12 000,00.
func euros(text string) (int64, error) {
	a, err := money.ParseDecimal(text, money.EUR)
	if err != nil {
		a, err = money.ParseHuman(text, money.EUR, money.Unknown)
	}
	if err != nil || a.Minor <= 0 {
		return 0, fault.New(fault.Invalid, "amount.unreadable", text)
	}
	return a.Minor, nil
}

// sayPenalty writes the computation for people, with the conventions it followed
// (law-fr.md §2.2: printed on every décompte).
func (c *context) sayPenalty(w io.Writer, rc rate.Case, r rate.Result, cur money.Currency) {
	say := func(key string, args ...any) { fmt.Fprintln(w, c.t(key, args...)) }
	in := func(minor int64) money.Amount { return money.Of(minor, cur) }
	say("calc.penalty.principal", in(r.Principal))
	switch {
	case rc.Kind.IsPublic():
		say("calc.penalty.interest.pub", in(r.Penalty))
	case rc.Kind == party.Consumer || rc.Kind == party.NonPro:
		say("calc.penalty.interest.law", in(r.Penalty))
	default:
		say("calc.penalty.interest", in(r.Penalty))
	}
	for _, s := range r.Segments {
		// The amount of a line is rounded for reading; the total is not their sum.
		say("calc.penalty.segment", s.From, s.To, s.Days, s.Rate, in(s.Base), in(s.Rounded()))
	}
	if r.PenaltyPaid > 0 {
		say("calc.penalty.paid", in(r.PenaltyPaid))
	}
	if r.Compensation > 0 {
		say("calc.penalty.compensation", money.Euros(r.Compensation))
	}
	say("calc.penalty.total", in(r.Total))
	if len(r.Debts) > 1 {
		for _, d := range r.Debts {
			say("calc.penalty.left", d.Ref, in(d.PrincipalLeft), in(d.Penalty-d.PenaltyPaid))
		}
	}
	if rc.DayCount == rate.ActAct {
		say("calc.penalty.method.act")
	} else {
		say("calc.penalty.method")
	}
	for _, warning := range r.Warnings {
		fmt.Fprintln(c.errOut, c.t("calc.warning."+warning))
	}
}
