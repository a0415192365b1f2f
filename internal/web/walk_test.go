package web

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"relance/internal/app"
	"relance/internal/domain/org"
)

// request is something that the desk offered to somebody: an address to read, or a form to send as it stood.
type request struct {
	pattern, path string
	form          url.Values // nil to read
}

var (
	formTag  = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	fieldTag = regexp.MustCompile(`(?s)<(input|select|textarea|button)([^>]*)>(?:(.*?)</(?:select|textarea)>)?`)
	option   = regexp.MustCompile(`<option value="([^"]+)"`)
	attr     = regexp.MustCompile(`([a-z]+)="([^"]*)"`)
)

// walk leafs through the desk as somebody who sees it all, and gives what it offers: for each route some addresses
// and forms that are about something.
func (p *person) walk() (out []request) {
	p.t.Helper()
	const each = 4 // of a route
	mux, count := http.NewServeMux(), map[string]int{}
	for _, r := range routes {
		mux.HandleFunc(r.pattern, func(http.ResponseWriter, *http.Request) {})
	}
	seen := map[string]bool{}
	keep := func(method, path string, form url.Values) bool {
		path = html.UnescapeString(path)
		r, err := http.NewRequest(method, path, nil)
		if err != nil || seen[method+path] {
			return false
		}
		seen[method+path] = true
		_, pattern := mux.Handler(r)
		if pattern == "" || !strings.HasPrefix(pattern, method) || count[pattern] == each {
			return false
		}
		count[pattern]++
		out = append(out, request{pattern, path, form})
		return true
	}
	next := slices.Clone(mainPages)
	for len(next) > 0 {
		path := next[0]
		if next = next[1:]; !keep(http.MethodGet, path, nil) {
			continue
		}
		_, body := p.get(html.UnescapeString(path))
		for _, m := range href.FindAllStringSubmatch(body, -1) {
			next = append(next, m[1])
		}
		for _, f := range formTag.FindAllStringSubmatch(body, -1) {
			values, actions := filled(f[2])
			if at := attributes(f[1]); at["method"] == "post" {
				actions = append(actions, at["action"])
			}
			for _, a := range actions {
				keep(http.MethodPost, a, values)
			}
		}
	}
	return out
}

func attributes(tag string) map[string]string {
	out := map[string]string{}
	for _, m := range attr.FindAllStringSubmatch(tag, -1) {
		out[m[1]] = html.UnescapeString(m[2])
	}
	return out
}

// filled is a form as a person sends it: what stands in it, and something in each empty field.
func filled(inside string) (url.Values, []string) {
	values, actions := url.Values{}, []string(nil)
	for _, m := range fieldTag.FindAllStringSubmatch(inside, -1) {
		a := attributes(m[2])
		if a["formaction"] != "" {
			actions = append(actions, a["formaction"])
		}
		v := a["value"]
		switch {
		case a["name"] == "":
			continue
		case m[1] == "select":
			if o := option.FindStringSubmatch(m[3]); o != nil {
				v = html.UnescapeString(o[1])
			}
		case v != "":
		case a["type"] == "date":
			v = "2026-12-01"
		case a["type"] == "email":
			v = "x@elsewhere.example"
		case a["inputmode"] == "decimal":
			v = "1"
		default:
			v = "x"
		}
		values.Add(a["name"], v)
	}
	return values, actions
}

// send sends a request.
func (p *person) send(q request) (*http.Response, string) {
	if q.form == nil {
		return p.get(q.path)
	}
	return p.post(q.path, q.form)
}

// named is the first name of a customer or of somebody at one that a page shows, "" for none.
func named(body string) string {
	for _, name := range append([]string{"Lenoir", "Marc Petit", "@client"}, firms...) {
		if strings.Contains(body, html.EscapeString(name)) {
			return name
		}
	}
	return ""
}

// facts counts what the journal tells of customers.
func (h *house) facts() (n int) {
	h.t.Helper()
	list, err := h.d.JournalEntries(context.Background(), 1<<20)
	h.must(err)
	for _, e := range list {
		if e.Customer != 0 {
			n++
		}
	}
	return n
}

// TestStrangers: whatever the desk offers to its administrator, somebody bound to another portfolio, and the
// administrator of another company, are told nothing of it and change nothing by it.
func TestStrangers(t *testing.T) {
	h := full(t, Options{})
	ctx := context.Background()
	_, err := h.d.AddUser(ctx, org.User{Name: "Zoé", Email: "zoe@vasseur.example", Role: org.Collector, Portfolio: []string{"Zoé"}}, adminPassword)
	h.must(err)
	other, err := h.app.CreateCompany(ctx, "AUTRE", org.Profile{Name: "Autre"})
	h.must(err)
	_, err = h.app.As(app.System(other.ID, "x")).AddUser(ctx, org.User{Name: "Ugo", Email: "ugo@autre.example", Role: org.Admin}, adminPassword)
	h.must(err)
	admin := h.signedIn(t, adminMail)
	offered := admin.walk()
	tried := map[string]bool{}
	for _, q := range offered {
		tried[q.pattern] = true
	}
	for _, r := range routes {
		if !tried[r.pattern] { // not offered as things stand: asked all the same
			method, path := addressOf(r.pattern)
			q := request{pattern: r.pattern, path: path}
			if method == http.MethodPost {
				q.form = url.Values{"id": {"1"}, "why": {"x"}, "on": {"2026-11-20"}}
			}
			offered = append(offered, q)
		}
	}
	names := 0
	for _, q := range offered {
		if q.form != nil {
			continue
		}
		if _, body := admin.get(q.path); named(body) != "" {
			names++
		}
	}
	if len(offered) < 250 || names < 60 {
		t.Errorf("%d requests, %d pages with names: the walk looks in the wrong place", len(offered), names)
	}
	before := h.facts()
	for _, email := range []string{"zoe@vasseur.example", "ugo@autre.example"} {
		p := h.signedIn(t, email)
		for _, q := range offered {
			if q.pattern == "POST /signout" || q.pattern == "POST /signin" {
				continue
			}
			res, body := p.send(q)
			if res.StatusCode >= 500 {
				t.Errorf("%s: %s as %s: %s", q.pattern, q.path, email, res.Status)
			}
			if name := named(body); name != "" && (q.form == nil || !strings.Contains(q.form.Encode(), url.QueryEscape(name))) {
				t.Errorf("%s: %s tells %s of %s", q.pattern, q.path, email, name)
			}
			if q.form == nil {
				continue
			}
			if n := h.facts(); n != before {
				t.Fatalf("%s: %s %v as %s: %d facts about customers, %d before", q.pattern, q.path, q.form, email, n, before)
			}
		}
	}
}

// TestRoles asks for every route as everybody, and compares with the table that people read: testdata/roles.txt
// (UPDATE=1 writes it again).
func TestRoles(t *testing.T) {
	h := full(t, Options{})
	_, err := h.d.AddUser(context.Background(), org.User{Name: "Mia", Email: "mia@vasseur.example", Role: org.Manager}, adminPassword)
	h.must(err)
	people := []struct {
		name, email string
	}{{"nobody", ""}, {"read-only", "paul@vasseur.example"}, {"collector", "jean@vasseur.example"}, {"accountant", "ines@vasseur.example"}, {"manager", "mia@vasseur.example"}, {"admin", adminMail}}
	seats := map[string]*person{}
	var table strings.Builder
	head := fmt.Sprintf("%-52s", "")
	for _, who := range people {
		head += fmt.Sprintf("%-12s", who.name)
	}
	table.WriteString(strings.TrimRight(head, " ") + "\n")
	for _, r := range routes {
		row := fmt.Sprintf("%-52s", r.pattern)
		for _, who := range people {
			p := seats[who.email]
			if p == nil || r.pattern == "POST /signout" {
				p = h.person(t)
				if who.email != "" {
					p = h.signedIn(t, who.email)
				}
			}
			if r.pattern != "POST /signout" {
				seats[who.email] = p
			}
			method, path := addressOf(r.pattern)
			q := request{path: path}
			if method == http.MethodPost {
				q.form = url.Values{"id": {"1"}}
			}
			row += fmt.Sprintf("%-12s", verdict(p.send(q)))
		}
		table.WriteString(strings.TrimRight(row, " ") + "\n")
	}
	const golden = "testdata/roles.txt"
	if os.Getenv("UPDATE") != "" {
		h.must(os.WriteFile(golden, []byte(table.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	h.must(err)
	if got := table.String(); got != string(want) {
		a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range max(len(a), len(b)) {
			if i >= len(a) || i >= len(b) || a[i] != b[i] {
				t.Errorf("routes and %s differ from line %d on:\n%s\nwant:\n%s", golden, i+1, strings.Join(a[min(i, len(a)):min(i+3, len(a))], "\n"), strings.Join(b[min(i, len(b)):min(i+3, len(b))], "\n"))
				break
			}
		}
	}
}

// verdict is what a role gets: in, sent to the door, or refused.
func verdict(res *http.Response, _ string) string {
	switch {
	case res.StatusCode == http.StatusForbidden:
		return "-"
	case res.StatusCode == http.StatusSeeOther && strings.HasPrefix(res.Header.Get("Location"), "/signin?"), res.StatusCode == http.StatusSeeOther && res.Header.Get("Location") == "/signin":
		return "sign in"
	case res.StatusCode >= 500 && res.StatusCode != http.StatusServiceUnavailable: // guessing links is slowed down
		return "broken"
	}
	return "yes"
}
