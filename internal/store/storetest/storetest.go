package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"relance/internal/store"
)

// Server is the environment variable that names a PostgreSQL server for the tests.
const Server = "RELANCE_TEST_POSTGRES"

var told sync.Once

// Each runs a test on each database there is. Without a server the PostgreSQL half is not
// registered, and one line says so; with RELANCE_REQUIRE_ALL it is a failure.
func Each(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	if os.Getenv(Server) == "" {
		if os.Getenv("RELANCE_REQUIRE_ALL") != "" {
			t.Errorf("%s is not set: PostgreSQL is not tested", Server)
		}
		told.Do(func() { fmt.Printf("PostgreSQL is not tested: %s names no server\n", Server) })
		return
	}
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite is the address of a file that does not exist yet.
func SQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "relance.db") }

// Postgres is the address of an empty schema, dropped after the test.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Server)
	ctx := context.Background()
	b := make([]byte, 8)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	schema := "t_" + hex.EncodeToString(b)
	run := func(q string) error {
		c, err := pgx.Connect(ctx, server)
		if err != nil {
			return err
		}
		defer c.Close(ctx)
		_, err = c.Exec(ctx, q)
		return err
	}
	if err := run("CREATE SCHEMA " + schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run("DROP SCHEMA " + schema + " CASCADE"); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// Open opens an empty database and closes it after the test.
func Open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), url, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
