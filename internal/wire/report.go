package wire

import (
	"relance/internal/domain/report"
	"relance/internal/ground/cal"
)

// DSO answers `report dso`: days of turnover, to a tenth.
type DSO struct {
	AsOf       cal.Date      `json:"as_of"`
	Currencies []DSOCurrency `json:"currencies"`
}

// DSOCurrency is one currency's days; a figure that cannot be told is null.
type DSOCurrency struct {
	Currency  string   `json:"currency"`
	Open      int64    `json:"open"`
	NotDue    int64    `json:"not_due"`
	Billed    int64    `json:"billed"` // over days
	Days      int      `json:"days"`
	DSO       *float64 `json:"dso"`
	CountBack *float64 `json:"count_back"`
	Best      *float64 `json:"best_possible"` // if nothing were overdue
	Delay     *float64 `json:"delay"`         // dso − best_possible: what late payment costs
}

// DaysOf is a figure of days, nil when it cannot be told.
func DaysOf(t report.Tenths, ok bool) *float64 {
	if !ok {
		return nil
	}
	v := float64(t) / 10
	return &v
}

// Forecast answers `report forecast`.
type Forecast struct {
	AsOf       cal.Date           `json:"as_of"`
	Currencies []ForecastCurrency `json:"currencies"`
}

// ForecastCurrency is the money expected in one currency.
type ForecastCurrency struct {
	Currency  string         `json:"currency"`
	Total     int64          `json:"total"` // = the weeks + later + uncertain
	Weeks     []ForecastWeek `json:"weeks"`
	Later     int64          `json:"later"`
	Uncertain int64          `json:"uncertain"`
}

// ForecastWeek is one week, from a Monday.
type ForecastWeek struct {
	Week     cal.Date `json:"week"`
	Expected int64    `json:"expected"`
	Promised int64    `json:"promised"` // of it
}

// Effectiveness answers `report effectiveness`: what came in within a window of days after each step.
type Effectiveness struct {
	AsOf       cal.Date         `json:"as_of"`
	Window     int              `json:"window_days"`
	Currencies []EffectCurrency `json:"currencies"`
}

// EffectCurrency is the steps of one currency.
type EffectCurrency struct {
	Currency string   `json:"currency"`
	Steps    []Effect `json:"steps"`
}

// Effect is what one step achieved.
type Effect struct {
	Step       string `json:"step"`
	Level      int    `json:"level"`
	Items      int    `json:"items"`
	Settled    int    `json:"settled"`
	Open       int64  `json:"open"`
	Paid       int64  `json:"paid"`
	RateBP     int64  `json:"rate_bp"`     // paid of open, basis points
	MedianDays *int   `json:"median_days"` // to settlement, null when none was settled
}

// EffectOf is the JSON shape of one step.
func EffectOf(e report.Effect) Effect {
	x := Effect{Step: e.Step, Level: e.Level, Items: e.Items, Settled: e.Settled, Open: e.Open, Paid: e.Paid, RateBP: int64(e.Rate)}
	if e.MedianDays >= 0 {
		x.MedianDays = &e.MedianDays
	}
	return x
}

// Found answers `report found`: what late payers still owe by the law, on invoices that are paid.
type Found struct {
	AsOf      cal.Date        `json:"as_of"`
	Invoices  int             `json:"invoices"`
	Missing   int             `json:"rates_missing,omitempty"` // invoices whose rates are not loaded
	Customers []FoundCustomer `json:"customers"`
}

// FoundCustomer is what one customer owes: penalties by currency, compensation in euro cents.
type FoundCustomer struct {
	Customer     string           `json:"customer"`
	Name         string           `json:"customer_name"`
	Invoices     int              `json:"invoices"`
	Penalties    map[string]int64 `json:"penalties"`
	Compensation int64            `json:"compensation"`
}
