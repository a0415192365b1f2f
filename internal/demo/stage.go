package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"relance/internal/app"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// Size of the play.
const (
	customers = 240
	history   = 150 // days lived before the curtain rises
	ahead     = 400 // days for which invoices are written beforehand
)

// Stage is the example company at its desk.
type Stage struct {
	App     *app.App
	Desk    *app.Desk
	Clock   *Clock
	Mailbox *Mailbox

	print   app.Printer
	random  *rand.Rand
	cast    []debtor
	bills   map[cal.Date][]bill // invoices by the day they are issued
	pays    map[cal.Date][]pay  // payments by the day they come in
	argue   map[cal.Date][]string
	moves   map[cal.Date][]movement // of the bank, besides the payments of the day
	balance int64                   // of the account, cents
	lastRef int
	last    int // number of the last invoice
	began   cal.Date
}

type bill struct {
	who         *debtor
	number      string
	issued, due cal.Date
	cents       int64
	credit      bool
}

type pay struct {
	who     *debtor
	invoice string
	cents   int64
}

// Begin is the instant at which the play starts for a person who watches on a day: history days
// before it.
func Begin(today time.Time) time.Time {
	y, m, d := today.Date()
	return time.Date(y, m, d-history, 10, 0, 0, 0, today.Location())
}

// Login of the demonstration's only user.
const (
	Email    = "demo@vasseur.example"
	Password = "demonstration"
)

// profile is what Atelier Vasseur says of itself.
func profile(l i18n.Lang) org.Profile {
	return org.Profile{Name: "Atelier Vasseur", LegalForm: "SAS", Capital: 50_000_00, SIREN: "732829320", VAT: "FR44732829320", RCSCity: "Nantes",
		Address: party.Address{Lines: "12 rue des Forges", Postcode: "44000", City: "Nantes", Country: "FR"}, Phone: "02 40 00 00 00",
		Email: "compta@vasseur.example", Website: "vasseur.example", IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP",
		ChequeOrder: "Atelier Vasseur", SignatoryName: "Claire Vasseur", SignatoryRole: "Directrice administrative et financière",
		ContactName: "Jean Morel", Mediator: "Médiation exemple, 1 place du Marché, 75002 Paris, mediation.example", Language: string(l),
		DefaultTerms: "net 30", Color: "#1d4e89"}
}

// Set builds the company and lives its past: mails go to the mail server at smtpHost:smtpPort, which
// is the mailbox's.
func Set(ctx context.Context, a *app.App, c *Clock, box *Mailbox, p app.Printer, l i18n.Lang, smtpHost string, smtpPort int) (*Stage, error) {
	s := &Stage{App: a, Clock: c, Mailbox: box, print: p, random: rand.New(rand.NewPCG(2026, 11)), bills: map[cal.Date][]bill{},
		pays: map[cal.Date][]pay{}, argue: map[cal.Date][]string{}, moves: map[cal.Date][]movement{}, balance: 84_000_00}
	co, err := a.CreateCompany(ctx, "VASSEUR", profile(l))
	if err != nil {
		return nil, err
	}
	s.Desk = a.As(app.System(co.ID, "Jean Morel"))
	for _, u := range []org.User{{Name: "Jean Morel", Email: Email, Role: org.Admin}, {Name: "Claire Vasseur", Email: "claire@vasseur.example", Role: org.Admin}} {
		if _, err := s.Desk.AddUser(ctx, u, Password); err != nil {
			return nil, err
		}
	}
	if err := s.Desk.AddMailAccount(ctx, app.MailAccount{Name: "main", Host: smtpHost, Port: smtpPort, TLS: "none", From: "compta@vasseur.example",
		FromName: "Atelier Vasseur"}); err != nil {
		return nil, err
	}
	if err := s.Desk.SetTrialMailbox(ctx, Email); err != nil {
		return nil, err
	}
	s.cast = cast(s.random, customers)
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	if _, err := s.Desk.GoLive(ctx, true); err != nil {
		return nil, err
	}
	day, err := s.Desk.Today(ctx)
	if err != nil {
		return nil, err
	}
	s.began = day
	s.script(day)
	for range history {
		if err := s.NextDay(ctx, true); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// enter brings the customers and their contacts in.
func (s *Stage) enter(ctx context.Context) error {
	var cs, ks strings.Builder
	cs.WriteString("code;name;kind;siren;address;postcode;city;country;email;language;terms\n")
	ks.WriteString("customer;name;role;email\n")
	for i := range s.cast {
		d := &s.cast[i]
		kind, lang := "", ""
		if d.asserted {
			kind = string(d.kind)
		}
		if d.kind == party.Foreign {
			lang = "en"
		}
		fmt.Fprintf(&cs, "%s;%s;%s;%s;%s;%s;%s;%s;%s;%s;net 30\n", d.code, d.name, kind, d.siren, d.address[0], d.address[1], d.address[2], d.address[3], d.email, lang)
		if d.email != "" {
			fmt.Fprintf(&ks, "%s;%s;accounting;%s\n", d.code, d.contact, d.email)
		}
		if d.buyer != "" {
			fmt.Fprintf(&ks, "%s;Service achats;buyer;%s\n", d.code, d.buyer)
		}
	}
	if err := s.take(ctx, app.ImportCustomers, app.FileIn("clients.csv", []byte(cs.String()))); err != nil {
		return err
	}
	return s.take(ctx, app.ImportContacts, app.FileIn("interlocuteurs.csv", []byte(ks.String())))
}

func (s *Stage) take(ctx context.Context, kind app.ImportKind, files ...app.ImportFile) error {
	rep, err := s.Desk.Import(ctx, files, app.ImportOptions{Kind: kind})
	if err != nil {
		return err
	}
	return rep.Failure()
}

// script writes beforehand what everybody will do.
func (s *Stage) script(from cal.Date) {
	for i := range s.cast {
		d := &s.cast[i]
		every := 25 + s.random.IntN(70)
		for at := from.AddDays(-20 + s.random.IntN(40)); at < from.AddDays(history+ahead); at = at.AddDays(every + s.random.IntN(20)) {
			s.invoice(d, cal.Later(at, from+1))
		}
	}
}

func (s *Stage) invoice(d *debtor, on cal.Date) {
	for on.Weekday() == time.Saturday || on.Weekday() == time.Sunday {
		on++
	}
	s.last++
	cents := int64(80_00 + s.random.IntN(2400_00))
	if d.big {
		cents *= 6
	}
	if d.kind == party.Consumer {
		cents = 40_00 + cents/8
	}
	b := bill{who: d, number: fmt.Sprintf("F-%d-%04d", on.Year(), s.last), issued: on, due: on.AddDays(30), cents: cents}
	s.bills[on] = append(s.bills[on], b)
	t := d.temper
	if t.argues && s.random.IntN(2) == 0 {
		s.argue[b.due+8] = append(s.argue[b.due+8], b.number)
	}
	if s.random.IntN(25) == 0 {
		credit := b
		credit.number, credit.credit, credit.issued, credit.cents = strings.Replace(b.number, "F-", "A-", 1), true, on+12, cents/5
		s.bills[credit.issued] = append(s.bills[credit.issued], credit)
		cents -= credit.cents
	}
	if t.never && s.random.IntN(3) > 0 {
		return
	}
	paid := b.due + cal.Date(t.late+s.random.IntN(6)-2)
	if t.partial {
		s.pays[paid] = append(s.pays[paid], pay{d, b.number, cents / 2})
		paid, cents = paid+21, cents-cents/2
	}
	s.pays[paid] = append(s.pays[paid], pay{d, b.number, cents})
}

// papers writes the invoices of a day as a file with their PDFs, as an accounting program exports them.
func (s *Stage) papers(list []bill) ([]app.ImportFile, error) {
	var csv strings.Builder
	csv.WriteString("number;kind;issued;due;amount;currency;customer;file\n")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, x := range list {
		kind, pdf := "invoice", x.number+".pdf"
		if x.credit {
			kind = "credit-note"
		}
		doc := s.paper(x)
		data, err := s.print.Letter(doc)
		if err != nil {
			return nil, err
		}
		f, err := z.Create(pdf)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(data); err != nil {
			return nil, err
		}
		fmt.Fprintf(&csv, "%s;%s;%s;%s;%s;%s;%s;%s\n", x.number, kind, x.issued, x.due, money.Of(x.cents, money.Currency(x.who.currency)).Decimal(),
			x.who.currency, x.who.code, pdf)
	}
	f, err := z.Create("factures.csv")
	if err != nil {
		return nil, err
	}
	if _, err := f.Write([]byte(csv.String())); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	set, err := app.FilesIn("factures.zip", b.Bytes())
	if err != nil {
		return nil, err
	}
	return set.Files, nil
}

// paper is an invoice on paper: enough of one to be attached.
func (s *Stage) paper(x bill) *letter.Document {
	l := i18n.FR
	total := money.Of(x.cents, money.Currency(x.who.currency))
	title := "Facture " + x.number
	if x.credit {
		title = "Avoir " + x.number
	}
	row := func(label, value string) letter.Line { return letter.Line{Label: label, Value: value} }
	return &letter.Document{Lang: l, Title: title, Created: x.issued,
		Letterhead: []string{"Atelier Vasseur", "12 rue des Forges", "44000 Nantes"},
		Recipient:  []string{x.who.name, x.who.address[0], x.who.address[1] + " " + x.who.address[2]},
		PlaceDate:  "Nantes, le " + i18n.Date(l, x.issued), SubjectLabel: "Objet", Subject: title,
		Blocks: []letter.Block{
			{Kind: letter.Paragraph, Runs: []letter.Run{{Text: "Fourniture et pose selon bon de livraison."}}},
			{Kind: letter.Payment, Payment: &letter.PaymentBox{Title: "Règlement", Lines: []letter.Line{row("Total TTC", i18n.Amount(l, total)),
				row("Échéance", i18n.Date(l, x.due)), row("IBAN", "FR76 3000 6000 0112 3456 7890 189")}}},
		},
		Foot: []string{"Atelier Vasseur, SAS au capital de 50 000 € – 12 rue des Forges, 44000 Nantes – RCS Nantes 732 829 320"}, PageOf: "Page %d/%d"}
}
