package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"relance/internal/app"
)

// contested is the open dispute of the example that is late.
func (h *house) contested() app.DisputeView {
	h.t.Helper()
	list, err := h.d.Disputes(context.Background(), 0, 10)
	h.must(err)
	if len(list) < 2 || !list[0].Late {
		h.t.Fatalf("%d open disputes, the late one first", len(list))
	}
	return list[0]
}

// ask gives the link of a question.
func (p *person) ask(dispute string, form url.Values) (link, body string) {
	p.t.Helper()
	res, body := p.post(dispute+"/ask", form)
	m := regexp.MustCompile(`value="https?://[^"]*(/question/[\w-]+)"`).FindStringSubmatch(body)
	if res.StatusCode != http.StatusOK || m == nil {
		p.t.Fatalf("%s: no link", res.Status)
	}
	return m[1], body
}

// TestDispute: a dispute is given to somebody, asked about, closed with its cause, and counted.
func TestDispute(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "jean@vasseur.example")
	d := h.contested()
	path := fmt.Sprintf("/disputes/%d", d.ID)
	p.sees(p.page("/disputes"), `href="`+path+`"`, d.Customer.Name, "En retard depuis", "1 question · 1 réponse", "400,00 €")
	p.sees(p.page(path), "Luc Perrin", "raison en partie", "Un seul est parti", "Deux lots manquants")
	p.sees(p.page("/customers/"+seg(d.Customer.Code)), "Litiges", d.Invoice, "Jean Morel répond avant le")
	p.sees(p.refused(path+"/assign", url.Values{"owner": {"Inès Barba"}, "by": {"bientôt"}}), "indiquez une date", `value="bientôt"`)
	p.sees(p.done(path+"/assign", url.Values{"owner": {"Inès Barba"}, "by": {(h.day + 4).String()}}), "Litige confié", "Inès Barba")

	p.sees(p.refused(path+"/ask", url.Values{"question": {"Livré ?"}}), "dites à qui", "Livré ?")
	link, body := p.ask(path, url.Values{"name": {"Zoé Petit"}, "email": {"zoe@vasseur.example"}, "question": {"Le bon de livraison est-il signé ?"}})
	p.sees(body, "Le lien à envoyer à Zoé Petit", "mailto:zoe@vasseur.example?body=", "qu’une fois")
	if strings.Contains(p.page(path), link) {
		t.Error("the link is shown again")
	}
	p.sees(p.page(path), "Attend sa réponse", "Zoé Petit")
	p.sees(p.refused(path+"/close", url.Values{"outcome": {"moon"}}), "issue inconnue")
	p.sees(p.done(path+"/close", url.Values{"outcome": {"credit-note"}, "cause": {"not-delivered"}, "why": {"avoir à venir"}}), "Clos le", "Avoir émis", "Non livré")
	p.sees(p.page("/disputes?tab=causes"), "8 retards sur 11 viennent de chez nous", "Non livré", "N° de commande")
	p.sees(p.page(link), "n’attend plus de réponse")
}

// TestQuestion: a colleague answers by the link alone; nothing of the desk is shown, and nothing is kept by caches,
// search engines or the next address.
func TestQuestion(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	h := full(t, Options{Now: func() time.Time { return now }})
	owner := h.signedIn(t, "jean@vasseur.example")
	list, err := h.d.Disputes(context.Background(), 1, 1)
	h.must(err)
	link, _ := owner.ask(fmt.Sprintf("/disputes/%d", list[0].ID), url.Values{"name": {"Zoé"}, "question": {"<b>Livré ?</b>"}})
	for _, who := range []*person{h.person(t), owner} {
		res, body := who.get(link)
		for k, want := range map[string]string{"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"} {
			if got := res.Header.Get(k); got != want {
				t.Errorf("%s: %q", k, got)
			}
		}
		who.sees(body, "&lt;b&gt;Livré ?&lt;/b&gt;", "Le client a-t-il raison ?", "Finition contestée")
		if strings.Contains(body, `class="rail"`) || strings.Contains(body, `href="/customers`) {
			t.Error("the desk shows on the colleague's page")
		}
	}
	p := h.person(t)
	p.sees(p.refused(link, url.Values{"answer": {"Oui, le 3 novembre"}}), "dites si le client a raison", "Oui, le 3 novembre")
	p.sees(p.refused(link, url.Values{"answer": {strings.Repeat("x", maxAnswer)}, "agrees": {"no"}}), "4000 caractères au plus")
	r, err := http.NewRequest(http.MethodPost, h.srv.URL+link, strings.NewReader("agrees=no&answer=forged"))
	h.must(err)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if res, _ := p.do(r); res.StatusCode != http.StatusForbidden {
		t.Errorf("another site answers: %s", res.Status)
	}
	p.sees(p.done(link, url.Values{"answer": {"Livré le 3 novembre"}, "agrees": {"no"}}), "Merci", "Livré le 3 novembre")
	p.sees(p.refused(link, url.Values{"answer": {"encore"}, "agrees": {"yes"}}), "Merci", "Livré le 3 novembre")
	owner.sees(owner.page("/tasks"), "Réponse à un litige", "Zoé répond")

	for range freeTries {
		if res, _ := p.get("/question/guess"); res.StatusCode != http.StatusNotFound {
			t.Errorf("a guess: %s", res.Status)
		}
	}
	if res, _ := p.get("/question/guess"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("after %d guesses: %s", freeTries, res.Status)
	}
	if res, _ := p.get(link); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a guesser is let in at once: %s", res.Status)
	}
	now = now.Add(firstWait + time.Second)
	p.page(link)
	h.signedIn(t, adminMail) // guessing links locks nobody out of the desk
}

// TestDisputeTold: a dispute opened with the box ticked writes to the customer that it was noted.
func TestDisputeTold(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "jean@vasseur.example")
	p.sees(p.page("/customers/C0004"), `name="tell"`, "Prévenir le client")
	p.done("/customers/C0004/dispute", url.Values{"invoice": {h.owed("C0004")[0].Number}, "category": {"price"}, "tell": {"1"}})
	p.sees(p.page("/outbox?tab=approved"), "Accusé de réception d’un litige")
}

// TestDisputeCategories: an administrator says who answers and within what delay; others read it.
func TestDisputeCategories(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	form := url.Values{"code": {"price"}, "owner": {"Inès Barba"}, "days": {"100"}}
	p.sees(p.refused("/settings/disputes", form), "de 1 à 90 jours", `value="100"`)
	form.Set("days", "2")
	form.Set("words", "Un tarif fait toujours l’objet d’un second regard.")
	p.sees(p.done("/settings/disputes", form), `<option value="Inès Barba" selected>`, `value="2"`, "second regard")
	owed := h.owed("C0004")
	p.done("/customers/C0004/dispute", url.Values{"invoice": {owed[0].Number}, "category": {"price"}, "tell": {"1"}})
	said := ""
	for _, m := range regexp.MustCompile(`class="main" href="(/outbox/\d+)"`).FindAllStringSubmatch(p.page("/outbox?tab=approved"), -1) {
		_, body := p.get(m[1] + "/mail")
		said += body
	}
	p.sees(said, "second regard")
	p.sees(p.page("/disputes"), owed[0].Number, "Inès Barba", "27 nov. 2026")
	if strings.Contains(h.signedIn(t, "paul@vasseur.example").page("/settings/disputes"), `action="/settings/disputes"`) {
		t.Error("a reader is offered to change the delays")
	}
}
