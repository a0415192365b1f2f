package main

import (
	"log/slog"

	"relance/internal/gateway/logs"
	"relance/internal/ground/watch"
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
