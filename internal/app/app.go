package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"time"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// App is the open house: one database and the pipes outside.
type App struct {
	store     *store.Store
	now       func() time.Time
	mail      Mailer
	print     Printer
	seal      Sealer
	pace      Pace
	node      string       // this process among those of the database
	workers   atomic.Int64 // that it has begun
	scenarios scenarioCache
	seen      seen
}

// Options is what the house is opened with. Ports may be nil where no verb that is called needs
// them: a plan sends nothing.
type Options struct {
	Store *store.Store
	Now   func() time.Time // the clock, read once a verb; nil is the machine's
	Mail  Mailer
	Print Printer
	Seal  Sealer
	Pace  Pace
}

// New opens the house.
func New(o Options) *App {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &App{store: o.Store, now: o.Now, mail: o.Mail, print: o.Print, seal: o.Seal, pace: o.Pace.withDefaults(), node: rand.Text()}
}

// newWorker names a worker as no other is named, whatever the machine: containers share their process numbers.
func (a *App) newWorker() string { return fmt.Sprintf("%s.%d", a.node, a.workers.Add(1)) }

// Actor is who acts, in which company.
type Actor struct {
	Company id.Company
	User    id.User
	Name    string
	Role    org.Role
	Bound   bool // to the customers of the user's portfolio
}

// System is the actor of background work and of the command line's owner: the machine's own user.
func System(c id.Company, name string) Actor {
	return Actor{Company: c, Name: name, Role: org.Admin}
}

// Desk is one person in one company: its reads are bound to the company, its verbs ask first
// whether the person may.
type Desk struct {
	*App
	actor Actor
	late  cal.Date // the day its changes are stamped with, zero for today
}

// As sits an actor at a desk.
func (a *App) As(actor Actor) *Desk { return &Desk{App: a, actor: actor} }

// On is the same desk, its changes stamped with another day: what is entered after it happened, a
// letter posted on Friday or a hold agreed on last week, bears the day it happened on, as a run
// for a day bears that day (PRODUCT.md §7). A zero day is today.
func (d *Desk) On(day cal.Date) *Desk { return &Desk{App: d.App, actor: d.actor, late: day} }

// Actor tells who sits at the desk.
func (d *Desk) Actor() Actor { return d.actor }

// may is the permission that every verb asks for first.
func (d *Desk) may(v org.Verb) error {
	if !d.actor.Role.May(v) {
		return fault.New(fault.Forbidden, "app.forbidden")
	}
	return nil
}

// bind lets a transaction see what the person at the desk may see.
func (d *Desk) bind(tx *store.Tx) *store.Tx {
	if d.actor.Bound {
		return tx.Within(d.actor.User)
	}
	return tx
}

// view reads one consistent picture of the company.
func (d *Desk) view(ctx context.Context, fn func(*store.Tx) error) error {
	if err := d.may(org.VerbRead); err != nil {
		return err
	}
	return d.store.View(ctx, d.actor.Company, func(tx *store.Tx) error { return fn(d.bind(tx)) })
}

// Today is the company's civil day at the clock's instant.
func (d *Desk) Today(ctx context.Context) (day cal.Date, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err := company(ctx, tx)
		day = dayOf(c, d.now())
		return err
	})
	return day, err
}

// Company is the company of the desk.
func (d *Desk) Company(ctx context.Context) (c org.Company, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		c, err = company(ctx, tx)
		return err
	})
	return c, err
}

func company(ctx context.Context, tx *store.Tx) (org.Company, error) {
	c, err := tx.Own(ctx)
	if fault.Of(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "app.no-company")
	}
	return c, err
}

// invoiceNamed finds the company's invoice of a number.
func invoiceNamed(ctx context.Context, tx *store.Tx, number string) (*store.Doc, error) {
	docs, err := tx.DocsByNumber(ctx, []string{number})
	if err == nil && len(docs) == 0 {
		err = fault.New(fault.NotFound, "app.no-invoice", number)
	}
	if err != nil {
		return nil, err
	}
	return docs[0], nil
}

// dayOf is the civil day of an instant where the company is.
func dayOf(c org.Company, at time.Time) cal.Date {
	y, m, d := at.In(c.Profile.Location()).Date()
	return cal.Of(y, m, d)
}
