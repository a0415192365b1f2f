package app

import (
	"context"
	"mime"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	mail "relance/internal/format/mime"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// renderer makes bytes of messages: the preview, the e-mail and the letter come from one place,
// and only from what was kept with the message.
type renderer struct {
	app      *App
	company  org.Company
	profiles map[int]org.Profile
	texts    map[string]*letter.Template // by digest and language
	files    *fileCache
	within   *store.Tx // of a change that renders, nil outside
}

func (a *App) renderer(c org.Company) *renderer {
	return &renderer{app: a, company: c, profiles: map[int]org.Profile{}, texts: map[string]*letter.Template{}, files: newFileCache(a.store.Files())}
}

// read looks into the database: in the change that renders, where there is one.
func (r *renderer) read(ctx context.Context, fn func(*store.Tx) error) error {
	if r.within != nil {
		return fn(r.within)
	}
	return r.app.store.View(ctx, r.company.ID, fn)
}

// profile is the letterhead a message was decided with.
func (r *renderer) profile(ctx context.Context, version int) (org.Profile, error) {
	if p, ok := r.profiles[version]; ok {
		return p, nil
	}
	var p org.Profile
	err := r.read(ctx, func(tx *store.Tx) (err error) {
		p, err = tx.Profile(ctx, version)
		return err
	})
	if err == nil {
		r.profiles[version] = p
	}
	return p, err
}

// template is the wording of a message: as a person edited it, else the text it was decided with,
// whatever the program ships today.
func (r *renderer) template(ctx context.Context, row *store.Message, in *inputs) (*letter.Template, error) {
	lang := i18n.Lang(row.Language)
	if row.Body != "" {
		t, problems := letter.Parse("Subject: "+row.Subject+"\n\n"+row.Body, lang)
		if len(problems) > 0 {
			return nil, problems[0]
		}
		return t, nil
	}
	key := in.Words + "." + row.Language
	if t := r.texts[key]; t != nil {
		return t, nil
	}
	source, err := r.source(ctx, in, lang)
	if err != nil {
		return nil, err
	}
	t, problems := source.Template()
	if len(problems) > 0 {
		return nil, problems[0]
	}
	r.texts[key] = t
	return t, nil
}

// source finds a text by its digest: the shipped one when it is the same, else the kept one.
func (r *renderer) source(ctx context.Context, in *inputs, lang i18n.Lang) (letter.Text, error) {
	family, step, _ := strings.Cut(in.Text, "/")
	for _, t := range letter.Texts() {
		if t.Family == family && t.Step == step && t.Lang == lang && wordsOf(t) == in.Words {
			return t, nil
		}
	}
	b, _, err := r.app.store.Files().Get(ctx, in.Words)
	return letter.Text{Family: family, Step: step, Lang: lang, Source: string(b)}, err
}

// compose writes a message from what was kept with it.
func (r *renderer) compose(ctx context.Context, row *store.Message) (*letter.Composition, *inputs, error) {
	in, err := readInputs(row)
	if err != nil {
		return nil, nil, err
	}
	p, err := r.profile(ctx, in.Profile)
	if err != nil {
		return nil, nil, err
	}
	t, err := r.template(ctx, row, in)
	if err != nil {
		return nil, nil, err
	}
	c, err := t.Compose(in.message(row, p))
	return c, in, err
}

// letter prints a message as a letter.
func (r *renderer) letter(ctx context.Context, row *store.Message) (*letter.Document, error) {
	paper := *row
	if paper.Channel == string(dunning.Email) {
		paper.Channel = string(dunning.Letter)
	}
	c, _, err := r.compose(ctx, &paper)
	if err != nil {
		return nil, err
	}
	return c.Document(), nil
}

// email makes the bytes of an e-mail, and gives the addresses of its envelope.
func (r *renderer) email(ctx context.Context, row *store.Message, acct *openAccount, thread []id.Message, at time.Time) (msg []byte, to []string, err error) {
	c, in, err := r.compose(ctx, row)
	if err != nil {
		return nil, nil, err
	}
	p, err := r.profile(ctx, in.Profile)
	if err != nil {
		return nil, nil, err
	}
	m := c.Mail()
	host := hostOf(acct.From)
	out := mail.Message{From: mail.Address{Name: acct.FromName, Address: acct.From}, Subject: m.Subject, Text: m.Text, HTML: m.HTML,
		MessageID: mailID(r.company, row.ID, host), Date: at.In(r.company.Profile.Location())}
	if out.From.Name == "" {
		out.From.Name = p.Name
	}
	if acct.ReplyTo != "" {
		out.ReplyTo = mail.Address{Address: acct.ReplyTo}
	}
	to = append(append(to, in.Mail...), in.CC...)
	out.To, out.Cc = addresses(in.Mail), addresses(in.CC)
	if row.Trial {
		to = []string{r.company.TrialTo}
		out.To, out.Cc = addresses(to), nil
	}
	for i, address := range to {
		ascii, ok := mail.ASCII(address)
		if !ok {
			return nil, nil, fault.New(fault.Invalid, "app.mail.address", address)
		}
		to[i] = ascii
	}
	for _, t := range thread {
		out.References = append(out.References, mailID(r.company, t, host))
	}
	if n := len(out.References); n > 0 {
		out.InReplyTo = out.References[n-1]
	}
	if len(p.Logo) > 0 {
		out.Inline = append(out.Inline, mail.Part{Name: "logo", ContentID: "logo", MediaType: pictureType(p.Logo), Data: p.Logo})
	}
	if out.Attachments, err = r.attachments(ctx, row, in); err != nil {
		return nil, nil, err
	}
	msg, err = mail.Write(out)
	return msg, to, err
}

// attachments reads or prints what travels with a message.
func (r *renderer) attachments(ctx context.Context, row *store.Message, in *inputs) (out []mail.Part, err error) {
	for _, a := range in.Attach {
		var part mail.Part
		switch {
		case a.SHA256 != "":
			part, err = r.files.part(ctx, a)
		case a.Earlier != 0:
			part, err = r.earlier(ctx, a)
		case a.Statement:
			part, err = r.statement(ctx, row, in, a.Name)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, part)
	}
	return out, nil
}

// earlier prints a message that left before, as a letter shows it.
func (r *renderer) earlier(ctx context.Context, a attached) (mail.Part, error) {
	if p, ok := r.files.get(a.Name + ":" + strconv.FormatInt(int64(a.Earlier), 10)); ok {
		return p, nil
	}
	var row *store.Message
	err := r.read(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.Message(ctx, a.Earlier)
		return err
	})
	if err != nil {
		return mail.Part{}, err
	}
	doc, err := r.letter(ctx, row)
	if err != nil {
		return mail.Part{}, err
	}
	pdf, err := r.app.print.Letter(doc)
	if err != nil {
		return mail.Part{}, err
	}
	part := mail.Part{Name: a.Name, MediaType: "application/pdf", Data: pdf}.Encoded()
	r.files.put(a.Name+":"+strconv.FormatInt(int64(a.Earlier), 10), part)
	return part, nil
}

// statement prints everything that the message knows to be open.
func (r *renderer) statement(ctx context.Context, row *store.Message, in *inputs, name string) (mail.Part, error) {
	p, err := r.profile(ctx, in.Profile)
	if err != nil {
		return mail.Part{}, err
	}
	m := in.message(row, p)
	m.Kind, m.IsLetter, m.Level, m.PayBy = letter.Statement, true, 0, 0
	m.Items = append(append([]letter.Item(nil), m.Items...), m.Upcoming...)
	m.Upcoming, m.Memo, m.Earlier, m.Attachments = nil, nil, nil, nil
	m.Penalties, m.Compensation, m.Annex = letter.None, letter.None, letter.Annex{}
	doc, err := statementDocument(m)
	if err != nil {
		return mail.Part{}, err
	}
	pdf, err := r.app.print.Letter(doc)
	return mail.Part{Name: name, MediaType: "application/pdf", Data: pdf}, err
}

// statementDocument sums and writes a statement of account.
func statementDocument(m letter.Message) (*letter.Document, error) {
	m.Open = money.Of(0, m.Currency)
	for _, it := range m.Items {
		m.Open.Minor += it.Open.Minor
	}
	m.Total = m.Open
	for _, x := range m.Deductions {
		m.Total.Minor -= x.Amount.Minor
	}
	return composed(m)
}

// composed is a document of the statement's text.
func composed(m letter.Message) (*letter.Document, error) {
	t, problems := letter.For("statement", &m).Template()
	if len(problems) > 0 {
		return nil, problems[0]
	}
	c, err := t.Compose(m)
	if err != nil {
		return nil, err
	}
	return c.Document(), nil
}

func addresses(list []string) []mail.Address {
	out := make([]mail.Address, len(list))
	for i, a := range list {
		out[i].Address = a
	}
	return out
}

func hostOf(address string) string {
	if _, h, ok := strings.Cut(address, "@"); ok && h != "" {
		return h
	}
	return "localhost"
}

func pictureType(b []byte) string {
	if len(b) > 3 && b[0] == 0xff && b[1] == 0xd8 {
		return "image/jpeg"
	}
	return "image/png"
}

// fileCache keeps the files of a sending, encoded once each, within a bound.
type fileCache struct {
	files fileStore
	kept  map[string]mail.Part
	size  int
}

type fileStore interface {
	Get(ctx context.Context, sha string) (data []byte, media string, err error)
}

const maxCached = 48 << 20

func newFileCache(f fileStore) *fileCache { return &fileCache{files: f, kept: map[string]mail.Part{}} }

func (f *fileCache) get(key string) (mail.Part, bool) {
	p, ok := f.kept[key]
	return p, ok
}

func (f *fileCache) put(key string, p mail.Part) {
	if f.size += 3 * len(p.Data); f.size > maxCached {
		f.kept, f.size = map[string]mail.Part{}, 3*len(p.Data)
	}
	f.kept[key] = p
}

func (f *fileCache) part(ctx context.Context, a attached) (mail.Part, error) {
	key := a.SHA256 + ":" + a.Name
	if p, ok := f.get(key); ok {
		return p, nil
	}
	data, media, err := f.files.Get(ctx, a.SHA256)
	if err != nil {
		return mail.Part{}, fault.New(fault.NotFound, "app.attach.lost", a.Name)
	}
	if media == "" {
		media = mime.TypeByExtension(filepath.Ext(a.Name))
	}
	p := mail.Part{Name: a.Name, MediaType: media, Data: data}.Encoded()
	f.put(key, p)
	return p, nil
}
