package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"relance/internal/app"
	"relance/internal/domain/org"
)

// TestSendMe: a person reads a reminder in their own mailbox; the customer receives nothing and no
// step passes.
func TestSendMe(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "jean@vasseur.example")
	const path = "/invoices/FA-2026-0121"
	before, err := h.d.OutboxPage(context.Background(), "sent", 0, 0, 1)
	h.must(err)
	p.sees(p.page(path+"/letter?step=reminder-2"), "M’envoyer cette relance", `name="email" type="email" value="jean@vasseur.example"`)
	h.box.to = nil
	page := p.done(path+"/send-me", url.Values{"step": {"reminder-2"}, "email": {"jean@vasseur.example"}})
	p.sees(page, "Exemplaire envoyé à jean@vasseur.example", `value="reminder-2" selected`)
	if len(h.box.to) != 1 || h.box.to[0] != "jean@vasseur.example" {
		t.Errorf("the copy went to %v", h.box.to)
	}
	after, err := h.d.OutboxPage(context.Background(), "sent", 0, 0, 1)
	h.must(err)
	if len(before.List) != len(after.List) || len(after.List) > 0 && after.List[0].ID != before.List[0].ID {
		t.Error("the copy counts as sent")
	}
	page = p.refused(path+"/send-me", url.Values{"step": {"reminder-2"}, "email": {"pas une adresse"}})
	p.sees(page, `value="pas une adresse"`, `id="send-me-email-error"`, "adresse e-mail incorrecte", `value="reminder-2" selected`)
	if len(h.box.to) != 1 {
		t.Errorf("a refused copy left: %v", h.box.to)
	}
	h.box.closed = true
	p.sees(p.refused(path+"/send-me", url.Values{"step": {"reminder-2"}, "email": {"jean@vasseur.example"}}), "le serveur répond", `value="jean@vasseur.example"`)
	if strings.Contains(h.signedIn(t, "paul@vasseur.example").page(path+"/letter"), "/send-me") {
		t.Error("a reader is offered to send")
	}
}

// TestSendMeWithoutAccount: the refusal leads to the settings, not to a command.
func TestSendMeWithoutAccount(t *testing.T) {
	h := newHouse(t, Options{})
	h.put(app.ImportInvoices, "factures.csv", "number;issued;due;amount;currency;customer\nF-1;2026-09-01;2026-10-01;120,00;EUR;K1\n")
	p := h.signedIn(t, adminMail)
	p.sees(p.refused("/invoices/F-1/send-me", url.Values{"step": {"reminder-1"}, "email": {adminMail}}), "branchez votre messagerie dans les paramètres")
}

// sooner is the standard scenario with another first day, as a person would send it back.
func sooner(t *testing.T, p *person) string {
	_, yaml := p.get("/scenarios/standard/yaml")
	at := regexp.MustCompile(`(?m)^( *)at: 0?(\d+)$`).FindStringSubmatchIndex(yaml)
	if at == nil {
		t.Fatalf("no day to change in\n%s", yaml)
	}
	return yaml[:at[4]] + "1" + yaml[at[5]:]
}

var token = regexp.MustCompile(`name="token" value="([^"]+)"`)

// TestScenarioAtTheDesk: a file says what it would change before it changes anything.
func TestScenarioAtTheDesk(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	was, err := h.d.Scenario(context.Background(), "standard", 0)
	h.must(err)
	version := func() int {
		s, err := h.d.Scenario(context.Background(), "standard", 0)
		h.must(err)
		return s.Version
	}
	p.sees(p.page("/scenarios"), `action="/scenarios" enctype`, "Modifier un scénario")

	res, body := p.upload("/scenarios", "standard.yaml", "name: standard\nsteps:\n  - id: a\n    kind: reminder\n    at: 5\n    colour: red\n", nil)
	if res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a wrong file: %s", res.Status)
	}
	p.sees(body, "1 point à corriger", "ligne 6", "clé inconnue : colour")
	if token.MatchString(body) {
		t.Error("a wrong file can be accepted")
	}
	_, body = p.upload("/scenarios", "photo.png", "\x89PNG\r\n\x1a\n", nil)
	p.sees(body, `id="scenario-file-error"`)
	p.sees(p.refused("/scenarios", nil), `id="scenario-file-error"`)

	file := sooner(t, p)
	res, body = p.upload("/scenarios", "standard.yaml", file, nil)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the file: %s %s", res.Status, firstWords(body))
	}
	p.sees(body, "Ce que changerait standard.yaml", "E-mails", "Affranchissement", "Clients relancés", "Tâches", "gardent leur version", "Accepter cette version")
	moved := p.again(url.Values{"token": {token.FindStringSubmatch(body)[1]}, "move": {"1"}}, "/scenarios/again")
	p.sees(moved, "Toutes les échéances suivraient ce fichier", `name="move" value="1"`)
	c, _, err := h.d.ScenarioChange(context.Background(), []byte(file), true)
	h.must(err)
	if c.Before.Messages["email"] == c.After.Messages["email"] && c.Before.Customers == c.After.Customers {
		t.Error("the file changes nothing: the test shows nothing")
	}
	for _, r := range (&visit{lang: "fr"}).changeRows(c.Before, c.After) {
		p.sees(moved, ">"+r.Label+"<", ">"+r.Before+"<", ">"+r.After+"<")
	}
	if version() != was.Version {
		t.Fatal("looking kept a version")
	}
	form := formOf(moved[strings.Index(moved, `action="/scenarios/accept"`):strings.Index(moved, `id="otherwise"`)])
	p.sees(p.done("/scenarios/accept", form), "suivent désormais le scénario standard")
	if version() != was.Version+1 {
		t.Errorf("version %d after %d", version(), was.Version)
	}
	p.sees(p.refused("/scenarios/accept", form), "ce fichier n’est plus là")

	_, body = p.upload("/scenarios", "standard.yaml", file, nil)
	p.sees(body, "resteraient les mêmes")
	p.sees(p.done("/scenarios/accept", url.Values{"token": {token.FindStringSubmatch(body)[1]}}), "dit déjà cela")

	for _, email := range []string{"jean@vasseur.example", "ines@vasseur.example", "paul@vasseur.example"} {
		other := h.signedIn(t, email)
		if strings.Contains(other.page("/scenarios"), `action="/scenarios"`) {
			t.Errorf("%s is offered to change a scenario", email)
		}
		if res, _ := other.upload("/scenarios", "standard.yaml", file, nil); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", email, res.Status)
		}
	}
	_, err = h.d.AddUser(context.Background(), org.User{Name: "Lise Ober", Email: "lise@vasseur.example", Role: org.Manager}, adminPassword)
	h.must(err)
	p.sees(h.signedIn(t, "lise@vasseur.example").page("/scenarios"), `action="/scenarios"`)
}

// TestCreditsThatCover: a currency of which nothing is owed raises no alarm, and says its credits.
func TestCreditsThatCover(t *testing.T) {
	h := newHouse(t, Options{})
	h.put(app.ImportInvoices, "factures.csv", "number;issued;due;amount;currency;customer\nF-1;2026-09-01;2026-10-01;120,00;EUR;K1\n"+
		"F-2;2026-09-01;2026-10-01;500,00;USD;K1\nA-2;2026-09-10;;-500,00;USD;K2\n")
	page := h.signedIn(t, adminMail).page("/")
	parts := strings.Split(page, `<div class="figures`)
	if len(parts) != 3 {
		t.Fatalf("%d currencies", len(parts)-1)
	}
	if !strings.Contains(parts[1], `class="late"`) {
		t.Error("what is late in euros is not said")
	}
	if strings.Contains(parts[2], `class="late"`) || !strings.Contains(parts[2], "d’avoirs") || !strings.Contains(parts[2], "couvert par les avoirs") {
		t.Errorf("the covered currency: %s", parts[2][:600])
	}
}
