package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"relance/internal/ground/fault"
)

// played is a demonstration of two mails.
type played struct{ h *house }

var caught = []DemoMail{{ID: 2, At: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), From: "Atelier Vasseur", Subject: `Facture <b>F-1</b>`, To: []string{"compta@client.example"},
	HTML: "<p>Bonjour</p>", Text: "Bonjour", Files: []DemoFile{{Name: "F-1.pdf", Media: "application/pdf", Data: []byte("%PDF-1.7")}, {Name: "a.html", Media: "text/html", Data: []byte("<script>alert(1)</script>")}}},
	{ID: 1, Subject: "Sans HTML", Text: "Texte seul"}}

func (p *played) Mails(int) []DemoMail { return caught }

func (p *played) Mail(n int) (DemoMail, bool) {
	for _, m := range caught {
		if m.ID == n {
			return m, true
		}
	}
	return DemoMail{}, false
}

func (p *played) Move(_ context.Context, days int) error {
	if days == 7 {
		return fault.New(fault.Unavailable, "store.busy")
	}
	p.h.now = p.h.now.AddDate(0, 0, days)
	return nil
}

// TestDemonstration reads the mailbox and moves the clock; without a demonstration neither is there.
func TestDemonstration(t *testing.T) {
	h := newHouse(t, Options{})
	if res, _ := h.signedIn(t, adminMail).get("/demo/mailbox"); res.StatusCode != http.StatusNotFound {
		t.Errorf("without a demonstration: %s", res.Status)
	}
	handler, err := New(h.app, Options{Demo: &played{h}})
	h.must(err)
	h.srv.Config.Handler = handler
	p := h.signedIn(t, adminMail).in("fr")
	p.sees(p.page("/demo/mailbox"), "Facture &lt;b&gt;F-1", "compta@client.example", "25 nov. 2026", "10:00")
	p.sees(p.page("/demo/mailbox/2"), `sandbox="allow-same-origin allow-popups"`, "F-1.pdf")
	p.sees(p.page("/demo/mailbox/1"), "Texte seul")
	for path, disposition := range map[string]string{"/demo/mailbox/2/file/0": "inline", "/demo/mailbox/2/file/1": "attachment"} {
		res, _ := p.get(path)
		if !strings.HasPrefix(res.Header.Get("Content-Disposition"), disposition) {
			t.Errorf("%s: %s", path, res.Header.Get("Content-Disposition"))
		}
	}
	for _, path := range []string{"/demo/mailbox/9", "/demo/mailbox/2/file/5", "/demo/mailbox/x"} {
		if res, _ := p.get(path); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	p.sees(p.done("/demo/clock", url.Values{"days": {"1"}}), "1 jour a passé", "26 novembre 2026")
	for days, want := range map[string]int{"0": http.StatusUnprocessableEntity, "99": http.StatusUnprocessableEntity, "7": http.StatusServiceUnavailable} {
		if res, _ := p.post("/demo/clock", url.Values{"days": {days}}); res.StatusCode != want {
			t.Errorf("%s days: %s", days, res.Status)
		}
	}
}
