package store_test

import (
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
	left := []string{
		"session",   // a restored house is entered by its door
		"mail_line", // a connection does not outlive its process
		"job",       // background work is asked for again
		"counter",   // moved past the rows that were loaded
		"upkeep",    // a restored house has no backup of its own yet
	}
	for _, sql := range store.Migrations() {
		for _, m := range regexp.MustCompile(`CREATE TABLE (?:IF NOT EXISTS )?(\w+)`).FindAllStringSubmatch(sql, -1) {
			if !slices.Contains(store.Tables(), m[1]) && !slices.Contains(left, m[1]) {
				t.Errorf("table %s is in no backup", m[1])
			}
		}
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
