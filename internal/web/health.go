package web

import (
	"context"
	"net/http"
	"time"
)

// healthy says that the process lives: it asks nobody, so that a slow database never makes a
// supervisor kill what would recover by itself.
func (s *server) healthy(w http.ResponseWriter, _ *http.Request) { probe(w, nil) }

// readyTime is how long the database may take to say that it is there.
const readyTime = 2 * time.Second

// ready says whether people may be sent here. Why not is in the log: whoever may ask without a
// session learns a status and no more.
func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	var err error
	if s.o.Ready != nil {
		err = s.o.Ready(ctx)
	}
	if err != nil && r.Context().Err() == nil {
		s.log.Warn("not ready", "err", err)
	}
	probe(w, err)
}

func probe(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	word := "ok\n"
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		word = "unavailable\n"
	}
	_, _ = w.Write([]byte(word)) // who asked has gone
}
