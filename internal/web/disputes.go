package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/dispute"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/page"
)

type disputesPage struct {
	page.Frame
	Day         cal.Date
	Tab         string
	Tabs        []page.Chip
	List        []app.DisputeView
	Pager       page.Pager
	Causes      []causeRow
	Ours, Known int
	From        cal.Date
}

// causeRow is a cause with its bar.
type causeRow struct {
	dispute.Count
	Share int // of the most frequent, in percent: the length of the bar
	Mean  int // days that a dispute of it lasted, on average
}

func (v *visit) disputes() error {
	day, err := v.desk.Today(v.r.Context())
	if err != nil {
		return err
	}
	p := disputesPage{Day: day, Tab: "open", From: day.AddMonths(-12)}
	if v.r.URL.Query().Get("tab") == "causes" {
		p.Tab = "causes"
	}
	for _, t := range []string{"open", "causes"} {
		p.Tabs = append(p.Tabs, page.Chip{Label: i18n.T(v.lang, "web.disputes.tab."+t), Path: "/disputes?tab=" + t, On: t == p.Tab})
	}
	if p.Tab == "open" {
		at := v.offset()
		if p.List, err = v.desk.Disputes(v.r.Context(), at, perPage); err != nil {
			return err
		}
		p.Pager = v.pager(at, len(p.List), -1)
	} else if err := v.causes(&p); err != nil {
		return err
	}
	p.Frame = v.frame("/disputes", i18n.T(v.lang, "web.disputes"))
	return v.render("disputes", p)
}

// causes counts why customers contested over the last twelve months.
func (v *visit) causes(p *disputesPage) error {
	counts, ours, known, err := v.desk.DisputeTally(v.r.Context(), p.From, p.Day)
	if err != nil {
		return err
	}
	p.Ours, p.Known = ours, known
	for _, c := range counts {
		p.Causes = append(p.Causes, causeRow{c, max(1, c.N*100/counts[0].N), c.Days / c.N})
	}
	return nil
}

type disputePage struct {
	page.Frame
	Dispute  app.DisputeView
	Day      cal.Date
	Outcomes []page.Option
	Ours     []page.Option // causes
	Theirs   []page.Option
	People   []page.Option
	Link     string // of the question just asked
	Mail     string // the same in a message to send
	To       string
}

func (v *visit) oneDispute() error {
	n, err := number[id.Dispute](v)
	if err != nil {
		return err
	}
	return v.disputePage(n, &disputePage{})
}

func (v *visit) disputePage(n id.Dispute, p *disputePage) (err error) {
	ctx := v.r.Context()
	if p.Dispute, err = v.desk.Dispute(ctx, n); err != nil {
		return err
	}
	if p.Day, err = v.desk.Today(ctx); err != nil {
		return err
	}
	for _, o := range dispute.Outcomes {
		p.Outcomes = append(p.Outcomes, page.Option{Value: o, Label: i18n.T(v.lang, "web.outcome."+o)})
	}
	for _, c := range dispute.Causes {
		o := page.Option{Value: c.Code, Label: i18n.T(v.lang, "web.cause."+c.Code)}
		if c.Ours {
			p.Ours = append(p.Ours, o)
		} else {
			p.Theirs = append(p.Theirs, o)
		}
	}
	if p.People, err = v.people(p.Dispute.Owner); err != nil {
		return err
	}
	p.Frame = v.frame("/disputes", i18n.T(v.lang, "web.dispute.title", p.Dispute.Invoice))
	return v.render("dispute", *p)
}

// people are those who may answer, with the one who does.
func (v *visit) people(owner string) ([]page.Option, error) {
	list, err := v.desk.Users(v.r.Context())
	var out []page.Option
	for _, u := range list {
		out = append(out, page.Option{Value: u.Name, Label: u.Name})
	}
	if owner != "" && !slices.ContainsFunc(out, func(o page.Option) bool { return o.Value == owner }) {
		out = append(out, page.Option{Value: owner, Label: owner})
	}
	return out, err
}

// disputeGesture does something to a dispute and comes back to it.
func (v *visit) disputeGesture(form, key string, do func(n id.Dispute) error) error {
	n, err := number[id.Dispute](v)
	if err != nil {
		return err
	}
	if err := do(n); err != nil {
		return v.again(err, form, func() error { return v.disputePage(n, &disputePage{}) })
	}
	v.done(key)
	return v.redirect("/disputes/" + strconv.FormatInt(int64(n), 10))
}

func (v *visit) endDispute() error {
	return v.disputeGesture("close", "web.done.dispute-closed", func(n id.Dispute) error {
		d, err := v.desk.Dispute(v.r.Context(), n)
		if err != nil {
			return err
		}
		_, err = v.desk.CloseDispute(v.r.Context(), d.Invoice, app.Ending{Outcome: v.text("outcome"), Cause: v.text("cause"), Why: v.text("why")})
		return err
	})
}

func (v *visit) assignDispute() error {
	return v.disputeGesture("assign", "web.done.assigned", func(n id.Dispute) error {
		by, err := v.day("by", false)
		if err != nil {
			return err
		}
		return v.desk.AssignDispute(v.r.Context(), n, v.text("owner"), by)
	})
}

// askColleague makes the link by which a colleague answers. It is shown once: only its digest is kept.
func (v *visit) askColleague() error {
	n, err := number[id.Dispute](v)
	if err != nil {
		return err
	}
	secret, err := v.desk.AskColleague(v.r.Context(), n, v.text("name"), v.text("email"), v.text("question"))
	if err != nil {
		return v.again(err, "ask", func() error { return v.disputePage(n, &disputePage{}) })
	}
	scheme := "http://"
	if v.o.Secure {
		scheme = "https://"
	}
	p := &disputePage{Link: scheme + v.r.Host + "/question/" + secret, To: v.text("name")}
	q := url.Values{"subject": {i18n.T(v.lang, "web.ask.subject")}, "body": {v.text("question") + "\n\n" + i18n.T(v.lang, "web.ask.body") + "\n" + p.Link + "\n"}}
	p.Mail = "mailto:" + url.PathEscape(v.text("email")) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
	return v.disputePage(n, p)
}

type categoriesPage struct {
	page.Frame
	Tab    []page.Chip
	List   []dispute.Category
	People []page.Option
	May    bool
}

// categoriesPage shows who answers which disputes, and within what delay.
func (v *visit) disputeCategories() error {
	list, err := v.desk.DisputeCategories(v.r.Context())
	if err != nil {
		return err
	}
	people, err := v.people("")
	if err != nil {
		return err
	}
	p := categoriesPage{Tab: v.sections("/settings/disputes"), List: list, May: v.may(org.VerbScenario)}
	p.People = append([]page.Option{{Value: "", Label: i18n.T(v.lang, "web.category.opener")}}, people...)
	for _, c := range list {
		if c.Owner != "" && !slices.ContainsFunc(p.People, func(o page.Option) bool { return o.Value == c.Owner }) {
			p.People = append(p.People, page.Option{Value: c.Owner, Label: c.Owner})
		}
	}
	p.Frame = v.frame("/settings", i18n.T(v.lang, "web.settings.disputes"))
	return v.render("settings-disputes", p)
}

func (v *visit) saveDisputeCategory() error {
	list, err := v.desk.DisputeCategories(v.r.Context())
	if err != nil {
		return err
	}
	code := v.text("code")
	c, _ := dispute.Find(list, code)
	c.Code, c.Owner, c.Words = code, v.text("owner"), lines(v.text("words"))
	if c.Days, err = strconv.Atoi(v.text("days")); err != nil {
		err = wrong("days", "app.dispute.days")
	} else {
		err = v.desk.SetDisputeCategory(v.r.Context(), c)
	}
	if err != nil {
		return v.again(err, "category-"+code, v.disputeCategories)
	}
	v.done("web.done.category")
	return v.redirect("/settings/disputes")
}
