package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Written is a message as it would be written today, whether its day has come or not.
type Written struct {
	Draft *Draft
	Mail  letter.Mail
	Doc   *letter.Document
	Lacks []string // of a formal notice, message keys
}

// Letter writes the message of a step for an invoice ("send me this reminder"): what it would say
// on a day (zero: today). Nothing is queued.
func (d *Desk) Letter(ctx context.Context, number, step string, day cal.Date) (*Written, error) {
	w := &Written{}
	err := d.view(ctx, func(tx *store.Tx) error {
		doc, err := invoiceNamed(ctx, tx, number)
		if err != nil {
			return err
		}
		s, err := d.scene(ctx, tx, day)
		if err != nil {
			return err
		}
		list, err := s.gather(ctx, tx, []id.Customer{doc.Customer})
		if err != nil {
			return err
		}
		x := list[0]
		m, err := x.imagine(s, doc, step)
		if err != nil {
			return err
		}
		x.Out = dunning.Outcome{Messages: []dunning.Message{*m}}
		drafts, err := s.write(ctx, tx, list)
		if err != nil {
			return err
		}
		w.Draft = drafts[0]
		msg := w.Draft.in.message(w.Draft.Row, s.company.Profile)
		t, problems := letter.For(m.Scenario.Steps[m.Step].Template, &msg).Template()
		if len(problems) > 0 {
			return problems[0]
		}
		if m.Scenario.Steps[m.Step].Kind == dunning.FormalNotice {
			w.Lacks = letter.CheckNotice(msg, t)
		}
		mail, paper := msg, msg
		mail.IsLetter, paper.IsLetter = false, true
		c, err := t.Compose(mail)
		if err != nil {
			return err
		}
		w.Mail = c.Mail()
		if c, err = t.Compose(paper); err != nil {
			return err
		}
		w.Doc = c.Document()
		return nil
	})
	return w, err
}

// LetterPDF prints what Letter wrote.
func (d *Desk) LetterPDF(w *Written) ([]byte, error) { return d.print.Letter(w.Doc) }

// imagine is the message of a step about one invoice and, but for a formal notice, the other
// overdue items of its customer.
func (d *Decision) imagine(s *scene, doc *store.Doc, step string) (*dunning.Message, error) {
	var own []*dunning.Item
	for i := range d.In.Items {
		if d.In.Items[i].Invoice == doc.Number {
			own = append(own, &d.In.Items[i])
		}
	}
	if len(own) == 0 {
		return nil, fault.New(fault.Conflict, "app.invoice.settled", doc.Number)
	}
	sc := own[0].Scenario
	if sc == nil {
		return nil, fault.New(fault.NotFound, "app.no-scenario", "")
	}
	n := sc.Find(step)
	if n < 0 || !sc.Steps[n].Kind.IsWritten() {
		return nil, fault.New(fault.NotFound, "app.no-step", sc.Name, step)
	}
	st := sc.Steps[n]
	m := &dunning.Message{Scenario: sc, Step: n, Currency: own[0].Currency, PayTo: own[0].PayTo, Level: sc.Level(n), Automation: dunning.Confirm,
		Channel: st.Channels[0], To: d.In.Reach.To(st.To), PayBy: dunning.PayBy(st, d.In.Customer.Kind, s.day)}
	for i := range d.In.Items {
		it := &d.In.Items[i]
		mine := slices.Contains(own, it)
		if it.Currency != m.Currency || it.PayTo != m.PayTo || d.heldNow(it.ID) && !mine {
			continue
		}
		if !mine && (st.Kind != dunning.Reminder || it.Due >= s.day) {
			continue
		}
		l := dunning.Line{Item: it, DaysLate: s.day.Sub(it.Due), Open: it.Open - d.contested(it), Disputed: d.contested(it), Level: it.State.Level}
		if mine {
			l.Advances, l.Step, l.Level = true, st.ID, sc.Level(n)
		}
		if l.Open <= 0 {
			continue
		}
		m.Lines = append(m.Lines, l)
		m.Open += l.Open
	}
	for _, c := range d.In.Credits {
		if c.Currency == m.Currency {
			m.Deducted += c.Amount
		}
	}
	if st.Kind == dunning.PreDue { // credits settle what is overdue first
		for i := range d.In.Items {
			if it := &d.In.Items[i]; it.Currency == m.Currency && it.Due < s.day && !d.heldNow(it.ID) {
				m.Deducted -= it.Open - d.contested(it)
			}
		}
	}
	m.Deducted = max(0, min(m.Deducted, m.Open))
	if m.Open-m.Deducted <= 0 {
		return nil, fault.New(fault.Conflict, "app.invoice.settled", doc.Number)
	}
	return m, nil
}

// contested is the disputed part of an item.
func (d *Decision) contested(it *dunning.Item) (sum int64) {
	for _, h := range d.In.Holds {
		if h.Item == it.ID && h.Reason == dunning.HoldDispute && h.Amount > 0 && live(h, d.In.Today) {
			sum += min(h.Amount, it.Open-sum)
		}
	}
	return sum
}
