package letter

import (
	"embed"
	"io/fs"
	gopath "path"
	gosort "sort"
	"strings"

	"relance/internal/domain/party"
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

// neutral are the steps whose standard text says nothing that depends on the kind.
var neutral = map[string]bool{"pre-due": true, "reminder-1": true, "thank-you": true, "closing": true, "withdrawal": true,
	"statement": true, "incident": true}

// Lookup finds the shipped text of a step: "standard/reminder-1" by its full name; "reminder-1"
// by the debtor's kind. A full name of a family that the kind may not read is changed for the
// kind's own. ok is false when there is none.
func Lookup(name string, k party.Kind, l i18n.Lang) (Text, bool) {
	fam, step, full := strings.Cut(name, "/")
	if !full {
		fam, step = "", name
	}
	home := family(k)
	tries := []string{home}
	if home == "standard" || home == "export" {
		tries = []string{fam, home, "standard"}
	} else if neutral[step] {
		tries = append(tries, "standard")
	}
	for _, f := range tries {
		if f == "" {
			continue
		}
		if src, err := shipped.ReadFile("texts/" + f + "/" + step + "." + string(l) + ".md"); err == nil {
			return Text{Family: f, Step: step, Lang: l, Source: string(src)}, true
		}
	}
	return Text{}, false
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
