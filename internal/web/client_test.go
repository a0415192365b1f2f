package web

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"testing"
)

// person is a browser without a script.
type person struct {
	t *testing.T
	h *house
	c *http.Client
}

func (h *house) person(t *testing.T) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t, h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// signedIn is a person of the company at the desk.
func (h *house) signedIn(t *testing.T, email string) *person {
	t.Helper()
	p := h.person(t)
	r, _ := p.post("/signin", url.Values{"email": {email}, "password": {adminPassword}})
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign in: %s", r.Status)
	}
	return p
}

func (p *person) do(r *http.Request) (*http.Response, string) {
	p.t.Helper()
	res, err := p.c.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res, string(b)
}

func (p *person) get(path string) (*http.Response, string) {
	p.t.Helper()
	r, err := http.NewRequest(http.MethodGet, p.h.srv.URL+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.do(r)
}

func (p *person) post(path string, form url.Values) (*http.Response, string) {
	p.t.Helper()
	r, err := http.NewRequest(http.MethodPost, p.h.srv.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.do(r)
}

// page gets a page that must be there.
func (p *person) page(path string) string {
	p.t.Helper()
	r, body := p.get(path)
	if r.StatusCode != http.StatusOK {
		p.t.Errorf("%s: %s", path, r.Status)
	}
	return body
}

// in chooses the language.
func (p *person) in(lang string) *person {
	p.post("/preferences", url.Values{"lang": {lang}})
	return p
}

func osDir(dir string) fs.FS { return os.DirFS(dir) }
