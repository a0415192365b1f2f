package web

import (
	"encoding/json"
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/page"
)

type importsPage struct {
	page.Frame
	List       []importRow
	Kinds      []page.Option
	Today      cal.Date
	PaymentsOn cal.Date
}

type importRow struct {
	app.ImportRow
	Figures importFigures
	On      cal.Date
	CanUndo bool
}

// importFigures is what is kept of an import's report.
type importFigures struct {
	Format                                               string
	Read, Created, Updated, Unchanged, Rejected, Settled int
	Reconciliation                                       []app.Reconciliation
}

// maxImports is how many past imports the page lists.
const maxImports = 50

func (v *visit) imports() error {
	ctx := v.r.Context()
	rows, err := v.desk.Imports(ctx, maxImports)
	if err != nil {
		return err
	}
	c, err := v.desk.Company(ctx)
	if err != nil {
		return err
	}
	today, err := v.desk.Today(ctx)
	if err != nil {
		return err
	}
	p := importsPage{Today: today, PaymentsOn: c.PaymentsOn}
	last := true // only the last one that stands can be taken back
	for _, r := range rows {
		x := importRow{ImportRow: r, On: cal.In(r.At, c.Profile.Location())}
		if r.State == "done" {
			if err := json.Unmarshal([]byte(r.Report), &x.Figures); err != nil {
				x.Figures = importFigures{}
			}
			x.CanUndo, last = last, false
		}
		p.List = append(p.List, x)
	}
	for _, k := range []app.ImportKind{app.ImportAuto, app.ImportInvoices, app.ImportCustomers, app.ImportContacts, app.ImportPayments, app.ImportBank, app.ImportFEC} {
		p.Kinds = append(p.Kinds, page.Option{Value: string(k), Label: i18n.T(v.lang, "web.import.kind."+string(k))})
	}
	p.Frame = v.frame("/imports", i18n.T(v.lang, "web.imports"))
	return v.render("imports", p)
}

type rehearsalPage struct {
	page.Frame
	Token    string
	Name     string
	Kind     string
	Snapshot bool
	Files    []fileReview
	Nothing  bool // nothing could be read
	Changes  bool // accepting changes something
}

// fileReview is what one file would do, in words.
type fileReview struct {
	*app.FileReport
	Sentence string
	Failed   string
	Columns  []columnReview
	Options  []page.Option
	Lines    []string // reconciliation
	Fixable  bool
	Shown    []app.ImportedInvoice
	More     int
}

type columnReview struct {
	Index  int
	Header string
	Field  string
}

// shownRows is how many problems a rehearsal lists, and shownInvoices how many invoices.
const (
	shownRows     = 60
	shownInvoices = 15
)

// rehearse shows what a file would do, before anything is kept.
func (v *visit) rehearse() error {
	data, name, err := v.upload("file")
	if err != nil {
		return err
	}
	if len(data) == 0 {
		return v.again(wrong("file", "import.nothing"), "import", v.imports)
	}
	token, err := v.shelf.put(v.desk.Actor().Company, name, data)
	if err != nil {
		return err
	}
	return v.showRehearsal(token, nil)
}

// rehearseAgain looks at the file again with other meanings of its columns.
func (v *visit) rehearseAgain() error { return v.showRehearsal(v.text("token"), v.mapping) }

// mapping reads the meanings that a person chose for the columns.
func (v *visit) mapping(f *app.FileReport) map[int]string {
	out := map[int]string{}
	for i := range f.Headers {
		out[i] = v.text("column-" + strconv.Itoa(i))
	}
	return out
}

// options reads how a form wants its file taken.
func (v *visit) importOptions() app.ImportOptions {
	return app.ImportOptions{Kind: app.ImportKind(v.text("kind")), Snapshot: v.text("snapshot") != ""}
}

func (v *visit) importNow(token string, o app.ImportOptions) (string, *app.ImportReport, error) {
	name, data, err := v.shelf.get(v.desk.Actor().Company, token)
	if err != nil {
		return "", nil, err
	}
	set, err := app.FilesIn(name, data)
	if err != nil {
		return name, nil, err
	}
	defer set.Close()
	rep, err := v.desk.Import(v.r.Context(), set.Files, o)
	return name, rep, err
}

func (v *visit) showRehearsal(token string, chosen func(*app.FileReport) map[int]string) error {
	o := v.importOptions()
	o.DryRun = true
	name, rep, err := v.importNow(token, o)
	if err == nil && chosen != nil && len(rep.Files) == 1 && rep.Files[0].Mapping != nil {
		f := rep.Files[0]
		o.Mapping = app.Remap(f.Mapping, f.Headers, chosen(f))
		_, rep, err = v.importNow(token, o)
	}
	if err != nil {
		if fault.Of(err) == fault.Invalid {
			return v.again(err, "import", v.imports)
		}
		return err
	}
	p := rehearsalPage{Token: token, Name: name, Kind: string(o.Kind), Snapshot: o.Snapshot, Nothing: rep.Failure() != nil}
	for _, f := range rep.Files {
		r := v.review(f)
		r.Fixable = len(rep.Files) == 1 && f.Mapping != nil
		p.Changes = p.Changes || f.Created+f.Updated+f.Settled+f.Reopened+len(f.Absent) > 0
		p.Files = append(p.Files, r)
	}
	p.Frame = v.frame("/imports", i18n.T(v.lang, "web.import.title", name))
	return v.render("import", p)
}

func (v *visit) review(f *app.FileReport) fileReview {
	r := fileReview{FileReport: f, Sentence: f.Sentence().In(v.lang)}
	if f.Failure != nil {
		r.Failed = i18n.Error(v.lang, f.Failure)
	}
	if f.Mapping != nil {
		means := map[int]string{}
		for _, c := range f.Mapping.Columns {
			means[c.Index] = c.Field
		}
		for i, h := range f.Headers {
			r.Columns = append(r.Columns, columnReview{i, h, means[i]})
		}
		r.Options = []page.Option{{Value: "", Label: i18n.T(v.lang, "web.import.ignored")}}
		for _, x := range app.ImportFields(app.ImportKind(f.Mapping.Kind)) {
			label := x
			if key := "web.field." + x; i18n.Has(key) {
				label = i18n.T(v.lang, key)
			}
			r.Options = append(r.Options, page.Option{Value: x, Label: label})
		}
	}
	r.Shown = f.Invoices[:min(len(f.Invoices), shownInvoices)]
	r.More = len(f.Invoices) - len(r.Shown)
	f.Errors, f.Warnings = f.Errors[:min(len(f.Errors), shownRows)], f.Warnings[:min(len(f.Warnings), shownRows)]
	return r
}

// acceptImport takes in the file that was rehearsed.
func (v *visit) acceptImport() error {
	token, o := v.text("token"), v.importOptions()
	if v.text("mapped") != "" {
		// The meanings are those of the rehearsal's form, read again on the same file.
		dry := o
		dry.DryRun, dry.Summary = true, true
		_, rep, err := v.importNow(token, dry)
		if err != nil {
			return err
		}
		if f := rep.Files[0]; len(rep.Files) == 1 && f.Mapping != nil {
			o.Mapping = app.Remap(f.Mapping, f.Headers, v.mapping(f))
		}
	}
	_, rep, err := v.importNow(token, o)
	if err != nil {
		return v.again(err, "import", v.imports)
	}
	v.shelf.take(token)
	var sentences []string
	for _, f := range rep.Files {
		if f.Failure == nil {
			sentences = append(sentences, f.Sentence().In(v.lang))
		}
	}
	text := strings.Join(sentences[:min(len(sentences), 3)], " · ")
	v.done("web.import.done", text)
	return v.redirect("/imports")
}

func (v *visit) undoImport() error {
	n, err := number[id.Import](v)
	if err != nil {
		return err
	}
	r, err := v.desk.UndoImport(v.r.Context(), n)
	if err != nil {
		return v.again(err, "import", v.imports)
	}
	v.flash(said{Key: "web.import.undone", N: r.Deleted, Args: []string{strconv.Itoa(len(r.Kept))}})
	return v.redirect("/imports")
}

// paymentsKnown states the day up to which payments are known (PRODUCT.md §3 rule 8).
func (v *visit) paymentsKnown() error {
	on, err := v.day("on", true)
	if err == nil {
		err = v.desk.SetPaymentsKnown(v.r.Context(), on)
	}
	if err != nil {
		return v.again(err, "known", v.imports)
	}
	v.done("web.done.known", i18n.Date(v.lang, on))
	return v.redirect("/imports")
}
