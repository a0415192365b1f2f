package letter

import (
	"slices"
	"strings"
	"testing"

	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

func noticeFor(t *testing.T, debtor party.Kind, l i18n.Lang) (Message, *Template) {
	t.Helper()
	m := sample(FormalNotice, debtor, l)
	tpl, problems := For("standard/formal-notice", &m).Template()
	if problems != nil {
		t.Fatal(problems)
	}
	return m, tpl
}

// law-fr.md §5.2: the shipped notices have everything, for everybody who may receive one.
func TestShippedNoticesAreComplete(t *testing.T) {
	for _, debtor := range party.Kinds {
		if !debtor.MayBeGivenNotice() {
			continue
		}
		for _, l := range i18n.Languages {
			m, tpl := noticeFor(t, debtor, l)
			if lacks := CheckNotice(m, tpl); len(lacks) > 0 {
				t.Errorf("%s in %s lacks %v", debtor, l, lacks)
			}
		}
	}
}

func TestNoticeLacks(t *testing.T) {
	for want, change := range map[string]func(*Message){
		"date":      func(m *Message) { m.Date = 0 },
		"sender":    func(m *Message) { m.Sender.Address = party.Address{} },
		"siren":     func(m *Message) { m.Sender.SIREN = "" },
		"recipient": func(m *Message) { m.Recipient.Address.City = "" },
		"unknown":   func(m *Message) { m.Recipient.Kind = party.Unknown },
		"items":     func(m *Message) { m.Items = nil },
		"ground":    func(m *Message) { m.Items[1].Issued = 0 },
		"disputed":  func(m *Message) { m.Items[0].Disputed = money.Euros(1) },
		"total":     func(m *Message) { m.Total = money.Euros(0) },
		"deadline":  func(m *Message) { m.PayBy = m.Date },
		"means":     func(m *Message) { m.Sender.IBAN, m.Sender.ChequeOrder = "", "" },
		"signature": func(m *Message) { m.Sender.Signatory.Name = "" },
		"rates":     func(m *Message) { m.PenaltyRates = nil },
		"reply":     func(m *Message) { m.Facts.Replied = true },
		"credit": func(m *Message) {
			m.Deductions = []Deduction{{Number: "A-1", Amount: money.Euros(100)}}
			m.Total.Minor -= 100
		},
		"reminder": func(m *Message) { m.Earlier = nil },
	} {
		m, tpl := noticeFor(t, party.Pro, i18n.FR)
		m.Items = slices.Clone(m.Items)
		change(&m)
		lacks := CheckNotice(m, tpl)
		if !slices.Contains(lacks, "letter.notice."+want) {
			t.Errorf("without %s: %v", want, lacks)
		}
		for _, k := range lacks {
			if !i18n.Has(k) {
				t.Errorf("%s has no words", k)
			}
		}
	}
	m, tpl := noticeFor(t, party.Consumer, i18n.FR)
	m.Sender.Mediator = ""
	if lacks := CheckNotice(m, tpl); !slices.Contains(lacks, "letter.notice.mediator") {
		t.Errorf("a consumer's notice without a mediator: %v", lacks)
	}
}

func TestNoticeWordsAreLookedFor(t *testing.T) {
	full := "Objet : Mise en demeure de payer\n\nNous vous mettons en demeure de payer au plus tard le {{.pay_by}}. " +
		"La présente lettre vaut mise en demeure de payer au sens des articles 1344 et suivants et 1231-6 du Code civil. À défaut, nous agirons en justice."
	for want, cut := range map[string]string{
		"sentence": "et suivants et 1231-6", "order": "au plus tard le {{.pay_by}}", "consequences": "À défaut, nous agirons en justice.",
	} {
		tpl, problems := Parse(strings.Replace(full, cut, "", 1), i18n.FR)
		if problems != nil {
			t.Fatal(problems)
		}
		m := sample(FormalNotice, party.Pro, i18n.FR)
		if lacks := CheckNotice(m, tpl); !slices.Equal(lacks, []string{"letter.notice." + want}) {
			t.Errorf("without %q: %v", cut, lacks)
		}
	}
	tpl, _ := Parse("Objet : Facture\n\nPayez au plus tard le {{.pay_by}}. À défaut, nous agirons.", i18n.FR)
	if lacks := CheckNotice(sample(FormalNotice, party.Pro, i18n.FR), tpl); !slices.Contains(lacks, "letter.notice.title") {
		t.Errorf("no title: %v", lacks)
	}
}

// What the debtor's kind forbids is refused, whatever the text (PRODUCT.md §3 rule 0).
func TestClaimsThatTheKindForbids(t *testing.T) {
	tpl, _ := Parse("Objet : Facture\n\nMerci de régler {{.total}}.", i18n.FR)
	for _, debtor := range []party.Kind{party.Consumer, party.NonPro, party.Unknown, party.Foreign} {
		m := sample(Reminder, debtor, i18n.FR)
		claim(&m)
		if _, err := tpl.Compose(m); fault.Of(err) != fault.Forbidden {
			t.Errorf("penalties claimed of %s: %v", debtor, err)
		}
		m = sample(Reminder, debtor, i18n.FR)
		m.Compensation, m.CompensationAmount = Mention, money.Euros(4000)
		if _, err := tpl.Compose(m); fault.Of(err) != fault.Forbidden {
			t.Errorf("compensation mentioned to %s: %v", debtor, err)
		}
	}
	m := sample(Reminder, party.Pro, i18n.FR)
	m.Level, m.Offer = 3, &Offer{Text: "Remise de 2 %"}
	if _, err := tpl.Compose(m); err == nil {
		t.Error("an offer passed in reminder 3")
	}
	m = sample(FormalNotice, party.Unknown, i18n.FR)
	if _, err := tpl.Compose(m); fault.Of(err) != fault.Forbidden {
		t.Errorf("a formal notice to UNKNOWN: %v", err)
	}
}

func TestForbiddenWords(t *testing.T) {
	for _, c := range []struct {
		kind party.Kind
		says string
		bad  bool
	}{
		{party.Consumer, "Des pénalités de retard sont dues.", true},
		{party.Consumer, "PÉNALITÉS", true},
		{party.Unknown, "l’indemnité forfaitaire de 40 €", true},
		{party.NonPro, "Late fees apply", true},
		{party.Pro, "Des pénalités de retard sont dues.", false},
		{party.Pro, "Réglez pour éviter des pénalités.", true},
		{party.Pro, "Sommation de payer", true},
		{party.Consumer, "le médiateur de la consommation", false},
		{party.Public, "une requête en injonction de payer", true},
		{party.Pro, "une requête en injonction de payer", false},
		{party.Foreign, "European order for payment", false},
		{party.Pro, "Notre huissier passera : par huissier", true},
	} {
		if bad := Forbidden(c.kind, c.says); (len(bad) > 0) != c.bad {
			t.Errorf("%q to %s: %v", c.says, c.kind, bad)
		}
	}
}

// PRODUCT.md §4.3: a text never says what the journal does not hold.
func TestSilenceIsSaidOnlyWhenRecorded(t *testing.T) {
	tpl, _ := Parse("Objet : Relance\n\nNotre lettre est restée sans réponse.", i18n.FR)
	m := sample(Reminder, party.Pro, i18n.FR)
	if _, err := tpl.Compose(m); err != nil {
		t.Errorf("two reminders, no answer: %v", err)
	}
	for name, change := range map[string]func(*Message){
		"a reply": func(m *Message) { m.Facts.Replied = true }, "a call": func(m *Message) { m.Facts.Called = true },
		"a promise": func(m *Message) { m.Facts.Promised = true }, "a payment": func(m *Message) { m.Facts.PaidAmount = money.Euros(1) },
		"no earlier reminder": func(m *Message) { m.Earlier = nil },
	} {
		m := sample(Reminder, party.Pro, i18n.FR)
		change(&m)
		if _, err := tpl.Compose(m); err == nil {
			t.Errorf("silence was said after %s", name)
		}
	}
}

func TestSumsMustAgree(t *testing.T) {
	tpl, _ := Parse("Objet : Relance\n\nMerci.", i18n.FR)
	for name, change := range map[string]func(*Message){
		"open": func(m *Message) { m.Open.Minor++ }, "total": func(m *Message) { m.Total.Minor-- },
		"currency": func(m *Message) { m.Items = slices.Clone(m.Items); m.Items[0].Open.Currency = "USD" },
	} {
		m := sample(Reminder, party.Pro, i18n.FR)
		change(&m)
		if _, err := tpl.Compose(m); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
