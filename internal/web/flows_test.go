package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"relance/internal/app"
	"relance/internal/ground/id"
)

// done follows a gesture that worked and gives the page it leads to.
func (p *person) done(path string, form url.Values) string {
	p.t.Helper()
	res, body := p.post(path, form)
	if res.StatusCode != http.StatusSeeOther {
		p.t.Fatalf("%s %v: %s\n%s", path, form, res.Status, firstWords(body))
	}
	return p.page(res.Header.Get("Location"))
}

// refused is a form that comes back with what was typed.
func (p *person) refused(path string, form url.Values) string {
	p.t.Helper()
	res, body := p.post(path, form)
	if res.StatusCode < 400 || res.StatusCode >= 500 {
		p.t.Fatalf("%s %v: %s", path, form, res.Status)
	}
	return body
}

var tags = regexp.MustCompile(`(?s)<(head|script)>.*?</(head|script)>|<[^>]*>`)

func firstWords(body string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")[:min(600, len(body))]
}

// sees looks for words on a page, whatever their case and the width of their blanks.
func (p *person) sees(body string, what ...string) {
	p.t.Helper()
	body = plainly(body)
	for _, w := range what {
		if !strings.Contains(body, plainly(w)) {
			p.t.Errorf("not on the page: %q", w)
		}
	}
}

func plainly(s string) string {
	return strings.ToLower(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s))
}

// first is the first message of a part of the outbox that fits.
func (h *house) first(tab string, fits func(*app.Queued) bool) *app.Queued {
	h.t.Helper()
	v, err := h.d.OutboxPage(context.Background(), tab, 0, 0, 200)
	h.must(err)
	for _, q := range v.List {
		if fits == nil || fits(q) {
			return q
		}
	}
	h.t.Fatalf("no message in %s", tab)
	return nil
}

func email(q *app.Queued) bool { return q.Channel == "email" && !q.NeedsSecond }

func (h *house) state(n id.Message) string {
	h.t.Helper()
	p, err := h.d.Preview(context.Background(), n)
	h.must(err)
	return p.State
}

// TestOutboxGestures walks a message through the desk: read, edited, approved, taken back,
// postponed, skipped; then several at once.
func TestOutboxGestures(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	m := h.first("approve", email)
	form := url.Values{"id": {fmt.Sprint(m.ID)}}
	page := p.page(messagePath(m.ID))
	p.sees(page, m.CustomerName, m.Mail[0], `sandbox=`, "Approuver")

	body := p.refused(messagePath(m.ID)+"/edit", url.Values{"subject": {"Objet tapé"}, "body": {"Texte tapé {{inconnu}}"}})
	p.sees(body, "Objet tapé", "Texte tapé", `class="error"`, "<details open")
	words := regexp.MustCompile(`(?s)<textarea[^>]*name="body"[^>]*>(.*?)</textarea>`).FindStringSubmatch(page)
	if words == nil {
		t.Fatal("no words to edit")
	}
	text := strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&#43;", "+").Replace(words[1])
	p.done(messagePath(m.ID)+"/edit", url.Values{"subject": {"Notre échange"}, "body": {"Comme convenu au téléphone.\n\n" + text}})
	_, frame := p.get(messagePath(m.ID) + "/mail")
	p.sees(frame, "Comme convenu au téléphone.")

	after := p.done("/outbox/approve", form)
	p.sees(after, "1 message approuvé", `action="/outbox/unapprove"`)
	if got := h.state(m.ID); got != "approved" {
		t.Errorf("approved: %s", got)
	}
	p.done("/outbox/unapprove", form)
	if got := h.state(m.ID); got != "proposed" {
		t.Errorf("taken back: %s", got)
	}
	p.sees(p.refused(messagePath(m.ID)+"/postpone", url.Values{"until": {"2020-01-01"}}), "2020-01-01", "choisissez un jour")
	p.sees(p.refused(messagePath(m.ID)+"/postpone", url.Values{"until": {"demain"}}), "indiquez une date")
	p.done(messagePath(m.ID)+"/postpone", url.Values{"until": {"2026-12-01"}})
	p.sees(p.page(messagePath(m.ID)), "1 déc. 2026")
	p.sees(p.refused("/outbox/skip", url.Values{"id": form["id"], "one": form["id"]}), "indiquez pourquoi")
	p.done("/outbox/skip", url.Values{"id": form["id"], "reason": {"réglé de la main à la main"}})
	if got := h.state(m.ID); got != "skipped" {
		t.Errorf("skipped: %s", got)
	}
	p.sees(p.page("/outbox?tab=skipped"), "réglé de la main à la main")

	p.sees(p.refused("/outbox/approve", nil), "cochez au moins une ligne")
	p.done("/outbox/approve-all", nil)
	p.done("/send", nil)
	if h.first("sent", func(q *app.Queued) bool { return q.SentOn == h.day }) == nil {
		t.Error("nothing left")
	}
}

// TestPosting prints letters, confirms that they were posted, and follows a registered one.
func TestPosting(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	p.done("/outbox/approve-all", nil)
	letter := h.first("post", func(q *app.Queued) bool { return q.Channel == "registered" })
	one := url.Values{"id": {fmt.Sprint(letter.ID)}}
	res, pdf := p.post("/outbox/print", one)
	if res.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf, "%PDF") {
		t.Fatalf("print: %s %s", res.Status, res.Header.Get("Content-Type"))
	}
	one.Set(fmt.Sprintf("number-%d", letter.ID), "1A 000 111 2222 3")
	p.done("/outbox/posted", one)
	path := messagePath(letter.ID)
	p.sees(p.page(path), "1A 000 111 2222 3", "Suivi du recommandé")
	p.sees(p.refused(path+"/state", url.Values{"state": {"delivered"}, "on": {"2030-01-01"}}), "la date doit être comprise")
	res, body := p.upload(path+"/state", "avis.pdf", "", map[string]string{"state": "delivered", "on": "2026-11-25"})
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("state: %s %s", res.Status, firstWords(body))
	}
	p.sees(p.page(path), "distribuée", "Prend effet le")
}

// TestAnswerHoldsAtOnce: what waits to leave to a customer who answered does not leave.
func TestAnswerHoldsAtOnce(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "jean@vasseur.example")
	waiting := h.first("approve", func(q *app.Queued) bool { return email(q) && q.Kind == "reminder" })
	sent := h.first("sent", func(q *app.Queued) bool { return q.Customer == waiting.Customer })
	p.sees(p.page(messagePath(sent.ID)), "Le client a répondu", "Déjà réglé", "Va régler à une date", "Conteste", "Demande un document", "Mauvais interlocuteur")
	p.sees(p.refused(messagePath(sent.ID)+"/answer", url.Values{"kind": {"will-pay"}, "why": {"la semaine prochaine"}}), "la semaine prochaine", "indiquez une date", `value="will-pay" checked`)
	p.done(messagePath(sent.ID)+"/answer", url.Values{"kind": {"paid"}, "why": {"Virement du 20"}})
	if got := h.state(waiting.ID); got != "cancelled" {
		t.Errorf("what waited is %s", got)
	}
	customer := p.page("/customers/" + seg(sent.CustomerCode))
	p.sees(customer, "Réponse à traiter", "Déjà réglé", "Virement du 20")
	p.sees(p.page("/blocked?reason=reply"), sent.CustomerName)
	hold := regexp.MustCompile(`action="(/holds/\d+/end)"`).FindStringSubmatch(customer)
	if hold == nil {
		t.Fatal("no hold to end")
	}
	p.done(hold[1], url.Values{"back": {"/customers/" + seg(sent.CustomerCode)}})
	if strings.Contains(p.page("/customers/"+seg(sent.CustomerCode)), hold[1]) {
		t.Error("the hold stands")
	}
}

// TestCustomerGestures: each form of the customer's page works, and keeps what was typed when it
// does not.
func TestCustomerGestures(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	const c = "/customers/C0020"
	for _, g := range []struct {
		path  string
		form  url.Values
		bad   bool
		shows []string
	}{
		{"/hold", url.Values{"reason": {"pause"}, "until": {"2020-01-01"}, "why": {"congés"}}, true, []string{"congés", "2020-01-01", "cette date de fin est passée"}},
		{"/hold", url.Values{"reason": {"pause"}, "until": {"2026-12-20"}, "why": {"congés"}}, false, []string{"Pause", "congés", "20 déc. 2026"}},
		{"/promise", url.Values{"on": {"2026-12-04"}, "amount": {"mille"}}, true, []string{"mille", "indiquez un montant"}},
		{"/promise", url.Values{"on": {"2026-12-04"}, "amount": {"1 000,50"}}, false, []string{"Promesse de règlement", "4 déc. 2026"}},
		{"/dispute", url.Values{"category": {"price"}}, true, []string{"indiquez la facture contestée"}},
		{"/qualify", url.Values{"kind": {"PUBLIC"}}, false, []string{"Organisme public"}},
		{"/terms", url.Values{"terms": {"quand je veux"}}, true, []string{"quand je veux"}},
		{"/terms", url.Values{"terms": {"45 days eom"}}, false, []string{"45 days eom"}},
		{"/contact", url.Values{"name": {"Zoé Martin"}, "role": {"executive"}, "email": {"pas une adresse"}}, true, []string{"Zoé Martin", "pas une adresse", "adresse e-mail incorrecte"}},
		{"/contact", url.Values{"name": {"Zoé Martin"}, "role": {"executive"}, "email": {"zoe@client20.example"}}, false, []string{"Zoé Martin", "Direction", "zoe@client20.example"}},
		{"/edit", url.Values{"name": {"Plomberie Kerouac & Fils"}, "email": {"compta@kerouac.example"}, "lines": {"1 quai"}, "city": {"Brest"}}, false, []string{"Plomberie Kerouac &amp; Fils", "compta@kerouac.example"}},
		{"/scenario", url.Values{"scenario": {"short"}}, false, []string{"Scénario Court"}},
		{"/answer", url.Values{"kind": {"document"}, "why": {"le bon de livraison"}}, false, []string{"Document demandé", "le bon de livraison"}},
	} {
		if g.bad {
			p.sees(p.refused(c+g.path, g.form), g.shows...)
		} else {
			p.sees(p.done(c+g.path, g.form), g.shows...)
		}
	}
	if res, body := p.get(c + "/statement.pdf"); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
		t.Errorf("statement: %s", res.Status)
	}
}

// TestDisputeOfInvoice opens and closes a dispute on the page of an invoice.
func TestDisputeOfInvoice(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	const number = "FA-2026-0121"
	form := url.Values{"page": {number}, "invoice": {number}, "amount": {"100,00"}, "category": {"price"}, "why": {"remise oubliée"}}
	page := p.done("/customers/C0001/dispute", form)
	p.sees(page, "Litige", "remise oubliée", "Clore le litige")
	p.done("/customers/C0001/dispute/close", url.Values{"page": {number}, "invoice": {number}})
	if strings.Contains(p.page("/invoices/"+number), "remise oubliée") {
		t.Error("the dispute stands")
	}
}

// TestImportAtTheDesk: a file is rehearsed, its columns mended, then accepted, then undone.
func TestImportAtTheDesk(t *testing.T) {
	h := newHouse(t, Options{})
	p := h.signedIn(t, adminMail)
	const file = "Client;Nom;N° pièce;Montant TTC;Échéance\nK1;Kiosque;P-1;120,00;30/09/2026\nK2;Librairie;P-2;abc;30/09/2026\n"
	res, body := p.upload("/imports", "ventes.csv", file, map[string]string{"kind": "auto"})
	if res.StatusCode != http.StatusOK {
		t.Fatalf("rehearsal: %s %s", res.Status, firstWords(body))
	}
	p.sees(body, "Import de ventes.csv", "1 ligne refusée", "P-1", "Sens des colonnes", "N° pièce", "Accepter l’import")
	if list, err := h.d.Imports(context.Background(), 9); err != nil || len(list) != 0 {
		t.Fatalf("the rehearsal kept %d imports, %v", len(list), err)
	}
	form := formOf(body)
	again := p.again(form, "/imports/again")
	p.sees(again, "P-1")
	page := p.done("/imports/accept", form)
	p.sees(page, "Import accepté", "ventes.csv")
	p.sees(p.page("/invoices"), "P-1", "Kiosque")
	undo := regexp.MustCompile(`action="(/imports/\d+/undo)"`).FindStringSubmatch(page)
	if undo == nil {
		t.Fatal("nothing to undo")
	}
	p.sees(p.done(undo[1], nil), "factures retirées")
	if strings.Contains(p.page("/invoices?show=all"), "P-1") {
		t.Error("the invoice stands")
	}
	p.sees(p.refused("/imports/accept", url.Values{"token": {"unknown"}}), "ce fichier n’est plus là")
	res, body = p.upload("/imports", "photo.png", "\x89PNG\r\n\x1a\n", map[string]string{"kind": "auto"})
	p.sees(body, `class="error"`)
	_ = res
	p.sees(p.done("/payments-known", url.Values{"on": {"2026-11-20"}}), "20 novembre 2026")
}

// again reads a rehearsal anew.
func (p *person) again(form url.Values, path string) string {
	p.t.Helper()
	res, body := p.post(path, form)
	if res.StatusCode != http.StatusOK {
		p.t.Fatalf("%s: %s %s", path, res.Status, firstWords(body))
	}
	return body
}

var inputs = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
var selects = regexp.MustCompile(`(?s)<select name="([^"]+)".*?</select>`)
var chosen = regexp.MustCompile(`<option value="([^"]*)" selected`)

// formOf reads the hidden fields and the lists of a page as a browser would send them.
func formOf(body string) url.Values {
	out := url.Values{}
	for _, m := range inputs.FindAllStringSubmatch(body, -1) {
		out.Set(m[1], m[2])
	}
	for _, m := range selects.FindAllStringSubmatch(body, -1) {
		if c := chosen.FindStringSubmatch(m[0]); c != nil {
			out.Set(m[1], c[1])
		}
	}
	return out
}

// TestSettingUp: letterhead, mail, trial mailbox, users, going live, journal.
func TestSettingUp(t *testing.T) {
	h := newHouse(t, Options{})
	p := h.signedIn(t, adminMail)
	p.sees(p.page("/"), "Pour commencer", "Mode essai")
	p.sees(p.refused("/settings", url.Values{"name": {"Forge du Lac"}, "payments_age": {"500"}}), "0 à 365")
	p.sees(p.refused("/settings", url.Values{"name": {"Forge du Lac"}, "discount": {"60"}}), "50 % au plus")
	p.sees(p.done("/settings", url.Values{"name": {"Forge du Lac"}, "payments_age": {"7"}, "discount": {"1,5"}, "discount_days": {"10"}, "thanks": {"1"}}), `value="7"`, `value="1,50"`, `value="10"`)
	p.sees(p.refused("/settings", url.Values{"name": {"Forge du Lac"}, "iban": {"FR76 1234"}}), "Forge du Lac", "FR76 1234", "IBAN incorrect")
	p.sees(p.done("/settings", url.Values{"name": {"Forge du Lac"}, "iban": {"FR76 3000 6000 0112 3456 7890 189"}, "capital": {"10 000"}}), "Forge du Lac", "10 000")
	for _, form := range []url.Values{{"name": {"Autre nom"}}, {"name": {""}}} {
		if res, body := p.post("/settings/sample.pdf", form); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
			t.Errorf("sample: %s", res.Status)
		}
	}
	if res, _ := p.post("/settings/sample.pdf", url.Values{"iban": {"non"}}); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("sample of a wrong IBAN: %s", res.Status)
	}
	body := p.refused("/settings/mail", url.Values{"from": {"compta@forge.example"}, "host": {"smtp.forge.example"}, "port": {"beaucoup"}, "password": {"secret-du-serveur"}})
	p.sees(body, "smtp.forge.example", "un port va de 1")
	p.sees(p.refused("/settings/mail", url.Values{"from": {"compta@forge.example"}, "host": {"smtp.forge.example"}, "connections": {"99"}}), "un nombre de 1 à 50")
	p.done("/settings/mail", url.Values{"from": {"compta@forge.example"}, "host": {"smtp.forge.example"}, "tls": {"starttls"}, "password": {"secret-du-serveur"}, "connections": {"4"}, "rate": {"90"}})
	p.sees(p.page("/settings/mail?edit=main"), `value="4"`, `value="90"`)
	for _, path := range []string{"/settings/mail", "/settings/mail?edit=main", "/settings/journal"} {
		if body += p.page(path); strings.Contains(body, "secret-du-serveur") {
			t.Errorf("%s shows the password", path)
		}
	}
	p.sees(p.done("/settings/mail/test", url.Values{"name": {"main"}}), "Le serveur accepte la connexion")
	p.sees(p.refused("/settings/trial", url.Values{"to": {"nulle part"}}), "nulle part")
	p.sees(p.done("/settings/trial", url.Values{"to": {"moi@forge.example"}}), "moi@forge.example")
	p.sees(p.refused("/settings/users", url.Values{"name": {"Léo"}, "email": {"leo@forge.example"}, "role": {"collector"}, "password": {"court"}}), "Léo", "au moins 10 caractères")
	p.sees(p.done("/settings/users", url.Values{"name": {"Léo"}, "email": {"leo@forge.example"}, "role": {"collector"}, "password": {adminPassword}}), "leo@forge.example")
	h.signedIn(t, "leo@forge.example").page("/outbox")
	p.done("/settings/users/remove", url.Values{"email": {"leo@forge.example"}})
	p.sees(p.refused("/settings/users/remove", url.Values{"email": {adminMail}}), "dernier administrateur")
	p.sees(p.refused("/settings/live", nil), "cochez la case")
	p.sees(p.done("/settings/live", url.Values{"sure": {"1"}}), "En service depuis")
	if strings.Contains(p.page("/"), "Mode essai") {
		t.Error("the banner of trial mode stands")
	}
	p.sees(p.again(nil, "/settings/journal"), "Chaîne intacte")
	if res, _ := p.post("/preferences", url.Values{"lang": {"en"}, "back": {"/aging"}}); res.Header.Get("Location") != "/aging" {
		t.Errorf("the language comes back to %s", res.Header.Get("Location"))
	}
	p.sees(p.page("/aging"), `<html lang="en"`, "Aged receivables")
}

// TestFiles: the table of the aged receivables leaves as CSV and XLSX, a scenario as YAML.
func TestFiles(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, adminMail)
	for path, begins := range map[string]string{"/aging.csv?on=2026-10-31": "\ufeff", "/aging.xlsx": "PK", "/scenarios/standard/yaml": "name: standard"} {
		res, body := p.get(path)
		if res.StatusCode != http.StatusOK || !strings.HasPrefix(body, begins) || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %s %s %.20q", path, res.Status, res.Header.Get("Content-Disposition"), body)
		}
	}
}
