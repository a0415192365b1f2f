package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"relance/internal/app"
	"relance/internal/gateway/pdf"
	"relance/internal/store"
)

func main() {
	n := flag.Int("n", 100_000, "open items")
	db := flag.String("db", "", "database (default: SQLite in a temporary folder; postgres://… to measure PostgreSQL)")
	only := flag.String("only", "", "rows to run, comma separated: import, decide, idle, aging, pdf, match, send, pages, many")
	profile := flag.String("profile", "", "write a CPU profile to this file")
	of := flag.String("profile-of", "decide", "the row to profile: import, decide, settled, match, bank, send, send-letter")
	growth := flag.Bool("growth", false, "measure three times at n, then at 10 n, and warn where an item costs more there")
	flag.Parse()
	o := options{n: *n, db: *db, only: *only, profile: *profile, of: *of}
	work := func() error { _, err := run(o); return err }
	if *growth {
		work = func() error { return grow(o) }
	}
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options is what is measured, and where.
type options struct {
	n           int
	db, only    string
	profile, of string // the file of a CPU profile, and the row it is of
}

// bench is one run of the measures.
type bench struct {
	options
	ctx        context.Context
	dir        string
	url        string
	app        *app.App
	store      *store.Store
	desk       *app.Desk
	table      []row
	postmaster string // the server's first process, "" when it is not on this machine
}

func run(o options) (_ []row, err error) {
	dir, err := os.MkdirTemp("", "relance-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	b := &bench{options: o, ctx: context.Background(), dir: dir, url: o.db}
	drop, err := b.place()
	if err != nil {
		return nil, err
	}
	defer drop()
	if err := b.open(); err != nil {
		return nil, err
	}
	defer func() {
		if e := b.store.Close(); err == nil {
			err = e
		}
	}()
	want := func(name string) bool { return o.only == "" || strings.Contains(","+o.only+",", ","+name+",") }
	for _, step := range []struct {
		name string
		do   func() error
		need bool // the ledger comes from it
	}{{"import", b.importing, true}, {"decide", b.deciding, false}, {"idle", b.idle, false}, {"aging", b.aging, false}, {"pdf", b.printing, false},
		{"match", b.matching, false}, {"send", b.sending, false},
		{"pages", b.visiting, false}, {"many", b.manyCompanies, false}} {
		if !want(step.name) && !step.need {
			continue
		}
		fmt.Fprintln(os.Stderr, "measuring", step.name, "…")
		if err := step.do(); err != nil {
			return nil, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	b.print(os.Stdout)
	return b.table, nil
}

// place makes room for one run: a file of its own, or a schema of its own on a server.
func (b *bench) place() (drop func(), err error) {
	if b.db == "" {
		b.url = "sqlite:" + filepath.Join(b.dir, "relance.db")
		return func() {}, nil
	}
	u, err := url.Parse(b.db)
	if err != nil {
		return nil, err
	}
	schema := "bench_" + strconv.FormatInt(time.Now().UnixNano(), 36)
	at := func(q string) error {
		c, err := pgx.Connect(b.ctx, b.db)
		if err != nil {
			return err
		}
		defer c.Close(b.ctx)
		_, err = c.Exec(b.ctx, q)
		return err
	}
	if err := at("CREATE SCHEMA " + schema); err != nil {
		return nil, err
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	b.url = u.String()
	return func() {
		if err := at("DROP SCHEMA " + schema + " CASCADE"); err != nil {
			fmt.Fprintln(os.Stderr, "bench: the schema", schema, "stays:", err)
		}
	}, nil
}

// grow measures at n and at ten times n, and warns where the median CPU an item grows by more than
// half: what is no function of the ledger must stay none (PRODUCT.md §9).
func grow(o options) error {
	const times, more = 3, 10
	median := func(o options) (map[string]time.Duration, error) {
		all := map[string][]time.Duration{}
		for range times {
			table, err := run(o)
			if err != nil {
				return nil, err
			}
			for _, r := range table {
				if r.items > 0 {
					all[r.name] = append(all[r.name], r.m.cpu/time.Duration(r.items))
				}
			}
		}
		out := map[string]time.Duration{}
		for name, list := range all {
			slices.Sort(list)
			out[name] = list[len(list)/2]
		}
		return out, nil
	}
	small, err := median(o)
	if err != nil {
		return err
	}
	o.n *= more
	large, err := median(o)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(large)) {
		ratio := float64(large[name]) / float64(max(small[name], 1))
		note := ""
		if ratio > 1.5 && large[name] > time.Microsecond {
			note = "  WARNING: it grows with the ledger"
		}
		fmt.Printf("%s: median CPU an item %s at %d, %s at %d: %.1f×%s\n", name, short(small[name]), o.n/more, short(large[name]), o.n, ratio, note)
	}
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
	b.store, b.app = st, app.New(app.Options{Store: st, Mail: mailer{}, Print: printer})
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
