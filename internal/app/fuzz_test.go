package app

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/store/storetest"
)

// zipWith is a zip of some entries.
func zipWith(tb testing.TB, entries ...[2]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		w, err := z.Create(e[0])
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, e[1]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// FuzzUpload: whatever is sent as a zip, its files have names inside it, no more bytes than they say, and a file that
// one of them names lies inside it too.
func FuzzUpload(f *testing.F) {
	f.Add(zipWith(f, [2]string{"a.csv", "number;file\n1;b.pdf\n"}, [2]string{"dir/b.pdf", "%PDF-"}), "b.pdf")
	f.Add(zipWith(f, [2]string{"../a.csv", "x"}), "../../etc/passwd")
	f.Add(zipWith(f, [2]string{`c:\a.csv`, "x"}, [2]string{"/etc/passwd", "x"}), "/etc/passwd")
	f.Add(zipWith(f, [2]string{"bomb.csv", strings.Repeat("0", 1<<16)}), `..\a`)
	f.Add([]byte("PK\x05\x06"), "")
	f.Fuzz(func(t *testing.T, b []byte, near string) {
		set, err := FilesIn("up.zip", b)
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Error(err)
			}
			return
		}
		defer set.Close()
		for _, file := range set.Files {
			if !fs.ValidPath(file.Name) || strings.Contains(file.Name, `\`) {
				t.Errorf("a file called %q", file.Name)
			}
			if in, err := file.Open(); err == nil {
				if n, _ := in.ReadAt(make([]byte, 1), file.Size); n > 0 {
					t.Errorf("%s says %d bytes and holds more", file.Name, file.Size)
				}
				_ = in.Close()
			}
			if file.Near == nil {
				continue
			}
			if other, err := file.Near(near); err == nil && (!fs.ValidPath(other.Name) || !strings.HasPrefix(other.Name, "up.zip/")) {
				t.Errorf("%q near %s is %q", near, file.Name, other.Name)
			}
		}
	})
}

// FuzzRestore: a backup that somebody has touched is read whole, its journals verified, or refused with nothing kept.
func FuzzRestore(f *testing.F) {
	a := New(Options{Store: storetest.Open(f, storetest.SQLite(f))})
	co, err := a.CreateCompany(f.Context(), "AV", org.Profile{Name: "Atelier"})
	if err != nil {
		f.Fatal(err)
	}
	if _, err := a.As(System(co.ID, "x")).AddUser(f.Context(), org.User{Email: "a@b.example", Role: org.Admin}, "a long enough secret"); err != nil {
		f.Fatal(err)
	}
	var whole bytes.Buffer
	if _, err := a.Backup(f.Context(), &whole); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes(), 0, byte(0))
	f.Add(whole.Bytes(), 200, byte(0xff))
	f.Add(zipWith(f, [2]string{"manifest.json", `{"program":"relance"}`}), 0, byte(0))
	f.Fuzz(func(t *testing.T, b []byte, at int, with byte) {
		b = bytes.Clone(b)
		if at > 0 && at < len(b) {
			b[at] ^= with
		}
		url := storetest.SQLite(t)
		bare := New(Options{Store: storetest.Open(t, url)})
		opened, err := OpenBackup(bytes.NewReader(b), int64(len(b)))
		if err == nil {
			_, err = bare.Restore(t.Context(), opened)
		}
		if err != nil {
			bare = New(Options{Store: storetest.Open(t, url)}) // as the next who opens it finds it
		}
		list, listErr := bare.Companies(t.Context())
		if listErr != nil {
			t.Fatal(listErr)
		}
		if err != nil {
			if len(list) > 0 {
				t.Errorf("refused (%v), and a company is kept", err)
			}
			return
		}
		for _, c := range list {
			if v, err := bare.As(System(c.ID, "x")).VerifyJournal(t.Context()); err != nil || v.Broken != "" {
				t.Errorf("restored with a journal that is %+v: %v", v, err)
			}
		}
	})
}
