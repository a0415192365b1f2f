package main

import (
	gocontext "context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"go.opentelemetry.io/otel"

	"relance/internal/app"
	"relance/internal/gateway/logs"
	"relance/internal/gateway/meter"
	"relance/internal/gateway/trace"
	"relance/internal/ground/watch"
	"relance/internal/store"
)

// observe sets the log up, and who watches the work. A command that a person waits for says only
// what goes wrong; a service tells what it does.
func (c *context) observe(format, level string) {
	c.logFormat = format
	c.level.Set(slog.LevelWarn)
	if level != "" {
		_ = c.level.UnmarshalText([]byte(level)) // one of the words that the flag takes
		c.levelGiven = true
	}
	l := logs.New(c.errOut, format, c.level)
	slog.SetDefault(l)
	c.watchedBy(logs.Watch(l))
}

// watchedBy adds one who watches what is done from now on.
func (c *context) watchedBy(w watch.Watcher) {
	c.watchers = append(c.watchers, w)
	c.ctx = watch.With(c.ctx, watch.All(c.watchers...))
}

// loud is the level of a command that nobody waits for, unless the person chose one.
func (c *context) loud(level slog.Level) {
	if !c.levelGiven {
		c.level.Set(level)
	}
}

// traced sends traces where OpenTelemetry's own variables say; without them nothing is made. What is
// returned sends what is left.
func (c *context) traced() (finish func()) {
	t := trace.Target{URL: os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), Headers: headers(os.Getenv("OTEL_EXPORTER_OTLP_HEADERS"))}
	if base := os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"); t.URL == "" && base != "" {
		t.URL = strings.TrimSuffix(base, "/") + "/v1/traces"
	}
	if t.URL == "" || os.Getenv("OTEL_SDK_DISABLED") == "true" {
		return func() {}
	}
	service := os.Getenv("OTEL_SERVICE_NAME")
	if service == "" {
		service = "relance"
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { slog.Warn("traces", "err", err) }))
	tracer := trace.New(t, service, version())
	c.watchedBy(tracer)
	return func() {
		ctx, cancel := gocontext.WithTimeout(gocontext.WithoutCancel(c.ctx), 5*time.Second)
		defer cancel()
		if err := tracer.Close(ctx); err != nil {
			slog.Warn("traces", "err", err)
		}
	}
}

// headers reads "name=value,name=value", each value as in an address.
func headers(s string) map[string]string {
	out := map[string]string{}
	for pair := range strings.SplitSeq(s, ",") {
		name, value, ok := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(strings.TrimSpace(value)); ok && err == nil {
			out[strings.TrimSpace(name)] = plain
		}
	}
	return out
}

// version is the version that the program was built from: a tag, or a commit.
func version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := b.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range b.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(len(s.Value), 12)]
		}
	}
	return "unknown"
}

// measured answers Prometheus on an address of its own, and counts what is done from now on. The
// figures tell how much a company writes and is paid, and nobody signs in to read them: they are
// never on the desk's address, and off unless somebody says where.
func (c *context) measured(address string, a *app.App, st *store.Store) (closer func() error, err error) {
	if address == "" {
		return func() error { return nil }, nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	m := meter.New(meter.Build{Version: version(), Go: runtime.Version(), Database: string(st.Dialect())}, &measuredHouse{a, st})
	c.watchedBy(m)
	s := &http.Server{Handler: m.Handler(), ReadHeaderTimeout: readHeader, ReadTimeout: readHeader, IdleTimeout: idleTime, ErrorLog: logs.Server(slog.Default())}
	go func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("metrics", "err", err)
		}
	}()
	slog.Info("metrics", "address", l.Addr().String())
	return s.Close, nil
}

// measuredHouse joins the house to the meter: neither knows the other.
type measuredHouse struct {
	app   *app.App
	store *store.Store
}

// Vitals implements meter.House.
func (h *measuredHouse) Vitals(ctx gocontext.Context) (meter.Vitals, error) {
	v, err := h.app.Vitals(ctx)
	out := meter.Vitals{Jobs: v.Jobs, Uncertain: v.Uncertain, Backup: v.Backup}
	if !v.Oldest.IsZero() {
		out.Oldest = time.Since(v.Oldest)
	}
	return out, err
}

// Pools implements meter.House.
func (h *measuredHouse) Pools() (out []meter.Pool) {
	for _, p := range h.store.Connections() {
		out = append(out, meter.Pool{Name: p.Pool, Open: p.Open, Busy: p.Busy, Max: p.Max, Waits: p.Waits, Waited: p.Waited})
	}
	return out
}
