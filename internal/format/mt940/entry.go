package mt940

import (
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/domain/cash"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// movement begins an entry: field 61.
func (rd *reader) movement(at int, text string) error {
	if err := rd.flush(); err != nil {
		return err
	}
	rd.any, rd.lost = true, true
	if rd.st == nil && rd.begun { // a message without an opening balance
		if err := rd.begin(money.EUR); err != nil {
			return err
		}
		rd.warn(at, "currency", "", "format.currency.assumed")
	}
	if rd.st == nil {
		rd.fail(at, "line", text, "statement.mt940.outside")
		return nil
	}
	m, key := parse(text, rd.st.Currency)
	if key != "" {
		rd.fail(at, m.field, text, key, cut(text))
		return nil
	}
	if m.mended {
		rd.warn(at, "value", text, "statement.mt940.february", m.value)
	}
	rd.lost = false
	rd.entry = &bank.Entry{Line: at, Booked: m.booked, Value: m.value, Amount: m.amount, Ref: m.bankRef, Code: m.code}
	rd.line = bank.Line{Amount: m.amount, Reversal: m.reversal}
	rd.info = info{currency: rd.st.Currency, ref: m.ref}
	if rd.rabobank && m.sameLine { // the other account stands for the reference, its holder behind it
		rd.info.name, rd.info.account, rd.info.ref = m.more, m.ref, ""
		return nil
	}
	rd.info.supplement(m.more)
	return nil
}

// moved is what field 61 says.
type moved struct {
	field         string // where it is wrong
	value, booked cal.Date
	mended        bool // a day that no calendar has, read as the last of its month
	amount        int64
	reversal      bool
	code          string
	ref, bankRef  string
	more          string
	sameLine      bool // more stands behind the reference, not below
}

// parse reads field 61: value day, booking day, side, letter of the currency, amount, type, references,
// and what stands below. Sides: RC takes back a credit and is money out, RD takes back a debit.
func parse(text string, c money.Currency) (m moved, key string) {
	m.field = "value"
	if len(text) < 9 {
		return m, "date.unreadable"
	}
	if m.value, m.mended, key = day(text[:6]); key != "" {
		return m, key
	}
	text = text[6:]
	m.booked, m.field = m.value, "date"
	if len(text) > 4 && digits(text[:4]) {
		if m.booked, key = near(text[:4], m.value); key != "" {
			return m, key
		}
		text = text[4:]
	}
	m.field = "amount"
	var out bool
	switch {
	case strings.HasPrefix(text, "RC"), strings.HasPrefix(text, "RD"):
		m.reversal, out, text = true, text[1] == 'C', text[2:]
	case strings.HasPrefix(text, "C"), strings.HasPrefix(text, "D"):
		out, text = text[0] == 'D', text[1:]
	default:
		return m, "statement.mt940.side"
	}
	text = strings.TrimLeft(text, " \n")
	if text != "" && text[0] >= 'A' && text[0] <= 'Z' { // third letter of the currency
		text = strings.TrimLeft(text[1:], " \n")
	}
	n := 0
	for n < len(text) && (text[n] >= '0' && text[n] <= '9' || text[n] == ',' || text[n] == '.') {
		n++
	}
	if m.amount, key = amount(text[:n], c); key != "" {
		return m, key
	}
	if out {
		m.amount = -m.amount
	}
	m.references(text[n:])
	return m, ""
}

// references reads what follows the amount: NTRF, the customer's reference, // and the bank's, and
// details on the same line or below.
func (m *moved) references(text string) {
	if len(text) >= 4 && text[0] >= 'A' && text[0] <= 'Z' {
		m.code, text = strings.TrimSpace(text[1:4]), text[4:]
	}
	first, below, _ := strings.Cut(text, "\n")
	ref, bankRef, both := strings.Cut(first, "//")
	if r := []rune(ref); len(r) > 16 && !both {
		ref, m.more, m.sameLine = string(r[:16]), strings.TrimSpace(string(r[16:])), true
	}
	m.ref, m.bankRef = reference(ref), reference(bankRef)
	if below = strings.TrimSpace(below); below != "" {
		m.more = strings.TrimSpace(m.more + "\n" + below)
		m.sameLine = false
	}
}

// reference is a reference, or none where the bank writes that there is none, or only the name of the
// place where it stands.
func reference(s string) string {
	s = strings.TrimSpace(s)
	switch strings.ToUpper(strings.TrimRight(s, "+")) {
	case "NONREF", "NOTPROVIDED", "NOREF", "EREF", "PREF", "MARF", "KREF", "N/A", "N":
		return ""
	}
	return cut(s)
}

// day reads YYMMDD: years from 80 on are of the last century. Banks that count thirty days a month write
// the 30th of February: the last day is read, and mended tells it.
func day(s string) (d cal.Date, mended bool, key string) {
	if len(s) != 6 || !digits(s) {
		return 0, false, "date.unreadable"
	}
	year := 2000 + number(s[:2])
	if year >= 2080 {
		year -= 100
	}
	return civil(year, number(s[2:4]), number(s[4:]))
}

func civil(year, month, dayOf int) (d cal.Date, mended bool, key string) {
	if month < 1 || month > 12 || dayOf < 1 {
		return 0, false, "date.impossible"
	}
	first := cal.Of(year, 1, 1).AddMonths(month - 1)
	if last := first.DaysInMonth(); dayOf > last {
		if month != 2 || dayOf > 30 {
			return 0, false, "date.impossible"
		}
		dayOf, mended = last, true
	}
	return first.AddDays(dayOf - 1), mended, ""
}

// near reads MMDD in the year that brings it nearest to another day.
func near(s string, to cal.Date) (best cal.Date, key string) {
	for y := to.Year() - 1; y <= to.Year()+1; y++ {
		d, _, wrong := civil(y, number(s[:2]), number(s[2:4]))
		if wrong != "" {
			key = wrong
		} else if best.IsZero() || max(d-to, to-d) < max(best-to, to-best) {
			best = d
		}
	}
	if best.IsZero() {
		return 0, key
	}
	return best, ""
}

// amount reads figures with a comma; key is what is wrong.
func amount(s string, c money.Currency) (int64, string) {
	s = strings.TrimSpace(s)
	if s == "" || s[0] == '-' || s[0] == '+' {
		return 0, "amount.unreadable"
	}
	a, err := money.ParseDecimal(strings.Replace(s, ",", ".", 1), c)
	if err != nil {
		return 0, money.Refusal(err)
	}
	return a.Minor, ""
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func number(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// explain adds a field 86 to the movement under way; one behind the balances speaks of the statement.
func (rd *reader) explain(text string) {
	if rd.entry == nil || rd.lost || rd.info.n >= maxInfos {
		return
	}
	rd.info.n++
	rd.info.read(text)
}

// codes are the SWIFT types of transactions that tell how money went.
var codes = map[string]cash.Method{"TRF": cash.Transfer, "STO": cash.Transfer, "CHK": cash.Cheque, "CLR": cash.Cheque, "ECK": cash.Cheque, "TCK": cash.Cheque,
	"BOE": cash.Bill, "DDT": cash.DirectDebit}

// sepaCodes are the German codes of SEPA payments (Geschäftsvorfallcodes, three figures before the
// structured information), as public lists give them; back: something comes back.
var sepaCodes = map[string]struct {
	method cash.Method
	back   bool
}{
	"104": {cash.DirectDebit, false}, "105": {cash.DirectDebit, false}, "108": {cash.DirectDebit, true}, "109": {cash.DirectDebit, true},
	"116": {cash.Transfer, false}, "117": {cash.Transfer, false}, "118": {cash.Transfer, false}, "119": {cash.Transfer, false},
	"152": {cash.Transfer, false}, "153": {cash.Transfer, false}, "154": {cash.Transfer, false}, "155": {cash.Transfer, false}, "156": {cash.Transfer, false},
	"159": {cash.Transfer, true}, "166": {cash.Transfer, false}, "168": {cash.Transfer, false}, "169": {cash.Transfer, false},
	"171": {cash.DirectDebit, false}, "174": {cash.DirectDebit, false}, "181": {cash.DirectDebit, true}, "184": {cash.DirectDebit, true},
}

// flush completes the entry under way and hands it over.
func (rd *reader) flush() error {
	if rd.entry == nil {
		return nil
	}
	e, l := rd.entry, rd.line
	rd.entry = nil
	i := &rd.info
	sepa := sepaCodes[i.code]
	if l.Method = string(codes[e.Code]); sepa.method != "" {
		l.Method = string(sepa.method)
	}
	l.Text, l.Structured, l.EndToEnd, l.Mandate = i.said(), i.structured, i.endToEnd, i.mandate
	if l.EndToEnd == "" {
		l.EndToEnd = i.ref
	}
	if e.Ref == "" {
		e.Ref = i.ref
	}
	l.Payer, l.Ultimate.Name, l.Instructed = i.party(), i.ultimate(e.Amount), i.sent
	if e.Amount > 0 {
		l.Charges = i.charges
	}
	if i.reason != "" || sepa.back || e.Code == "RTI" {
		l.Return = &bank.Return{Code: i.reason, Text: i.title}
		l.Original = l.EndToEnd
	}
	e.Lines = []bank.Line{l}
	if rd.entries++; rd.entries > maxEntries {
		return fault.New(fault.Invalid, "statement.entries", maxEntries)
	}
	rd.st.Entries++
	rd.st.Moved += e.Amount
	e.No = rd.st.Entries
	return rd.take(rd.st, e)
}
