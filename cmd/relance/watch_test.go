//go:build unix

package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"relance/internal/gateway/smtp/catch"
)

// collector keeps the spans that the true program sends.
type collector struct {
	mu    sync.Mutex
	raw   strings.Builder
	spans []collected
}

type collected struct{ Name, SpanID, ParentSpanID, TraceID string }

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b, err := io.ReadAll(r.Body)
	var doc struct {
		ResourceSpans []struct{ ScopeSpans []struct{ Spans []collected } }
	}
	if err != nil || json.Unmarshal(b, &doc) != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Authorization") != "Basic abc" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.raw.Write(b)
	for _, rs := range doc.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			c.spans = append(c.spans, ss.Spans...)
		}
	}
}

// under tells whether a span of a name hangs below one of another, somewhere.
func (c *collector) under(name, above string) bool {
	byID := map[string]collected{}
	for _, s := range c.spans {
		byID[s.SpanID] = s
	}
	return slices.ContainsFunc(c.spans, func(s collected) bool {
		if s.Name != name {
			return false
		}
		for p, ok := byID[s.ParentSpanID]; ok; p, ok = byID[p.ParentSpanID] {
			if p.Name == above {
				return true
			}
		}
		return false
	})
}

const (
	watchedCustomers = "code;name;kind;siren;address;postcode;city;email\nC001;Menuiserie du Port;PRO;732829320;4 quai du Commerce;29200;Brest;compta@menuiserie.example\n"
	watchedInvoices  = "number;issued;due;amount;customer\nF-1;01/10/2026;31/10/2026;1 200,00;C001\n"
)

// TestWatched: the true program is asked, imports and sends; its metrics count it, the collector
// receives it in parts, and neither learns about whom.
func TestWatched(t *testing.T) {
	col := &collector{}
	server := httptest.NewServer(col)
	defer server.Close()
	mails, err := catch.Listen("127.0.0.1:0", (&mailbox{}).take)
	if err != nil {
		t.Fatal(err)
	}
	defer mails.Close()
	host, port, err := net.SplitHostPort(mails.Addr())
	if err != nil {
		t.Fatal(err)
	}
	figures, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	s := newService(t, "OTEL_EXPORTER_OTLP_ENDPOINT="+server.URL, "OTEL_EXPORTER_OTLP_HEADERS=authorization=Basic%20abc", "RELANCE_METRICS="+figures)
	s.run("mail-account", "add", "--host", host, "--port", port, "--tls", "none", "--from", "compta@vasseur.example")
	dir := t.TempDir()
	for name, text := range map[string]string{"customers": watchedCustomers, "invoices": watchedInvoices} {
		if err := os.WriteFile(filepath.Join(dir, name+".csv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.run("import", "customers", filepath.Join(dir, "customers.csv"))
	s.run("import", "invoices", filepath.Join(dir, "invoices.csv"))
	s.run("run", "--date", "2026-11-23", "--no-send")
	s.run("outbox", "approve", "--all")
	s.run("run", "--date", "2026-11-23")
	s.start()
	for _, path := range []string{"/signin", "/customers/C001", "/nothing/F-1"} {
		res, err := http.Get("http://" + s.address + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
	}
	res, err := http.Get("http://" + figures + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	counted := string(b)
	if r, err := http.Get("http://" + s.address + "/metrics"); err != nil || strings.Contains(r.Request.URL.Path, "metrics") {
		t.Errorf("the desk's address shows figures: %v", err)
	}
	s.signal()
	if err := s.cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, s.log.String())
	}
	for _, line := range []string{`relance_http_request_duration_seconds_count{method="GET",route="/customers/{code}",status="3xx"} 1`,
		`relance_build_info{database="sqlite"`, `relance_database_connections{pool="writer",state="max"} 1`, `relance_queue_jobs{state="dead"} 0`} {
		if !strings.Contains(counted, line) {
			t.Errorf("/metrics does not say %s", line)
		}
	}
	col.mu.Lock()
	defer col.mu.Unlock()
	for _, x := range [][2]string{{"sql.view", "send.batch"}, {"render", "send.batch"}, {"smtp.dial", "send.batch"}, {"smtp.send", "send.batch"},
		{"sql.update", "send.batch"}, {"sql.update", "import"}} {
		if !col.under(x[0], x[1]) {
			t.Errorf("no %s below %s", x[0], x[1])
		}
	}
	if !slices.ContainsFunc(col.spans, func(s collected) bool { return s.Name == "GET /customers/{code}" }) {
		t.Error("no span of a request")
	}
	for _, word := range []string{"Vasseur", "vasseur", "enuiserie", "C001", "F-1", "732829320", "120000", "Brest"} {
		for where, text := range map[string]string{"traces": col.raw.String(), "metrics": counted, "log": s.log.String()} {
			if strings.Contains(text, word) {
				t.Errorf("%s tell %q", where, word)
			}
		}
	}
}
