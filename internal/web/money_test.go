package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"relance/internal/app"
)

func (h *house) money(code string) *app.CustomerMoney {
	h.t.Helper()
	m, err := h.d.CustomerMoney(context.Background(), code)
	h.must(err)
	return m
}

// TestPaymentByHand: a payment is recorded on an invoice, released, used elsewhere, given back, cancelled, come back.
func TestPaymentByHand(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "ines@vasseur.example")
	const path = "/customers/C0004"
	owed := h.owed("C0004")
	first, second := owed[0], owed[1]
	form := url.Values{"on": {h.day.String()}, "amount": {"mille"}, "method": {"cheque"}, "reference": {"n° 77"}, "how": {"on:" + first.Number}}
	p.sees(p.refused(path+"/payment", form), "indiquez un montant", `value="mille"`, "n° 77", `<details id="payment" name="gesture" open`)
	form.Set("amount", "100,00")
	form.Set("on", (h.day + 1).String())
	p.sees(p.refused(path+"/payment", form), "notez une promesse", `value="100,00"`)
	form.Set("on", h.day.String())
	p.sees(p.done(path+"/payment", form), "Règlement enregistré", "n° 77", "Désimputer", "Revenu impayé")
	if got := h.open(first.Number); got != first.Open-10000 {
		t.Errorf("%s owes %d", first.Number, got)
	}
	n := h.money("C0004").Payments[0].ID
	of := func(what string) string { return fmt.Sprintf("%s/payments/%d/%s", path, n, what) }
	p.sees(p.done(of("release"), nil), "Désimputé", "Crédits du client", "Imputer ou rembourser")
	key := fmt.Sprintf("payment-%d", n)
	use := url.Values{"key": {key}, "payment": {fmt.Sprint(n)}, "currency": {"EUR"}, "invoice": {second.Number}, "amount": {"60,00"}}
	p.done(path+"/use", use)
	if got := h.open(second.Number); got != second.Open-6000 {
		t.Errorf("%s owes %d", second.Number, got)
	}
	back := url.Values{"key": {key}, "payment": {fmt.Sprint(n)}, "currency": {"EUR"}, "amount": {"75,00"}, "why": {"trop-perçu"}}
	p.sees(p.refused(path+"/refund", back), "à rendre", `value="75,00"`, "trop-perçu")
	back.Set("amount", "")
	p.sees(p.done(path+"/refund", back), "Remboursement enregistré", "Remboursement RMB-2026-0001")

	p.done(path+"/payment", url.Values{"on": {(h.day - 3).String()}, "amount": {"50,00"}, "method": {"cheque"}, "how": {"credit"}})
	n = h.money("C0004").Payments[1].ID
	p.sees(p.refused(of("return"), url.Values{"on": {(h.day - 20).String()}, "why": {"opposition"}}), "ne peut revenir", "opposition")
	p.sees(p.done(of("return"), url.Values{"on": {h.day.String()}, "why": {"opposition"}}), "Revenu impayé", "opposition")
	p.sees(p.refused(of("cancel"), url.Values{"why": {"erreur"}}), "annulé le")
	if res, _ := h.signedIn(t, "jean@vasseur.example").post(path+"/payment", form); res.StatusCode != http.StatusForbidden {
		t.Errorf("a collector records a payment: %s", res.Status)
	}
}

// TestCreditNoteAndWriteOff: a credit note settles an invoice and is taken back; a debt is given up.
func TestCreditNoteAndWriteOff(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "ines@vasseur.example")
	const path = "/customers/C0002"
	owed := h.owed("C0002")
	p.sees(p.page(path), "Avoir AV-2026-0001", "350,00 €")
	credit := url.Values{"key": {"credit-AV-2026-0001"}, "credit": {"AV-2026-0001"}, "currency": {"EUR"}, "invoice": {owed[0].Number}, "amount": {"300,00"}}
	p.done(path+"/use", credit)
	if got := h.open(owed[0].Number); got != owed[0].Open-30000 {
		t.Errorf("%s owes %d", owed[0].Number, got)
	}
	p.done(path+"/release", credit)
	if got := h.open(owed[0].Number); got != owed[0].Open {
		t.Errorf("released, %s owes %d", owed[0].Number, got)
	}
	p.sees(p.refused(path+"/write-off", url.Values{"invoice": {owed[1].Number}, "amount": {"1,00"}}), "dites pourquoi", `value="1,00"`)
	p.sees(p.done(path+"/write-off", url.Values{"invoice": {owed[1].Number}, "why": {"liquidation"}}), "Passé en perte", "liquidation")
	if got := h.open(owed[1].Number); got != 0 {
		t.Errorf("written off, %s owes %d", owed[1].Number, got)
	}
}

// TestPlan: equal instalments are filled in, changed, agreed; the plan shows where it stands and can be ended.
func TestPlan(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "jean@vasseur.example")
	const path = "/customers/C0004/plan"
	p.sees(p.page("/customers/C0004"), `href="`+path+`"`)
	page := p.page(path + "?n=3&first=2026-12-31&total=" + url.QueryEscape("1 000,00"))
	p.sees(page, "333,34", "333,33", `value="2026-12-31"`, `value="2027-01-31"`, `value="2027-02-28"`)
	p.sees(p.page(path+"?n=4"), "Nombre d’échéances")
	res, body := p.get(path + "?n=100&first=2026-12-31")
	if res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a hundred instalments: %s", res.Status)
	}
	p.sees(body, "de 1 à 60 échéances")
	form := url.Values{"on-0": {"2026-12-31"}, "amount-0": {"333,34"}, "on-1": {""}, "amount-1": {"333,33"}, "why": {"accord du gérant"}, "accelerate": {"1"}}
	p.sees(p.refused(path, form), "indiquez une date", `value="333,33"`, "accord du gérant", `name="accelerate" value="1" checked`)
	p.sees(p.refused(path, url.Values{}), "au moins une date")
	form.Set("on-1", "2027-01-31")
	p.sees(p.done(path, form), "Plan convenu", "Plan en 2 échéances", "31 janv. 2027", "accord du gérant", "Reconnaissance de dette")
	page = p.page("/promises")
	p.sees(page, "Hôtel des Voyageurs", "Plan en 2 échéances", "Imprimerie Delattre")
	n := h.money("C0004").Promises[0].ID
	if res, pdf := p.get(fmt.Sprintf("/promises/%d/acknowledgement.pdf", n)); res.StatusCode != http.StatusOK || !strings.HasPrefix(pdf, "%PDF") {
		t.Errorf("the acknowledgement: %s", res.Status)
	}
	sign := fmt.Sprintf("/promises/%d/sign", n)
	fields := map[string]string{"customer": "C0004", "back": "/customers/C0004", "on": (h.day + 1).String()}
	if res, body := p.upload(sign, "signe.pdf", "%PDF-1.7 signed", fields); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "ne peut être signée le") {
		t.Errorf("signed tomorrow: %s", res.Status)
	}
	fields["on"] = h.day.String()
	if res, body := p.upload(sign, "signe.html", "<html><script>", fields); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "un PDF ou une image") {
		t.Errorf("a page for a scan: %s", res.Status)
	}
	if res, _ := p.upload(sign, "signe.pdf", "%PDF-1.7 signed", fields); res.StatusCode != http.StatusSeeOther {
		t.Errorf("signing: %s", res.Status)
	}
	p.sees(p.page("/customers/C0004"), "Reconnaissance signée : la prescription", "reconnaissance signée le 25 nov. 2026", "Exemplaire signé")
	if _, scan := p.get(fmt.Sprintf("/promises/%d/signed", n)); scan != "%PDF-1.7 signed" {
		t.Errorf("the scan is %q", scan)
	}
	p.done(fmt.Sprintf("/promises/%d/cancel", n), url.Values{"why": {"renoncé"}, "back": {"/promises"}})
	p.sees(p.page("/promises?tab=cancelled"), "Hôtel des Voyageurs", "Annulée")
	p.sees(p.page("/promises?tab=kept"), "Aucune promesse tenue")
}
