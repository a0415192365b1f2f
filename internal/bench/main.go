package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"

	"relance/internal/app"
	"relance/internal/gateway/pdf"
	"relance/internal/store"
)

func main() {
	n := flag.Int("n", 100_000, "open items")
	db := flag.String("db", "", "database (default: SQLite in a temporary folder; postgres://… to measure PostgreSQL)")
	only := flag.String("only", "", "rows to run, comma separated: import, decide, idle, aging, pdf")
	profile := flag.String("profile", "", "write a CPU profile to this file")
	of := flag.String("profile-of", "decide", "the row to profile: import, decide, aging")
	flag.Parse()
	if err := run(*n, *db, *only, *profile, *of); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run of the measures.
type bench struct {
	ctx        context.Context
	dir        string
	url        string
	n          int
	app        *app.App
	store      *store.Store
	desk       *app.Desk
	table      []row
	postmaster string // the server's first process, "" when it is not on this machine
	profile    string
	of         string // the row to profile
}

func run(n int, db, only, profile, of string) (err error) {
	dir, err := os.MkdirTemp("", "relance-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{ctx: context.Background(), dir: dir, url: db, n: n, profile: profile, of: of}
	if db == "" {
		b.url = "sqlite:" + filepath.Join(dir, "relance.db")
	}
	if err := b.open(); err != nil {
		return err
	}
	defer func() {
		if e := b.store.Close(); err == nil {
			err = e
		}
	}()
	want := func(name string) bool { return only == "" || strings.Contains(","+only+",", ","+name+",") }
	for _, step := range []struct {
		name string
		do   func() error
		need bool // the ledger comes from it
	}{{"import", b.importing, true}, {"decide", b.deciding, false}, {"idle", b.idle, false}, {"aging", b.aging, false}, {"pdf", b.printing, false}} {
		if !want(step.name) && !step.need {
			continue
		}
		fmt.Fprintln(os.Stderr, "measuring", step.name, "…")
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	b.print(os.Stdout)
	return nil
}

func (b *bench) open() error {
	st, err := store.Open(b.ctx, b.url, true)
	if err != nil {
		return err
	}
	printer, err := pdf.New()
	if err != nil {
		return err
	}
	b.store, b.app = st, app.New(app.Options{Store: st, Print: printer})
	return b.findServer()
}

// profiled writes a CPU profile of fn, a row of the table, when it was asked for.
func (b *bench) profiled(row string, fn func() error) error {
	if b.profile == "" || row != b.of {
		return fn()
	}
	f, err := os.Create(b.profile)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return fn()
}
