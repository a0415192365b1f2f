package app

import (
	"context"
	"errors"
	"io"
	"time"

	"relance/internal/ground/fault"
	"relance/internal/store"
)

// MoveOptions bends a move.
type MoveOptions struct {
	To   string // the new address as people may read it, without passwords
	Keep bool   // the old house is not marked: a copy was made
}

// Move brings everything to another database, of either kind, that holds no company. Nobody changes
// anything here meanwhile: who tries waits, and is then told that the house has moved. Each table
// goes straight from one database into the other and is read back there; the digests of both sides,
// and every journal from its first fact, must agree before the old house is left. The new one opens
// after the old one has closed: at no instant do two of them send.
//
// A message that was being handed over stays so: at the end of its lease it is uncertain, for a person to
// settle, in the new house as it would have been in the old one. Background work is asked for again
// there by the schedule.
func (a *App) Move(ctx context.Context, to *store.Store, o MoveOptions) (out *Restored, err error) {
	n := &App{store: to, now: a.now, seal: a.seal}
	err = a.store.Alone(ctx, func(tx *store.Tx) error {
		if err := a.still(ctx, tx); err != nil {
			return err
		}
		if err := to.Arrive(ctx, 0, a.now()); err != nil {
			return err
		}
		if out, err = n.take(ctx, tx, a.store); err != nil {
			return err
		}
		if o.Keep {
			return nil
		}
		return tx.SetStanding(ctx, store.Standing{State: store.Moved, To: o.To, At: a.now()})
	})
	if err != nil {
		return nil, errors.Join(err, to.Abandon(context.WithoutCancel(ctx), a.now()))
	}
	return out, to.Settle(context.WithoutCancel(ctx), a.now())
}

// still refuses a house in which an import runs: half of it would be left behind.
func (a *App) still(ctx context.Context, tx *store.Tx) error {
	list, err := tx.Companies(ctx)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "app.no-company")
	}
	if err != nil {
		return err
	}
	for _, c := range list {
		running, err := tx.In(c.ID).RunningImports(ctx)
		if err != nil {
			return err
		}
		for _, f := range running {
			if alive(f, a.now().Add(-deadAfter).UnixMilli()) && !killed(f) {
				return fault.New(fault.Conflict, "app.run.importing", f.Name)
			}
		}
	}
	return nil
}

// take brings what tx sees of another house in, and reads it back.
func (a *App) take(ctx context.Context, tx *store.Tx, from *store.Store) (*Restored, error) {
	out := &Restored{Manifest: Manifest{Program: "relance", Version: programVersion(), Format: backupFormat, Made: a.now().UTC(), Tables: map[string]Part{}}}
	schema, err := from.Schema(ctx)
	if err != nil {
		return nil, err
	}
	out.Schema = schema.At
	if err := from.Files().Each(ctx, func(sha, media string, data []byte) error {
		out.Files++
		out.Bytes += int64(len(data))
		got, err := a.store.Files().Put(ctx, data, media)
		if err == nil && got != sha {
			err = fault.New(fault.Internal, "file.damaged", sha)
		}
		return err
	}); err != nil {
		return nil, err
	}
	for _, t := range store.Tables() {
		if out.Tables[t], err = a.takeTable(ctx, tx, t); err != nil {
			return nil, err
		}
	}
	if err := a.store.Lift(ctx); err != nil {
		return nil, err
	}
	err = a.store.View(ctx, 0, func(here *store.Tx) error {
		for _, t := range store.Tables() {
			back, err := dumpTable(ctx, here, t, io.Discard)
			if err == nil && back != out.Tables[t] {
				err = fault.New(fault.Internal, "house.differs", t)
			}
			if err != nil {
				return err
			}
		}
		if err := here.NamedFiles(ctx, func(sha string) error {
			_, _, err := a.store.Files().Get(ctx, sha)
			if fault.Of(err) == fault.NotFound {
				out.Missing++
				return nil
			}
			return err
		}); err != nil {
			return err
		}
		return a.inspect(ctx, here, out)
	})
	return out, err
}

// takeTable reads a table there while it writes it here.
func (a *App) takeTable(ctx context.Context, tx *store.Tx, table string) (p Part, err error) {
	r, w := io.Pipe()
	loaded := make(chan error, 1)
	go func() {
		_, err := a.store.LoadTable(ctx, table, r)
		_ = r.CloseWithError(err) // the other side stops writing; a pipe closes without an error
		loaded <- err
	}()
	p, err = dumpTable(ctx, tx, table, w)
	_ = w.CloseWithError(err) // nil is the end of the table
	if e := <-loaded; err == nil {
		err = e
	}
	return p, err
}

// MoveBack lets a house that has moved be lived in again where it was; it says when it had moved, and where.
func (a *App) MoveBack(ctx context.Context) (at time.Time, to string, err error) {
	was, err := a.store.Return(ctx, a.now())
	return was.At, was.To, err
}

// Left tells whether an error says that nobody lives here any more: whoever works here stops.
func Left(err error) bool {
	key := fault.Key(err)
	return key == "house.moved" || key == "house.arriving"
}
