package app

import (
	"context"
	"slices"
	"time"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// parcel is a claimed message with what its bytes need besides its inputs, then with what came of it.
type parcel struct {
	row    *store.Message
	thread []id.Message
	at     time.Time // it was claimed
	reply  string
	sha    string
	err    error
	unsent bool // the server was not reached: this was no attempt
	handed bool // to the server
	cut    bool // the worker was asked to stop before that: another may go on at once
	lost   bool // another worker has it
}

// claim takes a batch for this worker. In the same transaction each message is checked against the
// ledger as it stands: one that is no longer true is made void and its customer planned again; one
// decided on an earlier day is dated and computed anew.
func (p *post) claim(ctx context.Context) (batch []*parcel, err error) {
	err = retry(ctx, func() error {
		batch = nil
		return p.update(ctx, org.VerbCollect, func(m *moment) error {
			m.day = p.day
			rows, err := p.take(m)
			p.claimed = len(rows)
			if err != nil || len(rows) == 0 {
				return err
			}
			batch, err = p.check(m, rows)
			return err
		})
	})
	return batch, err
}

// take claims what the accounts may send: on connections that no other worker holds, and no more than their allowance.
func (p *post) take(m *moment) (rows []*store.Message, err error) {
	limit := p.batch
	if p.options.Limit > 0 {
		limit = min(limit, p.options.Limit-p.handled)
	}
	p.busy, p.again = false, time.Time{}
	for i := range p.accounts {
		if limit == 0 {
			break
		}
		a := &p.accounts[i]
		serves := []id.MailAccount{id.MailAccount(a.id)}
		if i == 0 {
			serves = append(serves, 0) // the default one
		}
		waiting, err := m.HasWaiting(m.ctx, serves, m.at, p.day)
		if err != nil {
			return nil, err
		}
		if !waiting {
			continue
		}
		lines, messages, again, err := m.TakeLines(m.ctx, store.LineAsk{Account: id.MailAccount(a.id), Worker: p.worker,
			Want: min(a.connections(), limit), Cap: a.connections(), Rate: a.Rate, Messages: limit, Now: m.at, Until: m.at.Add(p.pace.Lease)})
		if err != nil {
			return nil, err
		}
		if messages == 0 {
			if p.busy = p.busy || again.IsZero(); !again.IsZero() && (p.again.IsZero() || again.Before(p.again)) {
				p.again = again
			}
			continue
		}
		got, err := m.Claim(m.ctx, p.worker, serves, m.at, p.pace.Lease, p.day, messages)
		if err != nil {
			return nil, err
		}
		if err := m.SpendAllowance(m.ctx, id.MailAccount(a.id), a.Rate, len(got), m.at); err != nil {
			return nil, err
		}
		a.lent, limit = lines, limit-len(got)
		rows = append(rows, got...)
	}
	return rows, nil
}

func (p *post) check(m *moment, rows []*store.Message) ([]*parcel, error) {
	s, err := p.scene(m.ctx, m.Tx, p.day)
	if err != nil {
		return nil, err
	}
	var who []id.Customer
	for _, r := range rows {
		who = append(who, r.Customer)
	}
	slices.Sort(who)
	who = slices.Compact(who)
	decisions, err := s.gather(m.ctx, m.Tx, who)
	if err != nil {
		return nil, err
	}
	at := map[id.Customer]*Decision{}
	for _, d := range decisions {
		at[d.Customer.ID] = d
	}
	threads, err := m.Threads(m.ctx, who)
	if err != nil {
		return nil, err
	}
	q := newQueue(m, s)
	var out []*parcel
	for _, row := range rows {
		ok, err := p.still(q, at[row.Customer], row)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, &parcel{row: row, thread: tail(threads[row.Customer], 8), at: m.at})
		}
	}
	return out, q.saveStates()
}

func tail(list []id.Message, n int) []id.Message { return list[max(0, len(list)-n):] }

// still checks one claimed message and brings it to the day it leaves.
func (p *post) still(q *queue, d *Decision, row *store.Message) (bool, error) {
	in, err := readInputs(row)
	if err != nil {
		return false, err
	}
	if why := d.untrue(row, in); why != "" { // a copy of a posted letter too: not after payment
		p.sent.Void++
		q.touch(row.Customer)
		return false, q.void(d, row)
	}
	if repeats(row) {
		return true, nil
	}
	if kept, err := p.keptBack(q, d, row); kept || err != nil {
		return false, err
	}
	trial := !q.company.IsLive()
	if in.Date == p.day && row.Trial == trial {
		return true, nil
	}
	row.Trial = trial
	if err := q.redate(d, row, in); err != nil {
		return false, err
	}
	return true, q.KeepInputs(q.ctx, row)
}

// keptBack keeps a claimed message that is still true and may not leave today: payments are not known up to a recent
// day and no person has approved it, or the customer was written to too lately.
func (p *post) keptBack(q *queue, d *Decision, row *store.Message) (bool, error) {
	if row.Scenario == 0 || row.CopyOf != 0 {
		return false, nil
	}
	if row.ApprovedBy == "scenario" && q.scene.waits(row.Kind, dunning.Automation(row.Automation)) {
		row.State, row.ApprovedBy, row.WaitsFor = store.Proposed, "", waitsForPayments
		p.sent.Kept++
		if err := q.UpdateMessage(q.ctx, row, store.Sending); err != nil {
			return true, err
		}
		return true, q.note("message.waits", subject{customer: row.Customer, message: row.ID}, map[string]any{"for": waitsForPayments})
	}
	gap := 0
	if s := q.scene.catalog.byID[row.Scenario]; s != nil {
		gap = s.ContactGap
	}
	from := d.nextContact(row, gap, p.day)
	if from.IsZero() {
		return false, nil
	}
	row.State, row.SendOn = store.Approved, from
	row.Attempts--
	p.sent.Kept++
	if err := q.UpdateMessage(q.ctx, row, store.Sending); err != nil {
		return true, err
	}
	return true, q.note("message.waits", subject{customer: row.Customer, message: row.ID}, map[string]any{"for": "contact", "until": from})
}
