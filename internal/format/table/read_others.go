package table

import (
	"strings"

	"relance/internal/domain/cash"
	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

func problemAt(line int, field, value, key string, args ...any) fault.Problem {
	return fault.Problem{Line: line, Field: field, Value: value, Key: key, Args: args}
}

// ReadCustomers streams one customer a line; see ReadInvoices.
func (s *Sheet) ReadCustomers(m *Mapping, yield func(*party.Draft, *Notes) bool) error {
	l, err := s.reader(m)
	if err != nil {
		return err
	}
	return l.rows(func() bool {
		d := party.Draft{Line: l.no, Code: l.text("code"), Name: l.text("name"), Kind: l.text("kind"),
			SIREN: l.text("siren"), SIRET: l.text("siret"), VAT: l.text("vat"), LegalName: l.text("legal_name"),
			Postcode: l.text("postcode"), City: l.text("city"), Country: l.text("country"),
			RegisteredAddress: l.text("registered_address"), Language: l.text("language"), Scenario: l.text("scenario"),
			Terms: l.text("terms"), PaymentMethod: l.text("payment_method"), Parent: l.text("parent"), Payer: l.text("payer"),
			Collector: l.text("collector"), Salesperson: l.text("salesperson"), Tags: list(l.text("tags")),
			Email: l.text("email"), Phone: l.text("phone"), ServiceCode: l.text("service_code")}
		if first := l.text("first_name"); first != "" {
			d.Name = strings.TrimSpace(first + " " + d.Name)
		}
		d.Address = lines(l.text("address"), l.text("address_2"), l.text("address_3"))
		d.Limit = l.amount("limit", money.EUR)
		if d.Name == "" {
			d.Name = d.LegalName
		}
		if m, ok := method(d.PaymentMethod); ok {
			d.PaymentMethod = string(m)
		}
		if d.Code == "" && d.Name == "" {
			l.fail("name", "", "format.missing")
		}
		return yield(&d, &l.notes)
	})
}

func lines(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n")
}

// ReadContacts streams one contact a line; see ReadInvoices.
func (s *Sheet) ReadContacts(m *Mapping, yield func(*party.ContactDraft, *Notes) bool) error {
	l, err := s.reader(m)
	if err != nil {
		return err
	}
	return l.rows(func() bool {
		d := party.ContactDraft{Line: l.no, Customer: l.text("customer"), Name: l.text("name"), Role: l.text("role"),
			Email: l.text("email"), Phone: l.text("phone")}
		if d.Customer == "" {
			d.Customer = l.text("customer_name")
		}
		if first := l.text("first_name"); first != "" {
			d.Name = strings.TrimSpace(first + " " + d.Name)
		}
		if d.Phone == "" {
			d.Phone = l.text("mobile")
		}
		if d.Customer == "" {
			l.fail("customer", "", "format.missing")
		}
		if d.Email == "" && d.Phone == "" && d.Name == "" {
			l.fail("email", "", "format.missing")
		}
		return yield(&d, &l.notes)
	})
}

// ReadPayments streams one payment a line; see ReadInvoices.
func (s *Sheet) ReadPayments(m *Mapping, yield func(*cash.Draft, *Notes) bool) error {
	l, err := s.reader(m)
	if err != nil {
		return err
	}
	return l.rows(func() bool {
		if l.sumsOthers() {
			return true
		}
		d := cash.Draft{Line: l.no, Customer: l.text("customer"), Date: l.date("date"), Invoice: l.text("invoice"),
			Reference: l.text("reference")}
		if d.Customer == "" {
			d.Customer = l.text("customer_name")
		}
		if d.Reference == "" {
			d.Reference = l.text("label")
		}
		if v := l.text("method"); v != "" {
			var known bool
			if d.Method, known = method(v); !known {
				l.warn("method", v, "format.table.method")
			}
		}
		l.received(&d)
		if d.Date.IsZero() && l.text("date") == "" {
			l.fail("date", "", "format.missing")
		}
		if d.Customer == "" && d.Invoice == "" && d.Reference == "" {
			l.fail("customer", "", "format.missing")
		}
		return yield(&d, &l.notes)
	})
}

// received reads the amount of a payment: money in is positive. In a debit and credit list the
// customer's account is credited by what it pays.
func (l *line) received(d *cash.Draft) {
	before := len(l.notes.Errors)
	c := l.currency("amount", "credit", "debit")
	d.Amount = money.Of(0, c)
	found := false
	if a := l.amount("amount", c); a != nil {
		d.Amount, found = *a, true
	} else if !l.has("amount") && l.has("credit") {
		var net money.Amount
		found = l.debitCredit(c, &net)
		d.Amount = net.Neg()
	}
	if !found && len(l.notes.Errors) == before {
		l.fail("amount", "", "format.missing")
	}
}
