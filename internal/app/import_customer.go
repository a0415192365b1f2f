package app

import (
	"slices"
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/domain/party"
	"relance/internal/format/table"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// takeCustomers takes a customers file: what it says is asserted by a person.
func (fi *fileImport) takeCustomers() error {
	var batch []*party.Draft
	flush := func() error {
		list := batch
		batch = nil
		return fi.step(func(m *moment) error { return fi.applyCustomers(m, list) })
	}
	var failed error
	err := fi.sheet.ReadCustomers(&fi.mean, func(d *party.Draft, n *table.Notes) bool {
		fi.rep.warn(n.Warnings...)
		fi.rep.Read++
		if fi.refused(n) {
			return true
		}
		one := *d
		batch = append(batch, &one)
		if len(batch) >= together {
			failed = flush()
		}
		return failed == nil
	})
	if failed == nil && err == nil && len(batch) > 0 {
		failed = flush()
	}
	if failed != nil {
		return failed
	}
	return err
}

func (fi *fileImport) refused(n *table.Notes) bool {
	if len(n.Errors) == 0 {
		return false
	}
	fi.rep.fail(n.Errors...)
	fi.rep.Rejected++
	return true
}

func (fi *fileImport) applyCustomers(m *moment, batch []*party.Draft) error {
	find, err := fi.finder(m, batch)
	if err != nil {
		return err
	}
	var made []*party.Customer
	taken := map[string]bool{}
	for _, d := range batch {
		fi.digest(d.Code, d.Name, d.Kind, d.SIREN, d.Email)
		c, err := find.find(m, d)
		if err != nil {
			return err
		}
		if !fi.checkCustomer(d) {
			continue
		}
		if c == nil {
			c = fi.create(d, find, taken)
			fi.assert(c, d)
			c.ConfirmFirst = true
			made = append(made, c)
			find.byCode[c.Code] = c
			fi.rep.Created++
			continue
		}
		was := *c
		if d.Code != "" && madeUp(&was) {
			c.Code = d.Code
		}
		fi.assert(c, d)
		switch {
		case c.ID == 0: // twice in this file: the first is not written yet
			fi.rep.Unchanged++
			fi.rep.warn(fault.Problem{Line: d.Line, Field: "code", Value: d.Code, Key: "import.duplicate"})
		case sameCustomer(&was, c):
			fi.rep.Unchanged++
		default:
			fi.rep.Updated++
			now, err := m.CustomerToEdit(m.ctx, was.Code) // what a person keeps at the desk in this moment stays
			if err != nil {
				return err
			}
			code := c.Code
			was, *c = now, now
			c.Code = code
			fi.assert(c, d)
			if err := fi.saveCustomer(m, &was, c); err != nil {
				return err
			}
			if err := fi.termsChanged(m, &was, c); err != nil {
				return err
			}
		}
	}
	if err := m.InsertCustomers(m.ctx, made, fi.row.ID); err != nil {
		return err
	}
	return fi.keepBefore(m)
}

// checkCustomer refuses a line whose kind or terms nobody can read: they decide what may be claimed.
func (fi *fileImport) checkCustomer(d *party.Draft) bool {
	ok := true
	bad := func(field, value, key string, args ...any) {
		fi.rep.fail(fault.Problem{Line: d.Line, Field: field, Value: value, Key: key, Args: args})
		ok = false
	}
	if _, known := table.KindOf(d.Kind); d.Kind != "" && !known {
		bad("kind", d.Kind, "import.kind.unknown")
	}
	if _, err := cal.ParseTerms(d.Terms); d.Terms != "" && err != nil {
		bad("terms", d.Terms, "terms.unreadable", d.Terms)
	}
	if d.Scenario != "" && fi.known.catalog.latest[d.Scenario] == nil {
		bad("scenario", d.Scenario, "import.scenario", d.Scenario)
	}
	if !ok {
		fi.rep.Rejected++
	}
	return ok
}

// assert puts what a customers file says into a customer: a person said it.
func (fi *fileImport) assert(c *party.Customer, d *party.Draft) {
	fi.fill(c, d, true)
	set := func(field *string, v string) {
		if v != "" {
			*field = v
		}
	}
	set(&c.Scenario, d.Scenario)
	set(&c.PaymentMethod, d.PaymentMethod)
	set(&c.Parent, d.Parent)
	set(&c.Payer, d.Payer)
	set(&c.Collector, d.Collector)
	set(&c.Salesperson, d.Salesperson)
	if d.Terms != "" {
		c.Terms, c.TermsConfirmed = d.Terms, true
	}
	if d.RegisteredAddress != "" {
		c.RegisteredAddr = address(d.RegisteredAddress)
	}
	if d.Limit != nil {
		c.CreditLimit = money.Euros(d.Limit.Minor)
	}
	if len(d.Tags) > 0 {
		c.Tags = d.Tags
	}
	if k, ok := table.KindOf(d.Kind); ok && d.Kind != "" {
		c.Kind, c.KindConfirmed = k, k != party.Unknown
	}
}

// address cuts "12 rue de la Paix, 75002 Paris" in its parts, as far as its form tells.
func address(s string) party.Address {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == ',' || r == ';' })
	a := party.Address{Country: "FR"}
	var street []string
	for _, p := range parts {
		p = strings.TrimSpace(p)
		w := strings.Fields(p)
		switch {
		case len(w) > 1 && len(w[0]) == 5 && allDigits(w[0]) && a.Postcode == "":
			a.Postcode, a.City = w[0], strings.Join(w[1:], " ")
		case a.Postcode != "" && country(p) != "":
			a.Country = country(p)
		case p != "":
			street = append(street, p)
		}
	}
	a.Lines = strings.Join(street, "\n")
	if a.Postcode == "" && len(street) > 1 {
		a.City = street[len(street)-1]
		a.Lines = strings.Join(street[:len(street)-1], "\n")
	}
	return a
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// termsChanged moves the due dates that were only estimated, once a person has stated the terms.
func (fi *fileImport) termsChanged(m *moment, was, c *party.Customer) error {
	if !c.TermsConfirmed || was.Terms == c.Terms && was.TermsConfirmed {
		return nil
	}
	terms, err := cal.ParseTerms(c.Terms)
	if err != nil {
		return nil // told when the line was checked
	}
	docs, err := m.DocsOf(m.ctx, []id.Customer{c.ID})
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.DueSource == bill.DueStated || openOf(d) == 0 || len(d.Items) != 1 {
			continue
		}
		due, err := terms.Due(cal.Dates{Issued: d.Issued, Delivered: d.Delivered, Received: d.Received}, "")
		if err != nil {
			continue // no date to count from: the estimate stays
		}
		before := *d
		before.Items = slices.Clone(d.Items)
		fi.remember("invoice", int64(d.ID), before)
		d.DueSource, d.Items[0].Due = bill.DueTerms, due
		if err := m.UpdateDoc(m.ctx, d); err != nil {
			return err
		}
		if err := m.UpdateItems(m.ctx, []*store.Item{&d.Items[0]}); err != nil {
			return err
		}
	}
	return nil
}
