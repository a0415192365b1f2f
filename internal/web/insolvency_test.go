package web

import (
	"net/url"
	"strings"
	"testing"
)

// TestInsolvency: an insolvency is opened with its last days, its claim declared, then closed.
func TestInsolvency(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "jean@vasseur.example")
	const path = "/customers/C0004"
	form := url.Values{"kind": {"redressement"}, "judgment": {(h.day + 1).String()}, "court": {"Lille"}, "mandatary": {"Maître Roux"}}
	p.sees(p.refused(path+"/insolvency", form), "le jugement est daté", "Maître Roux", `<details id="insolvency" name="gesture" open`)
	form.Set("judgment", (h.day - 10).String())
	p.sees(p.done(path+"/insolvency", form), "Procédure ouverte", "Redressement judiciaire", "Maître Roux", "pas encore connue")
	p.sees(p.done(path+"/insolvency/publish", url.Values{"published": {(h.day - 5).String()}}), "Déclarer avant le", "Revendiquer avant le")
	p.sees(p.done(path+"/insolvency/declare", nil), "Créance déclarée le")
	if page := p.done(path+"/insolvency/close", url.Values{"why": {"plan arrêté"}}); strings.Contains(page, `id="insolvency-card"`) {
		t.Error("a closed insolvency is shown")
	}
}

// TestInsurance: the cover is kept and shown against what is owed; the overdue is declared once.
func TestInsurance(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "jean@vasseur.example")
	const path = "/customers/C0004"
	form := url.Values{"insurer": {"Assurcrédit"}, "policy": {"P-77"}, "cover": {"5000,00"}, "extension": {"60"}, "declare-days": {"x"}}
	p.sees(p.refused(path+"/insurance", form), "un nombre de jours", `value="P-77"`)
	form.Set("declare-days", "90")
	form.Set("ends", "2027-12-31")
	p.sees(p.done(path+"/insurance", form), "Assurance-crédit enregistrée", "Encours couvert", "P-77", `value="90"`, "Fin de la couverture</dt><dd>31 déc. 2027", `value="2027-12-31"`)
	p.sees(p.done(path+"/insurance/declare", nil), "Déclaré à l’assureur")
	p.refused(path+"/insurance/declare", nil)
	if page := p.done(path+"/insurance/remove", nil); strings.Contains(page, "P-77") {
		t.Error("an insurance that was removed is shown")
	}
}

// TestSetOff: what is owed to the customer as a supplier settles an invoice.
func TestSetOff(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "ines@vasseur.example")
	first := h.owed("C0004")[0]
	form := url.Values{"invoice": {first.Number}, "amount": {"50,00"}}
	p.refused("/customers/C0004/set-off", form)
	form.Set("why", "notre dette A-9")
	p.sees(p.done("/customers/C0004/set-off", form), "Compensé")
	if got := h.open(first.Number); got != first.Open-5000 {
		t.Errorf("%s owes %d", first.Number, got)
	}
}
