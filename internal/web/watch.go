package web

import (
	"context"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"

	"relance/internal/ground/fault"
	"relance/internal/ground/watch"
)

// watched tells of every request: its route, never its path, which names customers and invoices;
// and by number who asked. A panic is told without its value, and answered.
func (s *server) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, work := watch.Begin(r.Context(), watch.Request, watch.Word("method", method(r.Method)))
		who := &caller{}
		r = r.WithContext(context.WithValue(ctx, callerKey{}, who))
		out := &counted{ResponseWriter: w}
		var err error
		defer func() {
			if p := recover(); p != nil {
				err = fault.New(fault.Internal, "web.error.internal")
				s.log.Error("panic", "route", r.Pattern, "panic", fault.Panic(p), "stack", string(debug.Stack()))
				if out.status == 0 {
					http.Error(out, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
				}
			}
			work.Note(watch.Word("route", pathOf(r)), watch.Num("status", max(out.status, http.StatusOK)))
			if who.company != 0 {
				work.Note(watch.Num("company", who.company), watch.Num("user", who.user))
			}
			if slices.Contains(quiet, r.Pattern) {
				work.Note(watch.Word("probe", "yes"))
			}
			work.End(err)
		}()
		next.ServeHTTP(out, r)
	})
}

// quiet are the routes that are asked all day long by machines, or beside each page.
var quiet = []string{"GET /healthz", "GET /readyz", "GET /static/"}

// methods are those of the desk; a visitor may write anything there.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost}

func method(m string) string {
	if slices.Contains(methods, m) {
		return m
	}
	return "other"
}

// pathOf is the pattern that answered, without its method: "/customers/{code}".
func pathOf(r *http.Request) string {
	_, path, found := strings.Cut(r.Pattern, " ")
	switch {
	case found:
		return path
	case r.Pattern == "":
		return "none" // refused before it reached a route
	}
	return r.Pattern
}

// caller is who sits at the desk, by number.
type caller struct{ company, user int64 }

type callerKey struct{}

// sign tells whoever watches the request who sits at the desk.
func (v *visit) sign() {
	if who, ok := v.r.Context().Value(callerKey{}).(*caller); ok && v.desk != nil {
		who.company, who.user = int64(v.desk.Actor().Company), int64(v.user.ID)
	}
}

// counted remembers the status of an answer.
type counted struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (c *counted) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (c *counted) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	return c.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is below.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }
