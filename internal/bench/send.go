package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"relance/internal/app"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/gateway/smtp"
)

// connections is how many a sending is measured on (PRODUCT.md §9).
const connections = 10

// mailer joins the hall's port to the SMTP gateway.
type mailer struct{}

// Dial implements app.Mailer.
func (mailer) Dial(ctx context.Context, s app.MailServer) (app.MailConn, error) {
	return smtp.Dial(ctx, smtp.Account{Host: s.Host, Port: s.Port, TLS: s.TLS})
}

// attached is the standard reminder with what a debtor asks for: the invoice itself, and a statement of account as a letter.
const attached = `name: attached
steps:
  - {id: reminder-1, kind: reminder, at: 5, channels: [email], to: [accounting], template: standard/reminder-1, automation: auto, attach: [invoices, statement]}
`

// sending measures what leaves: text and HTML, then with a letter printed for it and the 20 kB original of its invoice. The
// plain limit is the same bytes handed to the same server by the same client, nothing decided, written down or kept.
func (b *bench) sending() error {
	for _, x := range []struct {
		row      string // for a profile
		name     string
		messages int
		files    bool
	}{{"send", "send, text and HTML", min(b.n/5, 20_000), false}, {"send-letter", "send, a letter and an invoice attached", min(b.n/20, 2_000), true}} {
		s, err := newSink()
		if err != nil {
			return err
		}
		d, err := b.ready(x.messages, s.port(), x.files)
		if err != nil {
			return err
		}
		var out *app.Sent
		m, err := b.measure(func() error {
			return b.profiled(x.row, func() (err error) {
				out, err = d.SendDue(b.ctx, app.SendOptions{Day: day})
				return err
			})
		})
		if err != nil {
			return err
		}
		if int(s.taken.Load()) != x.messages {
			return fmt.Errorf("%d messages left of %d: %+v", s.taken.Load(), x.messages, *out)
		}
		plain, err := plainSend(s.port(), x.messages, int(s.bytes.Load())/x.messages)
		if err != nil {
			return err
		}
		b.add(x.name, x.messages, m, plain, fmt.Sprintf("the same bytes (%d kB each) by the same client", int(s.bytes.Load())/x.messages/1000/2))
		_ = s.l.Close() // nobody comes any more
	}
	return nil
}

// ready makes a company of its own that has so many approved messages to hand to a server.
func (b *bench) ready(messages, port int, files bool) (*app.Desk, error) {
	code := fmt.Sprintf("SEND%d", port)
	co, err := b.app.CreateCompany(b.ctx, code, org.Profile{Name: "Atelier Vasseur", LegalForm: "SAS", SIREN: "732829320", IBAN: "FR7630006000011234567890189",
		Address: party.Address{Lines: "12 rue des Forges", Postcode: "44000", City: "Nantes"}, SignatoryName: "Claire Vasseur"})
	if err != nil {
		return nil, err
	}
	d := b.app.As(app.System(co.ID, "bench"))
	if err := d.AddMailAccount(b.ctx, app.MailAccount{Host: "127.0.0.1", Port: port, TLS: "none", From: "compta@vasseur.example", Connections: connections}); err != nil {
		return nil, err
	}
	folder := filepath.Join(b.dir, code)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if files {
		if _, _, problems, err := d.ImportScenario(b.ctx, []byte(attached)); err != nil || len(problems) > 0 {
			return nil, fmt.Errorf("%v %w", problems, err)
		}
		p := co.Profile
		p.Scenario = "attached"
		if err := d.SetProfile(b.ctx, p); err != nil {
			return nil, err
		}
	}
	if err := b.debts(folder, messages, files); err != nil {
		return nil, err
	}
	if err := take(b.ctx, d, app.ImportAuto, folder); err != nil {
		return nil, err
	}
	if _, err := d.GoLive(b.ctx, true); err != nil {
		return nil, err
	}
	if _, err := d.Run(b.ctx, app.RunOptions{Day: day, Brief: true}); err != nil {
		return nil, err
	}
	_, _, err = d.ApproveAll(b.ctx)
	return d, err
}

// debts writes the files of a company whose every customer owes one invoice.
func (b *bench) debts(folder string, n int, files bool) error {
	if err := lines(filepath.Join(folder, "customers.csv"), func(w *bufio.Writer) {
		fmt.Fprintln(w, "code;name;kind;address;postcode;city;email")
		for i := range n {
			fmt.Fprintf(w, "C%d;Client numéro %d;PRO;%d rue de la Paix;75002;Paris;compta@c%d.example\n", i, i, i%200+1, i)
		}
	}); err != nil {
		return err
	}
	if err := lines(filepath.Join(folder, "invoices.csv"), func(w *bufio.Writer) {
		fmt.Fprintln(w, "number;issued;due;amount;customer;file")
		for i := range n {
			file := ""
			if files {
				file = fmt.Sprintf("F%d.pdf", i)
			}
			fmt.Fprintf(w, "F%d;%s;%s;%d.00;C%d;%s\n", i, day.AddDays(-42), day.AddDays(-12), 100+i%900, i, file)
		}
	}); err != nil || !files {
		return err
	}
	for i := range n {
		body := "%PDF-1.4\n% " + strings.Repeat(fmt.Sprintf("invoice %d ", i), 2100)
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("F%d.pdf", i)), []byte(body[:20_000]), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// plainSend hands so many messages of a size to a server.
func plainSend(port, messages, size int) (time.Duration, error) {
	msg := append(bytes.Repeat([]byte(strings.Repeat("x", 76)+"\r\n"), size/78), '\r', '\n')
	start := time.Now()
	var wg sync.WaitGroup
	errs := make([]error, connections)
	for i := range connections {
		wg.Go(func() {
			c, err := mailer{}.Dial(context.Background(), app.MailServer{Host: "127.0.0.1", Port: port, TLS: "none"})
			if err != nil {
				errs[i] = err
				return
			}
			defer c.Close()
			for range messages / connections {
				if _, errs[i] = c.Send(context.Background(), "a@vasseur.example", []string{"b@client.example"}, msg); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}
