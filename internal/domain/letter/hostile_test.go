package letter

import (
	"strings"
	"testing"

	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
)

// FuzzName: whatever a name from outside holds, a letter shows it as it is without its controls: no emphasis, no link,
// no block of its own.
func FuzzName(f *testing.F) {
	for _, s := range []string{"Menuiserie du Port", "**a** [x](https://evil.example)", "- a\n- b\n\n# c", "&#91;x](y)", `\[a\]\`, "<https://x.example>", "a\u202eb", "1. a", "    code", "&amp;lt;"} {
		f.Add(s)
	}
	tpl, problems := Parse("Objet : {{.customer.name}}\n\nMonsieur {{.customer.name}}, fin.\n\n{{.customer.name}}", i18n.FR)
	if tpl == nil {
		f.Fatal(problems)
	}
	m := sample(Reminder, party.Pro, i18n.FR)
	f.Fuzz(func(t *testing.T, name string) {
		m := m
		m.Recipient.Name = name
		c, err := tpl.Compose(m)
		if err != nil {
			return // longer than a message may be
		}
		if strings.ContainsFunc(c.Subject, unsafe) {
			t.Errorf("subject %q", c.Subject)
		}
		want := strings.Join(strings.Fields("Monsieur "+clean(name)+", fin. "+clean(name)), " ")
		var got strings.Builder
		for _, b := range c.Blocks {
			if b.Kind != Paragraph {
				t.Errorf("%q makes a block of kind %v", name, b.Kind)
			}
			for _, r := range b.Runs {
				if r.Bold || r.Italic || r.Link != "" {
					t.Errorf("%q makes %+v", name, r)
				}
				got.WriteString(r.Text)
			}
			got.WriteString(" ")
		}
		if g := strings.Join(strings.Fields(got.String()), " "); g != want {
			t.Errorf("%q is shown as %q, want %q", name, g, want)
		}
	})
}

// A loop inside a loop is refused when the text is saved; one loop ends at a bound, before it fills the memory.
func TestLoopsAreBounded(t *testing.T) {
	_, problems := Parse("Objet : x\n\n{{range .items}}{{range .items}}a{{end}}{{end}}", i18n.FR)
	if len(problems) != 1 || problems[0].Key != "letter.template.nested" || problems[0].Line != 3 {
		t.Errorf("a loop inside a loop: %+v", problems)
	}
	m := sample(Reminder, party.Pro, i18n.FR)
	settled := m.Items[0]
	settled.Open, settled.Advances = money.Euros(0), false
	for len(m.Items) < 50_000 {
		m.Items = append(m.Items, settled)
	}
	tpl, problems := Parse("Objet : x\n\n{{range .items}}"+strings.Repeat("0123456789", 100)+"{{end}}", i18n.FR)
	if tpl == nil {
		t.Fatal(problems)
	}
	if _, err := tpl.Compose(m); fault.Key(err) != "letter.too-long" {
		t.Errorf("fifty thousand times a thousand characters: %v", err)
	}
}
