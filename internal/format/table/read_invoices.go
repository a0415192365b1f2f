package table

import (
	"fmt"
	"strconv"
	"strings"

	"relance/internal/domain/bill"
	"relance/internal/domain/party"
	"relance/internal/ground/money"
)

// ReadInvoices streams one draft a line (one an invoice where the mapping says product lines). The
// draft is valid until yield returns. Totals are left out; lines that ask for nothing, drafts and
// cancelled documents, come as an empty draft (Line 0) with a warning. The error is what stops the whole file.
func (s *Sheet) ReadInvoices(m *Mapping, yield func(*bill.Draft, *Notes) bool) error {
	l, err := s.reader(m)
	if err != nil {
		return err
	}
	if m.ProductLines {
		return l.products(yield)
	}
	made := numbers{}
	var d bill.Draft // one for all lines: a million of them would be a gigabyte
	return l.rows(func() bool {
		if l.sumsOthers() {
			return true
		}
		d = bill.Draft{}
		if keep := l.invoice(&d); !keep {
			d = bill.Draft{}
		}
		if d.Number == "" && len(l.notes.Errors) == 0 && d.Line != 0 {
			d.Number = made.next(&d)
		}
		return yield(&d, &l.notes)
	})
}

// numbers makes the numbers of invoices that have none: customer and due date, and the place
// among those of the same day. The same export gives the same numbers again.
type numbers map[string]int

func (n numbers) next(d *bill.Draft) string {
	who := d.Customer.Code
	if who == "" {
		who = d.Customer.Name
	}
	day := d.Issued
	if len(d.Instalments) > 0 && !d.Instalments[0].Due.IsZero() {
		day = d.Instalments[0].Due
	}
	k := strings.TrimSpace(who + " " + day.String())
	if d.Kind == bill.CreditNote {
		k += " avoir"
	}
	if n[k]++; n[k] > 1 {
		return fmt.Sprintf("%s (%d)", k, n[k])
	}
	return k
}

// sumsOthers tells whether the line is a total: it names no invoice and says so.
func (l *line) sumsOthers() bool {
	for _, f := range []string{"number", "customer", "customer_name", "label", "reference"} {
		if v := l.text(f); v != "" {
			return isTotal(v) && (f == "number" || l.text("number") == "") && l.text("due") == ""
		}
	}
	first := ""
	for _, c := range l.cells {
		if c != "" {
			first = c
			break
		}
	}
	return isTotal(first)
}

// invoice fills a draft from the line; false when the line is no invoice at all (told in notes).
func (l *line) invoice(d *bill.Draft) bool {
	d.Line, d.Number = l.no, l.text("number")
	if !l.readKind(d) {
		return false
	}
	d.Currency = l.currency("amount", "open", "net", "debit", "credit", "paid")
	d.Issued, d.Received, d.Delivered = l.date("issued"), l.date("received"), l.date("delivered")
	due := l.date("due")
	d.Customer = l.invoiced()
	d.Reference, d.Order, d.Terms, d.PayURL = l.text("reference"), l.text("order"), l.text("terms"), l.text("pay_url")
	d.Tags, d.FileName = list(l.text("tags")), l.text("file")
	d.Method = l.text("payment_method")
	if m, ok := method(d.Method); ok {
		d.Method = string(m)
	}
	d.Maturity, d.LastSentOn = l.date("maturity"), l.date("last_reminded_on")
	l.level(d)
	if d.Customer.Code == "" && d.Customer.Name == "" {
		l.fail("customer", "", "format.missing")
	}
	amount, ok := l.owed(d)
	if !ok {
		return true
	}
	if amount.Minor < 0 {
		d.Kind, amount = bill.CreditNote, amount.Neg()
	}
	d.Payable, d.Prepaid = amount, money.Of(0, d.Currency)
	if l.has("amount") || l.has("net") || l.has("debit") { // else only a balance is known: Total asserts nothing
		d.Total = amount
	}
	d.Instalments = []bill.DraftInstalment{{Line: l.no, Due: due, Amount: amount}}
	if !due.IsZero() && !d.Issued.IsZero() && due < d.Issued {
		l.warn("due", l.text("due"), "format.due.before-issue", d.Issued)
	}
	l.settled(d)
	l.contested(d)
	return true
}

// readKind reads the document's kind and its status; false: the line asks for nothing.
func (l *line) readKind(d *bill.Draft) bool {
	d.Kind = bill.Invoice
	if v := l.text("kind"); v != "" {
		f := fold(v)
		k, known := documents[f]
		switch {
		case bill.Kind(strings.ToLower(v)).Valid():
			d.Kind = bill.Kind(strings.ToLower(v))
		case known:
			d.Kind = k
		case notInvoices[f]:
			l.fail("kind", v, "format.type.not-invoice")
		case canonical(Invoices, l.cols[l.at["kind"]].Header):
			l.fail("kind", v, "format.type.unknown")
		default:
			l.warn("kind", v, "format.type.unknown")
		}
	}
	switch v := l.text("status"); statuses[fold(v)] {
	case sayDraft:
		l.warn("status", v, "format.table.draft")
		return false
	case sayCancelled:
		l.warn("status", v, "format.table.cancelled")
		return false
	}
	return true
}

// invoiced is the customer as the line names it.
func (l *line) invoiced() party.Draft {
	return party.Draft{Line: l.no, Code: l.text("customer"), Name: l.text("customer_name"), Email: l.text("email"),
		Phone: l.text("phone"), SIREN: l.text("siren"), SIRET: l.text("siret"), VAT: l.text("vat"),
		Address: l.text("address"), Postcode: l.text("postcode"), City: l.text("city"), Country: l.text("country")}
}

func (l *line) level(d *bill.Draft) {
	v := l.text("last_level")
	if v == "" {
		return
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(v, ".0"), ",00"))
	if err != nil || n < 0 || n > 20 {
		l.fail("last_level", v, "format.table.level")
		return
	}
	d.LastLevel = &n
}

// owed is the amount with tax of the line, negative when it is in the customer's favour.
func (l *line) owed(d *bill.Draft) (a money.Amount, ok bool) {
	before := len(l.notes.Errors)
	d.Open = l.amount("open", d.Currency)
	first := ""
	take := func(field string) bool {
		if first == "" && l.has(field) {
			first = field
		}
		if p := l.amount(field, d.Currency); p != nil {
			a, ok = *p, true
		}
		return ok
	}
	switch {
	case take("amount"):
	case l.has("debit") && l.debitCredit(d.Currency, &a):
		ok = true
	case !l.has("amount") && take("net"):
		if tax := l.amount("tax", d.Currency); tax != nil {
			a = a.Add(*tax)
		}
	case d.Open != nil:
		a, ok = *d.Open, true
	}
	if !ok && len(l.notes.Errors) == before {
		if first == "" {
			first = "amount"
		}
		l.fail(first, "", "format.missing")
	}
	if d.Kind == bill.CreditNote && a.Minor < 0 { // both the kind and the sign say it
		a = a.Neg()
	}
	return a, ok && len(l.notes.Errors) == before
}

func (l *line) debitCredit(c money.Currency, a *money.Amount) bool {
	debit, credit := l.amount("debit", c), l.amount("credit", c)
	*a = money.Of(0, c)
	if debit != nil {
		*a = a.Add(*debit)
	}
	if credit != nil {
		*a = a.Sub(*credit)
	}
	return debit != nil || credit != nil
}

// settled reads what the line says of payments: an amount, a balance, a date, a flag, a status.
func (l *line) settled(d *bill.Draft) {
	d.SettledOn = l.date("settled_on")
	d.Paid = l.amount("paid", d.Currency)
	positive(d.Paid)
	positive(d.Open)
	if l.has("paid") && d.Paid == nil && l.has("open") && d.Open != nil {
		return
	}
	if d.Paid != nil || d.Open != nil {
		if d.Open != nil && d.Paid == nil && d.Open.Minor > d.Payable.Minor {
			l.warn("open", l.text("open"), "format.table.open-more", d.Payable)
		}
		return
	}
	whole := d.Payable
	if yes, ok := yesNo(l.text("paid_flag")); ok {
		if yes {
			d.Paid = &whole
		}
		return
	}
	if !d.SettledOn.IsZero() || statuses[fold(l.text("status"))] == sayPaid && l.text("status") != "" {
		d.Paid = &whole
	}
}

func positive(a *money.Amount) {
	if a != nil && a.Minor < 0 {
		*a = a.Neg()
	}
}

// contested reads a dispute: yes, no, or the contested amount.
func (l *line) contested(d *bill.Draft) {
	v := l.text("disputed")
	if v == "" {
		return
	}
	if yes, ok := yesNo(v); ok {
		a := money.Of(0, d.Currency)
		if yes {
			a = d.Payable
		}
		d.Disputed = &a
		return
	}
	if d.Disputed = l.amount("disputed", d.Currency); d.Disputed != nil {
		positive(d.Disputed)
	}
}

// Numbers walks the invoice numbers of a table with their lines; lines without one are left out.
func (s *Sheet) Numbers(m *Mapping, yield func(line int, number string)) error {
	l, err := s.reader(m)
	if err != nil {
		return err
	}
	return l.s.each(func(r row) bool {
		l.cells = r.cells
		if n := l.text("number"); n != "" {
			yield(r.line, n)
		}
		return true
	})
}
