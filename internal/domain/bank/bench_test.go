package bank_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"relance/internal/domain/bank"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// bigLedger is the ledger of PRODUCT.md §9: 60,000 customers, 300,000 open items.
func bigLedger(debtors, items int) ([]bank.Debtor, []bank.Open) {
	r := rand.New(rand.NewPCG(1, 2))
	first := []string{"Dupont", "Martin", "Bernard", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent", "Lefebvre", "Garnier"}
	trade := []string{"Transports", "Boulangerie", "Garage", "Menuiserie", "Plomberie", "Conseil", "Hotel", "Pharmacie"}
	list := make([]bank.Debtor, debtors)
	for i := range list {
		name := fmt.Sprintf("%s %s %s SARL", trade[r.IntN(len(trade))], first[r.IntN(len(first))], wordLike(r))
		list[i] = bank.Debtor{ID: id.Customer(i + 1), Code: fmt.Sprintf("C%06d", i), Names: []string{name}, SIREN: fmt.Sprintf("%09d", 100000000+i)}
		if i%2 == 0 {
			list[i].IBANs = []string{fmt.Sprintf("FR7630006000011234%07d89", i)}
		}
	}
	open := make([]bank.Open, items)
	day := cal.Of(2026, 1, 1)
	for i := range open {
		issued := day.AddDays(i % 300)
		amount := 1000 + r.Int64N(1_000_000)
		open[i] = bank.Open{Item: id.Instalment(i + 1), Invoice: id.Invoice(i + 1), Customer: id.Customer(1 + r.IntN(debtors)), Number: fmt.Sprintf("F-2026-%06d", i), Seq: 1,
			Issued: issued, Due: issued.AddDays(30), Currency: money.EUR, Amount: amount, Rest: amount}
	}
	return list, open
}

func wordLike(r *rand.Rand) string {
	b := make([]byte, 5+r.IntN(5))
	for i := range b {
		b[i] = "bcdfglmnprst"[r.IntN(12)]
		if i%2 == 1 {
			b[i] = "aeiou"[r.IntN(5)]
		}
	}
	return string(b)
}

// BenchmarkReferences makes the book and reads 100,000 lines that name an invoice among words.
func BenchmarkReferences(b *testing.B) {
	debtors, open := bigLedger(60_000, 300_000)
	r := rand.New(rand.NewPCG(3, 4))
	lines := make([]bank.Line, 100_000)
	for i := range lines {
		o := &open[r.IntN(len(open))]
		d := &debtors[o.Customer-1]
		lines[i] = bank.Line{Amount: o.Rest, Text: fmt.Sprintf("VIR SEPA RECU /DE %s /MOTIF FACTURE %s DU %s MERCI /REF %d", d.Names[0], o.Number, o.Issued, i),
			Payer: bank.Party{Name: d.Names[0], IBAN: fmt.Sprintf("FR7630006000011234%07d89", o.Customer-1)}, EndToEnd: fmt.Sprintf("E2E%08d", i)}
	}
	for b.Loop() {
		start := time.Now()
		book := bank.NewBook(bank.Rules{Tolerance: 1}, debtors, open, nil)
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms/book")
		start, sure := time.Now(), 0
		for i := range lines {
			v := book.Match(cal.Of(2026, 12, 1), money.EUR, &lines[i])
			if v.Sure {
				sure++
				book.Apply(v.Proposals[0])
			}
		}
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms/100000lines")
		b.ReportMetric(100*float64(sure)/float64(len(lines)), "%sure")
	}
}

// BenchmarkLine reads one line of each costly kind.
func BenchmarkLine(b *testing.B) {
	debtors, open := bigLedger(60_000, 300_000)
	for i := range 400 { // a customer who owes much
		open[i].Customer = 1
	}
	book := bank.NewBook(bank.Rules{Tolerance: 1, MaxCharges: 3500, DiscountBP: 200, DiscountDays: 10}, debtors, open, nil)
	for _, x := range []struct {
		name string
		line bank.Line
	}{
		{"name", bank.Line{Amount: 123456, Payer: bank.Party{Name: debtors[77].Names[0]}}},
		{"near", bank.Line{Amount: 123456, Payer: bank.Party{Name: debtors[77].Names[0][:len(debtors[77].Names[0])-7] + "x"}}},
		{"label", bank.Line{Amount: 123456, Text: "VIR SEPA RECU " + debtors[78].Names[0] + " FACTURE OCTOBRE 2026 MERCI DE VOTRE CONFIANCE"}},
		{"combined", bank.Line{Amount: 1234567, Payer: bank.Party{Name: debtors[0].Names[0], IBAN: debtors[0].IBANs[0]}}},
		{"amount", bank.Line{Amount: open[5000].Rest, Text: "VIREMENT"}},
		{"nothing", bank.Line{Amount: 7, Text: "REMISE CARTE BANCAIRE 12/10/2026 TPE 1234567 CONTRAT 7654321"}},
	} {
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				book.Match(cal.Of(2026, 12, 1), money.EUR, &x.line)
			}
		})
	}
}

// BenchmarkHostile reads texts made to be slow.
func BenchmarkHostile(b *testing.B) {
	debtors, open := bigLedger(1000, 20_000)
	for i := range open {
		open[i].Order = fmt.Sprintf("PO-%d", i%40)
		if i%2 == 0 {
			open[i].Number = fmt.Sprint(i)
		}
	}
	book := bank.NewBook(bank.Rules{}, debtors, open, nil)
	for name, text := range map[string]string{
		"numbers": strings.Repeat("12 14 16 18 ", 400), "lists": strings.Repeat("F-2026-000001 ", 300), "orders": strings.Repeat("PO-12 ", 700),
		"ranges": strings.Repeat("F-2026-000001 à 000049 ", 200), "references": strings.Repeat("RF86 ", 800), "accounts": strings.Repeat("FR76 ", 800),
		"letters": strings.Repeat("a1", 2000), "words": strings.Repeat("Dupont Garage Martin ", 190),
	} {
		b.Run(name, func(b *testing.B) {
			l := bank.Line{Amount: 1000, Text: text, EndToEnd: text, Structured: text, Ultimate: bank.Party{Name: text[:290]}}
			for b.Loop() {
				book.Match(cal.Of(2026, 12, 1), money.EUR, &l)
			}
		})
	}
}
