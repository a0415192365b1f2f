package bank_test

import (
	"testing"

	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// FuzzMatch reads lines of any text: nothing breaks, nothing is settled twice or beyond the line.
func FuzzMatch(f *testing.F) {
	f.Add("FACT F-2026-041/042 à 043\nRF86 F202 6042", "DUPONT SARL", "FR7612345", "E2E-4711", int64(12000))
	f.Add("2012 12 1 200,00 12/10/2026 tel 01 23 45 67 89", "M OU MME MOREAU", "", "", int64(7500))
	f.Add("FR76 3000 6000 0112 3456 7890 189 SIRET 732 829 320 00074", "", "DE89370400440532013000", "PO-1", int64(-7500))
	f.Add("É\u0301ŒßﬀＦ２０２６\x00\xff", "İstanbul", " ", "\n\n", int64(1)<<62)
	w := &town{rules: bank.Rules{Tolerance: 1, MaxCharges: 3500, DiscountBP: 200, DiscountDays: 30}, debtors: []bank.Debtor{
		{ID: 1, Code: "C-001", Names: []string{"Dupont SARL"}, IBANs: []string{"FR7612345"}, SIREN: "732829320"},
		{ID: 2, Code: "2026", Names: []string{"Mme Moreau Hélène", ""}, Called: []string{"MOREAU"}, Parent: 1},
		{ID: 3, Names: []string{"Brasserie Kerguelen Plougastel"}, Payer: 3},
	}}
	for i, n := range []string{"F-2026-041", "F-2026-042", "F-2026-043", "12", "2012", "2026", "PO 1", "A-7", "", "éàü-9"} {
		amount := someAmounts[i%4]
		if n == "A-7" {
			amount = -amount
		}
		w.open = append(w.open, bank.Open{Item: id.Instalment(i + 1), Invoice: id.Invoice(i/2 + 1), Customer: id.Customer(i/2%3 + 1), Number: n, Order: "PO-1", Issued: today - 20,
			Due: today + 10, Currency: money.EUR, Amount: amount, Rest: amount})
	}
	w.known = []bank.Known{{Payment: 1, Customer: 1, Date: today, Currency: money.EUR, Amount: 7500, Reference: "F-2026-040"}}
	past := []bank.Past{{Payment: 1, Customer: 1, Date: today - 3, Currency: money.EUR, Amount: 7500, Numbers: []string{"F-2026-040"}, References: []string{"E2E-4711", ""}}}
	f.Fuzz(func(t *testing.T, text, name, iban, e2e string, amount int64) {
		l := bank.Line{Amount: amount, Text: text, EndToEnd: e2e, Structured: text, Payer: bank.Party{Name: name, IBAN: iban}, Ultimate: bank.Party{Name: e2e}, Original: e2e}
		book := bank.NewBook(w.rules, w.debtors, w.open, w.known)
		v := book.Match(today, money.EUR, &l)
		rests := restsOf(w.open)
		if bad := w.fault(v, &l, rests); bad != "" {
			t.Fatalf("%s: %+v", bad, v)
		}
		if v.Sure {
			book.Apply(v.Proposals[0])
			for _, x := range v.Proposals[0].Parts {
				rests[x.Item] -= x.Settles()
			}
			if bad := w.fault(book.Match(today, money.EUR, &l), &l, rests); bad != "" {
				t.Fatalf("the second time: %s", bad)
			}
		}
		for _, c := range book.Returned(cal.Of(2026, 11, 4), money.EUR, &l, past).Comebacks {
			if c.Payment != 1 || c.Score < 1 || c.Score > 100 {
				t.Fatalf("%+v", c)
			}
		}
	})
}
