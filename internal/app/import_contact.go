package app

import (
	"fmt"
	"strings"

	"relance/internal/domain/party"
	"relance/internal/format/table"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

type contactDraft = party.ContactDraft

// contactLine is one line of a list of persons.
type contactLine struct{ d contactDraft }

// customersNamed finds the customers that lines name, by code, else by a name that only one has.
func customersNamed(m *moment, names []string) (map[string]*party.Customer, error) {
	out := map[string]*party.Customer{}
	list, err := m.CustomersByName(m.ctx, names)
	if err != nil {
		return nil, err
	}
	byName := map[string][]*party.Customer{}
	for i := range list {
		k := store.NameKey(list[i].Name)
		byName[k] = append(byName[k], &list[i])
	}
	for _, n := range names {
		if same := byName[store.NameKey(n)]; len(same) == 1 {
			out[n] = same[0]
		}
	}
	if list, err = m.CustomersByCode(m.ctx, names); err != nil {
		return nil, err
	}
	for i := range list {
		out[list[i].Code] = &list[i]
	}
	return out, nil
}

// applyContacts creates or completes contacts: the same address or, without one, the same name is
// the same person.
func (fi *fileImport) applyContacts(m *moment, batch []contactLine) error {
	names := make([]string, len(batch))
	for i, l := range batch {
		names[i] = l.d.Customer
	}
	who, err := customersNamed(m, names)
	if err != nil {
		return err
	}
	var ids []id.Customer
	for _, c := range who {
		ids = append(ids, c.ID)
	}
	known, err := m.Contacts(m.ctx, ids)
	if err != nil {
		return err
	}
	at := map[string]*party.Contact{}
	for i := range known {
		for _, k := range contactKeys(&known[i]) {
			at[k] = &known[i]
		}
	}
	for _, l := range batch {
		fi.digest(l.d.Customer, l.d.Name, l.d.Email, l.d.Phone)
		c := who[l.d.Customer]
		if c == nil {
			fi.rep.Rejected++
			fi.rep.fail(fault.Problem{Line: l.d.Line, Field: "customer", Value: l.d.Customer, Key: "import.customer.unknown"})
			continue
		}
		if err := fi.applyContact(m, c, &l.d, at); err != nil {
			return err
		}
	}
	return fi.keepBefore(m)
}

func contactKeys(c *party.Contact) (keys []string) {
	prefix := fmt.Sprint(c.Customer) + "\x00"
	if c.Email != "" {
		keys = append(keys, prefix+strings.ToLower(c.Email))
	}
	if c.Name != "" {
		keys = append(keys, prefix+"\x00"+store.NameKey(c.Name))
	}
	return keys
}

func (fi *fileImport) applyContact(m *moment, c *party.Customer, d *contactDraft, at map[string]*party.Contact) error {
	next := party.Contact{Customer: c.ID, Name: d.Name, Role: table.RoleOf(d.Role), Email: d.Email, Phone: d.Phone}
	if d.Email != "" && !isMailbox(d.Email) {
		fi.rep.Rejected++
		fi.rep.fail(fault.Problem{Line: d.Line, Field: "email", Value: d.Email, Key: "import.email"})
		return nil
	}
	var old *party.Contact
	for _, k := range contactKeys(&next) {
		if old = at[k]; old != nil {
			break
		}
	}
	if old == nil {
		if err := m.InsertContact(m.ctx, &next, fi.row.ID); err != nil {
			return err
		}
		for _, k := range contactKeys(&next) {
			at[k] = &next
		}
		fi.rep.Created++
		fi.touched[c.ID] = true
		return nil
	}
	was := *old
	if d.Name != "" {
		old.Name = d.Name
	}
	if d.Role != "" {
		old.Role = next.Role
	}
	if d.Email != "" && d.Email != old.Email {
		old.Email, old.Bad = d.Email, false
	}
	if d.Phone != "" {
		old.Phone = d.Phone
	}
	if was == *old {
		fi.rep.Unchanged++
		return nil
	}
	fi.rep.Updated++
	fi.touched[c.ID] = true
	fi.remember("contact", int64(old.ID), was)
	return m.UpdateContact(m.ctx, old)
}
