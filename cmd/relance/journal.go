package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
)

// journalCmd groups the looks at the audit trail.
type journalCmd struct {
	List   journalList   `cmd:"" default:"withargs" help:"The last facts."`
	Verify journalVerify `cmd:"" help:"Read the whole chain: any change, gap or reorder shows."`
}

type journalList struct {
	Limit int `default:"50" placeholder:"N" help:"How many."`
}

// entryShape is a fact as scripts read it.
type entryShape struct {
	Seq      int64           `json:"seq"` // 0: not sealed yet
	At       time.Time       `json:"at"`
	Day      cal.Date        `json:"day"`
	Actor    string          `json:"actor"`
	Kind     string          `json:"kind"`
	Customer id.Customer     `json:"customer,omitzero"`
	Invoice  id.Invoice      `json:"invoice,omitzero"`
	Message  id.Message      `json:"message,omitzero"`
	Body     json.RawMessage `json:"body,omitempty"`
	Hash     string          `json:"hash,omitempty"`
}

// Run lists facts, newest first.
func (q journalList) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		list, err := d.JournalEntries(c.ctx, q.Limit)
		if err != nil {
			return err
		}
		doc := struct {
			Entries []entryShape `json:"entries"`
		}{[]entryShape{}}
		for _, e := range list {
			x := entryShape{Seq: e.Seq, At: e.At.UTC(), Day: e.Day, Actor: e.Actor, Kind: string(e.Kind), Customer: e.Customer, Invoice: e.Invoice,
				Message: e.Message, Hash: e.Hash}
			if json.Valid([]byte(e.Body)) {
				x.Body = json.RawMessage(e.Body)
			}
			doc.Entries = append(doc.Entries, x)
		}
		return c.answer(doc, func(w io.Writer) {
			for _, e := range doc.Entries {
				fmt.Fprintf(w, "%6d  %s  %-22s %s  %s\n", e.Seq, e.At.Format("2006-01-02 15:04:05"), e.Kind, e.Actor, e.Body)
			}
		})
	})
}

type journalVerify struct{}

// Run verifies the chain; a broken one is exit code 1.
func (journalVerify) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		v, err := d.VerifyJournal(c.ctx)
		if err != nil {
			return err
		}
		doc := map[string]any{"valid": v.Broken == "", "sealed": v.Sealed, "unsealed": v.Unsealed}
		if v.Broken != "" {
			doc["broken"], doc["at"] = v.Broken, v.At
		}
		if err := c.answer(doc, func(w io.Writer) {
			if v.Broken == "" {
				fmt.Fprintln(w, c.t("cmd.journal.valid", int(v.Sealed), v.Unsealed))
				return
			}
			fmt.Fprintln(w, c.t("cmd.journal.broken", int(v.At), c.t("cmd.journal."+v.Broken)))
		}); err != nil {
			return err
		}
		if v.Broken != "" {
			return errSaid
		}
		return nil
	})
}
