package app

import (
	"fmt"
	"testing"
)

// One who pays for several customers is nobody's name: what names an invoice stays settled when its statement is told again.
func TestOnePayerOfThree(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 un@un.example", "C2 deux@deux.example", "C3 trois@trois.example")
		for i, amount := range []string{"100.00", "200.00", "300.00"} {
			s.invoice(fmt.Sprintf("FAC-26-00%d", i+1), fmt.Sprintf("C%d", i+1), "2026-11-10", amount)
		}
		first := movedOnce{day: "2026-11-12", amount: 10000, name: "INCONNU SARL", text: "FACTURE FAC-26-001"}
		unsaid := movedOnce{day: "2026-11-13", amount: 4321, name: "INCONNU SARL", text: "VIR SEPA"}
		third := movedOnce{day: "2026-11-16", amount: 30000, name: "INCONNU SARL", text: "FACTURE FAC-26-003"}
		s.statement("1.xml", camt053, first)
		s.wantOwed("FAC-26-001 0.00")
		s.statement("2.xml", camt053, unsaid)
		s.must(s.desk.SettleLine(s.ctx, s.line(4321).ID, LineAnswer{Customer: "C2", OnCredit: true})) // a person knows
		s.statement("3.xml", camt053, third, movedOnce{day: "2026-11-17", amount: 55555, name: "INCONNU SARL", text: "VIR SEPA"})
		s.wantOwed("FAC-26-001 0.00, FAC-26-003 0.00")
		for range 2 {
			if f := s.statement("4.xml", camt053, first, unsaid, third); f.Settled+f.Reopened > 0 {
				t.Errorf("told again, %d are settled and %d owed again", f.Settled, f.Reopened)
			}
			s.wantOwed("FAC-26-001 0.00, FAC-26-003 0.00")
		}
	})
}
