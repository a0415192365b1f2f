package main

import (
	gocontext "context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"relance/internal/app"
	"relance/internal/store"
)

// The scripts kill a restore and a move half way. So that half way is always the same place, these
// two commands stop there by themselves, say so in half.txt, and wait for the end.

func atHalf() {
	if err := os.WriteFile("half.txt", nil, 0o600); err != nil {
		panic(err)
	}
	time.Sleep(time.Hour)
}

// halfRestore restores a backup and stops among its tables: "half-restore FILE".
func halfRestore() {
	orDie(func(ctx gocontext.Context) error {
		f, err := os.Open(os.Args[1])
		if err != nil {
			return err
		}
		info, err := f.Stat()
		if err != nil {
			return err
		}
		r := &slowReader{ReaderAt: f}
		b, err := app.OpenBackup(r, info.Size())
		if err != nil {
			return err
		}
		r.left = 40
		st, err := store.Door(ctx, database(), true)
		if err != nil {
			return err
		}
		_, err = app.New(app.Options{Store: st}).Restore(ctx, b)
		return err
	})
}

type slowReader struct {
	io.ReaderAt
	left int
}

// ReadAt implements io.ReaderAt.
func (s *slowReader) ReadAt(p []byte, off int64) (int, error) {
	if s.left--; s.left == 0 {
		atHalf()
	}
	return s.ReaderAt.ReadAt(p, off)
}

// halfMove moves to a database and stops when everything is there and the old house is not yet left:
// "half-move URL".
func halfMove() {
	orDie(func(ctx gocontext.Context) error {
		st, err := store.Open(ctx, database(), false)
		if err != nil {
			return err
		}
		to, err := store.Door(ctx, os.Args[1], true)
		if err != nil {
			return err
		}
		_, err = app.New(app.Options{Store: st, Seal: slowKey{}}).Move(ctx, to, app.MoveOptions{})
		return err
	})
}

// slowKey is tried on the stored passwords at the end of a move.
type slowKey struct{}

func (slowKey) Seal([]byte) (string, error)   { return "", nil }
func (slowKey) Unseal(string) ([]byte, error) { atHalf(); return nil, nil }

func database() string {
	if url := os.Getenv("RELANCE_DB"); url != "" {
		return url
	}
	return "sqlite:" + filepath.Join(os.Getenv("XDG_DATA_HOME"), "relance", "relance.db")
}

func orDie(fn func(gocontext.Context) error) {
	if err := fn(gocontext.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stderr, "it was not stopped")
	os.Exit(1)
}

// waitFileCmd waits for a file that a background command writes: "waitfile FILE".
func waitFileCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waitfile FILE")
	}
	for start := time.Now(); time.Since(start) < patience; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
	}
	ts.Fatalf("%s does not come", args[0])
}

// cutCmd cuts bytes off the end of a file: "cut FILE BYTES".
func cutCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cut FILE BYTES")
	}
	var n int64
	_, err := fmt.Sscan(args[1], &n)
	ts.Check(err)
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), info.Size()-n))
}

// A folder keeps the last backups that named themselves there, and whatever else lies in it.
func TestKeepLast(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"relance-2026-11-23T1830Z.zip", "relance-2026-11-24T1830Z.zip.age", "relance-2026-11-25T1830Z.zip",
		"relance-2026-11-22.zip", "relance-2026-11-22T1830Z.zip.part", "letter.pdf"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	removed, err := keepLast(dir, 2)
	if err != nil || !slices.Equal(removed, []string{"relance-2026-11-23T1830Z.zip"}) {
		t.Errorf("%v removed, %v", removed, err)
	}
	if removed, err := keepLast(dir, 9); err != nil || len(removed) != 0 {
		t.Errorf("%v removed, %v", removed, err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 5 {
		t.Errorf("%v left, %v", left, err)
	}
}

// The password of a database address is never shown.
func TestRedacted(t *testing.T) {
	for in, want := range map[string]string{
		"sqlite:/srv/relance.db":                      "sqlite:/srv/relance.db",
		"relance.db":                                  "relance.db",
		"postgres://anne:secret@db:5432/relance":      "postgres://anne@db:5432/relance",
		"postgres://anne@/relance?host=/run/pg":       "postgres://anne@/relance?host=/run/pg",
		"postgres://db/relance?password=secret&u=a":   "postgres://db/relance?u=a",
		"postgres://anne:%zzsecret@db/relance":        "postgres://…",
		"postgresql://anne:s:e@cret@db/relance?x=a@b": "postgresql://anne@db/relance?x=a@b",
	} {
		if got := redacted(in); got != want || strings.Contains(got, "secret") {
			t.Errorf("%s is shown as %s, want %s", in, got, want)
		}
	}
}
