package web

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/ground/money"
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
	code := m.Run()
	if lived.path != "" {
		_ = os.RemoveAll(filepath.Dir(lived.path)) // a folder that stays is the system's to clean
	}
	os.Exit(code)
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
	}{{"keyboard", keyboard}, {"phone", phone}, {"contrast", contrast}, {"accessibility", accessibility}, {"made", made}, {"pictures", pictures}} {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// browser is a running chromium.
type browser struct {
	ctx context.Context
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium()), chromedp.NoSandbox,
		chromedp.Flag("lang", "fr-FR"))...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx}
}

// keyboard signs in, leafs through the outbox and approves without a mouse, reads the exact
// message, and changes the language.
func keyboard(t *testing.T, b *browser) {
	h := full(t, Options{})
	x := b.tab(t, h, "")
	x.size(1440, 900, false)
	x.cookie(cookieLang, "fr")
	x.do(chromedp.Navigate(h.srv.URL+"/outbox"), chromedp.WaitReady(chromedp.CSS("#signin-email")), chromedp.SendKeys(chromedp.CSS("#signin-email"), adminMail),
		chromedp.SendKeys(chromedp.CSS("#signin-password"), adminPassword+"\r"), chromedp.WaitReady(chromedp.CSS("tr[data-row]")))
	was, err := h.d.ToApprove(context.Background())
	h.must(err)
	x.keys("j", "j", "k", "j")
	if n := js[int](x, `[...document.querySelectorAll("tr[data-row]")].findIndex(r => r.classList.contains("cursor"))`); n != 1 {
		t.Errorf("j j k j stands on row %d, want 1", n)
	}
	for js[bool](x, `Number(document.querySelector("tr.cursor input").dataset.total) > 1000000`) {
		x.keys("j") // above the ceiling a second person approves
	}
	x.keys("x")
	if s := js[string](x, `document.querySelector("[data-picked]").textContent`); !strings.HasPrefix(s, "1 choisis") || !strings.Contains(s, "€") {
		t.Errorf("one row picked says %q", s)
	}
	who := js[string](x, `document.querySelector("tr.cursor a.main").textContent`)
	x.leave("a", "Envois")
	if n, err := h.d.ToApprove(context.Background()); err != nil || n != was-1 {
		t.Errorf("%d to approve, was %d, %v", n, was, err)
	}
	if s := js[string](x, `document.querySelector(".flash").textContent`); !strings.Contains(s, "1 message approuvé") {
		t.Errorf("%s approved: %q", who, s)
	}
	x.do(chromedp.Click(chromedp.CSS(".flash button")), chromedp.WaitReady(chromedp.CSS(".flash:not(:has(form))")))
	x.keys("j")
	name := js[string](x, `document.querySelector("tr.cursor a.main").textContent`)
	x.keys("\r")
	x.do(chromedp.WaitReady(chromedp.CSS("iframe")))
	if title := js[string](x, "document.querySelector('h1').textContent"); !strings.Contains(title, name) {
		t.Errorf("Enter on %s opens %s", name, title)
	}
	if !js[bool](x, `new Promise(done => { const f = document.querySelector("iframe.mailframe"), look = () => f.contentDocument?.body?.textContent.includes("Atelier Vasseur") ? done(true) : setTimeout(look, 50); look(); setTimeout(() => done(false), 5000) })`) {
		t.Error("the frame does not show the message")
	}
	x.keys("/")
	if id := js[string](x, "document.activeElement.id"); id != "q" {
		t.Errorf("/ goes to %q", id)
	}
	x.do(chromedp.Blur(chromedp.CSS("#q")))
	x.keys("?")
	if !js[bool](x, `document.getElementById("keys").open`) {
		t.Error("? shows no help")
	}
	x.open("/")
	x.do(chromedp.Click(chromedp.CSS(`.foot button[value="en"]`)), chromedp.WaitReady(chromedp.CSS(`html[lang="en"]`)))
	if title := js[string](x, "document.querySelector('h1').textContent"); title != "Today" {
		t.Errorf("in English the day is %q", title)
	}
}

// keys types keys into the page, one after another.
func (x *tab) keys(keys ...string) {
	x.t.Helper()
	for _, k := range keys {
		x.do(chromedp.KeyEvent(k))
	}
}

// leave types a key that sends a form, and waits for the page that answers.
func (x *tab) leave(key, title string) {
	x.t.Helper()
	js[bool](x, "window.left = true")
	x.keys(key)
	x.do(chromedp.WaitReady(chromedp.CSS(".flash")))
	if s := js[string](x, "document.querySelector('h1').textContent"); s != title {
		x.t.Errorf("after %s: %q, want %q", key, s, title)
	}
}

// phone looks at every page on a phone: nothing is wider than the screen, and what is touched is
// large enough.
func phone(t *testing.T, b *browser) {
	h := full(t, Options{})
	x := b.tab(t, h, adminMail)
	x.size(390, 844, true)
	for _, path := range x.pages() {
		x.open(path)
		if wide := js[int](x, "document.documentElement.scrollWidth"); wide > 390 {
			t.Errorf("%s is %d pixels wide: %s", path, wide, js[string](x, `[...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > 391).slice(0, 3).map(e => e.tagName + "." + e.className).join(", ")`))
		}
		if small := js[string](x, `[...document.querySelectorAll("main button, main a.button, .rail nav > ul > li > a")].filter(e => e.offsetHeight && e.offsetHeight < 36).slice(0, 3).map(e => e.textContent.trim() + " " + e.offsetHeight).join(", ")`); small != "" {
			t.Errorf("%s: too small to be touched: %s", path, small)
		}
	}
}

// contrast reads the colours that the browser computes, in light and dark: text stands out from
// its ground by 4.5 to 1 (WCAG AA).
func contrast(t *testing.T, b *browser) {
	h := full(t, Options{})
	x := b.tab(t, h, adminMail)
	x.size(1440, 900, false)
	grounds := map[string]string{}
	for _, theme := range []string{"light", "dark"} {
		x.cookie(cookieTheme, theme)
		x.open("/")
		grounds[theme] = js[string](x, "getComputedStyle(document.body).backgroundColor")
		bad := js[string](x, contrastJS)
		if bad != "" {
			t.Errorf("%s: %s", theme, bad)
		}
	}
	if grounds["light"] == grounds["dark"] {
		t.Errorf("light and dark have one ground: %v", grounds)
	}
}

// contrastJS lists the texts that do not stand out enough.
const contrastJS = `(() => {
	const read = c => { const m = c.match(/[\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m };
	const light = ([r, g, b]) => { const f = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b) };
	const ground = e => { for (; e; e = e.parentElement) { const c = read(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c } return [255, 255, 255, 1] };
	const out = [];
	for (const e of document.querySelectorAll("body *")) {
		if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.offsetParent || e.closest(".sr, svg, dialog")) continue;
		const a = light(read(getComputedStyle(e).color)), b = light(ground(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.5) out.push(ratio.toFixed(2) + " " + e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 30));
	}
	return [...new Set(out)].slice(0, 8).join("\n");
})()`

// axeFile is the accessibility checker that npm installs, pinned in package.json.
const axeFile = "../../node_modules/axe-core/axe.min.js"

// accessibility runs axe-core on every main page, in light and dark, on a desktop and a phone.
func accessibility(t *testing.T, b *browser) {
	h := full(t, Options{})
	x := b.tab(t, h, adminMail)
	for _, look := range []struct {
		theme string
		wide  int64
		phone bool
	}{{"light", 1440, false}, {"dark", 1440, false}, {"light", 390, true}} {
		x.size(look.wide, 900, look.phone)
		x.cookie(cookieTheme, look.theme)
		for _, path := range x.pages() {
			x.open(path)
			x.axe(fmt.Sprintf("%s, %s, %d pixels", path, look.theme, look.wide))
		}
	}
}

// axe runs the accessibility checker on the page that is open.
func (x *tab) axe(name string) {
	x.t.Helper()
	axe, err := os.ReadFile(axeFile)
	if err != nil {
		if os.Getenv("RELANCE_REQUIRE_ALL") == "1" {
			x.t.Fatalf("RELANCE_REQUIRE_ALL=1 and no axe-core (npm ci): %v", err)
		}
		noAxe.Do(func() { fmt.Println("web: no axe-core: the accessibility check is left out (npm ci)") })
		return
	}
	x.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void](string(axe)+";undefined")(ctx, tab)
		return err
	}))
	if bad := js[string](x, axeJS); bad != "" {
		x.t.Errorf("%s:\n%s", name, bad)
	}
}

var noAxe sync.Once

// axeJS runs the checker, frames of mails left out: they are the letter room's, and have no title
// of their own to give.
const axeJS = `axe.run(document, { iframes: false, resultTypes: ["violations"] }).then(r => r.violations.map(v =>
	v.id + ": " + v.help + "\n    " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " " + (n.any[0]?.message ?? n.all[0]?.message ?? "")).join("\n    ")).join("\n"))`

// made looks at the pages that only a gesture leads to: what a file would change, the link for a colleague and the
// page that it opens, a call, a bank line with a customer chosen.
func made(t *testing.T, b *browser) {
	h := full(t, Options{})
	x := b.tab(t, h, adminMail)
	x.cookie(cookieLang, "fr")
	file := filepath.Join(t.TempDir(), "standard.yaml")
	h.must(os.WriteFile(file, []byte(sooner(t, h.signedIn(t, adminMail))), 0o600))
	call := h.callTask()
	h.must(h.d.OpenInsolvency(context.Background(), app.Insolvency{Customer: "C0006", Kind: "redressement", Judgment: h.day - 9, Court: "Lille", Mandatary: "Maître Roux"}))
	h.must(h.d.SetInsurance(context.Background(), "C0006", &app.CreditInsurance{Insurer: "Assurcrédit", Policy: "P-77", Cover: money.Euros(500000), DeclareDays: 90}))
	_, err := h.d.AddHold(context.Background(), app.HoldDraft{Customer: "C0004", Reason: dunning.HoldCheque})
	h.must(err)
	dispute := fmt.Sprintf("/disputes/%d", h.contested().ID)
	line := linePath(h.line("open", "Région Bretagne"))
	for _, look := range []struct {
		theme string
		wide  int64
		phone bool
	}{{"light", 1440, false}, {"dark", 390, true}} {
		x.size(look.wide, 900, look.phone)
		x.cookie(cookieTheme, look.theme)
		check := func(name string) {
			x.keepPicture("made-" + look.theme + "-" + name)
			if wide := js[int64](x, "document.documentElement.scrollWidth"); wide > look.wide {
				t.Errorf("%s, %s: %d pixels wide", name, look.theme, wide)
			}
			x.axe(name + ", " + look.theme)
		}
		x.open("/scenarios")
		x.do(chromedp.SetUploadFiles(chromedp.CSS("#scenario-file"), []string{file}), chromedp.Evaluate[chromedp.Void](`document.querySelector("form:has(#scenario-file)").requestSubmit()`), chromedp.WaitReady(chromedp.CSS(`form[action="/scenarios/accept"], .bulk`)))
		check("change")
		x.open(fmt.Sprintf("/customers/%s/call?task=%d", seg(call.Customer.Code), call.ID))
		x.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#result details").open = true`))
		check("call")
		for _, gesture := range []string{"withdrawal", "insolvency", "insurance"} {
			x.open("/customers/C0004?do=" + gesture)
			if !js[bool](x, `document.getElementById("`+gesture+`").open`) {
				t.Errorf("%s is not open", gesture)
			}
			check(gesture)
		}
		x.open("/customers/C0006")
		check("insolvent")
		x.open(line + "?customer=C0004")
		check("line")
		x.open(dispute)
		x.do(chromedp.Evaluate[chromedp.Void](`(() => { const f = document.querySelector('form[action$="/ask"]'); f.querySelector('[name=name]').value = "Zoé Petit"; f.querySelector('[name=question]').value = "Livré ?"; f.requestSubmit() })()`), chromedp.WaitReady(chromedp.CSS(".told")))
		check("link")
		to := js[string](x, `document.querySelector(".told input").value`)
		x.do(chromedp.Navigate(to), chromedp.WaitReady(chromedp.CSS(".question")))
		check("question")
	}
}

// pages are the main pages, and one message of each kind.
func (x *tab) pages() []string {
	out := append([]string(nil), mainPages...)
	for _, p := range x.shots() {
		if strings.HasPrefix(p, "/outbox/") || strings.Contains(p, "letter") {
			out = append(out, p)
		}
	}
	return out
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
			if js[bool](x, "!!document.querySelector('iframe.paperframe')") {
				x.do(chromedp.Sleep(2 * time.Second))
			}
			png, err := chromedp.Run(x.ctx, chromedp.CaptureScreenshot())
			h.must(err)
			name := strings.Trim(strings.NewReplacer("/", "_", "?", "-", "=", "-", "&", "-").Replace(path), "_")
			if name == "" {
				name = "today"
			}
			h.must(os.WriteFile(filepath.Join(dir, s.name+"-"+name+".png"), png, 0o644))
		}
	}
	x.firstSteps(dir)
}

// keepPicture keeps one picture of the page that is open, when pictures are kept.
func (x *tab) keepPicture(name string) {
	x.t.Helper()
	if dir := os.Getenv("RELANCE_SHOTS"); dir != "" {
		x.do(chromedp.Sleep(300 * time.Millisecond))
		png, err := chromedp.Run(x.ctx, chromedp.CaptureScreenshot())
		x.h.must(err)
		x.h.must(os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
	}
}

// firstSteps keeps pictures of a new house: signing in, beginning, a rehearsal, going live.
func (x *tab) firstSteps(dir string) {
	x.t.Helper()
	h := newHouse(x.t, Options{})
	y := &tab{x.t, x.ctx, h}
	keep := func(name string) {
		y.size(1440, 900, false)
		y.size(1440, min(max(js[int64](y, "document.documentElement.scrollHeight"), 900), 2600), false)
		y.do(chromedp.Sleep(300 * time.Millisecond))
		png, err := chromedp.Run(y.ctx, chromedp.CaptureScreenshot())
		h.must(err)
		h.must(os.WriteFile(filepath.Join(dir, "new-"+name+".png"), png, 0o644))
	}
	y.cookie(cookieLang, "fr")
	y.cookie(cookieTheme, "light")
	y.cookie(cookieSession, "")
	y.open("/signin")
	keep("signin")
	token, err := h.app.SignIn(context.Background(), adminMail, adminPassword, "browser")
	h.must(err)
	y.cookie(cookieSession, token)
	y.open("/")
	keep("today")
	y.open("/customers")
	keep("customers")
	file := filepath.Join(x.t.TempDir(), "export-sage.csv")
	_, _, invoices, _ := books(h.day)
	h.must(os.WriteFile(file, []byte(strings.Replace(invoices, "FA-2026-0003;", "FA-2026-0003;31/02/2026;;abc;EUR;C0003;\nFA-2026-1003;", 1)), 0o600))
	y.open("/imports")
	y.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}), chromedp.Click(chromedp.CSS(".drop button")), chromedp.WaitReady(chromedp.CSS(".mapping")))
	keep("rehearsal")
	y.do(chromedp.Click(chromedp.CSS(".bulk .primary")), chromedp.WaitReady(chromedp.CSS(".flash")))
	keep("imported")
	y.open("/settings/live")
	keep("live")
	y.open("/invoices/" + seg("no/such"))
	keep("error")
}

// shots are the pages of which a picture is kept.
func (x *tab) shots() []string {
	if p := os.Getenv("RELANCE_SHOTS_PAGES"); p != "" {
		return strings.Fields(p)
	}
	out := []string{"/", "/customers", "/customers/C0005", "/invoices", "/invoices/FA-2026-0061", "/invoices/FA-2026-0001", "/invoices/FA-2026-0001/letter?step=reminder-2", "/outbox", "/outbox?tab=sent", "/outbox?tab=post", "/aging", "/scenarios", "/scenarios/standard",
		"/imports", "/settings", "/settings/mail", "/settings/live", "/settings/users", "/settings/journal", "/blocked", "/search?q=menuiserie",
		"/bank", "/bank?tab=applied", "/bank?tab=statements", "/customers/C0005/call", "/promises", "/disputes", "/disputes?tab=causes", "/settings/disputes", "/figures", "/found", "/entry"}
	for _, tab := range []string{"approve", "sent", "post"} {
		v, err := x.h.d.OutboxPage(context.Background(), tab, 0, 0, 1)
		x.h.must(err)
		if len(v.List) > 0 {
			out = append(out, messagePath(v.List[0].ID))
		}
	}
	return out
}
