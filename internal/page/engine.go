package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"

	"relance/internal/ground/i18n"
)

//go:embed kit/*.html
var kit embed.FS

// Engine holds every page in every language, parsed once.
type Engine struct {
	pages map[i18n.Lang]map[string]*template.Template
}

// New parses the pages of a door: each file of the folder is a page that defines "content", drawn
// inside the base page; a file whose name begins with "_" holds partials for all of them.
func New(pages fs.FS) (*Engine, error) {
	names, err := fs.Glob(pages, "*.html")
	if err != nil {
		return nil, err
	}
	e := &Engine{pages: map[i18n.Lang]map[string]*template.Template{}}
	for _, l := range i18n.Languages {
		base, err := template.New("base").Funcs(functions(l)).Option("missingkey=error").ParseFS(kit, "kit/*.html")
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			if strings.HasPrefix(n, "_") {
				if base, err = base.ParseFS(pages, n); err != nil {
					return nil, err
				}
			}
		}
		set := map[string]*template.Template{}
		for _, n := range names {
			if strings.HasPrefix(n, "_") {
				continue
			}
			t, err := base.Clone()
			if err == nil {
				t, err = t.ParseFS(pages, n)
			}
			if err != nil {
				return nil, err
			}
			set[strings.TrimSuffix(path.Base(n), ".html")] = t
		}
		e.pages[l] = set
	}
	return e, nil
}

// Names lists the pages.
func (e *Engine) Names() []string {
	var out []string
	for n := range e.pages[i18n.FR] {
		out = append(out, n)
	}
	return out
}

// Render writes a page whole or, when it fails, nothing.
func (e *Engine) Render(w io.Writer, l i18n.Lang, name string, data any) error {
	set := e.pages[l]
	if set == nil {
		set = e.pages[i18n.FR]
	}
	t := set[name]
	if t == nil {
		return fmt.Errorf("no page %q", name)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "base.html", data); err != nil {
		return err
	}
	_, err := b.WriteTo(w)
	return err
}
