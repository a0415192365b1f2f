package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relance/internal/ground/fault"
)

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A .gz is the file it packs, alone, in a folder or sent by a browser; what packs little is read from memory, what
// packs more from the disk.
func TestGzip(t *testing.T) {
	dir := t.TempDir()
	lines := "number,due,amount,customer\nF-1,2026-10-31,100.00,C1\n"
	if err := os.WriteFile(filepath.Join(dir, "Factures.CSV.GZ"), packed(t, lines), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "plain.csv"), []byte("number,due,amount,customer\nF-2,2026-10-31,5.00,C1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l := newLetterbox(t)
	set, err := FilesAt([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	r, err := l.d.Import(context.Background(), set.Files, ImportOptions{Kind: ImportInvoices})
	if err != nil || r.Failure() != nil || len(r.Files) != 2 || r.Files[0].File != "Factures.CSV" || r.Files[0].Created != 1 {
		t.Fatalf("%v %+v", err, r)
	}
	for _, open := range []func() (*FileSet, error){
		func() (*FileSet, error) { return FilesAt([]string{filepath.Join(dir, "Factures.CSV.GZ")}) },
		func() (*FileSet, error) { return FilesIn("x/Factures.csv.gz", packed(t, lines)) },
	} {
		set, err := open()
		if err != nil {
			t.Fatal(err)
		}
		r, err := l.d.Import(context.Background(), set.Files, ImportOptions{Kind: ImportInvoices})
		if err != nil || r.Failure() != nil || r.Files[0].Unchanged != 1 {
			t.Errorf("%v %+v", err, r)
		}
		set.Close()
	}

	var many strings.Builder
	many.WriteString("number,due,amount,customer\n")
	for i := 0; many.Len() <= zipInMemory; i++ {
		many.WriteString(strings.Repeat("x", i%7) + ",2026-10-31,notanumber,C1\n")
	}
	set, err = FilesIn("large.csv.gz", packed(t, many.String()))
	if err != nil {
		t.Fatal(err)
	}
	src, err := set.Files[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	tail := make([]byte, 20)
	if _, err := src.ReadAt(tail, set.Files[0].Size-20); err != nil || string(tail) != many.String()[many.Len()-20:] {
		t.Errorf("%q %v", tail, err)
	}
	if err := src.Close(); err != nil {
		t.Error(err)
	}
}

func TestHostileGzip(t *testing.T) {
	good := packed(t, strings.Repeat("a;b\n", 1000))
	wrong := bytes.Clone(good)
	wrong[len(wrong)-6] ^= 1 // its checksum
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"a bomb":       {packed(t, strings.Repeat("0", 20<<20)), "import.gz.bomb"},
		"cut":          {good[:len(good)-12], "import.gz.damaged"},
		"a wrong sum":  {wrong, "import.gz.damaged"},
		"no gzip":      {[]byte("a;b\n1;2\n"), "import.gz.damaged"},
		"nothing":      {nil, "import.gz.damaged"},
		"noise inside": {append(bytes.Clone(good[:10]), bytes.Repeat([]byte{0xff}, 50)...), "import.gz.damaged"},
	} {
		if _, err := FilesIn("x.csv.gz", c.data); fault.Key(err) != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
}
