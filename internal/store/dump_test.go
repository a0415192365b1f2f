package store_test

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"testing"

	"relance/internal/store"
	"relance/internal/store/storetest"
)

// TestBackupHoldsEveryTable: a table that a migration makes and that backups do not know would be
// lost at the next restore.
func TestBackupHoldsEveryTable(t *testing.T) {
	left := append(store.Stays(), "counter") // moved past the rows that were loaded
	for _, sql := range store.Migrations() {
		for _, m := range regexp.MustCompile(`CREATE TABLE (?:IF NOT EXISTS )?(\w+)`).FindAllStringSubmatch(sql, -1) {
			if !slices.Contains(store.Tables(), m[1]) && !slices.Contains(left, m[1]) {
				t.Errorf("table %s is in no backup", m[1])
			}
		}
	}
}

// TestDumpFollowsTheKeys: the order of a dump is that of the table's primary key, so that the same rows
// give the same bytes.
func TestDumpFollowsTheKeys(t *testing.T) {
	if err := store.CheckKeys(context.Background(), storetest.Open(t, storetest.SQLite(t))); err != nil {
		t.Error(err)
	}
}

// TestDumpKeepsEveryByte: a text that is no UTF-8, which SQLite keeps, comes back as it was.
func TestDumpKeepsEveryByte(t *testing.T) {
	ctx, from, to := context.Background(), storetest.Open(t, storetest.SQLite(t)), storetest.Open(t, storetest.SQLite(t))
	const odd = "caf\xe9 \u2028 \x00 <&> \"é\""
	var b, back bytes.Buffer
	err := from.Update(ctx, 1, func(tx *store.Tx) error { return tx.SetSetting(ctx, "odd", odd) })
	if err != nil {
		t.Fatal(err)
	}
	dump := func(s *store.Store, w *bytes.Buffer) {
		t.Helper()
		if err := s.View(ctx, 0, func(tx *store.Tx) error {
			n, err := tx.DumpTable(ctx, "setting", w)
			if n != 1 {
				t.Errorf("%d rows", n)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	dump(from, &b)
	if n, err := to.LoadTable(ctx, "setting", bytes.NewReader(b.Bytes())); err != nil || n != 1 {
		t.Fatalf("%d rows, %v", n, err)
	}
	dump(to, &back)
	if back.String() != b.String() {
		t.Errorf("%s came back as %s", b.String(), back.String())
	}
	if err := to.View(ctx, 1, func(tx *store.Tx) error {
		got, err := tx.Setting(ctx, "odd")
		if got != odd {
			t.Errorf("%q came back as %q", odd, got)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestMigrateTwice: a schema that is up to date is left alone.
func TestMigrateTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		n, err := s.Migrate(context.Background())
		if err != nil || n != 0 {
			t.Fatalf("%d steps applied again, %v", n, err)
		}
	})
}
