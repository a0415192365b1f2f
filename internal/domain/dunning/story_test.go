package dunning_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"relance/internal/domain/dunning"
	"relance/internal/domain/party"
	"relance/internal/ground/cal"
	"relance/internal/ground/id"
	"relance/internal/ground/money"
)

// TestStories plays testdata/*.txt: dated facts, and under each day what the planner decides.
// Indented lines under day, days and look are its answers; UPDATE=1 writes them anew. The words of
// the stories are explained in testdata/README.md.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := tell(t, string(want))
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("(-story +planner)\n%s", diff)
			}
		})
	}
}

// tell plays a story and writes it with the planner's answers. A line "== title" begins another.
func tell(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	w := newWorld()
	list := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := 0; i < len(list); i++ {
		line := list[i]
		words := strings.Fields(line)
		asked := len(words) > 0 && (words[0] == "day" || words[0] == "days" || words[0] == "look")
		fmt.Fprintln(&out, line)
		switch {
		case len(words) == 0 || line[0] == '#':
		case words[0] == "==":
			w = newWorld()
		case words[0] == "scenario":
			var block []string
			for i+1 < len(list) && strings.HasPrefix(list[i+1], "  ") {
				i++
				block = append(block, list[i])
				fmt.Fprintln(&out, list[i])
			}
			w.scenario = readScenario(t, words[1:], block)
		case asked:
			for i+1 < len(list) && strings.HasPrefix(list[i+1], "  ") {
				i++ // the old answer
			}
			for _, said := range w.ask(t, words) {
				fmt.Fprintln(&out, "  "+said)
			}
		default:
			w.fact(t, words)
		}
	}
	return out.String()
}

// ask plays a question: one day with everything, or many with what they did.
func (w *world) ask(t *testing.T, words []string) []string {
	t.Helper()
	if words[0] == "days" {
		from, to, _ := strings.Cut(words[1], "..")
		var out []string
		for d := date(t, from); d <= date(t, to); d++ {
			for _, said := range acts(w.run(d)) {
				out = append(out, d.String()+" "+d.Weekday().String()[:3]+" "+said)
			}
		}
		if len(out) == 0 {
			out = []string{"nothing"}
		}
		return out
	}
	d := date(t, words[1])
	var o dunning.Outcome
	if words[0] == "look" {
		o = dunning.Plan(w.input(d))
	} else {
		o = w.run(d)
	}
	return ask(o)
}

// ask says everything an outcome holds.
func ask(o dunning.Outcome) []string {
	out := acts(o)
	for _, h := range o.Held {
		s := "holds " + name(h.Item) + ": " + string(h.Reason)
		if !h.Until.IsZero() {
			s += " until " + h.Until.String()
		}
		out = append(out, s)
	}
	for _, x := range o.Waiting {
		s := "waits " + name(x.Item)
		if x.NextStep != "" {
			s += ": " + x.NextStep
		}
		if !x.NextOn.IsZero() {
			s += " on " + x.NextOn.String()
		}
		out = append(out, s+" ("+strings.TrimPrefix(x.Why.Key, "why.wait.")+")")
	}
	if len(out) == 0 {
		out = []string{"nothing"}
	}
	return out
}

// acts says what an outcome does.
func acts(o dunning.Outcome) (out []string) {
	for _, m := range o.Messages {
		s := fmt.Sprintf("sends %s %s, level %d, %s", m.Channel, m.Scenario.Steps[m.Step].ID, m.Level, m.Automation)
		if m.NeedsSecond {
			s += " by two"
		}
		if m.Joins {
			s += ", joining"
		}
		if len(m.Also) > 0 {
			s += fmt.Sprintf(", also %s", m.Also[0])
		}
		if len(m.To)+len(m.CC) > 0 {
			s += ", to " + strings.Join(m.To, " ")
		}
		if len(m.CC) > 0 {
			s += ", copy " + strings.Join(m.CC, " ")
		}
		out = append(out, s)
		for _, l := range m.Lines {
			how := fmt.Sprintf("listed at level %d", l.Level)
			if l.Advances {
				how = "now " + l.Step
			}
			s := fmt.Sprintf("  %s: %s, %d days late, %s", name(l.Item), sum(l.Open, m.Currency), l.DaysLate, how)
			if l.Disputed > 0 {
				s += ", " + sum(l.Disputed, m.Currency) + " disputed"
			}
			if len(l.Skips) > 0 {
				s += ", passing over " + strings.Join(l.Skips, " ")
			}
			out = append(out, s)
		}
		for _, l := range m.Upcoming {
			s := fmt.Sprintf("  %s: %s, not due yet", name(l.Item), sum(l.Open, m.Currency))
			if l.Advances {
				s += ", now " + l.Step
			}
			out = append(out, s)
		}
		for _, l := range m.Memo {
			out = append(out, fmt.Sprintf("  %s: %s, pour mémoire", name(l.Item), sum(l.Open, m.Currency)))
		}
		s = "  asks for " + sum(m.Open-m.Deducted, m.Currency) + " " + string(m.Currency)
		if m.Deducted > 0 {
			s += ", " + sum(m.Deducted, m.Currency) + " deducted"
		}
		if m.PayTo != "" {
			s += ", on account " + m.PayTo
		}
		if !m.PayBy.IsZero() {
			s += ", by " + m.PayBy.String()
		}
		out = append(out, s)
	}
	for _, k := range o.Tasks {
		var items []string
		for _, it := range k.Items {
			items = append(items, name(it))
		}
		s := "task " + k.Kind
		if k.Step != "" {
			s += " (" + k.Step + ")"
		}
		s += ": " + strings.Join(items, ", ")
		if !k.Expires.IsZero() {
			s += ", until " + k.Expires.String()
		}
		out = append(out, s)
	}
	return out
}

// fact plays one line of what happens.
func (w *world) fact(t *testing.T, words []string) {
	t.Helper()
	verb, rest := words[0], words[1:]
	switch verb {
	case "customer":
		w.facts(t, rest)
	case "calendar":
		c, err := cal.ParseCalendar(rest[0])
		if err != nil {
			t.Fatal(err)
		}
		w.calendar = c
	case "closed": // the company's own quiet period
		w.company.Quiet = append(w.company.Quiet, quiet(t, rest))
	case "invoice":
		w.invoice(t, rest)
	case "approvals": // "approvals by hand"
		w.byHand = true
	case "approve":
		w.approve(date(t, rest[0]))
	case "skip":
		w.skip(date(t, rest[0]))
	default: // a dated fact
		w.dated(t, date(t, verb), rest)
	}
}

// facts about the customer: its kind, then what is missing or particular.
func (w *world) facts(t *testing.T, words []string) {
	t.Helper()
	for _, word := range words {
		switch key, value, _ := strings.Cut(word, "="); key {
		case "no-email":
			w.reach.Own, w.reach.Email = "", map[party.Role][]string{}
		case "no-address":
			w.reach.Postal, w.reach.Notice = false, false
		case "address":
			w.reach.Postal, w.reach.Notice = true, true
		case "new-import":
			w.customer.ConfirmFirst = true
		case "terms-unconfirmed":
			w.customer.TermsConfirmed = false
		case "terms-confirmed":
			w.customer.TermsConfirmed = true
		case "email":
			w.reach.Own = value
		default:
			if r := party.Role(key); slices.Contains(party.Roles, r) {
				w.reach.Email[r] = append(w.reach.Email[r], value)
				continue
			}
			if w.customer.Kind = party.Kind(key); !w.customer.Kind.Valid() {
				t.Fatalf("customer: %s", word)
			}
		}
	}
}

// invoice F-1 issued D due D AMOUNT [USD] [account=…] [estimated] [legal-delay=D] [last=step@D:level]
func (w *world) invoice(t *testing.T, words []string) {
	t.Helper()
	it := dunning.Item{ID: id.Instalment(len(w.items) + 1), Instalment: 1, Currency: money.EUR, Scenario: w.scenario}
	number, seq, _ := strings.Cut(words[0], "/")
	it.Invoice = number
	if seq != "" {
		it.Instalment, _ = strconv.Atoi(seq)
	}
	for i := 1; i < len(words); i++ {
		key, value, _ := strings.Cut(words[i], "=")
		switch {
		case key == "issued":
			i++
			it.Issued = date(t, words[i])
		case key == "due":
			i++
			it.Due = date(t, words[i])
		case key == "estimated":
			it.DueEstimated = true
		case key == "account":
			it.PayTo = value
		case key == "legal-delay":
			it.LegalDelay = date(t, value)
		case key == "last":
			step, more, _ := strings.Cut(value, "@")
			on, level, _ := strings.Cut(more, ":")
			n, _ := strconv.Atoi(level)
			it.State = dunning.State{Step: step, Level: n, SentOn: date(t, on), PassedOn: date(t, on)}
		case money.Currency(key).Valid():
			it.Currency = money.Currency(key)
		default:
			it.Amount = cents(t, key)
		}
	}
	w.items = append(w.items, it)
}

// dated is a fact with its day: payments, credits, holds, decisions of a person.
func (w *world) dated(t *testing.T, on cal.Date, words []string) {
	t.Helper()
	verb, rest := words[0], words[1:]
	switch verb {
	case "pay":
		w.payments = append(w.payments, payment{w.mustItem(t, rest[0]).ID, on, cents(t, rest[1])})
	case "unpay": // a payment or an allocation cancelled
		n := w.mustItem(t, rest[0]).ID
		w.payments = slices.DeleteFunc(w.payments, func(p payment) bool { return p.item == n })
	case "credit":
		w.credits = append(w.credits, dunning.Credit{Currency: currency(rest, 1), Amount: cents(t, rest[0]), On: on})
	case "uncredit":
		w.credits = nil
	case "hold":
		w.hold(t, on, rest)
	case "release":
		n := w.target(t, rest[0])
		w.holds = slices.DeleteFunc(w.holds, func(h dunning.Hold) bool { return h.Item == n })
	case "restart":
		st := &w.mustItem(t, rest[0]).State
		*st = st.Restarted()
	case "follow": // the items move to the scenario told last
		for i := range w.items {
			w.items[i].Scenario = w.scenario
		}
	case "customer":
		w.facts(t, rest)
	default:
		t.Fatalf("not a fact: %v", words)
	}
}

// hold F-1|customer REASON [until D] [amount X]
func (w *world) hold(t *testing.T, on cal.Date, words []string) {
	t.Helper()
	h := dunning.Hold{Item: w.target(t, words[0]), Reason: dunning.HoldReason(words[1]), From: on}
	if !slices.Contains(dunning.HoldReasons, h.Reason) {
		t.Fatalf("no such reason: %s", words[1])
	}
	for i := 2; i+1 < len(words); i += 2 {
		switch words[i] {
		case "until":
			h.Until = date(t, words[i+1])
		case "amount":
			h.Amount = cents(t, words[i+1])
		}
	}
	w.holds = append(w.holds, h)
}

func (w *world) target(t *testing.T, word string) id.Instalment {
	t.Helper()
	if word == "customer" {
		return 0
	}
	return w.mustItem(t, word).ID
}

func (w *world) mustItem(t *testing.T, number string) *dunning.Item {
	t.Helper()
	it := w.item(number)
	if it == nil {
		t.Fatalf("no invoice %s", number)
	}
	return it
}

func date(t *testing.T, s string) cal.Date {
	t.Helper()
	d, err := cal.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func cents(t *testing.T, s string) int64 {
	t.Helper()
	a, err := money.ParseDecimal(s, money.EUR)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return a.Minor
}

func currency(words []string, i int) money.Currency {
	if i < len(words) {
		return money.Currency(words[i])
	}
	return money.EUR
}
