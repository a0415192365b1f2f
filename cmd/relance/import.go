package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"relance/internal/app"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/wire"
)

type importCmd struct {
	Kind  string   `arg:"" placeholder:"KIND" help:"What the files hold: invoices, customers, contacts, payments, bank, fec, or auto (their content says). Or \"list\" (imports made), or \"undo\" (take imports back, by number)."`
	Files []string `arg:"" optional:"" placeholder:"FILE" help:"CSV, TSV, XLSX, FEC, Factur-X or ZUGFeRD PDF, UBL or CII XML; CAMT, CFONB, OFX or MT940 statements; a folder, a zip or a .gz of them."`

	DryRun   bool `help:"Show what would change and keep nothing."`
	Snapshot bool `help:"The list holds everything that is open: what is absent from it is settled."`
	Summary  bool `help:"Leave out the lists of invoices, warnings and errors."`
}

// Help explains the files.
func (importCmd) Help() string {
	return `Columns are recognised by their titles, in French or English; these always work:

  invoices    number, kind, issued, due, amount, currency, customer, customer_name,
              paid, settled_on, reference, order, received, delivered, payment_method,
              maturity, disputed, last_level, last_reminded_on, pay_url, tags, file
  customers   code, name, kind, siren, siret, vat, legal_name, address, postcode, city,
              country, registered_address, language, scenario, terms, payment_method,
              parent, payer, collector, salesperson, limit, tags, email, phone
  contacts    customer, name, role, email, phone
  payments    customer, date, amount, currency, invoice, reference, method

Bank statements are told by their first bytes: CAMT.052, .053 and .054 (every version),
CFONB 120 and 240, OFX 1 and 2, MT940, and the CSV or XLSX exports of banks. The same
statement, or one that overlaps it, adds nothing. What is certain is allocated at once; the
rest awaits you in "bank list". A .gz is opened as a zip is.

    relance import bank releve.xml mouvements.cfo.gz

Three columns are enough for invoices: customer, amount, due. Several lines with one number
and different due dates are the instalments of one invoice. The same file twice changes
nothing. A line that cannot be taken is told with its number and does not stop the others.`
}

// Run takes files in, lists imports or takes them back.
func (q importCmd) Run(c *context) error {
	switch q.Kind {
	case "list":
		return c.listImports()
	case "undo":
		return c.undoImports(q.Files)
	}
	kinds := []app.ImportKind{app.ImportAuto, app.ImportInvoices, app.ImportCustomers, app.ImportContacts, app.ImportPayments,
		app.ImportBank, app.ImportFEC}
	known := make([]string, len(kinds))
	ok := false
	for i, k := range kinds {
		known[i], ok = string(k), ok || string(k) == q.Kind
	}
	if !ok {
		return usage(fault.New(fault.Invalid, "import.kind.which", q.Kind, strings.Join(known, ", ")))
	}
	if len(q.Files) == 0 {
		return usage(fault.New(fault.Invalid, "import.nothing"))
	}
	set, err := app.FilesAt(q.Files)
	if err != nil {
		return err
	}
	defer set.Close()
	d, closer, err := c.importDesk(q.DryRun)
	if err != nil {
		return err
	}
	b := c.progress(c.t("import.progress"))
	rep, err := d.Import(c.ctx, set.Files, app.ImportOptions{Kind: app.ImportKind(q.Kind), DryRun: q.DryRun, Snapshot: q.Snapshot,
		Summary: q.Summary || !c.JSON, Progress: percent(b)})
	b.done()
	if e := closer(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return c.answerImport(rep, q.Summary)
}

// percent makes a bar of bytes: it is drawn when another hundredth is done.
func percent(b *bar) func(done, total int64) {
	last := int64(-1)
	return func(done, total int64) {
		if total > 0 && done*100/total != last {
			last = done * 100 / total
			b.count(int(last))
		}
	}
}

// importDesk opens the desk; an import begins a database that does not exist yet, a dry run a
// temporary one.
func (c *context) importDesk(dry bool) (*app.Desk, func() error, error) {
	if !dry {
		return c.desk(true)
	}
	d, closer, err := c.desk(false)
	if key := fault.Key(err); key != "store.no-database" && key != "app.no-company" {
		return d, closer, err
	}
	dir, err := os.MkdirTemp("", "relance-*")
	if err != nil {
		return nil, nil, err
	}
	aside := *c
	aside.DB = "sqlite:" + filepath.Join(dir, "dry-run.db")
	d, closer, err = aside.desk(true)
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return d, func() error { return errors.Join(closer(), os.RemoveAll(dir)) }, nil
}

// importFailed is an import of which nothing could be read, with what scripts want to know of it.
type importFailed struct {
	error
	fields map[string]any
}

func (f importFailed) Unwrap() error { return f.error }

// Fields are the answer's own.
func (f importFailed) Fields() map[string]any { return f.fields }

func (c *context) answerImport(rep *app.ImportReport, summary bool) error {
	sums := wire.Imports{DryRun: rep.DryRun}
	for _, f := range rep.Files {
		sums.Add(c.importOf(f, rep.DryRun, summary))
	}
	one := len(sums.Files) == 1
	if err := rep.Failure(); err != nil {
		fields := map[string]any{"read": sums.Read, "created": 0, "updated": 0, "unchanged": 0, "rejected": sums.Rejected}
		if one {
			fields["file"], fields["format"] = sums.Files[0].File, sums.Files[0].Format
		} else {
			fields["files"] = sums.Files
		}
		return importFailed{err, fields}
	}
	if one {
		return c.answer(sums.Files[0], func(w io.Writer) { c.tellImport(w, rep.Files[0], sums.Files[0]) })
	}
	return c.answer(sums, func(w io.Writer) {
		for i, f := range rep.Files {
			if i > 0 {
				fmt.Fprintln(w)
			}
			c.tellImport(w, f, sums.Files[i])
		}
		fmt.Fprintln(w)
		fmt.Fprintln(w, c.t("import.total", len(sums.Files), sums.Read, sums.Created, sums.Updated, sums.Unchanged, sums.Rejected))
	})
}

// importOf puts the report of one file into its JSON shape.
func (c *context) importOf(f *app.FileReport, dry, summary bool) wire.Import {
	i := wire.Import{File: f.File, Kind: string(f.Kind), Format: f.Format, Program: f.Source, DryRun: dry, Read: f.Read, Created: f.Created,
		Updated: f.Updated, Unchanged: f.Unchanged, Rejected: f.Rejected, Settled: f.Settled, Reopened: f.Reopened, Cancelled: f.Cancelled,
		Snapshot: f.LooksLikeSnapshot}
	if !dry {
		i.ID = int64(f.ID)
	}
	if f.Failure != nil {
		i.Error, i.Message = errorKey(f.Failure, exitFailed), i18n.Error(c.Lang, f.Failure)
		return i
	}
	i.Summary = f.Sentence().In(c.Lang)
	for _, d := range f.Doubts {
		i.Notes = append(i.Notes, d.In(c.Lang))
	}
	if f.FEC != nil {
		i.Customers, i.Entries, i.NetOpen = &f.FEC.Customers, &f.FEC.Entries, &f.FEC.NetOpen.Minor
	}
	i.Bank, i.Matched = importBank(f.Bank), matchedOf(f.Matched)
	for _, r := range f.Reconciliation {
		w := wire.Reconciliation{Currency: r.Currency, File: r.File, Ledger: r.Ledger, Difference: r.Difference, Account: r.Account,
			More: r.More, Line: r.Say().In(c.Lang)}
		for _, x := range r.Differences {
			w.Differences = append(w.Differences, wire.Difference{Number: x.Number, Customer: x.Customer, File: x.File, Ledger: x.Ledger, Why: c.t(x.Key)})
		}
		i.Reconciliation = append(i.Reconciliation, w)
	}
	if summary {
		return i
	}
	i.Warnings, i.Errors = wire.ImportProblems(c.Lang, f.Warnings), wire.ImportProblems(c.Lang, f.Errors)
	i.Invoices = make([]wire.ImportInvoice, len(f.Invoices))
	for n, x := range f.Invoices {
		i.Invoices[n] = wire.ImportInvoice{Number: x.Number, Kind: x.Kind, Issued: x.Issued, Due: x.Due, DueSource: x.DueSource,
			Currency: x.Payable.Currency, Total: x.Total.Minor, Prepaid: x.Prepaid.Minor, Payable: x.Payable.Minor, Open: x.Open,
			Customer: x.Customer, Outcome: x.Outcome}
	}
	if f.Absent != nil {
		i.Absent = []wire.Absent{}
		for _, a := range f.Absent {
			i.Absent = append(i.Absent, wire.Absent{Number: a.Number, Customer: a.Customer, Currency: a.Open.Currency, Open: a.Open.Minor})
		}
	}
	return i
}

// shown is how many lines of one list a person is shown.
const shown = 20

// tellImport writes the report of one file for people.
func (c *context) tellImport(w io.Writer, f *app.FileReport, i wire.Import) {
	if f.Failure != nil {
		fmt.Fprintf(w, "%s: %s\n", i.File, i.Message)
		return
	}
	fmt.Fprintln(w, c.t("import.file", i.File, i.Format, i.Read, i.Created, i.Updated, i.Unchanged, i.Rejected))
	if len(f.Absent) > 0 { // shown first: it settles what the file does not speak of
		fmt.Fprintln(w, c.t("import.absent", len(f.Absent)))
		for n, a := range f.Absent {
			if n == shown {
				fmt.Fprintln(w, c.t("import.more", len(f.Absent)-shown))
				break
			}
			fmt.Fprintf(w, "  %s  %s  %s\n", a.Number, a.Customer, i18n.Amount(c.Lang, a.Open))
		}
	}
	c.tellProblems(w, "import.errors", i.Errors)
	c.tellProblems(w, "import.warnings", i.Warnings)
	for _, n := range i.Notes {
		fmt.Fprintln(w, n)
	}
	fmt.Fprintln(w, i.Summary)
	c.tellBank(w, i.Bank, i.Matched)
	for _, r := range i.Reconciliation {
		fmt.Fprintln(w, r.Line)
		for n, d := range r.Differences {
			if n == shown {
				fmt.Fprintln(w, c.t("import.more", len(r.Differences)-shown+r.More))
				break
			}
			fmt.Fprintf(w, "  %s  %s\n", d.Number, d.Why)
		}
	}
	if f.LooksLikeSnapshot && len(f.Absent) == 0 {
		fmt.Fprintln(w, c.t("import.snapshot.proposed"))
	}
	switch {
	case i.DryRun:
		fmt.Fprintln(w, c.t("import.dry-run"))
	case i.ID != 0:
		fmt.Fprintln(w, c.t("import.undo.how", strconv.FormatInt(i.ID, 10)))
	}
}

func (c *context) tellProblems(w io.Writer, key string, list []wire.ImportProblem) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w, c.t(key, len(list)))
	for n, p := range list {
		if n == shown {
			fmt.Fprintln(w, c.t("import.more", len(list)-shown))
			return
		}
		if p.Line == 0 { // of the whole file
			fmt.Fprintln(w, " ", p.Message)
			continue
		}
		value := ""
		if p.Value != "" {
			value = " (" + p.Value + ")"
		}
		fmt.Fprintln(w, " ", c.t("import.line", strconv.Itoa(p.Line), c.fieldName(p.Field)+value, p.Message))
	}
}

// fieldName says a field as the desk does: a person knows her columns, not the program's.
func (c *context) fieldName(field string) string {
	if key := "web.field." + field; i18n.Has(key) {
		return c.t(key)
	}
	return field
}

// importsListed is how many imports are listed.
const importsListed = 50

func (c *context) listImports() error {
	return c.withDesk(false, func(d *app.Desk) error {
		list, err := d.Imports(c.ctx, importsListed)
		if err != nil {
			return err
		}
		out := make([]wire.ImportListed, len(list))
		for i, f := range list {
			out[i] = wire.ImportListed{ID: int64(f.ID), At: f.At.UTC().Format(time.RFC3339), Kind: f.Kind, File: f.Name, SHA256: f.SHA256,
				Actor: f.Actor, Snapshot: f.Snapshot, State: f.State}
		}
		return c.answer(map[string]any{"imports": out}, func(w io.Writer) {
			for _, f := range out {
				fmt.Fprintf(w, "%d  %s  %s  %s  %s  %s\n", f.ID, f.At, f.Kind, c.t("import.state."+f.State), f.Actor, f.File)
			}
		})
	})
}

func (c *context) undoImports(numbers []string) error {
	if len(numbers) == 0 {
		return usage(fault.New(fault.Invalid, "import.undo.which"))
	}
	var ids []id.Import
	for _, s := range numbers {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return usage(fault.New(fault.Invalid, "import.undo.which"))
		}
		ids = append(ids, id.Import(n))
	}
	return c.withDesk(false, func(d *app.Desk) error {
		var out []wire.ImportUndone
		for _, n := range ids {
			r, err := d.UndoImport(c.ctx, n)
			if err != nil {
				return err
			}
			kept := append([]string{}, r.Kept...)
			out = append(out, wire.ImportUndone{ID: int64(n), File: r.Import.Name, Deleted: r.Deleted, Kept: kept})
		}
		var doc any = map[string]any{"undone": out}
		if len(out) == 1 {
			doc = out[0]
		}
		return c.answer(doc, func(w io.Writer) {
			for _, u := range out {
				fmt.Fprintln(w, c.t("import.undone", u.File, u.Deleted))
				if len(u.Kept) > 0 {
					fmt.Fprintln(w, c.t("import.undone.kept", strings.Join(u.Kept, ", ")))
				}
			}
		})
	})
}
