package app

import (
	"context"
	"encoding/json"
	"net/mail"
	"strings"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// MailAccount is how messages leave: the server, and who they are from. The password is kept
// sealed and never shown again.
type MailAccount struct {
	Name        string
	Host        string
	Port        int
	TLS         string // "starttls", "tls" or "none"
	User        string
	Password    string `json:"-"`
	From        string // address
	FromName    string // "" is the company's name
	ReplyTo     string
	Connections int      // held at once by all the processes together; 0 is 2
	Rate        int      `json:",omitempty"` // messages a minute at most; 0: no limit
	Collectors  []string // whose customers it serves; none: everybody's
}

// keptAccount is the account as its row holds it.
type keptAccount struct {
	MailAccount
	Sealed string
}

// AddMailAccount creates or replaces an account by its name.
func (d *Desk) AddMailAccount(ctx context.Context, a MailAccount) error {
	if err := d.may(org.VerbConfigure); err != nil {
		return err
	}
	if err := checkAccount(&a); err != nil {
		return err
	}
	k := keptAccount{MailAccount: a}
	if a.Password != "" {
		if d.seal == nil {
			return fault.New(fault.Internal, "app.mail.no-key")
		}
		sealed, err := d.seal.Seal([]byte(a.Password))
		if err != nil {
			return err
		}
		k.Sealed = sealed
	}
	return d.update(ctx, org.VerbConfigure, func(m *moment) error {
		if k.Sealed == "" {
			if err := m.keepPassword(&k); err != nil {
				return err
			}
		}
		b, err := json.Marshal(k)
		if err != nil {
			return err
		}
		if err := m.SaveMailAccount(ctx, &store.MailAccount{Name: a.Name, Data: string(b)}); err != nil {
			return err
		}
		return m.note("mail-account.saved", subject{}, map[string]any{"name": a.Name, "host": a.Host, "from": a.From})
	})
}

// keepPassword leaves an account its password when only other things change: it is not shown, so that nobody types it
// again. It goes to no other server and to no other user.
func (m *moment) keepPassword(k *keptAccount) error {
	list, err := accounts(m.ctx, m.Tx)
	for _, old := range list {
		if old.Name == k.Name && old.Host == k.Host && old.User == k.User && k.User != "" {
			k.Sealed = old.Sealed
		}
	}
	return err
}

func checkAccount(a *MailAccount) error {
	if a.Name == "" {
		a.Name = "main"
	}
	if a.Host == "" {
		return fault.New(fault.Invalid, "app.mail.host")
	}
	switch a.TLS {
	case "":
		a.TLS = "starttls"
	case "starttls", "tls", "none":
	default:
		return fault.New(fault.Invalid, "app.mail.tls", a.TLS)
	}
	if a.Port == 0 {
		a.Port = map[string]int{"starttls": 587, "tls": 465, "none": 25}[a.TLS]
	}
	for _, s := range []string{a.From, a.ReplyTo} {
		if _, err := mail.ParseAddress(s); s != "" && err != nil || strings.ContainsAny(s, "\r\n<>") {
			return fault.New(fault.Invalid, "app.mail.address", s)
		}
	}
	if a.From == "" {
		return fault.New(fault.Invalid, "app.mail.from")
	}
	if a.Connections < 0 || a.Connections > 50 {
		return fault.New(fault.Invalid, "app.mail.connections", 50)
	}
	if a.Rate < 0 || a.Rate > 60_000 {
		return fault.New(fault.Invalid, "app.mail.rate", 60_000)
	}
	return nil
}

// MailAccounts lists the accounts, the default first, without their passwords.
func (d *Desk) MailAccounts(ctx context.Context) (list []MailAccount, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		kept, err := accounts(ctx, tx)
		for _, k := range kept {
			list = append(list, k.MailAccount)
		}
		return err
	})
	return list, err
}

// DeleteMailAccount forgets an account.
func (d *Desk) DeleteMailAccount(ctx context.Context, name string) error {
	return d.update(ctx, org.VerbConfigure, func(m *moment) error {
		if err := m.DeleteMailAccount(ctx, name); err != nil {
			return err
		}
		return m.note("mail-account.deleted", subject{}, map[string]any{"name": name})
	})
}

// openAccount is an account with its identifier, ready to be dialled.
type openAccount struct {
	keptAccount
	id   int64
	lent int // connections that a sending may use
}

// connections is how many the account bears.
func (a *openAccount) connections() int {
	if a.Connections == 0 {
		return 2
	}
	return a.Connections
}

func accounts(ctx context.Context, tx *store.Tx) ([]openAccount, error) {
	rows, err := tx.MailAccounts(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]openAccount, len(rows))
	for i, r := range rows {
		if err := json.Unmarshal([]byte(r.Data), &out[i].keptAccount); err != nil {
			return nil, err
		}
		out[i].id = int64(r.ID)
	}
	return out, nil
}

// accountFor is the account that serves a collector's customers; zero is the default one.
func accountFor(list []openAccount, collector string) id.MailAccount {
	for _, a := range list {
		if collector != "" && contains(a.Collectors, collector) {
			return id.MailAccount(a.id)
		}
	}
	return 0
}

// server is what the port dials.
func (a *App) server(k keptAccount) (MailServer, error) {
	s := MailServer{Host: k.Host, Port: k.Port, TLS: k.TLS, User: k.User}
	if k.Sealed != "" {
		if a.seal == nil {
			return s, fault.New(fault.Internal, "app.mail.no-key")
		}
		p, err := a.seal.Unseal(k.Sealed)
		if err != nil {
			return s, err
		}
		s.Password = string(p)
	}
	return s, nil
}

// TestMailAccount signs in to the mail server of an account and leaves.
func (d *Desk) TestMailAccount(ctx context.Context, name string) error {
	if err := d.may(org.VerbConfigure); err != nil {
		return err
	}
	var found *openAccount
	err := d.view(ctx, func(tx *store.Tx) error {
		list, err := accounts(ctx, tx)
		for i := range list {
			if name == "" || list[i].Name == name {
				found = &list[i]
				break
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if found == nil {
		return fault.New(fault.NotFound, "app.mail.none")
	}
	s, err := d.server(found.keptAccount)
	if err != nil {
		return err
	}
	c, err := d.mail.Dial(ctx, s)
	if err != nil {
		return err
	}
	return c.Close()
}
