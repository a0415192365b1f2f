package app

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"relance/internal/domain/org"
	"relance/internal/format/table"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/ground/watch"
)

// ImportKind is what a person says a file holds; Auto lets its content say.
type ImportKind string

// The kinds of PRODUCT.md §7.
const (
	ImportAuto      ImportKind = "auto"
	ImportInvoices  ImportKind = "invoices"
	ImportCustomers ImportKind = "customers"
	ImportContacts  ImportKind = "contacts"
	ImportPayments  ImportKind = "payments"
	ImportBank      ImportKind = "bank"
	ImportFEC       ImportKind = "fec"
)

// ImportOptions is how files are taken.
type ImportOptions struct {
	Kind     ImportKind
	DryRun   bool           // nothing is kept: the report says what would change
	Snapshot bool           // a list of everything open: what is absent from it is settled
	Summary  bool           // the report lists no invoices one by one
	Mapping  *table.Mapping // what the columns mean, nil to propose it
	Progress func(done, total int64)
}

// ImportSource is an opened file.
type ImportSource interface {
	io.ReaderAt
	io.Closer
}

// ImportFile is one file to take in. Name is relative, for people and for the journal; Near finds
// a file of the same folder or zip by a relative name, for the column "file"; it may be nil.
type ImportFile struct {
	Name string
	Size int64
	Open func() (ImportSource, error)
	Near func(name string) (ImportFile, error)

	found bool // in a folder or zip: nobody said that it is of the kind asked for
}

// ImportReport is what an import did, file by file.
type ImportReport struct {
	DryRun bool
	Files  []*FileReport
}

// told notes what the files did, in counts.
func (r *ImportReport) told(work watch.Work, err error) {
	var read, created, updated, rejected int
	for _, f := range r.Files {
		read, created, updated, rejected = read+f.Read, created+f.Created, updated+f.Updated, rejected+f.Rejected
	}
	mode := "kept"
	if r.DryRun {
		mode = "rehearsed"
	}
	work.Note(watch.Word("mode", mode), watch.Num("read", read), watch.Num("created", created), watch.Num("updated", updated), watch.Num("rejected", rejected))
	work.End(err)
}

// FileReport is what one file did.
type FileReport struct {
	ID                                          id.Import
	File                                        string
	Kind                                        ImportKind
	Format                                      string // csv, xlsx, fec, ubl, cii, facturx
	Source                                      string // the program that wrote it, where its titles tell
	Read, Created, Updated, Unchanged, Rejected int
	Settled                                     int // invoices that owed something before and owe nothing now
	Reopened                                    int // settled before, owed again
	Cancelled                                   int // reminders that waited to leave for what is settled
	Invoices                                    []ImportedInvoice
	Warnings, Errors                            []fault.Problem
	Mapping                                     *table.Mapping // what the columns of a table were taken to mean
	Headers                                     []string       // their titles, as written
	Doubts                                      []i18n.Said    // about the meaning of the columns
	Absent                                      []AbsentItem   // snapshots: settled because the list no longer holds them
	LooksLikeSnapshot                           bool
	Reconciliation                              []Reconciliation
	FEC                                         *FECFigures
	Bank                                        *BankFigures
	Matched                                     *Matched // what bank lines were found to pay
	Failure                                     error    // nothing of the file could be read

	warned, failed int // beyond the lists' limits too
}

// ImportedInvoice is an invoice as a file asserts it.
type ImportedInvoice struct {
	Number, Kind, Customer, Outcome string // outcome: created, updated, unchanged
	Issued                          cal.Date
	Due                             []cal.Date
	DueSource                       string
	Total, Prepaid, Payable         money.Amount
	Open                            int64 // after the import
}

// AbsentItem is an invoice that a list of open items no longer holds.
type AbsentItem struct {
	Number, Customer string
	Open             money.Amount
}

// FECFigures is what a ledger export adds to the report.
type FECFigures struct {
	Customers, Entries int
	NetOpen            money.Amount
	Lettered           bool
}

// maxListed bounds the problems that a report lists; all are counted.
const maxListed = 10_000

func (r *FileReport) warn(p ...fault.Problem) {
	r.warned += len(p)
	if room := maxListed - len(r.Warnings); room > 0 {
		r.Warnings = append(r.Warnings, p[:min(room, len(p))]...)
	}
}

func (r *FileReport) fail(p ...fault.Problem) {
	r.failed += len(p)
	if room := maxListed - len(r.Errors); room > 0 {
		r.Errors = append(r.Errors, p[:min(room, len(p))]...)
	}
}

// Sentence says the import in one line: "12 settled, 9 new, 1 changed, 2 reminders cancelled".
func (r *FileReport) Sentence() i18n.Said {
	return i18n.Say("import.sentence", i18n.Say("import.settled", r.Settled), i18n.Say("import.new", r.Created),
		i18n.Say("import.changed", r.Updated), i18n.Say("import.cancelled", r.Cancelled), i18n.Say("import.rejected", r.Rejected))
}

// Failure is the reason of the first file when no file at all could be read, else nil.
func (r *ImportReport) Failure() error {
	var first error
	for _, f := range r.Files {
		if f.Failure == nil {
			return nil
		}
		if first == nil {
			first = f.Failure
		}
	}
	return first
}

// importer is one import of one or several files.
type importer struct {
	d    *Desk
	ctx  context.Context
	o    ImportOptions
	rep  *ImportReport
	dry  *moment // a rehearsal runs in one transaction, taken back at the end
	done int64
	all  int64
	used map[string]bool // documents that the column "file" named
}

var errRehearsed = errors.New("rehearsed")

// Import takes files in: customers first, then invoices, then payments. What is wrong with a line
// or a file stands in the report; the error is what stopped the import, and then nothing of the
// file at hand is kept.
func (d *Desk) Import(ctx context.Context, files []ImportFile, o ImportOptions) (_ *ImportReport, err error) {
	defer fault.Wrap(&err, "import")
	if err := d.may(org.VerbImport); err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fault.New(fault.Invalid, "import.nothing")
	}
	if err := d.RecoverImports(ctx); err != nil {
		return nil, err
	}
	ctx, work := watch.Begin(ctx, watch.Import, watch.Num("company", d.actor.Company), watch.Num("files", len(files)))
	im := &importer{d: d, ctx: ctx, o: o, rep: &ImportReport{DryRun: o.DryRun}, used: map[string]bool{}}
	defer func() { im.rep.told(work, err) }()
	for _, f := range files {
		im.all += f.Size
	}
	if !o.DryRun {
		return im.rep, im.run(files)
	}
	err = d.update(ctx, org.VerbImport, func(m *moment) error {
		im.dry = m
		if err := im.run(files); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		err = nil
	}
	return im.rep, err
}

// run looks at every file, then takes them in an order in which each finds what it refers to. The
// report keeps the order in which they were given.
func (im *importer) run(files []ImportFile) error {
	list := make([]*fileImport, len(files))
	for i, f := range files {
		f.Name = strings.ToValidUTF8(f.Name, "?") // systems let names be any bytes
		fi := &fileImport{importer: im, file: f, rep: &FileReport{File: f.Name}}
		im.rep.Files = append(im.rep.Files, fi.rep)
		list[i] = fi
		fi.rep.Failure = fi.look()
	}
	for _, rank := range []int{rankCustomers, rankContacts, rankInvoices, rankCredits, rankPayments, rankBank} {
		for _, fi := range list {
			if fi.rank != rank || fi.rep.Failure != nil {
				continue
			}
			if err := im.ctx.Err(); err != nil {
				return err
			}
			if err := fi.take(); err != nil {
				return err
			}
		}
	}
	// A document that a line names is no invoice of its own: nothing to tell when it cannot be read.
	im.rep.Files = slices.DeleteFunc(im.rep.Files, func(r *FileReport) bool { return r.Failure != nil && im.used[r.File] })
	return nil
}

// advance tells how far the import is.
func (im *importer) advance(n int64) {
	im.done += n
	if im.o.Progress != nil {
		im.o.Progress(min(im.done, im.all), im.all)
	}
}

// isInvalid tells whether an error speaks of the file, not of the house.
func isInvalid(err error) bool {
	return err != nil && slices.Contains([]fault.Kind{fault.Invalid, fault.NotFound}, fault.Of(err))
}
