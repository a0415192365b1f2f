package web

import (
	"mime"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/ground/fault"
)

// framed lets an answer stand inside our own pages, and nothing in it run.
const framed = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

// pdf answers a document of ours: shown in place, named when it is saved.
func (v *visit) pdf(b []byte, name string) error {
	h := v.w.Header()
	// No more than this: a browser's own viewer is made of scripts, styles and an embedded object.
	h.Set("Content-Security-Policy", "frame-ancestors 'self'")
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", disposition("inline", name))
	h.Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = v.w.Write(b) // a reader who left is no fault of ours
	return nil
}

// download answers bytes that came from outside: never shown in place, nothing in them runs.
func (v *visit) download(p app.Paper) error {
	h := v.w.Header()
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	kind := p.Media
	if kind == "" {
		kind = http.DetectContentType(p.Data)
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", disposition("attachment", p.Name))
	_, _ = v.w.Write(p.Data) // a reader who left is no fault of ours
	return nil
}

func disposition(how, name string) string {
	name = filepath.Base(strings.Map(func(r rune) rune {
		if r < ' ' || r == '"' || r == '\\' || r == '/' {
			return '-'
		}
		return r
	}, name))
	if s := mime.FormatMediaType(how, map[string]string{"filename": name}); s != "" {
		return s
	}
	return how
}

// lines gives a text of several lines the line breaks of the program.
func lines(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

func parseID(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.New(fault.NotFound, "web.error.no-page")
	}
	return n, nil
}

func paperOf(f DemoFile) app.Paper { return app.Paper{Name: f.Name, Media: f.Media, Data: f.Data} }
