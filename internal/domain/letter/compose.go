package letter

import (
	"strings"

	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// Composition is a message written but not yet laid out: Mail and Document show it.
type Composition struct {
	Subject   string // one line
	Blocks    []Block
	Closing   []Block // what the layout adds: whom to call, agent's mentions
	Annex     *AnnexTable
	Signature []string
	Enclosed  string // "Pièces jointes : …", "" for none
	Foot      []string
	msg       *Message
}

// Compose writes the message. It refuses, with an error a person can read, a message whose sums
// do not add up, that claims what the debtor's kind forbids, or that says what is not recorded.
func (t *Template) Compose(m Message) (*Composition, error) {
	m.Lang = t.lang
	if err := Check(&m); err != nil {
		return nil, err
	}
	subject, err := t.run(t.subject, &m, clean)
	if err != nil {
		return nil, fault.New(fault.Invalid, "letter.too-long")
	}
	source, err := t.run(t.body, &m, escape)
	if err != nil {
		return nil, fault.New(fault.Invalid, "letter.too-long")
	}
	c := &Composition{Subject: clean(subject), msg: &m}
	c.Blocks = toBlocks(squeeze(source), m.layout)
	if err := sayable(&m, c); err != nil {
		return nil, err
	}
	t.complete(c)
	return c, nil
}

func (m *Message) layout(name string) []Block {
	switch name {
	case "invoices":
		return m.invoices()
	case "payment":
		return m.payment()
	}
	return nil
}

// complete adds what a message that asks for money always carries (PRODUCT.md §4.2), where the
// text does not say it itself, and what the law asks of every letter.
func (t *Template) complete(c *Composition) {
	m := c.msg
	if m.Kind.Asks() {
		if !t.says["invoices"] {
			c.Closing = append(c.Closing, m.invoices()...)
		}
		if !t.says["payment"] {
			c.Closing = append(c.Closing, m.payment()...)
		}
		if !t.says["sentence.contact"] && !t.says["contact.phone"] {
			c.Closing = append(c.Closing, para(m.sayContact())...)
		}
		if !t.says["sentence.disregard"] && m.Kind == Reminder {
			c.Closing = append(c.Closing, para(m.sayDisregard())...)
		}
	}
	c.Signature = m.signature()
	if len(m.Attachments) > 0 {
		names := make([]string, len(m.Attachments))
		for i, a := range m.Attachments {
			names[i] = clean(a)
		}
		c.Enclosed = i18n.T(m.Lang, "letter.enclosed", len(names), strings.Join(names, ", "))
	}
	c.Annex = m.annex()
	c.Foot = m.foot()
	c.Closing = append(c.Closing, m.agentMentions()...)
}

func para(s string) []Block {
	if s == "" {
		return nil
	}
	return []Block{{Kind: Paragraph, Runs: []Run{{Text: s}}}}
}

func (m *Message) signature() []string {
	if m.Kind == Acknowledgement {
		return []string{clean(m.Recipient.Name)} // the debtor signs
	}
	s := &m.Sender
	var out []string
	for _, x := range []string{s.Signatory.Name, s.Signatory.Title, s.Name} {
		if x = clean(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// Check proves that the figures of a message agree and that its claims are lawful for its
// reader (PRODUCT.md §3 rule 0, law-fr.md §1).
func Check(m *Message) error {
	open := money.Of(0, m.Currency)
	for _, it := range m.Items {
		if it.Open.Currency != m.Currency {
			return fault.New(fault.Invalid, "letter.currency", it.Number)
		}
		open.Minor += it.Open.Minor
	}
	if open.Minor != m.Open.Minor {
		return fault.New(fault.Invalid, "letter.sum.open", open, money.Of(m.Open.Minor, m.Currency))
	}
	for _, d := range m.Deductions {
		open.Minor -= d.Amount.Minor
	}
	if m.Penalties == Claimed {
		open.Minor += m.PenaltyAmount.Minor
	}
	if m.compensationInTotal() {
		open.Minor += m.CompensationAmount.Minor
	}
	if open.Minor != m.Total.Minor {
		return fault.New(fault.Invalid, "letter.sum.total", open, money.Of(m.Total.Minor, m.Currency))
	}
	return lawful(m)
}

func lawful(m *Message) error {
	k := m.Recipient.Kind
	speaks := func(c Claim) bool { return c == Claimed || c == Mention }
	switch {
	case speaks(m.Penalties) && !k.BearsLateInterest():
		return fault.New(fault.Forbidden, "letter.forbidden.penalties", i18n.Key("letter.party."+string(k)))
	case speaks(m.Compensation) && !k.BearsCompensation():
		return fault.New(fault.Forbidden, "letter.forbidden.compensation", i18n.Key("letter.party."+string(k)))
	case m.Kind == FormalNotice && !k.MayBeGivenNotice():
		return fault.New(fault.Forbidden, "letter.forbidden.notice")
	case m.Offer != nil && (m.Level > 2 || m.Kind == FormalNotice):
		return fault.New(fault.Invalid, "letter.forbidden.offer")
	}
	return nil
}

// sayable refuses a text that says to this reader what may not be said, or what is not recorded.
func sayable(m *Message, c *Composition) error {
	said := c.Subject + "\n" + words(c.Blocks)
	if bad := Forbidden(m.Recipient.Kind, said); len(bad) > 0 {
		return fault.New(fault.Forbidden, "letter.forbidden.word", strings.Join(bad, ", "))
	}
	if !m.Unanswered() && claimsSilence(said) {
		return fault.New(fault.Forbidden, "letter.forbidden.unanswered")
	}
	return nil
}

// words is the running text of blocks: what the author wrote and the labels of the tables.
func words(bs []Block) string {
	var b strings.Builder
	for _, x := range bs {
		b.WriteString(plain(x.Runs))
		for _, it := range x.Items {
			b.WriteString("\n" + plain(it))
		}
		if x.Table != nil {
			for _, l := range x.Table.Totals {
				b.WriteString("\n" + l.Label)
			}
			b.WriteString("\n" + strings.Join(x.Table.Notes, "\n"))
		}
		b.WriteByte('\n')
	}
	return b.String()
}
