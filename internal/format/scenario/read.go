package scenario

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// MaxSize bounds a scenario file, in bytes; MaxSteps its steps.
const (
	MaxSize  = 256 << 10
	MaxSteps = 100
)

// Defaults of the optional keys (PRODUCT.md §7).
const (
	defaultStepGap    = 7
	defaultContactGap = 7
	defaultExpiry     = 5
)

// Read reads one scenario. The problems, when there are any, say every fault with its line, and
// the scenario must not be used; err is for a file that is no YAML at all.
func Read(r io.Reader) (*dunning.Scenario, []fault.Problem, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return nil, nil, err
	}
	if len(b) > MaxSize {
		return nil, nil, fault.New(fault.Invalid, "scenario.too-large", MaxSize)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(b, &doc); err != nil {
		return nil, nil, &fault.Error{Kind: fault.Invalid, Key: "scenario.not-yaml", Err: err}
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, nil, &fault.Error{Kind: fault.Invalid, Key: "scenario.not-yaml", Err: errors.New("a mapping is expected")}
	}
	rd := &reader{}
	s := rd.scenario(doc.Content[0])
	if len(rd.problems) == 0 {
		rd.problems = s.Check()
	}
	return s.Index(), rd.problems, nil
}

type reader struct{ problems []fault.Problem }

func (r *reader) bad(n *yaml.Node, field, key string, args ...any) {
	v := n.Value
	if len(v) > 60 {
		v = v[:60]
	}
	r.problems = append(r.problems, fault.Problem{Line: n.Line, Field: field, Value: v, Key: key, Args: args})
}

// each walks a mapping; a key that nobody takes is an error at its line.
func (r *reader) each(n *yaml.Node, what string, take func(key string, v *yaml.Node) bool) {
	if n.Kind != yaml.MappingNode {
		r.bad(n, what, "scenario.want.mapping", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if seen[k.Value] {
			r.bad(k, k.Value, "scenario.key.twice", k.Value)
			continue
		}
		seen[k.Value] = true
		if !take(k.Value, n.Content[i+1]) {
			r.bad(k, k.Value, "scenario.key.unknown", k.Value, what)
		}
	}
}

func (r *reader) scenario(n *yaml.Node) *dunning.Scenario {
	s := &dunning.Scenario{StepGap: defaultStepGap, ContactGap: defaultContactGap}
	r.each(n, "scenario", func(key string, v *yaml.Node) bool {
		switch key {
		case "name":
			s.Name = r.text(v, key)
		case "title":
			s.Title = r.titles(v)
		case "language":
			s.Language = r.text(v, key)
		case "grouping":
			s.ByInvoice = r.oneOf(v, key, "customer", "invoice") == "invoice"
		case "ceiling":
			s.Ceiling = r.sum(v, key)
		case "step_gap":
			s.StepGap = r.count(v, key, 0, 365)
		case "contact_gap":
			s.ContactGap = r.count(v, key, 0, 365)
		case "catch_up":
			s.Deserved = r.oneOf(v, key, "sequential", "deserved") == "deserved"
		case "working_days":
			s.AnyDay = !r.truth(v, key)
		case "quiet":
			s.Quiet = r.quiet(v)
		case "steps":
			s.Steps = r.steps(v)
		default:
			return false
		}
		return true
	})
	return s
}

func (r *reader) titles(n *yaml.Node) map[string]string {
	out := map[string]string{}
	r.each(n, "title", func(key string, v *yaml.Node) bool {
		out[key] = r.text(v, key)
		return key == "fr" || key == "en"
	})
	return out
}

func (r *reader) quiet(n *yaml.Node) (out []dunning.QuietPeriod) {
	for _, item := range r.list(n, "quiet") {
		var q dunning.QuietPeriod
		r.each(item, "quiet", func(key string, v *yaml.Node) bool {
			switch key {
			case "from":
				q.From = r.monthDay(v, key)
			case "to":
				q.To = r.monthDay(v, key)
			case "steps":
				q.Steps = r.texts(v, key)
			default:
				return false
			}
			return true
		})
		if q.From.Month == 0 || q.To.Month == 0 {
			r.bad(item, "quiet", "scenario.quiet.bounds")
		}
		out = append(out, q)
	}
	return out
}

func (r *reader) steps(n *yaml.Node) (out []dunning.Step) {
	items := r.list(n, "steps")
	if len(items) > MaxSteps {
		r.bad(n, "steps", "scenario.steps.many", MaxSteps)
		return nil
	}
	for _, item := range items {
		out = append(out, r.step(item))
	}
	return out
}

func (r *reader) step(n *yaml.Node) dunning.Step {
	st := dunning.Step{Line: n.Line, Floor: -1}
	timed, automated := false, false
	r.each(n, "step", func(key string, v *yaml.Node) bool {
		switch key {
		case "id":
			st.ID = r.text(v, key)
		case "kind":
			st.Kind = one(r, v, key, dunning.StepKinds)
		case "at", "after":
			if timed {
				r.bad(v, key, "scenario.at-and-after")
			}
			timed = true
			st.When = r.when(key, v)
		case "channels":
			st.Channels = many(r, v, key, dunning.Channels)
		case "also":
			st.Also = many(r, v, key, dunning.Channels)
		case "to":
			st.To = many(r, v, key, party.Roles)
		case "cc":
			st.CC = many(r, v, key, party.Roles)
		case "template":
			st.Template = r.text(v, key)
		case "automation":
			automated = true
			st.Automation = one(r, v, key, []dunning.Automation{dunning.Auto, dunning.Confirm, dunning.Manual})
		case "expire_after":
			st.ExpireAfter = r.count(v, key, 0, 365)
		case "floor":
			st.Floor = r.sum(v, key)
		case "pay_within":
			st.PayWithin = r.count(v, key, 0, 365)
		case "min_term":
			st.MinTerm = r.count(v, key, 0, 365)
		case "attach":
			st.Attach = many(r, v, key, []dunning.Attachment{dunning.AttachInvoices, dunning.AttachEarlierReminders,
				dunning.AttachStatement, dunning.AttachComputation})
		case "claim":
			r.claim(v, &st)
		default:
			return false
		}
		return true
	})
	if st.Kind == "" {
		r.bad(n, "kind", "scenario.step.kind.missing")
	}
	if !timed {
		r.bad(n, "at", "scenario.step.when.missing")
	}
	complete(&st, automated)
	return st
}

// complete gives the values of keys that were left out.
func complete(st *dunning.Step, automated bool) {
	if !automated {
		st.Automation = dunning.Auto
		switch st.Kind {
		case dunning.FormalNotice, dunning.Handover:
			st.Automation = dunning.Confirm
		case dunning.Call, dunning.Meeting, dunning.Note:
			st.Automation = dunning.Manual
		}
	}
	switch st.Kind {
	case dunning.Call, dunning.Meeting, dunning.Note:
		if st.ExpireAfter == 0 {
			st.ExpireAfter = defaultExpiry
		}
	case dunning.PreDue, dunning.Reminder:
		if len(st.Channels) == 0 {
			st.Channels = []dunning.Channel{dunning.Email, dunning.Letter}
		}
		if len(st.To) == 0 {
			st.To = []party.Role{party.Accounting}
		}
	case dunning.FormalNotice:
		if len(st.Channels) == 0 {
			st.Channels = []dunning.Channel{dunning.Registered}
		}
		if len(st.To) == 0 {
			st.To = []party.Role{party.LegalRepresentative}
		}
	}
	if st.Penalties == "" {
		st.Penalties = dunning.ClaimNone
	}
	if st.Compensation == "" {
		st.Compensation = dunning.ClaimNone
	}
}

func (r *reader) when(key string, n *yaml.Node) dunning.When {
	if key == "after" {
		return dunning.When{Days: r.count(n, key, 0, 3650), IsAfter: true}
	}
	if n.Kind == yaml.ScalarNode {
		return dunning.When{Days: r.count(n, key, -365, 3650)}
	}
	var w dunning.When
	r.each(n, "at", func(k string, v *yaml.Node) bool {
		switch k {
		case "days":
			w.Days = r.count(v, k, -365, 3650)
		case "end_of_month":
			w.EndOfMonth = r.truth(v, k)
		case "from":
			w.From = one(r, v, k, []dunning.Anchor{dunning.FromDue, dunning.FromIssued, dunning.FromReceived,
				dunning.FromLegalDelay, dunning.FromNoticeDeadline})
		default:
			return false
		}
		return true
	})
	return w
}

func (r *reader) claim(n *yaml.Node, st *dunning.Step) {
	all := []dunning.Claim{dunning.ClaimNone, dunning.ClaimMention, dunning.ClaimFull}
	r.each(n, "claim", func(key string, v *yaml.Node) bool {
		switch key {
		case "penalties":
			st.Penalties = one(r, v, key, all)
		case "compensation":
			st.Compensation = one(r, v, key, all)
		default:
			return false
		}
		return true
	})
}

func (r *reader) text(n *yaml.Node, field string) string {
	if n.Kind != yaml.ScalarNode || strings.ContainsAny(n.Value, "\n\r\x00") {
		r.bad(n, field, "scenario.want.text", field)
		return ""
	}
	return strings.TrimSpace(n.Value)
}

func (r *reader) list(n *yaml.Node, field string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		r.bad(n, field, "scenario.want.list", field)
		return nil
	}
	return n.Content
}

func (r *reader) texts(n *yaml.Node, field string) (out []string) {
	for _, v := range r.list(n, field) {
		out = append(out, r.text(v, field))
	}
	return out
}

func (r *reader) count(n *yaml.Node, field string, lo, hi int) int {
	i, err := strconv.Atoi(strings.TrimPrefix(n.Value, "+"))
	if n.Kind != yaml.ScalarNode || err != nil || i < lo || i > hi {
		r.bad(n, field, "scenario.want.count", field, lo, hi)
		return 0
	}
	return i
}

func (r *reader) truth(n *yaml.Node, field string) bool {
	return r.oneOf(n, field, "true", "false") == "true"
}

// sum reads an amount of the currency's unit as hundredths.
func (r *reader) sum(n *yaml.Node, field string) int64 {
	a, err := money.ParseDecimal(n.Value, money.EUR)
	if n.Kind != yaml.ScalarNode || err != nil || a.Minor < 0 {
		r.bad(n, field, "scenario.want.sum", field)
		return 0
	}
	return a.Minor
}

func (r *reader) monthDay(n *yaml.Node, field string) (m dunning.MonthDay) {
	_, err := fmt.Sscanf(n.Value, "%d-%d", &m.Month, &m.Day)
	if n.Kind != yaml.ScalarNode || err != nil || m.Month < 1 || m.Month > 12 || m.Day < 1 || m.Day > 31 {
		r.bad(n, field, "scenario.want.month-day", field)
		return dunning.MonthDay{}
	}
	return m
}

func (r *reader) oneOf(n *yaml.Node, field string, allowed ...string) string {
	return one(r, n, field, allowed)
}

func one[T ~string](r *reader, n *yaml.Node, field string, allowed []T) T {
	for _, a := range allowed {
		if n.Kind == yaml.ScalarNode && n.Value == string(a) {
			return a
		}
	}
	r.bad(n, field, "scenario.want.one-of", field, fmt.Sprint(allowed))
	return ""
}

func many[T ~string](r *reader, n *yaml.Node, field string, allowed []T) (out []T) {
	for _, v := range r.list(n, field) {
		out = append(out, one(r, v, field, allowed))
	}
	return out
}
