package app

import (
	"context"
	"errors"
	"strings"

	"relance/internal/domain/journal"
	"relance/internal/domain/org"
	"relance/internal/domain/rate"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/ident"
	"relance/internal/store"
)

// Companies lists the companies of the house.
func (a *App) Companies(ctx context.Context) (list []org.Company, err error) {
	err = a.store.View(ctx, 0, func(tx *store.Tx) error {
		list, err = tx.Companies(ctx)
		return err
	})
	return list, err
}

// CreateCompany opens a company with the scenarios that ship with the program.
func (a *App) CreateCompany(ctx context.Context, code string, p org.Profile) (c org.Company, err error) {
	code = strings.TrimSpace(code)
	if code == "" || len(code) > 40 {
		return c, fault.New(fault.Invalid, "app.company.code")
	}
	if err := checkProfile(&p); err != nil {
		return c, err
	}
	at := a.now()
	err = a.store.Update(ctx, 0, func(tx *store.Tx) error {
		c = org.Company{Code: code, Profile: p}
		if err := tx.InsertCompany(ctx, &c); err != nil {
			if fault.Of(err) == fault.Conflict {
				return fault.New(fault.Conflict, "app.company.exists", code)
			}
			return err
		}
		m := &moment{Tx: tx.In(c.ID), ctx: ctx, company: c, actor: System(c.ID, "system"), at: at, day: dayOf(c, at)}
		if err := installShipped(m); err != nil {
			return err
		}
		if err := m.note("company.created", subject{}, map[string]any{"code": code, "name": p.Name}); err != nil {
			return err
		}
		return m.close()
	})
	return c, err
}

// NameCompany names a company that a file began: its short name and what it says of itself.
func (d *Desk) NameCompany(ctx context.Context, code string, p org.Profile) error {
	if err := d.may(org.VerbConfigure); err != nil {
		return err
	}
	if err := checkProfile(&p); err != nil {
		return err
	}
	return d.update(ctx, org.VerbConfigure, func(m *moment) error {
		if m.company.Profile.Name != "" {
			return fault.New(fault.Conflict, "app.company.exists", m.company.Code)
		}
		if err := m.SetCode(ctx, code); err != nil {
			return err
		}
		version, err := m.SaveProfile(ctx, p)
		if err != nil {
			return err
		}
		if err := m.PlanAllAgain(ctx, atOnce); err != nil {
			return err
		}
		return m.note("company.profile", subject{}, map[string]any{"version": version, "name": p.Name, "code": code})
	})
}

// SetProfile keeps a new version of what the company says of itself: messages already decided
// keep the letterhead they were decided with.
func (d *Desk) SetProfile(ctx context.Context, p org.Profile) error {
	if err := d.may(org.VerbConfigure); err != nil {
		return err
	}
	if err := checkProfile(&p); err != nil {
		return err
	}
	return d.update(ctx, org.VerbConfigure, func(m *moment) error {
		version, err := m.SaveProfile(ctx, p)
		if err != nil {
			return err
		}
		old := m.company.Profile
		if old.Scenario != p.Scenario || old.Calendar != p.Calendar || old.DefaultTerms != p.DefaultTerms {
			if err := m.PlanAllAgain(ctx, atOnce); err != nil {
				return err
			}
		}
		return m.note("company.profile", subject{}, map[string]any{"version": version, "name": p.Name})
	})
}

// maxPicture bounds a logo or a signature, in bytes.
const maxPicture = 512 << 10

func checkProfile(p *org.Profile) error {
	p.SIREN = strings.ReplaceAll(p.SIREN, " ", "")
	if p.SIREN != "" {
		if f := ident.SIREN(p.SIREN); !f.Valid() && !f.Doubtful {
			return fault.New(fault.Invalid, "app.company.siren", p.SIREN)
		}
	}
	if p.IBAN != "" {
		f := ident.IBAN(p.IBAN)
		if !f.Valid() {
			return fault.New(fault.Invalid, "app.company.iban", p.IBAN)
		}
		p.IBAN = f.Value
	}
	if p.BIC != "" {
		f := ident.BIC(p.BIC)
		if !f.Valid() {
			return fault.New(fault.Invalid, "app.company.bic", p.BIC)
		}
		p.BIC = f.Value
	}
	if _, err := rate.ParseSpec(p.PenaltyRate); err != nil {
		return err
	}
	if p.DefaultTerms != "" {
		if _, err := cal.ParseTerms(p.DefaultTerms); err != nil {
			return err
		}
	}
	for _, b := range [][]byte{p.Logo, p.Signature} {
		if len(b) > maxPicture {
			return fault.New(fault.Invalid, "file.too-large", 1)
		}
		if len(b) > 0 && !isPicture(b) {
			return fault.New(fault.Invalid, "app.company.picture")
		}
	}
	return nil
}

func isPicture(b []byte) bool {
	return len(b) > 8 && (string(b[1:4]) == "PNG" || b[0] == 0xff && b[1] == 0xd8)
}

// SetPaymentsKnown states the day up to which payments are known (rule 8).
func (d *Desk) SetPaymentsKnown(ctx context.Context, on cal.Date) error {
	return d.update(ctx, org.VerbImport, func(m *moment) error {
		if on > m.day {
			return fault.New(fault.Invalid, "app.day.future", on)
		}
		if err := m.SetPaymentsOn(ctx, on); err != nil {
			return err
		}
		m.company.PaymentsOn = on
		if err := m.touchCommitted(); err != nil {
			return err
		}
		if err := m.releaseWaiting(); err != nil {
			return err
		}
		return m.note("company.payments-known", subject{}, map[string]any{"on": on})
	})
}

// SetTrialMailbox says where the messages of trial mode go.
func (d *Desk) SetTrialMailbox(ctx context.Context, address string) error {
	if err := d.may(org.VerbConfigure); err != nil {
		return err
	}
	if address != "" && !isMailbox(address) {
		return fault.New(fault.Invalid, "app.mail.address", address)
	}
	return d.update(ctx, org.VerbConfigure, func(m *moment) error {
		if err := m.SetTrialTo(ctx, address); err != nil {
			return err
		}
		return m.note("company.trial-mailbox", subject{}, map[string]any{"to": address})
	})
}

// Live is what going live means: how many messages would leave today, to whom, for how much.
type Live struct {
	Plan   *Plan
	Trials int // messages that only reached the trial mailbox: their steps are done again for real
	Done   bool
}

// GoLive ends trial mode. Without confirm it only shows what would leave. Steps that were sent to
// the trial mailbox reached no debtor: their items start again where they stood before.
func (d *Desk) GoLive(ctx context.Context, confirm bool) (*Live, error) {
	if confirm {
		if err := d.may(org.VerbConfigure); err != nil {
			return nil, err
		}
	}
	c, err := d.Company(ctx)
	if err != nil {
		return nil, err
	}
	if c.IsLive() {
		return nil, fault.New(fault.Conflict, "app.live.already", c.LiveOn)
	}
	l := &Live{}
	if !confirm {
		l.Plan, err = d.Plan(ctx, 0)
		return l, err
	}
	if lacks := missingForLive(c.Profile); lacks != "" {
		return nil, fault.New(fault.Invalid, lacks)
	}
	err = d.update(ctx, org.VerbConfigure, func(m *moment) error {
		// No run decides between the two: what it proposes is of the trial or of the life after it.
		if err := m.Deciding(ctx); err != nil {
			return err
		}
		if err := m.SetLive(ctx, m.day); errors.Is(err, store.ErrMoved) {
			return fault.New(fault.Conflict, "app.live.already", m.day)
		} else if err != nil {
			return err
		}
		if l.Trials, err = m.ForgetTrial(ctx); err != nil {
			return err
		}
		if err := m.PlanAllAgain(ctx, atOnce); err != nil {
			return err
		}
		l.Done = true
		return m.note(journal.Kind("company.live"), subject{}, map[string]any{"on": m.day, "trials": l.Trials})
	})
	return l, err
}

// missingForLive is the first thing without which no message should reach a debtor.
func missingForLive(p org.Profile) string {
	switch {
	case p.Name == "":
		return "app.live.name"
	case p.IBAN == "" && p.ChequeOrder == "" && p.PayURL == "":
		return "app.live.payment"
	}
	return ""
}
