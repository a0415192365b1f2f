package dunning_test

import (
	"fmt"
	"testing"

	"relance/internal/domain/dunning"
	"relance/internal/format/scenario"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// BenchmarkPlan decides for one customer with five overdue invoices, as in PRODUCT.md §9.
func BenchmarkPlan(b *testing.B) {
	w := newWorld()
	today := cal.MustParse("2026-03-09")
	for i := range 5 {
		w.items = append(w.items, dunning.Item{ID: id.Instalment(i + 1), Invoice: fmt.Sprint("F-", i), Instalment: 1, Issued: today - 60,
			Due: today - cal.Date(5+i), Currency: "EUR", Amount: 100_00, Scenario: scenario.Shipped()[0]})
	}
	in := w.input(today)
	b.ReportAllocs()
	for b.Loop() {
		if out := dunning.Plan(in); len(out.Messages) != 1 {
			b.Fatal("no message")
		}
	}
}
