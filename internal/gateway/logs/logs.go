package logs

import (
	"io"
	"log"
	"log/slog"
	"regexp"

	"relance/internal/ground/fault"
)

// New makes a logger that writes to w, as "json" or as "text".
func New(w io.Writer, format string, level slog.Leveler) *slog.Logger {
	o := &slog.HandlerOptions{Level: level, ReplaceAttr: clean}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// clean is the one place that every value of the log passes.
func clean(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
		return a
	}
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(fault.Clean(v.String()))
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			a.Value = slog.StringValue(fault.Brief(err))
		} else {
			a.Value = slog.StringValue(fault.Clean(v.String()))
		}
	}
	return a
}

// caller is the address of a visitor, as net/http writes it.
var caller = regexp.MustCompile(`(from|serving) \S+:\d+`)

// Server is the logger of an http.Server, which says little and would say from where people come.
func Server(l *slog.Logger) *log.Logger {
	return log.New(writerFunc(func(b []byte) (int, error) {
		l.Warn("server", "said", caller.ReplaceAllString(string(b), "$1 …"))
		return len(b), nil
	}), "", 0)
}

type writerFunc func([]byte) (int, error)

// Write implements io.Writer.
func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
