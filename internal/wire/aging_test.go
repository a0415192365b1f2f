package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"relance/internal/domain/report"
	"relance/internal/ground/cal"
	"relance/internal/wire"
)

// TestAging holds every name of PRODUCT.md §7.
func TestAging(t *testing.T) {
	asOf := cal.MustParse("2013-06-30")
	facts := []report.Fact{{Customer: "C001", Name: "ACME", Currency: "EUR", Due: asOf - 31, Open: 1200}, {Customer: "C001", Name: "ACME", Currency: "EUR", Open: 200, Credit: true}}
	b, err := json.Marshal(wire.AgingOf(asOf, report.Age(asOf, facts)))
	if err != nil {
		t.Fatal(err)
	}
	row := `"total":1000,"not_due":0,"1-30":0,"31-60":1200,"61-90":0,"91+":0,"count":1,"credits":-200`
	want := `{"as_of":"2013-06-30","currencies":[{"currency":"EUR",` + row + `,"customers":[{"customer":"C001","customer_name":"ACME",` + row + `}]}]}`
	if diff := cmp.Diff(want, string(b)); diff != "" {
		t.Error(diff)
	}
	if b, err = json.Marshal(wire.AgingOf(asOf, nil)); err != nil || string(b) != `{"as_of":"2013-06-30","currencies":[]}` {
		t.Errorf("empty ledger: %s %v", b, err)
	}
}
