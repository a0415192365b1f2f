package web

import (
	"context"
	"net/url"
	"testing"

	"relance/internal/app"
)

// TestEntryPage: old debts of which nothing was sent are proposed with a step; the one that is changed enters where
// the person says, the others as proposed, and there is nothing more to propose.
func TestEntryPage(t *testing.T) {
	ctx := context.Background()
	h := full(t, Options{})
	h.put(app.ImportCustomers, "anciens.csv", "code;name;kind;email\nV1;Vieux Débiteur SARL;PRO;compta@vieux.example\n")
	h.put(app.ImportInvoices, "anciennes.csv", "number;customer;date;due;amount\nVX-1;V1;2026-07-01;"+h.day.AddDays(-60).String()+";1200.00\nVX-2;V1;2026-07-02;"+h.day.AddDays(-61).String()+";800.00\n")
	plan, err := h.d.ProposeEntry(ctx, app.EntryOptions{})
	h.must(err)
	var asked *app.Entry
	for i := range plan.Entries {
		if plan.Entries[i].Invoice == "VX-1" {
			asked = &plan.Entries[i]
		}
	}
	if asked == nil || len(asked.Choices) < 2 {
		t.Fatalf("VX-1 is not proposed: %+v", plan.Entries)
	}
	other := asked.Choices[0]
	if other == asked.Step {
		other = asked.Choices[1]
	}
	h.signedIn(t, "paul@vasseur.example").sees(h.signedIn(t, "paul@vasseur.example").page("/entry"), "VX-1", "Vieux Débiteur SARL")
	p := h.signedIn(t, "jean@vasseur.example")
	p.sees(p.page("/entry?per_day=3"), "VX-1", "Messages par jour", `value="3"`)
	p.sees(p.refused("/entry", url.Values{"per_day": {"0"}}), "Entre 1 et 1000")
	p.sees(p.refused("/entry", url.Values{"per_day": {"3"}, "step:VX-1": {"moon"}, "was:VX-1": {asked.Step}}), "VX-1")
	p.sees(p.done("/entry", url.Values{"per_day": {"3"}, "step:VX-1": {other}, "was:VX-1": {asked.Step}}), "scénario")
	p.sees(p.page("/entry"), "Aucun ancien impayé")
}
