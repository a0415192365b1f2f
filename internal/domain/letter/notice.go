package letter

import "relance/internal/domain/party"

// CheckNotice lists what a formal notice lacks (law-fr.md §5.2), as message keys; nil when it
// may be posted. It checks the input and, through the shipped or edited template, the words:
// the mandatory sentence and title are looked for in what the template makes of it.
func CheckNotice(m Message, t *Template) []string {
	var lacks []string
	need := func(ok bool, key string) {
		if !ok {
			lacks = append(lacks, "letter.notice."+key)
		}
	}
	s, r := &m.Sender, &m.Recipient
	need(!m.Date.IsZero(), "date")
	need(s.Name != "" && s.Address.IsComplete(), "sender")
	need(s.SIREN != "", "siren")
	need(r.Name != "" && r.Address.IsComplete(), "recipient")
	need(r.Kind.MayBeGivenNotice(), "unknown")
	need(len(m.Items) > 0, "items")
	for i := range m.Items {
		it := &m.Items[i]
		need(it.Number != "" && !it.Issued.IsZero() && !it.Due.IsZero(), "ground")
		// The contested part may stand in no sum demanded (PRODUCT.md §3 rule 15).
		need(it.Disputed.IsZero() || it.Open.Minor+it.Paid.Minor+it.Disputed.Minor == it.Amount.Minor, "disputed")
	}
	need(m.Total.Minor > 0, "total")
	need(m.PayBy > m.Date, "deadline")
	need(s.IBAN != "" || m.Factor != nil && m.Factor.IBAN != "" || s.ChequeOrder != "", "means")
	need(s.Signatory.Name != "", "signature")
	need(m.Penalties != Claimed || m.PenaltyAmount.IsZero() || len(m.PenaltyRates) > 0 && len(m.Annex.Lines) > 0, "rates")
	need(r.Kind != party.Consumer || s.Mediator != "", "mediator")
	need(!m.Facts.Replied, "reply")
	need(len(m.Deductions) == 0, "credit")
	need(len(m.reminders()) > 0, "reminder")
	return append(unique(lacks), noticeWords(m, t)...)
}

// The sentence of law-fr.md §5.2, and what makes the title; folded.
const (
	noticeSentence   = "la presente lettre vaut mise en demeure de payer au sens des articles 1344 et suivants et 1231-6 du code civil"
	noticeSentenceEN = "articles 1344 et seq. and 1231-6 of the french civil code"
)

func noticeWords(m Message, t *Template) []string {
	if t == nil {
		return nil
	}
	c, err := t.Compose(m)
	if err != nil {
		return []string{"letter.notice.refused"}
	}
	said := folded(c.Subject + "\n" + words(c.Blocks))
	var lacks []string
	need := func(ok bool, key string) {
		if !ok {
			lacks = append(lacks, "letter.notice."+key)
		}
	}
	if m.Recipient.Kind == party.Foreign {
		need(has(said, "final demand", "mise en demeure"), "title")
		need(t.says["pay_by"], "order")
		return lacks
	}
	need(has(said, "mise en demeure", "formal notice"), "title")
	need(has(said, noticeSentence, noticeSentenceEN), "sentence")
	need(t.says["pay_by"], "order")
	need(has(said, "a defaut", "failing"), "consequences")
	return lacks
}
