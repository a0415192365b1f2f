package app

import (
	"context"

	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
	"relance/internal/store"
)

// SampleLetter prints a reminder to an invented customer under a letterhead, saved or not: what a
// person looks at while setting it.
func (d *Desk) SampleLetter(ctx context.Context, p org.Profile, l i18n.Lang) ([]byte, error) {
	if err := d.may(org.VerbRead); err != nil {
		return nil, err
	}
	if err := checkProfile(&p); err != nil {
		return nil, err
	}
	day, err := d.Today(ctx)
	if err != nil {
		return nil, err
	}
	m := letter.Message{Lang: l, Kind: letter.Reminder, Level: 2, Date: day, Currency: money.EUR, IsLetter: true, Sender: sender(p),
		Penalties: letter.None, Compensation: letter.None, PayBy: p.Calendar.AddWorkingDays(day, 7), Reference: "FA-2041",
		Recipient: letter.Recipient{Name: i18n.T(l, "app.sample.name"), Code: "C0042", Kind: party.Pro,
			Address: party.Address{Lines: "4 quai du Commerce", Postcode: "29200", City: "Brest"}},
		Items: []letter.Item{
			{Number: "FA-2041", Issued: day - 62, Due: day - 32, DaysLate: 32, Amount: money.Euros(348000), Open: money.Euros(348000), Level: 2, Advances: true},
			{Number: "FA-2057", Issued: day - 52, Due: day - 22, DaysLate: 22, Amount: money.Euros(126050), Paid: money.Euros(26050), Open: money.Euros(100000), Level: 2, Advances: true},
		}, Open: money.Euros(448000), Total: money.Euros(448000),
		Earlier: []letter.Earlier{{Date: day - 20, Kind: letter.Reminder, Level: 1, Channel: "email"}}}
	t, problems := letter.For("reminder-2", &m).Template()
	if len(problems) > 0 {
		return nil, problems[0]
	}
	c, err := t.Compose(m)
	if err != nil {
		return nil, err
	}
	return d.print.Letter(c.Document())
}

// Paper is a document that is kept: the original of an invoice, the scanned proof of a letter.
type Paper struct {
	Name, Media string
	Data        []byte
}

// Original is the document of an invoice, byte for byte as it came.
func (d *Desk) Original(ctx context.Context, number string) (p Paper, err error) {
	sha := ""
	err = d.view(ctx, func(tx *store.Tx) error {
		doc, err := invoiceNamed(ctx, tx, number)
		if err != nil {
			return err
		}
		sha, p.Name = doc.Original, doc.FileName
		return nil
	})
	if err != nil {
		return p, err
	}
	return d.paper(ctx, sha, p)
}

// Proof is the scan that proves what became of a registered letter.
func (d *Desk) Proof(ctx context.Context, n id.Message) (p Paper, err error) {
	sha := ""
	err = d.view(ctx, func(tx *store.Tx) error {
		m, err := tx.Message(ctx, n)
		if err == nil {
			sha, p.Name = m.Proof, m.PostNumber
		}
		return err
	})
	if err != nil {
		return p, err
	}
	return d.paper(ctx, sha, p)
}

func (d *Desk) paper(ctx context.Context, sha string, p Paper) (Paper, error) {
	if sha == "" {
		return p, fault.New(fault.NotFound, "file.none", p.Name)
	}
	var err error
	p.Data, p.Media, err = d.store.Files().Get(ctx, sha)
	return p, err
}
