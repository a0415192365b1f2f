package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// TestMoneyFound: what late payers owe is shown by customer, opens to its computation, and becomes a note de débit
// that is printed; the rest is given up with a reason, by those who keep the books.
func TestMoneyFound(t *testing.T) {
	ctx := context.Background()
	h := full(t, Options{})
	found, err := h.d.Found(ctx)
	h.must(err)
	if len(found.Customers) == 0 {
		t.Fatal("nobody has paid late in this house")
	}
	code := found.Customers[0].Customer.Code
	list, err := h.d.FoundOf(ctx, code)
	h.must(err)
	path := "/found/" + code

	reader := h.signedIn(t, "paul@vasseur.example")
	reader.sees(reader.page("/figures"), "Indicateurs", "Argent trouvé", "Encaissements attendus")
	if body := reader.page(path); strings.Contains(body, path+"/claim") {
		t.Error("one who only reads is offered to claim")
	}
	p := h.signedIn(t, "ines@vasseur.example")
	sum := found.Customers[0].Penalty[money.EUR] + found.Customers[0].Compensation
	p.sees(p.page("/found"), found.Customers[0].Customer.Name, path, i18n.Amount(i18n.FR, money.Euros(sum)))
	p.sees(p.page(path), list[0].Invoice, "/invoices/"+list[0].Invoice+"/penalties.pdf")
	if _, body := p.get("/invoices/" + list[0].Invoice + "/penalties.pdf"); !strings.HasPrefix(body, "%PDF") {
		t.Errorf("the computation is no PDF: %.40q", body)
	}
	p.sees(p.refused(path+"/claim", url.Values{}), "ochez au moins une facture")
	p.sees(p.refused(path+"/waive", url.Values{"invoice": {list[0].Invoice}}), list[0].Invoice)
	p.sees(p.done(path+"/claim", url.Values{"invoice": {list[0].Invoice}}), "ND-2026-0001", "/invoices/ND-2026-0001/debit-note.pdf")
	if _, body := p.get("/invoices/ND-2026-0001/debit-note.pdf"); !strings.HasPrefix(body, "%PDF") {
		t.Errorf("the note is no PDF: %.40q", body)
	}
	after, err := h.d.FoundOf(ctx, code)
	h.must(err)
	if len(after) != len(list)-1 {
		t.Errorf("%d invoices left of %d", len(after), len(list))
	}
	p.sees(p.refused(path+"/claim", url.Values{"invoice": {list[0].Invoice}}), "rien")
	for _, l := range after {
		p.sees(p.done(path+"/waive", url.Values{"invoice": {l.Invoice}, "why": {"geste commercial"}}), "abandonnées")
	}
	if after, err = h.d.FoundOf(ctx, code); err != nil || len(after) != 0 {
		t.Errorf("%d left once given up: %v", len(after), err)
	}
}

// TestAllFound: interest in several currencies is never added up; compensation is in euros.
func TestAllFound(t *testing.T) {
	for _, c := range []struct {
		penalty      map[money.Currency]int64
		compensation int64
		want         string
	}{
		{map[money.Currency]int64{"EUR": 1000}, 4000, "[50.00 EUR]"},
		{map[money.Currency]int64{"USD": 1000, "EUR": 1}, 4000, "[40.01 EUR 10.00 USD]"},
		{map[money.Currency]int64{"USD": 1000}, 4000, "[40.00 EUR 10.00 USD]"},
		{map[money.Currency]int64{"EUR": 0}, 0, "[]"},
	} {
		if got := fmt.Sprint(allFound(c.penalty, c.compensation)); got != c.want {
			t.Errorf("%v and %d: %s, want %s", c.penalty, c.compensation, got, c.want)
		}
	}
}
