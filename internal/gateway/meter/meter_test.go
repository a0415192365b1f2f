package meter

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"relance/internal/ground/fault"
	"relance/internal/ground/watch"
)

// fixed is a house in a known state, or whose database is gone.
type fixed struct{ err error }

func (f fixed) Vitals(context.Context) (Vitals, error) {
	return Vitals{Jobs: map[string]int{"ready": 3, "dead": 1}, Oldest: 90 * time.Second, Uncertain: 2, Backup: time.UnixMilli(1_790_000_000_500)}, f.err
}

func (fixed) Pools() []Pool {
	return []Pool{{Name: "writer", Open: 1, Busy: 1, Max: 1, Waits: 7, Waited: 1500 * time.Millisecond}}
}

// scraped is what Prometheus reads.
func scraped(t *testing.T, m *Meter) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	b, err := io.ReadAll(w.Result().Body)
	if err != nil || w.Code != 200 {
		t.Fatalf("%d %v", w.Code, err)
	}
	return string(b)
}

// What was done is counted under words of the program, and the house is asked for the rest.
func TestMeter(t *testing.T) {
	m := New(Build{"v1.2.3", "go1.26", "sqlite"}, fixed{})
	ctx := watch.With(context.Background(), m)
	do := func(kind watch.Kind, err error, facts ...watch.Fact) {
		_, w := watch.Begin(ctx, kind, facts...)
		w.End(err)
	}
	do(watch.Request, nil, watch.Word("method", "GET"), watch.Word("route", "/customers/{code}"), watch.Num("status", 404), watch.Num("company", 7))
	do(watch.Job, fault.New(fault.Unavailable, "store.busy"), watch.Word("job", "run"), watch.Num("company", 7))
	do(watch.Batch, nil, watch.Num("company", 7), watch.Num("sent", 5), watch.Num("failed", 1))
	do(watch.Import, nil, watch.Word("mode", "kept"), watch.Num("created", 40))
	do(watch.Import, nil, watch.Word("mode", "rehearsed"), watch.Num("created", 40))
	do(watch.Write, errors.New("disk"))
	got := scraped(t, m)
	for _, line := range []string{
		`relance_http_request_duration_seconds_count{method="GET",route="/customers/{code}",status="4xx"} 1`,
		`relance_job_duration_seconds_count{job="run",outcome="unavailable"} 1`,
		`relance_messages_total{outcome="sent"} 5`,
		`relance_messages_total{outcome="failed"} 1`,
		`relance_messages_total{outcome="uncertain"} 0`,
		`relance_imports_total{mode="rehearsed",outcome="ok"} 1`,
		`relance_import_rows_total{result="created"} 40`,
		`relance_work_duration_seconds_count{outcome="internal",work="sql.update"} 1`,
		`relance_queue_jobs{state="ready"} 3`,
		`relance_queue_jobs{state="dead"} 1`,
		`relance_queue_oldest_seconds 90`,
		`relance_messages_uncertain 2`,
		`relance_backup_timestamp_seconds 1.7900000005e+09`,
		`relance_database_connections{pool="writer",state="busy"} 1`,
		`relance_database_waits_total{pool="writer"} 7`,
		`relance_database_waited_seconds_total{pool="writer"} 1.5`,
		`relance_build_info{database="sqlite",go="go1.26",version="v1.2.3"} 1`,
		`go_goroutines `,
	} {
		if !strings.Contains(got, "\n"+line) {
			t.Errorf("no line %s", line)
		}
	}
	if strings.Contains(got, "company") {
		t.Error("a series for each company")
	}
}

// A database that does not answer leaves its figures out; the process's own are still told.
func TestMeterWithoutDatabase(t *testing.T) {
	got := scraped(t, New(Build{}, fixed{err: errors.New("gone")}))
	if strings.Contains(got, "relance_queue_jobs{") || !strings.Contains(got, `relance_messages_total{outcome="sent"} 0`) {
		t.Error(got)
	}
}
