package letter

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"relance/internal/domain/party"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

var messageKey = regexp.MustCompile(`letter\.[a-z]`)

func kindOf(step string) Kind {
	switch {
	case step == "formal-notice":
		return FormalNotice
	case strings.HasPrefix(step, "reminder"), strings.HasPrefix(step, "letter"), step == "follow-up", step == "claim", step == "final-demand":
		return Reminder
	}
	return Kind(step)
}

// readers are the debtors for whom a family is written.
func readers(family string) []party.Kind {
	switch family {
	case "public":
		return []party.Kind{party.Public, party.PublicHealth, party.PublicEnterprise}
	case "consumer":
		return []party.Kind{party.Consumer, party.NonPro, party.Unknown}
	case "export":
		return []party.Kind{party.Foreign, party.Pro}
	}
	return []party.Kind{party.Pro}
}

func TestEveryTextParses(t *testing.T) {
	texts := Texts()
	if len(texts) < 70 {
		t.Fatalf("%d texts ship", len(texts))
	}
	for _, x := range texts {
		if _, problems := Parse(x.Source, x.Lang); len(problems) > 0 {
			t.Errorf("%s.%s: %+v", x.Name(), x.Lang, problems)
		}
	}
}

func TestEveryTextExistsInEveryLanguage(t *testing.T) {
	have := map[string]map[i18n.Lang]bool{}
	for _, x := range Texts() {
		if have[x.Name()] == nil {
			have[x.Name()] = map[i18n.Lang]bool{}
		}
		have[x.Name()][x.Lang] = true
	}
	for name, langs := range have {
		for _, l := range i18n.Languages {
			if !langs[l] {
				t.Errorf("%s has no text in %s", name, l)
			}
		}
	}
}

// Facts that change the words: every text must hold with each of them.
var circumstances = map[string]func(*Message){
	"plain":         func(*Message) {},
	"first contact": func(m *Message) { m.Earlier = nil },
	"one invoice": func(m *Message) {
		if len(m.Items) > 1 {
			m.Total.Minor -= m.Items[1].Open.Minor
			m.Open.Minor -= m.Items[1].Open.Minor
			m.Items = m.Items[:1]
		}
	},
	"replied": func(m *Message) { m.Facts.Replied = true },
	"called": func(m *Message) {
		m.Facts.Called, m.Facts.CallOn, m.Facts.CallWith = true, day("2026-11-10"), "Mme Le Goff"
	},
	"promise broken": func(m *Message) {
		m.Facts.Promised, m.Facts.PromiseOn, m.Facts.PromiseAmount = true, day("2026-11-12"), money.Euros(500000)
	},
	"promise ahead": func(m *Message) { m.Facts.Promised, m.Facts.PromiseOn = true, day("2026-11-30") },
	"part paid":     func(m *Message) { m.Facts.PaidOn, m.Facts.PaidAmount = day("2026-11-18"), money.Euros(200000) },
	"joins": func(m *Message) {
		if len(m.Items) > 1 {
			m.Facts.JoinsOn, m.Items[1].Joins = day("2026-11-04"), true
		}
	},
	"disputed": func(m *Message) {
		if len(m.Items) > 0 {
			m.Items[0].Disputed = money.Euros(50000)
		}
	},
	"deduction": func(m *Message) {
		if len(m.Items) > 0 {
			m.Deductions = []Deduction{{Number: "A-7", Date: day("2026-11-02"), Amount: money.Euros(5000)}}
			m.Total.Minor -= 5000
		}
	},
	"assigned": func(m *Message) { m.Factor = &Factor{Name: "Affacturage Ouest", IBAN: "FR7630006000011234567890189"} },
	"memo":     func(m *Message) { m.Memo, m.Upcoming = m.Items, m.Items },
	"agent": func(m *Message) {
		m.Sender.Agent = &Agent{Name: "Cabinet Roux", Collector: true, FirstRef: "R1", FirstOn: day("2026-10-20")}
	},
	"paper":  func(m *Message) { m.IsLetter = true },
	"no day": func(m *Message) { m.PayBy = 0 },
	"bare": func(m *Message) {
		m.Sender.Contact, m.Sender.Signatory, m.Sender.Phone, m.Sender.Email = Person{}, Signatory{}, "", ""
	},
	"discount":  func(m *Message) { m.Facts.Discount = money.Euros(10000) },
	"mention":   mention,
	"insistent": func(m *Message) { m.Insistent = true },
}

func mention(m *Message) {
	if m.Recipient.Kind.BearsLateInterest() && m.Penalties == None {
		m.Penalties, m.PenaltyAmount = Mention, money.Euros(14271)
		m.Compensation, m.CompensationAmount, m.CompensationCount = Mention, money.Euros(8000), 2
	}
}

func TestEveryTextRendersForItsReaders(t *testing.T) {
	for _, x := range Texts() {
		tpl, problems := x.Template()
		if problems != nil {
			t.Fatalf("%s.%s: %v", x.Name(), x.Lang, problems)
		}
		for _, debtor := range readers(x.Family) {
			for name, change := range circumstances {
				m := sample(kindOf(x.Step), debtor, x.Lang)
				change(&m)
				if m.Kind == FormalNotice && (debtor == party.Unknown || m.PayBy.IsZero()) {
					continue
				}
				checkRendering(t, x.Name()+"."+string(x.Lang)+" to "+string(debtor)+", "+name, tpl, m)
			}
		}
	}
}

// What is said to every kind of debtor in the same steps may be said to each of them.
func TestNeutralStepsRenderForEveryKind(t *testing.T) {
	for step := range neutral {
		for _, debtor := range party.Kinds {
			if step == "debit-note" && !debtor.BearsLateInterest() {
				continue // nothing may be claimed from a consumer
			}
			for _, l := range i18n.Languages {
				x, ok := Lookup(step, debtor, l)
				if !ok {
					t.Fatalf("%s has no words for %s", step, debtor)
				}
				tpl, problems := x.Template()
				if problems != nil {
					t.Fatalf("%s.%s: %v", x.Name(), l, problems)
				}
				m := sample(kindOf(step), debtor, l)
				if step == "debit-note" {
					claim(&m)
				}
				checkRendering(t, x.Name()+"."+string(l)+" to "+string(debtor), tpl, m)
			}
		}
	}
}

func checkRendering(t *testing.T, where string, tpl *Template, m Message) {
	t.Helper()
	c, err := tpl.Compose(m)
	if err != nil {
		t.Errorf("%s: %s", where, i18n.Error(i18n.FR, err))
		return
	}
	mail, doc := c.Mail(), c.Document()
	if c.Subject == "" || strings.ContainsAny(c.Subject, "\n{}<>") || len(c.Subject) > 160 {
		t.Errorf("%s: subject %q", where, c.Subject)
	}
	said := c.Subject + "\n" + words(c.Blocks) + words(c.Closing)
	for _, bad := range []string{"  ", "{{", "<nil>", "%!", " .", " ,", "..", " \u202f", "\u00a0\u00a0", "**"} {
		if strings.Contains(said, bad) {
			t.Errorf("%s says %q:\n%s", where, bad, said)
		}
	}
	if key := messageKey.FindString(said); key != "" {
		t.Errorf("%s says the key %s", where, key)
	}
	if m.Lang == i18n.FR {
		for _, bad := range []string{" :", " ;", " ?", " !", "« ", " »", "'"} {
			if strings.Contains(said, bad) {
				t.Errorf("%s breaks French typography with %q:\n%s", where, bad, said)
			}
		}
	}
	for _, must := range []string{"IBAN", "FR76"} {
		if m.Kind.Asks() && !(strings.Contains(mail.Text, must) && strings.Contains(mail.HTML, must)) {
			t.Errorf("%s does not say %s", where, must)
		}
	}
	if len(doc.Foot) == 0 || !strings.Contains(doc.Foot[0], "Atelier Vasseur") {
		t.Errorf("%s: no identity at the foot", where)
	}
}

func TestLookup(t *testing.T) {
	for _, c := range []struct {
		name string
		kind party.Kind
		want string
	}{
		{"standard/reminder-2", party.Pro, "standard/reminder-2"},
		{"key-account/reminder-3", party.Pro, "key-account/reminder-3"},
		{"reminder-2", party.Pro, "standard/reminder-2"},
		{"standard/reminder-2", party.Consumer, "consumer/reminder-2"},
		{"standard/reminder-3", party.Unknown, "consumer/reminder-3"},
		{"personal/letter-2", party.NonPro, "consumer/reminder-2"},
		{"personal/follow-up", party.Public, "public/reminder-1"},
		{"standard/reminder-3", party.PublicHealth, "public/claim"},
		{"standard/formal-notice", party.Public, "public/formal-notice"},
		{"standard/formal-notice", party.Foreign, "export/final-demand"},
		{"consumer/reminder-2", party.Pro, "standard/reminder-2"},
		{"public/claim", party.Pro, "standard/reminder-3"},
		{"export/final-demand", party.Consumer, "consumer/reminder-3"},
		{"statement", party.Public, "standard/statement"},
		{"consumer/pre-due", party.Consumer, "standard/pre-due"},
	} {
		got, ok := Lookup(c.name, c.kind, i18n.FR)
		if !ok || got.Name() != c.want {
			t.Errorf("%s for %s: %s, want %s", c.name, c.kind, got.Name(), c.want)
		}
	}
	if x, ok := Lookup("mine/whatever", party.Pro, i18n.FR); ok {
		t.Errorf("mine/whatever gave %s", x.Name())
	}
}

// A scenario may have a step without words of its own: every kind of message finds some for
// every debtor who may receive it.
func TestForNeverLacksWords(t *testing.T) {
	for _, l := range i18n.Languages {
		for _, debtor := range party.Kinds {
			for _, k := range Kinds {
				for level := 0; level < 6; level++ {
					m := sample(k, debtor, l)
					m.Level = level
					if x := For("mine/whatever", &m); x.Source == "" {
						t.Errorf("%s level %d to %s in %s has no words", k, level, debtor, l)
					}
				}
			}
		}
	}
}

func TestShippedFilesAreAllTexts(t *testing.T) {
	files, err := fs.Glob(shipped, "texts/*/*")
	if err != nil || len(files) != len(Texts()) {
		t.Errorf("%d files, %d texts, %v", len(files), len(Texts()), err)
	}
}
