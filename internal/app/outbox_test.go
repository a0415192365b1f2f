package app

import (
	"testing"

	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/store"
)

// A letter that a person approves late has its two working days to be posted from then on (PRODUCT.md §3 rule 16).
func TestLetterApprovedLate(t *testing.T) {
	onStage(t, "2026-11-13", func(s *stage) { // a Friday
		s.file(ImportCustomers, "code;name;kind;address;postcode;city", "C1;Client C1;PRO;1 rue Haute;75001;Paris")
		s.invoice("F-1", "C1", "2026-11-05", "600.00")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		letter := s.ids(store.Proposed)
		if len(letter) != 1 {
			s.t.Fatalf("no letter to approve: %s", s.states())
		}
		s.must(s.desk.Edit(s.ctx, letter[0], Words{Subject: "Votre facture", Body: "Bonjour,\n\n{{invoices}}\n\n{{payment}}"}))
		decided := func(day string) int {
			s.day(day)
			s.known()
			p, err := s.desk.Plan(s.ctx, 0)
			s.must(err)
			r, err := s.desk.Run(s.ctx, RunOptions{})
			s.must(err)
			if len(p.Drafts) != len(r.Drafts) {
				s.t.Errorf("%s: %d planned, %d decided", day, len(p.Drafts), len(r.Drafts))
			}
			return len(r.Drafts)
		}
		decided("2026-11-18")
		_, err = s.desk.Approve(s.ctx, letter)
		s.must(err)
		if n := decided("2026-11-18") + decided("2026-11-19") + decided("2026-11-20"); n > 0 {
			s.t.Errorf("%d letters instead of the one that was just approved: %s", n, s.states())
		}
		if n := decided("2026-11-23"); n != 1 {
			s.t.Errorf("not posted in two working days, it is written %d times: %s", n, s.states())
		}
	})
}

// A message that was held while nobody knew whether it had left is void once it is known that it did not.
func TestHeldWhileUncertain(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 un@un.example")
		s.invoice("F-1", "C1", "2026-11-10", "600.00")
		s.invoice("F-2", "C1", "2026-11-10", "700.00")
		s.mail.answer = refusing(fault.Unavailable, "smtp.uncertain")
		s.run()
		s.mail.answer = nil
		if len(s.ids(store.Uncertain)) != 1 {
			s.t.Fatal(s.states())
		}
		_, err := s.desk.AddHold(s.ctx, HoldDraft{Invoice: "F-1", Reason: dunning.HoldDocument, Until: cal.MustParse("2026-12-18")})
		s.must(err)
		_, err = s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		s.must(s.desk.Settle(s.ctx, s.ids(store.Uncertain)[0], false))
		p, err := s.desk.Plan(s.ctx, 0)
		s.must(err)
		r, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		if told(p.Drafts) != told(r.Drafts) || len(r.Drafts) != 1 {
			s.t.Errorf("planned %s, decided %s", told(p.Drafts), told(r.Drafts))
		}
	})
}

// A message that may have left counts as a contact: nothing else leaves to that customer within the gap.
func TestUncertainIsAContact(t *testing.T) {
	onStage(t, "2026-11-18", func(s *stage) {
		s.customers("C1 un@un.example")
		s.file(ImportInvoices, "number;issued;due;amount;customer;currency", "F-1;2026-10-11;2026-11-10;600.00;C1;EUR", "F-2;2026-10-11;2026-11-10;700.00;C1;USD")
		_, err := s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		list := s.ids(store.Approved)
		if len(list) != 2 {
			s.t.Fatal(s.states())
		}
		s.must(s.desk.Postpone(s.ctx, list[0], cal.MustParse("2026-11-20")))
		s.mail.answer = refusing(fault.Unavailable, "smtp.uncertain")
		s.sends(SendOptions{})
		s.mail.answer = nil
		s.day("2026-11-20")
		s.known()
		if out := s.sends(SendOptions{}); out.Sent != 0 || out.Kept != 1 {
			s.t.Errorf("two days after one that may have left: %+v, %s", out, s.states())
		}
	})
}
