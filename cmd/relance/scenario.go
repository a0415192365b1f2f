package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"

	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
	"relance/internal/ground/money"
)

// scenarioCmd groups the scenarios as files.
type scenarioCmd struct {
	List   scenarioList   `cmd:"" default:"1" help:"The scenarios and the table that assigns them."`
	Show   scenarioShow   `cmd:"" help:"The steps of a scenario."`
	Check  scenarioCheck  `cmd:"" help:"Read a scenario file and say what is wrong with it."`
	Export scenarioExport `cmd:"" help:"Write a scenario as YAML."`
	Import scenarioImport `cmd:"" help:"Add a version of a scenario from a YAML file."`
	Assign scenarioAssign `cmd:"" help:"Choose the scenario of a customer."`
	Move   scenarioMove   `cmd:"" help:"Move items to the latest version; past steps are never replayed."`
}

type scenarioList struct{}

type scenarioRow struct {
	Name      string `json:"name"`
	Version   int    `json:"version"`
	Steps     int    `json:"steps"`
	Default   bool   `json:"default"`
	Customers int    `json:"chosen_by"`
}

// Run lists the scenarios.
func (scenarioList) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		list, rules, err := d.Scenarios(c.ctx)
		if err != nil {
			return err
		}
		doc := struct {
			Scenarios []scenarioRow       `json:"scenarios"`
			Rules     []map[string]string `json:"rules"`
		}{[]scenarioRow{}, []map[string]string{}}
		for _, s := range list {
			doc.Scenarios = append(doc.Scenarios, scenarioRow{s.Name, s.Version, len(s.Steps), s.Default, s.Customers})
		}
		for _, r := range rules {
			doc.Rules = append(doc.Rules, map[string]string{"kind": r.Kind, "country": r.Country, "payment_method": r.PaymentMethod, "tag": r.Tag,
				"min_amount": r.MinAmount.Decimal(), "scenario": r.Scenario})
		}
		return c.answer(doc, func(w io.Writer) {
			for _, s := range doc.Scenarios {
				fmt.Fprintln(w, c.t("cmd.scenario.row", s.Name, s.Version, s.Steps))
			}
		})
	})
}

type scenarioShow struct {
	Name    string `arg:"" help:"Name of the scenario."`
	Version int    `placeholder:"N" help:"Version (default: the latest)."`
}

// Run shows the YAML of a scenario.
func (q scenarioShow) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		s, err := d.Scenario(c.ctx, q.Name, q.Version)
		if err != nil {
			return err
		}
		y, err := d.ExportScenario(c.ctx, q.Name, q.Version)
		if err != nil {
			return err
		}
		doc := map[string]any{"name": s.Name, "version": s.Version, "yaml": string(y), "steps": stepNames(s)}
		return c.answer(doc, func(w io.Writer) { fmt.Fprint(w, string(y)) })
	})
}

func stepNames(s *dunning.Scenario) []string {
	out := []string{}
	for _, st := range s.Steps {
		out = append(out, st.ID)
	}
	return out
}

// problemShape is what is wrong at one line of a file.
type problemShape struct {
	Line    int    `json:"line"`
	Field   string `json:"field"`
	Value   string `json:"value,omitempty"`
	Message string `json:"message"`
}

func (c *context) problems(list []fault.Problem) []problemShape {
	out := []problemShape{}
	for _, p := range list {
		out = append(out, problemShape{p.Line, p.Field, p.Value, c.t(p.Key, p.Args...)})
	}
	return out
}

type scenarioCheck struct {
	File string `arg:"" type:"path" help:"YAML file."`
}

// Run checks a file without a database.
func (q scenarioCheck) Run(c *context) error {
	_, s, err := c.readScenario(q.File)
	if err != nil {
		return err
	}
	doc := struct {
		Valid    bool           `json:"valid"`
		Name     string         `json:"name"`
		Problems []problemShape `json:"problems"`
	}{true, s.Name, []problemShape{}}
	return c.answer(doc, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.scenario.valid", doc.Name)) })
}

// readScenario reads a scenario file before any database is touched; what is wrong with it is
// answered here.
func (c *context) readScenario(name string) ([]byte, *dunning.Scenario, error) {
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fault.New(fault.NotFound, "import.no-file", name)
	}
	if err != nil {
		return nil, nil, err
	}
	s, list, err := app.CheckScenario(bytes.NewReader(b))
	if err == nil && len(list) > 0 {
		err = c.answerProblems(list)
	}
	return b, s, err
}

func (c *context) writeProblems(w io.Writer, list []problemShape) {
	for _, p := range list {
		fmt.Fprintln(w, c.t("cmd.problem", p.Line, p.Message))
	}
}

type scenarioExport struct {
	Name    string `arg:"" help:"Name of the scenario."`
	Version int    `placeholder:"N" help:"Version (default: the latest)."`
	Output  string `short:"o" placeholder:"FILE.yaml" help:"File (default: the standard output)."`
}

// Run writes YAML.
func (q scenarioExport) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		y, err := d.ExportScenario(c.ctx, q.Name, q.Version)
		if err != nil {
			return err
		}
		if q.Output != "" {
			return c.writeFile(q.Output, func(w io.Writer) error {
				_, err := w.Write(y)
				return err
			})
		}
		return c.answer(map[string]any{"name": q.Name, "yaml": string(y)}, func(w io.Writer) { fmt.Fprint(w, string(y)) })
	})
}

type scenarioImport struct {
	File   string `arg:"" type:"path" help:"YAML file."`
	DryRun bool   `help:"Only show what it would change in the next sixty days."`
	Move   bool   `help:"Items already started follow it too; past steps are never replayed."`
}

// effectShape is what the days to come hold under a scenario.
type effectShape struct {
	Messages  map[string]int `json:"messages"` // by channel
	Kinds     map[string]int `json:"kinds"`
	Customers int            `json:"customers"`
	Tasks     int            `json:"tasks"`
	Postage   int64          `json:"postage"`
}

func effectOf(e app.Effect) effectShape {
	return effectShape{e.Messages, e.Kinds, e.Customers, e.Tasks, e.Postage}
}

// preview shows what a version would change.
func (q scenarioImport) preview(c *context, d *app.Desk, source []byte) error {
	x, list, err := d.ScenarioChange(c.ctx, source, q.Move)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		return c.answerProblems(list)
	}
	doc := struct {
		Name   string      `json:"name"`
		From   cal.Date    `json:"from"`
		To     cal.Date    `json:"to"`
		Before effectShape `json:"before"`
		After  effectShape `json:"after"`
	}{x.Name, x.From, x.To, effectOf(x.Before), effectOf(x.After)}
	return c.answer(doc, func(w io.Writer) {
		fmt.Fprintln(w, c.t("cmd.scenario.change", x.Name, x.From, x.To))
		for _, e := range []struct {
			key string
			app.Effect
		}{{"cmd.scenario.before", x.Before}, {"cmd.scenario.after", x.After}} {
			sum := 0
			for _, n := range e.Messages {
				sum += n
			}
			fmt.Fprintln(w, c.t(e.key, sum, e.Customers, e.Tasks, money.Euros(e.Postage)))
			for _, ch := range slices.Sorted(maps.Keys(e.Messages)) {
				fmt.Fprintf(w, "    %s %d\n", c.t("cmd.channel."+ch), e.Messages[ch])
			}
		}
	})
}

// answerProblems is the document of a file that cannot be taken: exit code 1.
func (c *context) answerProblems(list []fault.Problem) error {
	said := c.problems(list)
	c.writeProblems(c.errOut, said)
	doc := map[string]any{"error": "scenario.invalid", "message": c.t("cmd.problem", said[0].Line, said[0].Message), "valid": false, "problems": said}
	if err := c.answer(doc, func(io.Writer) {}); err != nil {
		return err
	}
	return errSaid
}

// Run adds a version.
func (q scenarioImport) Run(c *context) error {
	b, _, err := c.readScenario(q.File)
	if err != nil {
		return err
	}
	return c.withDesk(!q.DryRun, func(d *app.Desk) error {
		if q.DryRun {
			return q.preview(c, d, b)
		}
		name, version, list, err := d.ImportScenario(c.ctx, b)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			return c.answerProblems(list)
		}
		if q.Move {
			if _, err := d.MoveScenario(c.ctx, name, nil); err != nil {
				return err
			}
		}
		doc := struct {
			Name     string         `json:"name"`
			Version  int            `json:"version"`
			Problems []problemShape `json:"problems"`
		}{name, version, c.problems(list)}
		return c.answer(doc, func(w io.Writer) {
			fmt.Fprintln(w, c.t("cmd.scenario.imported", name, version))
		})
	})
}

type scenarioAssign struct {
	Customer string `arg:"" help:"Code of the customer."`
	Scenario string `arg:"" optional:"" help:"Scenario; none: the assignment table decides."`
}

// Run assigns.
func (q scenarioAssign) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		if err := d.AssignScenario(c.ctx, q.Customer, q.Scenario); err != nil {
			return err
		}
		return c.done("cmd.scenario.assigned", q.Customer)
	})
}

type scenarioMove struct {
	Scenario  string   `arg:"" help:"Scenario."`
	Customers []string `placeholder:"CODE,…" help:"Only these customers (default: all)."`
}

// Run moves items to the latest version.
func (q scenarioMove) Run(c *context) error {
	return c.withDesk(false, func(d *app.Desk) error {
		n, err := d.MoveScenario(c.ctx, q.Scenario, q.Customers)
		if err != nil {
			return err
		}
		return c.answer(map[string]any{"moved": n}, func(w io.Writer) { fmt.Fprintln(w, c.t("cmd.scenario.moved", n)) })
	})
}
