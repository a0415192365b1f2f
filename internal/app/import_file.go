package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"relance/internal/domain/bill"
	"relance/internal/domain/journal"
	"relance/internal/domain/org"
	"relance/internal/format"
	"relance/internal/format/cii"
	"relance/internal/format/en16931"
	"relance/internal/format/fec"
	"relance/internal/format/table"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// The order in which files are taken: each finds what it refers to.
const (
	rankCustomers = iota
	rankContacts
	rankInvoices
	rankCredits // e-invoices that correct another one
	rankPayments
	rankBank
)

// fileImport is one file while it is taken in.
type fileImport struct {
	*importer
	file   ImportFile
	rep    *FileReport
	rank   int
	within *moment // the only transaction of a small file
	src    ImportSource
	slot   format.Kind
	sheet  *table.Sheet
	mean   table.Mapping
	einv   *en16931.Reading

	first   bool // the ledger held no invoice when it began
	row     store.Import
	rows    hash.Hash // digest of what the rows say
	debtors *debtors
	seen    *numbersOfFile // tables: where each invoice number stands
	touched map[id.Customer]bool
	before  []store.Before
	sums    map[string]*fileSum
	nth     map[string]int    // payments: how many times the same stood in the file
	numbers map[string]bool   // FEC: numbers of its documents
	names   map[string]string // FEC: names of customers by code
	known   *book             // what holds for the whole file
}

// Limits of one e-invoice file.
const maxEInvoice = 32 << 20

// look finds out what a file is and opens it; the error is why it cannot be read.
func (fi *fileImport) look() error {
	src, err := fi.file.Open()
	if err != nil {
		return err
	}
	defer src.Close()
	head := make([]byte, min(fi.file.Size, format.HeadSize))
	if n, err := src.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "format.unreadable", err.Error())
	} else {
		head = head[:n]
	}
	fi.slot = format.Detect(fi.file.Name, head)
	fi.rep.Format = string(fi.slot)
	switch k := fi.o.Kind; {
	case fi.slot == format.Bank:
		return fi.lookBank(head)
	case k == ImportFEC, fi.slot == format.FEC && (k == ImportAuto || k == ImportInvoices || k == ""):
		fi.slot, fi.rep.Format, fi.rep.Kind, fi.rank = format.FEC, string(format.FEC), ImportFEC, rankInvoices
		if !bytesAreFEC(head) {
			return fault.New(fault.Invalid, "NOT_A_FEC")
		}
		return nil
	case fi.slot == format.UBL, fi.slot == format.CII, fi.slot == format.FacturX, fi.slot == format.CDAR:
		return fi.lookEInvoice(src)
	case fi.slot == format.Zip:
		return fault.New(fault.Invalid, "import.zip.inside")
	}
	return fi.lookTable(src)
}

func bytesAreFEC(head []byte) bool {
	_, err := fec.Read(bytes.NewReader(head))
	return fault.Key(err) != "NOT_A_FEC"
}

// lookEInvoice reads the invoice: it is small, and whether it is a credit note decides when it is
// taken.
func (fi *fileImport) lookEInvoice(src ImportSource) error {
	if k := fi.o.Kind; k != ImportInvoices && k != ImportAuto && k != "" {
		return fault.New(fault.Invalid, "import.kind", string(fi.slot), string(k))
	}
	if fi.file.Size > maxEInvoice {
		return fault.New(fault.Invalid, "format.too-large", maxEInvoice>>20)
	}
	fi.rep.Kind = ImportInvoices
	whole, err := io.ReadAll(io.NewSectionReader(src, 0, fi.file.Size))
	if err != nil {
		return fault.New(fault.Invalid, "format.unreadable", err.Error())
	}
	read := readEInvoice[fi.slot]
	if fi.slot == format.CDAR {
		_, err := cii.Read(bytes.NewReader(whole))
		return err
	}
	if fi.einv, err = read(bytes.NewReader(whole)); err != nil {
		fi.rep.Read, fi.rep.Rejected = 1, 1
		return err
	}
	fi.rep.Format = fi.einv.Format
	fi.rank = rankInvoices
	if fi.einv.Draft.Kind == bill.CreditNote {
		fi.rank = rankCredits
	}
	return nil
}

func (fi *fileImport) lookTable(src ImportSource) error {
	s, err := table.Open(fi.file.Name, src, fi.file.Size)
	if err != nil {
		return err
	}
	fi.rep.Format = s.Format
	kind := table.Kind(fi.o.Kind)
	switch {
	case fi.o.Mapping != nil && fi.o.Mapping.Kind != "":
		kind = fi.o.Mapping.Kind
	case fi.o.Kind == ImportAuto || fi.o.Kind == "":
		kind = table.Guess(s)
	}
	if fi.file.found && fi.o.Kind != ImportAuto && fi.o.Kind != "" && table.Guess(s) != kind {
		return fault.New(fault.Invalid, "import.kind", string(table.Guess(s)), string(kind))
	}
	fi.rep.Kind = ImportKind(kind)
	fi.rank = map[table.Kind]int{table.Customers: rankCustomers, table.Contacts: rankContacts, table.Invoices: rankInvoices,
		table.Payments: rankPayments, table.Bank: rankBank}[kind]
	fi.mean, err = fi.meaning(s, kind)
	fi.rep.Mapping, fi.rep.Headers = &fi.mean, s.Headers()
	if err != nil {
		return err
	}
	fi.rep.Source, fi.rep.Doubts = fi.mean.Source, fi.mean.Doubts
	return nil
}

// take takes the file in: opened again, hashed, staged in parts, then closed in one moment.
func (fi *fileImport) take() (err error) {
	if fi.src, err = fi.file.Open(); err != nil {
		return err
	}
	defer fi.src.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(fi.src, 0, fi.file.Size)); err != nil {
		fi.rep.Failure = fault.New(fault.Invalid, "format.unreadable", err.Error())
		return nil
	}
	fi.debtors, fi.touched, fi.sums = newDebtors(), map[id.Customer]bool{}, map[string]*fileSum{}
	fi.nth, fi.rows = map[string]int{}, sha256.New()
	sha := hex.EncodeToString(sum.Sum(nil))
	if fi.einv != nil && fi.dry == nil { // one small document: one transaction
		err = fi.d.update(fi.ctx, org.VerbImport, func(m *moment) error {
			fi.within = m
			return fi.whole(sha)
		})
	} else {
		err = fi.whole(sha)
	}
	if err == nil {
		return nil
	}
	if fi.dry == nil && fi.within == nil && fi.row.ID != 0 {
		if undo := fi.d.takeBack(fi.ctx, fi.row.ID); undo != nil {
			return undo
		}
	}
	if isInvalid(err) { // the file stops in the middle: nothing of it is kept
		*fi.rep = FileReport{File: fi.rep.File, Kind: fi.rep.Kind, Format: fi.rep.Format, Failure: err}
		return nil
	}
	return err
}

// whole takes the file from its first part to its last.
func (fi *fileImport) whole(sha string) error {
	if done, err := fi.again(sha); done || err != nil {
		return err
	}
	if err := fi.begin(sha); err != nil {
		return err
	}
	stop := fi.beat()
	err := fi.content()
	stop()
	if err != nil {
		return err
	}
	return fi.close()
}

// step runs one part in a transaction of its own, unless the whole file is in one.
func (fi *fileImport) step(fn func(m *moment) error) error {
	switch {
	case fi.dry != nil:
		return fn(fi.dry)
	case fi.within != nil:
		return fn(fi.within)
	}
	return fi.d.update(fi.ctx, org.VerbImport, fn)
}

func (fi *fileImport) content() error {
	switch {
	case fi.einv != nil:
		return fi.takeEInvoice()
	case fi.slot == format.FEC:
		return fi.takeFEC()
	case fi.slot == format.Bank:
		return fi.takeBank()
	}
	return fi.takeTable()
}

// begin opens the import: until it is done nothing is planned of it.
func (fi *fileImport) begin(sha string) error {
	return fi.step(func(m *moment) error {
		// One import a company at a time, and none begins while a run decides.
		if fi.dry == nil {
			if err := m.Deciding(m.ctx); err != nil {
				return err
			}
		}
		running, err := m.RunningImports(m.ctx)
		if err != nil {
			return err
		}
		if len(running) > 0 && fi.dry == nil {
			return fault.New(fault.Conflict, "import.running", running[0].Name)
		}
		if fi.known, err = fi.d.book(m); err != nil {
			return err
		}
		has, err := m.HasDocs(m.ctx)
		if err != nil {
			return err
		}
		fi.first = !has
		fi.row = store.Import{Kind: string(fi.rep.Kind), Name: fi.file.Name, SHA256: sha, At: m.at, Actor: m.actor.Name, Snapshot: fi.o.Snapshot}
		if err := m.InsertImport(m.ctx, &fi.row); err != nil {
			return err
		}
		fi.rep.ID = fi.row.ID
		if fi.row.Report, err = beatNow(m.at); err != nil {
			return err
		}
		return m.SetImport(m.ctx, &fi.row)
	})
}

// beatEvery is how often a running import says that it is alive; deadAfter is when another may
// take it back (RecoverImports).
const (
	beatEvery = 5 * time.Second
	deadAfter = 30 * time.Second
)

// pulse is what a running import keeps in its report.
type pulse struct {
	Alive   int64  `json:"alive"` // instant, ms
	Machine string `json:"machine"`
	Process int    `json:"process"`
}

func beatNow(at time.Time) (string, error) {
	b, err := json.Marshal(pulse{at.UnixMilli(), machine(), os.Getpid()})
	return string(b), err
}

// beat keeps the import alive in the eyes of others while it runs.
func (fi *fileImport) beat() (stop func()) {
	if fi.dry != nil || fi.within != nil {
		return func() {}
	}
	quit := make(chan struct{})
	var over sync.WaitGroup
	over.Go(func() {
		t := time.NewTicker(beatEvery)
		defer t.Stop()
		for {
			select {
			case <-quit:
				return
			case <-t.C:
				// A beat that fails is missed, no more: the next one counts.
				_ = fi.d.store.Update(fi.ctx, fi.d.actor.Company, func(tx *store.Tx) error {
					row := fi.row
					report, err := beatNow(fi.d.now())
					if err != nil {
						return err
					}
					row.Report = report
					return tx.SetImport(fi.ctx, &row)
				})
			}
		}
	})
	return func() { close(quit); over.Wait() }
}

// planTogether is how many customers are given to the planner in one transaction.
const planTogether = 5000

// close settles what a snapshot no longer holds, compares file and ledger, writes the journal and
// hands the customers to the planner.
func (fi *fileImport) close() error {
	if fi.o.Snapshot && (fi.rep.Kind == ImportInvoices || fi.rep.Kind == ImportFEC) {
		if err := fi.settleAbsent(); err != nil {
			return err
		}
	}
	if fi.rep.Created > 2*together && fi.dry == nil { // the next reader finds its way
		if err := fi.step(func(m *moment) error { return m.Refresh(m.ctx) }); err != nil {
			return err
		}
	}
	if err := fi.match(); err != nil {
		return err
	}
	if err := fi.step(func(m *moment) error { // more is known of what was paid
		who, err := m.CommittedCustomers(m.ctx)
		for _, c := range who {
			fi.touched[c] = true
		}
		return err
	}); err != nil {
		return err
	}
	if err := fi.planTouched(); err != nil {
		return err
	}
	return fi.step(func(m *moment) error {
		if err := fi.keepBefore(m); err != nil {
			return err
		}
		if err := fi.reconcile(m); err != nil {
			return err
		}
		if err := m.note(journalImport, subject{}, fi.fact(m.day)); err != nil {
			return err
		}
		report, err := json.Marshal(fi.summary())
		if err != nil {
			return err
		}
		fi.row.State, fi.row.Report = "done", string(report)
		if err := m.SetImport(m.ctx, &fi.row); err != nil {
			return err
		}
		return m.releaseWaiting()
	})
}

const (
	journalImport   journal.Kind = "import.file"
	journalUndone   journal.Kind = "import.undone"
	journalChanged  journal.Kind = "invoice.changed"
	journalSettled  journal.Kind = "invoice.settled"
	journalReopened journal.Kind = "invoice.reopened"
	journalPayment  journal.Kind = "payment.received"
)

// match lets bank lines and waiting payments find what the file brought, and the file's own lines what they
// pay: before anybody is planned again, so that no reminder waits for what is paid.
func (fi *fileImport) match() error {
	touched := make([]id.Customer, 0, len(fi.touched))
	for c := range fi.touched {
		touched = append(touched, c)
	}
	settled := tally{}
	defer func() { settled.report(fi.rep) }()
	mt := &matching{step: fi.counted(settled), changed: map[id.Customer]bool{}, room: map[id.Customer]bool{}}
	has := false
	if err := fi.step(func(m *moment) (err error) {
		if has, err = m.HasBankLines(m.ctx); err != nil || has {
			return err
		}
		return mt.settleWaiting(m)
	}); err != nil {
		return err
	}
	if has {
		if err := mt.run(touched); err != nil {
			return err
		}
		fi.rep.Matched = &mt.done
	}
	for c := range mt.changed {
		fi.touched[c] = true
	}
	return nil
}

// planTouched makes void what waits to leave and is no longer true, and plans the customers again,
// once everything of the file is there.
func (fi *fileImport) planTouched() error {
	all := make([]id.Customer, 0, len(fi.touched))
	for c := range fi.touched {
		all = append(all, c)
	}
	slices.Sort(all) // rows in the order in which they lie
	for len(all) > 0 {
		n := min(len(all), planTogether)
		if err := fi.step(func(m *moment) error {
			if err := m.voidWaiting(all[:n]...); err != nil {
				return err
			}
			return m.PlanAgain(m.ctx, all[:n], atOnce)
		}); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// keepBefore writes what rows were before this import, so that it can be undone.
func (fi *fileImport) keepBefore(m *moment) error {
	list := fi.before
	fi.before = nil
	return m.KeepBefore(m.ctx, fi.row.ID, list)
}

// remember notes a row as it was.
func (fi *fileImport) remember(entity string, n int64, was any) {
	b, err := json.Marshal(was)
	if err != nil {
		panic("app: a row that JSON does not write: " + err.Error()) // rows are plain values
	}
	fi.before = append(fi.before, store.Before{Entity: entity, ID: n, Data: string(b)})
}

// importFact is what the journal keeps of a file.
type importFact struct {
	Import    id.Import `json:"import"`
	File      string    `json:"file"`
	Kind      string    `json:"kind"`
	Format    string    `json:"format"`
	SHA256    string    `json:"sha256"`
	Rows      string    `json:"rows_sha256"`
	Read      int       `json:"read"`
	Created   int       `json:"created"`
	Updated   int       `json:"updated"`
	Unchanged int       `json:"unchanged"`
	Rejected  int       `json:"rejected"`
	Settled   int       `json:"settled"`
	Snapshot  bool      `json:"snapshot,omitempty"`
	Day       cal.Date  `json:"day"` // on which absence and terms were judged
}

func (fi *fileImport) fact(day cal.Date) importFact {
	r := fi.rep
	return importFact{fi.row.ID, r.File, string(r.Kind), r.Format, fi.row.SHA256, hex.EncodeToString(fi.rows.Sum(nil)),
		r.Read, r.Created, r.Updated, r.Unchanged, r.Rejected, r.Settled, fi.o.Snapshot, day}
}
