package app

import (
	"strings"
	"testing"

	"relance/internal/ground/i18n"
)

// A line is found by a payer, a text however a bank writes it, an amount, an invoice that it settles or the customer's
// name; by nothing that the program itself calls its fields.
func TestSearchBank(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.reminded()
		s.statement("1.xml", camt053, movedOnce{day: "2026-11-16", amount: 120000, name: "SOCIÉTÉ DUBOIS", text: "VIR FACTURE F-26-001"},
			movedOnce{day: "2026-11-17", amount: 33333, name: "Régie des 100% eaux", text: "Loyer novembre"}, movedOnce{day: "2026-11-17", amount: -4550, name: "EDF", text: "ÉLECTRICITÉ R&amp;D"})
		s.wantOwed("F-26-001 0.00")
		paid := s.line(120000)
		for word, want := range map[string]int64{"société": 120000, "societe dubois": 120000, "facture f-26": 120000, "f-26-001": 120000, "1 200,00": 120000, "1200.00 €": 120000,
			paid.Customer.Name: 120000, "regie": 33333, "100%": 33333, "vir  FACTURE": 120000, "électricité": -4550, "électricité r&d": -4550, "45,50": -4550, "-45,50": -4550, "Ultimate": 0, "_": 0, "!": 0, "'": 0} {
			v, err := s.desk.SearchBank(s.ctx, "", word, 0, 10)
			s.must(err)
			if want == 0 && len(v.Lines) == 0 {
				continue
			}
			if len(v.Lines) != 1 || v.Lines[0].Amount != want {
				s.t.Errorf("%q finds %d lines, want that of %s", word, len(v.Lines), euros(want))
			}
		}
		if v, err := s.desk.SearchBank(s.ctx, "open", "dubois", 0, 10); err != nil || len(v.Lines) > 0 {
			s.t.Errorf("a settled line awaits an answer: %v", err)
		}
		csv, err := s.desk.LinesTable(s.ctx, "banque.csv", i18n.FR, "", "")
		s.must(err)
		if n := strings.Count(string(csv), "\n"); n != 4 || !strings.Contains(string(csv), "F-26-001") || !strings.Contains(string(csv), "-45,50") {
			s.t.Errorf("%d rows:\n%s", n, csv)
		}
	})
}
