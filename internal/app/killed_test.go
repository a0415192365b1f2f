package app

import (
	"context"
	"encoding/json"
	"os/exec"
	"testing"

	"relance/internal/ground/fault"
	"relance/internal/store"
)

// TestKilled: an import whose process was killed is taken back at once by the next import or run
// of the machine; nothing is decided of what it left.
func TestKilled(t *testing.T) {
	ctx, l := context.Background(), newLetterbox(t)
	l.put(ImportInvoices, "1.csv", "number,issued,due,amount,customer\nF-1,2026-10-01,2026-10-31,100.00,C1\n")
	before := l.ledger()
	r := l.put(ImportInvoices, "2.csv", "number,issued,due,amount,customer\nF-2,2026-10-01,2026-10-31,9.00,C2\n")

	gone := exec.Command("go", "version")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	at := l.d.now().UnixMilli()
	interrupt := func(p pulse) {
		t.Helper()
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		err = l.s.Update(ctx, l.d.actor.Company, func(tx *store.Tx) error {
			f, err := tx.Import(ctx, r.ID)
			f.State, f.Report = "running", string(b)
			if err != nil {
				return err
			}
			return tx.SetImport(ctx, &f)
		})
		if err != nil {
			t.Fatal(err)
		}
	}

	interrupt(pulse{Alive: at, Machine: "another", Process: gone.Process.Pid})
	if _, err := l.d.Plan(ctx, 0); fault.Key(err) != "app.run.importing" {
		t.Errorf("a plan of half an import: %v", err)
	}
	if _, err := l.d.Run(ctx, RunOptions{}); fault.Key(err) != "app.run.importing" {
		t.Errorf("another machine's import may live: %v", err)
	}
	interrupt(pulse{Alive: at, Machine: machine(), Process: gone.Process.Pid})
	if _, err := l.d.Run(ctx, RunOptions{}); err != nil {
		t.Error(err)
	}
	l.holds(before)
}
