package letter

import (
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// invoices lays out the table of what is asked for, then what is listed apart.
func (m *Message) invoices() []Block {
	var out []Block
	if len(m.Items) > 0 {
		out = append(out, m.asked())
	}
	if len(m.Memo) > 0 {
		out = append(out, Block{Kind: Table, Table: m.apart("memo", "apart", m.Memo, true)})
	}
	if len(m.Upcoming) > 0 {
		out = append(out, Block{Kind: Table, Table: m.apart("upcoming", "upcoming", m.Upcoming, false)})
	}
	return out
}

// asked is the table of what the message is about, with its sum.
func (m *Message) asked() Block {
	main := &InvoiceTable{Head: m.head(), Rows: m.rows(m.Items, m.Kind != PreDue)}
	main.Totals = m.totals()
	main.Notes = m.notes()
	return Block{Kind: Table, Table: main}
}

func (m *Message) apart(title, total string, items []Item, late bool) *InvoiceTable {
	t := &InvoiceTable{Title: m.t("letter.table." + title), Head: m.head(), Rows: m.rows(items, late)}
	sum := money.Of(0, m.Currency)
	for i := range items {
		sum.Minor += items[i].Open.Minor
	}
	if len(items) > 1 {
		t.Totals = []Line{{Label: m.t("letter.total." + total), Value: i18n.Amount(m.Lang, sum)}}
	}
	return t
}

func (m *Message) head() Row {
	return Row{
		Number: m.t("letter.head.number"), Issued: m.t("letter.head.issued"), Due: m.t("letter.head.due"),
		Late: m.t("letter.head.late"), Amount: m.t("letter.head.amount"), Paid: m.t("letter.head.paid"),
		Open: m.t("letter.head.open"), Level: m.t("letter.head.level"),
	}
}

func (m *Message) rows(items []Item, late bool) []Row {
	out := make([]Row, len(items))
	for i := range items {
		out[i] = m.row(&items[i], late)
	}
	return out
}

func (m *Message) row(it *Item, late bool) Row {
	l := m.Lang
	r := Row{
		Number: clean(it.Number),
		Issued: i18n.DateNumeric(it.Issued), Due: i18n.DateNumeric(it.Due),
		Amount: i18n.Amount(l, it.Amount), Open: i18n.Amount(l, it.Open),
		Label: m.label(it),
	}
	if !it.Paid.IsZero() {
		r.Paid = i18n.Amount(l, it.Paid)
	}
	if it.Level > 0 {
		r.Level = m.levelWord(it)
	}
	if late && it.DaysLate > 0 {
		r.Late = i18n.T(l, "letter.days", it.DaysLate)
	}
	r.Summary = m.summary(it, r.Late)
	switch {
	case it.Open == it.Amount:
	case it.Paid.IsZero():
		r.Detail = m.t("letter.row.of", r.Amount)
	default:
		r.Detail = m.t("letter.row.paid", r.Amount, r.Paid)
	}
	if !it.Disputed.IsZero() {
		r.Note = m.t("letter.row.disputed", it.Disputed)
	}
	return r
}

// summary is the item's dates on one line, for narrow screens.
func (m *Message) summary(it *Item, late string) string {
	due := i18n.DateShort(m.Lang, it.Due)
	args := []any{due}
	key := "letter.row.due"
	if late != "" {
		key, args = "letter.row.late", append(args, late)
	}
	if it.Issued.IsZero() {
		return m.t(key+".undated", args...)
	}
	return m.t(key, append([]any{i18n.DateShort(m.Lang, it.Issued)}, args...)...)
}

// label says what the document is when it is not a plain invoice, and the order it belongs to.
func (m *Message) label(it *Item) string {
	var parts []string
	if it.Kind != "" && it.Kind != bill.Invoice {
		parts = append(parts, m.t("letter.kind."+string(it.Kind)))
	}
	if it.Of > 1 {
		parts = append(parts, m.t("letter.instalment", it.Seq, it.Of))
	}
	if it.Order != "" {
		key := "letter.order"
		if m.Recipient.Kind.IsPublic() {
			key = "letter.order.public"
		}
		parts = append(parts, m.t(key, clean(it.Order)))
	}
	if it.Reference != "" {
		parts = append(parts, m.t("letter.your-reference", clean(it.Reference)))
	}
	return strings.Join(parts, " · ")
}

// levelWord names the item's own level; the last one of a formal notice has its own name.
func (m *Message) levelWord(it *Item) string {
	if m.Kind == FormalNotice && it.Level >= m.Level {
		return m.t("letter.level.notice")
	}
	return m.t("letter.level", it.Level)
}

// totals are the lines under the table: they add up to Total (Check proves it).
func (m *Message) totals() []Line {
	l := m.Lang
	var out []Line
	// law-fr.md §5.2: a formal notice names its principal even when nothing is added to it.
	if len(m.Deductions) > 0 || m.claims() || m.Kind == FormalNotice {
		out = append(out, Line{Label: m.t(m.openLabel()), Value: i18n.Amount(l, m.Open)})
	}
	for i := range m.Deductions {
		d := &m.Deductions[i]
		key := "letter.deduct.credit"
		if d.IsPayment {
			key = "letter.deduct.payment"
		}
		out = append(out, Line{Label: m.deduction(key, d), Value: i18n.Amount(l, d.Amount.Neg())})
	}
	if m.Penalties == Claimed && !m.PenaltyAmount.IsZero() {
		out = append(out, Line{Label: m.t(m.word("letter.penalties"), m.rates()), Value: i18n.Amount(l, m.PenaltyAmount)})
	}
	if m.compensationInTotal() {
		out = append(out, Line{Label: m.compensationLabel(), Value: i18n.Amount(l, m.CompensationAmount)})
	}
	key := "letter.total"
	if m.Kind == PreDue {
		key = "letter.total.pre-due"
	}
	return append(out, Line{Label: m.t(key), Value: i18n.Amount(l, m.Total), Strong: true})
}

func (m *Message) openLabel() string {
	switch {
	case m.Kind == PreDue:
		return "letter.total.coming"
	case m.Kind == FormalNotice:
		return "letter.total.principal"
	}
	return "letter.total.overdue"
}

func (m *Message) deduction(key string, d *Deduction) string {
	s := m.t(key)
	if d.Number != "" {
		s += " " + clean(d.Number)
	}
	if !d.Date.IsZero() {
		s += " " + m.t("letter.dated", d.Date)
	}
	return s
}

// claims tells whether anything beside the principal stands in the total.
func (m *Message) claims() bool {
	return m.Penalties == Claimed && !m.PenaltyAmount.IsZero() || m.compensationInTotal()
}

// compensationInTotal: compensation is in euros; on a message in another currency it is apart.
func (m *Message) compensationInTotal() bool {
	return m.Compensation == Claimed && !m.CompensationAmount.IsZero() && m.CompensationAmount.Currency == m.Currency
}

func (m *Message) compensationLabel() string {
	n := max(m.CompensationCount, 1)
	each := m.CompensationAmount
	each.Minor /= int64(n)
	return m.t(m.word("letter.compensation"), n, each)
}

// word picks the vocabulary of the regime: intérêts moratoires for a public body.
func (m *Message) word(key string) string {
	if m.Recipient.Kind.IsPublic() {
		return key + ".public"
	}
	return key + ".pro"
}

// notes are said under the totals: what is outside them.
func (m *Message) notes() []string {
	var out []string
	if m.Compensation == Claimed && !m.CompensationAmount.IsZero() && !m.compensationInTotal() {
		out = append(out, m.compensationLabel()+m.t("letter.colon")+" "+i18n.Amount(m.Lang, m.CompensationAmount))
	}
	if s := m.sayInterest(); s != "" {
		out = append(out, s)
	}
	if m.claims() && m.Recipient.Kind.BearsLateInterest() {
		out = append(out, m.t(m.word("letter.vat-free"))) // law-fr.md §2.6
	}
	return out
}
