package table

import (
	"errors"
	"io"
	"regexp"
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// above is what the lines over the header say of the account.
type above struct {
	account          string
	currency         money.Currency
	on               cal.Date // the last day that is named
	opening, closing *bank.Balance
}

// preamble reads the lines over the header.
func (s *Sheet) preamble() (a above, err error) {
	src, err := s.rows()
	if err != nil {
		return a, err
	}
	defer src.close()
	for {
		r, err := src.next()
		if errors.Is(err, io.EOF) || err == nil && r.line >= s.HeaderLine {
			return a, nil
		}
		if err != nil {
			return a, err
		}
		a.read(r.cells)
	}
}

var (
	ibanIn = regexp.MustCompile(`\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{2,4}){3,8}\b`)
	// "Compte de dépôt n° 12345678901", "Numéro de compte : 0123 456 789".
	numberIn = regexp.MustCompile(`(?i)(?:compte|carte|account)[^0-9]{0,40}([0-9][0-9A-Z ]{6,32}[0-9A-Z])`)
	dateIn   = regexp.MustCompile(`\b[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{2,4}\b`)
	// An amount has decimals or a currency: no date and no number of account has.
	amountIn = regexp.MustCompile(`[-+−]? ?[0-9][0-9  \x{202f}.']*[.,][0-9]{2}\b|[-+−]? ?[0-9][0-9  \x{202f}.']* ?(?:€|EUR)`)
	allCells = regexp.MustCompile(`^="?([0-9A-Z]{5,34})"?$`) // ="00012345678", which keeps a spreadsheet from counting
)

// read takes what one line says.
func (a *above) read(cells []string) {
	if len(cells) > 20 {
		cells = cells[:20]
	}
	whole := strings.Join(cells, " ")
	if len(whole) > 500 {
		whole = strings.ToValidUTF8(whole[:500], "")
	}
	if a.account == "" {
		a.account = accountIn(cells, whole)
	}
	if c := currencyIn(whole); a.currency == "" && c != "" {
		a.currency = c
	}
	if on := lastDate(whole); !on.IsZero() {
		a.on = on
	}
	words := " " + fold(whole) + " "
	named := strings.Contains(words, " solde ") || strings.Contains(words, " balance ")
	if !named && !shortLine(cells) {
		return
	}
	amount, ok := lastAmount(whole, a.currency)
	if !ok {
		return
	}
	b := &bank.Balance{On: a.on, Amount: amount}
	for _, w := range []string{"initial", "precedent", "ancien", "debut", "opening", "starting", "depart"} {
		if strings.Contains(words, " "+w) {
			a.opening = b
			return
		}
	}
	if a.closing == nil {
		a.closing = b
	}
}

// shortLine tells the one line of Société Générale and BNP Paribas over their header: the account, dates,
// and the balance with its currency, without a word.
func shortLine(cells []string) bool {
	if len(cells) < 4 {
		return false
	}
	dates := 0
	for _, c := range cells {
		if dateIn.MatchString(c) {
			dates++
		}
	}
	last := ""
	for _, c := range cells {
		if c != "" {
			last = c
		}
	}
	return dates > 0 && amountIn.MatchString(last)
}

// accountIn finds an account's number: an IBAN anywhere, else what stands behind the word.
func accountIn(cells []string, whole string) string {
	for _, m := range ibanIn.FindAllString(strings.ToUpper(whole), 10) {
		for _, end := range []int{len(m), strings.LastIndexByte(m, ' ')} { // a word may follow it
			if end > 0 && ident.IBAN(m[:end]).Valid() {
				return ident.IBAN(m[:end]).Value
			}
		}
	}
	if m := numberIn.FindStringSubmatch(dateIn.ReplaceAllString(whole, "|")); m != nil {
		return strings.Join(strings.Fields(m[1]), "")
	}
	for _, c := range cells[:min(1, len(cells))] {
		if m := allCells.FindStringSubmatch(c); m != nil {
			return m[1]
		}
		if len(c) >= 8 && len(c) <= 34 && strings.Trim(c, "0123456789") == "" {
			return c
		}
	}
	return ""
}

// accountNumber is an account as it is kept: an IBAN without blanks, else as written.
func accountNumber(v string) string {
	if f := ident.IBAN(v); f.Valid() {
		return f.Value
	}
	if m := allCells.FindStringSubmatch(v); m != nil {
		v = m[1]
	}
	return strings.Join(strings.Fields(v), " ")
}

func currencyIn(whole string) money.Currency {
	for _, w := range strings.FieldsFunc(whole, func(r rune) bool { return r == ' ' || r == ';' || r == '(' || r == ')' || r == ':' }) {
		switch w {
		case "EUR", "USD", "GBP", "CHF", "CAD", "JPY":
			return money.Currency(w)
		case "€":
			return money.EUR
		}
	}
	return ""
}

func lastDate(whole string) (d cal.Date) {
	for _, m := range dateIn.FindAllString(whole, 10) {
		if on, err := cal.Read(m, cal.DayFirst); err == nil {
			d = on
		}
	}
	return d
}

func lastAmount(whole string, c money.Currency) (minor int64, ok bool) {
	if c == "" {
		c = money.EUR
	}
	found := amountIn.FindAllString(dateIn.ReplaceAllString(whole, "|"), 10)
	if len(found) == 0 {
		return 0, false
	}
	f, err := readFigure(strings.TrimSpace(found[len(found)-1]), ',', make([]byte, 0, 24))
	if err != nil {
		return 0, false
	}
	a, _, err := f.money(c, false)
	return a.Minor, err == nil
}
