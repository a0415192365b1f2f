package meter

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Build is which program runs over which database.
type Build struct {
	Version, Go, Database string
}

func buildInfo(b Build) prometheus.Collector {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: prefix + "build_info", Help: "Always 1; its labels say what runs."}, []string{"version", "go", "database"})
	g.WithLabelValues(b.Version, b.Go, b.Database).Set(1)
	return g
}

// Vitals is the state of the house at an instant.
type Vitals struct {
	Jobs      map[string]int // by state
	Oldest    time.Duration  // how long the oldest job waits beyond its time
	Uncertain int
	Backup    time.Time // zero: none is known
}

// Pool is the state of a pool of connections to the database.
type Pool struct {
	Name            string
	Open, Busy, Max int
	Waits           int64
	Waited          time.Duration
}

// House is asked at each scrape.
type House interface {
	Vitals(ctx context.Context) (Vitals, error)
	Pools() []Pool
}

// patience is how long the database may take to answer a scrape: what it does not say in time is
// absent, which an alert sees, and the rest is told.
const patience = 5 * time.Second

// scrape asks the house.
type scrape struct{ house House }

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prefix+name, help, labels, nil)
}

var (
	queueJobs   = desc("queue_jobs", "Background work by state: ready, running, dead (given up).", "state")
	queueOldest = desc("queue_oldest_seconds", "How long the oldest ready job waits beyond its time.")
	uncertain   = desc("messages_uncertain", "Messages that may have left, for a person to settle.")
	backup      = desc("backup_timestamp_seconds", "When the last whole backup was written; absent when none is known.")
	connOpen    = desc("database_connections", "Connections to the database by pool: open, busy, max.", "pool", "state")
	connWaits   = desc("database_waits_total", "How often a connection was waited for.", "pool")
	connWaited  = desc("database_waited_seconds_total", "How long connections were waited for.", "pool")
)

// Describe implements prometheus.Collector.
func (s *scrape) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{queueJobs, queueOldest, uncertain, backup, connOpen, connWaits, connWaited} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (s *scrape) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, p := range s.house.Pools() {
		gauge(connOpen, float64(p.Open), p.Name, "open")
		gauge(connOpen, float64(p.Busy), p.Name, "busy")
		gauge(connOpen, float64(p.Max), p.Name, "max")
		out <- prometheus.MustNewConstMetric(connWaits, prometheus.CounterValue, float64(p.Waits), p.Name)
		out <- prometheus.MustNewConstMetric(connWaited, prometheus.CounterValue, p.Waited.Seconds(), p.Name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	v, err := s.house.Vitals(ctx)
	if err != nil {
		slog.Warn("metrics", "err", err)
		return
	}
	for state, n := range v.Jobs {
		gauge(queueJobs, float64(n), state)
	}
	gauge(queueOldest, max(0, v.Oldest.Seconds()))
	gauge(uncertain, float64(v.Uncertain))
	if !v.Backup.IsZero() {
		gauge(backup, float64(v.Backup.UnixMilli())/1000)
	}
}
