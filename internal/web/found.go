package web

import (
	"net/url"

	"relance/internal/app"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/page"
)

// foundPage is what late payers owe by the law on what they have paid (PRODUCT.md §3 rule 13): by customer, then
// invoice by invoice for one of them.
type foundPage struct {
	page.Frame
	*app.Found
	Rows       []foundRow // a page of the customers
	Sums       []money.Amount
	Pager      page.Pager
	Code, Name string
	List       []*app.Late
}

// foundRow is a customer with all that it owes.
type foundRow struct {
	app.FoundCustomer
	Sums []money.Amount
}

func (v *visit) found() (err error) {
	var p foundPage
	if p.Found, err = v.desk.FoundLately(v.r.Context()); err != nil {
		return err
	}
	p.Sums = allFound(p.Penalty, p.Compensation)
	at := min(v.offset(), len(p.Customers))
	for _, c := range p.Customers[at:min(at+perPage, len(p.Customers))] {
		p.Rows = append(p.Rows, foundRow{c, allFound(c.Penalty, c.Compensation)})
	}
	p.Pager = v.pager(at, len(p.Rows), len(p.Customers))
	p.Frame = v.frame("/figures", i18n.T(v.lang, "web.found"))
	return v.render("found", p)
}

// allFound is interest and compensation together, a sum a currency: compensation is in euros.
func allFound(penalty map[money.Currency]int64, compensation int64) (list []money.Amount) {
	for _, c := range inOrder(penalty) {
		n := penalty[c]
		if c == money.EUR {
			n, compensation = n+compensation, 0
		}
		if n != 0 {
			list = append(list, money.Of(n, c))
		}
	}
	if compensation != 0 {
		list = append([]money.Amount{money.Euros(compensation)}, list...)
	}
	return list
}

func (v *visit) foundOf() error { return v.foundPage(v.r.PathValue("code")) }

func (v *visit) foundPage(code string) error {
	account, err := v.desk.Account(v.r.Context(), code)
	if err != nil {
		return err
	}
	p := foundPage{Code: code, Name: account.Customer.Name}
	if p.List, err = v.desk.FoundOf(v.r.Context(), code); err != nil {
		return err
	}
	p.Frame = v.frame("/figures", account.Customer.Name)
	return v.render("found-of", p)
}

// claimCharges makes the note de débit of the invoices that were picked and shows it.
func (v *visit) claimCharges() error {
	code := v.r.PathValue("code")
	invoices, err := v.picked()
	if err == nil {
		var number string
		if number, err = v.desk.ClaimCharges(v.r.Context(), code, invoices); err == nil {
			v.done("web.done.charge-claimed", number)
			return v.redirect("/invoices/" + url.PathEscape(number))
		}
	}
	return v.again(err, "charge", func() error { return v.foundPage(code) })
}

// waiveCharges gives up what the invoices that were picked bear.
func (v *visit) waiveCharges() error {
	code := v.r.PathValue("code")
	invoices, err := v.picked()
	if err == nil {
		if _, err = v.desk.WaiveCharges(v.r.Context(), code, invoices, v.text("why")); err == nil {
			v.done("web.done.charge-waived")
			return v.redirect("/found/" + url.PathEscape(code))
		}
	}
	return v.again(err, "charge", func() error { return v.foundPage(code) })
}

// picked are the invoices ticked; none is an error, because no invoice named means all of them to the desk.
func (v *visit) picked() ([]string, error) {
	if err := v.r.ParseForm(); err != nil {
		return nil, err
	}
	if list := v.r.PostForm["invoice"]; len(list) > 0 {
		return list, nil
	}
	return nil, fault.New(fault.Invalid, "web.found.pick")
}

// penalties prints how interest and compensation of an invoice are computed.
func (v *visit) penalties() error {
	p, err := v.desk.Penalties(v.r.Context(), v.r.PathValue("number"), 0)
	if err != nil {
		return err
	}
	pdf, err := v.desk.PenaltiesPDF(p)
	if err != nil {
		return err
	}
	return v.pdf(pdf, "calcul-"+v.r.PathValue("number")+".pdf")
}

// debitNote prints a note de débit.
func (v *visit) debitNote() error {
	number := v.r.PathValue("number")
	pdf, err := v.desk.DebitNotePDF(v.r.Context(), number)
	if err != nil {
		return err
	}
	return v.pdf(pdf, number+".pdf")
}
