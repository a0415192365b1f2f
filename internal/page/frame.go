package page

import (
	"net/url"

	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// Frame is what the base page shows around every page: a page's struct embeds it.
type Frame struct {
	Lang     i18n.Lang
	Theme    string // "", light or dark
	Title    string
	Section  string // path of the entry of the rail that the page belongs to
	Nav      []Link
	Path     string // of this page, with its query: where a switch of language comes back to
	Company  string
	Places   []Place // companies where the person works, when there are several
	User     string
	Email    string
	Trial    *Trial
	Flash    *Flash
	Form     Form
	Query    string // what was searched
	CanCheck bool   // the person may approve, hold, answer
	CanBring bool   // the person may import
	CanSet   bool   // the person may change settings
	Plain    bool   // no rail: signing in, an error before it
	Clock    string // a day that can be moved forward, for a demonstration: "2026-11-25"
}

// Link is an entry of the rail.
type Link struct {
	Path, Label, Icon string
	Count             int  // shown beside it when it is not zero
	Low               bool // on a phone it stands behind "more"
}

// Place is a company where the person works.
type Place struct {
	Code    string
	Current bool
}

// Trial says where messages go before the company is live.
type Trial struct{ To string }

// Flash is what a gesture just did, shown once.
type Flash struct {
	Text string
	Bad  bool
	Undo *Undo
}

// Undo takes the gesture back.
type Undo struct {
	Action string
	IDs    []int64
}

// Form is a form that was refused: what was typed comes back, with what to do.
type Form struct {
	Name   string // which of the page's forms
	Values url.Values
	Error  string
	Field  string // the field at fault, "" for the form as a whole
}

// Open tells whether a form is the one that was refused.
func (f Form) Open(name string) bool { return f.Name == name }

// Wrong is the message of a form as a whole.
func (f Form) Wrong(name string) string {
	if f.Name == name && f.Field == "" {
		return f.Error
	}
	return ""
}

// Value is what was typed in a field, else what it holds.
func (f Form) Value(form, field, held string) string {
	if f.Name == form && f.Values != nil {
		return f.Values.Get(field)
	}
	return held
}

// Option is a choice of a list.
type Option struct {
	Value, Label string
}

// Field is one labelled field of a form.
type Field struct {
	ID, Name, Type, Label, Help, Value, Error string
	Placeholder, Auto, Min, Max, Mode         string
	Required, Wide, Short                     bool
	Rows                                      int
	Options                                   []Option
}

// Chip is a filter of a list.
type Chip struct {
	Label, Path string
	Count       int
	HasCount    bool
	On          bool
}

// Column is a title of a sortable table.
type Column struct {
	Label, Path string // "" path: not sortable
	Way         string // "", "asc", "desc": the order now
	Right       bool
}

// Pager says where a list stands.
type Pager struct {
	From, To, Total int
	Open            bool   // there may be more than Total
	Prev, Next      string // paths, "" for none
}

// Money is a sum in one currency, as the doors give it to templates.
func Money(minor int64, c money.Currency) money.Amount { return money.Of(minor, c) }
