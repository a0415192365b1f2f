package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

// A reading that is cut at any of its rows is an error: it is no panic, and no answer of the part that was read.
func TestCutWhileReading(t *testing.T) {
	ctx, day := context.Background(), cal.MustParse("2026-11-23")
	list := append(hotQuestions(),
		hot{name: "customers of a page", ask: func(tx *store.Tx) error { _, err := tx.CustomerRows(ctx, day, []id.Customer{50, 100, 150}); return err }},
		hot{name: "payments that may come back", ask: func(tx *store.Tx) error {
			_, err := tx.PastPayments(ctx, money.EUR, []int64{1000, 10000, 100000}, day.AddDays(-400), day)
			return err
		}},
		hot{name: "ranks", ask: func(tx *store.Tx) error { _, err := tx.Ranks(ctx, day); return err }},
		hot{name: "users", ask: func(tx *store.Tx) error { _, err := tx.Users(ctx); return err }},
	)
	storetest.Each(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		fill(t, db)
		rows := 0
		for _, q := range list {
			for n := range 300 {
				cut := false
				err := db.Update(ctx, 1, func(tx *store.Tx) (err error) {
					if cut, err = store.Cut(tx, n, q.ask); err == nil {
						err = errLooked // nothing is kept
					}
					return err
				})
				if !cut {
					break
				}
				if rows++; errors.Is(err, errLooked) {
					t.Errorf("%s: cut at row %d, it is answered", q.name, n)
				}
			}
		}
		if rows < 100 {
			t.Errorf("only %d readings were cut", rows)
		}
	})
}

// What a caller that gives up is told is true, then and some moments later: kept, or not.
func TestNothingIsKeptLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		fill(t, db)
		ctx, r := context.Background(), rand.New(rand.NewPCG(1, 2))
		kept := func(name string) (value string) {
			if err := db.View(ctx, 1, func(tx *store.Tx) (err error) { value, err = tx.Setting(ctx, name); return err }); err != nil {
				t.Fatal(err)
			}
			return value
		}
		gaveUp := 0
		for i := range 200 {
			name := fmt.Sprintf("story.%d", i)
			hasty, cancel := context.WithTimeout(ctx, time.Microsecond<<r.IntN(13))
			err := db.Update(hasty, 1, func(tx *store.Tx) error { return tx.SetSetting(hasty, name, "kept") })
			cancel()
			at := kept(name)
			time.Sleep(5 * time.Millisecond)
			if later := kept(name); later != at || (err == nil) != (at == "kept") {
				t.Errorf("%d: %v, then %q, then %q", i, err, at, later)
			}
			if err != nil {
				gaveUp++
			}
		}
		if gaveUp == 0 {
			t.Error("nobody gave up")
		}
	})
}
