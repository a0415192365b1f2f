package ofx

import (
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// movement makes an entry of a STMTTRN and hands it over.
func (rd *reader) movement(says values) error {
	if rd.st == nil { // a list of movements without its statement
		if err := rd.begin(); err != nil {
			return err
		}
	}
	if rd.st.Currency == "" {
		rd.currency("")
	}
	if rd.entries++; rd.entries > maxEntries {
		return fault.New(fault.Invalid, "statement.entries", maxEntries)
	}
	if says["TRNTYPE"] == "HOLD" {
		rd.pending++
		return nil
	}
	e, ok := rd.entry(says)
	if !ok {
		return nil
	}
	rd.st.Entries++
	rd.st.Moved += e.Amount
	e.No, e.Line = rd.st.Entries, rd.line
	return rd.take(rd.st, e)
}

func (rd *reader) entry(says values) (*bank.Entry, bool) {
	sum, err := amount(says["TRNAMT"], rd.st.Currency)
	on, ok1 := date(says["DTPOSTED"])
	value, ok2 := date(says["DTAVAIL"])
	// CURRENCY says that the amount is not in the account's currency, ORIGCURRENCY that it was converted.
	other := says["CURRENCY.CURSYM"]
	switch {
	case other != "" && other != string(rd.st.Currency):
		rd.fail(rd.bad("amount", says["TRNAMT"]+" "+other, "statement.currency", string(rd.st.Currency)))
		return nil, false
	case err != nil:
		rd.fail(rd.bad("amount", says["TRNAMT"], "format.amount.impossible"))
		return nil, false
	case says["DTPOSTED"] == "":
		rd.fail(rd.bad("date", "", "bank.date.missing"))
		return nil, false
	case !ok1:
		rd.fail(rd.bad("date", says["DTPOSTED"], "format.date.impossible"))
		return nil, false
	case !ok2:
		rd.warn(rd.bad("date", says["DTAVAIL"], "format.date.ignored"))
	}
	if value.IsZero() {
		value = on
	}
	e := &bank.Entry{Booked: on, Value: value, Amount: sum, Ref: given(says["FITID"]), Code: says["TRNTYPE"]}
	label := firstOf(says["NAME"], says["PAYEE.NAME"])
	l := bank.Line{
		Amount: sum,
		Text:   joined(label, says["EXTDNAME"], says["MEMO"], says["CHECKNUM"], says["REFNUM"]),
		Payer:  bank.Party{Name: firstOf(says["PAYEE.NAME"], payer(says["NAME"]))},
		Method: string(method(says["TRNTYPE"], label)),
	}
	if f := ident.IBAN(firstOf(says["BANKACCTTO.ACCTID"], says["CCACCTTO.ACCTID"])); f.Valid() {
		l.Payer.IBAN = f.Value
	}
	if sum < 0 && returned(label) {
		l.Return = &bank.Return{Text: label}
		l.Original = says["CHECKNUM"]
	}
	if id := says["CORRECTFITID"]; id != "" { // the server mends what it sent before
		l.Original = id
		rd.warn(rd.bad("reference", id, "bank.ofx.corrects"))
	}
	e.Lines = []bank.Line{l}
	return e, true
}

// account is the number of an account: an IBAN, or one made of a French bank, branch and account, whose
// key (law-fr.md §9.3) must fit when the file gives it; else the numbers as they stand.
func account(says values) string {
	id, branch, number, key := says["BANKID"], says["BRANCHID"], says["ACCTID"], says["ACCTKEY"]
	if f := ident.IBAN(number); f.Valid() {
		return f.Value
	}
	short := strings.ReplaceAll(number, " ", "")
	if len(short) == 13 && key == "" { // the key behind the number
		short, key = short[:11], short[11:]
	}
	if iban, err := ident.MakeIBAN(id, branch, short); err == nil && (key == "" || iban[25:] == key) {
		return iban
	}
	return strings.Join(strings.Fields(id+" "+branch+" "+number), " ")
}

// date reads the day of a date "20260302", "20260302143000.000[-5:EST]": as the bank wrote it, in its
// own time zone. An empty text is no date.
func date(s string) (cal.Date, bool) {
	if s == "" {
		return 0, true
	}
	if len(s) < 8 || len(s) > 8 && !strings.ContainsRune("0123456789.[", rune(s[8])) {
		return 0, false
	}
	d, err := cal.Parse(s[:4] + "-" + s[4:6] + "-" + s[6:8])
	if err != nil || d.Year() < 1950 || d.Year() > 2150 {
		return 0, false
	}
	return d, true
}

// amount reads a figure with a comma or a dot; the format has no thousands, some banks write them.
func amount(s string, c money.Currency) (int64, error) {
	s = strings.ReplaceAll(s, " ", "")
	if i := strings.LastIndexAny(s, ",."); i >= 0 {
		thousands := "."
		if s[i] == '.' {
			thousands = ","
		}
		whole := strings.ReplaceAll(s[:i], thousands, "")
		s = whole + "." + s[i+1:]
	}
	a, err := money.ParseDecimal(s, c)
	return a.Minor, err
}

// given is s, unless it says that there is nothing.
func given(s string) string {
	switch strings.ToUpper(s) {
	case "NONREF", "NOTPROVIDED", "NONE", "0":
		return ""
	}
	return s
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// joined puts parts under one another, without those that are empty or were said before.
func joined(parts ...string) string {
	text := ""
	for _, p := range parts {
		switch {
		case p == "", strings.Contains("\n"+text+"\n", "\n"+p+"\n"):
		case text == "":
			text = p
		default:
			text += "\n" + p
		}
	}
	return text
}
