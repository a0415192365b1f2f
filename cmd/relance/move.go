package main

import (
	"errors"
	"fmt"
	"io"

	"relance/internal/app"
	"relance/internal/ground/fault"
	"relance/internal/store"
)

type moveCmd struct {
	To   string `placeholder:"URL" help:"The empty database to move to: sqlite:PATH or postgres://…"`
	Keep bool   `help:"Only copy: this database stays in use. Never let both send."`
	Undo bool   `help:"Come back: let this database, which has moved, be used again."`
}

// Run moves the house, or comes back to it.
func (q moveCmd) Run(c *context) (err error) {
	if err := c.owner(); err != nil {
		return err
	}
	url, err := c.database()
	if err != nil {
		return err
	}
	if q.Undo {
		return q.back(c, url)
	}
	if err := q.check(url); err != nil {
		return err
	}
	a, closer, err := c.house(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer()) }()
	to, err := store.Door(c.ctx, q.To, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	r, err := a.Move(c.ctx, to, app.MoveOptions{To: redacted(q.To), Keep: q.Keep})
	if err != nil {
		return err
	}
	doc := restoredOf(r)
	doc.To = redacted(q.To)
	return c.answer(doc, func(w io.Writer) {
		if q.Keep {
			fmt.Fprintln(w, c.t("cmd.move.copied", doc.Rows, doc.Files, doc.To, int(doc.Facts)))
		} else {
			fmt.Fprintln(w, c.t("cmd.move.done", doc.Rows, doc.Files, doc.To, int(doc.Facts)))
		}
		c.tellArrived(w, doc)
	})
}

// check refuses what cannot be a move.
func (q moveCmd) check(from string) error {
	if q.To == "" {
		return usage(fault.New(fault.Invalid, "cmd.move.where"))
	}
	kind, path, err := store.ParseURL(from)
	if err != nil {
		return err
	}
	toKind, toPath, err := store.ParseURL(q.To)
	if err != nil {
		return usage(err)
	}
	if kind == toKind && path == toPath {
		return usage(fault.New(fault.Invalid, "cmd.move.same"))
	}
	return nil
}

// back lets the database be used again.
func (q moveCmd) back(c *context, url string) (err error) {
	if q.To != "" || q.Keep {
		return usage(fault.New(fault.Invalid, "cmd.move.where"))
	}
	st, err := store.Door(c.ctx, url, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	at, to, err := c.over(st).MoveBack(c.ctx)
	if err != nil {
		return err
	}
	moved := at.Local().Format("2006-01-02 15:04")
	return c.answer(map[string]any{"moved": moved, "to": to}, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.move.back", to, moved)) })
}
