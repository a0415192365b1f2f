package trace

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"relance/internal/ground/watch"
)

// Tracer makes spans of what it is told.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// New sends spans to a collector, in batches and in the background. The SDK reads its own
// OTEL_TRACES_SAMPLER and OTEL_BSP_… variables.
func New(t Target, service, version string) *Tracer {
	p := sdk.NewTracerProvider(sdk.WithBatcher(newExporter(t)),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", service), attribute.String("service.version", version))))
	return &Tracer{p, p.Tracer("relance")}
}

// Close sends what is left and ends, within the context's time.
func (t *Tracer) Close(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// kinds are the ends of the line at which each kind of work stands.
var kinds = map[watch.Kind]trace.SpanKind{watch.Request: trace.SpanKindServer, watch.Job: trace.SpanKindConsumer, watch.Dial: trace.SpanKindClient,
	watch.Hand: trace.SpanKindClient, watch.Read: trace.SpanKindClient, watch.Write: trace.SpanKindClient}

// roots is the work that begins a trace; the rest is worth a span as a part of something: the queue
// looks into its table every other second.
var roots = []watch.Kind{watch.Request, watch.Job, watch.Import, watch.Batch}

// Begin implements watch.Watcher.
func (t *Tracer) Begin(ctx context.Context, kind watch.Kind, facts ...watch.Fact) (context.Context, watch.Work) {
	if !slices.Contains(roots, kind) && !trace.SpanContextFromContext(ctx).IsValid() {
		return ctx, watch.Unseen
	}
	ctx, s := t.tracer.Start(ctx, string(kind), trace.WithSpanKind(kinds[kind]))
	w := &work{span: s, kind: kind}
	w.Note(facts...)
	return ctx, w
}

// work is a span that goes on.
type work struct {
	span        trace.Span
	kind        watch.Kind
	method, say string
}

// names are those that OpenTelemetry has for what we call otherwise.
var names = map[string]attribute.Key{"method": "http.request.method", "route": "http.route", "status": "http.response.status_code"}

// Note implements watch.Work.
func (w *work) Note(facts ...watch.Fact) {
	for _, f := range facts {
		key, known := names[f.Key]
		if !known {
			key = attribute.Key("relance." + f.Key)
		}
		switch f.Key {
		case "method":
			w.method = f.Text
		case "route":
			w.say = w.method + " " + f.Text
		case "job":
			w.say = "job " + f.Text
		}
		if f.Text != "" {
			w.span.SetAttributes(key.String(f.Text))
		} else {
			w.span.SetAttributes(key.Int64(f.N))
		}
	}
}

// End implements watch.Work.
func (w *work) End(err error) {
	if w.say != "" {
		w.span.SetName(w.say)
	}
	if err != nil {
		w.span.SetAttributes(attribute.String("error.type", watch.Outcome(err)))
		w.span.SetStatus(codes.Error, "")
	}
	w.span.End()
}
