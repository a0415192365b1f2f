package web

import (
	"html/template"
	"strconv"
	"strings"

	"relance/internal/app"
	"relance/internal/domain/dunning"
	"relance/internal/ground/i18n"
	"relance/internal/ground/id"
	"relance/internal/page"
)

func messagePath(n id.Message) string { return "/outbox/" + strconv.FormatInt(int64(n), 10) }

// lineOf is a scenario drawn as a line, and the same in words.
type lineOf struct {
	Picture template.HTML
	Marks   []page.Mark
	Title   string
	Name    string
	Version int
}

// passed is where an item stands: the last step behind it, the one that comes, and whether it is
// held.
type passed struct {
	step, next string
	held       bool
}

// lineOf draws a scenario; at says where an item stands, nil when none is meant.
func (v *visit) lineOf(s *dunning.Scenario, at *passed) lineOf {
	l := lineOf{Title: v.scenarioTitle(s), Name: s.Name, Version: s.Version}
	behind := -1
	next := -1
	if at != nil {
		behind = s.Find(at.step)
		if next = s.Find(at.next); next < 0 && behind+1 < len(s.Steps) {
			next = behind + 1
		}
	}
	day := 0
	for i, st := range s.Steps {
		m := page.Mark{Shape: shape(st), Label: v.stepName(s, i)}
		m.At, m.When = v.when(st, day)
		day = m.At
		switch {
		case i <= behind:
			m.State = "past"
		case at != nil && at.held:
			m.State = "held"
		case i == next && at != nil:
			m.State = "next"
		}
		l.Marks = append(l.Marks, m)
	}
	l.Picture = page.Line(l.Marks, i18n.T(v.lang, "web.line", l.Title, len(s.Steps)), i18n.T(v.lang, "web.line.zero"))
	return l
}

// when places a step in days from the due date, and says it: one that counts from another date is
// drawn after the step before it.
func (v *visit) when(st dunning.Step, before int) (int, string) {
	switch w := st.When; {
	case w.IsAfter:
		return before + w.Days, i18n.T(v.lang, "web.when.after", w.Days)
	case w.From == dunning.FromNoticeDeadline:
		return before + st.PayWithin + w.Days + 15, i18n.T(v.lang, "web.when.notice", w.Days)
	case w.From == dunning.FromLegalDelay:
		return w.Days, i18n.T(v.lang, "web.when.legal", w.Days)
	case w.From == dunning.FromIssued:
		return w.Days - 30, i18n.T(v.lang, "web.when.issued", w.Days)
	case w.From == dunning.FromReceived:
		return w.Days - 30, i18n.T(v.lang, "web.when.received", w.Days)
	case w.EndOfMonth:
		return w.Days + 15, i18n.T(v.lang, "web.when.month", w.Days)
	case w.Days < 0:
		return w.Days, i18n.T(v.lang, "web.when.before", -w.Days)
	default:
		return w.Days, i18n.T(v.lang, "web.when.due", w.Days)
	}
}

func shape(st dunning.Step) string {
	switch st.Kind {
	case dunning.FormalNotice:
		return "square"
	case dunning.Call, dunning.Meeting, dunning.Note:
		return "ring"
	case dunning.Handover:
		return "flag"
	}
	return "dot"
}

// stepName is a step for people: reminders are numbered, the rest is named by its kind.
func (v *visit) stepName(s *dunning.Scenario, i int) string {
	st := s.Steps[i]
	if st.Kind == dunning.Reminder {
		return i18n.T(v.lang, "web.kindof.reminder", s.Level(i))
	}
	return i18n.T(v.lang, "web.kindof."+string(st.Kind))
}

// stepNamed is a step by its identifier, in the scenario when it has it.
func (v *visit) stepNamed(s *dunning.Scenario, step string) string {
	if s != nil {
		if i := s.Find(step); i >= 0 {
			return v.stepName(s, i)
		}
	}
	return strings.ReplaceAll(step, "-", " ")
}

// lineOfAccount draws the scenario of a customer with its most advanced open item on it.
func (v *visit) lineOfAccount(a *app.Account) lineOf {
	if a.Scenario == nil || len(a.Scenario.Steps) == 0 {
		return lineOf{}
	}
	at := &passed{}
	best := -1
	look := func(it *dunning.Item, next string, held bool) {
		if it.Scenario == nil || it.Scenario.Name != a.Scenario.Name {
			return
		}
		if n := a.Scenario.Find(it.State.Step); n > best || best < 0 {
			best = max(n, best)
			*at = passed{it.State.Step, next, held}
		}
	}
	for _, m := range a.Outcome.Messages {
		for _, l := range m.Lines {
			look(l.Item, l.Step, false)
		}
	}
	for _, w := range a.Outcome.Waiting {
		look(w.Item, w.NextStep, false)
	}
	for _, h := range a.Outcome.Held {
		look(h.Item, h.Step, true)
	}
	return v.lineOf(a.Scenario, at)
}
