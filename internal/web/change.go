package web

import (
	"bytes"
	"strconv"

	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/money"
	"relance/internal/page"
)

// changePage is what a file of a scenario would change, before anybody accepts it.
type changePage struct {
	page.Frame
	Token    string
	File     string
	Move     bool // items already started follow the new version too
	CanShape bool
	Problems []fault.Problem
	Change   *app.Change
	Line     lineOf
	Version  int // the version in force, 0 when the scenario is new
	Rows     []changeRow
	Same     bool // the days to come hold the same
}

// changeRow is one figure of the days to come, as it is and as the file would make it.
type changeRow struct{ Label, Before, After, Diff string }

// tryScenario shows what a file would change; nothing is kept.
func (v *visit) tryScenario() error {
	data, name, err := v.upload("file")
	if err != nil {
		return err
	}
	if len(data) == 0 {
		return v.again(wrong("file", "import.nothing"), "scenario", v.scenarios)
	}
	token, err := v.shelf.put(v.desk.Actor().Company, name, data)
	if err != nil {
		return err
	}
	return v.showChange(token, v.text("move") != "")
}

// tryScenarioAgain looks at the file again, with or without the items already started.
func (v *visit) tryScenarioAgain() error { return v.showChange(v.text("token"), v.text("move") != "") }

func (v *visit) showChange(token string, move bool) error {
	name, source, err := v.shelf.get(v.desk.Actor().Company, token)
	if err != nil {
		return v.again(err, "scenario", v.scenarios)
	}
	c, problems, err := v.desk.ScenarioChange(v.r.Context(), source, move)
	if err != nil {
		return v.again(&fieldError{"file", err}, "scenario", v.scenarios)
	}
	p := changePage{Token: token, File: name, Move: move, CanShape: true, Problems: problems, Change: c}
	if len(problems) > 0 {
		v.shelf.take(token) // a file to mend is brought again
		p.Problems = problems[:min(len(problems), shownRows)]
		v.status = statuses[fault.Invalid]
	} else if err := v.compare(&p, source); err != nil {
		return err
	}
	p.Frame = v.frame("/scenarios", i18n.T(v.lang, "web.change.title", name))
	return v.render("change", p)
}

// compare puts what the file would change in words.
func (v *visit) compare(p *changePage, source []byte) error {
	s, _, err := app.CheckScenario(bytes.NewReader(source))
	if err != nil {
		return err
	}
	now, err := v.desk.Scenario(v.r.Context(), s.Name, 0)
	switch {
	case err == nil:
		p.Version = now.Version
	case fault.Of(err) != fault.NotFound:
		return err
	}
	s.Version = p.Version + 1
	p.Line = v.lineOf(s, nil)
	p.Rows = v.changeRows(p.Change.Before, p.Change.After)
	p.Same = true
	for _, r := range p.Rows {
		p.Same = p.Same && r.Diff == ""
	}
	return nil
}

// changeRows compares two futures; a channel that neither uses is left out.
func (v *visit) changeRows(before, after app.Effect) []changeRow {
	count := func(n int64) string { return i18n.Int(v.lang, int(n)) }
	row := func(key string, a, b int64, say func(int64) string) changeRow {
		r := changeRow{Label: i18n.T(v.lang, "web.change."+key), Before: say(a), After: say(b)}
		if a != b {
			r.Diff = say(b - a)
		}
		if b > a {
			r.Diff = "+" + r.Diff
		}
		return r
	}
	var out []changeRow
	for _, c := range []dunning.Channel{dunning.Email, dunning.Letter, dunning.Registered} {
		if a, b := before.Messages[string(c)], after.Messages[string(c)]; a+b > 0 || c == dunning.Email {
			out = append(out, row(string(c), int64(a), int64(b), count))
		}
	}
	return append(out, row("tasks", int64(before.Tasks), int64(after.Tasks), count), row("customers", int64(before.Customers), int64(after.Customers), count),
		row("postage", before.Postage, after.Postage, func(n int64) string { return i18n.Amount(v.lang, money.Euros(n)) }))
}

// acceptScenario keeps the version that was shown.
func (v *visit) acceptScenario() error {
	ctx, token := v.r.Context(), v.text("token")
	_, source, err := v.shelf.get(v.desk.Actor().Company, token)
	if err != nil {
		return v.again(err, "scenario", v.scenarios)
	}
	before, err := v.versions()
	if err != nil {
		return err
	}
	name, version, problems, err := v.desk.ImportScenario(ctx, source)
	if err == nil && len(problems) > 0 { // the rules changed since the file was shown
		return v.showChange(token, v.text("move") != "")
	}
	if err != nil {
		return v.again(&fieldError{"file", err}, "scenario", v.scenarios)
	}
	v.shelf.take(token)
	key := "web.done.scenario-version"
	if before[name] == version {
		key = "web.done.scenario-same"
	}
	v.done(key, name, strconv.Itoa(version))
	if v.text("move") != "" {
		moved, err := v.desk.MoveScenario(ctx, name, nil)
		if err != nil {
			return err
		}
		v.flash(said{Key: "web.done.scenario-moved", N: moved, Args: []string{name, strconv.Itoa(version)}})
	}
	return v.redirect("/scenarios/" + seg(name))
}

// versions is the version of each scenario that is in force.
func (v *visit) versions() (map[string]int, error) {
	list, _, err := v.desk.Scenarios(v.r.Context())
	out := map[string]int{}
	for _, s := range list {
		out[s.Name] = s.Version
	}
	return out, err
}
