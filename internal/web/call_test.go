package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"relance/internal/app"
)

// callTask is an open call of the example.
func (h *house) callTask() app.ToDo {
	h.t.Helper()
	list, err := h.d.Tasks(context.Background())
	h.must(err)
	for _, t := range list {
		if t.Kind == "call" && len(t.Invoices) > 0 {
			return t
		}
	}
	h.t.Fatal("no call to make")
	return app.ToDo{}
}

// TestCallSheet: the sheet says whom to call, what is owed and what to say; each result acts, and nothing typed is lost.
func TestCallSheet(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "jean@vasseur.example")
	task := h.callTask()
	path := "/customers/" + seg(task.Customer.Code) + "/call"
	sheet := fmt.Sprintf("%s?task=%d", path, task.ID)
	p.sees(p.page("/tasks"), `href="`+sheet+`"`)
	page := p.page(sheet)
	p.sees(page, `href="tel:`, task.Customer.Phone, task.Invoices[0], "Que dire", "Jean Morel", "Promet de régler", "Dit avoir déjà réglé", "Conteste", "À rappeler", "Pas de réponse", "Mauvais numéro", "Faire avancer", "Confirmer par e-mail")

	form := url.Values{"task": {fmt.Sprint(task.ID)}, "result": {"promise"}, "why": {"dit Mme Lenoir"}}
	p.sees(p.refused(path, form), "indiquez une date", `value="dit Mme Lenoir"`, "<details name=\"result\" open")
	form.Set("on", (h.day + 5).String())
	form.Set("amount", "beaucoup")
	p.sees(p.refused(path, form), "indiquez un montant", `value="beaucoup"`)
	form.Set("amount", "99 999 999,00")
	p.sees(p.refused(path, form), "sont dus", `value="99 999 999,00"`)
	form.Set("amount", "")
	form.Set("confirm", "1")
	page = p.done(path, form)
	p.sees(page, "Appel noté", "Promesse de règlement")
	p.sees(p.page(path), "au téléphone", "dit Mme Lenoir", "Promet de régler")
	if strings.Contains(p.page("/tasks"), sheet) {
		t.Error("the call is still to be made")
	}
	box, err := h.d.OutboxPage(context.Background(), "approved", 0, 0, 50)
	h.must(err)
	if !slices.ContainsFunc(box.List, func(q *app.Queued) bool { return q.Kind == "call-report" && q.Customer == task.Customer.ID }) {
		t.Error("no confirmation waits to leave")
	}
	p.sees(p.refused(path, form), "déjà clos")
}

// TestCallResults: what is not a promise acts too.
func TestCallResults(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "jean@vasseur.example")
	const path = "/customers/C0004/call"
	owed := h.owed("C0004")
	p.done(path, url.Values{"result": {"already-paid"}, "method": {"cheque"}, "on": {(h.day - 1).String()}, "why": {"parti hier"}})
	p.sees(p.page("/customers/C0004"), "Chèque reçu", "parti hier", "?do=withdrawal#withdrawal")
	p.sees(p.page("/customers/C0004?do=withdrawal"), `<details id="withdrawal" name="gesture" open`)
	p.sees(p.refused("/customers/C0004/withdrawal", url.Values{"cheque": {"88 12"}, "sent": {""}}), "indiquez une date", `value="88 12"`)
	p.sees(p.done("/customers/C0004/withdrawal", url.Values{"cheque": {"88 12"}, "amount": {"120,00"}, "sent": {(h.day - 9).String()}}), "attend d’être approuvée")
	p.sees(p.page("/outbox"), "Lettre de désistement")
	p.done(path, url.Values{"result": {"dispute"}, "invoice": {owed[0].Number}, "category": {"price"}, "amount": {"12,00"}, "why": {"remise oubliée"}})
	p.sees(p.page(path), "Litiges", "remise oubliée", "12,00 €")
	p.sees(p.refused(path, url.Values{"result": {"call-back"}, "on": {h.day.String()}}), "dites pour quel jour")
	p.done(path, url.Values{"result": {"call-back"}, "on": {(h.day + 2).String()}})
	p.done(path, url.Values{"result": {"wrong-number"}, "phone": {"02 00 00 00 00"}})
	p.sees(p.page("/tasks"), "Numéro à trouver", "02 00 00 00 00")
	p.done(path, url.Values{"result": {"spoken"}, "with": {"M. Petit"}, "why": {"rappelle lundi"}, "advance": {"1"}})
	p.sees(p.page(path), "rappelle lundi", "Autre échange")
	p.sees(p.refused(path, url.Values{"result": {"nonsense"}}), "résultat d’appel inconnu")
	if strings.Contains(h.signedIn(t, "paul@vasseur.example").page(path), `action="/customers/C0004/call"`) {
		t.Error("a reader is offered to note a call")
	}
}
