package rate

import (
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
)

// receiptUnknown is the days after the request's own date when its receipt has no date
// (CCP R2192-14).
const receiptUnknown = 2

// PublicDelay is the last day of the public payment delay: calendar days from the receipt of the
// payment request, no extension (law-fr.md §4.1, §10.1). Zero for kinds without such a delay and
// for no date.
func (t *Table) PublicDelay(k party.Kind, received cal.Date) cal.Date {
	r, ok := t.rule("delay", k, received)
	if !ok || received.IsZero() {
		return 0
	}
	return received.AddDays(int(r.value))
}

// PublicReceipt is the day a payment request counts as received: the known day, else two days
// after the request's own date (CCP R2192-14).
func PublicReceipt(received, requested cal.Date) cal.Date {
	if received.IsZero() && !requested.IsZero() {
		return requested.AddDays(receiptUnknown)
	}
	return received
}

// SuspendedDelay is the last day of a public payment delay that the buyer suspended once, with
// reasons, on one day, and that resumed when the missing pieces were received: a new delay of 30
// days, or what was left if that is more (CCP R2192-27 to -29). The error's key is
// "rate.suspension".
func (t *Table) SuspendedDelay(k party.Kind, received, suspended, resumed cal.Date) (cal.Date, error) {
	end := t.PublicDelay(k, received)
	if end.IsZero() || suspended < received || suspended > end || resumed < suspended {
		return 0, fault.New(fault.Invalid, "rate.suspension")
	}
	usual, _ := t.rule("delay", party.Public, received)
	return resumed.AddDays(max(int(usual.value), end.Sub(suspended))), nil
}
