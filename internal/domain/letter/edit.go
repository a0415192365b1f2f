package letter

import (
	"strings"

	"relance/internal/ground/fault"
)

// Words is the text of one message as a person edits it: subject and Markdown with every field
// said, the blocks still standing as {{invoices}} and {{payment}}. Parse reads it back as
// "Subject: …", an empty line, and the body.
func (t *Template) Words(m Message) (subject, body string, err error) {
	m.Lang = t.lang
	if subject, err = t.run(t.subject, &m, gentle); err != nil {
		return "", "", fault.New(fault.Invalid, "letter.too-long")
	}
	if body, err = t.run(t.body, &m, gentle); err != nil {
		return "", "", fault.New(fault.Invalid, "letter.too-long")
	}
	for name := range blockNames {
		body = strings.ReplaceAll(body, mark+name+mark, "{{"+name+"}}")
	}
	return clean(subject), tight(squeeze(body)), nil
}

// gentle makes inert only what would change the text's meaning, so that it reads well in a form.
func gentle(s string) string {
	s = clean(s)
	if !strings.ContainsAny(s, `\*_[]{}`) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`\*_[]{}`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// tight leaves one empty line between paragraphs where absent sentences left several.
func tight(s string) string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
		line = strings.TrimRight(line, " ")
		if strings.TrimSpace(line) == "" {
			line = ""
			if len(out) > 0 && out[len(out)-1] == "" {
				continue
			}
		}
		out = append(out, strings.TrimLeft(line, " "))
	}
	return strings.Join(out, "\n")
}
