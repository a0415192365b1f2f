package main

import (
	"errors"
	"fmt"
	"net"

	"relance/internal/store"
	"relance/internal/web"
)

type serveCmd struct {
	Listen string `default:"127.0.0.1:8080" env:"RELANCE_LISTEN" placeholder:"ADDRESS" help:"Where the desk answers: this machine only, unless told otherwise."`
	Secure bool   `help:"People come by HTTPS, through a proxy: cookies are never sent in clear."`
}

// Run opens the desk and works in the background: it decides each company's day, sends what is
// approved inside its hours, and catches up what a stop has missed.
func (q serveCmd) Run(c *context) (err error) {
	url, err := c.database()
	if err != nil {
		return err
	}
	st, err := store.Open(c.ctx, url, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	a, err := c.over(st)
	if err != nil {
		return err
	}
	if err := a.Recover(c.ctx); err != nil {
		return err
	}
	h, err := web.New(a, web.Options{Secure: q.Secure})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", q.Listen)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.errOut, "relance:", c.t("cmd.serve.ready", "http://"+l.Addr().String()+"/"))
	return c.answerHTTP(l, h, a, st)
}
