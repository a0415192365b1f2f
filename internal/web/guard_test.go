package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"relance/internal/app"
	"relance/internal/domain/org"
)

// addressOf makes an address of a route's pattern that names something real.
func addressOf(pattern string) (verb, path string) {
	verb, path, _ = strings.Cut(pattern, " ")
	for _, r := range [][2]string{{"{$}", ""}, {"{code}", "C0001"}, {"{number}", "FA-2026-0001"}, {"{id}", "1"}, {"{name}", "standard"}, {"{which}", "logo"}, {"{n}", "0"}, {"{secret}", "nothing"}} {
		path = strings.ReplaceAll(path, r[0], r[1])
	}
	return verb, path
}

// TestEveryRouteAsksWhoItIs: without a session, every address but signing in leads to it and does
// nothing.
func TestEveryRouteAsksWhoItIs(t *testing.T) {
	h := newHouse(t, Options{})
	open := 0
	for _, r := range routes {
		verb, path := addressOf(r.pattern)
		p := h.person(t)
		var res *http.Response
		if verb == http.MethodGet {
			res, _ = p.get(path)
		} else {
			res, _ = p.post(path, url.Values{"id": {"1"}})
		}
		if r.need == anyone {
			open++
			continue
		}
		if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(res.Header.Get("Location"), "/signin") {
			t.Errorf("%s: %s %s", r.pattern, res.Status, res.Header.Get("Location"))
		}
	}
	if open != 6 {
		t.Errorf("%d addresses need no session: signing in, signing out, the language and a colleague's question are enough", open)
	}
}

// TestEveryRouteAsksWhetherOneMay: a role that lacks the right of a route is refused, whatever it
// sends; the reader of everything may look and nothing else.
func TestEveryRouteAsksWhetherOneMay(t *testing.T) {
	h := full(t, Options{})
	people := map[org.Role]string{org.Admin: adminMail, org.Collector: "jean@vasseur.example", org.Accountant: "ines@vasseur.example", org.ReadOnly: "paul@vasseur.example"}
	refused := 0
	for role, email := range people {
		p := h.signedIn(t, email)
		for _, r := range routes {
			if r.need == anyone || role.May(r.need) {
				continue
			}
			refused++
			verb, path := addressOf(r.pattern)
			res, body := p.get(path)
			if verb == http.MethodPost {
				res, body = p.post(path, url.Values{"id": {"1"}})
			}
			if res.StatusCode != http.StatusForbidden || !strings.Contains(body, "<h1>") {
				t.Errorf("%s as %s: %s", r.pattern, role, res.Status)
			}
		}
		// What one may not do is not offered either.
		today := p.page("/")
		if role.May(org.VerbCollect) != strings.Contains(today, `action="/run"`) {
			t.Errorf("%s: the day's gesture is offered wrongly", role)
		}
	}
	if refused < 80 {
		t.Errorf("only %d refusals tried", refused)
	}
	for _, r := range routes {
		if strings.HasPrefix(r.pattern, "POST ") && r.need == org.VerbRead && !slices.Contains([]string{"POST /company", "POST /settings/journal", "POST /settings/password"}, r.pattern) {
			t.Errorf("%s changes something and only asks for reading", r.pattern)
		}
	}
}

// TestRequestsOfOtherSites: a form that another site sends is refused, with the person's cookies
// or without.
func TestRequestsOfOtherSites(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	for _, header := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}} {
		r, err := http.NewRequest(http.MethodPost, h.srv.URL+"/outbox/approve-all", nil)
		if err != nil {
			t.Fatal(err)
		}
		for k, s := range header {
			r.Header.Set(k, s)
		}
		if res, _ := p.do(r); res.StatusCode != http.StatusForbidden {
			t.Errorf("%v: %s", header, res.Status)
		}
	}
	if n, err := h.d.ToApprove(context.Background()); err != nil || n == 0 {
		t.Errorf("%d to approve, %v: another site approved them", n, err)
	}
}

func TestHeaders(t *testing.T) {
	h := full(t, Options{Secure: true})
	p := h.person(t)
	res, _ := p.post("/signin", url.Values{"email": {adminMail}, "password": {adminPassword}})
	var session *http.Cookie
	for _, c := range res.Cookies() {
		if c.Name == "__Host-"+cookieSession {
			session = c
		}
	}
	if session == nil || !session.HttpOnly || !session.Secure || session.SameSite != http.SameSiteLaxMode {
		t.Errorf("session cookie: %v", session)
	}
	res, _ = h.signedInPlain(t).get("/")
	csp := res.Header.Get("Content-Security-Policy")
	if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("policy of a page: %s", csp)
	}
	for k, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000"} {
		if got := res.Header.Get(k); got != want {
			t.Errorf("%s: %q", k, got)
		}
	}
}

// signedInPlain signs in by a cookie that needs no HTTPS, which the test's server does not speak.
func (h *house) signedInPlain(t *testing.T) *person {
	t.Helper()
	token, err := h.app.SignIn(context.Background(), adminMail, adminPassword, "test")
	h.must(err)
	p := h.person(t)
	u, err := url.Parse(h.srv.URL)
	h.must(err)
	p.c.Jar.SetCookies(u, []*http.Cookie{{Name: cookieSession, Value: token}, {Name: "__Host-" + cookieSession, Value: token}})
	return p
}

// TestPreviewRunsNothing: the frame of a mail is sandboxed and may only be shown by us.
func TestPreviewRunsNothing(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	v, err := h.d.OutboxPage(context.Background(), "sent", 0, 0, 50)
	h.must(err)
	for _, q := range v.List {
		path := messagePath(q.ID)
		if q.Channel == "email" {
			res, body := p.get(path + "/mail")
			csp := res.Header.Get("Content-Security-Policy")
			if !strings.HasPrefix(csp, "sandbox ") || strings.Contains(csp, "allow-scripts") || !strings.Contains(csp, "default-src 'none'") {
				t.Errorf("%s: %s", path, csp)
			}
			if strings.Contains(body, "cid:") {
				t.Errorf("%s: the logo has no picture", path)
			}
			return
		}
	}
	t.Error("no mail was sent")
}

func TestSignIn(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	h := newHouse(t, Options{Now: func() time.Time { return now }})
	p := h.person(t)
	try := func(password string) int {
		res, _ := p.post("/signin", url.Values{"email": {adminMail}, "password": {password}, "to": {"/customers?show=late"}})
		return res.StatusCode
	}
	for i := range freeTries {
		if got := try("wrong"); got != http.StatusForbidden {
			t.Fatalf("try %d: %d", i, got)
		}
	}
	if got := try(adminPassword); got != http.StatusTooManyRequests {
		t.Errorf("after %d failures: %d", freeTries, got)
	}
	now = now.Add(firstWait + time.Second)
	res, _ := p.post("/signin", url.Values{"email": {strings.ToUpper(adminMail)}, "password": {adminPassword}, "to": {"/customers?show=late"}})
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/customers?show=late" {
		t.Errorf("%s %s", res.Status, res.Header.Get("Location"))
	}
	p.page("/")
	p.post("/signout", nil)
	if res, _ := p.get("/"); res.StatusCode != http.StatusSeeOther {
		t.Errorf("after signing out: %s", res.Status)
	}
	for _, to := range []string{"https://elsewhere.example/", "//elsewhere.example/", `/\elsewhere.example`, "javascript:alert(1)", "/a\nb"} {
		if got := back(to); got != "/" {
			t.Errorf("back(%q) = %q", to, got)
		}
	}
}

// TestReadySession: the demonstration's session serves this machine by its own names only.
func TestReadySession(t *testing.T) {
	h := newHouse(t, Options{})
	token, err := h.app.SignIn(context.Background(), adminMail, adminPassword, "demo")
	h.must(err)
	handler, err := New(h.app, Options{Session: token})
	h.must(err)
	h.srv.Config.Handler = handler
	p := h.person(t)
	p.page("/")
	r, err := http.NewRequest(http.MethodGet, h.srv.URL+"/", nil)
	h.must(err)
	r.Host = "rebound.example"
	if res, _ := p.do(r); res.StatusCode != http.StatusSeeOther {
		t.Errorf("by another name: %s", res.Status)
	}
}

// hostile are names that would be markup, script or a path if anybody forgot to escape them.
var hostile = []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'; DROP TABLE customer; --`, `{{.Form}}`, `../../etc/passwd`, `a/b?c#d&e=%2F`, `</textarea><b>`, "javascript:alert(1)", "Ünïcödé 客户"}

// TestHostileNames: whatever a name holds, it is shown as text and its page can be reached.
func TestHostileNames(t *testing.T) {
	h := newHouse(t, Options{})
	var c, i strings.Builder
	c.WriteString("code\tname\taddress\tcity\temail\n")
	i.WriteString("number\tissued\tdue\tamount\tcustomer\torder\n")
	for n, s := range hostile {
		fmt.Fprintf(&c, "%s\t%s\t%s\t%s\tx%d@client.example\n", s, s, s, s, n)
		fmt.Fprintf(&i, "%s\t2026-08-01\t2026-09-01\t100.00\t%s\t%s\n", s, s, s)
	}
	h.put(app.ImportCustomers, "c.tsv", c.String())
	h.put(app.ImportInvoices, "i.tsv", i.String())
	_, err := h.d.Run(context.Background(), app.RunOptions{Brief: true})
	h.must(err)
	p := h.signedIn(t, adminMail)
	paths := []string{"/", "/customers", "/invoices", "/outbox", "/aging", "/tasks", "/settings/journal"}
	for _, s := range hostile {
		paths = append(paths, "/customers/"+seg(s), "/invoices/"+seg(s), "/search?q="+url.QueryEscape(s), "/customers?q="+url.QueryEscape(s), "/aging?on="+url.QueryEscape(s), "/outbox?tab="+url.QueryEscape(s))
	}
	for _, path := range paths {
		res, body := p.get(path)
		if res.StatusCode == http.StatusSeeOther && strings.HasPrefix(path, "/search") {
			continue
		}
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, res.Status)
			continue
		}
		for _, tag := range []string{"<script>alert", "<img src=x", "</textarea><b>"} {
			if strings.Contains(body, tag) {
				t.Errorf("%s: %s is markup", path, tag)
			}
		}
		if strings.Contains(body, `href="javascript:`) || strings.Contains(body, "ZgotmplZ") {
			t.Errorf("%s: an address runs", path)
		}
	}
}

// TestLimits: bodies beyond their limit are refused and say so.
func TestLimits(t *testing.T) {
	h := newHouse(t, Options{})
	p := h.signedIn(t, adminMail)
	res, body := p.post("/settings/users", url.Values{"name": {strings.Repeat("x", maxForm+10)}})
	if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "1") {
		t.Errorf("a form of more than a megabyte: %s", res.Status)
	}
}

// TestUploadsAreLimited: each address that takes a file refuses one beyond its limit, and reads no more of it.
func TestUploadsAreLimited(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	tried := 0
	for _, r := range routes {
		if r.body <= maxForm {
			continue
		}
		tried++
		_, path := addressOf(r.pattern)
		head := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
		sent := &metered{r: io.MultiReader(strings.NewReader(head), io.LimitReader(blanks{}, 4*r.body))}
		req, err := http.NewRequest(http.MethodPost, h.srv.URL+path, sent)
		h.must(err)
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		res, err := p.c.Do(req)
		if err == nil { // else the desk hung up while it was being sent
			_ = res.Body.Close()
			if res.StatusCode != http.StatusUnprocessableEntity && res.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %s", r.pattern, res.Status)
			}
		}
		// What stands in the network's own buffers is read too.
		if most := r.body + 16<<20; sent.n.Load() > most {
			t.Errorf("%s: %d bytes were taken of a body of at most %d", r.pattern, sent.n.Load(), r.body)
		}
	}
	if tried < 5 {
		t.Errorf("%d addresses take files", tried)
	}
}

// blanks is a body without end; metered tells how much of one was sent.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

type metered struct {
	r io.Reader
	n atomic.Int64
}

func (c *metered) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// upload posts a file to the desk.
func (p *person) upload(path, name, content string, fields map[string]string) (*http.Response, string) {
	p.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, s := range fields {
		if err := m.WriteField(k, s); err != nil {
			p.t.Fatal(err)
		}
	}
	f, err := m.CreateFormFile("file", name)
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := f.Write([]byte(content)); err != nil {
		p.t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, p.h.srv.URL+path, &b)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	return p.do(r)
}
