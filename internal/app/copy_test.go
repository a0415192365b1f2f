package app

import (
	"fmt"
	"strings"
	"testing"

	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// beside lets the first reminder go by letter too.
func (s *stage) beside() {
	s.t.Helper()
	yaml, err := s.desk.ExportScenario(s.ctx, "standard", 0)
	s.must(err)
	_, _, problems, err := s.desk.ImportScenario(s.ctx, []byte(strings.Replace(string(yaml), "template: standard/reminder-1\n",
		"template: standard/reminder-1\n    also: [letter]\n", 1)))
	if err != nil || len(problems) > 0 {
		s.t.Fatal(err, problems)
	}
}

// Paid after the e-mail left and before the letter beside it is posted: the letter is void, and the
// step that the e-mail took stands.
func TestLetterBesideIsVoidOncePaid(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example", "C2 compta@deux.example")
		s.beside()
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.invoice("F-2", "C2", "2026-11-16", "900.00")
		if got := s.run(); got.Sent != 2 {
			t.Fatalf("%+v", got)
		}
		s.wantStates("reminder-1 sent, reminder-1 sent, reminder-1 approved, reminder-1 approved")
		s.day("2026-11-24")
		s.file(ImportPayments, "customer;date;amount;invoice", "C1;2026-11-24;1200.00;F-1", "C2;2026-11-24;100.00;F-2")
		s.wantStates("reminder-1 sent, reminder-1 sent, reminder-1 cancelled, reminder-1 cancelled")
		s.run()
		w, err := s.desk.Why(s.ctx, "F-2", 0)
		s.must(err)
		if w.Items[0].Level != 1 {
			t.Fatalf("after its letter was void the item stands at level %d", w.Items[0].Level)
		}
	})
}

// A letter decided today and paid today is not printed.
func TestPrintedOnlyWhileOwed(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 ") // no mailbox: a letter
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.run()
		ids := s.ids(store.Approved)
		s.must(s.desk.store.Update(s.ctx, s.desk.actor.Company, func(tx *store.Tx) error { // a fact that voided nothing
			docs, err := tx.DocsByNumber(s.ctx, []string{"F-1"})
			if err != nil {
				return err
			}
			docs[0].Items[0].Open = 500_00
			return tx.UpdateItems(s.ctx, []*store.Item{&docs[0].Items[0]})
		}))
		if _, err := s.desk.Print(s.ctx, ids); fault.Key(err) != "app.post.untrue" {
			t.Fatalf("printed what is paid: %v", err)
		}
	})
}

// A sending that lasts stops with its window; the rest leaves the next day.
func TestWindowClosesWhileSending(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		const n = smallBatch + 1
		customers, invoices := make([]string, n), []string{"number;issued;due;amount;customer"}
		for i := range n {
			customers[i] = fmt.Sprintf("C%d compta@c%d.example", i, i)
			invoices = append(invoices, fmt.Sprintf("F-%d;2026-10-16;2026-11-16;1200.00;C%d", i, i))
		}
		s.customers(customers...)
		s.file(ImportInvoices, invoices...)
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		out, err := s.desk.SendDue(s.ctx, SendOptions{Progress: func(int) { s.day("2026-11-23"); s.at = s.at.Add(12 * 3600e9) }})
		s.must(err)
		if out.Sent != smallBatch || len(out.Closed) != 1 || out.Closed[0].Name != "window" {
			t.Fatalf("%+v", out)
		}
		s.day("2026-11-24")
		if got := s.run(); got.Sent != 1 {
			t.Fatalf("the next day: %+v", got)
		}
	})
}

// One message that was moved while it was handed over does not cost the others their outcome.
func TestOneMovedMessage(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example", "C2 compta@deux.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.invoice("F-2", "C2", "2026-11-16", "900.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		moved := s.ids(store.Approved)[0]
		s.mail.answer = func(string) error {
			s.mail.answer = nil
			return s.desk.store.Update(s.ctx, s.desk.actor.Company, func(tx *store.Tx) error {
				rows, err := tx.Messages(s.ctx, []id.Message{moved})
				if err != nil {
					return err
				}
				rows[0].State = store.Cancelled
				return tx.UpdateMessage(s.ctx, rows[0], store.Sending)
			})
		}
		_, err = s.desk.SendDue(s.ctx, SendOptions{})
		s.must(err)
		if got := s.states(); got != "reminder-1 cancelled, reminder-1 sent" {
			t.Fatalf("outbox: %s", got)
		}
	})
}
