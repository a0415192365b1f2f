package app

import (
	"encoding/json"

	"relance/internal/domain/dunning"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// redate writes a waiting message again for the day it leaves: days late, interest and the date to
// pay by move with it; what it asks for does not.
func (q *queue) redate(d *Decision, row *store.Message, in *inputs) error {
	if in.Occasion != nil {
		return q.redateOccasion(row, in)
	}
	s := q.scene.catalog.byID[row.Scenario]
	if s == nil {
		return fault.New(fault.NotFound, "app.no-scenario", row.Step)
	}
	step := s.Find(row.Step)
	m := &dunning.Message{Scenario: s, Step: step, Channel: dunning.Channel(row.Channel), To: in.Mail, CC: in.CC, Currency: row.Currency,
		PayTo: in.PayTo, Level: row.Level, Automation: dunning.Automation(row.Automation), NeedsSecond: row.NeedsSecond,
		Joins: !in.JoinsOn.IsZero(), Open: row.Open}
	for _, c := range in.Also {
		m.Also = append(m.Also, dunning.Channel(c))
	}
	for _, x := range in.Deductions {
		m.Deducted += x.Amount
	}
	if !in.PayBy.IsZero() {
		m.PayBy = q.day.AddDays(in.PayBy.Sub(in.Date))
	}
	m.Lines, m.Upcoming, m.Memo = d.linesOf(in.Lines), d.linesOf(in.Upcoming), d.linesOf(in.Memo)
	past, err := q.Histories(q.ctx, q.day, []id.Customer{row.Customer})
	if err != nil {
		return err
	}
	h := past[row.Customer]
	if h == nil {
		h = &store.History{}
	}
	var claimed []id.Instalment
	for _, l := range in.Lines {
		claimed = append(claimed, l.Item)
	}
	settled, err := q.scene.settlements(q.ctx, q.Tx, claimed)
	if err != nil {
		return err
	}
	now, err := q.scene.draft(d, m, h, settled)
	if err != nil {
		return err
	}
	row.Total, row.Open = now.Row.Total, now.Row.Open
	b, err := json.Marshal(now.in)
	row.Inputs = string(b)
	return err
}

// linesOf are the planner's lines of what was written, on the items as they stand.
func (d *Decision) linesOf(list []line) (out []dunning.Line) {
	for _, l := range list {
		it := d.item(l.Item)
		if it == nil {
			continue
		}
		out = append(out, dunning.Line{Item: it, DaysLate: d.In.Today.Sub(it.Due), Open: l.Open, Disputed: l.Disputed, Level: l.Level,
			Advances: l.Advances, Step: l.Step, Skips: l.Skips})
	}
	return out
}
