package scenario

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"relance/internal/domain/dunning"
	"relance/internal/ground/money"
)

// Write is the YAML of a scenario; Read gives the same scenario back.
func Write(s *dunning.Scenario) ([]byte, error) {
	root := mapping()
	root.add("name", text(s.Name))
	if len(s.Title) > 0 {
		t := mapping()
		for _, l := range []string{"fr", "en"} {
			if s.Title[l] != "" {
				t.add(l, text(s.Title[l]))
			}
		}
		root.add("title", t.node())
	}
	if s.Language != "" {
		root.add("language", text(s.Language))
	}
	root.add("grouping", text(choose(s.ByInvoice, "invoice", "customer")))
	root.add("ceiling", plain(money.Euros(s.Ceiling).Decimal()))
	root.add("step_gap", plain(fmt.Sprint(s.StepGap)))
	root.add("contact_gap", plain(fmt.Sprint(s.ContactGap)))
	root.add("catch_up", text(choose(s.Deserved, "deserved", "sequential")))
	root.add("working_days", plain(fmt.Sprint(!s.AnyDay)))
	if len(s.Quiet) > 0 {
		root.add("quiet", quietNode(s.Quiet))
	}
	steps := &yaml.Node{Kind: yaml.SequenceNode}
	for _, st := range s.Steps {
		steps.Content = append(steps.Content, stepNode(st))
	}
	root.add("steps", steps)
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(root.node()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func stepNode(st dunning.Step) *yaml.Node {
	m := mapping()
	m.add("id", text(st.ID))
	m.add("kind", text(string(st.Kind)))
	w := st.When
	switch {
	case w.IsAfter:
		m.add("after", plain(fmt.Sprint(w.Days)))
	case w.EndOfMonth || w.From != "" && w.From != dunning.FromDue:
		at := mapping()
		at.add("days", plain(fmt.Sprint(w.Days)))
		if w.EndOfMonth {
			at.add("end_of_month", plain("true"))
		}
		if w.From != "" {
			at.add("from", text(string(w.From)))
		}
		n := at.node()
		n.Style = yaml.FlowStyle
		m.add("at", n)
	default:
		m.add("at", plain(fmt.Sprint(w.Days)))
	}
	m.addList("channels", texts(st.Channels))
	m.addList("also", texts(st.Also))
	m.addList("to", texts(st.To))
	m.addList("cc", texts(st.CC))
	if st.Template != "" {
		m.add("template", text(st.Template))
	}
	m.add("automation", text(string(st.Automation)))
	if st.ExpireAfter > 0 {
		m.add("expire_after", plain(fmt.Sprint(st.ExpireAfter)))
	}
	if st.Floor >= 0 {
		m.add("floor", plain(money.Euros(st.Floor).Decimal()))
	}
	if st.PayWithin > 0 {
		m.add("pay_within", plain(fmt.Sprint(st.PayWithin)))
	}
	if st.MinTerm > 0 {
		m.add("min_term", plain(fmt.Sprint(st.MinTerm)))
	}
	m.addList("attach", texts(st.Attach))
	if st.Kind.IsWritten() {
		c := mapping()
		c.add("penalties", text(string(st.Penalties)))
		c.add("compensation", text(string(st.Compensation)))
		n := c.node()
		n.Style = yaml.FlowStyle
		m.add("claim", n)
	}
	return m.node()
}

func quietNode(qs []dunning.QuietPeriod) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, q := range qs {
		m := mapping()
		m.add("from", quoted(fmt.Sprintf("%02d-%02d", q.From.Month, q.From.Day)))
		m.add("to", quoted(fmt.Sprintf("%02d-%02d", q.To.Month, q.To.Day)))
		m.addList("steps", q.Steps)
		n := m.node()
		n.Style = yaml.FlowStyle
		list.Content = append(list.Content, n)
	}
	return list
}

type builder struct{ n *yaml.Node }

func mapping() *builder             { return &builder{&yaml.Node{Kind: yaml.MappingNode}} }
func (b *builder) node() *yaml.Node { return b.n }

func (b *builder) add(key string, v *yaml.Node) {
	b.n.Content = append(b.n.Content, text(key), v)
}

func (b *builder) addList(key string, vs []string) {
	if len(vs) == 0 {
		return
	}
	l := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, v := range vs {
		l.Content = append(l.Content, text(v))
	}
	b.add(key, l)
}

func text(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(strings.TrimSpace(s))
	return n
}

func plain(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }

func quoted(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: s, Style: yaml.DoubleQuotedStyle}
}

func texts[T ~string](vs []T) (out []string) {
	for _, v := range vs {
		out = append(out, string(v))
	}
	return out
}

func choose(b bool, yes, no string) string {
	if b {
		return yes
	}
	return no
}
