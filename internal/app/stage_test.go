package app

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	mail "relance/internal/format/mime"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
	"relance/internal/store/storetest"
)

// stage is a company on a real database, with a clock that stands and a mail server that answers
// as it is told.
type stage struct {
	t    *testing.T
	ctx  context.Context
	app  *App
	desk *Desk
	mail *server
	at   time.Time
}

// server is the mail port's other side.
type server struct {
	mu     sync.Mutex
	dial   error
	answer func(to string) error // nil accepts
	taken  []taken
}

type taken struct {
	to  []string
	msg mail.Message
}

// Dial implements Mailer.
func (s *server) Dial(context.Context, MailServer) (MailConn, error) {
	if s.dial != nil {
		return nil, s.dial
	}
	return s, nil
}

// Send implements MailConn.
func (s *server) Send(_ context.Context, _ string, to []string, msg []byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answer != nil {
		if err := s.answer(to[0]); err != nil {
			return "", err
		}
	}
	m, err := mail.Read(strings.NewReader(string(msg)))
	s.taken = append(s.taken, taken{to, m})
	return "250 ok", err
}

// Close implements MailConn.
func (s *server) Close() error { return nil }

// paper is a printer whose letters are their subjects.
type paper struct{}

// Letter implements Printer.
func (paper) Letter(d *letter.Document) ([]byte, error) { return []byte("PDF " + d.Subject), nil }

// Batch implements Printer.
func (p paper) Batch(ds []*letter.Document) ([]byte, error) {
	var b []byte
	for _, d := range ds {
		one, err := p.Letter(d)
		if err != nil {
			return nil, err
		}
		b = append(b, one...)
	}
	return b, nil
}

// onStage plays a story on each database: live company, mail account, ten in the morning of the day.
func onStage(t *testing.T, day string, story func(s *stage)) {
	storetest.Each(t, func(t *testing.T, url string) {
		s := &stage{t: t, ctx: context.Background(), mail: &server{}}
		s.day(day)
		s.app = New(Options{Store: storetest.Open(t, url), Now: func() time.Time { return s.at }, Mail: s.mail, Print: paper{}})
		co, err := s.app.CreateCompany(s.ctx, "AV", org.Profile{Name: "Atelier Vasseur", SIREN: "732829320", IBAN: "FR7630006000011234567890189",
			Address: party.Address{Lines: "12 rue des Forges", Postcode: "44000", City: "Nantes"}, SignatoryName: "Claire Vasseur"})
		s.must(err)
		s.desk = s.app.As(System(co.ID, "Jean"))
		s.must(s.desk.AddMailAccount(s.ctx, MailAccount{Host: "mail.example", TLS: "none", From: "compta@vasseur.example", Connections: 3}))
		_, err = s.desk.GoLive(s.ctx, true)
		s.must(err)
		story(s)
	})
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// day moves the clock to ten in the morning of a day, in Paris.
func (s *stage) day(iso string) {
	d := cal.MustParse(iso)
	y, m, n := d.Civil()
	s.at = time.Date(y, m, n, 9, 0, 0, 0, time.UTC)
}

// file brings a CSV in.
func (s *stage) file(kind ImportKind, lines ...string) {
	s.t.Helper()
	rep, err := s.desk.Import(s.ctx, []ImportFile{FileIn("file.csv", []byte(strings.Join(lines, "\n")))}, ImportOptions{Kind: kind})
	s.must(err)
	s.must(rep.Failure())
	for _, f := range rep.Files {
		for _, p := range f.Errors {
			s.t.Fatal(p)
		}
	}
}

// customers brings professionals in: "C1 compta@un.example", the first message no longer to confirm.
func (s *stage) customers(list ...string) {
	s.t.Helper()
	lines := []string{"code;name;kind;address;postcode;city;email"}
	for _, x := range list {
		code, email, _ := strings.Cut(x, " ")
		lines = append(lines, code+";Client "+code+";PRO;1 rue Haute;75001;Paris;"+email)
	}
	s.file(ImportCustomers, lines...)
	s.must(s.desk.update(s.ctx, org.VerbImport, func(m *moment) error {
		all, err := m.AllCustomers(s.ctx)
		if err != nil {
			return err
		}
		for i := range all {
			all[i].ConfirmFirst = false
			if err := m.UpdateCustomer(s.ctx, &all[i]); err != nil {
				return err
			}
		}
		return nil
	}))
}

// invoice brings one invoice in, issued thirty days before it is due.
func (s *stage) invoice(number, customer, due, amount string) {
	s.t.Helper()
	s.file(ImportInvoices, "number;issued;due;amount;customer", number+";"+cal.MustParse(due).AddDays(-30).String()+";"+due+";"+amount+";"+customer)
}

// run decides the day and sends.
func (s *stage) run() *Sent {
	s.t.Helper()
	_, err := s.desk.Run(s.ctx, RunOptions{})
	s.must(err)
	out, err := s.desk.SendDue(s.ctx, SendOptions{})
	s.must(err)
	return out
}

// states tells the outbox as "step state" of each message, oldest first.
func (s *stage) states() string {
	s.t.Helper()
	list, err := s.desk.Outbox(s.ctx, store.Proposed, store.Approved, store.Sending, store.Sent, store.Failed, store.Uncertain, store.Skipped, store.Cancelled)
	s.must(err)
	var out []string
	for _, q := range list {
		out = append(out, q.Step+" "+q.State)
	}
	return strings.Join(out, ", ")
}

func (s *stage) wantStates(want string) {
	s.t.Helper()
	if got := s.states(); got != want {
		s.t.Fatalf("outbox: %s\nwant:   %s", got, want)
	}
}

// ids lists the messages in a state.
func (s *stage) ids(state string) (out []id.Message) {
	s.t.Helper()
	list, err := s.desk.Outbox(s.ctx, state)
	s.must(err)
	for _, q := range list {
		out = append(out, q.ID)
	}
	return out
}

// refusing answers with an error of a kind and key.
func refusing(k fault.Kind, key string) func(string) error {
	return func(string) error { return fault.New(k, key) }
}

// known states that payments are known up to today.
func (s *stage) known() {
	s.t.Helper()
	day, err := s.desk.Today(s.ctx)
	s.must(err)
	s.must(s.desk.SetPaymentsKnown(s.ctx, day))
}
