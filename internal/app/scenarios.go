package app

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/format/scenario"
	"relance/internal/ground/fault"
	"relance/internal/ground/id"
	"relance/internal/store"
)

// scenarioCache keeps the versions already parsed, by all that they are made of: the companies that keep the shipped
// scenarios share them.
type scenarioCache struct {
	mu     sync.Mutex
	parsed map[version]*dunning.Scenario
}

type version struct {
	name   string
	number int
	yaml   string
}

// manyScenarios are forgotten together: companies write few of their own.
const manyScenarios = 5000

func (s *scenarioCache) get(row store.Scenario) (*dunning.Scenario, error) {
	v := version{row.Name, row.Version, row.YAML}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.parsed[v]; known != nil {
		return known, nil
	}
	sc, err := parseScenario(row)
	if err != nil {
		return nil, err
	}
	if s.parsed == nil || len(s.parsed) >= manyScenarios {
		s.parsed = map[version]*dunning.Scenario{}
	}
	s.parsed[v] = sc
	return sc, nil
}

// catalog is every scenario version of a company and the table that assigns them.
type catalog struct {
	byID     map[id.Scenario]*dunning.Scenario
	idOf     map[*dunning.Scenario]id.Scenario
	latest   map[string]*dunning.Scenario
	rules    []store.ScenarioRule
	standard string // the company's default
}

func (a *App) catalog(ctx context.Context, tx *store.Tx, standard string) (*catalog, error) {
	list, err := tx.Scenarios(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := tx.ScenarioRules(ctx)
	if err != nil {
		return nil, err
	}
	if standard == "" {
		standard = scenario.Names[0]
	}
	c := &catalog{byID: map[id.Scenario]*dunning.Scenario{}, idOf: map[*dunning.Scenario]id.Scenario{},
		latest: map[string]*dunning.Scenario{}, rules: rules, standard: standard}
	for _, row := range list {
		s, err := a.scenarios.get(row)
		if err != nil {
			return nil, err
		}
		c.byID[row.ID], c.idOf[s] = s, row.ID
		if l := c.latest[row.Name]; l == nil || l.Version < s.Version {
			c.latest[row.Name] = s
		}
	}
	return c, nil
}

func parseScenario(row store.Scenario) (*dunning.Scenario, error) {
	s, problems, err := scenario.Read(bytes.NewReader([]byte(row.YAML)))
	if err == nil && len(problems) > 0 {
		err = problems[0]
	}
	if err != nil {
		return nil, fmt.Errorf("scenario %s version %d: %w", row.Name, row.Version, err)
	}
	s.Version = row.Version
	return s, nil
}

// emptyCatalog is for looks at the ledger that decide nothing.
func emptyCatalog() *catalog {
	return &catalog{byID: map[id.Scenario]*dunning.Scenario{}, idOf: map[*dunning.Scenario]id.Scenario{}, latest: map[string]*dunning.Scenario{}}
}

// names lists the scenarios by name.
func (c *catalog) names() []string {
	var out []string
	for n := range c.latest {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// nameFor is the scenario that a customer follows: its own choice, else the first line of the
// assignment table that fits, else the default (rule 11).
func (c *catalog) nameFor(cu *party.Customer, owes int64) string {
	if cu.Scenario != "" && c.latest[cu.Scenario] != nil {
		return cu.Scenario
	}
	for _, r := range c.rules {
		if c.latest[r.Scenario] != nil && fits(r, cu, owes) {
			return r.Scenario
		}
	}
	return c.standard
}

func fits(r store.ScenarioRule, cu *party.Customer, owes int64) bool {
	country := cu.Address.Country
	if country == "" {
		country = "FR"
	}
	return (r.Kind == "" || r.Kind == string(cu.EffectiveKind())) &&
		(r.Country == "" || r.Country == country) &&
		(r.PaymentMethod == "" || r.PaymentMethod == cu.PaymentMethod) &&
		(r.MinAmount.Minor == 0 || owes >= r.MinAmount.Minor) &&
		(r.Tag == "" || slices.Contains(cu.Tags, r.Tag))
}

// followed is the version an item follows: the one it started in while its customer still follows
// that scenario, else the latest of the scenario its customer follows.
func (c *catalog) followed(name string, started id.Scenario) *dunning.Scenario {
	if s := c.byID[started]; s != nil && s.Name == name {
		return s
	}
	return c.latest[name]
}

// scenarioNamed finds the latest version of a scenario.
func (c *catalog) scenarioNamed(name string) (*dunning.Scenario, error) {
	if s := c.latest[name]; s != nil {
		return s, nil
	}
	return nil, fault.New(fault.NotFound, "app.no-scenario", name)
}

// installShipped gives a new company the scenarios that come with the program, version 1.
func installShipped(m *moment) error {
	for _, s := range scenario.Shipped() {
		y, err := scenario.Write(s)
		if err != nil {
			return err
		}
		if err := m.InsertScenario(m.ctx, &store.Scenario{Name: s.Name, YAML: string(y)}, m.at); err != nil {
			return err
		}
	}
	return m.SetScenarioRules(m.ctx, shippedRules)
}

// shippedRules sends the kinds for which the default scenario would be unlawful or without meaning
// to their own: a consumer bears no compensation, a public body pays after its own delay.
var shippedRules = []store.ScenarioRule{
	{Kind: string(party.Consumer), Scenario: "consumer"}, {Kind: string(party.NonPro), Scenario: "consumer"},
	{Kind: string(party.Public), Scenario: "public"}, {Kind: string(party.PublicHealth), Scenario: "public"},
	{Kind: string(party.PublicEnterprise), Scenario: "public"}, {Kind: string(party.Foreign), Scenario: "export"},
}
