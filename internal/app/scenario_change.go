package app

import (
	"bytes"
	"context"

	"relance/internal/domain/dunning"
	"relance/internal/domain/org"
	"relance/internal/ground/cal"
	"relance/internal/ground/fault"
)

// horizon is how far ahead a change of scenario is looked at, in days.
const horizon = 60

// Effect is what the days to come hold under a scenario.
type Effect struct {
	Messages  map[string]int // by channel
	Kinds     map[string]int // by kind of step
	Customers int
	Postage   int64 // cents
	Tasks     int
}

// Change is what a version of a scenario would change, before anybody accepts it (PRODUCT.md §3
// rule 11).
type Change struct {
	Name          string
	From, To      cal.Date
	Before, After Effect
}

// ScenarioChange simulates the days to come with the scenario as it is and as a file would make
// it. With move, items already started follow the new version too; without, only those to come.
// Nothing changes.
func (d *Desk) ScenarioChange(ctx context.Context, source []byte, move bool) (*Change, []fault.Problem, error) {
	if err := d.may(org.VerbRead); err != nil {
		return nil, nil, err
	}
	s, problems, err := CheckScenario(bytes.NewReader(source))
	if err != nil || len(problems) > 0 {
		return nil, problems, err
	}
	today, err := d.Today(ctx)
	if err != nil {
		return nil, nil, err
	}
	c := &Change{Name: s.Name, From: today, To: today.AddDays(horizon)}
	before, err := d.Simulate(ctx, c.From, c.To, nil)
	if err != nil {
		return nil, nil, err
	}
	c.Before = effectOf(before, s.Name)
	after, err := d.simulate(ctx, c.From, c.To, nil, bent{scenarios: func(k *catalog) { k.substitute(s, move) }})
	if err != nil {
		return nil, nil, err
	}
	c.After = effectOf(after, s.Name)
	return c, nil, nil
}

// substitute puts a version that is not kept yet in a catalog.
func (c *catalog) substitute(s *dunning.Scenario, move bool) {
	if old := c.latest[s.Name]; old != nil {
		s.Version = old.Version + 1
	}
	c.latest[s.Name] = s
	if !move {
		return
	}
	for n, x := range c.byID {
		if x.Name == s.Name {
			c.byID[n] = s
		}
	}
}

// effectOf counts what simulated days hold for the customers who follow a scenario.
func effectOf(days []*Plan, name string) Effect {
	e := Effect{Messages: map[string]int{}, Kinds: map[string]int{}}
	who := map[string]bool{}
	for _, p := range days {
		for _, dr := range p.Drafts {
			if dr.Message.Scenario.Name != name {
				continue
			}
			e.Messages[dr.Row.Channel]++
			e.Kinds[dr.Row.Kind]++
			e.Postage += p.postageOf(dr)
			who[dr.Decision.Customer.Code] = true
		}
		for _, x := range p.Decisions {
			for _, t := range x.Out.Tasks {
				if t.Step != "" && len(t.Items) > 0 && t.Items[0].Scenario != nil && t.Items[0].Scenario.Name == name {
					e.Tasks++
				}
			}
		}
	}
	e.Customers = len(who)
	return e
}
