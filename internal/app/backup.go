package app

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"runtime/debug"
	"time"

	"relance/internal/store"
)

// backupFormat is the form of a backup file; a program reads its own and those before it.
const backupFormat = 1

// Manifest says what a backup holds. It is written last and read first: every other part is
// checked against it.
type Manifest struct {
	Program   string          `json:"program"`
	Version   string          `json:"version"` // of the program that wrote it
	Format    int             `json:"format"`
	Schema    int64           `json:"schema"` // the step of the schema that its tables follow
	Made      time.Time       `json:"made"`
	Companies []string        `json:"companies"` // their codes
	Tables    map[string]Part `json:"tables"`
	Files     int             `json:"files"` // documents, each named by its own SHA-256
	Bytes     int64           `json:"bytes"` // of the documents
}

// Part is one table of a backup.
type Part struct {
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"` // of its lines
}

// Rows counts the rows of every table.
func (m Manifest) Rows() (n int) {
	for _, p := range m.Tables {
		n += p.Rows
	}
	return n
}

// The names of the parts in the zip file.
const (
	partManifest = "manifest.json"
	partTables   = "tables/"
	partFiles    = "files/"
	tableSuffix  = ".ndjson"
)

// Backup writes the whole house into one zip file, as it stands at one instant, while others go on
// working: every table as lines of JSON, every document as it came. It is the same on both
// databases, and needs no more memory for a large house than for a small one.
func (a *App) Backup(ctx context.Context, w io.Writer) (m Manifest, err error) {
	m = Manifest{Program: "relance", Version: programVersion(), Format: backupFormat, Made: a.now().UTC(), Tables: map[string]Part{}}
	schema, err := a.store.Schema(ctx)
	if err != nil {
		return m, err
	}
	m.Schema = schema.At
	z := zip.NewWriter(w)
	if err := a.store.View(ctx, 0, func(tx *store.Tx) error {
		list, err := tx.Companies(ctx)
		if err != nil {
			return err
		}
		for _, c := range list {
			m.Companies = append(m.Companies, c.Code)
		}
		for _, t := range store.Tables() {
			f, err := z.Create(partTables + t + tableSuffix)
			if err != nil {
				return err
			}
			if m.Tables[t], err = dumpTable(ctx, tx, t, f); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return m, err
	}
	// After the rows: a document is kept before the row that names it, and never taken away, so that
	// every one that a row of the picture above names is there by now. One that came since does no harm.
	if err := a.store.Files().Each(ctx, func(sha, media string, data []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: partFiles + sha, Comment: media, Method: zip.Deflate})
		if err != nil {
			return err
		}
		m.Files++
		m.Bytes += int64(len(data))
		_, err = f.Write(data)
		return err
	}); err != nil {
		return m, err
	}
	f, err := z.Create(partManifest)
	if err != nil {
		return m, err
	}
	return m, errors.Join(json.NewEncoder(f).Encode(m), z.Close())
}

// BackedUp remembers that a backup is where it belongs: whoever asked for one says so once the file
// is whole and named.
func (a *App) BackedUp(ctx context.Context) error {
	return a.store.Update(ctx, 0, func(tx *store.Tx) error { return tx.KeptUp(ctx, "backup", a.now()) })
}

// dumpTable writes a table and says what was written.
func dumpTable(ctx context.Context, tx *store.Tx, table string, w io.Writer) (p Part, err error) {
	sum := sha256.New()
	b := bufio.NewWriterSize(io.MultiWriter(sum, w), 64<<10)
	if p.Rows, err = tx.DumpTable(ctx, table, b); err != nil {
		return p, err
	}
	if err := b.Flush(); err != nil {
		return p, err
	}
	p.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return p, nil
}

// programVersion is what the build says of itself.
func programVersion() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "(devel)"
}
