package main

import (
	gocontext "context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/store"
)

type doctorCmd struct {
	DKIMSelector string `env:"RELANCE_DKIM_SELECTOR" placeholder:"NAME" help:"Selector of the DKIM key that the mail server signs with, to look for it in the DNS."`
	Live         bool   `help:"Only ask the desk whether it lives: what a container's health check runs."`
	Listen       string `default:"127.0.0.1:8080" env:"RELANCE_LISTEN" placeholder:"ADDRESS" help:"Where --live finds the desk."`
}

// Help implements kong's detailed help.
func (doctorCmd) Help() string {
	return `Looks at everything and changes nothing: not even a schema that is behind. ✗ is what
does not work, and makes the exit code 1; ! is what should be seen to, or could not be
looked at from here; · is what cannot be known.

    relance doctor
    relance doctor --dkim-selector mail2026
    relance doctor --json | jq '.checks[] | select(.level != "ok")'`
}

// level is how well something stands.
type level string

const (
	fine    level = "ok"
	unknown level = "note" // it cannot be known, and nothing says that it is wrong
	doubt   level = "warn" // to be seen to, or not reachable from here
	broken  level = "fail"
)

var marks = map[level]string{fine: "✓", unknown: "·", doubt: "!", broken: "✗"}

// checkShape is one thing that doctor looked at.
type checkShape struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"` // false makes the exit code 1
	Level level  `json:"level"`
	Told  string `json:"told"`
}

// examination gathers what was seen.
type examination struct {
	c    *context
	list []checkShape
}

func (x *examination) see(name string, l level, told string) {
	x.list = append(x.list, checkShape{name, l != broken, l, told})
}

// look sees something that works or does not.
func (x *examination) look(name string, err error, told string) {
	if err != nil {
		x.see(name, broken, i18n.Error(x.c.Lang, err))
		return
	}
	x.see(name, fine, told)
}

// Run looks at what a working house needs.
func (q doctorCmd) Run(c *context) error {
	if q.Live {
		return c.lives(q.Listen)
	}
	x := &examination{c: c}
	day := x.house(q.DKIMSelector)
	x.rates(day)
	ok := true
	for _, s := range x.list {
		ok = ok && s.OK
	}
	if err := c.answer(map[string]any{"ok": ok, "checks": x.list}, func(w io.Writer) {
		for _, s := range x.list {
			fmt.Fprintf(w, "%s %-14s %s\n", marks[s.Level], s.Check, s.Told)
		}
	}); err != nil {
		return err
	}
	if !ok {
		return errSaid
	}
	return nil
}

// house looks at the database before it is opened, which would bring its schema up to date, then at
// the house, then at the company; it returns the company's day.
func (x *examination) house(selector string) cal.Date {
	c := x.c
	url, err := c.database()
	x.look("database-url", err, redacted(url))
	schema, err := store.Look(c.ctx, url)
	x.look("database", err, c.t("cmd.doctor.database", string(schema.Dialect), schema.Server))
	x.disk(url)
	if err != nil {
		return today()
	}
	if len(schema.Loses) > 0 {
		x.see("durability", doubt, c.t("cmd.doctor.durability.off", strings.Join(schema.Loses, ", ")))
	} else {
		x.see("durability", fine, c.t("cmd.doctor.durability"))
	}
	if err := schema.Current(); err != nil {
		x.look("schema", err, "")
		return today()
	}
	x.see("schema", fine, c.t("cmd.doctor.schema", schema.At))
	a, closer, err := c.house(false)
	if err != nil {
		x.look("database", err, "")
		return today()
	}
	defer func() { _ = closer() }() // nothing was written
	x.vitals(a)
	d, err := c.sit(a, false)
	if err != nil {
		x.look("company", err, "")
		return today()
	}
	x.company(d)
	x.clock(d)
	x.mail(d, selector)
	x.journal(d)
	day, err := d.Today(c.ctx)
	if err != nil {
		return today()
	}
	return day
}

func today() cal.Date {
	y, m, d := clock().Date()
	return cal.Of(y, m, d)
}

func (x *examination) company(d *app.Desk) {
	co, err := d.Company(x.c.ctx)
	x.look("company", err, co.Code+" "+co.Profile.Name)
}

func (x *examination) journal(d *app.Desk) {
	v, err := d.VerifyJournal(x.c.ctx)
	if err == nil && v.Broken != "" {
		err = errors.New(x.c.t("cmd.journal.broken", int(v.At), x.c.t("cmd.journal."+v.Broken)))
	}
	x.look("journal", err, x.c.t("cmd.journal.valid", int(v.Sealed), v.Unsealed))
}

// lives asks the desk of this machine.
func (c *context) lives(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return usage(err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost" // it listens everywhere: here too
	}
	ctx, cancel := gocontext.WithTimeout(c.ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return errors.New(res.Status)
	}
	return c.done("cmd.doctor.lives")
}
