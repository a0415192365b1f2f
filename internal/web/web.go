package web

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"relance/internal/app"
	"relance/internal/ground/i18n"
	"relance/internal/page"
)

//go:embed pages/*.html
var templates embed.FS

// Options bends the desk.
type Options struct {
	// Secure says that people come by HTTPS: cookies are then never sent in clear.
	Secure bool
	// Session is a session's token for visitors of this machine who have none: the demonstration,
	// whose only visitor owns the machine.
	Session string
	// Demo adds the mailbox and the clock of a demonstration.
	Demo Demo
	// Ready tells why the desk cannot be used, for /readyz; nil: it always can.
	Ready func(context.Context) error
	// Log takes what went wrong; nil is the default logger.
	Log *slog.Logger
	// Now is the clock of sessions and throttles; nil is the machine's.
	Now func() time.Time
}

// server is the desk's door.
type server struct {
	app     *app.App
	o       Options
	pages   *page.Engine
	shelf   *shelf
	throttl *throttle
	log     *slog.Logger
}

// New opens the door of the desk over a house.
func New(a *app.App, o Options) (http.Handler, error) {
	sub, err := fs.Sub(templates, "pages")
	if err != nil {
		return nil, err
	}
	pages, err := page.New(sub)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &server{app: a, o: o, pages: pages, shelf: newShelf(o.Now), throttl: newThrottle(o.Now), log: o.Log}
	if s.log == nil {
		s.log = slog.Default()
	}
	return s.handler(), nil
}

// handler is the whole door: who watches, headers, cross-origin protection, routes.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/", page.ServeAsset)
	mux.HandleFunc("GET /healthz", s.healthy)
	mux.HandleFunc("GET /readyz", s.ready)
	for _, r := range routes {
		mux.Handle(r.pattern, s.serve(r))
	}
	if s.o.Demo != nil {
		for _, r := range demoRoutes {
			mux.Handle(r.pattern, s.serve(r))
		}
	}
	mux.Handle("/", s.serve(route{pattern: "/", need: anyone, do: (*visit).notFound}))
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, i18n.T(i18n.FR, "web.error.origin"), http.StatusForbidden)
	}))
	return s.watched(s.headers(guard.Handler(mux)))
}

// policy is the content security policy of pages: nothing but the kit's own style, script, font
// and pictures; frames of our own previews.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; frame-src 'self'; " +
	"object-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// headers are those of every answer.
func (s *server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		h.Set("Cache-Control", "no-store")
		if s.o.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
