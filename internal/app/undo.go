package app

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"syscall"

	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Imports lists the last imports, newest first.
func (d *Desk) Imports(ctx context.Context, limit int) (list []store.Import, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		list, err = tx.Imports(ctx, limit)
		return err
	})
	return list, err
}

// UndoReport says what taking an import back left.
type UndoReport struct {
	Import  store.Import
	Deleted int      // invoices taken back
	Kept    []string // numbers of invoices that were chased or paid since: they stay
}

// UndoImport takes a whole import back: what it created goes, what it changed is again what it
// was. Invoices that were chased meanwhile stay (behaviours.md 11). Errors: fault.Conflict when a
// later import stands on this one, or when it was undone already.
func (d *Desk) UndoImport(ctx context.Context, n id.Import) (r *UndoReport, err error) {
	defer fault.Wrap(&err, "import.undo")
	r = &UndoReport{}
	err = d.update(ctx, org.VerbImport, func(m *moment) error {
		if err := m.Deciding(ctx); err != nil {
			return err
		}
		if r.Import, err = m.Import(m.ctx, n); fault.Of(err) == fault.NotFound {
			return fault.New(fault.NotFound, "import.undo.none", int64(n))
		} else if err != nil {
			return err
		}
		if r.Import.State != "done" {
			return fault.New(fault.Conflict, "import.undo.state")
		}
		if running, err := m.RunningImports(m.ctx); err != nil {
			return err
		} else if len(running) > 0 {
			return fault.New(fault.Conflict, "import.running", running[0].Name)
		}
		later, err := m.LaterImport(m.ctx, n)
		if err != nil {
			return err
		}
		if later != 0 {
			return fault.New(fault.Conflict, "import.undo.later", int64(later))
		}
		r.Import.State = "running" // until the last row is taken back: an interruption goes on later
		return m.SetImport(m.ctx, &r.Import)
	})
	if err != nil {
		return nil, err
	}
	// Begun, it is finished, whoever gives up: nobody may decide anything of what is half taken back.
	u := &undo{d: d, ctx: context.WithoutCancel(ctx), n: n, report: r}
	return r, u.run()
}

// RecoverImports takes back the imports that were interrupted: nothing is half-imported.
func (d *Desk) RecoverImports(ctx context.Context) error {
	if err := d.may(org.VerbImport); err != nil {
		return err
	}
	var dead []store.Import
	err := d.view(ctx, func(tx *store.Tx) error {
		list, err := tx.RunningImports(ctx)
		for _, f := range list {
			if d.now().Sub(f.At) > deadAfter && !alive(f, d.now().Add(-deadAfter).UnixMilli()) || killed(f) {
				dead = append(dead, f)
			}
		}
		return err
	})
	for _, f := range dead {
		if err == nil {
			err = d.takeBack(ctx, f.ID)
		}
	}
	return err
}

func alive(f store.Import, since int64) bool {
	var p pulse
	return json.Unmarshal([]byte(f.Report), &p) == nil && p.Alive > since
}

// killed tells whether the process that ran an import on this machine is gone: its import need not
// be waited for.
func killed(f store.Import) bool {
	var p pulse
	if json.Unmarshal([]byte(f.Report), &p) != nil || p.Process == 0 || p.Machine != machine() {
		return false
	}
	who, err := os.FindProcess(p.Process)
	if err != nil {
		return true
	}
	return errors.Is(who.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// machine names where process numbers have one meaning: the host and, in a container, its own
// table of processes.
func machine() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	if space, err := os.Readlink("/proc/self/ns/pid"); err == nil {
		name += " " + space
	}
	return name
}

// takeBack undoes an import that never came to its end.
func (d *Desk) takeBack(ctx context.Context, n id.Import) error {
	u := &undo{d: d, ctx: context.WithoutCancel(ctx), n: n, report: &UndoReport{}}
	return u.run()
}

// undo takes an import back in parts, each a transaction of its own.
type undo struct {
	d      *Desk
	ctx    context.Context
	n      id.Import
	report *UndoReport
}

// step runs one part; what waits to leave and is no longer true is void at once.
func (u *undo) step(fn func(m *moment) error) error {
	return u.d.update(u.ctx, org.VerbImport, func(m *moment) error {
		if err := fn(m); err != nil {
			return err
		}
		return m.voidTouched()
	})
}

func (u *undo) run() error {
	for _, part := range []func() error{u.bank, u.allocations, u.payments, u.docs, u.people, u.match, u.end} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// match lets the lines that settled what is gone find what they pay now. What waits to leave and is no longer
// true is void.
func (u *undo) match() error {
	mt := &matching{step: u.step}
	if err := mt.run(nil); err != nil {
		return err
	}
	return u.step(func(m *moment) error {
		who := make([]id.Customer, 0, len(mt.changed))
		for c := range mt.changed {
			who = append(who, c)
		}
		slices.Sort(who)
		return m.voidWaiting(who...)
	})
}

// allocations takes back what the import let settle what, then puts back what it changed.
func (u *undo) allocations() error {
	for more := true; more; {
		err := u.step(func(m *moment) error {
			items, pays, err := m.TakeBack(m.ctx, u.n, together)
			if err != nil {
				return err
			}
			if more = len(items)+len(pays) > 0; !more {
				return nil
			}
			if err := m.Recount(m.ctx, items, pays); err != nil {
				return err
			}
			return m.holdsFollowItems(items)
		})
		if err != nil {
			return err
		}
	}
	return u.step(func(m *moment) error {
		var items []id.Instalment
		var pays []id.Payment
		err := each(m, u.n, "allocation", func(a *store.Allocation) error {
			items = append(items, a.Item)
			if a.Payment != 0 {
				pays = append(pays, a.Payment)
			}
			return m.RestoreAllocation(m.ctx, a)
		})
		if err != nil {
			return err
		}
		if err := m.Recount(m.ctx, items, pays); err != nil {
			return err
		}
		return m.holdsFollowItems(items)
	})
}

// each walks what rows of one kind were before an import.
func each[T any](m *moment, n id.Import, entity string, do func(*T) error) error {
	list, err := m.Befores(m.ctx, n, entity)
	if err != nil {
		return err
	}
	for _, b := range list {
		var was T
		if err := json.Unmarshal([]byte(b.Data), &was); err != nil {
			return err
		}
		if err := do(&was); err != nil {
			return err
		}
	}
	return nil
}

func (u *undo) payments() error {
	return u.step(func(m *moment) error {
		var pays []id.Payment
		if err := each(m, u.n, "payment", func(p *store.Payment) error {
			pays = append(pays, p.ID)
			m.touch(p.Customer)
			return m.SetPayment(m.ctx, p)
		}); err != nil {
			return err
		}
		if err := m.Recount(m.ctx, nil, pays); err != nil {
			return err
		}
		created, err := m.CreatedBy(m.ctx, u.n, "payment")
		if err != nil {
			return err
		}
		if len(created) > 0 {
			list, err := m.Payments(m.ctx, idsOf[id.Payment](created))
			if err != nil {
				return err
			}
			for _, p := range list {
				m.touch(p.Customer)
			}
		}
		return m.DeletePaymentsOf(m.ctx, u.n)
	})
}

func idsOf[T ~int64](list []int64) []T {
	out := make([]T, len(list))
	for i, n := range list {
		out[i] = T(n)
	}
	return out
}

// docs puts changed invoices back and deletes created ones, unless they have a history.
func (u *undo) docs() error {
	if err := u.step(func(m *moment) error {
		return each(m, u.n, "invoice", func(was *store.Doc) error { return u.restore(m, was) })
	}); err != nil {
		return err
	}
	if err := u.step(func(m *moment) error {
		return each(m, u.n, "state", func(s *store.State) error {
			if s.Item == 0 {
				return nil
			}
			return m.SaveStates(m.ctx, []store.State{*s})
		})
	}); err != nil {
		return err
	}
	after := id.Invoice(0)
	for {
		var list []id.Invoice
		err := u.step(func(m *moment) (err error) {
			if list, err = m.DocsOfImport(m.ctx, u.n, after, together); err != nil || len(list) == 0 {
				return err
			}
			return u.delete(m, list)
		})
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1]
	}
}

// restore gives an invoice and its instalments their earlier form; what is open of them follows
// from what settles them now.
func (u *undo) restore(m *moment, was *store.Doc) error {
	now, err := m.Docs(m.ctx, []id.Invoice{was.ID})
	if err != nil || len(now) == 0 {
		return err
	}
	old := map[id.Instalment]bool{}
	var items []*store.Item
	var again []id.Instalment
	for i := range was.Items {
		old[was.Items[i].ID] = true
		items, again = append(items, &was.Items[i]), append(again, was.Items[i].ID)
	}
	var added []id.Instalment
	for _, it := range now[0].Items {
		if !old[it.ID] {
			added = append(added, it.ID)
		}
	}
	if err := m.UpdateDoc(m.ctx, was); err != nil {
		return err
	}
	if err := m.UpdateItems(m.ctx, items); err != nil {
		return err
	}
	if len(added) > 0 {
		if err := m.DeleteItems(m.ctx, added); err != nil {
			return err
		}
	}
	m.touch(was.Customer)
	if err := m.Recount(m.ctx, again, nil); err != nil {
		return err
	}
	return m.holdsFollowItems(again)
}

func (u *undo) delete(m *moment, list []id.Invoice) error {
	docs, err := m.Docs(m.ctx, list)
	if err != nil {
		return err
	}
	chased, err := m.Chased(m.ctx, list)
	if err != nil {
		return err
	}
	var items []id.Instalment
	at := map[id.Instalment]id.Invoice{}
	for _, d := range docs {
		m.touch(d.Customer)
		for _, it := range d.Items {
			items = append(items, it.ID)
			at[it.ID] = d.ID
		}
	}
	allocs, err := m.AllocationsOn(m.ctx, items)
	if err != nil {
		return err
	}
	if allocs, err = u.unmatch(m, allocs, chased, at); err != nil {
		return err
	}
	for _, a := range allocs {
		chased[at[a.Item]] = true
	}
	gone := make([]id.Invoice, 0, len(list))
	for _, d := range docs {
		if chased[d.ID] {
			u.report.Kept = append(u.report.Kept, d.Number)
			continue
		}
		gone = append(gone, d.ID)
	}
	n, err := m.DeleteDocs(m.ctx, gone)
	u.report.Deleted += n
	return err
}

// unmatch frees the invoices that only bank lines settle, applied without a person: the lines are open
// again. It gives the allocations that stay.
func (u *undo) unmatch(m *moment, allocs []*store.Allocation, chased map[id.Invoice]bool, at map[id.Instalment]id.Invoice) (stay []*store.Allocation, err error) {
	var lines []*store.BankLine
	gone := map[id.Line]bool{}
	for _, a := range allocs {
		if a.Line == 0 || gone[a.Line] || chased[at[a.Item]] {
			continue
		}
		l, err := m.BankLine(m.ctx, a.Line)
		if err != nil {
			return nil, err
		}
		if l.DecidedBy == byItself {
			gone[l.ID] = true
			lines = append(lines, l)
		}
	}
	if err := m.unmatch(lines); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(allocs, func(a *store.Allocation) bool { return gone[a.Line] }), m.SetBankLines(m.ctx, lines)
}

// people puts customers, contacts and holds back.
func (u *undo) people() error {
	return u.step(func(m *moment) error {
		if err := each(m, u.n, "customer", func(c *party.Customer) error {
			m.touch(c.ID)
			return m.UpdateCustomer(m.ctx, c)
		}); err != nil {
			return err
		}
		if err := each(m, u.n, "contact", func(c *party.Contact) error { return m.UpdateContact(m.ctx, c) }); err != nil {
			return err
		}
		if err := each(m, u.n, "hold", func(h *store.Hold) error { return m.ReopenHold(m.ctx, h.ID) }); err != nil {
			return err
		}
		for _, entity := range []string{"hold", "contact"} {
			list, err := m.CreatedBy(m.ctx, u.n, entity)
			if err != nil {
				return err
			}
			for _, n := range list {
				if err := m.DeleteCreated(m.ctx, entity, n); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// end forgets the customers who are left with nothing and closes the import.
func (u *undo) end() error {
	return u.step(func(m *moment) error {
		if err := m.DeleteBareCustomers(m.ctx, u.n); err != nil {
			return err
		}
		f, err := m.Import(m.ctx, u.n)
		if err != nil {
			return err
		}
		f.State = "undone"
		if err := m.SetImport(m.ctx, &f); err != nil {
			return err
		}
		return m.note(journalUndone, subject{}, struct {
			Import id.Import `json:"import"`
			File   string    `json:"file"`
			Kept   []string  `json:"kept,omitempty"`
		}{f.ID, f.Name, u.report.Kept})
	})
}
