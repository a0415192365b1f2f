package web

import (
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/journal"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/page"
)

type mailPage struct {
	page.Frame
	Tab      []page.Chip
	Accounts []app.MailAccount
	Account  app.MailAccount // in the form
	TLS      []page.Option

	Port, Connections, Rate string // "" when they are the usual ones
}

func (v *visit) mailAccounts() error {
	list, err := v.desk.MailAccounts(v.r.Context())
	if err != nil {
		return err
	}
	p := mailPage{Tab: v.sections("/settings/mail"), Accounts: list}
	for _, a := range list {
		if a.Name == v.r.URL.Query().Get("edit") {
			p.Account = a
		}
	}
	p.Port, p.Connections, p.Rate = unless0(p.Account.Port), unless0(p.Account.Connections), unless0(p.Account.Rate)
	for _, s := range []string{"starttls", "tls", "none"} {
		p.TLS = append(p.TLS, page.Option{Value: s, Label: i18n.T(v.lang, "web.mail.tls."+s)})
	}
	p.Frame = v.frame("/settings", i18n.T(v.lang, "web.settings.mail"))
	return v.render("settings-mail", p)
}

// unless0 is a number as a form shows it, empty when it is left to the program.
func unless0(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// onMail does something to the mail accounts; passwords never come back to a form.
func (v *visit) onMail(form, key string, do func() error) error {
	if err := do(); err != nil {
		v.r.PostForm.Del("password")
		if fault.Of(err) == fault.Unavailable || fault.Of(err) == fault.Forbidden {
			// The server said no or is closed: that is the answer of the test, not a breakdown.
			err = fault.New(fault.Invalid, "web.mail.refused", i18n.Error(v.lang, err))
		}
		return v.again(err, form, v.mailAccounts)
	}
	v.done(key)
	return v.redirect("/settings/mail")
}

func (v *visit) saveMailAccount() error {
	return v.onMail("mail", "web.done.mail", func() error {
		a := app.MailAccount{Name: v.text("name"), Host: v.text("host"), TLS: v.text("tls"), User: v.text("user"), Password: v.r.PostFormValue("password"),
			From: v.text("from"), FromName: v.text("from_name"), ReplyTo: v.text("reply_to")}
		for s := range strings.SplitSeq(v.text("collectors"), ",") {
			if s = strings.TrimSpace(s); s != "" {
				a.Collectors = append(a.Collectors, s)
			}
		}
		for _, x := range []struct {
			name, wrong string
			most        int
			into        *int
		}{{"port", "web.form.port", 65535, &a.Port}, {"connections", "web.form.number", 50, &a.Connections}, {"rate", "web.form.number", 60_000, &a.Rate}} {
			if s := v.text(x.name); s != "" {
				n, err := strconv.Atoi(s)
				if err != nil || n < 1 || n > x.most {
					return wrong(x.name, x.wrong, x.most)
				}
				*x.into = n
			}
		}
		return v.desk.AddMailAccount(v.r.Context(), a)
	})
}

func (v *visit) testMailAccount() error {
	return v.onMail("test", "web.done.mail-works", func() error { return v.desk.TestMailAccount(v.r.Context(), v.text("name")) })
}

func (v *visit) deleteMailAccount() error {
	return v.onMail("test", "web.done.mail-deleted", func() error { return v.desk.DeleteMailAccount(v.r.Context(), v.text("name")) })
}

type livePage struct {
	page.Frame
	Tab      []page.Chip
	Live     bool
	Since    cal.Date
	TrialTo  string
	Messages []liveMessage
	Count    int
	Sum      string
	Clients  int
	Gates    []app.Gate
}

// liveMessage is a message that would leave today.
type liveMessage struct {
	Code, Name, Channel, What string
	To                        string
	Total                     money.Amount
}

// shownLive is how many messages the page lists; all are counted.
const shownLive = 20

// live shows what going live means: what would leave today, to whom, for how much.
func (v *visit) live() error {
	ctx := v.r.Context()
	c, err := v.desk.Company(ctx)
	if err != nil {
		return err
	}
	p := livePage{Tab: v.sections("/settings/live"), Live: c.IsLive(), Since: c.LiveOn, TrialTo: c.TrialTo}
	if !p.Live {
		l, err := v.desk.GoLive(ctx, false)
		if err != nil {
			return err
		}
		v.wouldLeave(&p, l.Plan)
	}
	p.Frame = v.frame("/settings", i18n.T(v.lang, "web.settings.live"))
	return v.render("settings-live", p)
}

func (v *visit) wouldLeave(p *livePage, plan *app.Plan) {
	var sums []app.Heap
	who := map[string]bool{}
	for _, d := range plan.Drafts {
		p.Count++
		who[d.Decision.Customer.Code] = true
		at := -1
		for i := range sums {
			if sums[i].Currency == d.Row.Currency {
				at = i
			}
		}
		if at < 0 {
			sums, at = append(sums, app.Heap{Currency: d.Row.Currency}), len(sums)
		}
		sums[at].Total += d.Row.Total
		if len(p.Messages) < shownLive {
			p.Messages = append(p.Messages, liveMessage{d.Decision.Customer.Code, d.Decision.Customer.Name, d.Row.Channel,
				v.messageName(d.Row.Kind, d.Row.Level), strings.Join(d.Message.To, ", "), money.Of(d.Row.Total, d.Row.Currency)})
		}
	}
	p.Clients = len(who)
	var parts []string
	for _, s := range sums {
		parts = append(parts, i18n.Amount(v.lang, money.Of(s.Total, s.Currency)))
	}
	p.Sum = strings.Join(parts, " + ")
	for _, g := range plan.Gates {
		if g.Name != "trial" {
			p.Gates = append(p.Gates, g)
		}
	}
}

func (v *visit) goLive() error {
	if v.text("sure") == "" {
		return v.again(wrong("sure", "web.live.sure"), "live", v.live)
	}
	if _, err := v.desk.GoLive(v.r.Context(), true); err != nil {
		return v.again(err, "live", v.live)
	}
	v.done("web.done.live")
	return v.redirect("/settings/live")
}

func (v *visit) trialMailbox() error {
	to := v.text("to")
	if !strings.Contains(to, "@") || strings.ContainsAny(to, " \r\n<>,;") {
		return v.again(wrong("to", "app.mail.address", to), "trial", v.live)
	}
	if err := v.desk.SetTrialMailbox(v.r.Context(), to); err != nil {
		return v.again(err, "trial", v.live)
	}
	v.done("web.done.trial")
	return v.redirect("/settings/live")
}

type journalPage struct {
	page.Frame
	Tab     []page.Chip
	List    []journalRow
	Checked *app.Verified
}

type journalRow struct {
	journal.Entry
	On   cal.Date
	Name string
	Hour string
}

// shownFacts is how many facts of the journal the page lists.
const shownFacts = 100

func (v *visit) journal() error { return v.journalPage(nil) }

func (v *visit) journalPage(checked *app.Verified) error {
	ctx := v.r.Context()
	list, err := v.desk.JournalEntries(ctx, shownFacts)
	if err != nil {
		return err
	}
	c, err := v.desk.Company(ctx)
	if err != nil {
		return err
	}
	p := journalPage{Tab: v.sections("/settings/journal"), Checked: checked}
	for _, e := range list {
		r := journalRow{Entry: e, On: e.Day, Name: string(e.Kind), Hour: e.At.In(c.Profile.Location()).Format("15:04")}
		if key := "web.fact." + string(e.Kind); i18n.Has(key) {
			r.Name = i18n.T(v.lang, key)
		}
		p.List = append(p.List, r)
	}
	p.Frame = v.frame("/settings", i18n.T(v.lang, "web.settings.journal"))
	return v.render("settings-journal", p)
}

func (v *visit) verifyJournal() error {
	c, err := v.desk.VerifyJournal(v.r.Context())
	if err != nil {
		return err
	}
	return v.journalPage(&c)
}
