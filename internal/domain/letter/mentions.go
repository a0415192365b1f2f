package letter

import (
	"strings"

	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// foot is the identity that every letter of a French firm carries (C. com. R123-237 and
// R123-238, law-fr.md §5.1), one or two lines.
func (m *Message) foot() []string {
	s := &m.Sender
	id := clean(s.Name)
	if s.LegalForm != "" {
		id += ", " + clean(s.LegalForm)
	}
	if !s.Capital.IsZero() {
		id += " " + m.t("letter.foot.capital", round(m.Lang, s.Capital))
	}
	parts := []string{id}
	if a := oneLine(s.Address); a != "" {
		parts = append(parts, a)
	}
	var second []string
	switch {
	case s.RCSCity != "" && s.SIREN != "":
		second = append(second, m.t("letter.foot.rcs", clean(s.RCSCity), siren(s.SIREN)))
	case s.SIREN != "":
		second = append(second, "SIREN "+siren(s.SIREN))
	}
	if s.VAT != "" {
		second = append(second, m.t("letter.foot.vat", clean(s.VAT)))
	}
	if s.Website != "" {
		second = append(second, clean(s.Website))
	}
	if s.LegalMentions != "" {
		second = append(second, clean(s.LegalMentions))
	}
	out := []string{strings.Join(parts, " – ")}
	if len(second) > 0 {
		out = append(out, strings.Join(second, " – "))
	}
	return out
}

// round writes a capital without cents when it has none: 50 000 €.
func round(l i18n.Lang, a money.Amount) string {
	s := i18n.Amount(l, a)
	return strings.Replace(strings.Replace(s, ",00\u202f", "\u202f", 1), ".00", "", 1)
}

// siren writes 732 829 320, unbreakable.
func siren(s string) string {
	s = strings.ReplaceAll(clean(s), " ", "")
	if len(s) != 9 {
		return s
	}
	return s[:3] + "\u00a0" + s[3:6] + "\u00a0" + s[6:]
}

// siret writes 732 829 320 00074, unbreakable.
func siret(s string) string {
	s = strings.ReplaceAll(clean(s), " ", "")
	if len(s) != 14 {
		return s
	}
	return siren(s[:9]) + "\u00a0" + s[9:]
}

// The two paragraphs that a collector must print word for word (CPCE R124-4 5°, text of L111-8
// al. 2 and 3, law-fr.md §4.0): never translated.
const (
	l111x8al2 = "«\u00a0Les frais de recouvrement entrepris sans titre exécutoire restent à la charge du créancier, sauf s’ils concernent un acte dont l’accomplissement est prescrit par la loi au créancier. Toute stipulation contraire est réputée non écrite, sauf disposition législative contraire."
	l111x8al3 = "Cependant, le créancier qui justifie du caractère nécessaire des démarches entreprises pour recouvrer sa créance peut demander au juge de l’exécution de laisser tout ou partie des frais ainsi exposés à la charge du débiteur de mauvaise foi.\u00a0»"
)

// agentMentions says who writes for whom (CPCE R124-4).
func (m *Message) agentMentions() []Block {
	a := m.Sender.Agent
	if a == nil {
		return nil
	}
	s := &m.Sender
	who := strings.TrimSuffix(strings.Join([]string{clean(a.Name), oneLine(a.Address)}, ", "), ", ")
	creditor := strings.TrimSuffix(strings.Join([]string{clean(s.Name), oneLine(s.Address)}, ", "), ", ")
	if !a.Collector {
		return para(m.t("letter.agent", who, creditor))
	}
	out := para(m.t("letter.collector", who, creditor))
	if a.FirstRef != "" && !a.FirstOn.IsZero() {
		out = append(out, para(m.t("letter.collector.first", clean(a.FirstRef), a.FirstOn))...)
	}
	out = append(out, para(m.t("letter.collector.l111-8"))...)
	return append(out, Block{Kind: Paragraph, Runs: []Run{{Text: l111x8al2, Italic: true}, {Text: l111x8al3, Italic: true, Break: true}}})
}

// annex prints the computation, when penalties are claimed or the lines are given for a mention.
func (m *Message) annex() *AnnexTable {
	a := &m.Annex
	if len(a.Lines) == 0 || !m.Recipient.Kind.BearsLateInterest() {
		return nil
	}
	l := m.Lang
	t := &AnnexTable{Title: m.t(m.word("letter.annex.title"))}
	for _, k := range []string{"invoice", "from", "to", "days", "base", "rate", "interest"} {
		t.Head = append(t.Head, m.t("letter.annex."+k))
	}
	for i := range a.Lines {
		x := &a.Lines[i]
		t.Rows = append(t.Rows, []string{clean(x.Invoice), i18n.DateNumeric(x.From), i18n.DateNumeric(x.To), i18n.Int(l, x.Days),
			i18n.Amount(l, x.Base), i18n.Rate(l, x.Rate), i18n.Amount(l, x.Amount)})
	}
	t.Total = Line{Label: m.t("letter.annex.total"), Value: i18n.Amount(l, m.PenaltyAmount), Strong: true}
	t.Method = m.method()
	return t
}

// method writes the conventions of law-fr.md §2.2 that the computation followed.
func (m *Message) method() []string {
	a := &m.Annex
	out := []string{m.t(m.word("letter.annex.basis"))}
	if a.DayCount == "365/366" {
		out = append(out, m.t("letter.annex.days.actual"))
	} else {
		out = append(out, m.t("letter.annex.days.365"))
	}
	if a.Frozen {
		out = append(out, m.t("letter.annex.frozen"))
	} else {
		out = append(out, m.t("letter.annex.floating"))
	}
	if a.Imputation == "interest-first" {
		out = append(out, m.t("letter.annex.interest-first"))
	} else {
		out = append(out, m.t("letter.annex.principal-first"))
	}
	out = append(out, m.t("letter.annex.rounding"))
	if !a.Until.IsZero() {
		out = append(out, m.t("letter.annex.until", a.Until))
	}
	return out
}
