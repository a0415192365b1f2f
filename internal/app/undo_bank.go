package app

import (
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// bank takes back the lines that a statement brought, with what they settled.
func (u *undo) bank() error {
	for more := true; more; {
		err := u.step(func(m *moment) error {
			lines, err := m.LinesOfImport(m.ctx, u.n, matchTogether)
			if more = len(lines) > 0; err != nil || !more {
				return err
			}
			ids := make([]id.Line, len(lines))
			for i, l := range lines {
				ids[i] = l.ID
			}
			for _, l := range lines {
				if l.State == store.LineSettled && l.Amount < 0 {
					if err := m.unbounce(l, true); err != nil {
						return err
					}
				}
			}
			if err := m.unmatch(lines); err != nil {
				return err
			}
			return m.DeleteBankLines(m.ctx, ids)
		})
		if err != nil {
			return err
		}
	}
	return u.step(func(m *moment) error {
		if err := u.untell(m); err != nil {
			return err
		}
		return m.DeleteBankStatements(m.ctx, u.n)
	})
}

// untell takes back what a file added to the lines that others had brought, and the detail that it told of their
// sums. A line that no person has decided is read again.
func (u *undo) untell(m *moment) error {
	again := func(was *store.BankLine) error {
		l, err := m.BankLine(m.ctx, was.ID)
		if fault.Of(err) == fault.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if l.State == store.LineSettled && l.DecidedBy == byItself && l.Amount > 0 && m.notReturned(l) == nil {
			if err := m.unmatch([]*store.BankLine{l}); err != nil {
				return err
			}
			if err := m.SetBankLines(m.ctx, []*store.BankLine{l}); err != nil {
				return err
			}
		}
		return m.CompleteBankLine(m.ctx, was)
	}
	if err := each(m, u.n, "bank_line", again); err != nil {
		return err
	}
	return each(m, u.n, "bank_total", func(was *store.BankLine) error {
		was.State, was.DecidedBy, was.Customer, was.Proposals = store.LineOpen, "", 0, nil
		return m.InsertBankLines(m.ctx, []*store.BankLine{was})
	})
}
