package web

import (
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"relance/internal/app"
	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/page"
)

// The cookies of the desk.
const (
	cookieSession = "relance_session"
	cookieCompany = "relance_company"
	cookieLang    = "relance_lang"
	cookieTheme   = "relance_theme"
	cookieFlash   = "relance_flash"
	cookieDevice  = "relance_device"
)

const year = 365 * 24 * time.Hour

// keep sets a cookie; an empty value forgets it.
func (v *visit) keep(name, value string, life time.Duration) {
	c := &http.Cookie{Name: v.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: v.o.Secure, SameSite: http.SameSiteLaxMode, MaxAge: int(life.Seconds())}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(v.w, c)
}

// cookieName is a cookie's name on the wire: over HTTPS those that let somebody in bear a prefix by which the browser
// takes them from this host alone, so that a neighbour of the same domain plants none.
func (s *server) cookieName(name string) string {
	if s.o.Secure && (name == cookieSession || name == cookieDevice) {
		return "__Host-" + name
	}
	return name
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// language is the person's choice, else what the browser asks for, else French.
func language(r *http.Request) i18n.Lang {
	if l, ok := i18n.Match(cookie(r, cookieLang)); ok {
		return l
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		if l, ok := i18n.Match(tag); ok {
			return l
		}
	}
	return i18n.FR
}

func theme(r *http.Request) string {
	if t := cookie(r, cookieTheme); t == "light" || t == "dark" {
		return t
	}
	return ""
}

// token is the session's; a visitor of this machine without one gets the demonstration's.
func (v *visit) token() string {
	if t := cookie(v.r, v.cookieName(cookieSession)); t != "" {
		return t
	}
	// By its name too: a page elsewhere that points its own name at this machine gets nothing.
	if v.o.Session != "" && isHere(v.r.Host) && isHere(v.r.RemoteAddr) {
		return v.o.Session
	}
	return ""
}

func isHere(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// seat finds who visits and at which desk they sit; nobody is no error.
func (v *visit) seat() error {
	t := v.token()
	if t == "" {
		return nil
	}
	u, places, err := v.app.Seat(v.r.Context(), t)
	if fault.Of(err) == fault.NotFound {
		return nil
	}
	if err != nil || len(places) == 0 {
		return err
	}
	at := 0
	wanted := cookie(v.r, cookieCompany)
	for i, p := range places {
		if p.Code == wanted {
			at = i
		}
	}
	v.user = u
	v.user.Role = places[at].Role
	for i, p := range places {
		v.places = append(v.places, page.Place{Code: p.Code, Current: i == at})
	}
	v.desk = v.app.As(app.Actor{Company: places[at].Company, User: u.ID, Name: u.Name, Role: places[at].Role, Bound: places[at].Bound})
	return nil
}

// askToSignIn sends to the sign-in page, and back afterwards.
func (v *visit) askToSignIn() {
	to := "/signin"
	if v.r.Method == http.MethodGet && v.r.URL.Path != "/" {
		to += "?to=" + url.QueryEscape(v.r.URL.RequestURI())
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
}

type signInPage struct {
	page.Frame
	To    string
	Empty bool // no company yet
}

func (v *visit) signInPage() error {
	if v.desk != nil {
		return v.redirect("/")
	}
	list, err := v.app.Companies(v.r.Context())
	if err != nil {
		return err
	}
	p := signInPage{Frame: v.frame("", i18n.T(v.lang, "web.signin")), To: back(v.r.FormValue("to")), Empty: len(list) == 0}
	p.Plain = true
	return v.render("signin", p)
}

func (v *visit) signIn() error {
	email, password := v.text("email"), v.r.PostFormValue("password")
	ctx := v.r.Context()
	known, err := v.app.KnownDevice(ctx, email, cookie(v.r, v.cookieName(cookieDevice)))
	if err != nil {
		return err
	}
	who := asker{email, v.from(), known}
	if wait := v.throttl.wait(who); wait > 0 {
		return v.refuseSignIn(fault.New(fault.Invalid, "web.signin.wait", int(wait.Seconds())+1), http.StatusTooManyRequests)
	}
	release := v.throttl.enter()
	token, err := v.app.SignIn(ctx, email, password, v.r.UserAgent())
	release()
	if fault.Of(err) == fault.Forbidden {
		v.throttl.failed(who)
		return v.refuseSignIn(err, http.StatusForbidden)
	}
	if err != nil {
		return err
	}
	v.throttl.passed(who)
	// Whatever session this browser held, or was given by somebody, ends here.
	if old := cookie(v.r, v.cookieName(cookieSession)); old != "" {
		if err := v.app.SignOut(ctx, old); err != nil {
			return err
		}
	}
	if err := v.letIn(email, token); err != nil {
		return err
	}
	return v.redirect(back(v.r.PostFormValue("to")))
}

// letIn gives the browser a session, and makes it one in which the person has signed in.
func (v *visit) letIn(email, token string) error {
	device, err := v.app.Device(v.r.Context(), email)
	if err != nil {
		return err
	}
	v.keep(cookieDevice, device, year)
	v.keep(cookieSession, token, 14*24*time.Hour)
	return nil
}

// ownPassword changes the password of who sits there. Guesses at the old one wait as those at the door do, and are counted
// apart: who finds a desk open keeps nobody out of their own.
func (v *visit) ownPassword() error {
	ctx, who := v.r.Context(), asker{"own:" + v.user.Email, v.from(), true}
	refuse := func(err error) error {
		v.r.PostForm.Del("old")
		v.r.PostForm.Del("password")
		return v.again(err, "own", v.users)
	}
	if wait := v.throttl.wait(who); wait > 0 {
		return refuse(fault.New(fault.Invalid, "web.signin.wait", int(wait.Seconds())+1))
	}
	password := v.r.PostFormValue("password")
	release := v.throttl.enter()
	err := v.desk.ChangeOwnPassword(ctx, v.r.PostFormValue("old"), password)
	release()
	if fault.Key(err) == "app.user.password.old" {
		v.throttl.failed(who)
	}
	if err != nil {
		return refuse(err)
	}
	v.throttl.passed(who)
	token, err := v.app.SignIn(ctx, v.user.Email, password, v.r.UserAgent())
	if err != nil {
		return err
	}
	if err := v.letIn(v.user.Email, token); err != nil {
		return err
	}
	v.done("web.done.password")
	return v.redirect("/settings/users")
}

// from is the network address that asks.
func (v *visit) from() string {
	host, _, err := net.SplitHostPort(v.r.RemoteAddr)
	if err != nil {
		return v.r.RemoteAddr
	}
	return host
}

func (v *visit) refuseSignIn(err error, status int) error {
	v.r.PostForm.Del("password")
	v.form = page.Form{Name: "signin", Values: v.r.PostForm, Error: i18n.Error(v.lang, err)}
	v.status = status
	return v.signInPage()
}

func (v *visit) signOut() error {
	if t := cookie(v.r, v.cookieName(cookieSession)); t != "" {
		if err := v.app.SignOut(v.r.Context(), t); err != nil {
			return err
		}
	}
	v.keep(cookieSession, "", 0)
	return v.redirect("/signin")
}

// preferences keeps the language and the theme.
func (v *visit) preferences() error {
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	if l, ok := i18n.Match(v.r.PostForm.Get("lang")); ok {
		v.keep(cookieLang, string(l), year)
	}
	if v.r.PostForm.Has("theme") {
		v.keep(cookieTheme, v.r.PostForm.Get("theme"), year)
	}
	return v.redirect(back(v.r.PostForm.Get("back")))
}

func (v *visit) chooseCompany() error {
	code := v.text("code")
	for _, p := range v.places {
		if p.Code == code {
			v.keep(cookieCompany, code, year)
			return v.redirect("/")
		}
	}
	return fault.New(fault.NotFound, "app.company.unknown", code)
}

// said is a flash as its cookie holds it: a message not yet put in a language.
type said struct {
	Key  string
	Args []string
	N    int // counted by the message when it is not −1
	Bad  bool
	Undo string
	IDs  []int64
}

// maxUndo bounds the messages that one gesture takes back: a cookie is small.
const maxUndo = 200

// flash says what a gesture did, on the next page.
func (v *visit) flash(x said) {
	if len(x.IDs) > maxUndo {
		x.Undo, x.IDs = "", nil
	}
	b, err := json.Marshal(x)
	if err != nil {
		return // strings and numbers always encode
	}
	v.keep(cookieFlash, base64.RawURLEncoding.EncodeToString(b), time.Minute)
}

func (v *visit) done(key string, args ...string) { v.flash(said{Key: key, Args: args, N: -1}) }

// takeFlash gives what the last gesture did, once.
func (v *visit) takeFlash() *page.Flash {
	b, err := base64.RawURLEncoding.DecodeString(cookie(v.r, cookieFlash))
	if err != nil || len(b) == 0 {
		return nil
	}
	v.keep(cookieFlash, "", 0)
	var x said
	if json.Unmarshal(b, &x) != nil || !i18n.Has(x.Key) {
		return nil
	}
	var args []any
	if x.N >= 0 {
		args = append(args, x.N)
	}
	for _, a := range x.Args {
		args = append(args, a)
	}
	f := &page.Flash{Text: i18n.T(v.lang, x.Key, args...), Bad: x.Bad}
	if x.Undo != "" {
		f.Undo = &page.Undo{Action: back(x.Undo), IDs: x.IDs}
	}
	return f
}

// undoable is a flash with its way back.
func undoable(key string, n int, action string, list []id.Message) said {
	x := said{Key: key, N: n, Undo: action}
	for _, m := range list {
		x.IDs = append(x.IDs, int64(m))
	}
	return x
}

// may tells whether the person may do something.
func (v *visit) may(verb org.Verb) bool { return v.user.Role.May(verb) }
