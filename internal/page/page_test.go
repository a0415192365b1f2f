package page

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
)

// say renders one template with the kit's functions.
func say(t *testing.T, l i18n.Lang, source string, data any) string {
	t.Helper()
	e, err := New(fstest.MapFS{"x.html": {Data: []byte(`{{define "content"}}` + source + `{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	type plain struct {
		Frame
		Data any
	}
	var b bytes.Buffer
	if err := e.Render(&b, l, "x", plain{Frame{Lang: l, Title: "t", Plain: true}, data}); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(b.String(), `<main id="main">`)
	out, _, _ := strings.Cut(rest, "</main>")
	return strings.NewReplacer("\u00a0", " ", "\u202f", "_").Replace(out)
}

func TestWordsOfTemplates(t *testing.T) {
	day := cal.MustParse("2026-11-25")
	for _, c := range []struct {
		source string
		data   any
		fr, en string
	}{
		{source: `{{sum .Data "EUR"}}`, data: int64(123456), fr: "1_234,56_€", en: "€1,234.56"},
		{source: `{{plain .Data "EUR"}}`, data: int64(0)},
		{source: `{{figure .Data "EUR"}}`, data: int64(0), fr: "0,00", en: "0.00"},
		{source: `{{date .Data}}`, data: day, fr: "25 nov. 2026", en: "25 Nov 2026"},
		{source: `{{ago .Data 739215}}`, data: cal.Date(739215), fr: "aujourd’hui", en: "today"},
		{source: `{{due .Data 739203}}`, data: cal.Date(739215), fr: "échue depuis 12 j", en: "12 days late"},
		{source: `{{due .Data 739216}}`, data: cal.Date(739215), fr: "échoit dans 1 j", en: "due in 1 day"},
		{source: `{{percent .Data 3000}}`, data: int64(1995), fr: "67_%", en: "67%"},
		{source: `{{tenths .Data}}`, data: 1009, fr: "100,9", en: "100.9"},
		{source: `{{siren .Data}}`, data: "732829320", fr: "732_829_320", en: "732_829_320"},
		{source: `<a href="/customers/{{seg .Data}}">`, data: `a/b?c#d"<`, fr: `<a href="/customers/a%2Fb%3Fc%23d%22%3C">`, en: `<a href="/customers/a%2Fb%3Fc%23d%22%3C">`},
		{source: `{{.Data}}`, data: `<b onclick="x">`, fr: `&lt;b onclick=&#34;x&#34;&gt;`, en: `&lt;b onclick=&#34;x&#34;&gt;`},
		{source: `{{cap .Data}}`, data: "échu", fr: "Échu", en: "Échu"},
	} {
		for l, want := range map[i18n.Lang]string{i18n.FR: c.fr, i18n.EN: c.en} {
			if got := say(t, l, c.source, c.data); got != want {
				t.Errorf("%s of %v in %s: %q, want %q", c.source, c.data, l, got, want)
			}
		}
	}
}

// TestFieldKeepsWhatWasTyped: a refused form shows what was typed, and its error beside the field.
func TestFieldKeepsWhatWasTyped(t *testing.T) {
	f := Form{Name: "hold", Values: url.Values{"until": {"hier"}, "why": {`"<x>`}}, Error: "indiquez une date", Field: "until"}
	got := say(t, i18n.FR, `{{template "field" (field .Data "hold" "until" "label" "Jusqu’au" "type" "date")}}{{template "field" (field .Data "hold" "why" "label" "Pourquoi")}}{{template "field" (field .Data "promise" "on" "label" "Le" "value" "1")}}`, f)
	for _, want := range []string{`value="hier"`, `aria-invalid="true" aria-describedby="hold-until-error"`, `id="hold-until-error"`, "Indiquez une date", `value="&#34;&lt;x&gt;"`, `value="1"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Count(got, "aria-invalid") != 1 {
		t.Error("more than one field is wrong")
	}
}

// TestLinePlacesEverySteps: marks stay on the line, in order, and never upon one another, however
// close or many their days are.
func TestLinePlacesEveryStep(t *testing.T) {
	for _, days := range [][]int{{-7, 5, 12, 20, 32, 45, 62}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}, {30}, {-30, 400}, {3, 3, 3}} {
		var marks []Mark
		for i, d := range days {
			marks = append(marks, Mark{At: d, Label: fmt.Sprint(i), State: map[bool]string{true: "past"}[i == 0]})
		}
		xs, origin := places(marks)
		for i, x := range xs {
			if x > lineEnd || i > 0 && x-xs[i-1] < min(apart, 2) {
				t.Errorf("%v: %v", days, xs)
				break
			}
		}
		if origin < lineLeft || origin > lineEnd {
			t.Errorf("%v: the due date stands at %d", days, origin)
		}
		if svg := string(Line(marks, `<"title">`, "&")); strings.Contains(svg, `<"`) || !strings.Contains(svg, "&amp;") {
			t.Errorf("not escaped: %s", svg)
		}
	}
}

// TestBarShowsEveryPart: a part that is not empty is seen, and together they never pass the end.
func TestBarShowsEveryPart(t *testing.T) {
	svg := string(Bar([]Share{{"a", 1, "x"}, {"b", 1_000_000, "<y>"}, {"c", 0, "z"}, {"d", -5, "w"}, {"e", 2, "v"}}, "t"))
	if n := strings.Count(svg, "<rect"); n != 3 || strings.Contains(svg, "<y>") {
		t.Errorf("%d parts: %s", n, svg)
	}
	if empty := string(Bar([]Share{{"a", 0, ""}}, "t")); strings.Contains(empty, "<rect") {
		t.Error("nothing is drawn as something")
	}
}

func TestAssets(t *testing.T) {
	for name, code := range map[string]int{Asset("app.css"): 200, Asset("app.js"): 200, "/static/f/inter-latin.woff2": 200, "/static/000000000000/app.css": 404, "/static/x/../../page.go": 404, "/static/x/none": 404} {
		w := httptest.NewRecorder()
		ServeAsset(w, httptest.NewRequest(http.MethodGet, name, nil))
		if w.Code != code {
			t.Errorf("%s: %d", name, w.Code)
		}
		if code == 200 && !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s is not kept", name)
		}
	}
}
