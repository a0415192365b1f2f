package app

import (
	"fmt"
	"sync"
	"testing"

	"relance/internal/domain/org"
	"relance/internal/ground/id"
)

// Facts that come while runs decide are never lost: whoever is touched during a run is looked at by
// the next one, on both databases.
func TestFactsDuringRuns(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		const n = 60
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf("C%02d compta@c%02d.example", i, i))
		}
		s.customers(list...)
		for i := range n {
			s.invoice(fmt.Sprintf("F-%02d", i), fmt.Sprintf("C%02d", i), "2026-11-16", "1200.00")
		}
		var ids []id.Customer
		s.must(s.desk.update(s.ctx, org.VerbImport, func(m *moment) error {
			all, err := m.AllCustomers(s.ctx)
			for _, c := range all {
				ids = append(ids, c.ID)
			}
			return err
		}))
		var wg sync.WaitGroup
		errs := make(chan error, 100)
		do := func(fn func() error) {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 5 {
					if err := retry(s.ctx, fn); err != nil {
						errs <- err
					}
				}
			}()
		}
		do(func() error { _, err := s.desk.Run(s.ctx, RunOptions{}); return err })
		do(func() error { _, err := s.desk.Run(s.ctx, RunOptions{}); return err })
		do(func() error {
			return s.desk.update(s.ctx, org.VerbCollect, func(m *moment) error {
				for i := len(ids) - 1; i >= 0; i -= 2 { // another order than the runs'
					m.touch(ids[i])
				}
				return nil
			})
		})
		wg.Wait()
		close(errs)
		for err := range errs {
			t.Error(err)
		}
		out, err := s.desk.SendDue(s.ctx, SendOptions{})
		s.must(err)
		if out.Sent != n {
			t.Fatalf("%d messages for %d customers: %+v", out.Sent, n, out)
		}
	})
}
