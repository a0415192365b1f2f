package logs

import (
	"context"
	"log/slog"
	"time"

	"relance/internal/ground/watch"
)

// Watch writes a line when a request, a job, an import or a batch of messages ends.
func Watch(l *slog.Logger) watch.Watcher { return watcher{l} }

type watcher struct{ log *slog.Logger }

// lines is the work that makes a line; the rest is for metrics and traces.
var lines = map[watch.Kind]string{watch.Request: "request", watch.Job: "job", watch.Import: "import", watch.Batch: "batch"}

// Begin implements watch.Watcher.
func (w watcher) Begin(ctx context.Context, kind watch.Kind, facts ...watch.Fact) (context.Context, watch.Work) {
	name := lines[kind]
	if name == "" {
		return ctx, watch.Unseen
	}
	x := &line{log: w.log, name: name, began: time.Now()}
	x.Note(facts...)
	return ctx, x
}

// line is a line of the log that is being gathered.
type line struct {
	log   *slog.Logger
	name  string
	began time.Time
	attrs []slog.Attr
	level slog.Level
}

// Note implements watch.Work. A failure of ours is an error; what only says that we live is for who
// looks for it.
func (x *line) Note(facts ...watch.Fact) {
	for _, f := range facts {
		switch {
		case f.Key == "probe":
			x.level = slog.LevelDebug
			continue
		case f.Key == "status" && f.N >= 500:
			x.level = slog.LevelError
		}
		x.attrs = append(x.attrs, slog.Any(f.Key, f.Value()))
	}
}

// End implements watch.Work.
func (x *line) End(err error) {
	x.attrs = append(x.attrs, slog.Float64("ms", float64(time.Since(x.began).Microseconds())/1000))
	if err != nil {
		x.level = max(x.level, slog.LevelWarn)
		x.attrs = append(x.attrs, slog.Any("err", err))
	}
	x.log.LogAttrs(context.Background(), x.level, x.name, x.attrs...)
}
