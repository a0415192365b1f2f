package web

import (
	"fmt"
	"slices"
	"strconv"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/page"
)

type outboxPage struct {
	page.Frame
	*app.OutboxView
	Tab   string
	Tabs  []page.Chip
	Pager page.Pager
	Whole string // "12 messages · 45 000 € · 9 clients"
	Bulk  bool   // the tab has gestures on several
	Names map[string]string
	On    cal.Date
}

// rare are the tabs that show only when there is something in them.
var rare = map[string]bool{"registered": true, "failed": true, "uncertain": true, "skipped": true, "post": true}

func (v *visit) outbox() error { return v.outboxPage(v.r.URL.Query().Get("tab")) }

func (v *visit) outboxPage(tab string) error {
	if !slices.Contains(app.OutboxTabs(), tab) {
		tab = "approve"
	}
	at := v.offset()
	on, err := cal.Parse(v.r.URL.Query().Get("on"))
	if err != nil {
		on = 0
	}
	box, err := v.desk.OutboxPage(v.r.Context(), tab, on, at, perPage)
	if err != nil {
		return err
	}
	p := outboxPage{OutboxView: box, Tab: tab, On: on, Bulk: slices.Contains([]string{"approve", "approved", "post", "failed"}, tab)}
	total := 0
	for _, s := range box.Sums {
		total += s.Count
	}
	p.Pager = v.pager(at, len(box.List), total)
	p.Whole = v.heaps(box.Sums)
	for _, t := range app.OutboxTabs() {
		if rare[t] && box.Counts[t] == 0 && t != tab {
			continue
		}
		p.Tabs = append(p.Tabs, page.Chip{Label: i18n.T(v.lang, "web.outbox.tab."+t), Path: "/outbox?tab=" + t, Count: box.Counts[t], HasCount: t != "sent" && t != "skipped", On: t == tab})
	}
	p.Frame = v.frame("/outbox", i18n.T(v.lang, "web.outbox"))
	return v.render("outbox", p)
}

// heaps says how many messages, for how much, to how many customers.
func (v *visit) heaps(list []app.Heap) string {
	n, customers, sums := 0, 0, ""
	for i, h := range list {
		n, customers = n+h.Count, customers+h.Customers
		if i > 0 {
			sums += " + "
		}
		sums += i18n.Amount(v.lang, page.Money(h.Total, h.Currency))
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s · %s · %s", i18n.T(v.lang, "web.n.messages", n), sums, i18n.T(v.lang, "web.n.customers", customers))
}

// tabAgain shows a tab again with what was refused.
func (v *visit) tabAgain(err error, tab string) error {
	return v.again(err, "bulk", func() error { return v.outboxPage(tab) })
}

func (v *visit) approve() error {
	list, err := ids[id.Message](v)
	if err != nil {
		return v.tabAgain(err, "approve")
	}
	n, err := v.desk.Approve(v.r.Context(), list)
	if err != nil {
		return v.tabAgain(err, "approve")
	}
	if n < len(list) {
		v.flash(said{Key: "web.done.second", N: len(list) - n})
	} else {
		v.flash(undoable("web.done.approved", n, "/outbox/unapprove", list))
	}
	return v.redirect(v.onwards("/outbox"))
}

// onwards is where a form wants to go on, else a page.
func (v *visit) onwards(path string) string {
	if s := v.text("back"); s != "" {
		return back(s)
	}
	return path
}

func (v *visit) approveAll() error {
	n, problems, err := v.desk.ApproveAll(v.r.Context())
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		v.flash(said{Key: "web.done.approved.some", N: n, Args: []string{strconv.Itoa(len(problems)), i18n.Error(v.lang, problems[0])}, Bad: true})
		return v.redirect("/outbox")
	}
	v.flash(said{Key: "web.done.approved", N: n})
	return v.redirect("/outbox?tab=approved")
}

func (v *visit) unapprove() error {
	list, err := ids[id.Message](v)
	if err != nil {
		return v.tabAgain(err, "approved")
	}
	if err := v.desk.Unapprove(v.r.Context(), list); err != nil {
		return v.tabAgain(err, "approved")
	}
	v.flash(said{Key: "web.done.unapproved", N: len(list)})
	return v.redirect("/outbox")
}

func (v *visit) skip() error {
	tab := "approve"
	if slices.Contains(app.OutboxTabs(), v.text("tab")) {
		tab = v.text("tab")
	}
	one, isOne := v.r.PostFormValue("one"), v.r.PostFormValue("one") != ""
	retry := func(err error) error {
		if !isOne {
			return v.tabAgain(err, tab)
		}
		n, bad := parseID(one)
		if bad != nil {
			return bad
		}
		return v.again(err, "skip", func() error { return v.messagePage(id.Message(n)) })
	}
	list, err := ids[id.Message](v)
	if err != nil {
		return retry(err)
	}
	if err := v.desk.Skip(v.r.Context(), list, v.text("reason")); err != nil {
		return retry(err)
	}
	v.flash(said{Key: "web.done.skipped", N: len(list)})
	return v.redirect("/outbox?tab=" + tab)
}

// printLetters answers one PDF of the letters picked, each dated today.
func (v *visit) printLetters() error {
	list, err := ids[id.Message](v)
	if err != nil {
		return v.tabAgain(err, "post")
	}
	pdf, err := v.desk.Print(v.r.Context(), list)
	if err != nil {
		return v.tabAgain(err, "post")
	}
	day, err := v.desk.Today(v.r.Context())
	if err != nil {
		return err
	}
	return v.pdf(pdf, i18n.T(v.lang, "web.post.file")+"-"+day.String()+".pdf")
}

// posted confirms the print list: those letters left today.
func (v *visit) posted() error {
	list, err := ids[id.Message](v)
	if err != nil {
		return v.tabAgain(err, "post")
	}
	numbers := map[id.Message]string{}
	for _, n := range list {
		numbers[n] = v.text("number-" + strconv.FormatInt(int64(n), 10))
	}
	if err := v.desk.ConfirmPosted(v.r.Context(), list, numbers); err != nil {
		if fault.Of(err) == fault.Conflict {
			v.status = statuses[fault.Conflict]
		}
		return v.tabAgain(err, "post")
	}
	v.flash(said{Key: "web.done.posted", N: len(list)})
	return v.redirect("/outbox?tab=sent")
}
