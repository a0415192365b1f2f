package web

import (
	"context"
	"strconv"
	"time"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/page"
)

// Demo is what a demonstration adds to the desk: a mailbox that catches every mail, and a clock
// that moves forward.
type Demo interface {
	// Mails lists the last mails, the newest first.
	Mails(limit int) []DemoMail
	// Mail is one of them with its content.
	Mail(id int) (DemoMail, bool)
	// Move moves the clock forward by days, doing each day what a day does.
	Move(ctx context.Context, days int) error
}

// DemoMail is a mail that was caught.
type DemoMail struct {
	ID            int
	At            time.Time
	From, Subject string
	To            []string
	HTML, Text    string
	Files         []DemoFile
}

// DemoFile is an attachment.
type DemoFile struct {
	Name, Media string
	Data        []byte
}

var demoRoutes = []route{
	{pattern: "GET /demo/mailbox", need: org.VerbRead, do: (*visit).demoMailbox},
	{pattern: "GET /demo/mailbox/{id}", need: org.VerbRead, do: (*visit).demoMail},
	{pattern: "GET /demo/mailbox/{id}/mail", need: org.VerbRead, do: (*visit).demoFrame},
	{pattern: "GET /demo/mailbox/{id}/file/{n}", need: org.VerbRead, do: (*visit).demoFile},
	{pattern: "POST /demo/clock", need: org.VerbRead, do: (*visit).demoClock},
}

// maxMove is how many days the clock moves at once.
const maxMove = 31

type mailboxPage struct {
	page.Frame
	List []mailRow
}

// mailRow is a mail with the day and the hour of the demonstration at which it came.
type mailRow struct {
	DemoMail
	On   cal.Date
	Hour string
}

// shownMails is how many mails the mailbox lists.
const shownMails = 200

func (v *visit) demoMailbox() error {
	c, err := v.desk.Company(v.r.Context())
	if err != nil {
		return err
	}
	var p mailboxPage
	for _, m := range v.o.Demo.Mails(shownMails) {
		at := m.At.In(c.Profile.Location())
		p.List = append(p.List, mailRow{m, cal.In(m.At, c.Profile.Location()), at.Format("15:04")})
	}
	p.Frame = v.frame("/demo/mailbox", i18n.T(v.lang, "web.demo.mailbox"))
	return v.render("mailbox", p)
}

type caughtPage struct {
	page.Frame
	DemoMail
}

func (v *visit) caught() (DemoMail, error) {
	n, err := number[int64](v)
	if err != nil {
		return DemoMail{}, err
	}
	m, ok := v.o.Demo.Mail(int(n))
	if !ok {
		return m, fault.New(fault.NotFound, "web.error.no-page")
	}
	return m, nil
}

func (v *visit) demoMail() error {
	m, err := v.caught()
	if err != nil {
		return err
	}
	p := caughtPage{DemoMail: m}
	p.Frame = v.frame("/demo/mailbox", m.Subject)
	return v.render("caught", p)
}

func (v *visit) demoFrame() error {
	m, err := v.caught()
	if err != nil {
		return err
	}
	return v.mailFrame(m.HTML)
}

func (v *visit) demoFile() error {
	m, err := v.caught()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.r.PathValue("n"))
	if err != nil || n < 0 || n >= len(m.Files) {
		return fault.New(fault.NotFound, "web.error.no-page")
	}
	f := m.Files[n]
	if f.Media == "application/pdf" {
		return v.pdf(f.Data, f.Name)
	}
	return v.download(paperOf(f))
}

func (v *visit) demoClock() error {
	n, err := strconv.Atoi(v.text("days"))
	if err != nil || n < 1 || n > maxMove {
		return fault.New(fault.Invalid, "web.form.day")
	}
	if err := v.o.Demo.Move(v.r.Context(), n); err != nil {
		return err
	}
	v.flash(said{Key: "web.demo.moved", N: n})
	return v.redirect("/")
}
