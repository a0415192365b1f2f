package store_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"relance/internal/domain/org"
	"relance/internal/ground/id"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

var bg = context.Background()

// beOneOfMany makes the test's own process a node that opens a database and leaves.
const beOneOfMany = "RELANCE_TEST_OPEN"

func TestMain(m *testing.M) {
	if url := os.Getenv(beOneOfMany); url != "" {
		os.Exit(openOnce(url))
	}
	os.Exit(m.Run())
}

func openOnce(url string) int {
	s, err := store.Open(bg, url, true)
	if err == nil {
		err = s.Update(bg, 0, func(tx *store.Tx) error {
			return tx.InsertCompany(bg, &org.Company{Code: fmt.Sprint(os.Getpid()), Profile: org.Profile{Name: "A"}})
		})
	}
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Nodes that start at once on a database that is empty, or of the version before, bring it up to date together: one does the
// work, the others wait for it.
func TestNodesStartAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		const nodes = 6
		var wg sync.WaitGroup
		for range nodes {
			wg.Go(func() {
				c := exec.Command(os.Args[0])
				c.Env = append(os.Environ(), beOneOfMany+"="+url)
				if out, err := c.CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, out)
				}
			})
		}
		wg.Wait()
		s := storetest.Open(t, url)
		if err := s.View(t.Context(), 0, func(tx *store.Tx) error {
			list, err := tx.Companies(t.Context())
			if len(list) != nodes {
				t.Errorf("%d nodes wrote", len(list))
			}
			seen := map[id.Company]bool{}
			for _, c := range list {
				seen[c.ID] = true
			}
			if len(seen) != nodes {
				t.Error("two nodes gave one identifier")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// A node of the version before goes on while a newer one changes the schema under it: a step of the schema only adds. What
// takes away, or changes what stands, waits for a version that no node of the one before still runs beside.
func TestStepsOnlyAdd(t *testing.T) {
	for i, sql := range store.Migrations() {
		if i < 5 {
			continue // before the first release
		}
		for _, word := range []string{"DROP TABLE", "DROP COLUMN", "RENAME", "ALTER COLUMN", "SET NOT NULL"} {
			if strings.Contains(strings.ToUpper(sql), word) {
				t.Errorf("step %d says %s", i+1, word)
			}
		}
	}
}
