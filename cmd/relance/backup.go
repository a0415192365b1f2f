package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"relance/internal/app"
	"relance/internal/ground/fault"
	"relance/internal/secret"
)

type backupCmd struct {
	File           string   `arg:"" help:"The backup, a zip file; or a folder, in which it is named after its instant."`
	Recipient      []string `placeholder:"AGE1…" help:"Encrypt for the holder of this age key, or of the keys of this file; may be repeated."`
	Passphrase     bool     `help:"Encrypt with a passphrase, which is asked for."`
	PassphraseFile string   `placeholder:"FILE" type:"existingfile" help:"Encrypt with the passphrase that this file holds."`
	Keep           int      `placeholder:"N" help:"In a folder: leave the last N backups, this one included (default: all)."`
	Force          bool     `help:"Replace a file that is there."`
}

// backupShape is the answer of backup.
type backupShape struct {
	File      string   `json:"file"`
	Rows      int      `json:"rows"`
	Files     int      `json:"files"`
	Encrypted bool     `json:"encrypted"`
	Removed   []string `json:"removed,omitempty"`
	Key       string   `json:"key"` // where the key of stored passwords is, which no backup holds
}

// Run writes a backup, while others go on working.
func (q backupCmd) Run(c *context) (err error) {
	if err := c.owner(); err != nil {
		return err
	}
	passphrase, err := c.newPassphrase(q.PassphraseFile, q.Passphrase)
	if err != nil {
		return err
	}
	to, err := recipients(q.Recipient)
	if err != nil {
		return err
	}
	doc := backupShape{Encrypted: passphrase != "" || len(to) > 0, Key: keyPlace()}
	file, folder, err := q.place(doc.Encrypted)
	if err != nil {
		return err
	}
	doc.File = file
	a, closer, err := c.house(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer()) }()
	if err := c.writeFile(doc.File, func(w io.Writer) error {
		out := w
		var sealed io.WriteCloser
		if doc.Encrypted {
			if sealed, err = secret.Encrypt(w, to, passphrase); err != nil {
				return err
			}
			out = sealed
		}
		m, err := a.Backup(c.ctx, out)
		doc.Rows, doc.Files = m.Rows(), m.Files
		if err == nil && sealed != nil {
			err = sealed.Close()
		}
		return err
	}); err != nil {
		return err
	}
	if err := a.BackedUp(c.ctx); err != nil {
		return err
	}
	if q.Keep > 0 {
		if doc.Removed, err = keepLast(folder, q.Keep); err != nil {
			return err
		}
	}
	return c.answer(doc, func(w io.Writer) {
		fmt.Fprintln(w, c.t("cmd.backup.done", doc.Rows, doc.File))
		fmt.Fprintln(w, c.t("cmd.backup.key", doc.Key))
		if len(doc.Removed) > 0 {
			fmt.Fprintln(w, c.t("cmd.backup.removed", len(doc.Removed)))
		}
	})
}

// place is the name of the file, and the folder when it names itself there.
func (q backupCmd) place(encrypted bool) (file, folder string, err error) {
	file = q.File
	if info, err := os.Stat(q.File); err == nil && info.IsDir() {
		folder = q.File
		file = filepath.Join(folder, "relance-"+time.Now().UTC().Format("2006-01-02T1504")+"Z.zip")
		if encrypted {
			file += ".age"
		}
	}
	if folder == "" && q.Keep != 0 || q.Keep < 0 {
		return "", "", usage(fault.New(fault.Invalid, "cmd.backup.keep"))
	}
	if _, err := os.Lstat(file); err == nil && !q.Force {
		return "", "", fault.New(fault.Conflict, "cmd.backup.exists", file)
	}
	return file, folder, nil
}

var ownName = regexp.MustCompile(`^relance-\d{4}-\d\d-\d\dT\d{4}Z\.zip(\.age)?$`)

// keepLast removes all but the last n backups that named themselves in a folder.
func keepLast(folder string, n int) (removed []string, err error) {
	list, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range list {
		if ownName.MatchString(e.Name()) && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	for _, name := range names[:max(0, len(names)-n)] {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			return removed, err
		}
		removed = append(removed, name)
	}
	return removed, nil
}

// keyPlace is where the key of stored passwords is.
func keyPlace() string {
	if os.Getenv(secret.Env) != "" {
		return secret.Env
	}
	if path := setting("RELANCE_KEY_FILE"); path != "" {
		return path
	}
	dir, err := dataFolder()
	if err != nil {
		return "relance.key"
	}
	return filepath.Join(dir, "relance.key")
}

// recipients are keys, or the lines of files of them.
func recipients(list []string) (out []string, err error) {
	for _, r := range list {
		if !strings.HasPrefix(r, "age1") {
			b, err := os.ReadFile(r)
			if err != nil {
				return nil, err
			}
			r = string(b)
		}
		out = append(out, r)
	}
	return out, nil
}

// newPassphrase is the passphrase to encrypt with: of a file, or asked for twice; "" for none.
func (c *context) newPassphrase(file string, ask bool) (string, error) {
	if file != "" {
		return passphraseOf(file)
	}
	if !ask {
		return "", nil
	}
	p, err := c.askHidden("cmd.backup.ask", "cmd.backup.passphrase")
	if err != nil {
		return "", err
	}
	again, err := c.askHidden("cmd.backup.again", "cmd.backup.passphrase")
	switch {
	case err != nil:
		return "", err
	case p == "":
		return "", fault.New(fault.Invalid, "cmd.backup.empty")
	case p != again:
		return "", fault.New(fault.Invalid, "cmd.backup.differs")
	}
	return p, nil
}

// passphraseOf is the first line of a file.
func passphraseOf(file string) (string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(b), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return "", fault.New(fault.Invalid, "cmd.backup.empty")
	}
	return line, nil
}

// openBackup opens a backup, with what its lock asks for.
func (c *context) openBackup(file, identity, passphraseFile string) (b *app.BackupFile, closer func() error, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	var r io.ReaderAt = f
	size := info.Size()
	lock, err := secret.LockOf(f)
	if err != nil {
		return nil, nil, err
	}
	if lock != secret.Unlocked {
		ids, passphrase, err := c.keyTo(lock, identity, passphraseFile)
		if err != nil {
			return nil, nil, err
		}
		if r, size, err = secret.Decrypt(f, size, ids, passphrase); err != nil {
			return nil, nil, err
		}
	}
	b, err = app.OpenBackup(r, size)
	return b, f.Close, err
}

// keyTo finds what opens a lock: the file that the flags name, or a passphrase asked for.
func (c *context) keyTo(lock secret.Lock, identity, passphraseFile string) (ids, passphrase string, err error) {
	if lock == secret.ByPassphrase {
		if passphraseFile != "" {
			passphrase, err = passphraseOf(passphraseFile)
		} else {
			passphrase, err = c.askHidden("cmd.backup.ask", "cmd.restore.passphrase")
		}
		if err == nil && passphrase == "" {
			err = fault.New(fault.Invalid, "cmd.backup.empty")
		}
		return "", passphrase, err
	}
	if identity == "" {
		return "", "", usage(fault.New(fault.Invalid, "cmd.restore.identity"))
	}
	b, err := os.ReadFile(identity)
	return string(b), "", err
}
