package trace

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// Target is a collector: the whole address that takes spans, and the headers that let us in.
type Target struct {
	URL     string
	Headers map[string]string
}

// exporter posts spans as OTLP/JSON (opentelemetry-proto, docs "JSON Protobuf Encoding": identifiers
// in hexadecimal, 64-bit integers as strings, enumerations as numbers).
type exporter struct {
	target Target
	client *http.Client
}

func newExporter(t Target) *exporter {
	return &exporter{t, &http.Client{Timeout: 10 * time.Second}}
}

// ExportSpans implements sdk.SpanExporter. A batch that the collector refuses is lost: what is
// watched must not wait for who watches.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	body, err := json.Marshal(document(spans))
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.target.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	for k, v := range e.target.Headers {
		r.Header.Set(k, v)
	}
	res, err := e.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20)) // so that the connection serves again
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answers %s", res.Status)
	}
	return nil
}

// Shutdown implements sdk.SpanExporter.
func (e *exporter) Shutdown(context.Context) error {
	e.client.CloseIdleConnections()
	return nil
}

// The document, as opentelemetry-proto's ExportTraceServiceRequest names its fields.
type (
	request struct {
		ResourceSpans []resourceSpans `json:"resourceSpans"`
	}
	resourceSpans struct {
		Resource   attributed   `json:"resource"`
		ScopeSpans []scopeSpans `json:"scopeSpans"`
	}
	attributed struct {
		Attributes []keyValue `json:"attributes,omitempty"`
	}
	scopeSpans struct {
		Scope scope  `json:"scope"`
		Spans []span `json:"spans"`
	}
	scope struct {
		Name string `json:"name"`
	}
	span struct {
		TraceID    string     `json:"traceId"`
		SpanID     string     `json:"spanId"`
		ParentID   string     `json:"parentSpanId,omitempty"`
		Name       string     `json:"name"`
		Kind       int        `json:"kind"`
		Start      string     `json:"startTimeUnixNano"`
		End        string     `json:"endTimeUnixNano"`
		Attributes []keyValue `json:"attributes,omitempty"`
		Status     *status    `json:"status,omitempty"`
	}
	status struct {
		Code int `json:"code"`
	}
	keyValue struct {
		Key   string `json:"key"`
		Value value  `json:"value"`
	}
	value struct {
		String *string `json:"stringValue,omitempty"`
		Int    *string `json:"intValue,omitempty"`
	}
)

// statusError is STATUS_CODE_ERROR of the protocol; the SDK numbers its codes otherwise.
const statusError = 2

// document holds spans of one process, all made by the one tracer of this package.
func document(spans []sdk.ReadOnlySpan) request {
	ss := scopeSpans{Scope: scope{"relance"}}
	for _, s := range spans {
		x := span{TraceID: s.SpanContext().TraceID().String(), SpanID: s.SpanContext().SpanID().String(), Name: s.Name(), Kind: int(s.SpanKind()),
			Start: nanoseconds(s.StartTime()), End: nanoseconds(s.EndTime()), Attributes: values(s.Attributes())}
		if s.Parent().SpanID().IsValid() {
			x.ParentID = s.Parent().SpanID().String()
		}
		if s.Status().Code == codes.Error {
			x.Status = &status{statusError}
		}
		ss.Spans = append(ss.Spans, x)
	}
	rs := resourceSpans{ScopeSpans: []scopeSpans{ss}}
	if len(spans) > 0 {
		rs.Resource.Attributes = values(spans[0].Resource().Attributes())
	}
	return request{[]resourceSpans{rs}}
}

func nanoseconds(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

func values(list []attribute.KeyValue) (out []keyValue) {
	for _, a := range list {
		kv := keyValue{Key: string(a.Key)}
		text := a.Value.String()
		if a.Value.Type() == attribute.INT64 {
			kv.Value.Int = &text
		} else {
			kv.Value.String = &text
		}
		out = append(out, kv)
	}
	return out
}
