package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed static
var static embed.FS

// assets maps each static file to its address: the name carries a digest of the content, so that
// it can be kept for ever.
var assets = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	err := fs.WalkDir(static, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := static.ReadFile(p)
		if err != nil {
			return err
		}
		h := sha256.Sum256(b)
		name := path.Base(p)
		out[name] = "/static/" + hex.EncodeToString(h[:6]) + "/" + name
		return nil
	})
	if err != nil {
		panic(err) // the files are inside the program
	}
	return out
})

// Asset is the address of a static file.
func Asset(name string) string { return assets()[name] }

// types names what the file names of the program may not tell everywhere.
var types = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".woff2": "font/woff2",
	".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8"}

// ServeAsset answers /static/DIGEST/NAME; another digest is not found, the style sheet's relative
// addresses of the fonts excepted.
func ServeAsset(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.URL.Path)
	known, ok := assets()[name]
	if !ok || known != r.URL.Path && !strings.HasSuffix(name, ".woff2") {
		http.NotFound(w, r)
		return
	}
	b, err := static.ReadFile("static/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	kind := types[path.Ext(name)]
	if kind == "" {
		kind = mime.TypeByExtension(path.Ext(name))
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(b) // a reader who left is no fault of ours
}
