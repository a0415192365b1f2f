package web

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"relance/internal/ground/fault"
)

// TestShelf: a file waits for its own company, for a while, and no more files than there is room.
func TestShelf(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	now := time.Now()
	s := newShelf(func() time.Time { return now })
	token, err := s.put(1, "../../a.csv", []byte("a"))
	if err != nil {
		t.Fatal(err)
	}
	if name, data, err := s.get(1, token); err != nil || name != "a.csv" || string(data) != "a" {
		t.Errorf("%q %q %v", name, data, err)
	}
	for _, wrong := range []string{"x", ""} {
		if _, _, err := s.get(1, wrong); fault.Of(err) != fault.NotFound {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if _, _, err := s.get(2, token); fault.Of(err) != fault.NotFound {
		t.Errorf("another company reads it: %v", err)
	}
	for range shelfRoom + 5 {
		if _, err := s.put(1, "b.csv", []byte("b")); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(os.TempDir(), shelfName))
	if err != nil || len(files) != shelfRoom {
		t.Errorf("%d files on the shelf, room for %d, %v", len(files), shelfRoom, err)
	}
	now = now.Add(shelfLife + time.Hour)
	last, err := s.put(1, "c.csv", []byte("c"))
	if err != nil {
		t.Fatal(err)
	}
	if files, _ = filepath.Glob(filepath.Join(os.TempDir(), shelfName)); len(files) != 1 {
		t.Errorf("%d files stay after their time", len(files))
	}
	s.take(last)
	if files, _ = filepath.Glob(filepath.Join(os.TempDir(), shelfName)); len(files) != 0 {
		t.Errorf("%d files stay once taken", len(files))
	}
}
