package store

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "relance.db")
	if _, err := Open(context.Background(), "sqlite:"+path, false); err == nil {
		t.Fatal("a missing database opened")
	}
	for range 2 {
		s, err := Open(context.Background(), "sqlite:"+path, true)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []string{path, FilesPath(path)} {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v", p, info.Mode())
		}
	}
}
