package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"relance/internal/ground/i18n"
)

//go:embed kit/*.html
var kit embed.FS

// Engine holds every page in every language. A page is parsed when it is first drawn: each carries a
// copy of all partials, and a desk that has just opened would hold forty megabytes of pages that
// nobody has asked for. A page that cannot be parsed is found by a test (Load).
type Engine struct {
	files fs.FS
	names []string // of pages

	mu    sync.Mutex // guards what follows
	bases map[i18n.Lang]*template.Template
	pages map[drawn]*template.Template
}

// drawn names a page in a language.
type drawn struct {
	lang i18n.Lang
	name string
}

// New opens the pages of a door: each file of the folder is a page that defines "content", drawn
// inside the base page; a file whose name begins with "_" holds partials for all of them.
func New(pages fs.FS) (*Engine, error) {
	files, err := fs.Glob(pages, "*.html")
	if err != nil {
		return nil, err
	}
	e := &Engine{files: pages, bases: map[i18n.Lang]*template.Template{}, pages: map[drawn]*template.Template{}}
	for _, n := range files {
		if !strings.HasPrefix(n, "_") {
			e.names = append(e.names, strings.TrimSuffix(path.Base(n), ".html"))
		}
	}
	return e, nil
}

// page is a page in a language, parsed once.
func (e *Engine) page(l i18n.Lang, name string) (*template.Template, error) {
	if !slices.Contains(i18n.Languages, l) {
		l = i18n.FR
	}
	if !slices.Contains(e.names, name) {
		return nil, fmt.Errorf("no page %q", name)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if t := e.pages[drawn{l, name}]; t != nil {
		return t, nil
	}
	base, err := e.base(l)
	if err != nil {
		return nil, err
	}
	t, err := base.Clone()
	if err == nil {
		t, err = t.ParseFS(e.files, name+".html")
	}
	if err != nil {
		return nil, err
	}
	e.pages[drawn{l, name}] = t
	return t, nil
}

// Load parses every page in every language at once.
func (e *Engine) Load() error {
	for _, l := range i18n.Languages {
		for _, n := range e.names {
			if _, err := e.page(l, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// base is what every page of a language begins with; it is never drawn itself.
func (e *Engine) base(l i18n.Lang) (*template.Template, error) {
	if t := e.bases[l]; t != nil {
		return t, nil
	}
	t, err := template.New("base").Funcs(functions(l)).Option("missingkey=error").ParseFS(kit, "kit/*.html")
	if err != nil {
		return nil, err
	}
	partials, err := fs.Glob(e.files, "_*.html")
	if err == nil && len(partials) > 0 {
		t, err = t.ParseFS(e.files, partials...)
	}
	if err != nil {
		return nil, err
	}
	e.bases[l] = t
	return t, nil
}

// Names lists the pages.
func (e *Engine) Names() []string { return slices.Clone(e.names) }

// Render writes a page whole or, when it fails, nothing.
func (e *Engine) Render(w io.Writer, l i18n.Lang, name string, data any) error {
	t, err := e.page(l, name)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "base.html", data); err != nil {
		return err
	}
	_, err = b.WriteTo(w)
	return err
}
