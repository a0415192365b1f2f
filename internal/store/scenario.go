package store

import (
	"context"
	"time"

	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// Scenario is one immutable version, as its YAML text.
type Scenario struct {
	ID      id.Scenario
	Name    string
	Version int
	YAML    string
}

// InsertScenario adds the next version of a scenario.
func (tx *Tx) InsertScenario(ctx context.Context, s *Scenario, at time.Time) error {
	n, err := tx.NewID(ctx)
	if err != nil {
		return err
	}
	s.ID = id.Scenario(n)
	return tx.one(ctx, `INSERT INTO scenario (id, company, name, version, yaml, created_at)
		SELECT $1, $2, $3, coalesce(max(version), 0) + 1, $4, $5 FROM scenario WHERE company = $2 AND name = $3
		RETURNING version`, []any{s.ID, tx.company, s.Name, s.YAML, at.UnixMilli()}, &s.Version)
}

// Scenarios lists every version of every scenario of the company.
func (tx *Tx) Scenarios(ctx context.Context) (list []Scenario, err error) {
	err = tx.each(ctx, `SELECT id, name, version, yaml FROM scenario WHERE company = $1 ORDER BY name, version`,
		[]any{tx.company}, func(scan func(...any) error) error {
			var s Scenario
			err := scan(&s.ID, &s.Name, &s.Version, &s.YAML)
			list = append(list, s)
			return err
		})
	return list, err
}

// ScenarioRule is a line of the assignment table: empty fields fit everything.
type ScenarioRule struct {
	Place         int
	Kind          string
	Country       string
	PaymentMethod string
	MinAmount     money.Amount // what the customer owes, in euros
	Tag           string
	Scenario      string
}

// ScenarioRules lists the assignment table in order.
func (tx *Tx) ScenarioRules(ctx context.Context) (list []ScenarioRule, err error) {
	err = tx.each(ctx, `SELECT place, kind, country, payment_method, min_amount, tag, scenario FROM scenario_rule
		WHERE company = $1 ORDER BY place`, []any{tx.company}, func(scan func(...any) error) error {
		var r ScenarioRule
		var n int64
		err := scan(&r.Place, &r.Kind, &r.Country, &r.PaymentMethod, &n, &r.Tag, &r.Scenario)
		r.MinAmount = money.Euros(n)
		list = append(list, r)
		return err
	})
	return list, err
}

// SetScenarioRules replaces the assignment table.
func (tx *Tx) SetScenarioRules(ctx context.Context, list []ScenarioRule) error {
	if _, err := tx.exec(ctx, `DELETE FROM scenario_rule WHERE company = $1`, tx.company); err != nil {
		return err
	}
	rows := make([][]any, len(list))
	for i, r := range list {
		rows[i] = []any{tx.company, i + 1, r.Kind, r.Country, r.PaymentMethod, r.MinAmount.Minor, r.Tag, r.Scenario}
	}
	return tx.insertMany(ctx, "scenario_rule", []string{"company", "place", "kind", "country", "payment_method",
		"min_amount", "tag", "scenario"}, rows)
}

// ScenarioChoices counts the customers who chose each scenario themselves.
func (tx *Tx) ScenarioChoices(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	err := tx.each(ctx, `SELECT scenario, count(*) FROM customer WHERE company = $1 AND scenario <> '' GROUP BY scenario`,
		[]any{tx.company}, func(scan func(...any) error) error {
			var name string
			var n int
			err := scan(&name, &n)
			out[name] = n
			return err
		})
	return out, err
}

// MoveStates moves the items that follow a scenario to one of its versions; no customers: all.
func (tx *Tx) MoveStates(ctx context.Context, name string, to id.Scenario, customers []id.Customer) (int, error) {
	q := `UPDATE item_state SET scenario = $2 WHERE company = $1 AND scenario <> $2
		AND scenario IN (SELECT id FROM scenario WHERE company = $1 AND name = $3)`
	args := []any{tx.company, to, name}
	if len(customers) > 0 {
		q += ` AND ` + tx.among("customer", 4)
		args = append(args, ints(tx, customers))
	}
	n, err := tx.exec(ctx, q, args...)
	return int(n), err
}
