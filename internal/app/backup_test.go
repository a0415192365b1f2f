package app

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

// What was backed up on one database is found again on the other: rows, documents, chain.
func TestBackupMovesHouse(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.run()
		sha, err := s.app.store.Files().Put(s.ctx, []byte("a document"), "text/plain")
		s.must(err)
		b, m := s.backup()
		storetest.Each(t, func(t *testing.T, url string) {
			to := New(Options{Store: storetest.Open(t, url), Now: func() time.Time { return s.at }, Mail: s.mail, Print: paper{}})
			r, err := restore(to, b)
			if err != nil || r.Rows() != m.Rows() || r.Facts == 0 || r.Missing != 0 || r.Files != 1 {
				t.Fatalf("%+v restored of %+v: %v", r, m, err)
			}
			if data, media, err := to.store.Files().Get(s.ctx, sha); err != nil || string(data) != "a document" || media != "text/plain" {
				t.Fatalf("document %q %q %v", data, media, err)
			}
			d := to.As(s.desk.actor)
			w, err := d.Why(s.ctx, "F-1", 0)
			if err != nil || w.Items[0].Level != 1 {
				t.Fatalf("%+v %v", w, err)
			}
			// The house goes on living: new identifiers do not meet old ones.
			moved := &stage{t: t, ctx: s.ctx, app: to, desk: d, mail: s.mail, at: s.at.AddDate(0, 0, 21)}
			moved.invoice("F-2", "C1", "2026-12-07", "80.00")
			moved.run()
			if v, err := d.VerifyJournal(s.ctx); err != nil || v.Broken != "" {
				t.Fatal(v, err)
			}
			// A house that is lived in is left as it is, documents included.
			theirs, _ := s.backup()
			files := s.filesOf(to)
			if _, err := restore(to, theirs); fault.Key(err) != "store.backup.not-bare" {
				t.Fatalf("restored over a company: %v", err)
			}
			if got := s.filesOf(to); got != files {
				t.Errorf("a refused restore left documents: %s, before: %s", got, files)
			}
		})
	})
}

// backup is the house in a file.
func (s *stage) backup() ([]byte, Manifest) {
	s.t.Helper()
	var b bytes.Buffer
	m, err := s.app.Backup(s.ctx, &b)
	s.must(err)
	return b.Bytes(), m
}

func restore(to *App, b []byte) (*Restored, error) {
	f, err := OpenBackup(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	return to.Restore(context.Background(), f)
}

// filesOf lists the documents of a house.
func (s *stage) filesOf(a *App) string {
	s.t.Helper()
	var out []string
	s.must(a.store.Files().Each(s.ctx, func(sha, _ string, _ []byte) error {
		out = append(out, sha[:8])
		return nil
	}))
	return strings.Join(out, " ")
}

// another is an empty house on a database of the stage's kind.
func (s *stage) another() *App {
	s.t.Helper()
	url := storetest.SQLite(s.t)
	if s.app.store.Dialect() == store.Postgres {
		url = storetest.Postgres(s.t)
	}
	return New(Options{Store: storetest.Open(s.t, url), Now: func() time.Time { return s.at }})
}

// empty wants a database in which a person may begin, or restore again.
func empty(t *testing.T, a *App) {
	t.Helper()
	if h, err := a.store.Standing(context.Background()); err != nil || h.State != store.Lived {
		t.Errorf("it stands %q, %v", h.State, err)
	}
	// A schema that was cleared is made again by whoever enters.
	if _, err := a.store.Migrate(context.Background()); err != nil {
		t.Error(err)
	}
	if list, err := a.Companies(context.Background()); err != nil || len(list) != 0 {
		t.Errorf("%d companies were left, %v", len(list), err)
	}
}

// altered is a backup in which one part is changed; its zip checksums hold.
func altered(t *testing.T, b []byte, part string, change func([]byte) []byte) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to, changed := zip.NewWriter(&out), false
	for _, f := range from.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			was := data
			data = change(bytes.Clone(data))
			changed = !bytes.Equal(was, data)
			if data == nil {
				continue
			}
		}
		w, err := to.CreateHeader(&zip.FileHeader{Name: f.Name, Comment: f.Comment})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if !changed {
		t.Fatalf("%s was not changed", part)
	}
	return out.Bytes()
}

// resealed is a backup whose manifest agrees with a part that was changed: somebody who knows the format.
func resealed(t *testing.T, b []byte, table string, change func([]byte) []byte) []byte {
	t.Helper()
	var part []byte
	b = altered(t, b, "tables/"+table+".ndjson", func(data []byte) []byte {
		part = change(data)
		return part
	})
	return altered(t, b, "manifest.json", func(data []byte) []byte {
		var m Manifest
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(part)
		m.Tables[table] = Part{Rows: bytes.Count(part, []byte("\n")) - 1, SHA256: hex.EncodeToString(sum[:])}
		out, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return out
	})
}

// A backup that is cut, or altered anywhere, restores nothing, says where, and leaves a database in
// which a good one is restored.
func TestDamagedBackup(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		sha, err := s.app.store.Files().Put(s.ctx, []byte("a document"), "text/plain")
		s.must(err)
		b, _ := s.backup()
		swap := func(old, new string) func([]byte) []byte {
			return func(data []byte) []byte { return bytes.Replace(data, []byte(old), []byte(new), 1) }
		}
		invoices := "tables/invoice.ndjson"
		for _, x := range []struct {
			name string
			b    []byte
			key  string
			says string
		}{
			{"nothing", nil, "store.backup.not", ""},
			{"noise", bytes.Repeat([]byte("x"), 1000), "store.backup.not", ""},
			{"half", b[:len(b)/2], "store.backup.cut", strconv.Itoa(len(b) / 2)},
			{"without its end", b[:len(b)-30], "store.backup.cut", strconv.Itoa(len(b) - 30)},
			{"an amount", altered(t, b, invoices, swap("120000", "120001")), "store.backup.damaged", invoices},
			{"a line that is cut", altered(t, b, invoices, func(d []byte) []byte { return d[:len(d)-10] }), "store.backup.damaged", "invoice:2"},
			{"a table less", altered(t, b, invoices, func([]byte) []byte { return nil }), "store.backup.damaged", "manifest"},
			{"a document", altered(t, b, "files/"+sha, swap("a", "A")), "store.backup.damaged", sha},
			{"a document less", altered(t, b, "files/"+sha, func([]byte) []byte { return nil }), "store.backup.damaged", "manifest"},
			{"the manifest", altered(t, b, "manifest.json", swap(`"files":1`, `"files":2`)), "store.backup.damaged", "manifest"},
			{"a newer format", altered(t, b, "manifest.json", swap(`"format":1`, `"format":9`)), "store.backup.newer", ""},
			{"a newer schema", altered(t, b, "manifest.json", swap(`"schema":`, `"schema":9`)), "store.newer", ""},
			{"a customer that nobody has", resealed(t, b, "invoice", func(d []byte) []byte {
				return regexp.MustCompile(`(?m)^(\[\d+,\d+,)\d+,`).ReplaceAll(d, []byte("${1}999999,"))
			}), "store.backup.damaged", "invoice:2"},
		} {
			to := s.another()
			_, err := restore(to, x.b)
			if fault.Key(err) != x.key || !strings.Contains(i18n.Error(i18n.EN, err), x.says) {
				s.t.Errorf("%s: %v, %s", x.name, err, i18n.Error(i18n.EN, err))
			}
			empty(s.t, to)
			if _, err := restore(to, b); err != nil {
				s.t.Errorf("%s: afterwards: %v", x.name, err)
			}
		}
	})
}

// A backup whose journal was changed by somebody who also wrote the manifest anew is refused: the
// chain does not follow.
func TestForgedBackup(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.run()
		b, _ := s.backup()
		forged := resealed(t, b, "journal", func(data []byte) []byte {
			return bytes.Replace(data, []byte("compta@un.example"), []byte("compta@xx.example"), 1)
		})
		house := s.another()
		if _, err := restore(house, forged); fault.Key(err) != "store.backup.journal" {
			s.t.Errorf("a forged journal: %v", err)
		}
		empty(s.t, house)
	})
}

// What was written but has no place in the chain yet finds one after a restore: on PostgreSQL the
// sealer waits for the transactions of that server, and must not wait for those of another.
func TestUnsealedFactsAreSealedAfterRestore(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		b, _ := s.backup()
		wrote := 0
		altered(s.t, b, "tables/journal.ndjson", func(data []byte) []byte {
			lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
			for _, line := range lines[1:] {
				var row []any
				s.must(json.Unmarshal(line, &row))
				if row[len(row)-3] != 0.0 { // writer
					s.t.Errorf("the transaction of another server is in the backup: %s", line)
				}
				wrote++
			}
			return nil
		})
		storetest.Each(t, func(t *testing.T, url string) {
			to := New(Options{Store: storetest.Open(t, url), Now: func() time.Time { return s.at }})
			r, err := restore(to, b)
			s.must(err)
			if all := int(r.Facts) + r.Unsealed; all != wrote || s.app.store.Dialect() == store.Postgres && r.Unsealed == 0 {
				t.Errorf("%+v of %d facts", r, wrote)
			}
			d := to.As(s.desk.actor)
			_, err = d.Seal(s.ctx)
			s.must(err)
			if v, err := d.VerifyJournal(s.ctx); err != nil || v.Broken != "" || v.Unsealed != 0 || int(v.Sealed) != wrote {
				t.Errorf("%+v, %v", v, err)
			}
		})
	})
}

// A backup is one picture, whoever works meanwhile: every document that a row names is there, every
// chain holds, and it restores.
func TestBackupWhileOthersWork(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example", "C2 compta@deux.example")
		s.invoice("F-0", "C1", "2026-11-16", "1200.00")
		ctx, stop := context.WithCancel(s.ctx)
		var others sync.WaitGroup
		others.Go(func() {
			for n := 1; ctx.Err() == nil; n++ {
				name := strconv.Itoa(n) + ".csv"
				text := fmt.Sprintf("number;issued;due;amount;customer\nF-%d;2026-10-17;2026-11-16;10.00;C%d", n, 1+n%2)
				_, err := s.desk.Import(s.ctx, []ImportFile{FileIn(name, []byte(text))}, ImportOptions{Kind: ImportInvoices})
				if err != nil && fault.Of(err) != fault.Unavailable {
					s.t.Error(err)
				}
				if _, err := s.desk.Run(s.ctx, RunOptions{}); err != nil && fault.Of(err) != fault.Unavailable {
					s.t.Error(err)
				}
			}
		})
		var last []byte
		for range 5 {
			last, _ = s.backup()
			to := New(Options{Store: storetest.Open(s.t, storetest.SQLite(s.t)), Now: func() time.Time { return s.at }})
			if r, err := restore(to, last); err != nil || r.Missing != 0 {
				s.t.Errorf("%+v, %v", r, err)
			}
		}
		stop()
		others.Wait()
	})
}
