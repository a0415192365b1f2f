package main

import (
	gocontext "context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"relance/internal/app"
	"relance/internal/gateway/logs"
	"relance/internal/ground/fault"
	"relance/internal/jobs"
	"relance/internal/store"
)

// Bounds of a conversation with a browser; the write bound leaves time for a large import.
const (
	readHeader = 10 * time.Second
	readAll    = 5 * time.Minute
	idleTime   = 2 * time.Minute
	lastWords  = 20 * time.Second
)

// opened is a desk that people may come to, and the work behind it.
type opened struct {
	app   *app.App
	store *store.Store
	drain time.Duration // how long /readyz says no before nobody is let in any more

	leaving atomic.Bool // the program was told to stop
}

// ready tells why nobody should be sent here any more.
func (o *opened) ready(ctx gocontext.Context) error {
	if o.leaving.Load() {
		return fault.New(fault.Unavailable, "cmd.serve.leaving")
	}
	return o.app.Ready(ctx)
}

// answer answers on l and runs the background work until the person stops the program. It leaves in
// order: /readyz says so, no work is begun, then no request; what is in hand is finished.
func (o *opened) answer(c *context, l net.Listener, h http.Handler) error {
	ctx, stop := gocontext.WithCancel(c.ctx)
	defer stop()
	base := gocontext.WithoutCancel(c.ctx)
	s := &http.Server{Handler: h, ReadHeaderTimeout: readHeader, ReadTimeout: readAll, IdleTimeout: idleTime, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) gocontext.Context { return base }, ErrorLog: logs.Server(slog.Default())}
	var wg sync.WaitGroup
	var work error
	wg.Go(func() {
		if work = jobs.Run(ctx, o.app, o.store.Queue(clock)); work != nil {
			stop() // a desk behind which nothing is sent is no desk: whoever started it learns why
		}
	})
	closed := make(chan error, 1)
	go func() {
		<-ctx.Done()
		o.leaving.Store(true)
		slog.Info("stopping")
		notify("STOPPING=1")
		time.Sleep(o.drain)
		last, cancel := gocontext.WithTimeout(base, lastWords)
		defer cancel()
		closed <- s.Shutdown(last)
	}()
	notify("READY=1")
	err := s.Serve(l)
	stop()
	if errors.Is(err, http.ErrServerClosed) {
		err = <-closed
	}
	wg.Wait()
	slog.Info("stopped")
	return errors.Join(err, work)
}
