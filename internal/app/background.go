package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/watch"
	"relance/internal/store"
)

// The kinds of background work.
const (
	workRun  = "run"  // decide the day of a company
	workSend = "send" // hand over what is approved
)

// workArgs says which company a job is about.
type workArgs struct {
	Company id.Company `json:"company"`
}

// earliest is the local hour at which a company's day is decided: everything is ready when people
// arrive, and nothing is decided on the night's half of a day that daylight saving may repeat.
const earliest = 6

// takeover is how soon the schedule asks for work again that a node may have taken to its grave: two workers on the same
// work share it, and do no harm.
const takeover = 3 * time.Minute

// job is work for a company; the same is never waiting twice at one time of asking.
func job(kind string, c id.Company, at time.Time) (store.Job, error) {
	b, err := json.Marshal(workArgs{c})
	return store.Job{Kind: kind, Args: string(b), Key: fmt.Sprintf("%s:%d:%d", kind, c, at.UnixMilli()/takeover.Milliseconds())}, err
}

// wakeMail asks the background to hand over what this change approved.
func (m *moment) wakeMail() error {
	j, err := job(workSend, m.company.ID, m.at)
	if err != nil {
		return err
	}
	return m.Enqueue(m.ctx, j)
}

// Schedule asks for the work whose time has come: it is called every minute, by every node; the
// same work is never waiting twice. A missed day is never lost: what was due stays due. A house that
// has moved is an error that Left knows.
func (a *App) Schedule(ctx context.Context) error {
	if err := a.store.Lived(ctx); err != nil {
		return err
	}
	now := a.now()
	run, mail, err := a.due(ctx, now)
	if err != nil {
		return err
	}
	for _, x := range []struct {
		kind string
		list []id.Company
	}{{workRun, run}, {workSend, mail}} {
		for some := range slices.Chunk(x.list, askedTogether) {
			if err := a.store.Update(ctx, 0, func(tx *store.Tx) error {
				for _, c := range some {
					if err := enqueue(ctx, tx, x.kind, c, now); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// askedTogether is how many companies' work is asked for in one transaction: thousands would hold the writer for long.
const askedTogether = 500

// due lists the companies with work whose time has come, each by its own clock: those to decide, and those whose mail may
// leave now.
func (a *App) due(ctx context.Context, now time.Time) (run, mail []id.Company, err error) {
	const eastmost = 14 * time.Hour // no day begins before it begins at UTC+14
	y, m, d := now.UTC().Add(eastmost).Date()
	err = a.store.View(ctx, 0, func(tx *store.Tx) error {
		list, err := tx.DueCompanies(ctx, cal.Of(y, m, d).String(), now)
		if err != nil {
			return err
		}
		for _, x := range list {
			c, err := tx.In(x.Company).Own(ctx)
			if err != nil {
				return err
			}
			day := dayOf(c, now)
			if !x.Next.IsZero() && x.Next <= day && now.In(c.Profile.Location()).Hour() >= earliest {
				run = append(run, c.ID)
			}
			if x.Mail && (!c.IsLive() || inWindow(c, now, day)) {
				mail = append(mail, c.ID)
			}
		}
		return nil
	})
	return run, mail, err
}

func enqueue(ctx context.Context, tx *store.Tx, kind string, company id.Company, at time.Time) error {
	j, err := job(kind, company, at)
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, j)
}

// Work does one piece of background work: the verb that a person would call.
func (a *App) Work(ctx context.Context, kind, args string) error {
	var w workArgs
	if err := json.Unmarshal([]byte(args), &w); err != nil {
		return err
	}
	ctx, work := watch.Begin(ctx, watch.Job, watch.Word("job", kind), watch.Num("company", w.Company))
	err := error(fault.New(fault.Internal, "store.job.panic", kind)) // unless it returns
	defer func() {
		if later := (store.Later{}); errors.As(err, &later) { // it gave its place to others: no failure
			work.Note(watch.Num("later", int(later.After.Milliseconds())))
			work.End(nil)
			return
		}
		work.End(err)
	}()
	err = a.work(ctx, kind, a.As(System(w.Company, "relance")))
	return err
}

func (a *App) work(ctx context.Context, kind string, d *Desk) error {
	switch kind {
	case workRun:
		if _, err := d.Run(ctx, RunOptions{Brief: true}); err != nil {
			return err
		}
		return a.store.Update(ctx, 0, func(tx *store.Tx) error { return enqueue(ctx, tx, workSend, d.actor.Company, a.now()) })
	case workSend:
		// A company with a hundred thousand messages does not keep one with ten waiting.
		sent, err := d.SendDue(ctx, SendOptions{For: a.pace.Turn})
		if err == nil && sent.More {
			return store.Later{After: sent.Again}
		}
		return err
	}
	return fault.New(fault.Invalid, "app.work.unknown", kind)
}

// Recover takes back the imports that a stop of the program left half way, in every company.
func (a *App) Recover(ctx context.Context) error {
	list, err := a.Companies(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := a.As(System(c.ID, "relance")).RecoverImports(ctx); err != nil {
			return err
		}
	}
	return nil
}
