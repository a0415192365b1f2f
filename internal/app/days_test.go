package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"relance/internal/domain/dunning"
	"relance/internal/domain/promise"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/store"
)

// told lists what drafts would send: customer, step and invoices.
func told(list []*Draft) string {
	var out []string
	for _, dr := range list {
		line := dr.Decision.Customer.Code + " " + dr.Row.Step
		for _, l := range dr.Message.Lines {
			line += " " + l.Item.Invoice
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// The plan of a day, which reads every customer who owes something, and its run, which reads only
// those whose day has come, see the same messages, whatever happens in between (PRODUCT.md §3 rule 5).
func TestRunSeesWhatPlanSees(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			onStage(t, "2026-09-01", func(s *stage) { s.live(rand.New(rand.NewPCG(seed, 9))) })
		})
	}
}

// live plays eighty days of a company with a dozen customers.
func (s *stage) live(r *rand.Rand) {
	const customers, invoices = 12, 30
	var who []string
	for i := range customers {
		who = append(who, fmt.Sprintf("C%02d compta@c%02d.example", i, i))
	}
	s.customers(who...)
	lines := []string{"number;issued;due;amount;customer"}
	first := cal.MustParse("2026-07-01")
	for i := range invoices {
		issued := first.AddDays(r.IntN(90))
		lines = append(lines, fmt.Sprintf("F-%02d;%s;%s;%d.00;C%02d", i, issued, issued.AddDays(30), 20+r.IntN(3000), r.IntN(customers)))
	}
	s.file(ImportInvoices, lines...)
	sent := 0
	for day := cal.MustParse("2026-09-01"); day <= cal.MustParse("2026-11-20"); day++ {
		s.day(day.String())
		p, err := s.desk.Plan(s.ctx, 0)
		s.must(err)
		run, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		if plan, done := told(p.Drafts), told(run.Drafts); plan != done {
			s.t.Fatalf("%s\nthe plan:\n%s\nthe run:\n%s", day, plan, done)
		}
		for _, n := range s.ids(store.Proposed) {
			switch r.IntN(4) {
			case 0: // left for another day
			case 1:
				s.must(s.desk.Skip(s.ctx, s.ids(store.Proposed)[:1], "seen"))
			default:
				if _, err := s.desk.Approve(s.ctx, s.ids(store.Proposed)[:1]); err != nil && fault.Of(err) != fault.Invalid {
					s.t.Fatal(n, err)
				}
			}
		}
		out, err := s.desk.SendDue(s.ctx, SendOptions{})
		s.must(err)
		sent += out.Sent
		s.fact(r, fmt.Sprintf("F-%02d", r.IntN(invoices)), day)
	}
	if sent < invoices {
		s.t.Fatalf("only %d messages left", sent)
	}
	for i := range customers {
		s.sums(fmt.Sprintf("C%02d", i))
	}
}

// fact lets something happen to an invoice, if it can.
func (s *stage) fact(r *rand.Rand, number string, day cal.Date) {
	s.t.Helper()
	w, err := s.desk.Why(s.ctx, number, 0)
	s.must(err)
	if len(w.Items) == 0 || w.Items[0].Open <= 0 {
		return
	}
	if r.IntN(2) == 0 {
		s.moneyFact(r, w, number, day)
		return
	}
	switch r.IntN(6) {
	case 0:
		s.file(ImportPayments, "customer;date;amount;invoice", fmt.Sprintf("%s;%s;%d.00;%s", w.Customer.Code, day, 1+r.IntN(int(w.Items[0].Open/100)), number))
	case 1:
		s.file(ImportPayments, "customer;date;amount;invoice", fmt.Sprintf("%s;%s;%d.00;%s", w.Customer.Code, day, w.Items[0].Open/100, number))
	case 2:
		_, err = s.desk.AddHold(s.ctx, HoldDraft{Invoice: number, Reason: dunning.HoldPause, Until: day.AddDays(r.IntN(20))})
	case 3:
		_, err = s.desk.AddPromise(s.ctx, Promise{Invoice: number, Customer: w.Customer.Code, On: day.AddDays(r.IntN(15))})
	case 4:
		list, e := s.desk.Holds(s.ctx)
		if err = e; len(list) > 0 {
			err = s.desk.EndHold(s.ctx, list[r.IntN(len(list))].ID)
		}
	}
	s.must(err)
}

// moneyFact lets the bank, a plan, a dispute or a call tell something of an invoice.
func (s *stage) moneyFact(r *rand.Rand, w *Why, number string, day cal.Date) {
	s.t.Helper()
	open := w.Items[0].Open
	var err error
	switch r.IntN(6) {
	case 0:
		s.statement(fmt.Sprintf("%s.xml", day), camt053, movedOnce{day: day.String(), amount: []int64{open, open / 2, 5000}[r.IntN(3)],
			name: w.Customer.Name, text: "FACTURE " + number})
	case 1:
		first := day.AddDays(2 + r.IntN(10))
		_, err = s.desk.AddPromise(s.ctx, Promise{Invoice: number, Plan: true, Accelerate: r.IntN(2) == 0, Parts: []promise.Part{
			{Due: first, Amount: open / 2}, {Due: first.AddDays(14), Amount: open - open/2}}})
	case 2:
		_, err = s.desk.OpenDispute(s.ctx, Dispute{Invoice: number, Amount: int64(r.IntN(2)) * (open / 3), Category: "price"})
	case 3:
		if list, e := s.desk.Disputes(s.ctx, 0, 1); e == nil && len(list) > 0 {
			_, err = s.desk.CloseDispute(s.ctx, list[0].Invoice, Ending{Outcome: "refused", Cause: "unfounded"})
		}
	case 4:
		c := Call{Customer: w.Customer.Code, Invoice: number, Advance: r.IntN(2) == 0, Result: CallResults[r.IntN(len(CallResults))], On: day.AddDays(3)}
		err = s.desk.RecordCall(s.ctx, c)
	case 5:
		for _, p := range s.payments(w.Customer.Code) {
			if p.CancelledOn.IsZero() && p.Date <= day {
				err = s.desk.ReturnPayment(s.ctx, p.ID, 0, "AM04")
				break
			}
		}
	}
	s.must(err)
}
