package letter

import (
	"strings"

	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
)

// Document is a letter ready to be printed: every text final, nothing left to decide but where
// lines and pages break.
type Document struct {
	Lang           i18n.Lang
	Title          string // of the file
	Created        cal.Date
	Letterhead     []string // name first
	Logo           []byte
	Color          string
	Recipient      []string // name first, at most seven lines
	References     []Line   // customer number…
	PlaceDate      string
	Registered     string // "Lettre recommandée…", "" for a plain letter
	SubjectLabel   string
	Subject        string
	Blocks         []Block
	Signature      []string
	SignatureImage []byte
	Enclosed       string
	Annex          *AnnexTable
	Foot           []string
	PageOf         string // "Page %d/%d"
	Insistent      bool
	Banner         string // trial mode
}

// Document lays the composition out as a letter.
func (c *Composition) Document() *Document {
	m := c.msg
	s := &m.Sender
	d := &Document{
		Lang: m.Lang, Title: c.Subject, Created: m.Date,
		Letterhead: m.letterhead(), Logo: s.Logo, Color: s.Color,
		Recipient: m.addressee(), PlaceDate: m.placeDate(),
		SubjectLabel: m.t("letter.subject"), Subject: c.Subject,
		Blocks:    append(append([]Block{}, c.Blocks...), c.Closing...),
		Signature: c.Signature, SignatureImage: s.Signatory.Image,
		Enclosed: c.Enclosed, Annex: c.Annex, Foot: c.Foot,
		PageOf: m.t("letter.page"), Insistent: m.Insistent, Banner: m.banner(),
	}
	if m.Kind == Acknowledgement {
		d.SignatureImage = nil // the debtor signs, by hand
	}
	if m.Registered != "" {
		d.Registered = m.t("letter.registered.number", clean(m.Registered))
	} else if m.Kind == FormalNotice {
		d.Registered = m.t("letter.registered")
	}
	if m.Recipient.Code != "" {
		d.References = append(d.References, Line{Label: m.t("letter.customer-code"), Value: clean(m.Recipient.Code)})
	}
	if m.Reference != "" {
		d.References = append(d.References, Line{Label: m.t("letter.our-reference"), Value: clean(m.Reference)})
	}
	return d
}

func (m *Message) letterhead() []string {
	s := &m.Sender
	out := append([]string{clean(s.Name)}, AddressLines(s.Address, m.Lang)...)
	if s.Phone != "" {
		out = append(out, m.t("letter.phone", nbsp(clean(s.Phone))))
	}
	if s.Email != "" {
		out = append(out, clean(s.Email))
	}
	return out
}

// addressee is the block behind the window: name, attention, address; posts read the last line.
func (m *Message) addressee() []string {
	r := &m.Recipient
	out := []string{clean(r.Name)}
	switch {
	case r.Attention != "" && clean(r.Attention) != out[0]:
		out = append(out, m.t("letter.attention", clean(r.Attention)))
	case m.Kind == FormalNotice && r.Kind.BearsLateInterest():
		out = append(out, m.t("letter.attention.legal"))
	}
	return append(out, AddressLines(r.Address, i18n.FR)...)
}

func (m *Message) placeDate() string {
	if city := clean(m.Sender.Address.City); city != "" {
		return m.t("letter.place-date", town(city), m.Date)
	}
	return m.t("letter.date", m.Date)
}

// town drops "CEDEX 09": a letter is dated from a town.
func town(city string) string {
	if i := strings.Index(strings.ToUpper(city), " CEDEX"); i > 0 {
		return city[:i]
	}
	return city
}

// banner is the permanent warning of trial mode: to whom it would have left.
func (m *Message) banner() string {
	if len(m.TrialFor) == 0 {
		return ""
	}
	return m.t("letter.trial", strings.Join(m.TrialFor, ", "))
}
