package app

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/store"
)

// atOnceDo does things at the same time and gives their errors.
func atOnceDo(fns ...func() error) error {
	errs := make([]error, len(fns))
	var wg sync.WaitGroup
	for i, fn := range fns {
		wg.Go(func() { errs[i] = fn() })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// What two people change of one message at once is all kept: an edited text is never approved as it
// was before.
func TestEditedWhileApproved(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		ids := s.ids(store.Approved)
		for i := range 20 {
			s.must(s.desk.Edit(s.ctx, ids[0], Words{Subject: "F-1", Body: "Bonjour,\n\n{{invoices}}\n\n{{payment}}"}))
			mine := fmt.Sprintf("Facture F-1, %d", i)
			err := atOnceDo(
				func() error {
					return s.desk.Edit(s.ctx, ids[0], Words{Subject: mine, Body: "Chère Anne,\n\n{{invoices}}\n\n{{payment}}"})
				},
				func() error { _, err := s.desk.Approve(s.ctx, ids); return err },
				func() error {
					return s.desk.Postpone(s.ctx, ids[0], cal.MustParse("2026-12-01"))
				})
			s.must(err)
			list, err := s.desk.Outbox(s.ctx)
			s.must(err)
			if m := list[0]; m.Subject != mine || m.SendOn.String() != "2026-12-01" {
				t.Fatalf("round %d: subject %q, leaves on %s", i, m.Subject, m.SendOn)
			}
		}
	})
}

// A letter that two people confirm at once is posted once; a company goes live once; the day of the
// payments never takes it back; two imports do not run at once.
func TestTwoAtOnce(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 ")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		ids := s.ids(store.Approved)
		post := func() error { return s.desk.ConfirmPosted(s.ctx, ids, nil) }
		if err := atOnceDo(post, post, post); err == nil || s.states() != "reminder-1 sent" {
			t.Errorf("posted by three: %v, %s", err, s.states())
		}
		c, err := s.app.CreateCompany(s.ctx, "XX", org.Profile{Name: "Autre", IBAN: "FR7630006000011234567890189"})
		s.must(err)
		other := s.app.As(System(c.ID, "Jean"))
		live := make([]error, 3)
		if err := atOnceDo(
			func() error { _, live[0] = other.GoLive(s.ctx, true); return nil },
			func() error { _, live[1] = other.GoLive(s.ctx, true); return nil },
			func() error { _, live[2] = other.GoLive(s.ctx, true); return nil },
			func() error { return other.SetPaymentsKnown(s.ctx, cal.MustParse("2026-11-20")) },
		); err != nil {
			t.Fatal(err)
		}
		c, err = other.Company(s.ctx)
		s.must(err)
		done := 0
		for _, err := range live {
			if err == nil {
				done++
			} else if fault.Key(err) != "app.live.already" {
				t.Error(err)
			}
		}
		if done != 1 || !c.IsLive() || c.PaymentsOn.String() != "2026-11-20" {
			t.Errorf("%d went live; live %v, payments known up to %s", done, c.IsLive(), c.PaymentsOn)
		}
	})
}

// Everything that waits is approved, whatever one of them lacks.
func TestApproveAll(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		const n = approveTogether + 10
		lines := []string{"code;name;kind;address;postcode;city;email"}
		invoices := []string{"number;issued;due;amount;customer;last_level;last_reminded_on"}
		for i := range n {
			lines = append(lines, fmt.Sprintf("C%d;Client %d;PRO;1 rue Haute;75001;Paris;c%d@un.example", i, i, i))
			invoices = append(invoices, fmt.Sprintf("F-%d;2026-08-25;2026-09-25;1200.00;C%d;3;2026-11-02", i, i))
		}
		s.file(ImportCustomers, lines...)
		s.file(ImportInvoices, invoices...)
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		first := s.ids(store.Proposed)[0]
		s.must(s.desk.update(s.ctx, org.VerbCollect, func(m *moment) error { // above the ceiling, and seen by Jean
			row, err := m.Message(s.ctx, first)
			if err != nil {
				return err
			}
			row.NeedsSecond, row.ApprovedBy = true, "Jean"
			return m.UpdateMessage(s.ctx, row, store.Proposed)
		}))
		for _, name := range []string{"Anne", "Paul"} {
			_, err := s.desk.AddUser(s.ctx, org.User{Name: name, Email: name + "@un.example", Role: org.Collector}, "a long enough secret")
			s.must(err)
		}
		approved, problems, err := s.desk.ApproveAll(s.ctx)
		s.must(err)
		if approved != n-1 || len(problems) != 1 || fault.Key(problems[0]) != "app.second-person" {
			t.Fatalf("%d approved, problems %v", approved, problems)
		}
	})
}

// The person who undoes an import goes away in the middle, wherever that is: nothing is undone, or all of it.
func TestUndoInterrupted(t *testing.T) {
	onStage(t, "2026-11-25", func(s *stage) {
		s.customers("C1 compta@un.example")
		for n := 1; n < 80; n += 7 {
			s.invoice("F-26-001", "C1", "2026-11-13", "1200.00")
			list, err := s.desk.Imports(s.ctx, 1)
			s.must(err)
			_, err = s.desk.UndoImport(tire(s.ctx, n), list[0].ID)
			if list, e := s.desk.Imports(s.ctx, 1); e != nil || list[0].State != "done" && list[0].State != "undone" {
				t.Fatalf("gave up at %d: %q, %v, %v", n, list[0].State, err, e)
			}
		}
	})
}
