package meter

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"relance/internal/ground/watch"
)

// Meter is the registry of one process.
type Meter struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	jobs     *prometheus.HistogramVec
	work     *prometheus.HistogramVec
	messages *prometheus.CounterVec
	imports  *prometheus.CounterVec
	rows     *prometheus.CounterVec
}

// Bounds of the histograms, in seconds: a page is to answer within 50 ms, a job may last minutes.
var (
	fast = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60}
	slow = []float64{.01, .1, .5, 1, 5, 15, 60, 300, 900}
)

// New makes a registry of its own, with the process's and the Go runtime's figures; house is asked
// for the rest at each scrape.
func New(b Build, house House) *Meter {
	m := &Meter{
		registry: prometheus.NewRegistry(),
		requests: histogram("http_request_duration_seconds", "Requests by route and class of status.", fast, "method", "route", "status"),
		jobs:     histogram("job_duration_seconds", "Background work by kind and outcome.", slow, "job", "outcome"),
		work:     histogram("work_duration_seconds", "Parts of the work: transactions, mail servers reached, messages rendered and handed over.", fast, "work", "outcome"),
		messages: counter("messages_total", "E-mails by what came of handing them over.", "outcome"),
		imports:  counter("imports_total", "Imports, kept or rehearsed, by outcome.", "mode", "outcome"),
		rows:     counter("import_rows_total", "Rows of kept imports, by what became of them.", "result"),
	}
	m.registry.MustRegister(m.requests, m.jobs, m.work, m.messages, m.imports, m.rows, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), buildInfo(b), &scrape{house: house})
	// What has not happened yet is zero, not absent: an alert on its growth sees the first one.
	for _, o := range outcomes {
		m.messages.WithLabelValues(o)
	}
	return m
}

const prefix = "relance_"

func histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: prefix + name, Help: help, Buckets: buckets}, labels)
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: prefix + name, Help: help}, labels)
}

// Handler answers Prometheus.
func (m *Meter) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Timeout: 10 * time.Second, MaxRequestsInFlight: 4}))
	return mux
}

// Begin implements watch.Watcher.
func (m *Meter) Begin(ctx context.Context, kind watch.Kind, facts ...watch.Fact) (context.Context, watch.Work) {
	w := &work{m: m, kind: kind, began: time.Now()}
	w.Note(facts...)
	return ctx, w
}

// work is what is being timed.
type work struct {
	m     *Meter
	kind  watch.Kind
	began time.Time
	facts []watch.Fact
}

// Note implements watch.Work.
func (w *work) Note(facts ...watch.Fact) { w.facts = append(w.facts, facts...) }

// word is a fact's text, n its number.
func (w *work) word(key string) string { return w.fact(key).Text }

func (w *work) n(key string) int64 { return w.fact(key).N }

func (w *work) fact(key string) watch.Fact {
	for _, f := range w.facts {
		if f.Key == key {
			return f
		}
	}
	return watch.Fact{}
}

// outcomes of a message that was handed over, as facts of a batch.
var outcomes = []string{"sent", "retried", "failed", "uncertain"}

// End implements watch.Work.
func (w *work) End(err error) {
	took, outcome := time.Since(w.began).Seconds(), watch.Outcome(err)
	switch w.kind {
	case watch.Request:
		class := strconv.FormatInt(w.n("status")/100, 10) + "xx"
		w.m.requests.WithLabelValues(w.word("method"), w.word("route"), class).Observe(took)
	case watch.Job:
		w.m.jobs.WithLabelValues(w.word("job"), outcome).Observe(took)
	case watch.Batch:
		for _, o := range outcomes {
			w.m.messages.WithLabelValues(o).Add(float64(w.n(o)))
		}
	case watch.Import:
		w.m.imports.WithLabelValues(w.word("mode"), outcome).Inc()
		if w.word("mode") == "kept" {
			for _, r := range []string{"created", "updated", "rejected"} {
				w.m.rows.WithLabelValues(r).Add(float64(w.n(r)))
			}
		}
	default:
		w.m.work.WithLabelValues(string(w.kind), outcome).Observe(took)
	}
}
