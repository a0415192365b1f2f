package app

import (
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/store"
)

// waitsForPayments marks a message that leaves by itself once payments are known up to a recent day.
const waitsForPayments = "payments"

// blind tells whether payments are known too badly for a step after the due date to leave without a person
// (PRODUCT.md §3 rule 8). A company that never gave a source of payments is asked nothing: its ledger says
// itself what is paid.
func (s *scene) blind() bool {
	return !s.known.IsZero() && s.day.Sub(s.known) > s.company.Profile.PaymentsMayBeOld()
}

// waits tells whether an automatic message of a kind waits for a person because payments are not known.
func (s *scene) waits(kind string, automation dunning.Automation) bool {
	return automation == dunning.Auto && kind != string(dunning.PreDue) && s.blind()
}

// Gates are the doors that are closed to this draft alone.
func (dr *Draft) Gates() []Gate { return dr.gates }

// paymentsGate is why a message waits.
func (s *scene) paymentsGate() Gate {
	return Gate{waitsForPayments, i18n.Say("app.gate.payments", s.known, s.day.Sub(s.known))}
}

// releaseWaiting approves the automatic messages that only waited for payments to be known, if they are now: what
// the new payments have made untrue is void already.
func (m *moment) releaseWaiting() error {
	rows, err := m.WaitingForPayments(m.ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	s, err := m.bareScene()
	if err != nil || s.blind() {
		return err
	}
	for _, row := range rows {
		row.State, row.ApprovedBy, row.WaitsFor = store.Approved, "scenario", ""
		if err := m.UpdateMessage(m.ctx, row, store.Proposed); err != nil {
			return err
		}
		if err := m.note("message.approved", subject{customer: row.Customer, message: row.ID}, map[string]any{"step": row.Step, "by": "scenario", "final": true}); err != nil {
			return err
		}
	}
	return m.wakeMail()
}

// nextContact is the first day on which this customer may be written to, whatever was decided before: zero when
// nothing stands against today (the contact caps of PRODUCT.md §3 rule 8). Messages of one day are one contact.
func (d *Decision) nextContact(row *store.Message, gap int, today cal.Date) (from cal.Date) {
	consumer := d.In.Customer.Kind == party.Consumer || d.In.Customer.Kind == party.Unknown || d.In.Customer.Kind == party.NonPro
	if consumer {
		gap = max(gap, dunning.ConsumerGap)
	}
	var days []cal.Date
	for _, w := range d.In.Written {
		if w.Left && w.Message != row.ID && w.On < today && !slices.Contains(days, w.On) {
			days = append(days, w.On)
		}
	}
	slices.Sort(days)
	if len(days) == 0 {
		return 0
	}
	if from = days[len(days)-1].AddDays(gap); from <= today {
		from = 0
	}
	if consumer && len(days) >= dunning.ConsumerContacts {
		if month := days[len(days)-dunning.ConsumerContacts].AddDays(dunning.ConsumerMonth); month > today {
			from = cal.Later(from, month)
		}
	}
	return from
}
