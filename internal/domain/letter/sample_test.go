package letter

import (
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

func day(s string) cal.Date { return cal.MustParse(s) }

func sampleSender() Sender {
	return Sender{
		Name: "Atelier Vasseur", LegalForm: "SAS", Capital: money.Euros(5000000), SIREN: "732829320", VAT: "FR44732829320",
		RCSCity: "Nantes", Address: party.Address{Lines: "12 rue des Forges", Postcode: "44000", City: "Nantes", Country: "FR"},
		Phone: "02 40 00 00 00", Email: "compta@vasseur.example", Website: "vasseur.example", Color: "#1d4e89",
		IBAN: "FR7630006000011234567890189", BIC: "AGRIFRPP", ChequeOrder: "Atelier Vasseur",
		Signatory: Signatory{Name: "Claire Vasseur", Title: "Directrice administrative et financière"},
		Contact:   Person{Name: "Jean Morel", Phone: "02 40 00 00 01", Email: "jean.morel@vasseur.example"},
		Mediator:  "Médiation exemple, 1 place du Marché, 75002 Paris, mediation.example",
	}
}

// sample is a message of a kind to a debtor of a kind, with everything its debtor may read.
func sample(k Kind, debtor party.Kind, l i18n.Lang) Message {
	m := Message{
		Lang: l, Kind: k, Level: 2, Date: day("2026-11-24"), Currency: money.EUR, Sender: sampleSender(),
		Recipient: Recipient{Name: "Menuiserie du Port", Kind: debtor, Code: "C0042", SIRET: "73282932000074",
			Address: party.Address{Lines: "Zone artisanale\n4 quai du Commerce", Postcode: "29200", City: "Brest", Country: "FR"}},
		Items: []Item{
			{Number: "F-2026-118", Issued: day("2026-09-15"), Due: day("2026-10-15"), DaysLate: 40, Amount: money.Euros(1200000), Paid: money.Euros(200000), Open: money.Euros(1000000), Level: 2, Advances: true},
			{Number: "F-2026-131", Issued: day("2026-10-01"), Due: day("2026-10-31"), DaysLate: 24, Amount: money.Euros(84050), Open: money.Euros(84050), Level: 2, Order: "BC-77"},
		},
		Penalties: None, Compensation: None,
		Open: money.Euros(1084050), Total: money.Euros(1084050), PayBy: day("2026-12-09"), Reference: "RF24FAC2026001",
	}
	if k != PreDue {
		m.Earlier = []Earlier{{Date: day("2026-10-20"), Kind: Reminder, Level: 1, Channel: "email"}, {Date: day("2026-11-04"), Kind: Reminder, Level: 2, Channel: "letter"}}
	}
	switch k {
	case ThankYou, Closing, Withdrawal, Incident:
		m.Facts.Received, m.Facts.ReceivedOn = money.Euros(84050), day("2026-11-20")
		m.Facts.NoticeOn, m.Facts.Cheque, m.Facts.Method, m.Facts.Reason = day("2026-11-02"), "1234567", "cheque", "provision insuffisante"
	case FormalNotice:
		m.IsLetter, m.Level, m.Registered = true, 4, "1A 123 456 7890 1"
		if debtor.BearsLateInterest() {
			claim(&m)
		}
	}
	if k == ThankYou || k == Closing {
		m.Items, m.Open, m.Total, m.PayBy = nil, money.Euros(0), money.Euros(0), 0
	}
	return m
}

// claim asks for interest and compensation, with the computation.
func claim(m *Message) {
	m.Penalties, m.PenaltyAmount, m.PenaltyRates = Claimed, money.Euros(14271), []money.Rate{1240}
	m.Compensation, m.CompensationAmount, m.CompensationCount = Claimed, money.Euros(8000), 2
	m.Total = money.Euros(1084050 + 14271 + 8000)
	m.Annex = Annex{DayCount: "365", Imputation: "principal-first", Until: m.Date, Lines: []AnnexLine{
		{Invoice: "F-2026-118", From: day("2026-10-16"), To: day("2026-11-24"), Days: 40, Rate: 1240, Base: money.Euros(1000000), Amount: money.Euros(13589)},
		{Invoice: "F-2026-131", From: day("2026-11-01"), To: day("2026-11-24"), Days: 24, Rate: 1240, Base: money.Euros(84050), Amount: money.Euros(682)},
	}}
}
