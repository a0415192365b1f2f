package app

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"relance/internal/ground/fault"
	"relance/internal/store"
	"relance/internal/store/blob"
)

// BackupFile is a backup whose parts were counted against its manifest; what they hold is verified
// when they are read.
type BackupFile struct {
	Manifest
	parts map[string]*zip.File
}

// Restored is what was read from a backup, or moved.
type Restored struct {
	Manifest
	Facts    int64    // of the journals, verified from the first to the last
	Unsealed int      // facts that had no place in a chain yet
	Missing  int      // documents that rows name and that the backup does not hold
	Locked   []string // mail accounts, as COMPANY/NAME, whose password this machine's key does not open
}

// maxTable bounds one table of a backup that is read, in bytes.
const maxTable = 64 << 30

// OpenBackup reads the manifest of a backup and refuses a file that is cut, that lacks a part, or
// that a newer program wrote.
func OpenBackup(r io.ReaderAt, size int64) (*BackupFile, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		head := make([]byte, 4)
		if n, _ := r.ReadAt(head, 0); n == 4 && string(head) == "PK\x03\x04" { // a zip begins, its end is not there
			return nil, fault.New(fault.Invalid, "store.backup.cut", size)
		}
		return nil, fault.New(fault.Invalid, "store.backup.not")
	}
	b := &BackupFile{parts: map[string]*zip.File{}}
	for _, f := range z.File {
		if b.parts[f.Name] != nil {
			return nil, fault.New(fault.Invalid, "store.backup.damaged", f.Name)
		}
		b.parts[f.Name] = f
	}
	if err := b.readManifest(); err != nil {
		return nil, err
	}
	files := 0
	for name := range b.parts {
		table := strings.TrimSuffix(strings.TrimPrefix(name, partTables), tableSuffix)
		_, known := b.Tables[table]
		switch {
		case name == partManifest:
		case strings.HasPrefix(name, partFiles):
			files++
		case !known || name != partTables+table+tableSuffix:
			return nil, fault.New(fault.Invalid, "store.backup.damaged", name)
		}
	}
	if files != b.Files || len(b.parts) != files+len(b.Tables)+1 {
		return nil, fault.New(fault.Invalid, "store.backup.damaged", partManifest)
	}
	return b, nil
}

func (b *BackupFile) readManifest() error {
	f := b.parts[partManifest]
	if f == nil {
		return fault.New(fault.Invalid, "store.backup.not")
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if err := json.NewDecoder(io.LimitReader(r, 1<<20)).Decode(&b.Manifest); err != nil || b.Program != "relance" || b.Format < 1 {
		return fault.New(fault.Invalid, "store.backup.not")
	}
	if b.Format > backupFormat {
		return fault.New(fault.Invalid, "store.backup.newer", b.Version)
	}
	return nil
}

// Restore reads a backup into a house that holds no company: all of it, or nothing. The rows come
// in at the step of the schema at which they were written, then the schema goes on from there as it
// would have where they were. Every part is checked against its digest and every journal from its
// first fact before anybody enters.
func (a *App) Restore(ctx context.Context, b *BackupFile) (out *Restored, err error) {
	if err := a.store.Arrive(ctx, b.Schema, a.now()); err != nil {
		return nil, err
	}
	if out, err = a.restore(ctx, b); err != nil {
		return nil, errors.Join(err, a.store.Abandon(context.WithoutCancel(ctx), a.now()))
	}
	return out, a.store.Settle(ctx, a.now())
}

func (a *App) restore(ctx context.Context, b *BackupFile) (*Restored, error) {
	for _, name := range slices.Sorted(maps.Keys(b.parts)) {
		sha, isFile := strings.CutPrefix(name, partFiles)
		if !isFile {
			continue
		}
		if got, err := a.keepFile(ctx, b.parts[name]); err != nil || got != sha {
			return nil, errors.Join(fault.New(fault.Invalid, "store.backup.damaged", name), ctx.Err())
		}
	}
	for _, t := range store.Tables() {
		if err := a.loadPart(ctx, b, t); err != nil {
			return nil, err
		}
	}
	if err := a.store.Lift(ctx); err != nil {
		return nil, err
	}
	out := &Restored{Manifest: b.Manifest}
	err := a.store.View(ctx, 0, func(tx *store.Tx) error {
		if err := tx.NamedFiles(ctx, func(sha string) error {
			if b.parts[partFiles+sha] == nil {
				out.Missing++
			}
			return nil
		}); err != nil {
			return err
		}
		return a.inspect(ctx, tx, out)
	})
	return out, err
}

func (a *App) keepFile(ctx context.Context, f *zip.File) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, blob.MaxSize+1))
	if err != nil {
		return "", err
	}
	return a.store.Files().Put(ctx, data, f.Comment)
}

// loadPart reads one table. A backup has a part for each table of its schema, and no other.
func (a *App) loadPart(ctx context.Context, b *BackupFile, table string) error {
	name, want := partTables+table+tableSuffix, b.Tables[table]
	var there bool
	if err := a.store.View(ctx, 0, func(tx *store.Tx) (err error) {
		there, err = tx.Has(ctx, table)
		return err
	}); err != nil {
		return err
	}
	f := b.parts[name]
	switch {
	case f == nil && !there:
		return nil
	case f == nil || !there:
		return fault.New(fault.Invalid, "store.backup.damaged", name)
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	sum := sha256.New()
	n, err := a.store.LoadTable(ctx, table, io.TeeReader(io.LimitReader(r, maxTable), sum))
	if err != nil {
		return err
	}
	if n != want.Rows || hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
		return fault.New(fault.Invalid, "store.backup.damaged", name)
	}
	return nil
}

// inspect reads the chain of every company, and tries the key on the stored passwords.
func (a *App) inspect(ctx context.Context, tx *store.Tx, out *Restored) error {
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
		out.Facts += v.Sealed
		out.Unsealed += v.Unsealed
		kept, err := accounts(ctx, tx)
		if err != nil {
			return err
		}
		for _, k := range kept {
			if k.Sealed == "" || a.seal == nil {
				continue
			}
			if _, err := a.seal.Unseal(k.Sealed); err != nil {
				out.Locked = append(out.Locked, c.Code+"/"+k.Name)
			}
		}
	}
	return nil
}
