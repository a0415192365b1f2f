package app

import (
	"context"
	"slices"
	"strings"

	"relance/internal/domain/org"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// SetPortfolio binds a person to the customers of some collectors, or lets them see the company again when there
// are none. A collector is the name that the files give a customer's (the column "collector"): it is what every
// import repeats, whatever the person's address or name at this desk becomes, and two people may share one.
func (d *Desk) SetPortfolio(ctx context.Context, email string, collectors []string) error {
	return d.update(ctx, org.VerbConfigure, func(m *moment) error {
		users, err := m.Users(ctx)
		if err != nil {
			return err
		}
		for _, u := range users {
			if u.Email == strings.ToLower(strings.TrimSpace(email)) {
				u.Portfolio = collectors
				return m.bindUser(u)
			}
		}
		return fault.New(fault.NotFound, "app.no-user", email)
	})
}

// bindUser keeps what a person sees of the company.
func (m *moment) bindUser(u org.User) error {
	names, err := portfolio(u)
	if err != nil {
		return err
	}
	if err := m.Tx.SetPortfolio(m.ctx, u.ID, names); err != nil {
		return err
	}
	return m.note("user.portfolio", subject{}, map[string]any{"user": u.ID, "collectors": names})
}

// maxCollectors bounds a portfolio.
const maxCollectors = 100

// portfolio is a person's collectors without blanks; only who may be bound has any.
func portfolio(u org.User) (names []string, err error) {
	for _, c := range u.Portfolio {
		if c = strings.TrimSpace(c); c != "" && !slices.Contains(names, c) {
			names = append(names, c)
		}
	}
	switch {
	case len(u.Portfolio) > 0 && !u.Role.Boundable():
		return nil, fault.New(fault.Invalid, "app.portfolio.role", i18n.Say("web.right."+string(u.Role)))
	case len(u.Portfolio) > 0 && len(names) == 0: // nothing but blanks is not "the whole company"
		return nil, fault.New(fault.Invalid, "app.portfolio.none")
	case len(names) > maxCollectors || slices.ContainsFunc(names, func(s string) bool { return clip(s) != s || strings.ContainsRune(s, 0) }):
		return nil, fault.New(fault.Invalid, "app.portfolio.long", maxCollectors)
	}
	return names, nil
}

// Collectors lists those whom the company's customers name, for whoever says what a portfolio is.
func (d *Desk) Collectors(ctx context.Context) (list []string, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		list, err = tx.Collectors(ctx)
		return err
	})
	return list, err
}

// within refuses a change that reached a customer whom the actor does not see. What is not seen is not found, so
// no verb gets here; this holds for the one that would change a row it never read.
func (m *moment) within() error {
	if !m.Bound() {
		return nil
	}
	who := map[id.Customer]bool{}
	for c := range m.touched {
		who[c] = true
	}
	for _, e := range m.entries {
		if e.Customer != 0 {
			who[e.Customer] = true
		}
	}
	ids := make([]id.Customer, 0, len(who))
	for c := range who {
		ids = append(ids, c)
	}
	seen, err := m.Customers(m.ctx, ids)
	if err != nil {
		return err
	}
	if len(seen) < len(ids) {
		return fault.New(fault.Forbidden, "app.portfolio.outside")
	}
	return nil
}
