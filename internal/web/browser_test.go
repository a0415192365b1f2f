package web

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// chromium finds the browser of the machine; "" when there is none.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}

// TestMain says in one line what a missing browser leaves out: a test that cannot run is not
// registered, unless everything is required.
func TestMain(m *testing.M) {
	if chromium() == "" {
		fmt.Println("web: no chromium: the browser and accessibility tests are left out (apt-get install chromium)")
	}
	os.Exit(m.Run())
}

// TestInBrowser holds the tests that need a browser.
func TestInBrowser(t *testing.T) {
	if chromium() == "" {
		if os.Getenv("RELANCE_REQUIRE_ALL") == "1" {
			t.Fatal("RELANCE_REQUIRE_ALL=1 and no chromium")
		}
		return
	}
	b := openBrowser(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *browser)
	}{{"pictures", pictures}} {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// browser is a running chromium.
type browser struct {
	ctx context.Context
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium()), chromedp.NoSandbox)...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx}
}

// tab is a page of the browser at a desk.
type tab struct {
	t   *testing.T
	ctx context.Context
	h   *house
}

// tab opens a page as a person of the house, "" for a stranger.
func (b *browser) tab(t *testing.T, h *house, email string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	x := &tab{t, ctx, h}
	x.do()
	if _, err := chromedp.Call(x.ctx, network.ClearBrowserCookies, struct{}{}); err != nil {
		t.Fatal(err)
	}
	if email != "" {
		token, err := h.app.SignIn(context.Background(), email, adminPassword, "browser")
		h.must(err)
		x.cookie(cookieSession, token)
	}
	return x
}

// patience is how long a page may take.
const patience = time.Minute

func (x *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	x.t.Helper()
	ctx, cancel := x.ctx, func() {}
	if len(steps) > 0 { // the first call starts the tab, and must not end it
		ctx, cancel = context.WithTimeout(x.ctx, patience)
	}
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		x.t.Fatal(err)
	}
}

// js evaluates an expression in the page.
func js[T any](x *tab, expression string) T {
	x.t.Helper()
	v, err := chromedp.Run(x.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		x.t.Fatalf("%v: %s", err, expression)
	}
	return v
}

func (x *tab) cookie(name, value string) {
	x.t.Helper()
	if _, err := chromedp.Call(x.ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: x.h.srv.URL}); err != nil {
		x.t.Fatal(err)
	}
}

func (x *tab) size(w, h int64, phone bool) {
	x.t.Helper()
	if _, err := chromedp.Call(x.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: w, Height: h, DeviceScaleFactor: 1, Mobile: phone}); err != nil {
		x.t.Fatal(err)
	}
}

func (x *tab) open(path string) {
	x.t.Helper()
	x.do(chromedp.Navigate(x.h.srv.URL+path), chromedp.WaitReady(chromedp.CSS("#main")))
}

// pictures keeps a picture of every page in RELANCE_SHOTS, for people to look at.
func pictures(t *testing.T, b *browser) {
	dir := os.Getenv("RELANCE_SHOTS")
	if dir == "" {
		return
	}
	h := full(t, Options{})
	x := b.tab(t, h, adminMail)
	for _, s := range []struct {
		name, lang, theme string
		w, h              int64
		phone             bool
	}{{"fr", "fr", "light", 1440, 900, false}, {"dark", "fr", "dark", 1440, 900, false}, {"phone", "fr", "light", 390, 844, true},
		{"en", "en", "light", 1440, 900, false}, {"phonedark", "fr", "dark", 390, 844, true}} {
		if only := os.Getenv("RELANCE_SHOTS_ONLY"); only != "" && !strings.Contains(","+only+",", ","+s.name+",") {
			continue
		}
		x.cookie(cookieLang, s.lang)
		x.cookie(cookieTheme, s.theme)
		for _, path := range x.shots() {
			x.size(s.w, s.h, s.phone)
			x.open(path)
			x.do(chromedp.Sleep(200 * time.Millisecond))
			x.size(s.w, min(max(js[int64](x, "document.documentElement.scrollHeight"), s.h), 2600), s.phone)
			x.do(chromedp.Sleep(300 * time.Millisecond))
			png, err := chromedp.Run(x.ctx, chromedp.CaptureScreenshot())
			h.must(err)
			name := strings.Trim(strings.NewReplacer("/", "_", "?", "-", "=", "-", "&", "-").Replace(path), "_")
			if name == "" {
				name = "today"
			}
			h.must(os.WriteFile(filepath.Join(dir, s.name+"-"+name+".png"), png, 0o644))
		}
	}
}

// shots are the pages of which a picture is kept.
func (x *tab) shots() []string {
	if p := os.Getenv("RELANCE_SHOTS_PAGES"); p != "" {
		return strings.Fields(p)
	}
	out := []string{"/", "/customers", "/customers/C0005", "/invoices", "/invoices/FA-2026-0061", "/outbox", "/outbox?tab=sent", "/outbox?tab=post", "/aging", "/scenarios", "/scenarios/standard",
		"/imports", "/settings", "/settings/mail", "/settings/live", "/settings/users", "/settings/journal", "/blocked", "/search?q=menuiserie"}
	for _, tab := range []string{"approve", "sent", "post"} {
		v, err := x.h.d.OutboxPage(context.Background(), tab, 0, 0, 1)
		x.h.must(err)
		if len(v.List) > 0 {
			out = append(out, messagePath(v.List[0].ID))
		}
	}
	return out
}
