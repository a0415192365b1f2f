package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"relance/internal/domain/letter"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

func day(s string) cal.Date { return cal.MustParse(s) }

// picturePNG is a logo: a disc on a transparent ground.
func picturePNG(w, h int, c color.NRGBA) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if dx, dy := x-h/2, y-h/2; dx*dx+dy*dy < h*h/4 || y > h*2/5 && y < h*3/5 {
				img.SetNRGBA(x, y, c)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// jpegOf is a grey ramp.
func jpegOf(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(i / h)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var logo = picturePNG(480, 160, color.NRGBA{29, 78, 137, 255})

// sample is a message of a kind with n invoices.
func sample(k letter.Kind, debtor party.Kind, l i18n.Lang, n int) letter.Message {
	m := letter.Message{
		Lang: l, Kind: k, Level: 2, Date: day("2026-11-24"), Currency: money.EUR, IsLetter: true,
		Sender: letter.Sender{
			Name: "Atelier Vasseur", LegalForm: "SAS", Capital: money.Euros(5000000), SIREN: "732829320", VAT: "FR44732829320",
			RCSCity: "Nantes", Address: party.Address{Lines: "12 rue des Forges", Postcode: "44000", City: "Nantes", Country: "FR"},
			Phone: "02 40 00 00 00", Email: "compta@vasseur.example", Website: "vasseur.example", Color: "#1d4e89", Logo: logo,
			IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP", ChequeOrder: "Atelier Vasseur",
			Signatory: letter.Signatory{Name: "Claire Vasseur", Title: "Directrice administrative et financière"},
			Contact:   letter.Person{Name: "Jean Morel", Phone: "02 40 00 00 01", Email: "jean.morel@vasseur.example"},
			Mediator:  "Médiation exemple, 1 place du Marché, 75002 Paris, mediation.example",
		},
		Recipient: letter.Recipient{Name: "Menuiserie du Port", Kind: debtor, Code: "C0042", SIRET: "73282932000074",
			Address: party.Address{Lines: "Zone artisanale\n4 quai du Commerce", Postcode: "29200", City: "Brest", Country: "FR"}},
		Penalties: letter.None, Compensation: letter.None, PayBy: day("2026-12-09"), Reference: "RF24FAC2026001",
		Earlier: []letter.Earlier{{Date: day("2026-10-20"), Kind: letter.Reminder, Level: 1, Channel: "email"}, {Date: day("2026-11-04"), Kind: letter.Reminder, Level: 2, Channel: "letter"}},
	}
	open := int64(0)
	for i := range n {
		due := day("2026-10-15") + cal.Date(i%30)
		it := letter.Item{Number: fmt.Sprintf("F-2026-%03d", 118+i), Issued: due - 30, Due: due, DaysLate: int(m.Date - due),
			Amount: money.Euros(1200000 + int64(i)*1377), Level: 2, Advances: true}
		it.Open = it.Amount
		if i%3 == 0 {
			it.Paid = money.Euros(200000)
			it.Open.Minor -= 200000
		}
		if i%4 == 1 {
			it.Order = "BC-77"
		}
		open += it.Open.Minor
		m.Items = append(m.Items, it)
	}
	m.Open, m.Total = money.Euros(open), money.Euros(open)
	if k == letter.FormalNotice {
		m.Level, m.Registered = 4, "1A 123 456 7890 1"
		m.Attachments = []string{"F-2026-118.pdf", "F-2026-119.pdf", "Relance du 4 novembre 2026.pdf"}
		if debtor.BearsLateInterest() {
			claim(&m)
		}
	}
	return m
}

func claim(m *letter.Message) {
	m.Penalties, m.PenaltyRates = letter.Claimed, []money.Rate{1240}
	m.Annex = letter.Annex{DayCount: "365", Imputation: "principal-first", Until: m.Date}
	sum := int64(0)
	for i := range m.Items {
		it := &m.Items[i]
		x := letter.AnnexLine{Invoice: it.Number, From: it.Due + 1, To: m.Date, Days: it.DaysLate, Rate: 1240, Base: it.Open,
			Amount: money.Euros(it.Open.Minor * int64(it.DaysLate) * 1240 / 3650000)}
		sum += x.Amount.Minor
		m.Annex.Lines = append(m.Annex.Lines, x)
	}
	n := len(m.Items)
	m.PenaltyAmount, m.Compensation, m.CompensationAmount, m.CompensationCount = money.Euros(sum), letter.Claimed, money.Euros(int64(n)*4000), n
	m.Total = money.Euros(m.Open.Minor + sum + int64(n)*4000)
}

func document(t testing.TB, name string, m letter.Message) *letter.Document {
	t.Helper()
	tpl, problems := letter.For(name, &m).Template()
	if problems != nil {
		t.Fatal(problems)
	}
	c, err := tpl.Compose(m)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return c.Document()
}

func printer(t testing.TB) *Printer {
	t.Helper()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return p
}
