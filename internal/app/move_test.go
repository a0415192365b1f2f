package app

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

// door opens a database to move into.
func door(t *testing.T, url string) *store.Store {
	t.Helper()
	st, err := store.Door(context.Background(), url, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// tables are the bytes of every table of a backup.
func tables(t *testing.T, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		if f.Name == "manifest.json" {
			continue // it tells the instant
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = f.Comment + string(data)
	}
	return out
}

func sameTables(t *testing.T, a, b map[string]string) {
	t.Helper()
	for name := range a {
		if a[name] != b[name] {
			t.Errorf("%s differs:\n%.2000s\n%.2000s", name, a[name], b[name])
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d parts and %d", len(a), len(b))
	}
}

// A house moves to each kind of database and back. Nothing is lost: the parts of a backup are the same
// bytes. What was being sent when it left is uncertain at the end of its lease and never sent
// again; the schedule asks for the work that waited; identifiers go on above the old ones.
func TestMove(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example", "C2 compta@deux.example", "C3 compta@trois.example")
		s.invoice("F-1", "C1", "2026-11-16", "1200.00")
		s.invoice("F-2", "C2", "2026-11-16", "80.00")
		_, err := s.app.store.Files().Put(s.ctx, []byte("a document"), "text/plain")
		s.must(err)
		_, err = s.desk.AddUser(s.ctx, org.User{Name: "Élodie", Email: "elodie@vasseur.example", Role: org.Collector}, "a long enough secret")
		s.must(err)
		_, err = s.desk.Run(s.ctx, RunOptions{})
		s.must(err)
		// One worker hands a mail over and is never heard of again; the other mail waits.
		s.must(s.desk.update(s.ctx, org.VerbCollect, func(m *moment) error {
			list, err := m.Claim(s.ctx, "gone", []id.MailAccount{0}, m.at, defaultLease, m.day, 1)
			if err != nil || len(list) != 1 {
				return fmt.Errorf("%d claimed, %w", len(list), err)
			}
			_, err = m.HandOver(s.ctx, "gone", []store.Handover{{Message: list[0].ID, Day: m.day, At: m.at.UnixMilli()}})
			return err
		}))
		s.invoice("F-3", "C3", "2026-11-16", "33.00") // to decide at the new place
		before, _ := s.backup()
		storetest.Each(t, func(t *testing.T, url string) {
			st := door(t, url)
			r, err := s.app.Move(s.ctx, st, MoveOptions{To: "there"})
			if err != nil || r.Missing != 0 || len(r.Tables) != len(store.Tables()) || r.Facts == 0 && r.Unsealed == 0 {
				t.Fatalf("%+v, %v", r, err)
			}
			if _, err := s.desk.Run(s.ctx, RunOptions{}); fault.Key(err) != "house.moved" {
				t.Errorf("the old house goes on: %v", err)
			}
			if err := s.app.Schedule(s.ctx); !Left(err) {
				t.Errorf("its schedule goes on: %v", err)
			}
			there := &stage{t: t, ctx: s.ctx, mail: &server{}, at: s.at}
			there.app = New(Options{Store: st, Now: func() time.Time { return there.at }, Mail: there.mail, Print: paper{}})
			there.desk = there.app.As(s.desk.actor)
			after, _ := there.backup()
			sameTables(t, tables(t, before), tables(t, after))

			// And back, into a new database of the first kind.
			back := door(t, s.anotherURL())
			_, err = there.app.Move(s.ctx, back, MoveOptions{To: "back", Keep: true})
			there.must(err)
			again := &stage{t: t, ctx: s.ctx, app: New(Options{Store: back, Now: func() time.Time { return s.at }}), at: s.at}
			home, _ := again.backup()
			sameTables(t, tables(t, before), tables(t, home))

			there.goesOn()
			_, _, err = s.app.MoveBack(s.ctx) // for the next kind
			s.must(err)
		})
	})
}

// goesOn lives in the new house.
func (s *stage) goesOn() {
	s.t.Helper()
	s.wantStates("reminder-1 sending, reminder-1 approved")
	work, stop := context.WithTimeout(s.ctx, time.Minute)
	var asking sync.WaitGroup
	asking.Go(func() { // as every minute
		for work.Err() == nil {
			if err := s.app.Schedule(s.ctx); err != nil && fault.Of(err) != fault.Unavailable {
				s.t.Error(err)
			}
			time.Sleep(200 * time.Millisecond)
		}
	})
	s.must(s.app.store.Queue(time.Now).Work(work, func(ctx context.Context, kind, args string) error {
		err := s.app.Work(context.WithoutCancel(ctx), kind, args)
		s.mail.mu.Lock()
		defer s.mail.mu.Unlock()
		if len(s.mail.taken) == 2 { // F-2, which waited, and F-3, which was to decide
			stop()
		}
		return err
	}))
	stop()
	asking.Wait()
	s.wantStates("reminder-1 sending, reminder-1 sent, reminder-1 sent")
	s.at = s.at.Add(defaultLease + time.Minute)
	if out, err := s.desk.SendDue(s.ctx, SendOptions{}); err != nil || out.Uncertain != 1 || out.Sent != 0 {
		s.t.Errorf("%+v, %v", out, err)
	}
	s.wantStates("reminder-1 uncertain, reminder-1 sent, reminder-1 sent")
	s.invoice("F-4", "C1", "2026-12-07", "80.00")
	_, err := s.desk.Seal(s.ctx)
	s.must(err)
	if v, err := s.desk.VerifyJournal(s.ctx); err != nil || v.Broken != "" || v.Unsealed != 0 {
		s.t.Errorf("%+v, %v", v, err)
	}
}

func (s *stage) anotherURL() string {
	s.t.Helper()
	if s.app.store.Dialect() == store.Postgres {
		return storetest.Postgres(s.t)
	}
	return storetest.SQLite(s.t)
}

// Nobody changes anything while a house moves: who tries waits, and either finds it where it was, or
// is told that it has moved. What was answered "done" before is at the new place.
func TestMoveWhileOthersWork(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		ctx, stop := context.WithCancel(s.ctx)
		done, last := make(chan struct{}), make(chan error, 1)
		kept := 0
		go func() {
			var err error
			for err == nil && ctx.Err() == nil {
				if err = s.desk.SetPaymentsKnown(s.ctx, cal.Of(2026, 11, 23)); err == nil {
					if kept++; kept == 20 {
						close(done)
					}
				}
			}
			last <- err
		}()
		<-done
		st := door(s.t, s.anotherURL())
		r, err := s.app.Move(s.ctx, st, MoveOptions{To: "there"})
		s.must(err)
		if err := <-last; fault.Key(err) != "house.moved" {
			s.t.Errorf("who worked in the old house: %v", err)
		}
		stop()
		here, err := s.desk.JournalEntries(s.ctx, 100_000)
		s.must(err)
		there, err := New(Options{Store: st}).As(s.desk.actor).JournalEntries(s.ctx, 100_000)
		s.must(err)
		if len(there) != len(here) || len(there) != r.Tables["journal"].Rows || len(there) < kept {
			s.t.Errorf("%d facts here, %d there, %+v told, %d changes kept", len(here), len(there), r.Tables["journal"], kept)
		}
	})
}

// A house is neither moved into another one, nor while an import runs; what was begun there is undone,
// and the old house goes on.
func TestMoveRefused(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		full := s.another()
		_, err := full.CreateCompany(s.ctx, "XX", org.Profile{Name: "Other"})
		s.must(err)
		if _, err := s.app.Move(s.ctx, full.store, MoveOptions{}); fault.Key(err) != "store.backup.not-bare" {
			s.t.Errorf("into a house that is lived in: %v", err)
		}
		if list, err := full.Companies(s.ctx); err != nil || len(list) != 1 {
			s.t.Errorf("%v, %v", list, err)
		}
		to := s.another()
		if _, err := to.Move(s.ctx, door(s.t, s.anotherURL()), MoveOptions{}); fault.Key(err) != "app.no-company" {
			s.t.Errorf("an empty house: %v", err)
		}

		beat, err := beatNow(s.at)
		s.must(err)
		var f store.Import
		list, err := s.desk.Imports(s.ctx, 10)
		s.must(err)
		s.must(s.desk.update(s.ctx, org.VerbImport, func(m *moment) error {
			if f, err = m.Import(s.ctx, list[0].ID); err != nil {
				return err
			}
			was := f
			f.State, f.Report = "running", beat
			defer func() { f = was }()
			return m.SetImport(s.ctx, &f)
		}))
		if _, err := s.app.Move(s.ctx, to.store, MoveOptions{}); fault.Key(err) != "app.run.importing" {
			s.t.Errorf("while an import runs: %v", err)
		}
		s.must(s.desk.update(s.ctx, org.VerbImport, func(m *moment) error { return m.SetImport(s.ctx, &f) }))

		stopped, stop := context.WithCancel(s.ctx)
		stop()
		if _, err := s.app.Move(stopped, to.store, MoveOptions{}); err == nil {
			s.t.Error("a move that was interrupted is done")
		}
		empty(s.t, to)
		s.invoice("F-1", "C1", "2026-11-16", "1200.00") // the old house goes on
	})
}

// Two people restore into one database at once: the one who began last has it, the other is told.
// Nobody enters before the end.
func TestTwoArrivals(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		s.customers("C1 compta@un.example")
		b, _ := s.backup()
		url := s.anotherURL()
		one, two := New(Options{Store: door(s.t, url)}), New(Options{Store: door(s.t, url)})
		half := &halfway{ReaderAt: bytes.NewReader(b), at: make(chan struct{}), goOn: make(chan struct{})}
		f, err := OpenBackup(half, int64(len(b)))
		s.must(err)
		half.left = 40
		first := make(chan error, 1)
		go func() {
			_, err := one.Restore(s.ctx, f)
			first <- err
		}()
		<-half.at
		if st, err := store.Open(s.ctx, url, false); fault.Key(err) != "house.arriving" {
			s.t.Errorf("somebody entered a house that is half there: %v", errors.Join(err, st.Close()))
		}
		if _, err := restore(two, b); err != nil {
			s.t.Fatalf("begun again: %v", err)
		}
		close(half.goOn)
		if err := <-first; err == nil {
			s.t.Error("both arrived")
		}
		if list, err := two.Companies(s.ctx); err != nil || len(list) != 1 {
			s.t.Errorf("%v, %v", list, err)
		}
		st, err := store.Open(s.ctx, url, false)
		s.must(err)
		s.must(st.Close())
	})
}

// halfway reads a backup and stops for a while after some reads.
type halfway struct {
	io.ReaderAt
	left     int
	at, goOn chan struct{}
}

// ReadAt implements io.ReaderAt.
func (h *halfway) ReadAt(p []byte, off int64) (int, error) {
	if h.left--; h.left == 0 {
		close(h.at)
		<-h.goOn
	}
	return h.ReaderAt.ReadAt(p, off)
}

// A backup of an older schema comes in as it was written, then the schema goes on from there.
func TestRestoreOlderSchema(t *testing.T) {
	onStage(t, "2026-11-23", func(s *stage) {
		const old = 2
		st := door(s.t, s.anotherURL())
		s.must(st.Arrive(s.ctx, old, s.at))
		was := New(Options{Store: st, Now: func() time.Time { return s.at }})
		co, err := was.CreateCompany(s.ctx, "OLD", org.Profile{Name: "Ancienne maison"})
		s.must(err)
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		m := Manifest{Program: "relance", Format: backupFormat, Schema: old, Companies: []string{"OLD"}, Tables: map[string]Part{}}
		s.must(st.View(s.ctx, 0, func(tx *store.Tx) error {
			for _, name := range store.Tables() {
				if there, err := tx.Has(s.ctx, name); err != nil || !there {
					s.must(err)
					continue
				}
				f, err := z.Create(partTables + name + tableSuffix)
				s.must(err)
				if m.Tables[name], err = dumpTable(s.ctx, tx, name, f); err != nil {
					return err
				}
			}
			return nil
		}))
		f, err := z.Create(partManifest)
		s.must(err)
		s.must(errors.Join(json.NewEncoder(f).Encode(m), z.Close()))
		if len(m.Tables) == len(store.Tables()) || strings.Contains(b.String(), "insolvency") {
			s.t.Fatal("the old schema is not old")
		}

		to := s.another() // at the latest step: it is emptied and built again
		r, err := restore(to, b.Bytes())
		s.must(err)
		if now, err := to.store.Schema(s.ctx); err != nil || now.Current() != nil || r.Facts+int64(r.Unsealed) == 0 {
			s.t.Errorf("schema %+v, %+v, %v", now, r, err)
		}
		d := to.As(System(co.ID, "Jean"))
		there := &stage{t: s.t, ctx: s.ctx, app: to, desk: d, mail: s.mail, at: s.at}
		there.customers("C1 compta@un.example")
		there.invoice("F-1", "C1", "2026-11-16", "1200.00")
		if _, err := d.Insolvency(s.ctx, "C1"); fault.Of(err) == fault.Internal && err != nil {
			s.t.Errorf("a table of the newer schema: %v", err)
		}
	})
}
