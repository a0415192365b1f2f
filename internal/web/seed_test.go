package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/gateway/pdf"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// house is a desk over a real database with a company in every situation.
type house struct {
	t   *testing.T
	app *app.App
	d   *app.Desk
	srv *httptest.Server
	day cal.Date
	now time.Time
	box *outgoing

	close func() error
}

// outgoing is a mail server that takes everything, or is closed.
type outgoing struct {
	closed bool
	refuse string   // what the server answers to every recipient
	to     []string // of the last message
	raw    [][]byte // every message that was taken
}

func (o *outgoing) Dial(context.Context, app.MailServer) (app.MailConn, error) {
	if o.closed {
		return nil, fault.New(fault.Unavailable, "smtp.temporary", "421 closed")
	}
	return o, nil
}
func (o *outgoing) Close() error { return nil }
func (o *outgoing) Send(_ context.Context, _ string, to []string, msg []byte) (string, error) {
	o.to, o.raw = to, append(o.raw, bytes.Clone(msg))
	if o.refuse != "" {
		return "", fault.New(fault.Invalid, "smtp.recipient", to[0], o.refuse)
	}
	return "250 2.0.0 Ok: queued", nil
}

// plainBox keeps passwords as they are: the tests have none to hide.
type plainBox struct{}

func (plainBox) Seal(b []byte) (string, error)   { return string(b), nil }
func (plainBox) Unseal(s string) ([]byte, error) { return []byte(s), nil }

const (
	adminMail     = "claire@vasseur.example"
	adminPassword = "correct horse battery"
)

// newHouse opens a company with nothing in it.
func newHouse(t *testing.T, o Options) *house {
	t.Helper()
	h := openHouse(t, filepath.Join(t.TempDir(), "relance.db"))
	c, err := h.app.CreateCompany(context.Background(), "VASSEUR", org.Profile{Name: "Atelier Vasseur"})
	h.must(err)
	h.d = h.app.As(app.System(c.ID, "Claire Vasseur"))
	_, err = h.d.AddUser(context.Background(), org.User{Name: "Claire Vasseur", Email: adminMail, Role: org.Admin}, adminPassword)
	h.must(err)
	h.serve(o)
	return h
}

// openHouse opens a database, with what stands in it.
func openHouse(t *testing.T, path string) *house {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir()) // for the files that wait to be accepted
	st, err := store.Open(context.Background(), "sqlite:"+path, true)
	if err != nil {
		t.Fatal(err)
	}
	close := sync.OnceValue(st.Close)
	t.Cleanup(func() {
		if err := close(); err != nil {
			t.Error(err)
		}
	})
	print, err := pdf.New()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), box: &outgoing{}, close: close}
	h.app = app.New(app.Options{Store: st, Now: func() time.Time { return h.now }, Mail: h.box, Print: print, Seal: plainBox{}})
	return h
}

// serve opens the door over the house.
func (h *house) serve(o Options) {
	h.t.Helper()
	var err error
	h.day, err = h.d.Today(context.Background())
	h.must(err)
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(&failing{h.t}, &slog.HandlerOptions{Level: slog.LevelError}))
	}
	handler, err := New(h.app, o)
	h.must(err)
	h.srv = httptest.NewServer(handler)
	h.t.Cleanup(h.srv.Close)
}

// failing fails the test when the desk logs an error.
type failing struct{ t *testing.T }

func (f *failing) Write(b []byte) (int, error) {
	f.t.Errorf("the desk logs: %s", bytes.TrimSpace(b))
	return len(b), nil
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) put(kind app.ImportKind, name, text string) {
	h.t.Helper()
	rep, err := h.d.Import(context.Background(), []app.ImportFile{app.FileIn(name, []byte(text))}, app.ImportOptions{Kind: kind})
	h.must(err)
	if f := rep.Files[0]; f.Failure != nil || f.Rejected > 0 {
		h.t.Fatalf("import %s: %v %d rejected: %v", name, f.Failure, f.Rejected, f.Errors)
	}
}

// back moves the clock to days before the day of the tests.
func (h *house) at(daysBefore int) {
	h.now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC).AddDate(0, 0, -daysBefore)
}

var (
	firms = []string{"Menuiserie du Port", "Boulangerie Lemaire", "Garage Saint-Michel", "Hôtel des Voyageurs", "Imprimerie Delattre", "Clinique vétérinaire des Tilleuls",
		"Transports Guérin", "Cabinet Rousseau & Associés", "Les Jardins de Sophie", "Électricité Moreau", "Brasserie de la Gare", "Pharmacie Centrale", "Atelier Bois & Fer",
		"Couverture Le Goff", "Société des Eaux Vives", "Optique Lambert", "Fromagerie Chabert", "Agence Horizon", "Maçonnerie Da Silva", "Plomberie Kerouac",
		"Studio Noir & Blanc", "Vignobles Castéra", "Informatique Océane", "Carrelage Pereira", "Restaurant L’Écluse", "Taxis Réunis", "Librairie des Arts", "Pressing Élégance",
		"Conserverie Bigouden", "Chantiers navals Le Floc’h"}
	cities = []string{"29200;Brest", "44000;Nantes", "35000;Rennes", "56100;Lorient", "22000;Saint-Brieuc", "49000;Angers", "75011;Paris", "69003;Lyon", "33000;Bordeaux", "59000;Lille"}
)

// lived is where the database of a company that has lived stands: it lives once a run of the
// tests, and each test opens a copy.
var lasting = os.TempDir()

var lived struct {
	once sync.Once
	path string
}

// full opens a company with customers and invoices in every situation, months of life behind it.
func full(t *testing.T, o Options) *house {
	t.Helper()
	lived.once.Do(func() {
		dir, err := os.MkdirTemp(lasting, "relance-web-")
		if err != nil {
			t.Fatal(err)
		}
		lived.path = filepath.Join(dir, "relance.db")
		live(t)
	})
	path := filepath.Join(t.TempDir(), "relance.db")
	for _, suffix := range []string{"", ".files"} {
		b, err := os.ReadFile(lived.path + suffix)
		if err == nil {
			err = os.WriteFile(path+suffix, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	h := openHouse(t, path)
	list, err := h.app.Companies(context.Background())
	h.must(err)
	h.d = h.app.As(app.System(list[0].ID, "Claire Vasseur"))
	h.serve(o)
	return h
}

// live makes the database that full copies.
func live(t *testing.T) {
	h := openHouse(t, lived.path)
	ctx := context.Background()
	c, err := h.app.CreateCompany(ctx, "VASSEUR", org.Profile{Name: "Atelier Vasseur"})
	h.must(err)
	h.d = h.app.As(app.System(c.ID, "Claire Vasseur"))
	h.day, err = h.d.Today(ctx)
	h.must(err)
	_, err = h.d.AddUser(ctx, org.User{Name: "Claire Vasseur", Email: adminMail, Role: org.Admin}, adminPassword)
	h.must(err)
	h.letterhead()
	h.must(h.d.AddMailAccount(ctx, app.MailAccount{Name: "main", Host: "smtp.vasseur.example", From: "compta@vasseur.example", FromName: "Atelier Vasseur"}))
	h.must(h.d.SetTrialMailbox(ctx, adminMail))
	for _, u := range []org.User{{Name: "Jean Morel", Email: "jean@vasseur.example", Role: org.Collector}, {Name: "Inès Barba", Email: "ines@vasseur.example", Role: org.Accountant},
		{Name: "Paul Roy", Email: "paul@vasseur.example", Role: org.ReadOnly}} {
		_, err := h.d.AddUser(ctx, u, adminPassword)
		h.must(err)
	}
	h.at(80)
	customers, contacts, invoices, payments := books(h.day)
	h.put(app.ImportCustomers, "clients.csv", customers)
	h.put(app.ImportContacts, "interlocuteurs.csv", contacts)
	h.put(app.ImportInvoices, "factures-2026.csv", invoices)
	for i := 1; i <= 24; i++ {
		code := fmt.Sprintf("C%04d", i)
		kind := party.Pro
		if i == 9 || i == 16 {
			kind = party.Public
		}
		if i == 12 {
			kind = party.Consumer
		}
		h.must(h.d.Qualify(ctx, code, kind))
	}
	_, err = h.d.GoLive(ctx, true)
	h.must(err)
	for n := 78; n > 0; n -= 3 { // two months of daily life, a look every third day
		h.at(n)
		_, err := h.d.Run(ctx, app.RunOptions{Brief: true})
		h.must(err)
		_, _, err = h.d.ApproveAll(ctx)
		h.must(err)
		_, err = h.d.SendDue(ctx, app.SendOptions{})
		h.must(err)
		if n == 30 {
			h.put(app.ImportPayments, "reglements.csv", payments)
		}
		letters, err := h.d.ToPost(ctx)
		h.must(err)
		h.post(letters)
	}
	h.at(0)
	h.life()
	h.statements()
	h.answers()
	_, err = h.d.Run(ctx, app.RunOptions{Brief: true})
	h.must(err)
	_, err = h.d.Seal(ctx)
	h.must(err)
	h.must(h.close())
}

// post prints and posts letters, on a working day.
func (h *house) post(letters []*app.Queued) {
	if wd := h.now.Weekday(); len(letters) == 0 || wd == time.Saturday || wd == time.Sunday {
		return
	}
	for _, q := range letters {
		_ = h.d.ConfirmPosted(context.Background(), []id.Message{q.ID}, map[id.Message]string{q.ID: fmt.Sprintf("1A 204 118 %04d 3", q.ID%10000)}) // a letter that is no longer true stays
	}
}

// life is what customers said lately.
func (h *house) life() {
	ctx := context.Background()
	hold := func(x app.HoldDraft) { _, _ = h.d.AddHold(ctx, x) } // an invoice that was paid meanwhile has none
	hold(app.HoldDraft{Customer: "C0003", Reason: dunning.HoldPause, Until: h.day + 12, Why: "Travaux en cours, le gérant rappelle"})
	hold(app.HoldDraft{Customer: "C0007", Reason: dunning.HoldCheque, Why: "Chèque n° 4471 reçu hier"})
	hold(app.HoldDraft{Customer: "C0011", Reason: dunning.HoldCreditAwaited, Until: h.day + 20, Why: "Retour de deux portes"})
	_, _ = h.d.AddPromise(ctx, app.Promise{Customer: "C0005", On: h.day + 6, Why: "Virement promis par Mme Lenoir"})
	_, _ = h.d.OpenDispute(ctx, app.Dispute{Invoice: "FA-2026-0061", Category: "delivery", Amount: 40000, Why: "Deux lots manquants"})
	_, _ = h.d.OpenDispute(ctx, app.Dispute{Invoice: "FA-2026-0014", Category: "quality", Why: "Finition contestée"})
}

func (h *house) letterhead() {
	img := image.NewNRGBA(image.Rect(0, 0, 240, 60))
	for y := range 60 {
		for x := range 240 {
			if (x/20+y/20)%2 == 0 && x < 60 || x > 80 && y > 22 && y < 38 {
				img.Set(x, y, color.NRGBA{0x1d, 0x4e, 0x89, 255})
			}
		}
	}
	var logo bytes.Buffer
	h.must(png.Encode(&logo, img))
	h.must(h.d.SetProfile(context.Background(), org.Profile{Name: "Atelier Vasseur", LegalForm: "SAS", Capital: 5000000, SIREN: "732829320", VAT: "FR44732829320",
		RCSCity: "Nantes", Address: party.Address{Lines: "12 rue des Forges", Postcode: "44000", City: "Nantes", Country: "FR"}, Phone: "02 40 00 00 00",
		Email: "compta@vasseur.example", Website: "vasseur.example", Color: "#1d4e89", IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP", Bank: "Crédit Exemple",
		ChequeOrder: "Atelier Vasseur", SignatoryName: "Claire Vasseur", SignatoryRole: "Directrice administrative et financière", ContactName: "Jean Morel", Logo: logo.Bytes()}))
}

// books writes the files of an invented year: customers, contacts, invoices, payments.
func books(day cal.Date) (customers, contacts, invoices, payments string) {
	r := rand.New(rand.NewPCG(7, 26))
	var c, k, i, p strings.Builder
	c.WriteString("code;name;kind;siren;address;postcode;city;terms;email;phone;collector\n")
	k.WriteString("customer;name;role;email;phone\n")
	i.WriteString("number;issued;due;amount;currency;customer;order\n")
	p.WriteString("customer;date;amount;invoice;method;reference\n")
	for n, name := range firms {
		code := fmt.Sprintf("C%04d", n+1)
		host := fmt.Sprintf("client%02d.example", n+1)
		mail := "compta@" + host
		if n == 20 {
			mail = ""
		}
		fmt.Fprintf(&c, "%s;%s;;;%d rue de la République;%s;net 30;%s;02 98 %02d %02d %02d;Jean Morel\n", code, name, 3+n, cities[n%len(cities)], mail, n+10, n+20, n+30)
		if mail != "" {
			fmt.Fprintf(&k, "%s;%s;accounting;%s;\n%s;%s;buyer;achats@%s;\n", code, "Anne Lenoir", mail, code, "Marc Petit", host)
		}
	}
	for n := range 190 {
		who := n % len(firms)
		due := day.AddDays(-95 + n*130/190 + r.IntN(9))
		amount := 12000 + r.IntN(900000)
		number := fmt.Sprintf("FA-2026-%04d", n+1)
		currency := "EUR"
		if n%61 == 40 {
			currency = "USD"
		}
		order := ""
		if n%5 == 0 {
			order = fmt.Sprintf("BC-%d", 700+n)
		}
		fmt.Fprintf(&i, "%s;%s;%s;%d,%02d;%s;C%04d;%s\n", number, due.AddDays(-30), due, amount/100, amount%100, currency, who+1, order)
		if n%3 == 0 && due < day-25 && currency == "EUR" {
			paid := amount
			if n%9 == 0 {
				paid = amount / 2
			}
			fmt.Fprintf(&p, "C%04d;%s;%d,%02d;%s;virement;VIR %d\n", who+1, cal.Later(due+3, day-70).AddDays(r.IntN(30)), paid/100, paid%100, number, 88000+n)
		}
	}
	i.WriteString("AV-2026-0001;" + day.AddDays(-20).String() + ";;-350,00;EUR;C0002;\n")
	return c.String(), k.String(), i.String(), p.String()
}

var _ io.Writer = (*failing)(nil)
