package dunning_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/format/scenario"
)

// readScenario finds a shipped scenario by its name, or reads the block under it.
func readScenario(t *testing.T, words, block []string) *dunning.Scenario {
	t.Helper()
	if len(block) == 0 {
		for _, s := range scenario.Shipped() {
			if s.Name == words[0] {
				return s
			}
		}
		t.Fatalf("no scenario %s", words[0])
	}
	s := &dunning.Scenario{Name: words[0], Version: 1, StepGap: 7, ContactGap: 7}
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "step-gap":
			s.StepGap = n
		case "contact-gap":
			s.ContactGap = n
		case "ceiling":
			s.Ceiling = cents(t, value)
		case "deserved":
			s.Deserved = true
		case "any-day":
			s.AnyDay = true
		case "by-invoice":
			s.ByInvoice = true
		default:
			t.Fatalf("scenario: %s", word)
		}
	}
	for _, line := range block {
		words := strings.Fields(line)
		if words[0] == "quiet" {
			s.Quiet = append(s.Quiet, quiet(t, words[1:]))
			continue
		}
		s.Steps = append(s.Steps, readStep(t, words))
	}
	if ps := s.Check(); len(ps) > 0 {
		t.Fatalf("scenario %s: %v", s.Name, ps)
	}
	return s.Index()
}

var kindOf = []dunning.StepKind{dunning.PreDue, dunning.Reminder, dunning.Call, dunning.Meeting, dunning.Note, dunning.FormalNotice, dunning.Handover}

func readStep(t *testing.T, words []string) dunning.Step {
	t.Helper()
	st := dunning.Step{ID: words[0], Automation: dunning.Auto, Floor: -1, To: []party.Role{party.Accounting}}
	for _, k := range kindOf {
		if strings.HasPrefix(st.ID, string(k)) {
			st.Kind = k
		}
	}
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "at":
			st.When.Days = n
		case "after":
			st.When = dunning.When{Days: n, IsAfter: true}
		case "eom":
			st.When.EndOfMonth = true
		case "from":
			st.When.From = dunning.Anchor(value)
		case "email", "letter", "registered", "phone", "note":
			st.Channels = append(st.Channels, dunning.Channel(key))
		case "also":
			st.Also = []dunning.Channel{dunning.Channel(value)}
		case "confirm", "auto", "manual":
			st.Automation = dunning.Automation(key)
		case "floor":
			st.Floor = cents(t, value)
		case "pay-within":
			st.PayWithin = n
		case "min-term":
			st.MinTerm = n
		case "expire":
			st.ExpireAfter = n
		case "copy":
			st.CC = []party.Role{party.Role(value)}
		case "claims":
			st.Penalties, st.Compensation = dunning.ClaimFull, dunning.ClaimFull
		default:
			t.Fatalf("step %s: %s", st.ID, word)
		}
	}
	if st.Kind.IsWritten() && len(st.Channels) == 0 {
		st.Channels = []dunning.Channel{dunning.Email}
	}
	return st
}

// quiet reads 08-01..08-20 and the steps it stops; none: all.
func quiet(t *testing.T, words []string) dunning.QuietPeriod {
	t.Helper()
	day := func(s string) dunning.MonthDay {
		var m dunning.MonthDay
		if _, err := fmt.Sscanf(s, "%d-%d", &m.Month, &m.Day); err != nil {
			t.Fatal(err)
		}
		return m
	}
	from, to, _ := strings.Cut(words[0], "..")
	return dunning.QuietPeriod{From: day(from), To: day(to), Steps: words[1:]}
}
