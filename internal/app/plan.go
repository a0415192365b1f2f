package app

import (
	"context"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// chunk is how many customers are decided at a time: a write transaction of so many stays well
// under 200 ms on SQLite (DESIGN.md, house rule 3).
const chunk = 400

// Plan is what would leave on a day and why the rest would not.
type Plan struct {
	Date      cal.Date
	Company   org.Company
	Decisions []*Decision
	Drafts    []*Draft
	Counted   int    // drafts that were queued and not kept here
	Gates     []Gate // what would keep every message from leaving
}

// Gate is a reason for which a message that is decided does not leave yet (PRODUCT.md §3 rule 8).
type Gate struct {
	Name string // trial, window, mail-account
	Why  i18n.Said
}

// Plan decides a day without changing anything: what `run` would create. A zero day is today.
func (d *Desk) Plan(ctx context.Context, day cal.Date) (*Plan, error) {
	p := &Plan{}
	err := d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, day)
		if err != nil {
			return err
		}
		if err := complete(ctx, tx); err != nil {
			return err
		}
		p.Date, p.Company = s.day, s.company
		if p.Gates, err = d.gates(ctx, tx, s); err != nil {
			return err
		}
		return eachOwing(ctx, tx, s.day, func(ids []id.Customer) error {
			list, err := s.decide(ctx, tx, ids)
			if err != nil {
				return err
			}
			drafts, err := s.write(ctx, tx, list)
			p.Decisions, p.Drafts = append(p.Decisions, list...), append(append(p.Drafts, drafts...), s.notices(list)...)
			return err
		})
	})
	return p, err
}

// complete refuses to decide while an import is half way (PRODUCT.md §6).
func complete(ctx context.Context, tx *store.Tx) error {
	running, err := tx.RunningImports(ctx)
	if err == nil && len(running) > 0 {
		err = fault.New(fault.Unavailable, "app.run.importing", running[0].Name)
	}
	return err
}

// eachOwing walks the customers who owe something on a day.
func eachOwing(ctx context.Context, tx *store.Tx, day cal.Date, do func([]id.Customer) error) error {
	after := id.Customer(0)
	for {
		ids, err := tx.Owing(ctx, day, after, chunk)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := do(ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// gates are the doors that are closed to every message of the company.
func (d *Desk) gates(ctx context.Context, tx *store.Tx, s *scene) ([]Gate, error) {
	var out []Gate
	if !s.company.IsLive() {
		out = append(out, Gate{"trial", i18n.Say("app.gate.trial")})
	}
	accounts, err := tx.MailAccounts(ctx)
	if err != nil {
		return nil, err
	}
	if len(accounts) == 0 {
		out = append(out, Gate{"mail-account", i18n.Say("app.gate.mail-account")})
	}
	return out, nil
}
