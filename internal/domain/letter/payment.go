package letter

import (
	"strings"

	"relance/internal/domain/party"
	"relance/internal/ground/i18n"
)

// payment lays out how to pay: amount, date, account, reference, cheque, link and code.
func (m *Message) payment() []Block {
	l := m.Lang
	p := &PaymentBox{Title: m.t("letter.pay.title")}
	iban, bic, to := m.account()
	if m.Total.Minor > 0 {
		p.line(m.t("letter.pay.amount"), i18n.Amount(l, m.Total), true)
	}
	if !m.PayBy.IsZero() {
		p.line(m.t("letter.pay.by"), i18n.Date(l, m.PayBy), true)
	}
	if iban != "" {
		p.line(m.t("letter.pay.to"), to, false)
		p.line("IBAN", groups(iban), false)
		p.line("BIC", clean(bic), false)
	}
	p.line(m.t("letter.pay.reference"), clean(m.Reference), true)
	p.Cheque = m.cheque()
	if m.Factor != nil {
		p.Notes = append(p.Notes, m.subrogation())
	}
	switch {
	case safeLink(m.PayURL) != "":
		p.URL, p.Button = m.PayURL, m.t("letter.pay.button")
	case safeLink(m.PageURL) != "":
		p.URL, p.Button = m.PageURL, m.t("letter.see.button")
	}
	p.QR = epc(to, iban, bic, m.Reference, m.Total)
	if p.QR != "" {
		p.QRHint = m.t("letter.pay.qr")
	}
	return []Block{{Kind: Payment, Payment: p}}
}

func (p *PaymentBox) line(label, value string, strong bool) {
	if value != "" {
		p.Lines = append(p.Lines, Line{label, value, strong})
	}
}

// account is where the money goes: the assignee's when the debt is assigned (PRODUCT.md §4.4).
func (m *Message) account() (iban, bic, to string) {
	if f := m.Factor; f != nil {
		return f.IBAN, f.BIC, clean(f.Name)
	}
	return m.Sender.IBAN, m.Sender.BIC, clean(m.Sender.Name)
}

func (m *Message) subrogation() string {
	if m.Factor.Mention != "" {
		return clean(m.Factor.Mention)
	}
	return m.t("letter.factor", clean(m.Factor.Name))
}

func (m *Message) cheque() string {
	s := &m.Sender
	if s.ChequeOrder == "" || m.Factor != nil {
		return ""
	}
	if a := oneLine(s.ChequeAddress); a != "" {
		return m.t("letter.pay.cheque.at", clean(s.ChequeOrder), a)
	}
	return m.t("letter.pay.cheque", clean(s.ChequeOrder))
}

// groups writes an IBAN in groups of four; the spaces do not break.
func groups(iban string) string {
	iban = strings.ReplaceAll(clean(iban), " ", "")
	var b strings.Builder
	for i, r := range iban {
		if i > 0 && i%4 == 0 {
			b.WriteString("\u00a0")
		}
		b.WriteRune(r)
	}
	return b.String()
}

// AddressLines writes a postal address, one line each, without the name. The country stands
// last, in capitals as posts ask, when it is not France.
func AddressLines(a party.Address, l i18n.Lang) []string {
	var out []string
	for line := range strings.SplitSeq(a.Lines, "\n") {
		if line = clean(line); line != "" {
			out = append(out, line)
		}
	}
	if town := clean(a.Postcode + " " + a.City); town != "" {
		out = append(out, town)
	}
	if a.Country != "" && a.Country != "FR" {
		name := i18n.T(l, "country."+strings.ToUpper(a.Country))
		if strings.HasPrefix(name, "country.") {
			name = clean(a.Country)
		}
		out = append(out, strings.ToUpper(name))
	}
	return out
}

func oneLine(a party.Address) string { return strings.Join(AddressLines(a, i18n.FR), ", ") }
