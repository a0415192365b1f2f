package letter

import (
	"embed"
	"io/fs"
	gopath "path"
	gosort "sort"
	"strconv"
	"strings"
	"sync"

	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
)

//go:embed texts/*/*.md
var shipped embed.FS

// Text is a text that ships with the program, or the edited copy of one.
type Text struct {
	Family string // folder: standard, short, personal, key-account, export, consumer, public
	Step   string // file: pre-due, reminder-1…
	Lang   i18n.Lang
	Source string
}

// Name is what a scenario step writes in "template": family/step.
func (t Text) Name() string { return t.Family + "/" + t.Step }

// family is where a debtor's kind is at home: the first words that are lawful to say to it.
func family(k party.Kind) string {
	switch {
	case k.IsPublic():
		return "public"
	case k == party.Pro:
		return "standard"
	case k == party.Foreign:
		return "export"
	}
	return "consumer" // CONSUMER, NON_PRO, UNKNOWN: nothing that a consumer may not read
}

// neutral are the steps whose standard text may be said to every kind that has no text of its own for them; a note de
// débit is never for a consumer.
var neutral = map[string]bool{"pre-due": true, "reminder-1": true, "thank-you": true, "closing": true, "withdrawal": true,
	"statement": true, "incident": true, "covering": true, "call-report": true, "plan-notice": true, "debit-note": true, "acknowledgement": true, "dispute-noted": true}

// likewise names the step of another family that says the same thing. A final demand is never
// made a formal notice by this table: only a step that is one may give notice.
var likewise = map[string]string{"follow-up": "reminder-1", "letter-1": "reminder-1", "letter-2": "reminder-2", "letter-3": "reminder-3",
	"claim": "reminder-3", "final-demand": "reminder-3"}

// Lookup finds the shipped text of a step: "standard/reminder-1" by its full name; "reminder-1"
// by the debtor's kind. A full name of a family that the kind may not read is changed for the
// kind's own. ok is false when there is none.
func Lookup(name string, k party.Kind, l i18n.Lang) (Text, bool) {
	fam, step, full := strings.Cut(name, "/")
	if !full {
		fam, step = "", name
	}
	home := family(k)
	if home == "standard" && fam != "" && fam != "consumer" && fam != "public" {
		if t, ok := shippedText(fam, step, l); ok {
			return t, true
		}
	}
	tries := []string{step, likewise[step]}
	switch {
	case home == "public" && step == "reminder-3":
		tries[1] = "claim"
	case home == "export" && step == "formal-notice":
		tries[1] = "final-demand" // a French formal notice has no meaning abroad
	}
	for _, s := range tries {
		if s == "" {
			continue
		}
		if t, ok := shippedText(home, s, l); ok {
			return t, true
		}
		if neutral[s] {
			return shippedText("standard", s, l)
		}
	}
	return Text{}, false
}

// Generic names the step that a message of this kind and level usually is: what to say at a step
// of a scenario that has no text of its own.
func Generic(k Kind, level int) string {
	if k == Reminder {
		return "reminder-" + strconv.Itoa(min(max(level, 1), 3))
	}
	return string(k)
}

// For finds the shipped text of a step by its name, else the generic one of the message's kind
// and level: a message never lacks words.
func For(name string, m *Message) Text {
	if t, ok := Lookup(name, m.Recipient.Kind, m.Lang); ok {
		return t
	}
	t, _ := Lookup(Generic(m.Kind, m.Level), m.Recipient.Kind, m.Lang)
	return t
}

func shippedText(family, step string, l i18n.Lang) (Text, bool) {
	src, err := shipped.ReadFile("texts/" + family + "/" + step + "." + string(l) + ".md")
	if err != nil {
		return Text{}, false
	}
	return Text{Family: family, Step: step, Lang: l, Source: string(src)}, true
}

// parsed keeps the shipped texts, each checked once.
var parsed = sync.OnceValue(func() map[string]*Template {
	all := map[string]*Template{}
	for _, t := range Texts() {
		if tpl, problems := Parse(t.Source, t.Lang); problems == nil {
			all[t.Name()+"."+string(t.Lang)] = tpl
		}
	}
	return all
})

// Template gives the text ready to compose. A shipped text is parsed once for the life of the
// program; an edited one each time.
func (t Text) Template() (*Template, []fault.Problem) {
	if s, ok := shippedText(t.Family, t.Step, t.Lang); ok && s.Source == t.Source {
		if tpl := parsed()[t.Name()+"."+string(t.Lang)]; tpl != nil {
			return tpl, nil
		}
	}
	return Parse(t.Source, t.Lang)
}

// Texts lists every shipped text, by name then language.
func Texts() []Text {
	var out []Text
	files, err := fs.Glob(shipped, "texts/*/*.md")
	if err != nil {
		return nil // the pattern is a constant: it cannot be malformed
	}
	for _, f := range files {
		src, err := shipped.ReadFile(f)
		if err != nil {
			continue
		}
		step, lang, _ := strings.Cut(strings.TrimSuffix(gopath.Base(f), ".md"), ".")
		out = append(out, Text{Family: gopath.Base(gopath.Dir(f)), Step: step, Lang: i18n.Lang(lang), Source: string(src)})
	}
	gosort.Slice(out, func(i, j int) bool {
		if out[i].Name() != out[j].Name() {
			return out[i].Name() < out[j].Name()
		}
		return out[i].Lang < out[j].Lang
	})
	return out
}
