package bank

import (
	"strings"

	"relance/internal/ground/ident"
)

// mask says what a word of a text is when it is no invoice's number.
type mask uint8

const (
	free    mask = iota
	amount       // "1 200,00"
	dated        // "12/10/2026", "2026"
	phone        // "01 23 45 67 89"
	account      // an IBAN
	siret        // a SIREN or SIRET said to be one
	strange      // named as something else: a contract, a customer code, a mandate
)

// weak tells a word that may still be a number if the customer and the amount agree.
func (m mask) weak() bool { return m == amount || m == dated || m == phone || m == strange }

// never tells a word that is certainly none.
func (m mask) never() bool { return m == account || m == siret }

// otherLabels announce a number that is not an invoice's.
var otherLabels = set("CONTRAT CTR CONTRACT DEVIS CLIENT CLT MANDAT RUM DOSSIER TEL TELEPHONE FAX POLICE ABONNEMENT ABO SIREN SIRET RCS BON BL LIVRAISON ICS")

// hardLabels do so even for a number with letters.
var hardLabels = set("CONTRAT CTR CONTRACT DEVIS MANDAT RUM ICS TEL FAX")

// invoiceLabels may stand before an invoice's number, without a blank too.
var invoiceLabels = set("FACTURE FACTURES FACT FACTS FAC FC FA FT INVOICE INVOICES INV REF REFERENCE N NO NUM NUMERO NR RE RG RECHNUNG AVOIR AV VOTRE NOS VOS VIR PAIEMENT REGLEMENT RGLT SOLDE ACOMPTE")

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// maskWords marks what is an amount, a date, a telephone or an account.
func maskWords(list []word) {
	for i := range list {
		w := &list[i]
		switch {
		case w.mask != free:
		case w.kind == figures:
			maskFigures(list, i)
		case w.kind == mixed && len(w.text) >= 4:
			maskIBAN(list, i)
		}
	}
}

func maskFigures(list []word, i int) {
	t := list[i].text
	next := func(k int) *word {
		if i+k < len(list) && list[i+k].kind == figures && !list[i+k].line {
			return &list[i+k]
		}
		return nil
	}
	switch {
	case i > 0 && otherLabels[list[i-1].text] && !list[i].line:
		list[i].mask = strange
		for k := 1; next(k) != nil && k < 6; k++ {
			next(k).mask = strange
		}
		if l := list[i-1].text; l == "SIREN" || l == "SIRET" {
			for k := i; k < len(list) && list[k].mask == strange; k++ {
				list[k].mask = siret
			}
		}
	case len(t) == 14 && ident.SIRET(t).Valid():
		list[i].mask = siret
	case len(t) == 10 && t[0] == '0' && t[1] != '0':
		list[i].mask = phone
	case len(t) == 8 && (isDay(t[6:8], t[4:6], t[:4]) || isDay(t[:2], t[2:4], t[4:8])):
		list[i].mask = dated
	case len(t) == 4 && (strings.HasPrefix(t, "20") || strings.HasPrefix(t, "19")):
		list[i].mask = dated
	}
	maskDate(list, i, next)
	maskPhone(list, i, next)
	maskAmount(list, i)
}

func maskDate(list []word, i int, next func(int) *word) {
	b, c := next(1), next(2)
	if b == nil || !b.tight {
		return
	}
	a := list[i].text
	switch {
	case c != nil && c.tight && b.sep == c.sep && (isDay(a, b.text, c.text) || isDay(c.text, b.text, a)):
		list[i].mask, b.mask, c.mask = dated, dated, dated
	case b.sep == '/' && (isDay("1", a, b.text) && len(b.text) == 4 || len(a) <= 2 && len(b.text) == 2 && isDay(a, b.text, "2026")) && (c == nil || !c.tight):
		list[i].mask, b.mask = dated, dated // "10/2026", "12/10"
	}
}

// maskPhone knows the French way: five pairs, the first beginning with 0.
func maskPhone(list []word, i int, next func(int) *word) {
	if t := list[i].text; len(t) != 2 || t[0] != '0' || t == "00" {
		return
	}
	for k := 1; k < 5; k++ {
		if w := next(k); w == nil || len(w.text) != 2 {
			return
		}
	}
	for k := range 5 {
		list[i+k].mask = phone
	}
}

// maskAmount looks back from two decimals: "1 200,00", "1.200,00", "1200.00".
func maskAmount(list []word, i int) {
	w := &list[i]
	if i == 0 || len(w.text) != 2 || !w.tight || w.sep != ',' && w.sep != '.' || list[i-1].kind != figures {
		return
	}
	if i+1 < len(list) && list[i+1].tight && list[i+1].kind == figures {
		return
	}
	w.mask = amount
	for k := i - 1; k >= 0; k-- {
		list[k].mask = amount
		if len(list[k].text) != 3 || k == 0 || list[k-1].kind != figures || len(list[k-1].text) > 3 || list[k].line || list[k].sep != ' ' && list[k].sep != '.' {
			return
		}
	}
}

// maskIBAN joins what may be the groups of an account's number.
func maskIBAN(list []word, i int) {
	t := list[i].text
	if len(t) < 4 || kindOf(t[0]) != letters || kindOf(t[1]) != letters || kindOf(t[2]) != figures || kindOf(t[3]) != figures {
		return
	}
	all := ""
	for k := i; k < len(list) && k < i+10 && len(all) <= 34; k++ {
		if all += list[k].text; len(all) >= 15 && ident.IBAN(all).Valid() {
			for ; k >= i; k-- {
				list[k].mask = account
			}
			return
		}
	}
	// A piece of one: banks cut texts. Groups of four after a country and its check figures.
	if n := fours(list, i); len(t) == 4 && n >= 4 && sepa[t[:2]] {
		for k := i; k < i+n; k++ {
			list[k].mask = account
		}
	}
}

// fours counts the words of four characters that follow one another.
func fours(list []word, i int) (n int) {
	for k := i; k < len(list) && n < 9 && len(list[k].text) == 4; k++ {
		n++
	}
	if n > 0 && n < 9 && i+n < len(list) && len(list[i+n].text) < 4 && list[i+n].kind == figures {
		n++
	}
	return n
}

// isDay tells whether figures can be a day, a month and a year.
func isDay(d, m, y string) bool {
	day, okD := small(d)
	month, okM := small(m)
	if !okD || !okM || day < 1 || day > 31 || month < 1 || month > 12 || !allFigures(y) {
		return false
	}
	return len(y) == 2 || len(y) == 4 && (y[:2] == "19" || y[:2] == "20")
}

func small(s string) (n int, ok bool) {
	if len(s) == 0 || len(s) > 2 || !allFigures(s) {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		n = 10*n + int(s[i]-'0')
	}
	return n, true
}
