package trace

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"relance/internal/ground/fault"
	"relance/internal/ground/watch"
)

// collector takes what is posted to it, and reads it as the protocol is written, not as we wrote it.
func collector(t *testing.T, status int) (*httptest.Server, chan map[string]any) {
	t.Helper()
	got := make(chan map[string]any, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var doc map[string]any
		if err := json.NewDecoder(r.Body).Decode(&doc); err != nil || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("X-Key") != "k" {
			t.Errorf("%v %v", err, r.Header)
		}
		w.WriteHeader(status)
		got <- doc
	}))
	t.Cleanup(s.Close)
	return s, got
}

// at walks into a document: names for objects, numbers for lists.
func at(t *testing.T, doc any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			doc = doc.(map[string]any)[p]
		case int:
			list, ok := doc.([]any)
			if !ok || len(list) <= p {
				t.Fatalf("nothing at %v of %v", p, path)
			}
			doc = list[p]
		}
	}
	return doc
}

// attributes are those of a span or a resource, by key.
func attributes(t *testing.T, x any) map[string]string {
	t.Helper()
	out := map[string]string{}
	list, _ := at(t, x, "attributes").([]any)
	for _, kv := range list {
		v := at(t, kv, "value").(map[string]any)
		for kind, s := range v {
			out[at(t, kv, "key").(string)] = kind + " " + s.(string)
		}
	}
	return out
}

// A request and its parts arrive at the collector as one trace, under words of the program.
func TestTrace(t *testing.T) {
	s, got := collector(t, http.StatusOK)
	tr := New(Target{s.URL, map[string]string{"X-Key": "k"}}, "relance", "v1")
	base := watch.With(context.Background(), tr)
	_, alone := watch.Begin(base, watch.Read) // the queue looks into its table: no trace of its own
	alone.End(nil)
	ctx, whole := watch.Begin(base, watch.Request, watch.Word("method", "POST"))
	_, part := watch.Begin(ctx, watch.Write)
	part.End(fault.New(fault.Conflict, "store.conflict", "FA-2026-118 of Menuiserie du Port"))
	whole.Note(watch.Word("route", "/outbox/approve"), watch.Num("status", 303), watch.Num("company", 7))
	whole.End(nil)
	if err := tr.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	doc := <-got
	if a := attributes(t, at(t, doc, "resourceSpans", 0, "resource")); a["service.name"] != "stringValue relance" || a["service.version"] != "stringValue v1" {
		t.Errorf("resource %v", a)
	}
	spans := at(t, doc, "resourceSpans", 0, "scopeSpans", 0, "spans").([]any)
	if len(spans) != 2 {
		t.Fatalf("%d spans", len(spans))
	}
	child, parent := spans[0].(map[string]any), spans[1].(map[string]any)
	for _, id := range []struct {
		of   any
		long int
	}{{child["traceId"], 16}, {child["spanId"], 8}, {parent["spanId"], 8}} {
		if b, err := hex.DecodeString(id.of.(string)); err != nil || len(b) != id.long {
			t.Errorf("identifier %v", id.of)
		}
	}
	if child["traceId"] != parent["traceId"] || child["parentSpanId"] != parent["spanId"] || parent["parentSpanId"] != nil {
		t.Errorf("the part does not hang on the whole: %v %v", child, parent)
	}
	if child["name"] != "sql.update" || child["kind"] != 3.0 || at(t, child, "status", "code") != 2.0 || parent["name"] != "POST /outbox/approve" ||
		parent["kind"] != 2.0 || parent["status"] != nil {
		t.Errorf("%v %v", child, parent)
	}
	if a := attributes(t, child); a["error.type"] != "stringValue conflict" || len(a) != 1 {
		t.Errorf("the part's attributes: %v", a)
	}
	want := map[string]string{"http.request.method": "stringValue POST", "http.route": "stringValue /outbox/approve",
		"http.response.status_code": "intValue 303", "relance.company": "intValue 7"}
	if a := attributes(t, parent); len(a) != len(want) {
		t.Errorf("the whole's attributes: %v", a)
	} else {
		for k, v := range want {
			if a[k] != v {
				t.Errorf("%s: %q", k, a[k])
			}
		}
	}
	nano := func(x any) int64 {
		n, err := strconv.ParseInt(x.(string), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if nano(parent["startTimeUnixNano"]) > nano(child["startTimeUnixNano"]) || nano(child["endTimeUnixNano"]) > nano(parent["endTimeUnixNano"]) {
		t.Error("the part does not lie within the whole")
	}
}

// A collector that refuses is an error of who watches, never of the work.
func TestCollectorRefuses(t *testing.T) {
	s, got := collector(t, http.StatusServiceUnavailable)
	tr := New(Target{s.URL, map[string]string{"X-Key": "k"}}, "relance", "v1")
	_, w := watch.Begin(watch.With(context.Background(), tr), watch.Job, watch.Word("job", "run"))
	w.End(nil)
	_ = tr.Close(context.Background()) // the SDK tells its error handler
	doc := <-got
	if name := at(t, doc, "resourceSpans", 0, "scopeSpans", 0, "spans", 0, "name"); name != "job run" {
		t.Error(name)
	}
	if err := newExporter(Target{URL: "http://127.0.0.1:1"}).ExportSpans(context.Background(), nil); err == nil {
		t.Error("nobody listens, and all is well")
	}
}
