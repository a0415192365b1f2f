package main

import (
	"fmt"
	"sort"

	"relance/internal/app"
	"relance/internal/domain/letter"
	"relance/internal/domain/party"
	"relance/internal/gateway/pdf"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// deciding measures the daily run on a ledger where everything is due; the plain limit is writing
// as many rows as it must keep: a message a customer, an action and a state an item, a fact each.
func (b *bench) deciding() error {
	plain, err := b.plainRows(2*b.n + 2*b.n/5)
	if err != nil {
		return err
	}
	var r *app.Run
	m, err := b.measure(func() error {
		return b.profiled("decide", func() error {
			r, err = b.desk.Run(b.ctx, app.RunOptions{Day: day, Brief: true})
			return err
		})
	})
	if err != nil {
		return err
	}
	b.add("decide", b.n, m, plain, fmt.Sprintf("the rows alone, by hand; %d messages, %d tasks", r.Counted, len(r.Tasks)))
	return nil
}

// idle measures a run on a day when nothing is due any more: it is no function of the ledger.
func (b *bench) idle() error {
	if _, err := b.desk.Run(b.ctx, app.RunOptions{Day: day, Brief: true}); err != nil {
		return err
	}
	var all []measured
	for range 21 {
		m, err := b.measure(func() error {
			_, err := b.desk.Run(b.ctx, app.RunOptions{Day: day, Brief: true})
			return err
		})
		if err != nil {
			return err
		}
		all = append(all, m)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].wall < all[j].wall })
	plain, err := b.plainRead(`SELECT count(*) FROM (SELECT id FROM customer WHERE company = 1 AND next_day <> '' AND next_day <= '2026-11-23' LIMIT 1) AS x`)
	if err != nil {
		return err
	}
	b.add("idle run (median of 21)", 0, all[len(all)/2], plain, "one question by the index")
	return nil
}

// aging measures the aged receivables of today and of a past day, 30 % of the invoices open; the
// plain limit is one pass over the open items by the database.
func (b *bench) aging() error {
	if err := b.settled(); err != nil {
		return err
	}
	plain, err := b.plainRead(`SELECT sum(open) FROM item WHERE company = 1 AND open <> 0`)
	if err != nil {
		return err
	}
	totals, err := b.median(func() error {
		return b.store.View(b.ctx, 1, func(tx *store.Tx) error { _, err := tx.AgingTotals(b.ctx, day); return err })
	})
	if err != nil {
		return err
	}
	b.add("aged receivables, totals", b.n, totals, plain, "one pass over what is open")
	for _, x := range []struct {
		name string
		on   cal.Date
	}{{"aged receivables, totals and a page", day}, {"the same, a past day", day.AddDays(-40)}} {
		m, err := b.median(func() error {
			_, _, err := b.desk.AgingPage(b.ctx, x.on, money.EUR, 0, 50)
			return err
		})
		if err != nil {
			return err
		}
		b.add(x.name, b.n, m, plain, "one pass over what is open")
	}
	return nil
}

// median is the middle of five measures of the same work.
func (b *bench) median(fn func() error) (measured, error) {
	var all []measured
	for range 5 {
		m, err := b.measure(fn)
		if err != nil {
			return m, err
		}
		all = append(all, m)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].wall < all[j].wall })
	return all[len(all)/2], nil
}

// printing measures letters; the plain limit is a page's bytes written without a letter in them.
func (b *bench) printing() error {
	doc, err := sampleLetter()
	if err != nil {
		return err
	}
	p, err := pdf.New()
	if err != nil {
		return err
	}
	const alone, together = 300, 2000
	m, err := b.measure(func() error {
		for range alone {
			if _, err := p.Letter(doc); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	one, err := p.Letter(doc)
	if err != nil {
		return err
	}
	plain, err := b.plainPages(one, alone)
	if err != nil {
		return err
	}
	b.add("letters, each alone", alone, m, plain, "their bytes, written to files")
	docs := make([]*letter.Document, together)
	for i := range docs {
		docs[i] = doc
	}
	if m, err = b.measure(func() error { _, err := p.Batch(docs[:200]); return err }); err != nil {
		return err
	}
	b.add("letters in a batch", 200, m, plain*200/alone, "their bytes, written to files")
	return nil
}

// sampleLetter is a second reminder of three invoices.
func sampleLetter() (*letter.Document, error) {
	m := letter.Message{Lang: i18n.FR, Kind: letter.Reminder, Level: 2, Date: day, Currency: money.EUR, IsLetter: true,
		Sender: letter.Sender{Name: "Atelier Vasseur", LegalForm: "SAS", SIREN: "732829320", RCSCity: "Nantes", IBAN: "FR7630006000011234567890189",
			Address: party.Address{Lines: "12 rue des Forges", Postcode: "44000", City: "Nantes"}, Signatory: letter.Signatory{Name: "Claire Vasseur"}},
		Recipient: letter.Recipient{Name: "Menuiserie du Port", Kind: party.Pro, Code: "C0042",
			Address: party.Address{Lines: "4 quai du Commerce", Postcode: "29200", City: "Brest"}},
		Penalties: letter.None, Compensation: letter.None, PayBy: day.AddDays(7), Reference: "RF24FAC2026001"}
	for i := range 3 {
		due := day.AddDays(-20 - i)
		m.Items = append(m.Items, letter.Item{Number: fmt.Sprintf("F-2026-%03d", i), Issued: due.AddDays(-30), Due: due, DaysLate: 20 + i,
			Amount: money.Euros(120000), Open: money.Euros(120000), Level: 2, Advances: true})
	}
	m.Open, m.Total = money.Euros(360000), money.Euros(360000)
	t, problems := letter.For("standard/reminder-2", &m).Template()
	if len(problems) > 0 {
		return nil, problems[0]
	}
	c, err := t.Compose(m)
	if err != nil {
		return nil, err
	}
	return c.Document(), nil
}
