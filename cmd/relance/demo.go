package main

import (
	gocontext "context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"relance/internal/app"
	"relance/internal/demo"
	"relance/internal/gateway/pdf"
	"relance/internal/gateway/smtp/catch"
	"relance/internal/store"
	"relance/internal/web"
)

type demoCmd struct {
	Listen string `default:"127.0.0.1:8077" placeholder:"ADDRESS" help:"Where the desk answers; a free port is taken when it is in use."`
}

// Run plays the example company in a temporary database and opens its desk, signed in.
func (q demoCmd) Run(c *context) (err error) {
	dir, err := os.MkdirTemp("", "relance-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	l, err := net.Listen("tcp", q.Listen)
	if err != nil {
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return err
		}
	}
	defer l.Close()
	st, err := store.Open(c.ctx, "sqlite:"+filepath.Join(dir, "demo.db"), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, closer, err := q.stage(c, st)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer()) }()
	u, err := s.Desk.UserNamed(c.ctx, demo.Email)
	if err != nil {
		return err
	}
	token, err := s.App.OpenSession(c.ctx, u.ID, "demo", 20*365*24*time.Hour)
	if err != nil {
		return err
	}
	o := &opened{app: s.App, store: st}
	h, err := web.New(s.App, web.Options{Session: token, Demo: &played{stage: s}, Ready: o.ready})
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, c.t("cmd.demo.ready", "http://"+l.Addr().String()+"/"))
	return o.answer(c, l, h)
}

// stage lives the company's past, with its own mail server.
func (q demoCmd) stage(c *context, st *store.Store) (*demo.Stage, func() error, error) {
	printer, err := pdf.New()
	if err != nil {
		return nil, nil, err
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, nil, err
	}
	clock := demo.NewClock(demo.Begin(time.Now().In(paris)))
	box := demo.NewMailbox(clock.Now)
	mails, err := catch.Listen("127.0.0.1:0", box.Take)
	if err != nil {
		return nil, nil, err
	}
	host, port, err := net.SplitHostPort(mails.Addr())
	if err != nil {
		return nil, nil, errors.Join(err, mails.Close())
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, nil, errors.Join(err, mails.Close())
	}
	fmt.Fprintln(c.errOut, c.t("cmd.demo.living"))
	a := app.New(app.Options{Store: st, Now: clock.Now, Mail: mailer{}, Print: printer})
	s, err := demo.Set(c.ctx, a, clock, box, printer, c.Lang, host, n)
	if err != nil {
		return nil, nil, errors.Join(err, mails.Close())
	}
	return s, mails.Close, nil
}

// played joins the stage to the desk's demonstration: neither knows the other.
type played struct {
	mu    sync.Mutex // one day at a time
	stage *demo.Stage
}

// Mails implements web.Demo.
func (p *played) Mails(limit int) []web.DemoMail {
	list, _ := p.stage.Mailbox.Mails(0, limit)
	out := make([]web.DemoMail, len(list))
	for i, m := range list {
		out[i] = shownMail(m)
	}
	return out
}

// Mail implements web.Demo.
func (p *played) Mail(n int) (web.DemoMail, bool) {
	m, err := p.stage.Mailbox.Mail(n)
	if err != nil {
		return web.DemoMail{}, false
	}
	return shownMail(m), true
}

func shownMail(m *demo.Mail) web.DemoMail {
	x := web.DemoMail{ID: m.ID, At: m.At, From: m.From.Name, Subject: m.Subject, To: m.Recipients, HTML: m.HTML, Text: m.Text}
	for _, a := range m.Attachments {
		x.Files = append(x.Files, web.DemoFile{Name: a.Name, Media: a.MediaType, Data: a.Data})
	}
	return x
}

// Move implements web.Demo.
func (p *played) Move(ctx gocontext.Context, days int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for range days {
		if err := p.stage.NextDay(ctx, false); err != nil {
			return err
		}
	}
	return nil
}
