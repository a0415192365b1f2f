package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"relance/internal/app"
	"relance/internal/gateway/logs"
	"relance/internal/ground/watch"
)

// written is a log that several goroutines write.
type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *written) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(b)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// observed serves the house again, with a log that tells everything it may.
func (h *house) observed(o Options) *written {
	out := &written{}
	l := logs.New(out, "json", slog.LevelDebug)
	o.Log = l
	handler, err := New(h.app, o)
	h.must(err)
	h.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r.WithContext(watch.With(r.Context(), logs.Watch(l))))
	}))
	h.t.Cleanup(h.srv.Close)
	return out
}

// secrets are words of the people of the seed: none may stand in a log.
func secrets() []string {
	return append([]string{"Vasseur", "vasseur.example", "Morel", "Lenoir", "Petit", "Barba", "client0", "client1", "compta@", "FR76", "732829320",
		"FA-2026", "C0001", "8842", "République", "127.0.0.1"}, firms...)
}

// TestLogTellsNobody: every address is asked for by everybody, mail is refused with words that quote
// addresses, and the log that came of it names no one.
func TestLogTellsNobody(t *testing.T) {
	h := full(t, Options{})
	out := h.observed(Options{})
	h.box.refuse = "550 5.1.1 <compta@client01.example> Anne Lenoir of Menuiserie du Port has left, account FR7630006000011234567890189"
	stranger, p := h.person(t), h.signedIn(t, adminMail)
	stranger.post("/signin", url.Values{"email": {"eve@client08.example"}, "password": {"wrong wrong wrong"}})
	p.get("/search?q=" + url.QueryEscape(firms[0]))
	p.get("/nothing/FA-2026-0001?for=Lenoir")
	for _, r := range routes {
		if verb, path := addressOf(r.pattern); verb == http.MethodGet {
			stranger.get(path)
			p.get(path)
		}
	}
	p.post("/outbox/approve-all", nil)
	p.post("/send", nil)
	ctx := watch.With(context.Background(), logs.Watch(logs.New(out, "text", slog.LevelDebug)))
	_, _, err := h.d.ApproveAll(ctx)
	h.must(err)
	_, err = h.d.SendDue(ctx, app.SendOptions{})
	h.must(err)
	if err := h.app.Work(ctx, "run", `{"company":987654321}`); err == nil {
		t.Error("a company that is not there had its day")
	}
	_, err = h.d.Import(ctx, []app.ImportFile{app.FileIn("Lenoir.csv", []byte("number;issued;due;amount;customer\nFA-2026-9;x;2026-11-16;1;C0001\n"))}, app.ImportOptions{})
	h.must(err)

	log := out.String()
	for _, line := range []string{`"route":"/customers/{code}","status":200,"company":`, `"route":"/signin"`, `msg=batch company=`, `failed=`, `msg=job job=run`, `msg=import`} {
		if !strings.Contains(log, line) {
			t.Errorf("the log does not say %s", line)
		}
	}
	for _, s := range secrets() {
		for line := range strings.SplitSeq(log, "\n") {
			if strings.Contains(line, s) {
				t.Errorf("the log tells %q: %s", s, line)
				break
			}
		}
	}
}

// TestPanicIsAnswered: a page that breaks is a 500 and one line, without what broke it.
func TestPanicIsAnswered(t *testing.T) {
	out := &written{}
	s := &server{log: logs.New(out, "json", slog.LevelInfo)}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("TEAPOT", "/customers/C0001", nil)
	r = r.WithContext(watch.With(r.Context(), logs.Watch(s.log)))
	s.watched(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("Anne Lenoir owes 1 200,00 €") })).ServeHTTP(w, r)
	if w.Code != http.StatusInternalServerError {
		t.Errorf("answered %d", w.Code)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var said struct{ Msg, Level, Method, Route string }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &said); err != nil || len(lines) != 2 {
		t.Fatalf("%v: %s", err, out)
	}
	if said.Msg != "request" || said.Level != "ERROR" || said.Method != "other" || said.Route != "none" || strings.Contains(out.String(), "Lenoir") {
		t.Error(out)
	}
}

// TestHealth: machines ask without a session whether we live and may be sent people; they learn
// nothing more.
func TestHealth(t *testing.T) {
	h := newHouse(t, Options{})
	var down error
	out := h.observed(Options{Ready: func(ctx context.Context) error { return errors.Join(down, h.app.Ready(ctx)) }})
	p := h.person(t)
	ask := func(path string, status int, said string) {
		t.Helper()
		if r, body := p.get(path); r.StatusCode != status || body != said {
			t.Errorf("%s: %s %q", path, r.Status, body)
		}
	}
	ask("/healthz", http.StatusOK, "ok\n")
	ask("/readyz", http.StatusOK, "ok\n")
	down = errors.New("the database of db.vasseur.example does not answer")
	ask("/readyz", http.StatusServiceUnavailable, "unavailable\n")
	ask("/healthz", http.StatusOK, "ok\n")
	down = nil
	h.must(h.close())
	ask("/readyz", http.StatusServiceUnavailable, "unavailable\n")
	if n := strings.Count(out.String(), `"not ready"`); n != 2 {
		t.Errorf("%d lines say why:\n%s", n, out)
	}
}
