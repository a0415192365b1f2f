package app

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"relance/internal/ground/fault"
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
		var b bytes.Buffer
		rows, err := s.app.Backup(s.ctx, &b)
		s.must(err)
		storetest.Each(t, func(t *testing.T, url string) {
			to := New(Options{Store: storetest.Open(t, url), Now: func() time.Time { return s.at }, Mail: s.mail, Print: paper{}})
			n, err := to.Restore(s.ctx, bytes.NewReader(b.Bytes()), int64(b.Len()))
			if err != nil || n != rows {
				t.Fatalf("%d rows restored of %d: %v", n, rows, err)
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
			if _, err := to.Restore(s.ctx, bytes.NewReader(b.Bytes()), int64(b.Len())); fault.Key(err) != "store.backup.not-bare" {
				t.Fatalf("restored over a company: %v", err)
			}
		})
	})
}

// A damaged backup restores nothing.
func TestDamagedBackup(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		var b bytes.Buffer
		_, err := s.app.Backup(s.ctx, &b)
		s.must(err)
		for _, bad := range []string{"", "PK", strings.Repeat("x", 1000), b.String()[:b.Len()/2], b.String()[:b.Len()-30]} {
			to := New(Options{Store: storetest.Open(s.t, storetest.SQLite(s.t)), Now: func() time.Time { return s.at }})
			if _, err := to.Restore(s.ctx, strings.NewReader(bad), int64(len(bad))); err == nil {
				t.Errorf("a damaged backup of %d bytes was taken", len(bad))
			}
			if list, err := to.Companies(s.ctx); err != nil || len(list) != 0 {
				t.Errorf("a damaged backup left %d companies, %v", len(list), err)
			}
		}
	})
}

// A backup whose journal was changed is refused before any of it is kept.
func TestForgedBackup(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.run()
		var b, forged bytes.Buffer
		_, err := s.app.Backup(s.ctx, &b)
		s.must(err)
		from, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		s.must(err)
		to, changed := zip.NewWriter(&forged), false
		for _, f := range from.File {
			r, err := f.Open()
			s.must(err)
			data, err := io.ReadAll(r)
			s.must(err)
			if f.Name == "tables/journal.ndjson" {
				other := bytes.Replace(data, []byte("compta@un.example"), []byte("compta@xx.example"), 1)
				changed, data = !bytes.Equal(other, data), other
			}
			w, err := to.Create(f.Name)
			s.must(err)
			_, err = w.Write(data)
			s.must(err)
		}
		s.must(to.Close())
		if !changed {
			t.Fatal("the journal does not tell to whom it was sent")
		}
		storetest.Each(t, func(t *testing.T, url string) {
			house := New(Options{Store: storetest.Open(t, url), Now: func() time.Time { return s.at }})
			if _, err := house.Restore(s.ctx, bytes.NewReader(forged.Bytes()), int64(forged.Len())); fault.Key(err) != "store.backup.journal" {
				t.Errorf("a forged journal: %v", err)
			}
			if list, err := house.Companies(s.ctx); err != nil || len(list) != 0 {
				t.Errorf("a forged backup left %d companies, %v", len(list), err)
			}
		})
	})
}
