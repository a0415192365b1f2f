package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"relance/internal/domain/org"
	"relance/internal/web"
)

// asked are the pages that people open all day.
var asked = []string{"/", "/tasks", "/customers", "/customers?q=numero+77", "/customers/C77", "/invoices", "/invoices/F77", "/outbox", "/bank", "/bank?q=facture+f77",
	"/disputes", "/promises", "/figures", "/found", "/entry", "/aging", "/aging?on=2026-10-01", "/scenarios", "/imports", "/settings", "/settings/journal"}

// patience is how long one page is asked for again and again.
const patience = 5 * time.Second

// visiting measures the desk's pages over the whole ledger, each twenty times: its 95th percentile, alone and while a file
// is being taken in. The plain limit is a page that reads nothing.
func (b *bench) visiting() error {
	const email, password = "bench@vasseur.example", "a password for a bench"
	if _, err := b.desk.AddUser(b.ctx, org.User{Name: "Bench", Email: email, Role: org.Admin}, password); err != nil {
		return err
	}
	token, err := b.app.SignIn(b.ctx, email, password, "bench")
	if err != nil {
		return err
	}
	h, err := web.New(b.app, web.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	get := func(path string) (time.Duration, error) {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.AddCookie(&http.Cookie{Name: "relance_session", Value: token})
		r.AddCookie(&http.Cookie{Name: "relance_company", Value: "BENCH"})
		w := httptest.NewRecorder()
		start := time.Now()
		h.ServeHTTP(w, r)
		took := time.Since(start)
		if w.Code != http.StatusOK && w.Code != http.StatusServiceUnavailable { // old debts are not proposed while a file comes in
			return 0, fmt.Errorf("%s answers %d", path, w.Code)
		}
		_, err := io.Copy(io.Discard, w.Body)
		return took, err
	}
	round := func() (map[string]time.Duration, error) { return lastOfTwenty(get) }
	plain, err := get("/healthz")
	if err != nil {
		return err
	}
	if err := b.profiled("found", func() error { _, err := get("/found"); return err }); err != nil {
		return err
	}
	alone, err := round()
	if err != nil {
		return err
	}
	for _, path := range asked {
		b.add("page "+path+", 95th percentile", 0, measured{wall: alone[path]}, plain, "a page that reads nothing")
	}
	busy, err := b.whileImporting(round)
	if err != nil {
		return err
	}
	worst := asked[0]
	for _, path := range asked {
		if busy[path] > busy[worst] {
			worst = path
		}
	}
	b.add("the slowest while a file is taken in ("+worst+")", 0, measured{wall: busy[worst]}, plain, "a page that reads nothing")
	return nil
}

// lastOfTwenty asks for each page twenty times, or for as long as patience lasts: its 95th percentile.
func lastOfTwenty(get func(path string) (time.Duration, error)) (map[string]time.Duration, error) {
	out := map[string]time.Duration{}
	for _, path := range asked {
		var all []time.Duration
		for spent := time.Duration(0); len(all) < 20 && spent < patience; {
			took, err := get(path)
			if err != nil {
				return nil, err
			}
			spent += took
			all = append(all, took)
		}
		slices.Sort(all)
		out[path] = all[(len(all)*95+99)/100-1] // the nearest rank: of twenty, the last but one
	}
	return out, nil
}

// whileImporting does something while invoices come in, file after file.
func (b *bench) whileImporting(fn func() (map[string]time.Duration, error)) (out map[string]time.Duration, err error) {
	var wg sync.WaitGroup
	stop, failed := make(chan struct{}), error(nil)
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			name := filepath.Join(b.dir, "more.csv")
			if failed = lines(name, func(w *bufio.Writer) {
				fmt.Fprintln(w, "number;issued;due;amount;customer")
				for k := range 20_000 {
					fmt.Fprintf(w, "M%d-%d;2026-11-01;2026-12-31;%d.00;C%d\n", i, k, 100+k%900, k%(b.n/5))
				}
			}); failed != nil {
				return
			}
			if failed = b.take("invoices", name); failed != nil {
				return
			}
		}
	})
	out, err = fn()
	close(stop)
	wg.Wait()
	if err == nil {
		err = failed
	}
	return out, err
}
