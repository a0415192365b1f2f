package web

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/page"
)

type messagePage struct {
	page.Frame
	*app.Preview
	Name     string
	Day      cal.Date
	Waits    bool // proposed or approved: words and day may change
	CanHold  bool // the customer may have answered it
	Answers  []app.AnswerKind
	Listed   []page.Option // its invoices
	States   []page.Option // what may become of a registered letter
	Earliest cal.Date
	Second   string // who approved first, of two
	Sub      string
}

func (v *visit) message() error {
	n, err := number[id.Message](v)
	if err != nil {
		return err
	}
	return v.messagePage(n)
}

func (v *visit) messagePage(n id.Message) error {
	p, err := v.desk.Preview(v.r.Context(), n)
	if err != nil {
		return err
	}
	day, err := v.desk.Today(v.r.Context())
	if err != nil {
		return err
	}
	x := messagePage{Preview: p, Day: day, Name: v.messageName(p.Kind, p.Level), Waits: p.State == "proposed" || p.State == "approved",
		CanHold: p.State == "sent", Answers: app.AnswerKinds, Earliest: day + 1}
	if p.State == "proposed" && p.ApprovedBy != "" {
		x.Second = p.ApprovedBy
	}
	for _, i := range p.Invoices {
		x.Listed = append(x.Listed, page.Option{Value: i, Label: i})
	}
	if p.Channel == string(dunning.Registered) && p.State == "sent" {
		x.States = v.postStates(p.PostState)
	}
	x.Frame = v.frame("/outbox", x.Name+" · "+p.CustomerName)
	return v.render("message", x)
}

// postStates are what may become of a letter from where it is (PRODUCT.md §3 rule 16).
func (v *visit) postStates(now string) (out []page.Option) {
	for _, s := range map[string][]string{"posted": {"presented", "delivered", "refused", "unclaimed", "unknown-address"},
		"presented": {"delivered", "refused", "unclaimed"}}[now] {
		out = append(out, page.Option{Value: s, Label: i18n.T(v.lang, "web.post."+s)})
	}
	return out
}

// mailFrame answers the HTML of a mail exactly as it is sent, inside a frame where nothing runs;
// the logo that travels with it stands in its place.
func (v *visit) mailFrame(html string) error {
	if strings.Contains(html, "cid:logo") {
		c, err := v.desk.Company(v.r.Context())
		if err != nil {
			return err
		}
		logo := c.Profile.Logo
		html = strings.ReplaceAll(html, "cid:logo", "data:"+http.DetectContentType(logo)+";base64,"+base64.StdEncoding.EncodeToString(logo))
	}
	h := v.w.Header()
	h.Set("Content-Security-Policy", "sandbox allow-same-origin allow-popups; "+framed)
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(v.w, html) // a reader who left is no fault of ours
	return nil
}

func (v *visit) mail() error {
	p, err := v.preview()
	if err != nil {
		return err
	}
	if p.Mail == nil {
		return fault.New(fault.NotFound, "web.error.no-page")
	}
	return v.mailFrame(p.Mail.HTML)
}

func (v *visit) paper() error {
	p, err := v.preview()
	if err != nil {
		return err
	}
	if p.PDF == nil {
		return fault.New(fault.NotFound, "web.error.no-page")
	}
	return v.pdf(p.PDF, p.CustomerCode+"-"+p.Step+".pdf")
}

func (v *visit) preview() (*app.Preview, error) {
	n, err := number[id.Message](v)
	if err != nil {
		return nil, err
	}
	return v.desk.Preview(v.r.Context(), n)
}

func (v *visit) proof() error {
	n, err := number[id.Message](v)
	if err != nil {
		return err
	}
	p, err := v.desk.Proof(v.r.Context(), n)
	if err != nil {
		return err
	}
	if p.Name == "" {
		p.Name = "preuve"
	}
	return v.download(p)
}

// onMessage does something to a message and comes back to it.
func (v *visit) onMessage(form, key string, do func(id.Message) error) error {
	n, err := number[id.Message](v)
	if err != nil {
		return err
	}
	if err := do(n); err != nil {
		return v.again(err, form, func() error { return v.messagePage(n) })
	}
	v.done(key)
	return v.redirect(messagePath(n))
}

func (v *visit) edit() error {
	return v.onMessage("edit", "web.done.edited", func(n id.Message) error {
		return v.desk.Edit(v.r.Context(), n, app.Words{Subject: v.text("subject"), Body: lines(v.text("body"))})
	})
}

func (v *visit) postpone() error {
	return v.onMessage("postpone", "web.done.postponed", func(n id.Message) error {
		until, err := v.day("until", true)
		if err != nil {
			return err
		}
		return v.desk.Postpone(v.r.Context(), n, until)
	})
}

func (v *visit) settle() error {
	return v.onMessage("settle", "web.done.settled", func(n id.Message) error {
		return v.desk.Settle(v.r.Context(), n, v.text("left") == "yes")
	})
}

// answer records with one gesture what the customer answered to a message: it holds at once.
func (v *visit) answer() error {
	return v.onMessage("answer", "web.done.answer", func(n id.Message) error {
		a, err := v.readAnswer()
		if err != nil {
			return err
		}
		a.Message = n
		return v.desk.Answer(v.r.Context(), a)
	})
}

// postState records what became of a registered letter, with the scan that proves it.
func (v *visit) postState() error {
	return v.onMessage("state", "web.done.post-state", func(n id.Message) error {
		scan, _, err := v.upload("proof")
		if err != nil {
			return err
		}
		on, err := v.day("on", true)
		if err != nil {
			return err
		}
		return v.desk.SetPostState(v.r.Context(), n, v.text("state"), on, scan)
	})
}

// upload reads a file of a form, nil when none was given.
func (v *visit) upload(name string) (data []byte, file string, err error) {
	f, h, err := v.r.FormFile(name)
	switch {
	case errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart):
		return nil, "", v.r.ParseForm()
	case err != nil:
		return nil, "", err
	}
	defer f.Close()
	data, err = io.ReadAll(f)
	return data, h.Filename, err
}
