package app

import "relance/internal/ground/id"

// tally counts, an invoice each, how often a matching settled it less how often it took that back.
type tally map[id.Invoice]int

// counted are the steps of a matching, of which the tally counts what they settle.
func (fi *fileImport) counted(t tally) func(func(m *moment) error) error {
	return func(fn func(m *moment) error) error {
		return fi.step(func(m *moment) error {
			before := len(m.entries)
			if err := fn(m); err != nil {
				return err
			}
			for _, e := range m.entries[before:] {
				switch e.Kind {
				case journalSettled:
					t[e.Invoice]++
				case journalReopened:
					t[e.Invoice]--
				}
			}
			return nil
		})
	}
}

// report adds to a file's figures what its matching settled and what is owed again: an invoice that was taken
// back and settled anew in one matching is neither.
func (t tally) report(r *FileReport) {
	for _, n := range t {
		switch {
		case n > 0:
			r.Settled++
		case n < 0:
			r.Reopened++
		}
	}
}
