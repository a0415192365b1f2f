package web

import (
	"net/http"

	"relance/internal/app"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/page"
)

type promisesPage struct {
	page.Frame
	Day   cal.Date
	Tab   string
	Tabs  []page.Chip
	List  []app.Committed
	Pager page.Pager
}

// awaiting is the part of the page with the running promises that only a statement can judge.
const awaiting promise.State = "await"

// promiseTabs are the states that the page parts promises by.
var promiseTabs = []promise.State{promise.Running, awaiting, promise.Partly, promise.Broken, promise.Kept, promise.Cancelled}

func (v *visit) promises() error {
	day, err := v.desk.Today(v.r.Context())
	if err != nil {
		return err
	}
	at := v.offset()
	p := promisesPage{Day: day, Tab: string(promise.Running)}
	for _, s := range promiseTabs {
		if v.r.URL.Query().Get("tab") == string(s) {
			p.Tab = string(s)
		}
	}
	for _, s := range promiseTabs {
		p.Tabs = append(p.Tabs, page.Chip{Label: i18n.T(v.lang, "web.promises.tab."+string(s)), Path: "/promises?tab=" + string(s), On: string(s) == p.Tab})
	}
	if p.Tab == string(awaiting) {
		if p.List, err = v.desk.AwaitingCommitments(v.r.Context()); err != nil {
			return err
		}
		p.Pager = v.pager(0, len(p.List), len(p.List))
	} else {
		if p.List, err = v.desk.Commitments(v.r.Context(), promise.State(p.Tab), at, perPage); err != nil {
			return err
		}
		p.Pager = v.pager(at, len(p.List), -1)
	}
	p.Frame = v.frame("/promises", i18n.T(v.lang, "web.promises"))
	return v.render("promises", p)
}

// cancelPromise ends a promise or a plan before its end.
func (v *visit) cancelPromise() error {
	n, err := number[id.Plan](v)
	if err != nil {
		return err
	}
	if err := v.desk.CancelCommitment(v.r.Context(), n, v.text("why")); err != nil {
		return err
	}
	v.done("web.done.promise-ended")
	return v.redirect(back(v.text("back")))
}

// acknowledgement prints the acknowledgement of debt that the debtor signs.
func (v *visit) acknowledgement() error {
	n, err := number[id.Plan](v)
	if err != nil {
		return err
	}
	pdf, err := v.desk.AcknowledgementPDF(v.r.Context(), n)
	if err != nil {
		return err
	}
	return v.pdf(pdf, "reconnaissance-de-dette.pdf")
}

// signPlan keeps the acknowledgement of debt that came back signed; a refusal shows the customer again.
func (v *visit) signPlan() error {
	scan, _, err := v.upload("file")
	if err != nil {
		return err
	}
	n, err := number[id.Plan](v)
	if err != nil {
		return err
	}
	on, err := v.day("on", true)
	if err == nil {
		err = v.desk.SignCommitment(v.r.Context(), n, on, scan, http.DetectContentType(scan))
	}
	if err != nil {
		return v.again(err, "sign-"+v.r.PathValue("id"), func() error { return v.customerPage(v.text("customer")) })
	}
	v.done("web.done.signed")
	return v.redirect(back(v.text("back")))
}

// signed gives the scan of a signed acknowledgement.
func (v *visit) signed() error {
	n, err := number[id.Plan](v)
	if err != nil {
		return err
	}
	p, err := v.desk.SignedAcknowledgement(v.r.Context(), n)
	if err != nil {
		return err
	}
	return v.download(p)
}
