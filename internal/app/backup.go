package app

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"relance/internal/ground/fault"
	"relance/internal/store"
)

// manifest says what a backup holds.
type manifest struct {
	Program string         `json:"program"`
	Made    time.Time      `json:"made"`
	Rows    map[string]int `json:"rows"`
	Files   int            `json:"files"`
}

// Backup writes the whole house into one zip file, as it stands at one instant, while others go on
// working: every table as lines of JSON, every document as it came. It is the same on both
// databases, and moves a house from one to the other.
func (a *App) Backup(ctx context.Context, w io.Writer) (rows int, err error) {
	z := zip.NewWriter(w)
	m := manifest{Program: "relance", Made: a.now().UTC(), Rows: map[string]int{}}
	if err := a.store.View(ctx, 0, func(tx *store.Tx) error {
		for _, t := range store.Tables() {
			f, err := z.Create("tables/" + t + ".ndjson")
			if err != nil {
				return err
			}
			if m.Rows[t], err = tx.DumpTable(ctx, t, f); err != nil {
				return err
			}
			rows += m.Rows[t]
		}
		return nil
	}); err != nil {
		return rows, err
	}
	if err := a.store.Files().Each(ctx, func(sha, media string, data []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: "files/" + sha, Comment: media, Method: zip.Deflate})
		if err != nil {
			return err
		}
		m.Files++
		_, err = f.Write(data)
		return err
	}); err != nil {
		return rows, err
	}
	f, err := z.Create("manifest.json")
	if err != nil {
		return rows, err
	}
	return rows, errors.Join(json.NewEncoder(f).Encode(m), z.Close())
}

// BackedUp remembers that a backup is where it belongs: whoever asked for one says so once the file
// is whole and named.
func (a *App) BackedUp(ctx context.Context) error {
	return a.store.Update(ctx, 0, func(tx *store.Tx) error { return tx.KeptUp(ctx, "backup", a.now()) })
}

// maxTable bounds one table of a backup that is read, in bytes.
const maxTable = 64 << 30

// Restore reads a backup into a house that holds no company: all of it, or nothing. Every journal
// is verified before it is kept.
func (a *App) Restore(ctx context.Context, r io.ReaderAt, size int64) (rows int, err error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return 0, fault.New(fault.Invalid, "store.backup.not")
	}
	files := map[string]*zip.File{}
	for _, f := range z.File {
		files[f.Name] = f
	}
	m, err := readManifest(files["manifest.json"])
	if err != nil {
		return 0, err
	}
	kept := 0
	for name, f := range files {
		if len(name) != len("files/")+64 || name[:6] != "files/" {
			continue
		}
		sha, err := a.keepFile(ctx, f)
		if err != nil || sha != name[6:] {
			return 0, fault.New(fault.Invalid, "store.backup.damaged", name)
		}
		kept++
	}
	if kept != m.Files {
		return 0, fault.New(fault.Invalid, "store.backup.damaged", "files")
	}
	err = a.store.Update(ctx, 0, func(tx *store.Tx) error {
		if bare, err := tx.IsBare(ctx); err != nil || !bare {
			return errors.Join(err, fault.New(fault.Conflict, "store.backup.not-bare"))
		}
		for _, t := range store.Tables() {
			n, err := loadTable(ctx, tx, t, files["tables/"+t+".ndjson"])
			if err != nil {
				return err
			}
			if n != m.Rows[t] {
				return fault.New(fault.Invalid, "store.backup.damaged", t)
			}
			rows += n
		}
		if err := tx.SkipIDs(ctx); err != nil {
			return err
		}
		return verifyAll(ctx, tx)
	})
	if err != nil {
		return 0, err
	}
	return rows, nil
}

func readManifest(f *zip.File) (m manifest, err error) {
	if f == nil {
		return m, fault.New(fault.Invalid, "store.backup.not")
	}
	r, err := f.Open()
	if err != nil {
		return m, err
	}
	defer r.Close()
	if err := json.NewDecoder(io.LimitReader(r, 1<<20)).Decode(&m); err != nil || m.Program != "relance" {
		return m, fault.New(fault.Invalid, "store.backup.not")
	}
	return m, nil
}

func (a *App) keepFile(ctx context.Context, f *zip.File) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, 65<<20))
	if err != nil {
		return "", err
	}
	return a.store.Files().Put(ctx, data, f.Comment)
}

func loadTable(ctx context.Context, tx *store.Tx, table string, f *zip.File) (int, error) {
	if f == nil {
		return 0, fault.New(fault.Invalid, "store.backup.damaged", table)
	}
	r, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return tx.LoadTable(ctx, table, io.LimitReader(r, maxTable))
}

// verifyAll reads the chain of every company.
func verifyAll(ctx context.Context, tx *store.Tx) error {
	list, err := tx.Companies(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		v, err := verify(ctx, tx.In(c.ID))
		if err != nil {
			return err
		}
		if v.Broken != "" {
			return fault.New(fault.Conflict, "store.backup.journal", c.Code, int(v.At))
		}
	}
	return nil
}
