package app

import (
	"fmt"
	"testing"

	"relance/internal/ground/cal"
)

// Sixty old customers: each debt enters at the reminder its delay deserves, twenty-five customers a day, and what was
// proposed is what leaves (PRODUCT.md §3 rule 4: never a burst).
func TestEntryOfOldDebts(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		var list, invoices []string
		for i := range 60 {
			list = append(list, fmt.Sprintf("C%02d compta@c%02d.example", i, i))
			due := cal.MustParse("2026-11-13").AddDays(-30 * (i % 3)) // 10, 40 and 70 days late
			invoices = append(invoices, fmt.Sprintf("F-%02d;%s;%s;%d.00;C%02d", i, due.AddDays(-30), due, 1000+i, i))
		}
		s.customers(list...)
		s.file(ImportInvoices, append([]string{"number;issued;due;amount;customer"}, invoices...)...)
		p, err := s.desk.ProposeEntry(s.ctx, EntryOptions{})
		s.must(err)
		steps := map[string]int{}
		for _, e := range p.Entries {
			steps[e.Step]++
		}
		if len(p.Entries) != 60 || steps["reminder-1"] != 20 || steps["reminder-2"] != 40 {
			t.Fatalf("%d entries, %v", len(p.Entries), steps)
		}
		for _, d := range p.Days {
			if d.Messages > 25+1 {
				t.Errorf("%d messages on %s", d.Messages, d.Date)
			}
		}
		if len(p.Days) < 3 || p.Days[0].Messages != 25 || p.Days[1].Messages != 25 || p.Days[2].Messages != 10 {
			t.Errorf("%+v", p.Days)
		}
		n, err := s.desk.AcceptEntry(s.ctx, EntryOptions{Steps: map[string]string{"F-59": "reminder-1"}})
		s.must(err)
		if n != 60 {
			t.Errorf("%d entered", n)
		}
		for i, day := range []string{"2026-11-23", "2026-11-24", "2026-11-25"} {
			s.day(day)
			r, err := s.desk.Run(s.ctx, RunOptions{})
			s.must(err)
			if len(r.Drafts) != p.Days[i].Messages {
				t.Errorf("%s: %d messages, %d were announced", day, len(r.Drafts), p.Days[i].Messages)
			}
			for _, dr := range r.Drafts {
				if len(dr.in.Earlier) > 0 {
					t.Errorf("%s cites reminders that nobody sent", dr.Decision.Customer.Code)
				}
				if dr.Decision.Customer.Code == "C59" && dr.Row.Step != "reminder-1" {
					t.Errorf("C59 enters at %s", dr.Row.Step)
				}
			}
		}
		if p, err = s.desk.ProposeEntry(s.ctx, EntryOptions{}); err != nil || len(p.Entries) != 0 {
			t.Errorf("%d are proposed again, %v", len(p.Entries), err)
		}
	})
}
