package blob_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"testing"

	"relance/internal/ground/fault"
	"relance/internal/store/blob"
	"relance/internal/store/storetest"
)

// What is kept comes back byte for byte, packed or not, once whatever is put twice, on both databases.
func TestRoundTrip(t *testing.T) {
	noise := make([]byte, 20_000) // that nothing packs
	_, _ = rand.Read(noise)       // never fails: it ends the program instead
	files := map[string][]byte{"": {}, "text/plain": bytes.Repeat([]byte("facture "), 10_000), "application/pdf": noise}
	storetest.Each(t, func(t *testing.T, url string) {
		ctx := context.Background()
		f := storetest.Open(t, url).Files()
		at := map[string][]byte{}
		for media, data := range files {
			sha, err := f.Put(ctx, data, media)
			if err != nil {
				t.Fatal(err)
			}
			again, err := f.Put(ctx, data, "other/type")
			if err != nil || again != sha {
				t.Fatalf("twice the same: %s and %s, %v", sha, again, err)
			}
			back, kind, err := f.Get(ctx, sha)
			if err != nil || !bytes.Equal(back, data) || kind != media {
				t.Fatalf("%d bytes of %q came back as %d of %q, %v", len(data), media, len(back), kind, err)
			}
			at[sha] = data
		}
		last, n := "", 0
		if err := f.Each(ctx, func(sha, _ string, data []byte) error {
			if sha <= last || !bytes.Equal(at[sha], data) {
				t.Errorf("%s after %s, %d bytes", sha, last, len(data))
			}
			last = sha
			n++
			return nil
		}); err != nil || n != len(files) {
			t.Fatalf("%d files walked, %v", n, err)
		}
		enough := errors.New("enough")
		if err := f.Each(ctx, func(string, string, []byte) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("a walk that is stopped: %v", err)
		}
	})
}

// What is not there, or too large, is said.
func TestRefused(t *testing.T) {
	ctx := context.Background()
	f := storetest.Open(t, storetest.SQLite(t)).Files()
	if _, _, err := f.Get(ctx, "00"); fault.Key(err) != "file.none" {
		t.Errorf("an unknown file: %v", err)
	}
	if _, err := f.Put(ctx, make([]byte, blob.MaxSize+1), ""); fault.Key(err) != "file.too-large" {
		t.Errorf("a file beyond the limit: %v", err)
	}
}
