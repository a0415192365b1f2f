package web

import (
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/ground/i18n"
	"relance/internal/page"
)

// mainPages are the pages a person leafs through; the browser test looks at each of them too.
var mainPages = []string{"/", "/customers", "/customers?show=late&sort=name", "/customers/C0001", "/customers/C0002?all=1", "/customers/C0005", "/invoices", "/invoices?show=all",
	"/invoices?show=disputed", "/invoices/FA-2026-0061", "/invoices/AV-2026-0001", "/outbox", "/outbox?tab=approved", "/outbox?tab=sent", "/outbox?tab=post", "/outbox?tab=registered",
	"/outbox?tab=failed", "/outbox?tab=uncertain", "/outbox?tab=skipped", "/aging", "/aging?on=2026-09-30", "/scenarios", "/scenarios/standard", "/scenarios/none", "/scenarios/public",
	"/imports", "/settings", "/settings/mail", "/settings/live", "/settings/users", "/settings/journal", "/tasks", "/blocked", "/blocked?reason=pause", "/search?q=menuiserie",
	"/bank", "/bank?tab=applied", "/bank?q=librairie", "/bank?tab=aside&q=zzz", "/bank?tab=aside", "/bank?tab=statements", "/customers/C0005/call", "/customers/C0004/call", "/customers/C0005/plan?n=3&first=2026-12-15", "/promises", "/promises?tab=broken", "/promises?tab=await",
	"/disputes", "/disputes?tab=causes", "/settings/disputes", "/figures", "/found", "/found/C0001", "/entry"}

var href = regexp.MustCompile(`(?:href|src|action|formaction)="(/[^"]*)"`)

// TestEveryPageInBothLanguages shows every page that the desk links to, full and empty, and looks
// for what must never be seen: a key without text, an argument that is missing, an inline style.
func TestEveryPageInBothLanguages(t *testing.T) {
	for _, house := range []struct {
		name string
		open func(*testing.T, Options) *house
	}{{"full", full}, {"empty", newHouse}} {
		h := house.open(t, Options{})
		for _, lang := range []string{"fr", "en"} {
			t.Run(house.name+"/"+lang, func(t *testing.T) {
				p := h.signedIn(t, adminMail).in(lang)
				seen := map[string]bool{}
				next := slices.Clone(mainPages)
				for len(next) > 0 && len(seen) < 700 {
					path := strings.ReplaceAll(next[0], "&amp;", "&")
					next = next[1:]
					if seen[path] || strings.HasPrefix(path, "/static/") {
						continue
					}
					seen[path] = true
					r, body := p.get(path)
					if r.StatusCode == http.StatusNotFound && house.name == "empty" {
						continue
					}
					if r.StatusCode != http.StatusOK && r.StatusCode != http.StatusSeeOther && r.StatusCode != http.StatusMethodNotAllowed && !posts(path) {
						t.Errorf("%s: %s", path, r.Status)
						continue
					}
					if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || strings.HasSuffix(strings.Split(path, "?")[0], "/mail") && strings.Contains(path, "/outbox/") {
						continue
					}
					look(t, path, body)
					for _, m := range href.FindAllStringSubmatch(body, -1) {
						next = append(next, m[1])
					}
				}
				if len(seen) < 40 {
					t.Errorf("only %d pages seen", len(seen))
				}
			})
		}
	}
}

// posts tells whether an address only takes forms.
func posts(path string) bool {
	for _, r := range routes {
		verb, pattern, _ := strings.Cut(r.pattern, " ")
		if verb == http.MethodPost && regexp.MustCompile("^"+regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(pattern, "[^/]+")+"$").MatchString(strings.Split(path, "?")[0]) {
			return true
		}
	}
	return false
}

var forbiddenInPages = []struct{ what, why string }{
	{"%!", "an argument of a sentence is missing"}, {"<nil>", "a value is missing"}, {"ZgotmplZ", "a value was refused by the template"}, {" style=\"", "the policy allows no inline style"},
	{"<script>", "the policy allows no inline script"}, {" onclick=", "the policy allows no inline script"}, {">web.", "a key has no text"}, {"0001-01-01", "no date is shown as a date"},
}

func look(t *testing.T, path, body string) {
	t.Helper()
	if strings.Contains(body, "<pre") {
		return
	}
	for _, f := range forbiddenInPages {
		if i := strings.Index(body, f.what); i >= 0 {
			t.Errorf("%s: %s: …%s…", path, f.why, body[max(0, i-60):min(len(body), i+80)])
		}
	}
	if strings.Contains(body, "<main") && (!strings.Contains(body, "<h1>") || !strings.HasSuffix(strings.TrimSpace(body), "</html>")) {
		t.Errorf("%s: the page is not whole", path)
	}
}

var saidInTemplates = regexp.MustCompile(`\(?\bt "([^"]+)"`)

// TestEveryKeyOfTemplatesExists reads the templates: each key that is said has its text.
func TestEveryKeyOfTemplatesExists(t *testing.T) {
	n := 0
	for _, dir := range []string{"pages", "../page/kit"} {
		fsys := osDir(dir)
		names, err := fs.Glob(fsys, "*.html")
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", dir, err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range saidInTemplates.FindAllStringSubmatch(string(b), -1) {
				n++
				if !i18n.Has(m[1]) {
					t.Errorf("%s: no message %q", name, m[1])
				}
			}
		}
	}
	if n < 300 {
		t.Errorf("only %d keys found", n)
	}
}

// TestEveryKindOfMessageHasAName: a kind of letter that is new is named on the desk too.
func TestEveryKindOfMessageHasAName(t *testing.T) {
	for _, k := range letter.Kinds {
		if !i18n.Has("web.kindof." + string(k)) {
			t.Errorf("%s has no name for people", k)
		}
	}
}

var taskKinds = regexp.MustCompile(`(?:Task\w+ += |store\.Task\{[^}]*Kind: |\btask\.Kind = |\.todo\(code, )"([a-z-]+)"`)

// TestEveryKindOfTaskHasAName reads where tasks are made: those of steps, of the planner and of the verbs.
func TestEveryKindOfTaskHasAName(t *testing.T) {
	kinds := []string{string(dunning.Call), string(dunning.Meeting), string(dunning.Note), string(dunning.Handover)}
	for _, dir := range []string{"../app", "../domain/dunning"} {
		names, err := fs.Glob(osDir(dir), "*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(osDir(dir), name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range taskKinds.FindAllStringSubmatch(string(b), -1) {
				kinds = append(kinds, m[1])
			}
		}
	}
	if len(kinds) < 12 {
		t.Errorf("only %v found", kinds)
	}
	for _, k := range kinds {
		if !i18n.Has("web.task." + k) {
			t.Errorf("a task to do, %s, has no name for people", k)
		}
	}
}

// TestEveryPageParses: a page is parsed when it is first drawn, and none waits broken for its visitor.
func TestEveryPageParses(t *testing.T) {
	sub, err := fs.Sub(templates, "pages")
	if err != nil {
		t.Fatal(err)
	}
	e, err := page.New(sub)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Load(); err != nil || len(e.Names()) < 20 {
		t.Errorf("%d pages, %v", len(e.Names()), err)
	}
}
