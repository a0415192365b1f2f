package letter

import (
	"strings"

	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// reminders are the written messages that asked for payment before this one: what a text may
// cite by date. A pre-due notice asked for nothing that was owed.
func (m *Message) reminders() []Earlier {
	var out []Earlier
	for _, e := range m.Earlier {
		if e.Channel != "phone" && (e.Kind == Reminder || e.Kind == FormalNotice) {
			out = append(out, e)
		}
	}
	return out
}

// Unanswered tells whether "resté sans réponse" may be written: something was sent, and neither
// reply, call, promise nor payment is recorded (PRODUCT.md §4.3).
func (m *Message) Unanswered() bool {
	f := &m.Facts
	return len(m.reminders()) > 0 && !f.Replied && !f.Called && !f.Promised && f.PaidAmount.IsZero() && f.PaidOn.IsZero()
}

func (m *Message) firstDue() cal.Date {
	var d cal.Date
	for i := range m.Items {
		if d == 0 || m.Items[i].Due < d {
			d = m.Items[i].Due
		}
	}
	return d
}

func (m *Message) maxLate() int {
	n := 0
	for i := range m.Items {
		n = max(n, m.Items[i].DaysLate)
	}
	return n
}

func (m *Message) rates() string {
	var out []string
	for _, r := range m.PenaltyRates {
		out = append(out, i18n.Rate(m.Lang, r))
	}
	return m.and(out)
}

func (m *Message) offerUntil() cal.Date {
	if m.Offer == nil {
		return 0
	}
	return m.Offer.Until
}

// and joins as people do: a, b et c.
func (m *Message) and(xs []string) string {
	switch len(xs) {
	case 0:
		return ""
	case 1:
		return xs[0]
	}
	last := len(xs) - 1
	return strings.Join(xs[:last], ", ") + " " + i18n.T(m.Lang, "letter.and") + " " + xs[last]
}

func (m *Message) t(key string, args ...any) string { return i18n.T(m.Lang, key, args...) }

// sayEarlier cites earlier reminders by their dates: "nos relances des 5 et 20 octobre…". Many
// dates are cut to the last five, the rest counted.
func (m *Message) sayEarlier() string {
	rs := m.reminders()
	if len(rs) == 0 {
		return ""
	}
	var ds []cal.Date
	for i, e := range rs {
		if i == 0 || e.Date != rs[i-1].Date {
			ds = append(ds, e.Date)
		}
	}
	if len(ds) > 5 {
		ds = ds[len(ds)-5:]
	}
	if len(ds) == 1 {
		return m.t("letter.earlier.one", ds[0])
	}
	return m.t("letter.earlier.many", m.and(datesInARow(m.Lang, ds)))
}

// datesInARow says the month and the year once when the next date has the same: 5 et 20 octobre 2026.
func datesInARow(l i18n.Lang, ds []cal.Date) []string {
	out := make([]string, len(ds))
	for i, d := range ds {
		out[i] = i18n.Date(l, d)
		if i+1 == len(ds) {
			break
		}
		parts := strings.Split(out[i], "\u00a0") // day, month, year
		y, mo, _ := d.Civil()
		switch ny, nmo, _ := ds[i+1].Civil(); {
		case len(parts) != 3 || ny != y:
		case nmo == mo:
			out[i] = parts[0]
		default:
			out[i] = parts[0] + "\u00a0" + parts[1]
		}
	}
	return out
}

func (m *Message) sayPartPayment() string {
	f := &m.Facts
	switch {
	case f.PaidAmount.IsZero():
		return ""
	case f.PaidOn.IsZero():
		return m.t("letter.part-payment.undated", f.PaidAmount)
	}
	return m.t("letter.part-payment", f.PaidAmount, f.PaidOn)
}

// sayJoins names the new items that join a firmer message already sent (PRODUCT.md §3 rule 1).
func (m *Message) sayJoins() string {
	var ns []string
	sum := money.Of(0, m.Currency)
	for i := range m.Items {
		if it := &m.Items[i]; it.Joins {
			ns = append(ns, it.Number)
			sum.Minor += it.Open.Minor
		}
	}
	if len(ns) == 0 || m.Facts.JoinsOn.IsZero() {
		return ""
	}
	if len(ns) > 6 {
		return m.t("letter.joins.count", m.Facts.JoinsOn, len(ns), sum)
	}
	if len(ns) == 1 {
		return m.t("letter.joins.one", m.Facts.JoinsOn, ns[0], sum)
	}
	return m.t("letter.joins.many", m.Facts.JoinsOn, m.and(ns), sum)
}

func (m *Message) sayPromise() string {
	f := &m.Facts
	switch {
	case !f.Promised || f.PromiseOn.IsZero():
		return ""
	case f.PromiseOn >= m.Date: // the day has not passed: it is noted, never reproached
		return m.t("letter.promise.ahead", f.PromiseOn)
	case !f.PaidAmount.IsZero():
		return m.t("letter.promise.partly", f.PromiseOn)
	case f.PromiseAmount.IsZero():
		return m.t("letter.promise", f.PromiseOn)
	}
	return m.t("letter.promise.amount", f.PromiseAmount, f.PromiseOn)
}

func (m *Message) sayDiscount() string {
	if d := m.Facts.Discount; !d.IsZero() {
		return m.t("letter.discount", d)
	}
	return ""
}

func (m *Message) sayDisputed() string {
	if d := m.disputed(); !d.IsZero() {
		return m.t("letter.disputed", d)
	}
	return ""
}

// sayContact says whom to call, with what is known of them.
func (m *Message) sayContact() string {
	c := m.Sender.contact()
	var how []string
	if c.Phone != "" {
		how = append(how, m.t("letter.contact.phone", nbsp(c.Phone)))
	}
	if c.Email != "" {
		how = append(how, m.t("letter.contact.email", c.Email))
	}
	by := strings.Join(how, " "+m.t("letter.or")+" ")
	switch {
	case by == "" && c.Name == "":
		return ""
	case by == "":
		return m.t("letter.contact.name", c.Name)
	case c.Name == "":
		return m.t("letter.contact.by", by)
	}
	return m.t("letter.contact", c.Name, by)
}

func (m *Message) sayDisregard() string { return m.t("letter.disregard") }

// sayInterest tells what has accrued, outside the total: a mention, never a bargain ("pay and
// they will be spared"), since it already runs.
func (m *Message) sayInterest() string {
	if m.Penalties != Mention && m.Compensation != Mention {
		return ""
	}
	pen := m.Penalties == Mention && !m.PenaltyAmount.IsZero()
	comp := m.Compensation == Mention && !m.CompensationAmount.IsZero()
	word := "letter.mention.pro."
	if m.Recipient.Kind.IsPublic() {
		word = "letter.mention.public."
	}
	switch {
	case pen && comp:
		return m.t(word+"both", m.PenaltyAmount, m.CompensationAmount)
	case pen:
		return m.t(word+"penalties", m.PenaltyAmount)
	case comp:
		return m.t(word+"compensation", m.CompensationAmount)
	}
	return ""
}

func (m *Message) returned() string {
	switch m.Facts.Method {
	case "cheque", "bill", "direct-debit":
		return m.t("letter.returned." + m.Facts.Method)
	}
	return m.t("letter.returned.payment")
}

// nbsp keeps a phone number on one line.
func nbsp(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), " ", "\u00a0") }
