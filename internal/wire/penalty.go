package wire

import (
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
)

// Penalty answers `calc penalty`, in cents.
type Penalty struct {
	Principal    int64            `json:"principal"` // left
	Penalty      int64            `json:"penalty"`   // accrued
	PenaltyPaid  int64            `json:"penalty_paid"`
	Compensation int64            `json:"compensation"`
	Total        int64            `json:"total"`                 // principal + penalty − penalty_paid + compensation
	Unallocated  int64            `json:"unallocated,omitempty"` // paid beyond principal and interest
	Segments     []PenaltySegment `json:"segments"`
	Debts        []PenaltyDebt    `json:"debts"`
	Warnings     []string         `json:"warnings"`
}

// PenaltySegment is a number of days at one rate on one base.
type PenaltySegment struct {
	Ref    string   `json:"ref,omitempty"`
	From   cal.Date `json:"from"`
	To     cal.Date `json:"to"`
	Days   int      `json:"days"`
	RateBP int64    `json:"rate_bp"`
	Base   int64    `json:"base"`
	Amount string   `json:"amount"` // exact cents, cut after two figures
}

// PenaltyDebt is one debt of the case; due is the day after which interest can run.
type PenaltyDebt struct {
	Ref           string   `json:"ref"`
	Due           cal.Date `json:"due"`
	Penalty       int64    `json:"penalty"`
	PenaltyPaid   int64    `json:"penalty_paid"`
	PrincipalPaid int64    `json:"principal_paid"`
	PrincipalLeft int64    `json:"principal_left"`
	Compensation  int64    `json:"compensation"`
}

// PenaltyOf is the JSON shape of a computation.
func PenaltyOf(r rate.Result) Penalty {
	a := Penalty{Principal: r.Principal, Penalty: r.Penalty, PenaltyPaid: r.PenaltyPaid, Compensation: r.Compensation,
		Total: r.Total, Unallocated: r.Unallocated, Segments: []PenaltySegment{}, Debts: []PenaltyDebt{}, Warnings: []string{}}
	for _, s := range r.Segments {
		a.Segments = append(a.Segments, PenaltySegment{Ref: s.Ref, From: s.From, To: s.To, Days: s.Days,
			RateBP: int64(s.Rate), Base: s.Base, Amount: s.Cents()})
	}
	for _, d := range r.Debts {
		a.Debts = append(a.Debts, PenaltyDebt{Ref: d.Ref, Due: d.Due, Penalty: d.Penalty, PenaltyPaid: d.PenaltyPaid,
			PrincipalPaid: d.PrincipalPaid, PrincipalLeft: d.PrincipalLeft, Compensation: d.Compensation})
	}
	a.Warnings = append(a.Warnings, r.Warnings...)
	return a
}
