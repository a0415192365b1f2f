package app

import (
	"context"
	"slices"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// Qualify says what kind of debtor a customer is: a person confirms (PRODUCT.md §3 rule 0).
func (d *Desk) Qualify(ctx context.Context, code string, kind party.Kind) error {
	if err := d.may(org.VerbCollect); err != nil {
		return err
	}
	if !kind.Valid() || kind == party.Unknown {
		return fault.New(fault.Invalid, "app.customer.kind", string(kind))
	}
	return d.editCustomer(ctx, code, func(m *moment, c *party.Customer) error {
		c.Kind, c.KindConfirmed = kind, true
		if err := m.EndTasksOfKind(ctx, c.ID, dunning.TaskQualify, m.day, m.actor.Name); err != nil {
			return err
		}
		return m.note("customer.qualified", subject{customer: c.ID}, map[string]any{"kind": kind})
	})
}

// ConfirmTerms says that the payment terms of a customer are right: due dates estimated from them
// start to count (PRODUCT.md §6).
func (d *Desk) ConfirmTerms(ctx context.Context, code, terms string) error {
	return d.editCustomer(ctx, code, func(m *moment, c *party.Customer) error {
		if terms != "" {
			if _, err := cal.ParseTerms(terms); err != nil {
				return err
			}
			c.Terms = terms
		}
		c.TermsConfirmed = true
		if err := m.estimateAgain(c); err != nil {
			return err
		}
		return m.note("customer.terms", subject{customer: c.ID}, map[string]any{"terms": c.Terms})
	})
}

// estimateAgain computes the estimated due dates of a customer from its terms.
func (m *moment) estimateAgain(c *party.Customer) error {
	text := c.Terms
	if text == "" {
		text = m.company.Profile.DefaultTerms
	}
	if text == "" {
		text = "net 30"
	}
	t, err := cal.ParseTerms(text)
	if err != nil {
		return err
	}
	docs, err := m.DocsOf(m.ctx, []id.Customer{c.ID})
	if err != nil {
		return err
	}
	var items []*store.Item
	for _, doc := range docs {
		if doc.DueSource != "estimated" || len(doc.Items) != 1 {
			continue
		}
		due, err := t.Due(cal.Dates{Issued: doc.Issued, Delivered: doc.Delivered, Received: doc.Received}, "")
		if err != nil {
			return err
		}
		if it := &doc.Items[0]; it.Due != due && !it.Closed {
			it.Due = due
			items = append(items, it)
		}
	}
	return m.UpdateItems(m.ctx, items)
}

// editCustomer changes a customer and plans it again.
func (d *Desk) editCustomer(ctx context.Context, code string, fn func(m *moment, c *party.Customer) error) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		c, err := m.CustomerToEdit(ctx, code)
		if fault.Of(err) == fault.NotFound {
			return fault.New(fault.NotFound, "app.no-customer", code)
		}
		if err != nil {
			return err
		}
		if err := fn(m, &c); err != nil {
			return err
		}
		if err := m.UpdateCustomer(ctx, &c); err != nil {
			return err
		}
		m.touch(c.ID)
		return m.voidWaiting(c.ID)
	})
}

// CustomerEdit is what a person may change of a customer at the desk.
type CustomerEdit struct {
	Name, LegalName, Email, Phone, Language, Collector string
	Address, Registered                                party.Address
}

// EditCustomer keeps the coordinates of a customer.
func (d *Desk) EditCustomer(ctx context.Context, code string, e CustomerEdit) error {
	if err := d.may(org.VerbCollect); err != nil {
		return err
	}
	if e.Email != "" {
		if !isMailbox(e.Email) {
			return fault.New(fault.Invalid, "app.mail.address", e.Email)
		}
	}
	return d.editCustomer(ctx, code, func(m *moment, c *party.Customer) error {
		if e.Name != "" {
			c.Name = e.Name
		}
		c.LegalName, c.Email, c.Phone, c.Collector = e.LegalName, e.Email, e.Phone, e.Collector
		c.Address, c.RegisteredAddr = e.Address, e.Registered
		if e.Language == "fr" || e.Language == "en" || e.Language == "" {
			c.Language = i18n.Lang(e.Language)
		}
		if err := m.EndTasksOfKind(ctx, c.ID, dunning.TaskAddress, m.day, m.actor.Name); err != nil {
			return err
		}
		return m.note("customer.edited", subject{customer: c.ID}, map[string]any{"email": e.Email, "city": e.Address.City})
	})
}

// SaveContact creates a contact, or mends one (its identifier given): a mended address is good
// again.
func (d *Desk) SaveContact(ctx context.Context, code string, k party.Contact) error {
	if err := d.may(org.VerbCollect); err != nil {
		return err
	}
	if k.Email != "" {
		if !isMailbox(k.Email) {
			return fault.New(fault.Invalid, "app.mail.address", k.Email)
		}
	}
	if k.Role == "" {
		k.Role = party.Accounting
	}
	if !slices.Contains(party.Roles, k.Role) {
		return fault.New(fault.Invalid, "app.contact.role", string(k.Role))
	}
	return d.editCustomer(ctx, code, func(m *moment, c *party.Customer) error {
		k.Customer, k.Bad = c.ID, false
		if err := m.EndTasksOfKind(ctx, c.ID, dunning.TaskAddress, m.day, m.actor.Name); err != nil {
			return err
		}
		if k.ID == 0 {
			if err := m.InsertContact(ctx, &k, 0); err != nil {
				return err
			}
			return m.note("contact.added", subject{customer: c.ID}, map[string]any{"role": k.Role, "email": k.Email})
		}
		list, err := m.Contacts(ctx, []id.Customer{c.ID})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(x party.Contact) bool { return x.ID == k.ID }) {
			return fault.New(fault.NotFound, "app.contact.none")
		}
		if err := m.UpdateContact(ctx, &k); err != nil {
			return err
		}
		return m.note("contact.edited", subject{customer: c.ID}, map[string]any{"role": k.Role, "email": k.Email})
	})
}
