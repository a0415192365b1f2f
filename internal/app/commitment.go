package app

import (
	"relance/internal/domain/dunning"
	"relance/internal/domain/journal"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// partlyDays is how many working days the call about a commitment that was kept in part is given before the
// scenario goes on (PRODUCT.md §3 rule 6).
const partlyDays = 5

// standing judges a commitment on what its items owe at the day of the scene.
func (s *scene) standing(c *store.Commitment, l *store.Ledger) promise.Standing {
	open := int64(0)
	for i := range l.Items {
		for _, n := range c.Items {
			if l.Items[i].ID == n {
				open += l.Items[i].Open
			}
		}
	}
	return promise.Judge(c.Dates(), max(0, c.Owed-open), s.day, s.known, s.company.Profile.Calendar)
}

// commit makes the commitments of a customer stand in the decision as they are judged: one that is kept or broken
// holds nothing any more, whatever its rows still say.
func (s *scene) commit(d *Decision, l *store.Ledger) {
	d.standings = make(map[id.Plan]promise.Standing, len(l.Running))
	held, gone := map[id.Plan]cal.Date{}, map[id.Plan]bool{}
	for _, c := range l.Running {
		st := s.standing(c, l)
		d.standings[c.ID] = st
		d.wakeOn(st.Next)
		d.wakeOn(s.nextNotice(c, st))
		var until cal.Date
		switch {
		case st.State == promise.Kept:
			gone[c.ID] = true
		case st.State == promise.Broken && (c.Kind == "promise" || c.Accelerate):
			gone[c.ID] = true
			d.In.Asks = append(d.In.Asks, callAbout(c, st))
		case st.State == promise.Broken: // nothing but the missed part is due: a person decides
			d.In.Asks = append(d.In.Asks, callAbout(c, st))
		case st.State == promise.Partly:
			until = s.company.Profile.Calendar.AddWorkingDays(st.Since, partlyDays)
			if gone[c.ID] = s.day > until; !gone[c.ID] {
				d.wakeOn(until + 1)
			}
			d.In.Asks = append(d.In.Asks, callAbout(c, st))
		case !st.Await:
			until = st.Parts[len(st.Parts)-1].Until
		}
		held[c.ID] = until
	}
	for _, h := range l.Holds {
		x := h.Hold
		if until, running := held[h.Commitment]; running && h.Commitment != 0 {
			if gone[h.Commitment] {
				continue
			}
			if x.Until = until; d.standings[h.Commitment].Await {
				x.Why = i18n.T(language(s.company, &d.Customer), "why.hold.await", x.Why, s.known)
			}
		}
		d.In.Holds = append(d.In.Holds, x)
	}
}

// callAbout is the call that a commitment which was not kept asks for.
func callAbout(c *store.Commitment, st promise.Standing) dunning.Ask {
	key := "why.task." + c.Kind
	if st.State == promise.Partly {
		key += ".partly"
	}
	a := dunning.Ask{Kind: string(dunning.Call), Items: c.Items, Days: partlyDays}
	for _, p := range st.Parts {
		if p.State == promise.Broken || p.State == promise.Partly {
			a.Why = i18n.Say(key, p.Due, money.Of(p.Paid, c.Currency), money.Of(p.Amount, c.Currency))
			break
		}
	}
	return a
}

// wakeOn makes a customer be looked at again on a day that no item knows of.
func (d *Decision) wakeOn(day cal.Date) {
	if !day.IsZero() && (d.wake.IsZero() || day < d.wake) {
		d.wake = day
	}
}

// keepStandings writes what a day has made of the commitments of a decision: the holds of those that are over
// end, and the journal says how it went.
func (q *queue) keepStandings(d *Decision) error {
	for _, c := range d.ledger.Running {
		st := d.standings[c.ID]
		if st.State == promise.Running {
			continue
		}
		if err := q.closeCommitment(c, st.State, q.day, st); err != nil {
			return err
		}
	}
	return nil
}

func (q *queue) closeCommitment(c *store.Commitment, state promise.State, on cal.Date, st promise.Standing) error {
	c.State, c.ClosedOn = state, on
	if err := q.SetCommitment(q.ctx, c); err != nil {
		return err
	}
	holds, err := q.HoldsOfCommitment(q.ctx, c.ID)
	if err != nil {
		return err
	}
	for _, h := range holds {
		if !h.EndedOn.IsZero() && (state != promise.Broken || h.EndedWhy != store.Settled) {
			continue
		}
		switch {
		case state == promise.Partly:
			err = q.SetHoldUntil(q.ctx, h.ID, q.company.Profile.Calendar.AddWorkingDays(st.Since, partlyDays))
		case state == promise.Broken && c.Kind == "plan" && !c.Accelerate && h.EndedOn.IsZero():
			err = q.SetHoldUntil(q.ctx, h.ID, 0)
		default:
			err = q.Tx.EndHold(q.ctx, h.ID, on, "")
		}
		if err != nil {
			return err
		}
	}
	if state == promise.Kept && c.Waive {
		if err := q.waiveKept(c); err != nil {
			return err
		}
	}
	return q.note(journal.Kind("commitment."+string(state)), subject{customer: c.Customer}, map[string]any{"commitment": c.ID, "kind": c.Kind, "made_on": c.MadeOn})
}

// waiveKept gives up the interest of the invoices of a plan that was kept, as its terms say.
func (q *queue) waiveKept(c *store.Commitment) error {
	docs, err := q.DocsOfItems(q.ctx, c.Items)
	if err != nil {
		return err
	}
	var rows []store.Charge
	for _, d := range docs {
		rows = append(rows, store.Charge{Customer: c.Customer, Invoice: d.ID, State: "waived", Day: q.day, Until: q.day,
			Why: i18n.T(q.lang(), "app.plan.waived"), Actor: c.Owner})
	}
	return q.InsertCharges(q.ctx, rows)
}
