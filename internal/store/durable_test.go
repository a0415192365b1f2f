package store_test

import (
	"slices"
	"strings"
	"testing"

	"relance/internal/store"
	"relance/internal/store/storetest"
)

// What was acknowledged survives a power loss: SQLite waits for the disk at each commit, on the ledger and on the documents;
// of a PostgreSQL that was told not to, it is said.
func TestAcknowledgedIsOnTheDisk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		at, err := s.Schema(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if s.Dialect() == store.SQLite {
			if len(at.Loses) > 0 {
				t.Errorf("%v", at.Loses)
			}
			set, err := s.Pragmas(t.Context(), "synchronous", "journal_mode")
			if err != nil {
				t.Fatal(err)
			}
			for what, got := range set {
				if !slices.Contains([]string{"2", "3", "wal"}, got) {
					t.Errorf("%s is %s", what, got)
				}
			}
			return
		}
		var off []string
		for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
			var setting string
			if err := s.Pool().QueryRow(t.Context(), "SHOW "+name).Scan(&setting); err != nil {
				t.Fatal(err)
			}
			if setting == "off" {
				off = append(off, name)
			}
		}
		if strings.Join(off, " ") != strings.Join(at.Loses, " ") {
			t.Errorf("told %v, off are %v", at.Loses, off)
		}
	})
}
