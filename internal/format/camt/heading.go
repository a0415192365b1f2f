package camt

import (
	"encoding/xml"
	"errors"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// heading reads what a statement says before its entries: its number, days, account and balances.
// The schemas fix that order, so that all of it is known when the first entry is handed over.
func (rd *reader) heading(start xml.StartElement) error {
	n, err := rd.element(start, 1, nil)
	if err != nil {
		return err
	}
	switch n.name {
	case "Id":
		rd.st.ID = n.text
	case "FrToDt":
		rd.st.From = rd.day(n.at("FrDtTm|FrDt"))
		rd.st.To = rd.day(n.at("ToDtTm|ToDt"))
	case "Acct":
		rd.st.Account = account(n)
		if c := money.Currency(strings.ToUpper(n.at("Ccy").str())); c.Valid() {
			rd.st.Currency = c
		}
	case "Bal":
		rd.balance(n)
	}
	return nil
}

// account is the number of an account: its IBAN, else what the bank calls it. Version 1 has BBAN,
// UPIC and PrtryAcct where the later ones have Othr.
func account(n *node) string {
	id := n.at("Id")
	for _, s := range []string{id.at("IBAN").str(), id.at("Othr", "Id").str(), id.at("BBAN").str(),
		id.at("PrtryAcct", "Id").str(), id.at("UPIC").str()} {
		if s == "" || notGiven(s) {
			continue
		}
		if f := ident.IBAN(s); f.Valid() {
			return f.Value
		}
		return s
	}
	return ""
}

// balance keeps booked balances alone: OPBD, or PRCD (the closing of the day before) in its place,
// and CLBD. Available, forward and interim ones are another figure.
func (rd *reader) balance(n *node) {
	code := first(n.at("Tp", "CdOrPrtry", "Cd").str(), n.at("Tp", "Cd").str())
	ccy := money.Currency(n.at("Amt").currency())
	switch code {
	case "OPBD", "PRCD", "CLBD":
	case "ITBD":
		if ccy.Valid() {
			rd.interim = ccy
		}
		return
	default:
		return
	}
	if rd.st.Currency == "" && ccy.Valid() {
		rd.st.Currency = ccy
	}
	if ccy != "" && ccy != rd.st.Currency {
		rd.warn(rd.bad("balance", string(ccy), "bank.balance.currency", string(rd.st.Currency)))
		return
	}
	amount, err := figure(n.at("Amt"), rd.st.Currency)
	credit, known := side(n.at("CdtDbtInd").str())
	if err != nil || !known {
		rd.warn(rd.bad("balance", n.at("Amt").str(), "bank.balance.unreadable"))
		return
	}
	if !credit {
		amount = -amount
	}
	b := &bank.Balance{On: rd.day(n.at("Dt", "Dt|DtTm")), Amount: amount}
	switch {
	case code == "CLBD": // of several (a statement in pages), the last
		rd.st.Closing = b
	case rd.opening == "", code == "OPBD" && rd.opening == "PRCD": // the first
		rd.st.Opening, rd.opening = b, code
	}
}

// day reads a date, or warns that it leaves it out; an absent one is none.
func (rd *reader) day(n *node) cal.Date {
	d, ok := date(n.str())
	if !ok {
		rd.warn(rd.bad("date", n.str(), "format.date.ignored"))
	}
	return d
}

// date reads an ISO date or date and time: the day as the bank wrote it, in its own time zone.
// An empty text is no date.
func date(s string) (cal.Date, bool) {
	if s == "" {
		return 0, true
	}
	if len(s) < 10 || len(s) > 10 && !strings.ContainsRune("TZ+-", rune(s[10])) {
		return 0, false
	}
	d, err := cal.Parse(s[:10])
	if err != nil || d.Year() < 1950 || d.Year() > 2150 {
		return 0, false
	}
	return d, true
}

var errNegative = errors.New("negative")

// figure reads an amount in minor units of c. The schemas know no negative one: CdtDbtInd says the side.
func figure(n *node, c money.Currency) (int64, error) {
	a, err := money.ParseDecimal(n.str(), c)
	if err == nil && a.Minor < 0 {
		err = errNegative
	}
	return a.Minor, err
}

// side reads CdtDbtInd.
func side(s string) (credit, known bool) {
	return s == "CRDT", s == "CRDT" || s == "DBIT"
}

func (n *node) currency() string {
	if n == nil {
		return ""
	}
	return n.ccy
}

// first is the first text that says something.
func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// notGiven tells the words by which SEPA says that a mandatory field has no value.
func notGiven(s string) bool {
	switch strings.ToUpper(strings.ReplaceAll(s, " ", "")) {
	case "NOTPROVIDED", "NOTAVAILABLE", "NONREF":
		return true
	}
	return false
}

// given is s, or nothing when it says that there is nothing.
func given(s string) string {
	if notGiven(s) {
		return ""
	}
	return s
}
