package report

import (
	"math/bits"
	"slices"

	"relance/internal/ground/cal"
)

// Reminded is one item that a message chased.
type Reminded struct {
	Step   string
	Level  int
	SentOn cal.Date
	Open   int64    // chased, minor units of one currency
	Paid   int64    // received for it before the next step and within the window
	PaidOn cal.Date // day it was settled in full; zero: not settled
}

// Effect is what one step achieved.
type Effect struct {
	Step          string
	Level         int
	Items         int
	Settled       int        // in full, within the window
	Open, Paid    int64      // minor units
	Rate          BasisPoint // Paid of Open
	MedianDays    int        // from sending to settlement; −1 when nothing was settled
	medianSamples []int
}

// BasisPoint is a hundredth of a percent: 6543 is 65.43 %.
type BasisPoint int64

// Effectiveness says for each step, in the order of levels, what came in within a window of days
// after it was sent. A payment is no proof that the message caused it: the figure compares steps,
// it does not explain them.
func Effectiveness(window int, facts []Reminded) []Effect {
	at := map[string]*Effect{}
	for _, f := range facts {
		e := at[f.Step]
		if e == nil {
			e = &Effect{Step: f.Step, Level: f.Level, MedianDays: -1}
			at[f.Step] = e
		}
		e.Items++
		e.Open += f.Open
		e.Paid += min(f.Paid, f.Open)
		if days := f.PaidOn.Sub(f.SentOn); !f.PaidOn.IsZero() && days >= 0 && days <= window {
			e.Settled++
			e.medianSamples = append(e.medianSamples, days)
		}
	}
	out := make([]Effect, 0, len(at))
	for _, e := range at {
		if e.Open > 0 {
			e.Rate = BasisPoint(mulDiv(uint64(e.Paid), 10_000, uint64(e.Open)))
		}
		if n := len(e.medianSamples); n > 0 {
			slices.Sort(e.medianSamples)
			e.MedianDays, e.medianSamples = e.medianSamples[(n-1)/2], nil
		}
		out = append(out, *e)
	}
	slices.SortFunc(out, func(a, b Effect) int {
		if a.Level != b.Level {
			return a.Level - b.Level
		}
		if a.Step < b.Step {
			return -1
		}
		return 1
	})
	return out
}

// mulDiv is a × b / c rounded half up; the quotient must fit 64 bits.
func mulDiv(a, b, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	q, r := bits.Div64(hi, lo, c)
	if r >= c-r {
		q++
	}
	return q
}
