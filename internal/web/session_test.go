package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"relance/internal/domain/org"
)

// plant gives a browser a session's cookie.
func (p *person) plant(token string) {
	p.t.Helper()
	u, err := url.Parse(p.h.srv.URL)
	p.h.must(err)
	p.c.Jar.SetCookies(u, []*http.Cookie{{Name: cookieSession, Value: token, Path: "/"}})
}

// token is the session that a browser holds.
func (p *person) token() string {
	p.t.Helper()
	u, err := url.Parse(p.h.srv.URL)
	p.h.must(err)
	for _, c := range p.c.Jar.Cookies(u) {
		if c.Name == cookieSession {
			return c.Value
		}
	}
	return ""
}

// in tells whether a browser is signed in.
func (p *person) isIn() bool {
	res, _ := p.get("/customers")
	return res.StatusCode == http.StatusOK
}

// TestSessions: who signs in gets a session that nobody gave them; it ends by signing out, by a new password, when it
// is left alone and at the end of its life.
func TestSessions(t *testing.T) {
	h := newHouse(t, Options{})
	ctx := context.Background()
	_, err := h.d.AddUser(ctx, org.User{Name: "Eve", Email: "eve@vasseur.example", Role: org.ReadOnly}, adminPassword)
	h.must(err)

	// Fixation: a session planted in the browser is not the one after signing in, and is dead.
	eve := h.signedIn(t, "eve@vasseur.example")
	planted := eve.token()
	p := h.person(t)
	p.plant(planted)
	p.post("/signin", url.Values{"email": {adminMail}, "password": {adminPassword}})
	if p.token() == planted || p.token() == "" || !p.isIn() {
		t.Error("the session is the planted one, or none")
	}
	if eve.isIn() {
		t.Error("the planted session lives on")
	}

	// Signing out ends it on our side, not only in the browser.
	kept := p.token()
	p.post("/signout", nil)
	p.plant(kept)
	if p.isIn() {
		t.Error("a session that was signed out serves")
	}

	// A new password signs every device out.
	one, two := h.signedIn(t, "eve@vasseur.example"), h.signedIn(t, "eve@vasseur.example")
	h.must(h.d.SetPassword(ctx, "eve@vasseur.example", adminPassword+"!"))
	if one.isIn() || two.isIn() {
		t.Error("a device stays in after a new password")
	}
	// Who has no role left has no seat, whatever session they hold.
	h.must(h.d.SetPassword(ctx, "eve@vasseur.example", adminPassword))
	one = h.signedIn(t, "eve@vasseur.example")
	h.must(h.d.RemoveUser(ctx, "eve@vasseur.example"))
	if one.isIn() {
		t.Error("somebody without a role is in")
	}

	// Left alone for a quarter of its life it ends; used every day it lives, but no longer than its life.
	idle, busy := h.signedIn(t, adminMail), h.signedIn(t, adminMail)
	start := h.now
	for day := 1; day <= 15; day++ {
		h.now = start.AddDate(0, 0, day)
		if got, want := busy.isIn(), day < 14; got != want {
			t.Errorf("day %d, used every day: in %t", day, got)
		}
	}
	h.now = start.AddDate(0, 0, 4)
	if idle.isIn() {
		t.Error("four days alone, and still in")
	}
}

// Whoever knows the password they have takes another, whatever their role: the browser stays in, the others are out.
func TestOwnPassword(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	h := newHouse(t, Options{Now: func() time.Time { return now }})
	_, err := h.d.AddUser(context.Background(), org.User{Name: "Eve", Email: "eve@vasseur.example", Role: org.ReadOnly}, adminPassword)
	h.must(err)
	own, other := h.signedIn(t, "eve@vasseur.example"), h.signedIn(t, "eve@vasseur.example")
	change := func(old, password string) int {
		res, body := own.post("/settings/password", url.Values{"old": {old}, "password": {password}})
		if strings.Contains(body, old) || strings.Contains(body, password) {
			t.Error("a password comes back to the form")
		}
		return res.StatusCode
	}
	const next = "a new and long secret"
	if got := change("wrong but long enough", next); got == http.StatusSeeOther || !other.isIn() {
		t.Errorf("with a wrong one: %d", got)
	}
	if got := change(adminPassword, "short"); got == http.StatusSeeOther {
		t.Errorf("a short one: %d", got)
	}
	before := own.token()
	if got := change(adminPassword, next); got != http.StatusSeeOther || !own.isIn() || own.token() == before {
		t.Errorf("with the right one: %d, in %t", got, own.isIn())
	}
	if other.isIn() {
		t.Error("the other device stays in")
	}
	for range freeTries {
		change("wrong but long enough", next)
	}
	if got := change(next, adminPassword); got == http.StatusSeeOther {
		t.Error("guesses do not wait")
	}
	p := h.person(t)
	if res, _ := p.post("/signin", url.Values{"email": {"eve@vasseur.example"}, "password": {next}}); res.StatusCode != http.StatusSeeOther {
		t.Errorf("at the door, after guesses at the desk: %d", res.StatusCode)
	}
}

// TestGuessingKeepsNobodyOut: whoever guesses a person's password elsewhere makes strangers wait, not the browser in
// which that person has signed in; that one waits for its own mistakes.
func TestGuessingKeepsNobodyOut(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	h := newHouse(t, Options{Now: func() time.Time { return now }})
	try := func(p *person, password string) int {
		res, _ := p.post("/signin", url.Values{"email": {adminMail}, "password": {password}})
		return res.StatusCode
	}
	own := h.signedIn(t, adminMail)
	own.post("/signout", nil)
	thief := h.person(t)
	for range 4*freeTries + 1 { // until the network address waits too
		try(thief, "wrong")
		now = now.Add(longestWait + time.Second)
	}
	for range freeTries {
		try(thief, "wrong")
	}
	if got := try(h.person(t), adminPassword); got != http.StatusTooManyRequests {
		t.Errorf("a stranger after the guessing: %d", got)
	}
	if got := try(own, adminPassword); got != http.StatusSeeOther {
		t.Errorf("the person, in their own browser: %d", got)
	}
	own.post("/signout", nil)
	for range freeTries {
		try(own, "wrong")
	}
	if got := try(own, adminPassword); got != http.StatusTooManyRequests {
		t.Errorf("their own browser after their own mistakes: %d", got)
	}
	// A device that somebody invents is nobody's.
	u, err := url.Parse(h.srv.URL)
	h.must(err)
	thief.c.Jar.SetCookies(u, []*http.Cookie{{Name: cookieDevice, Value: strings.Repeat("A", 43), Path: "/"}})
	if got := try(thief, "wrong"); got != http.StatusTooManyRequests {
		t.Errorf("with an invented device: %d", got)
	}
}

// TestEveryPostRefusesOtherSites: no form of another site is taken, on any route.
func TestEveryPostRefusesOtherSites(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	before := h.facts()
	for _, r := range routes {
		method, path := addressOf(r.pattern)
		if method != http.MethodPost {
			continue
		}
		req, err := http.NewRequest(http.MethodPost, h.srv.URL+path, strings.NewReader("id=1"))
		h.must(err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		if res, _ := p.do(req); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", r.pattern, res.Status)
		}
	}
	if !p.isIn() || h.facts() != before {
		t.Error("another site has done something")
	}
}

// TestEveryAnswerIsGuarded: each answer of the desk says what may run in it, who may frame it and that its kind is not
// to be guessed; what came from outside is given to be saved, never shown.
func TestEveryAnswerIsGuarded(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	seen := map[string]bool{}
	for _, q := range p.walk() {
		if q.form != nil {
			continue
		}
		res, _ := p.get(q.path)
		head := res.Header
		seen[q.pattern] = true
		if head.Get("X-Content-Type-Options") != "nosniff" || head.Get("Referrer-Policy") != "same-origin" || head.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", q.path, head)
		}
		csp := head.Get("Content-Security-Policy")
		kind, _, _ := strings.Cut(head.Get("Content-Type"), ";")
		switch {
		case kind == "application/pdf": // ours, shown by the browser's own viewer
			if csp != "frame-ancestors 'self'" {
				t.Errorf("%s: %s", q.path, csp)
			}
		case slices.Contains([]string{"GET /outbox/{id}/mail", "GET /invoices/{number}/mail"}, q.pattern): // a mail as its reader sees it
			if !strings.HasPrefix(csp, "sandbox ") || strings.Contains(csp, "allow-scripts") || strings.Contains(csp, "script-src") || !strings.Contains(csp, "default-src 'none'") {
				t.Errorf("%s: %s", q.path, csp)
			}
		case kind == "text/html":
			if csp != policy {
				t.Errorf("%s: %s", q.path, csp)
			}
		case strings.HasPrefix(kind, "image/"):
			if !strings.HasPrefix(csp, "sandbox; default-src 'none'") {
				t.Errorf("%s: %s", q.path, csp)
			}
		case res.StatusCode == http.StatusOK && !strings.HasPrefix(head.Get("Content-Disposition"), "attachment"):
			t.Errorf("%s: %s is shown in place", q.path, kind)
		}
	}
	if strings.Contains(policy, "unsafe") || len(seen) < 35 {
		t.Errorf("%s; %d routes seen", policy, len(seen))
	}
}
