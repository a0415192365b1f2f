package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"relance/internal/store"
	"relance/internal/web"
)

// serveFlags are the settings of a desk; "relance config" takes them too, and says what they would be.
type serveFlags struct {
	Listen  string        `default:"127.0.0.1:8080" env:"RELANCE_LISTEN" placeholder:"ADDRESS" help:"Where the desk answers: this machine only, unless told otherwise."`
	Secure  bool          `env:"RELANCE_SECURE" help:"People come by HTTPS, through a proxy: cookies are never sent in clear."`
	Metrics string        `env:"RELANCE_METRICS" placeholder:"ADDRESS" help:"Where Prometheus finds /metrics (127.0.0.1:9090); nowhere, unless told."`
	Drain   time.Duration `default:"0s" env:"RELANCE_DRAIN" placeholder:"DURATION" help:"How long /readyz says no before the desk closes, for a load balancer to look."`
}

type serveCmd struct {
	serveFlags
}

// Run opens the desk and works in the background: it decides each company's day, sends what is
// approved inside its hours, and catches up what a stop has missed.
func (q serveCmd) Run(c *context) (err error) {
	c.loud(slog.LevelInfo)
	url, err := c.database()
	if err != nil {
		return err
	}
	st, err := store.Open(c.ctx, url, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	a := c.over(st)
	unmeasured, err := c.measured(q.Metrics, a, st)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unmeasured()) }()
	if err := a.Recover(c.ctx); err != nil {
		return err
	}
	o := &opened{app: a, store: st, drain: q.Drain}
	h, err := web.New(a, web.Options{Secure: q.Secure, Ready: o.ready})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", q.Listen)
	if err != nil {
		return err
	}
	c.tellOpen(l.Addr().String())
	return o.answer(c, l, h)
}

// tellOpen says where the desk is: to a person as a sentence, to a machine as a line of its log.
func (c *context) tellOpen(address string) {
	if c.logFormat == "json" {
		slog.Info("listening", "address", address)
		return
	}
	fmt.Fprintln(c.errOut, "relance:", c.t("cmd.serve.ready", "http://"+address+"/"))
}
