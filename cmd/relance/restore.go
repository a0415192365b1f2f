package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"relance/internal/app"
	"relance/internal/ground/i18n"
	"relance/internal/store"
)

type restoreCmd struct {
	File           string `arg:"" type:"existingfile" help:"The backup."`
	Identity       string `placeholder:"FILE" type:"existingfile" help:"The age keys that open an encrypted backup."`
	PassphraseFile string `placeholder:"FILE" type:"existingfile" help:"The passphrase of an encrypted backup (default: asked for)."`
	Check          bool   `help:"Restore into a temporary database and say what the backup holds; the database is not touched."`
}

// restoredShape is the answer of restore and of move.
type restoredShape struct {
	Rows      int      `json:"rows"`
	Files     int      `json:"files"`
	Companies []string `json:"companies"`
	Facts     int64    `json:"facts"` // of the journals, verified
	Unsealed  int      `json:"unsealed"`
	Missing   int      `json:"missing"` // documents that rows name and that are not there
	Locked    []string `json:"locked"`  // mail accounts whose password must be given again
	Made      string   `json:"made,omitempty"`
	Version   string   `json:"version,omitempty"`
	Schema    int64    `json:"schema"`
	To        string   `json:"to,omitempty"`
}

func restoredOf(r *app.Restored) restoredShape {
	return restoredShape{Rows: r.Rows(), Files: r.Files, Companies: r.Companies, Facts: r.Facts, Unsealed: r.Unsealed, Missing: r.Missing,
		Locked: append([]string{}, r.Locked...), Schema: r.Schema}
}

// Run reads a backup into a database that holds nothing yet.
func (q restoreCmd) Run(c *context) (err error) {
	if err := c.owner(); err != nil {
		return err
	}
	b, closeFile, err := c.openBackup(q.File, q.Identity, q.PassphraseFile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeFile()) }()
	a, closer, err := q.house(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer()) }()
	r, err := a.Restore(c.ctx, b)
	if err != nil {
		return err
	}
	if len(r.Locked) > 0 { // the data are whole: only mail waits
		if _, err := a.Secrets(c.ctx); err != nil {
			fmt.Fprintln(c.errOut, "relance:", c.t("cmd.restore.secrets", i18n.Error(c.Lang, err)))
		}
	}
	doc := restoredOf(r)
	doc.Made, doc.Version = b.Made.Local().Format("2006-01-02 15:04"), b.Version
	return c.answer(doc, func(w io.Writer) {
		if q.Check {
			fmt.Fprintln(w, c.t("cmd.restore.checked", strings.Join(doc.Companies, ", "), doc.Made, doc.Rows, doc.Files, int(doc.Facts)))
		} else {
			fmt.Fprintln(w, c.t("cmd.restore.done", strings.Join(doc.Companies, ", "), doc.Made, doc.Rows, doc.Files, int(doc.Facts)))
		}
		c.tellArrived(w, doc)
	})
}

// house is the one to restore into, or a temporary one, which asks for no key.
func (q restoreCmd) house(c *context) (a *app.App, closer func() error, err error) {
	if !q.Check {
		url, err := c.database()
		if err != nil {
			return nil, nil, err
		}
		st, err := store.Door(c.ctx, url, true)
		if err != nil {
			return nil, nil, err
		}
		return c.over(st), st.Close, nil
	}
	dir, err := os.MkdirTemp("", "relance-check-*")
	if err != nil {
		return nil, nil, err
	}
	st, err := store.Door(c.ctx, "sqlite:"+filepath.Join(dir, "check.db"), true)
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return app.New(app.Options{Store: st}), func() error { return errors.Join(st.Close(), os.RemoveAll(dir)) }, nil
}

// tellArrived says what a person has to do in a house that was restored or has moved.
func (c *context) tellArrived(w io.Writer, doc restoredShape) {
	if doc.Missing > 0 {
		fmt.Fprintln(w, c.t("cmd.restore.missing", doc.Missing))
	}
	for _, name := range doc.Locked {
		fmt.Fprintln(w, c.t("cmd.restore.locked", name))
	}
}
