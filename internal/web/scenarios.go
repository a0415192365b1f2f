package web

import (
	"strconv"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/i18n"
	"relance/internal/page"
)

type scenariosPage struct {
	page.Frame
	List     []scenarioCard
	Rules    []ruleRow
	CanShape bool // the person may bring a version
}

type scenarioCard struct {
	lineOf
	Customers int
	Default   bool
	Steps     int
}

// ruleRow is a line of the assignment table, in words.
type ruleRow struct{ When, Title, Name string }

func (v *visit) scenarios() error {
	list, rules, err := v.desk.Scenarios(v.r.Context())
	if err != nil {
		return err
	}
	p := scenariosPage{CanShape: v.may(org.VerbScenario)}
	titles := map[string]string{}
	for _, s := range list {
		titles[s.Name] = v.scenarioTitle(s.Scenario)
		c := scenarioCard{lineOf: v.lineOf(s.Scenario, nil), Customers: s.Customers, Default: s.Default, Steps: len(s.Steps)}
		if s.Default {
			p.List = append([]scenarioCard{c}, p.List...)
		} else {
			p.List = append(p.List, c)
		}
	}
	for _, r := range rules {
		when := ""
		if r.Kind != "" {
			when = i18n.T(v.lang, "web.kind."+r.Kind)
		}
		for _, s := range []string{r.Country, r.PaymentMethod, r.Tag} {
			when = join(when, s)
		}
		if r.MinAmount.Minor > 0 {
			when = join(when, i18n.T(v.lang, "web.rule.from", r.MinAmount))
		}
		p.Rules = append(p.Rules, ruleRow{when, titles[r.Scenario], r.Scenario})
	}
	p.Frame = v.frame("/scenarios", i18n.T(v.lang, "web.scenarios"))
	return v.render("scenarios", p)
}

type scenarioPage struct {
	page.Frame
	Scenario *dunning.Scenario
	Line     lineOf
	Heading  string
	Rows     []stepRow
	Ceiling  int64
}

// stepRow is a step in words.
type stepRow struct {
	When, Name, ID, Kind           string
	Automation                     string
	Channels, Also, To, CC, Attach []string
	Channel                        string
	PayWithin                      int
	Floor                          int64 // cents; −1: the channel's default
	Penalties, Compensation        string
}

func (v *visit) scenario() error {
	version, err := strconv.Atoi(v.r.FormValue("version"))
	if err != nil {
		version = 0
	}
	s, err := v.desk.Scenario(v.r.Context(), v.r.PathValue("name"), version)
	if err != nil {
		return err
	}
	p := scenarioPage{Scenario: s, Line: v.lineOf(s, nil), Heading: v.scenarioTitle(s), Ceiling: s.Ceiling}
	for i, st := range s.Steps {
		r := stepRow{Name: v.stepName(s, i), ID: st.ID, Kind: string(st.Kind), Automation: string(st.Automation), PayWithin: st.PayWithin, Floor: st.Floor,
			Penalties: string(st.Penalties), Compensation: string(st.Compensation)}
		_, r.When = v.when(st, 0)
		if len(st.Channels) > 0 {
			r.Channel = string(st.Channels[0])
		}
		if st.Floor < 0 && st.Kind.IsWritten() && r.Channel != "" {
			r.Floor = st.Channels[0].DefaultFloor()
		}
		for _, c := range st.Channels {
			r.Channels = append(r.Channels, i18n.T(v.lang, "web.channel."+string(c)))
		}
		for _, c := range st.Also {
			r.Also = append(r.Also, i18n.T(v.lang, "web.channel."+string(c)))
		}
		for _, c := range st.To {
			r.To = append(r.To, i18n.T(v.lang, "web.role."+string(c)))
		}
		for _, c := range st.CC {
			r.CC = append(r.CC, i18n.T(v.lang, "web.role."+string(c)))
		}
		for _, c := range st.Attach {
			r.Attach = append(r.Attach, i18n.T(v.lang, "web.attach."+string(c)))
		}
		p.Rows = append(p.Rows, r)
	}
	p.Frame = v.frame("/scenarios", p.Heading)
	return v.render("scenario", p)
}

func (v *visit) scenarioYAML() error {
	name := v.r.PathValue("name")
	b, err := v.desk.ExportScenario(v.r.Context(), name, 0)
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/yaml; charset=utf-8")
	h.Set("Content-Disposition", disposition("attachment", name+".yaml"))
	_, _ = v.w.Write(b) // a reader who left is no fault of ours
	return nil
}
