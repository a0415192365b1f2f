package main

import (
	gocontext "context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"relance/internal/app"
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

// answerHTTP answers on l and runs the background work until the person stops the program; what is
// in hand is finished first.
func (c *context) answerHTTP(l net.Listener, h http.Handler, a *app.App, st *store.Store) error {
	ctx, stop := gocontext.WithCancel(c.ctx)
	defer stop()
	s := &http.Server{Handler: h, ReadHeaderTimeout: readHeader, ReadTimeout: readAll, IdleTimeout: idleTime, MaxHeaderBytes: 64 << 10}
	var wg sync.WaitGroup
	wg.Add(1)
	var work error
	go func() {
		defer wg.Done()
		if work = jobs.Run(ctx, a, st.Queue(time.Now)); work != nil {
			stop() // a desk behind which nothing is sent is no desk: whoever started it learns why
		}
	}()
	closed := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := gocontext.WithTimeout(gocontext.WithoutCancel(ctx), lastWords)
		defer cancel()
		closed <- s.Shutdown(last)
	}()
	err := s.Serve(l)
	stop()
	if errors.Is(err, http.ErrServerClosed) {
		err = <-closed
	}
	wg.Wait()
	return errors.Join(err, work)
}
