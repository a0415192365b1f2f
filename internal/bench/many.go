package main

import (
	"bytes"
	"fmt"

	"relance/internal/app"
	"relance/internal/domain/org"
)

// manyCompanies measures a house of small companies, 200 open items each: what the schedule asks every minute, when all
// have something to do and when none has, and their day. One company in a hundred of n items: 10,000 at a million.
func (b *bench) manyCompanies() error {
	n := max(b.n/100, 10)
	var desks []*app.Desk
	m, err := b.measure(func() (err error) {
		desks, err = b.smallCompanies(n)
		return err
	})
	if err != nil {
		return err
	}
	plain, err := b.plainRows(2 * 200 * n)
	if err != nil {
		return err
	}
	b.add("many companies, each taken in", n, m, plain, "the rows alone, by hand; 200 items a company")
	if m, err = b.measure(func() error { return b.app.Schedule(b.ctx) }); err != nil {
		return err
	}
	one, err := b.plainRead(`SELECT count(*) FROM company`)
	if err != nil {
		return err
	}
	b.add("a tick of the schedule, all are due", n, m, one, "the companies, counted")
	days, err := b.measure(func() error {
		for _, d := range desks {
			if _, err := d.Run(b.ctx, app.RunOptions{Brief: true}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.add("the day of each", n, days, plain, "the rows alone, by hand")
	if m, err = b.median(func() error { return b.app.Schedule(b.ctx) }); err != nil {
		return err
	}
	b.add("a tick of the schedule, nothing is due", n, m, one, "the companies, counted")
	return nil
}

// smallCompanies makes n companies of 40 customers and 200 overdue invoices.
func (b *bench) smallCompanies(n int) (desks []*app.Desk, err error) {
	var customers, invoices bytes.Buffer
	fmt.Fprintln(&customers, "code;name;kind;address;postcode;city;email")
	fmt.Fprintln(&invoices, "number;issued;due;amount;customer")
	for i := range 200 {
		if i < 40 {
			fmt.Fprintf(&customers, "C%d;Client numéro %d;PRO;%d rue de la Paix;75002;Paris;compta%d@client.example\n", i, i, i+1, i)
		}
		due := day.AddDays(-5 - i%30)
		fmt.Fprintf(&invoices, "F%d;%s;%s;%d.00;C%d\n", i, due.AddDays(-30), due, 100+i, i%40)
	}
	for i := range n {
		co, err := b.app.CreateCompany(b.ctx, fmt.Sprintf("MANY%d", i), org.Profile{Name: "Entreprise", IBAN: "FR7630006000011234567890189"})
		if err != nil {
			return nil, err
		}
		d := b.app.As(app.System(co.ID, "bench"))
		for _, x := range []struct {
			kind app.ImportKind
			text []byte
		}{{app.ImportCustomers, customers.Bytes()}, {app.ImportInvoices, invoices.Bytes()}} {
			if _, err := d.Import(b.ctx, []app.ImportFile{app.FileIn("a.csv", x.text)}, app.ImportOptions{Kind: x.kind, Summary: true}); err != nil {
				return nil, err
			}
		}
		desks = append(desks, d)
	}
	return desks, nil
}
