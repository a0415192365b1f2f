package app

import (
	"bytes"
	"context"
	"io"

	"relance/internal/domain/dunning"
	"relance/internal/domain/letter"
	"relance/internal/domain/org"
	"relance/internal/domain/party"
	"relance/internal/format/scenario"
	"relance/internal/ground/fault"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// ScenarioInfo is a scenario's latest version with who follows it.
type ScenarioInfo struct {
	*dunning.Scenario
	Customers int
	Default   bool
}

// Scenarios lists the latest version of each scenario, by name.
func (d *Desk) Scenarios(ctx context.Context) (list []ScenarioInfo, rules []store.ScenarioRule, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, 0)
		if err != nil {
			return err
		}
		chosen, err := tx.ScenarioChoices(ctx)
		if err != nil {
			return err
		}
		for _, n := range s.catalog.names() {
			list = append(list, ScenarioInfo{s.catalog.latest[n], chosen[n], n == s.catalog.standard})
		}
		rules = s.catalog.rules
		return nil
	})
	return list, rules, err
}

// ScenarioNames lists the latest version of each scenario, by name, the default first, without
// counting who follows it.
func (d *Desk) ScenarioNames(ctx context.Context) (list []*dunning.Scenario, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, 0)
		if err != nil {
			return err
		}
		for _, n := range s.catalog.names() {
			if n == s.catalog.standard {
				list = append([]*dunning.Scenario{s.catalog.latest[n]}, list...)
			} else {
				list = append(list, s.catalog.latest[n])
			}
		}
		return nil
	})
	return list, err
}

// Scenario is a version of a scenario; version 0 is the latest.
func (d *Desk) Scenario(ctx context.Context, name string, version int) (out *dunning.Scenario, err error) {
	err = d.view(ctx, func(tx *store.Tx) error {
		s, err := d.scene(ctx, tx, 0)
		if err != nil {
			return err
		}
		if version == 0 {
			out, err = s.catalog.scenarioNamed(name)
			return err
		}
		for _, x := range s.catalog.byID {
			if x.Name == name && x.Version == version {
				out = x
				return nil
			}
		}
		return fault.New(fault.NotFound, "app.no-scenario", name)
	})
	return out, err
}

// CheckScenario reads a scenario file and says everything that is wrong with it, each with its
// line: what YAML, order, texts and the law forbid.
func CheckScenario(r io.Reader) (*dunning.Scenario, []fault.Problem, error) {
	s, problems, err := scenario.Read(r)
	if err != nil || len(problems) > 0 {
		return s, problems, err
	}
	for _, st := range s.Steps {
		if !st.Kind.IsWritten() {
			continue
		}
		m := letter.Message{Kind: letter.Kind(st.Kind), Level: 1, Lang: i18n.FR, Recipient: letter.Recipient{Kind: party.Pro}}
		if _, ok := letter.Lookup(st.Template, party.Pro, i18n.FR); st.Template != "" && !ok {
			problems = append(problems, fault.Problem{Line: st.Line, Field: "template", Value: st.Template, Key: "app.scenario.template", Args: []any{st.Template}})
		} else if letter.For(st.Template, &m).Source == "" {
			problems = append(problems, fault.Problem{Line: st.Line, Field: "template", Value: st.Template, Key: "app.scenario.template", Args: []any{st.Template}})
		}
	}
	return s, problems, nil
}

// ImportScenario adds a version of a scenario. It refuses claims that the kind of a customer who
// is sent to it by the assignment table forbids (rule 0). Items already started keep their version.
func (d *Desk) ImportScenario(ctx context.Context, source []byte) (name string, version int, problems []fault.Problem, err error) {
	if err := d.may(org.VerbScenario); err != nil {
		return "", 0, nil, err
	}
	s, problems, err := CheckScenario(bytes.NewReader(source))
	if err != nil || len(problems) > 0 {
		return "", 0, problems, err
	}
	err = d.update(ctx, org.VerbScenario, func(m *moment) error {
		rules, err := m.ScenarioRules(ctx)
		if err != nil {
			return err
		}
		for _, r := range rules {
			if r.Scenario == s.Name && r.Kind != "" && claims(s, party.Kind(r.Kind)) {
				return fault.New(fault.Invalid, "scenario.claim.kind", s.Name, r.Kind)
			}
		}
		now, err := d.scene(ctx, m.Tx, m.day)
		if err != nil {
			return err
		}
		if old := now.catalog.latest[s.Name]; old != nil && same(old, s) {
			name, version = old.Name, old.Version
			return nil // the same file again changes nothing
		}
		row := &store.Scenario{Name: s.Name, YAML: string(source)}
		if err := m.InsertScenario(ctx, row, m.at); err != nil {
			return err
		}
		name, version = row.Name, row.Version
		if err := m.PlanAllAgain(ctx, atOnce); err != nil {
			return err
		}
		return m.note("scenario.version", subject{}, map[string]any{"name": name, "version": version, "digest": digest(source)})
	})
	return name, version, nil, err
}

// same tells whether two versions say the same.
func same(a, b *dunning.Scenario) bool {
	x, err := scenario.Write(a)
	y, other := scenario.Write(b)
	return err == nil && other == nil && bytes.Equal(x, y)
}

// claims tells whether a scenario claims or mentions what a kind forbids.
func claims(s *dunning.Scenario, k party.Kind) bool {
	for _, st := range s.Steps {
		if pen, comp := dunning.Claims(st, k); st.Kind.IsWritten() && (pen != orNone(st.Penalties) || comp != orNone(st.Compensation)) {
			return true
		}
	}
	return false
}

func orNone(c dunning.Claim) dunning.Claim {
	if c == "" {
		return dunning.ClaimNone
	}
	return c
}

// ExportScenario is the YAML of a version; 0 is the latest.
func (d *Desk) ExportScenario(ctx context.Context, name string, version int) ([]byte, error) {
	s, err := d.Scenario(ctx, name, version)
	if err != nil {
		return nil, err
	}
	return scenario.Write(s)
}

// AssignScenario is a customer's own choice of scenario; "" returns to the assignment table.
func (d *Desk) AssignScenario(ctx context.Context, code, name string) error {
	return d.update(ctx, org.VerbCollect, func(m *moment) error {
		c, err := m.CustomerToEdit(ctx, code)
		if err != nil {
			return fault.New(fault.NotFound, "app.no-customer", code)
		}
		s, err := d.scene(ctx, m.Tx, m.day)
		if err != nil {
			return err
		}
		if name != "" {
			if _, err := s.catalog.scenarioNamed(name); err != nil {
				return err
			}
		}
		c.Scenario = name
		if err := m.UpdateCustomer(ctx, &c); err != nil {
			return err
		}
		m.touch(c.ID)
		if err := m.voidOther(s, c.ID); err != nil {
			return err
		}
		return m.note("customer.scenario", subject{customer: c.ID}, map[string]any{"scenario": name})
	})
}

// voidOther makes void what waits under a scenario that the customer no longer follows (story 23).
func (m *moment) voidOther(s *scene, c id.Customer) error {
	list, err := s.gather(m.ctx, m.Tx, []id.Customer{c})
	if err != nil || len(list) == 0 {
		return err
	}
	rows, err := m.WaitingOf(m.ctx, []id.Customer{c})
	if err != nil {
		return err
	}
	q := newQueue(m, s)
	for _, row := range rows {
		followed := s.catalog.byID[row.Scenario]
		name := s.catalog.nameFor(&list[0].Customer, list[0].ledger.Owed()["EUR"])
		if row.CopyOf == 0 && (followed == nil || followed.Name != name) {
			if err := q.void(list[0], row); err != nil {
				return err
			}
		}
	}
	return q.saveStates()
}

// MoveScenario moves the items of customers who follow a scenario to its latest version; past
// steps are never replayed. No codes: every customer. It says how many items moved.
func (d *Desk) MoveScenario(ctx context.Context, name string, codes []string) (moved int, err error) {
	err = d.update(ctx, org.VerbScenario, func(m *moment) error {
		s, err := d.scene(ctx, m.Tx, m.day)
		if err != nil {
			return err
		}
		latest, err := s.catalog.scenarioNamed(name)
		if err != nil {
			return err
		}
		var who []id.Customer
		if len(codes) > 0 {
			list, err := m.CustomersByCode(ctx, codes)
			if err != nil {
				return err
			}
			for _, c := range list {
				who = append(who, c.ID)
				m.touch(c.ID)
			}
		} else if err := m.PlanAllAgain(ctx, atOnce); err != nil {
			return err
		}
		if moved, err = m.MoveStates(ctx, name, s.catalog.idOf[latest], who); err != nil {
			return err
		}
		return m.note("scenario.moved", subject{}, map[string]any{"name": name, "version": latest.Version, "items": moved, "customers": codes})
	})
	return moved, err
}
