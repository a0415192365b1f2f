package web

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"relance/internal/app"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// line is the bank line of the example whose text or payer says something.
func (h *house) line(state, says string) app.LineView {
	h.t.Helper()
	v, err := h.d.Bank(context.Background(), state, 0, 50)
	h.must(err)
	for _, l := range v.Lines {
		if strings.Contains(l.Text+" "+l.Payer.Name, says) {
			return l
		}
	}
	h.t.Fatalf("no %s line says %q", state, says)
	return app.LineView{}
}

func linePath(l app.LineView) string { return fmt.Sprintf("/bank/%d", l.ID) }

func (h *house) open(invoice string) int64 {
	h.t.Helper()
	w, err := h.d.Why(context.Background(), invoice, 0)
	h.must(err)
	n := int64(0)
	for _, it := range w.Doc.Items {
		n += it.Open
	}
	return n
}

// TestBankLineIsAnswered: a proposal is accepted, taken back, set aside; what it settled is owed again each time.
func TestBankLineIsAnswered(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "ines@vasseur.example")
	l := h.line("open", "LIBRAIRIE")
	first := l.Proposals[0].Settles[0].Invoice
	owed := h.open(first)
	p.sees(p.page("/bank"), "LIBRAIRIE DES ARTS", first, "parce que : nom du client", "Imputer", "Mettre de côté", "Aucune facture ne correspond")

	page := p.done(linePath(l)+"/settle", url.Values{"proposal": {"1"}})
	p.sees(page, "Ligne imputée", linePath(l)+"/reopen")
	if got := h.open(first); got != 0 {
		t.Errorf("%s still owes %d", first, got)
	}
	p.sees(p.page("/bank?tab=applied"), "LIBRAIRIE DES ARTS", "par Inès Barba", "imputée d’elle-même")
	p.sees(p.done(linePath(l)+"/reopen", url.Values{"why": {"erreur"}, "back": {"/bank?tab=applied"}}), "Ligne rouverte")
	if got := h.open(first); got != owed {
		t.Errorf("re-opened, %s owes %d, want %d", first, got, owed)
	}
	p.done(linePath(l)+"/aside", url.Values{"why": {"virement interne"}})
	p.sees(p.page("/bank?tab=aside"), "LIBRAIRIE DES ARTS", "LOYER NOVEMBRE")
	p.sees(p.refused(linePath(l)+"/settle", url.Values{"proposal": {"9"}}), "propositions")
	p.sees(p.page("/bank?tab=statements"), "FR76 3000 6000 0112 3456 7890 189", "écart de -12,00 €", "soldes concordants")
	p.sees(p.done("/bank/match", nil), "à traiter")
}

// TestBankSearch: a line is found by who paid, what the bank says, its amount or an invoice that it settles; what is found
// is given as a table too, as the aged balance is: of what is shown.
func TestBankSearch(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "paul@vasseur.example")
	find := func(tab, word string) string { return "tab=" + tab + "&q=" + url.QueryEscape(word) }
	applied, err := h.d.Bank(context.Background(), "settled", 0, 50)
	h.must(err)
	settled := applied.Lines[slices.IndexFunc(applied.Lines, func(l app.LineView) bool { return len(l.Settles) > 0 && l.Payer.Name != "" })]
	for _, c := range []struct{ tab, word, sees, not string }{
		{"todo", "librairie des", "LIBRAIRIE DES ARTS", "CHEQUE IMPAYE"},
		{"todo", "CHÈQUE impayé", "CHEQUE IMPAYE", "LIBRAIRIE"},
		{"todo", "region bretagne", "Région Bretagne", "LIBRAIRIE"},
		{"aside", "loyer", "LOYER NOVEMBRE", "LIBRAIRIE"},
		{"applied", settled.Settles[0].Invoice, settled.Payer.Name, "Rien ne correspond"},
		{"applied", i18n.Amount(i18n.FR, money.Euros(settled.Amount)), settled.Payer.Name, "Rien ne correspond"},
		{"applied", "librairie des", "Rien ne correspond", "LIBRAIRIE DES ARTS</a>"},
		{"todo", "EndToEnd", "Rien ne correspond", "LIBRAIRIE"}, // what the program calls its fields is no word of the bank's
		{"todo", "%", "Rien ne correspond", "LIBRAIRIE"},
	} {
		page := p.page("/bank?" + find(c.tab, c.word))
		p.sees(page, c.sees, `value="`+html.EscapeString(c.word)+`"`)
		if strings.Contains(page, c.not) {
			t.Errorf("%s finds %s in %s", c.word, c.not, c.tab)
		}
	}
	p.sees(html.UnescapeString(p.page("/bank?"+find("todo", "librairie des"))), `href="/bank.csv?q=librairie+des&tab=todo"`)
	p.sees(html.UnescapeString(p.page("/aging?on=2026-09-30")), `href="/aging.csv?on=2026-09-30"`, `href="/aging?on=2026-09-30&print=1"`)
	res, csv := p.get("/bank.csv?" + find("todo", "librairie des"))
	if n := strings.Count(csv, "\n"); n != 2 || res.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("%d lines of %s", n, res.Header.Get("Content-Type"))
	}
	p.sees(csv, "Contrepartie", "LIBRAIRIE DES ARTS", "À traiter")
	_, csv = p.get("/bank.csv?tab=applied")
	p.sees(csv, settled.Settles[0].Invoice, settled.Customer.Name, "D’elle-même")
	if res, x := p.get("/bank.xlsx?tab=applied"); !strings.HasPrefix(x, "PK") || !strings.Contains(res.Header.Get("Content-Disposition"), "banque-2026-11-25.xlsx") {
		t.Errorf("the workbook: %s %s", res.Status, res.Header.Get("Content-Disposition"))
	}
}

// TestBankLineOtherwise: a person says whose payment a line is and what it settles; nothing typed is lost.
func TestBankLineOtherwise(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "ines@vasseur.example")
	l := h.line("open", "Région Bretagne")
	path := linePath(l)
	page := p.page(path + "?q=voyageurs")
	p.sees(page, "Hôtel des Voyageurs", "C0004")
	to := regexp.MustCompile(`href="(/bank/[^"]*customer=C0004[^"]*)"`).FindStringSubmatch(page)
	if to == nil {
		t.Fatal("the customer found cannot be chosen")
	}
	owed := h.owed("C0004")
	p.sees(p.page(strings.ReplaceAll(to[1], "&amp;", "&")), owed[0].Number, "ordre légal")

	form := url.Values{"customer": {"C0004"}, "how": {"parts"}, "invoice-0": {owed[0].Number}, "instalment-0": {"1"}, "amount-0": {"cent euros"}}
	p.sees(p.refused(path+"/settle", form), "indiquez un montant", `value="cent euros"`)
	form.Set("amount-0", "99 999 999,00")
	p.sees(p.refused(path+"/settle", form), owed[0].Number, `value="99 999 999,00"`)
	form.Del("amount-0")
	p.sees(p.refused(path+"/settle", form), "sur une facture au moins")
	form.Set("amount-0", "100,00")
	p.done(path+"/settle", form)
	if got := h.open(owed[0].Number); got != owed[0].Open-10000 {
		t.Errorf("%s owes %d, want %d", owed[0].Number, got, owed[0].Open-10000)
	}
	p.sees(p.page(path), "Imputée", i18n.Amount(i18n.FR, money.Euros(10000)), "L’imputer autrement")
	p.done(path+"/settle", url.Values{"customer": {"C0004"}, "how": {"credit"}})
	if got := h.open(owed[0].Number); got != owed[0].Open {
		t.Errorf("allocated otherwise, %s owes %d, want %d", owed[0].Number, got, owed[0].Open)
	}
}

// TestBankReturn: a person says which payment a line of money out takes back.
func TestBankReturn(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "ines@vasseur.example")
	l := h.line("open", "CHEQUE IMPAYE")
	page := p.page("/bank")
	p.sees(page, "Quel règlement est revenu ?", "Pressing Élégance", "Provision insuffisante (AM04)")
	which := regexp.MustCompile(`name="payment" value="(\d+)"`).FindStringSubmatch(page)
	if which == nil {
		t.Fatal("no payment to choose")
	}
	p.sees(p.refused(linePath(l)+"/return", url.Values{"payment": {"x"}}), "quel règlement est revenu")
	p.sees(p.done(linePath(l)+"/return", url.Values{"payment": which[1:]}), "de nouveau due")
	p.sees(p.page("/bank?tab=applied"), "Revenu impayé", "Pressing Élégance")
	p.sees(p.page("/customers/C0028"), "revenu impayé")
	if res, _ := h.signedIn(t, "jean@vasseur.example").post(linePath(l)+"/reopen", nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("a collector re-opens a line: %s", res.Status)
	}
}

// TestBankImport: the report of a statement shows its lines, what they pay and whether the balances agree.
func TestBankImport(t *testing.T) {
	h := full(t, Options{})
	p := h.signedIn(t, "ines@vasseur.example")
	owed := h.owed("C0025")
	file := camt("DEC", 100, 200, h.day-1, h.day, []credit{{h.day, owed[0].Open, firms[24], "", "Facture " + owed[0].Number, ""}, {h.day, 777, "Inconnu", "", "DIVERS", ""}})
	res, body := p.upload("/imports", "releve.xml", file, map[string]string{"kind": "bank"})
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	p.sees(body, "2 lignes, dont 2 nouvelles", "Imputées d’elles-mêmes", "À traiter", "Solde initial", "Écart de")
	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(body)
	p.done("/imports/accept", url.Values{"token": {token[1]}, "kind": {"bank"}})
	if got := h.open(owed[0].Number); got != 0 {
		t.Errorf("%s still owes %d", owed[0].Number, got)
	}
	_, body = p.upload("/imports", "encore.xml", file, map[string]string{"kind": "bank"})
	p.sees(body, "déjà connues")
}
