package web

import (
	"relance/internal/app"
	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/page"
)

type questionPage struct {
	page.Frame
	Ask    *app.Asked
	Thanks bool
	Over   bool
}

// maxAnswer is the largest body of an answer: a stranger's form is small.
const maxAnswer = 32 << 10

// asked opens the question of a link. A stranger who tries links waits longer and longer.
func (v *visit) asked() (*app.Asked, error) {
	v.leaveDesk()
	h := v.w.Header()
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Referrer-Policy", "no-referrer")
	from := "question:" + v.from()
	if wait := v.throttl.wait(asker{email: from, from: from}); wait > 0 {
		return nil, fault.New(fault.Unavailable, "web.signin.wait", int(wait.Seconds())+1)
	}
	q, err := v.app.Question(v.r.Context(), v.r.PathValue("secret"))
	if fault.Of(err) == fault.NotFound {
		v.throttl.failed(asker{email: from, from: from})
	}
	if err == nil && cookie(v.r, cookieLang) == "" {
		v.lang = q.Lang
	}
	return q, err
}

func (v *visit) question() error {
	q, err := v.asked()
	if err != nil {
		return err
	}
	return v.questionPage(q)
}

// leaveDesk makes the page one for a stranger, whoever is signed in on this browser: no rail, no company's names.
func (v *visit) leaveDesk() { v.desk, v.places, v.user = nil, nil, org.User{} }

func (v *visit) questionPage(q *app.Asked) error {
	p := questionPage{Ask: q, Thanks: !q.AnsweredOn.IsZero(), Over: q.Closed}
	p.Frame = v.frame("", i18n.T(v.lang, "web.question", q.Invoice))
	return v.render("question", p)
}

func (v *visit) answerQuestion() error {
	q, err := v.asked()
	if err != nil {
		return err
	}
	if err := v.app.AnswerQuestion(v.r.Context(), v.r.PathValue("secret"), v.text("agrees"), v.text("answer")); err != nil {
		return v.again(err, "question", func() error { return v.questionPage(q) })
	}
	return v.redirect(v.r.URL.EscapedPath())
}
