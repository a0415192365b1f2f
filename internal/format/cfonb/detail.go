package cfonb

import (
	"strings"

	"relance/internal/domain/bank"
	"relance/internal/ground/ident"
	"relance/internal/ground/money"
)

// details are what the records 05 of a movement say. Qualifiers are those of the 2004 brochure and of
// its supplements for transfers (2007) and SEPA debits; one that is not known here stays as text.
type details struct {
	currency   money.Currency
	n          int
	texts      []string
	remittance string // LCC and LC2: the 140 characters of a transfer, in two halves
	structured string // LCS
	client     string // RCN: the sender's own reference
	ref        string // REF: the bank's
	mandate    string // RUM
	payer      bank.Party
	payee      bank.Party
	upper      string // NPO: on whose behalf the payer pays
	lower      string // NBU: for whom the payee receives
	fees       int64
	sent       money.Amount
	reject     string // code of the movement itself, two characters
	back       *bank.Return
}

// say adds a text that was not said yet.
func (d *details) say(s string) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return
	}
	for _, t := range d.texts {
		if t == s {
			return
		}
	}
	d.texts = append(d.texts, s)
}

// add reads one record: a qualifier of three characters, then seventy.
func (d *details) add(r *record) {
	d.n++
	text := r.zone(48, 118)
	switch string(r.text[45:48]) {
	case "LCC", "LC2":
		d.remittance += string(r.text[48:118])
	case "LCS":
		d.structured = text
	case "NPY":
		d.payer.Name = text
	case "NPO":
		d.upper = text
	case "NBE":
		d.payee.Name = text
	case "NBU":
		d.lower = text
	case "IPY":
		identify(&d.payer, r.zone(48, 83))
	case "IBE", "CBE":
		identify(&d.payee, r.zone(48, 83))
	case "RCN": // the purpose of the payment follows the reference
		d.client = r.zone(48, 83)
		d.say(r.zone(83, 118))
	case "REF":
		d.ref = text
	case "RUM": // the sequence follows the mandate
		d.mandate = r.zone(48, 83)
	case "RET":
		d.returned(text)
	case "FEE":
		if a, ok := sum(r); ok && a.Currency == d.currency {
			d.fees = a.Minor
		}
	case "MMO":
		if a, ok := sum(r); ok {
			d.sent = a
		}
	default:
		d.say(text)
	}
}

// sum reads the amount of MMO and FEE: currency, decimals, fourteen figures.
func sum(r *record) (money.Amount, bool) {
	c := money.Currency(string(r.text[48:51]))
	if !c.Valid() {
		return money.Amount{}, false
	}
	minor, key := amount(r.text[52:66], r.text[51], c)
	if minor < 0 {
		minor = -minor
	}
	return money.Of(minor, c), key == ""
}

// identify takes what names a party for its account or its bank, when it is one of the two.
func identify(p *bank.Party, id string) {
	if f := ident.IBAN(id); f.Valid() {
		p.IBAN = f.Value
	} else if f := ident.BIC(id); f.Valid() {
		p.BIC = f.Value
	}
}

// returned reads RET: the ISO code of a return, perhaps the CFONB code, then words. The brochure's
// own places were not seen: the form of the ISO code tells it.
func (d *details) returned(text string) {
	first, rest, _ := strings.Cut(text, " ")
	d.back = &bank.Return{Text: text}
	if len(first) >= 4 && isoReason(first[:4]) {
		d.back.Code = first[:4]
		d.back.Text = strings.TrimSpace(first[4:] + " " + rest)
	}
}

// isoReason tells the form of an ISO 20022 reason: AM04, MS03.
func isoReason(s string) bool {
	return s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' && digits(s[2:4])
}

// line is the one payment of the movement: a CFONB 120 tells no more of a batch.
func (d *details) line(e *bank.Entry) bank.Line {
	op := operations[e.Code]
	d.say(d.remittance)
	l := bank.Line{Amount: e.Amount, Structured: d.structured, EndToEnd: provided(d.client), Method: string(op.method),
		Charges: d.fees, Instructed: d.sent, Mandate: d.mandate}
	if op.back || d.reject != "" || d.back != nil {
		l.Return = d.comesBack()
		if l.Original = l.EndToEnd; l.Original == "" {
			l.Original = d.ref
		}
	}
	l.Text = strings.Join(d.texts, "\n")
	d.parties(&l)
	return l
}

func (d *details) comesBack() *bank.Return {
	back := &bank.Return{Code: d.reject}
	if d.back != nil {
		back.Text = d.back.Text
		if d.back.Code != "" {
			back.Code = d.back.Code
		}
	}
	return back
}

// parties tells who stands at the other end: the payer of money in, the payee of money out. What comes
// back went the other way first: a debit of ours that is unpaid is money out, to the payer we debited.
// Some banks name the creditor of a debit as its payer.
func (d *details) parties(l *bank.Line) {
	if paid := (l.Amount < 0) != (l.Return != nil); !paid || d.payee.Name == "" && d.payer.Name != "" {
		l.Payer, l.Ultimate.Name = d.payer, d.upper
		return
	}
	l.Payer, l.Ultimate.Name = d.payee, d.lower
}

// provided is a reference, or none: SEPA writes NOTPROVIDED where there is none.
func provided(s string) string {
	if strings.EqualFold(s, "NOTPROVIDED") || strings.EqualFold(s, "NONREF") {
		return ""
	}
	return s
}
