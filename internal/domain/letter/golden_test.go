package letter

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"relance/internal/domain/party"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; got:\n%s", file, got)
	}
}

// The messages that people will read most, word for word.
func TestGoldenMessages(t *testing.T) {
	for _, c := range []struct {
		text   string
		kind   Kind
		debtor party.Kind
		lang   i18n.Lang
		change func(*Message)
	}{
		{"standard/pre-due", PreDue, party.Pro, i18n.FR, func(m *Message) { m.Items[0].DaysLate, m.Items[1].DaysLate = 0, 0 }},
		{"standard/reminder-1", Reminder, party.Pro, i18n.FR, func(m *Message) {
			m.Earlier = nil
			m.Offer = &Offer{Text: "Un règlement sous 5 jours ouvre droit à un escompte de 1 %.", Until: day("2026-11-30")}
		}},
		{"standard/reminder-2", Reminder, party.Pro, i18n.FR, mention},
		{"standard/reminder-3", Reminder, party.Pro, i18n.EN, func(m *Message) { mention(m); m.Level = 3 }},
		{"standard/formal-notice", FormalNotice, party.Pro, i18n.FR, func(*Message) {}},
		{"consumer/formal-notice", FormalNotice, party.Consumer, i18n.FR, func(*Message) {}},
		{"public/claim", Reminder, party.Public, i18n.FR, func(m *Message) { claim(m); m.Annex.Frozen = true; m.Recipient.ServiceCode = "DAF-2" }},
		{"export/final-demand", Reminder, party.Foreign, i18n.EN, func(m *Message) { m.Level = 4; m.Recipient.InEU = true }},
		{"standard/incident", Incident, party.Pro, i18n.FR, func(*Message) {}},
		{"standard/closing", Closing, party.Pro, i18n.FR, func(*Message) {}},
		{"standard/withdrawal", Withdrawal, party.Pro, i18n.FR, func(*Message) {}},
		{"standard/statement", Statement, party.Pro, i18n.FR, func(m *Message) {
			m.Upcoming = []Item{{Number: "F-2026-150", Issued: day("2026-11-10"), Due: day("2026-12-10"), Amount: money.Euros(990000), Open: money.Euros(990000)}}
		}},
	} {
		m := sample(c.kind, c.debtor, c.lang)
		c.change(&m)
		tpl, problems := For(c.text, &m).Template()
		if problems != nil {
			t.Fatal(problems)
		}
		comp, err := tpl.Compose(m)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		mail := comp.Mail()
		base := strings.ReplaceAll(c.text, "/", "-") + "." + string(c.lang)
		golden(t, base+".txt", "Subject: "+mail.Subject+"\n\n"+mail.Text)
		if c.text == "standard/reminder-2" {
			golden(t, base+".html", mail.HTML)
		}
	}
}

func TestComposeIsAPureFunction(t *testing.T) {
	m := sample(FormalNotice, party.Pro, i18n.FR)
	tpl, _ := For("standard/formal-notice", &m).Template()
	var first Mail
	for i := range 3 {
		c, err := tpl.Compose(m)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = c.Mail()
		} else if c.Mail() != first {
			t.Fatal("the same message was written twice differently")
		}
	}
}

// Names come from files: none may break out of its place.
func TestNamesFromOutsideAreInert(t *testing.T) {
	evil := "**Evil** <script>alert(1)</script> [x](javascript:1)\u202e\r\nBcc: a@b.c"
	for _, x := range Texts() {
		tpl, _ := x.Template()
		m := sample(kindOf(x.Step), readers(x.Family)[0], x.Lang)
		m.Recipient.Name, m.Recipient.Attention, m.Sender.Name = evil, evil, evil
		m.Facts.Reason, m.Reference, m.Sender.Contact.Name = evil, evil, evil
		for i := range m.Items {
			m.Items[i].Number, m.Items[i].Order, m.Items[i].Reference = evil, evil, evil
		}
		c, err := tpl.Compose(m)
		if err != nil {
			t.Errorf("%s: %v", x.Name(), err)
			continue
		}
		mail := c.Mail()
		if strings.ContainsAny(mail.Subject, "\r\n") {
			t.Errorf("%s: the subject breaks its line", x.Name())
		}
		if strings.Contains(mail.HTML, "<script") || strings.Contains(mail.HTML, `href="javascript`) || strings.Contains(mail.HTML, "\u202e") {
			t.Errorf("%s: HTML lets a name run", x.Name())
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, x := range Texts() {
		f.Add(x.Source)
	}
	f.Add("Objet : {{range .items}}{{.number | printf}}{{end}}\n\n{{define \"x\"}}{{end}}")
	m := sample(Reminder, party.Pro, i18n.FR)
	f.Fuzz(func(t *testing.T, src string) {
		tpl, problems := Parse(src, i18n.FR)
		if (tpl == nil) != (len(problems) > 0) {
			t.Fatalf("template %v with problems %v", tpl, problems)
		}
		if tpl == nil {
			return
		}
		c, err := tpl.Compose(m)
		if err != nil {
			return
		}
		c.Mail()
		c.Document()
	})
}

func BenchmarkComposeAndMail(b *testing.B) {
	m := sample(Reminder, party.Pro, i18n.FR)
	tpl, _ := For("standard/reminder-2", &m).Template()
	b.ReportAllocs()
	for b.Loop() {
		c, err := tpl.Compose(m)
		if err != nil {
			b.Fatal(err)
		}
		c.Mail()
	}
}
