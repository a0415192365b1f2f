package wire

import (
	"relance/internal/domain/report"
	"relance/internal/ground/cal"
)

// Aging answers `report aging`: total = buckets + credits, credits being negative.
type Aging struct {
	AsOf       cal.Date        `json:"as_of"`
	Currencies []AgingCurrency `json:"currencies"`
}

// AgingCurrency is one currency's total row and its customers.
type AgingCurrency struct {
	Currency string `json:"currency"`
	AgingLine
	Customers []AgingCustomer `json:"customers"`
}

// AgingCustomer is one customer's row.
type AgingCustomer struct {
	Customer string `json:"customer"`
	Name     string `json:"customer_name"`
	AgingLine
}

// AgingLine is a row, in minor units.
type AgingLine struct {
	Total   int64 `json:"total"`
	NotDue  int64 `json:"not_due"`
	To30    int64 `json:"1-30"`
	To60    int64 `json:"31-60"`
	To90    int64 `json:"61-90"`
	Over90  int64 `json:"91+"`
	Count   int   `json:"count"`
	Credits int64 `json:"credits"`
}

// AgingOf is the JSON shape of aged receivables.
func AgingOf(asOf cal.Date, tables []report.Aging) Aging {
	a := Aging{AsOf: asOf, Currencies: []AgingCurrency{}}
	for _, t := range tables {
		c := AgingCurrency{Currency: string(t.Currency), AgingLine: agingLine(t.Line), Customers: []AgingCustomer{}}
		for _, l := range t.Customers {
			c.Customers = append(c.Customers, AgingCustomer{Customer: l.Customer, Name: l.Name, AgingLine: agingLine(l.Line)})
		}
		a.Currencies = append(a.Currencies, c)
	}
	return a
}

func agingLine(l report.Line) AgingLine {
	return AgingLine{Total: l.Total, NotDue: l.Aged[report.NotDue], To30: l.Aged[report.To30], To60: l.Aged[report.To60],
		To90: l.Aged[report.To90], Over90: l.Aged[report.Over90], Count: l.Count, Credits: l.Credits}
}
