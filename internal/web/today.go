package web

import (
	"net/url"
	"strconv"

	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/page"
)

// perPage is the rows of a page of a list.
const perPage = 50

// firstToApprove is how many messages the day shows before "all of them".
const firstToApprove = 12

type todayPage struct {
	page.Frame
	Overview  *app.Overview
	Day       cal.Date
	ToApprove []*app.Queued
	Whole     string      // how many to approve, how much, to whom
	Steps     []startStep // to begin, while something is missing
	Decisions []page.Option
}

// startStep is one thing to do before the first message leaves.
type startStep struct {
	Title, Help, Path, Action string
	Done                      bool
}

func (v *visit) today() error {
	ctx := v.r.Context()
	o, err := v.desk.Overview(ctx)
	if err != nil {
		return err
	}
	p := todayPage{Overview: o, Day: o.Day, Decisions: v.decisions()}
	box, err := v.desk.OutboxPage(ctx, "approve", 0, 0, firstToApprove)
	if err != nil {
		return err
	}
	p.ToApprove, p.Whole = box.List, v.heaps(box.Sums)
	if o.Customers == 0 || o.Accounts == 0 && !o.Company.IsLive() {
		p.Steps = v.start(o)
	}
	p.Frame = v.frame("/", i18n.T(v.lang, "web.today"))
	return v.render("today", p)
}

// start lists what a new house still needs, the first thing first.
func (v *visit) start(o *app.Overview) []startStep {
	prof := o.Company.Profile
	t := func(key string) string { return i18n.T(v.lang, key) }
	return []startStep{
		{t("web.start.import"), t("web.start.import.help"), "/imports", t("web.start.import.go"), o.Customers > 0},
		{t("web.start.company"), t("web.start.company.help"), "/settings", t("web.start.company.go"), prof.Name != "" && prof.IBAN != ""},
		{t("web.start.mail"), t("web.start.mail.help"), "/settings/mail", t("web.start.mail.go"), o.Accounts > 0},
		{t("web.entry"), t("web.entry.help"), "/entry", t("web.start.live.go"), o.Company.IsLive()},
		{t("web.start.live"), t("web.start.live.help"), "/settings/live", t("web.start.live.go"), o.Company.IsLive()},
	}
}

// run decides the day and queues its messages.
func (v *visit) run() error {
	r, err := v.desk.Run(v.r.Context(), app.RunOptions{Brief: true})
	if fault.Of(err) == fault.Unavailable {
		v.flash(said{Key: "web.run.busy", N: -1, Bad: true})
		return v.redirect("/")
	}
	if err != nil {
		return err
	}
	v.flash(said{Key: "web.run.done", N: r.Counted, Args: []string{i18n.T(v.lang, "cmd.n.tasks", len(r.Tasks))}})
	return v.redirect("/")
}

// send hands over what is approved and may leave now.
func (v *visit) send() error {
	s, err := v.desk.SendDue(v.r.Context(), app.SendOptions{})
	if err != nil {
		return err
	}
	if len(s.Closed) > 0 {
		why := s.Closed[0].Why.In(v.lang)
		if key := "web.gate." + s.Closed[0].Name; i18n.Has(key) {
			why = i18n.T(v.lang, key)
		}
		v.flash(said{Key: "web.send.closed", N: -1, Args: []string{why}, Bad: true})
	} else {
		v.flash(said{Key: "web.send.done", N: s.Sent, Args: []string{strconv.Itoa(s.Retried + s.Failed + s.Uncertain)}})
	}
	return v.redirect("/outbox?tab=approved")
}

type tasksPage struct {
	page.Frame
	Tasks     []app.ToDo
	Pager     page.Pager
	Decisions []page.Option
}

// decisions are what may follow the pre-legal review (PRODUCT.md §3 rule 12).
func (v *visit) decisions() []page.Option {
	var out []page.Option
	for _, d := range []string{"go-on", "litigate", "entrust", "write-off"} {
		out = append(out, page.Option{Value: d, Label: i18n.T(v.lang, "web.decide."+d)})
	}
	return out
}

func (v *visit) tasks() error {
	at := v.offset()
	list, total, err := v.desk.TasksPage(v.r.Context(), at, perPage)
	if err != nil {
		return err
	}
	p := tasksPage{Tasks: list, Pager: v.pager(at, len(list), total), Decisions: v.decisions()}
	p.Frame = v.frame("/", i18n.T(v.lang, "web.tasks"))
	return v.render("tasks", p)
}

func (v *visit) endTask() error {
	n, err := number[id.Task](v)
	if err != nil {
		return err
	}
	if err := v.desk.EndTask(v.r.Context(), n, v.text("state") != "not-done", v.text("result")); err != nil {
		return err
	}
	v.done("web.done.task")
	return v.redirect(back(v.text("back")))
}

func (v *visit) decide() error {
	n, err := number[id.Task](v)
	if err != nil {
		return err
	}
	if err := v.desk.Decide(v.r.Context(), n, v.text("decision"), v.text("why")); err != nil {
		return err
	}
	v.done("web.done.decided")
	return v.redirect(back(v.text("back")))
}

type blockedPage struct {
	page.Frame
	Day   cal.Date
	List  []app.Held
	Chips []page.Chip
	Pager page.Pager
	All   int
}

// blocked lists what is held, and why.
func (v *visit) blocked() error {
	reason, at := v.r.FormValue("reason"), v.offset()
	list, counts, err := v.desk.Blocked(v.r.Context(), reason, at, perPage)
	if err != nil {
		return err
	}
	day, err := v.desk.Today(v.r.Context())
	if err != nil {
		return err
	}
	p := blockedPage{Day: day, List: list}
	total := 0
	for _, c := range counts {
		p.All += c.Holds
		if c.Reason == reason {
			total = c.Holds
		}
		p.Chips = append(p.Chips, page.Chip{Label: i18n.T(v.lang, "web.hold."+c.Reason), Path: "/blocked?reason=" + url.QueryEscape(c.Reason),
			Count: c.Holds, HasCount: true, On: c.Reason == reason})
	}
	if reason == "" {
		total = p.All
	}
	p.Chips = append([]page.Chip{{Label: i18n.T(v.lang, "web.all"), Path: "/blocked", Count: p.All, HasCount: true, On: reason == ""}}, p.Chips...)
	p.Pager = v.pager(at, len(list), total)
	p.Frame = v.frame("/", i18n.T(v.lang, "web.blocked"))
	return v.render("blocked", p)
}

func (v *visit) endHold() error {
	n, err := number[id.Hold](v)
	if err != nil {
		return err
	}
	if err := v.desk.EndHold(v.r.Context(), n); err != nil {
		return err
	}
	v.done("web.done.hold-ended")
	return v.redirect(back(v.text("back")))
}

// reasons are those a person may give to a hold, in the order of a form.
func (v *visit) reasons() []page.Option {
	var out []page.Option
	for _, r := range []dunning.HoldReason{dunning.HoldPause, dunning.HoldCheque, dunning.HoldDirectDebit, dunning.HoldBill, dunning.HoldCreditAwaited,
		dunning.HoldDocument, dunning.HoldReply, dunning.HoldSetOff, dunning.HoldPlatform, dunning.HoldInsolvency} {
		out = append(out, page.Option{Value: string(r), Label: i18n.T(v.lang, "web.hold."+string(r))})
	}
	return out
}
