package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/page"
)

// visit is one request of one person, with the desk where they sit.
type visit struct {
	*server
	w      http.ResponseWriter
	r      *http.Request
	lang   i18n.Lang
	desk   *app.Desk // nil before signing in
	user   org.User
	places []page.Place
	form   page.Form // the form that was refused
	status int
}

// serve is the path of every request: who is it, may they, answer, and say what went wrong.
func (s *server) serve(t route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{server: s, w: w, r: r, lang: language(r), status: http.StatusOK}
		limit := t.body
		if limit == 0 {
			limit = maxForm
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		err := v.seat()
		v.sign()
		switch {
		case err != nil:
		case t.need != anyone && v.desk == nil:
			v.askToSignIn()
			return
		case t.need != anyone && !v.user.Role.May(t.need):
			err = fault.New(fault.Forbidden, "app.forbidden")
		default:
			err = t.do(v)
		}
		if err != nil {
			v.fail(err)
		}
	})
}

// statuses translates kinds of errors, once for the door.
var statuses = map[fault.Kind]int{fault.Invalid: http.StatusUnprocessableEntity, fault.NotFound: http.StatusNotFound,
	fault.Conflict: http.StatusConflict, fault.Forbidden: http.StatusForbidden, fault.Unavailable: http.StatusServiceUnavailable}

// fail is the one place that shows an error.
func (v *visit) fail(err error) {
	if v.r.Context().Err() != nil {
		return // nobody waits for the answer any more
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		err = fault.New(fault.Invalid, "file.too-large", large.Limit>>20)
	}
	code, ok := statuses[fault.Of(err)]
	p := errorPage{Heading: "web.error.heading." + fault.Of(err).String(), Text: i18n.Error(v.lang, err)}
	if !ok {
		code = http.StatusInternalServerError
		v.log.Error("desk", "route", v.r.Pattern, "err", err)
		p.Text = i18n.T(v.lang, "web.error.internal")
	}
	v.status = code
	p.Frame = v.frame("", i18n.T(v.lang, p.Heading))
	p.Plain = v.desk == nil
	if err := v.render("error", p); err != nil {
		v.log.Error("desk: error page", "err", err)
		http.Error(v.w, p.Text, code)
	}
}

type errorPage struct {
	page.Frame
	Heading, Text string
}

func (v *visit) notFound() error {
	if v.desk == nil {
		v.askToSignIn()
		return nil
	}
	return fault.New(fault.NotFound, "web.error.no-page")
}

// render writes a page.
func (v *visit) render(name string, data any) error {
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return v.pages.Render(&answer{v.w, v.status, false}, v.lang, name, data)
}

// answer writes the status before the first byte: nothing is written when a template fails.
type answer struct {
	http.ResponseWriter
	status  int
	started bool
}

func (a *answer) Write(b []byte) (int, error) {
	if !a.started {
		a.started = true
		a.WriteHeader(a.status)
	}
	return a.ResponseWriter.Write(b)
}

// frame is what stands around a page; section is the entry of the rail it belongs to.
func (v *visit) frame(section, title string) page.Frame {
	f := page.Frame{Lang: v.lang, Theme: theme(v.r), Title: title, Section: section, Path: v.here(), Form: v.form, Query: v.r.URL.Query().Get("q"),
		User: v.user.Name, Email: v.user.Email, Places: v.places, Flash: v.takeFlash()}
	if v.r.URL.Path != "/search" {
		f.Query = ""
	}
	if v.desk == nil {
		f.Plain = true
		return f
	}
	role := v.user.Role
	f.CanCheck, f.CanBring, f.CanSet = role.May(org.VerbCollect), role.May(org.VerbImport), role.May(org.VerbConfigure)
	f.Nav = v.nav()
	c, err := v.desk.Company(v.r.Context())
	if err != nil {
		return f
	}
	f.Company = c.Profile.Name
	if f.Company == "" {
		f.Company = c.Code
	}
	if !c.IsLive() {
		f.Trial = &page.Trial{To: c.TrialTo}
	}
	if v.o.Demo != nil {
		if day, err := v.desk.Today(v.r.Context()); err == nil {
			f.Clock = i18n.Date(v.lang, day)
		}
	}
	return f
}

// here is where a switch of language comes back to: this page, or the one whose form was refused.
func (v *visit) here() string {
	if v.r.Method == http.MethodGet {
		return v.r.URL.RequestURI()
	}
	return "/"
}

// rail is the entries of the desk; those of the second part stand behind "more" on a phone.
var rail = []struct {
	path, key, icon string
	low             bool
}{
	{"/", "web.today", "today", false}, {"/customers", "web.customers", "people", false}, {"/invoices", "web.invoices", "invoice", false},
	{"/outbox", "web.outbox", "outbox", false}, {"/bank", "web.bank", "bank", true},
	{"/promises", "web.promises", "clock", true}, {"/disputes", "web.disputes", "scale", true}, {"/aging", "web.aging", "aging", true}, {"/figures", "web.figures.title", "flag", true}, {"/scenarios", "web.scenarios", "scenario", true},
	{"/imports", "web.imports", "import", true}, {"/settings", "web.settings", "settings", true},
}

func (v *visit) nav() []page.Link {
	out := make([]page.Link, 0, len(rail)+1)
	for _, e := range rail {
		l := page.Link{Path: e.path, Label: i18n.T(v.lang, e.key), Icon: e.icon, Low: e.low}
		switch e.path { // a count that cannot be had is not shown
		case "/outbox":
			l.Count, _ = v.desk.ToApprove(v.r.Context())
		case "/bank":
			l.Count, _ = v.desk.ToAnswer(v.r.Context())
		}
		out = append(out, l)
	}
	if v.o.Demo != nil {
		out = append(out, page.Link{Path: "/demo/mailbox", Label: i18n.T(v.lang, "web.demo.mailbox"), Icon: "inbox", Low: true})
	}
	return out
}

// redirect sends the browser to a page after a gesture.
func (v *visit) redirect(path string) error {
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// again shows a page with the form that was refused, what was typed and what to do. Other errors
// than the person's are returned.
func (v *visit) again(err error, form string, show func() error) error {
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict, fault.NotFound:
	default:
		return err
	}
	v.form = page.Form{Name: form, Values: v.r.PostForm, Error: i18n.Error(v.lang, err), Field: fieldOf(err)}
	v.status = statuses[fault.Of(err)]
	return show()
}

// fieldError is what is wrong with one field of a form.
type fieldError struct {
	field string
	err   error
}

func (e *fieldError) Error() string { return e.field + ": " + e.err.Error() }
func (e *fieldError) Unwrap() error { return e.err }

// fields says which field the hall's refusals are about.
var fields = map[string]string{"app.hold.past": "until", "app.promise.past": "on", "app.mail.address": "email", "app.hold.reason": "reason",
	"app.user.email": "email", "app.user.password": "password", "app.company.siren": "siren", "app.company.iban": "iban", "app.company.bic": "bic",
	"app.skip.reason": "reason", "app.postpone.day": "until", "app.mail.host": "host", "app.mail.from": "from", "app.dispute.invoice": "invoice",
	"app.post.date": "on", "terms.unreadable": "terms", "app.call.on": "on", "app.promise.more": "amount", "app.payment.ahead": "on",
	"app.payment.amount": "amount", "app.payment.returned-on": "on", "app.refund.more": "amount", "app.plan.scan": "file", "app.dispute.days": "days"}

func fieldOf(err error) string {
	var f *fieldError
	if errors.As(err, &f) {
		return f.field
	}
	return fields[fault.Key(err)]
}

func wrong(field, key string, args ...any) error {
	return &fieldError{field, fault.New(fault.Invalid, key, args...)}
}

// text is a field without the blanks around it.
func (v *visit) text(name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }

// lines are the lines of a field that hold something.
func (v *visit) lines(name string) (list []string) {
	for s := range strings.Lines(v.r.PostFormValue(name)) {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// day reads a date; required says that it must be there.
func (v *visit) day(name string, required bool) (cal.Date, error) {
	s := v.text(name)
	if s == "" && !required {
		return 0, nil
	}
	d, err := cal.Parse(s)
	if err != nil {
		return 0, wrong(name, "web.form.day")
	}
	return d, nil
}

// amount reads a sum as a person writes it; empty is zero.
func (v *visit) amount(name string, c money.Currency) (int64, error) {
	s := v.text(name)
	if s == "" {
		return 0, nil
	}
	n, err := v.readAmount(s, c)
	if err != nil || n < 0 {
		return 0, wrong(name, "web.form.amount")
	}
	return n, nil
}

// readAmount reads a sum as a person writes it.
func (v *visit) readAmount(s string, c money.Currency) (int64, error) {
	a, err := money.ParseHuman(s, c, money.Unknown)
	if errors.Is(err, money.ErrAmbiguous) { // "1,234": the language of the screen settles it
		sep := money.Comma
		if v.lang == i18n.EN {
			sep = money.Dot
		}
		a, err = money.ParseHuman(s, c, sep)
	}
	return a.Minor, err
}

// number reads the identifier of the address.
func number[T ~int64](v *visit) (T, error) {
	n, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.New(fault.NotFound, "web.error.no-page")
	}
	return T(n), nil
}

// ids reads what was picked.
func ids[T ~int64](v *visit) ([]T, error) {
	if err := v.r.ParseForm(); err != nil {
		return nil, err
	}
	var out []T
	for _, s := range v.r.PostForm["id"] {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Invalid, "app.no-message")
		}
		out = append(out, T(n))
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "web.form.none-picked")
	}
	return out, nil
}

// seg makes a code a segment of an address.
func seg(s string) string { return url.PathEscape(s) }

// back is an address of ours given by a form, "/" when it is another's.
func back(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n") {
		return "/"
	}
	return s
}
