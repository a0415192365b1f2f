package app

import (
	"context"

	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Why answers for one invoice: where each instalment stands, what comes next, when, by which rule
// and version; or what blocks it, who decided, until when (PRODUCT.md §3 rule 14).
type Why struct {
	Customer party.Customer
	Doc      *store.Doc
	Date     cal.Date
	Items    []WhyItem
}

// WhyItem is one instalment.
type WhyItem struct {
	Instalment int
	Due        cal.Date
	Amount     int64
	Open       int64
	Status     string // settled, sending-today, task-today, held, waiting, credit, future
	Level      int
	Scenario   string
	Version    int
	Passed     []store.Action // steps behind it, oldest first
	NextStep   string
	NextOn     cal.Date
	Reason     string // of a hold
	Until      cal.Date
	Owner      string
	Rule       string
	Why        i18n.Said
}

// Why looks at an invoice by its number, on a day (zero: today).
func (d *Desk) Why(ctx context.Context, number string, day cal.Date) (*Why, error) {
	w := &Why{}
	err := d.view(ctx, func(tx *store.Tx) error {
		doc, err := invoiceNamed(ctx, tx, number)
		if err != nil {
			return err
		}
		s, err := d.scene(ctx, tx, day)
		if err != nil {
			return err
		}
		w.Doc, w.Date = doc, s.day
		list, err := s.decide(ctx, tx, []id.Customer{w.Doc.Customer})
		if err != nil {
			return err
		}
		w.Customer = list[0].Customer
		var ids []id.Instalment
		for _, it := range w.Doc.Items {
			ids = append(ids, it.ID)
		}
		actions, err := tx.ActionsOn(ctx, ids)
		if err != nil {
			return err
		}
		for _, it := range w.Doc.Items {
			if it.Closed {
				continue
			}
			w.Items = append(w.Items, list[0].why(s, it, actions))
		}
		return nil
	})
	return w, err
}

func (d *Decision) why(s *scene, it store.Item, actions []store.Action) WhyItem {
	x := WhyItem{Instalment: it.Seq, Due: it.Due, Amount: it.Amount, Open: it.Open, Status: "settled", Why: i18n.Say("app.why.settled")}
	for _, a := range actions {
		if a.Item == it.ID {
			x.Passed = append(x.Passed, a)
		}
	}
	if it.Credit {
		x.Status, x.Why = "credit", i18n.Say("app.why.credit")
		return x
	}
	open := d.item(it.ID)
	if open == nil {
		if it.Open != 0 {
			x.Status, x.Why = "future", i18n.Say("app.why.future")
		}
		return x
	}
	x.Open, x.Level = open.Open, open.State.Level
	if open.Scenario != nil {
		x.Scenario, x.Version = open.Scenario.Name, open.Scenario.Version
	}
	d.explain(s, it.ID, &x)
	return x
}

// explain finds the item in the outcome.
func (d *Decision) explain(s *scene, n id.Instalment, x *WhyItem) {
	for _, m := range d.Out.Messages {
		for _, list := range [][]dunning.Line{m.Lines, m.Upcoming} {
			for _, l := range list {
				if l.Item.ID == n && l.Advances {
					x.Status, x.NextStep, x.NextOn, x.Rule, x.Why = "sending-today", l.Step, s.day, "1", m.Why
					return
				}
			}
		}
	}
	for _, t := range d.Out.Tasks {
		for _, it := range t.Items {
			if it.ID == n && t.Step != "" {
				x.Status, x.NextStep, x.NextOn, x.Rule, x.Why = "task-today", t.Step, s.day, "7", t.Why
				return
			}
		}
	}
	for _, h := range d.Out.Held {
		if h.Item.ID == n {
			x.Status, x.Reason, x.Until, x.Owner, x.NextStep, x.Rule, x.Why = "held", string(h.Reason), h.Until, h.Owner, h.Step, h.Rule, h.Why
			return
		}
	}
	for _, w := range d.Out.Waiting {
		if w.Item.ID == n {
			x.Status, x.NextStep, x.NextOn, x.Rule, x.Why = "waiting", w.NextStep, w.NextOn, w.Rule, w.Why
			return
		}
	}
	x.Status, x.Why = "waiting", i18n.Say("app.why.listed")
}
